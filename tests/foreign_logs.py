"""Logs of other programs: lm-eval's own, made by it; Inspect's and promptfoo's in their layout."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

QUESTIONS = [f"What is {n} plus {n + 1}?" for n in range(12)]
TASK = """
task: sums
dataset_path: json
dataset_kwargs:
  data_files: {{test: {rows}}}
test_split: test
output_type: multiple_choice
num_fewshot: 2
fewshot_split: test
doc_to_text: "{{{{question}}}}"
doc_to_choice: "{{{{choices}}}}"
doc_to_target: answer
metric_list: [{{metric: acc}}, {{metric: acc_norm}}]
"""


def rows() -> list[dict[str, Any]]:
    return [
        {"question": text, "choices": [str(2 * n + 1), str(n)], "answer": 0}
        for n, text in enumerate(QUESTIONS)
    ]


def lm_eval_folder(folder: Path, seed: int = 1) -> Path:
    """What `lm_eval --model dummy --tasks sums --log_samples --output_path` leaves behind."""
    from lm_eval import simple_evaluate
    from lm_eval.loggers import EvaluationTracker
    from lm_eval.tasks import TaskManager

    folder.mkdir(parents=True, exist_ok=True)
    data, task = folder / "rows.jsonl", folder / "sums.yaml"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows()), "utf-8")
    task.write_text(TASK.format(rows=data), "utf-8")
    tracker = EvaluationTracker(output_path=str(folder / "out"))
    found: Any = simple_evaluate(
        model="dummy",
        model_args={"pretrained": f"toy/model-{seed}"},
        tasks=["sums"],
        task_manager=TaskManager(include_path=str(folder), include_defaults=False),
        log_samples=True,
        random_seed=seed,
        bootstrap_iters=0,
        evaluation_tracker=tracker,
    )
    samples = found.pop("samples")
    tracker.save_results_aggregated(results=found, samples=samples)
    for name, one in samples.items():
        tracker.save_results_samples(task_name=name, samples=one)
    (out,) = (folder / "out").iterdir()
    return out


def lm_eval_lines(
    values: Sequence[float], metric: str = "acc", variant: str = "none"
) -> list[dict[str, Any]]:
    """Records as lm-eval writes them, with the scores given."""
    return [
        {
            "doc_id": n,
            "doc": {"question": f"What is {n} plus {n + 1}?", "answer": str(2 * n + 1)},
            "target": str(2 * n + 1),
            "arguments": {"gen_args_0": {"arg_0": f"What is {n} plus {n + 1}?", "arg_1": {}}},
            "resps": [["I say 3"]],
            "filtered_resps": ["3"],
            "filter": variant,
            "metrics": [metric],
            "doc_hash": f"hash {n}",
            metric: value,
        }
        for n, value in enumerate(values)
    ]


def written(path: Path, records: Sequence[object]) -> Path:
    """`records` as lines of JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
    return path


def results_beside(path: Path, task: str, shots: int, model: str = "org/model") -> None:
    """lm-eval's totals for `path`, with its settings."""
    date = path.name.removesuffix(".jsonl").partition("_20")[2]
    facts = {
        "lm_eval_version": "0.4.13",
        "date": 1_790_000_000.5,
        "model_name": model,
        "model_source": "hf",
        "config": {"model": "hf", "model_args": {"pretrained": model, "dtype": "float32"}},
        "configs": {task: {"num_fewshot": shots}},
        "n-shot": {task: shots},
        "versions": {task: 1.0},
    }
    (path.parent / f"results_20{date}.json").write_text(json.dumps(facts), "utf-8")


def inspect_header() -> dict[str, Any]:
    return {
        "version": 2,
        "status": "success",
        "eval": {
            "created": "2026-01-02T10:00:00+00:00",
            "task": "inspect_evals/sums",
            "model": "openai/gpt",
            "packages": {"inspect_ai": "0.3.200"},
            "config": {"epochs": 2},
            "dataset": {"name": "sums"},
            "task_args": {"fewshot": 2},
        },
        "plan": {"name": "plan", "config": {"temperature": 0.5}},
    }


def inspect_samples(letters: str = "CIPN") -> list[dict[str, Any]]:
    """A sample for each letter in each of two epochs, and one on which the engine failed."""
    found: list[dict[str, Any]] = [
        {
            "id": n,
            "epoch": epoch,
            "input": QUESTIONS[n],
            "target": str(2 * n + 1),
            "messages": [{"role": "user", "content": QUESTIONS[n]}],
            "output": {
                "model": "gpt",
                "choices": [
                    {
                        "message": {"role": "assistant", "content": f"It is {n}."},
                        "stop_reason": "stop",
                    }
                ],
                "usage": {"input_tokens": 9, "output_tokens": 4},
                "time": 0.5,
            },
            "scores": {"match": {"value": letter, "answer": str(n), "explanation": "as said"}},
        }
        for epoch in (1, 2)
        for n, letter in enumerate(letters)
    ]
    return [*found, {"id": 9, "epoch": 1, "input": "?", "error": {"message": "timeout"}}]


def inspect_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", json.dumps(inspect_header()))
        for one in inspect_samples():
            archive.writestr(f"samples/{one['id']}_epoch_{one['epoch']}.json", json.dumps(one))
    return path


def promptfoo_facts() -> dict[str, Any]:
    """Two providers on the same tests, one call failed."""
    results = [
        {
            "promptIdx": 0,
            "testIdx": n,
            "provider": {"id": name, "label": ""},
            "prompt": {"raw": f"Answer: {QUESTIONS[n]}", "label": "Answer: {{question}}"},
            "vars": {"question": QUESTIONS[n]},
            "response": {"output": "3", "tokenUsage": {"prompt": 7, "completion": 2}},
            "success": good,
            "score": float(good),
            "namedScores": {"style": 0.5},
            "gradingResult": {"pass": good, "score": float(good), "reason": "as checked"},
            "latencyMs": 250,
            "cost": 0.0001,
            "failureReason": 0 if good else 1,
        }
        for name, offset in (("openai:a", 0), ("openai:b", 1))
        for n in range(6)
        for good in [(n + offset) % 3 != 0]
    ]
    failed = {
        "provider": {"id": "openai:a"},
        "vars": {},
        "failureReason": 2,
        "error": "429",
        "score": 0,
    }
    return {
        "evalId": "eval-1",
        "results": {
            "version": 3,
            "timestamp": "2026-02-03T10:00:00Z",
            "prompts": [],
            "results": [*results, failed],
            "stats": {"successes": 8},
        },
        "config": {"description": "sums"},
        "metadata": {"promptfooVersion": "0.120.0"},
    }
