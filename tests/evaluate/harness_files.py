"""Small task files of lm-eval of every kind, and what lm-eval itself makes of them."""

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # lm-eval has no types

from elige.evaluate.harness import Access, Hub, harness_task
from elige.evaluate.options import TaskOptions
from elige.evaluate.prompts import render
from elige.loader.candidate import parse_candidate
from elige.records import Ask, EngineInfo, Identity, Task

NUMBERS = ("one", "two", "three", "four", "five", "six")
ROWS: list[dict[str, Any]] = [
    {
        "q": f"{a} + {b}?",
        "right": a + b,
        "options": [str(a + b + step) for step in (0, 1, 5)],
        "gold": 0,
        "word": NUMBERS[(a + b) % 6],
        "a": a,
    }
    for a in range(1, 5)
    for b in range(1, 4)
]
# Rows whose right choice stands at each place in turn.
for _at, _row in enumerate(ROWS):
    _row["options"] = [*_row["options"][_at % 3 :], *_row["options"][: _at % 3]]
    _row["gold"] = (3 - _at % 3) % 3
SHOWN: list[dict[str, Any]] = [{**row, "q": row["q"].replace("+", "plus")} for row in ROWS[::2]]

CHOICE = """
output_type: multiple_choice
description: "Sums.\\n\\n"
doc_to_text: "{{q}}"
doc_to_choice: options
doc_to_target: gold
num_fewshot: 2
metric_list:
  - {metric: acc, aggregation: mean, higher_is_better: true}
  - {metric: acc_norm, aggregation: mean, higher_is_better: true}
"""
LETTERS = """
output_type: multiple_choice
doc_to_text: "{{q}}\\nA. {{options[0]}}\\nB. {{options[1]}}\\nC. {{options[2]}}\\nAnswer:"
doc_to_choice: ["A", "B", "C"]
doc_to_target: gold
num_fewshot: 1
fewshot_config: {sampler: first_n}
metric_list:
  - {metric: acc, aggregation: mean, higher_is_better: true}
  - {metric: mcc, aggregation: matthews_corrcoef, higher_is_better: true}
"""
GENERATES = """
output_type: generate_until
doc_to_text: "Q: {{q}}\\nA:"
doc_to_target: "so #### {{right}}"
num_fewshot: 1
generation_kwargs: {until: ["Q:", "\\n\\n"], do_sample: false, max_gen_toks: 6}
filter_list:
  - name: strict
    filter:
      - {function: regex, regex_pattern: "#### (\\\\d+)"}
      - {function: take_first}
  - name: loose
    filter:
      - {function: regex, regex_pattern: "(\\\\S+)", group_select: -1}
      - {function: take_first}
metric_list:
  - metric: exact_match
    aggregation: mean
    higher_is_better: true
    regexes_to_ignore: ["(?s).*#### "]
  - {metric: bleu, aggregation: bleu, higher_is_better: true}
"""
LAST_WORD = """
output_type: loglikelihood
doc_to_text: "{{q}} it is"
doc_to_target: " {{word}}"
metric_list:
  - {metric: perplexity, aggregation: perplexity, higher_is_better: false}
  - {metric: acc, aggregation: mean, higher_is_better: true}
"""
MUTUAL = CHOICE + "  - {metric: acc_mutual_info, aggregation: mean, higher_is_better: true}\n"
INPUTS = """
output_type: multiple_choice
doc_to_text: gold
doc_to_choice: "{{['say ' + options[0], 'say ' + options[1], 'say ' + options[2]]}}"
doc_to_target: " because {{q}}"
num_fewshot: 1
metric_list:
  - {metric: acc, aggregation: mean, higher_is_better: true}
"""
ROLLING = """
output_type: loglikelihood_rolling
doc_to_text: ""
doc_to_target: "{{q}} {{word}} and {{q}} again"
metric_list:
  - metric: word_perplexity
  - metric: byte_perplexity
  - metric: bits_per_byte
"""


@dataclass(frozen=True)
class Sent:
    """One question as it is sent: contexts with their continuations, or when to stop."""

    contexts: tuple[str, ...]
    continuations: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    tokens: int = 0


def written(folder: Path, rows: Sequence[dict[str, Any]], name: str = "rows") -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def task_file(folder: Path, text: str, *, shown: bool = True, name: str = "mine") -> Path:
    """A task file that reads its own rows; `shown` says whether examples have a file."""
    files = {"test": str(written(folder, ROWS))}
    if shown:
        files["train"] = str(written(folder, SHOWN, "shown"))
    head = f"task: {name}\ndataset_path: json\ntest_split: test\n"
    head += "fewshot_split: train\n" if shown else ""
    path = folder / f"{name}.yaml"
    path.write_text(f"{head}dataset_kwargs: {json.dumps({'data_files': files})}\n{text}", "utf-8")
    return path


def access(folder: Path, *, allowed: bool = False) -> Access:
    return Access(folder=folder, hub=Hub(offline=True), is_allowed=lambda _: allowed)


def elige_task(path: Path | str, folder: Path, *, limit: int | None = None, **said: Any) -> Task:  # noqa: ANN401
    return harness_task(f"harness:{path}", TaskOptions(**said), access(folder), limit=limit)


def info(**fields: Any) -> EngineInfo:  # noqa: ANN401 - fields of the record
    return EngineInfo(identity=Identity(weights="w", engine="x"), has_template=True, **fields)


def sent_by_elige(task: Task, candidate: str = "echo") -> list[Sent]:
    one = parse_candidate(candidate)
    return [_sent(render(task, one, info(), sample)) for sample in task.samples]


def sent_by_lm_eval(
    path: Path, *, limit: int | None = None, shots: int | None = None
) -> list[Sent]:
    """The requests of lm-eval's own command line, made as `simple_evaluate` makes them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lm_eval.tasks import TaskManager

        loaded = TaskManager(include_defaults=False).load([str(path)])["tasks"]
        (task,) = loaded.values()
        if shots is not None:
            task.set_config("num_fewshot", shots)
        elif task.get_config("num_fewshot") is None:
            task.set_config("num_fewshot", 0)
        task.set_fewshot_seed(1234)
        task.build_all_requests(limit=limit)
    grouped: dict[int, list[Any]] = {}
    for instance in task.instances:
        grouped.setdefault(instance.doc_id, []).append(instance)
    return [_requested(group) for group in grouped.values()]


def _requested(group: Sequence[Any]) -> Sent:
    if group[0].request_type == "generate_until":
        context, said = group[0].args
        return Sent((context,), until=tuple(said["until"]), tokens=said["max_gen_toks"])
    if group[0].request_type == "loglikelihood_rolling":
        return Sent((group[0].args[0],))
    return Sent(tuple(one.args[0] for one in group), tuple(one.args[1] for one in group))


def _sent(ask: Ask) -> Sent:
    if ask.is_choice:
        own = getattr(ask, "contexts", ()) or [ask.prompt] * len(ask.continuations)
        return Sent(tuple(getattr(one, "text", one) for one in own), ask.continuations)
    if ask.sampling is None:
        return Sent((ask.prompt.text,))
    return Sent((ask.prompt.text,), until=ask.sampling.stop, tokens=ask.sampling.max_tokens)
