"""Six kinds of lm-eval tasks over rows of ours, and what its two models made of them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any  # rows and results are JSON

import yaml

Rows = Sequence[Mapping[str, Any]]
_PERPLEXITY = ("word_perplexity", "byte_perplexity", "bits_per_byte")
_NUMBER = {"function": "regex", "regex_pattern": r"(-?\d[\d,]*)", "group_select": -1}
SHAPES: dict[str, dict[str, Any]] = {
    "endings": {
        "output_type": "multiple_choice",
        "doc_to_text": "{{query}}",
        "doc_to_target": "label",
        "doc_to_choice": "endings",
        "metric_list": [{"metric": "acc"}, {"metric": "acc_norm"}],
    },
    "letters": {
        "output_type": "multiple_choice",
        "doc_to_text": "{{question}}\nA. {{choices[0]}}\nB. {{choices[1]}}\nAnswer:",
        "doc_to_target": "answer",
        "doc_to_choice": ["A", "B"],
        "metric_list": [{"metric": "acc"}],
    },
    "contexts": {
        "output_type": "multiple_choice",
        "doc_to_text": "label",
        "doc_to_target": "ending",
        "doc_to_choice": "contexts",
        "metric_list": [{"metric": "acc"}],
    },
    "corpus": {
        "output_type": "loglikelihood_rolling",
        "doc_to_text": "",
        "doc_to_target": "{{text}}",
        "metric_list": [{"metric": name} for name in _PERPLEXITY],
    },
    "written": {
        "output_type": "generate_until",
        "doc_to_text": "Question: {{question}}\nAnswer:",
        "doc_to_target": "{{answer}}",
        "generation_kwargs": {"until": ["\n\n", "Question:"], "do_sample": False},
        "filter_list": [{"name": "last", "filter": [_NUMBER, {"function": "take_first"}]}],
        "metric_list": [{"metric": "exact_match"}],
    },
}


def write_tasks(folder: Path, rows: Mapping[str, Rows], *, max_gen_toks: int) -> None:
    """A task file for each name in `rows`, in the shape of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, given in rows.items():
        data = folder / f"{name}.jsonl"
        data.write_text("".join(json.dumps(row) + "\n" for row in given), "utf-8")
        shape = SHAPES[name] | {
            "task": name,
            "dataset_path": "json",
            "dataset_kwargs": {"data_files": {"test": str(data)}},
            "test_split": "test",
        }
        if name == "written":
            shape["generation_kwargs"] = shape["generation_kwargs"] | {"max_gen_toks": max_gen_toks}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(shape), "utf-8")


def lm_eval(
    words: Sequence[str], args: Sequence[str], *, tasks: Path, output: Path, home: Path
) -> tuple[dict[str, float], list[Any]]:
    """Metrics by task and name, and every response in order; `words` start the program.

    Nothing is fetched, and the caches of datasets stay in `home`.
    """
    offline = dict.fromkeys(("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"), "1")
    subprocess.run(
        [
            *words,
            *args,
            "--include_path",
            str(tasks),
            "--output_path",
            str(output),
            "--log_samples",
        ],
        env=os.environ | offline | {"HF_HOME": str(home), "TOKENIZERS_PARALLELISM": "false"},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
    )
    [found] = output.rglob("results_*.json")
    results: dict[str, dict[str, Any]] = json.loads(found.read_text("utf-8"))["results"]
    metrics = {
        f"{task} {name.partition(',')[0]}": float(value)
        for task, values in results.items()
        for name, value in values.items()
        if "," in name and "stderr" not in name
    }
    lines = [
        json.loads(line)
        for path in sorted(output.rglob("samples_*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return metrics, [flat(line["resps"]) for line in sorted(lines, key=_order)]


def flat(value: Any) -> list[Any]:  # noqa: ANN401 - nested lists of texts and numbers
    """The leaves of nested lists, numbers as numbers where lm-eval wrote them as text."""
    if isinstance(value, list):
        return [leaf for one in value for leaf in flat(one)]
    try:
        return [float(value)]
    except (TypeError, ValueError):
        return [value]


def _order(line: dict[str, Any]) -> tuple[str, int]:
    return str(sorted(line["doc"])), int(line["doc_id"])
