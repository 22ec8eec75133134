"""The questions of the scoring benchmark, as lm-evaluation-harness words them."""

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Item:
    """A context and the continuations to weigh."""

    context: str
    choices: tuple[str, ...]


def items_of(case: str, count: int, data: Path) -> list[Item]:
    """The first `count` items of the case, from the files under `data`."""
    return CASES[case](count, data)


def _hellaswag(data: Path) -> list[dict[str, object]]:
    with gzip.open(data / "hellaswag_val_even.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _ended(row: dict[str, object]) -> str:
    endings = row["endings"]
    assert isinstance(endings, list)
    return f"{row['query']} {endings[int(str(row['label']))]}"


def _swag(count: int, data: Path, shots: int, *, fixed: bool) -> list[Item]:
    rows = _hellaswag(data)
    asked, pool = rows[:count], rows[count : count + 1000]
    dice = random.Random(1234)
    same = dice.sample(pool, shots)
    items = []
    for row in asked:
        shown = same if fixed else dice.sample(pool, shots)
        context = "\n\n".join([*map(_ended, shown), str(row["query"])])
        endings = row["endings"]
        assert isinstance(endings, list)
        items.append(Item(context, tuple(f" {ending}" for ending in endings)))
    return items


def _mmlu(count: int, data: Path, *, fixed: bool) -> list[Item]:
    folder = data / "mmlu"
    shown, rows = (_rows(folder / f"nutrition_{part}.jsonl") for part in ("dev", "test"))
    head = "The following are multiple choice questions (with answers) about nutrition.\n\n"
    dice = random.Random(1234)
    items = []
    for row in rows[:count]:
        pool = shown[:5] if fixed else dice.sample(rows[count:], 5)
        context = head + "\n\n".join([*map(_solved, pool), _put(row)])
        items.append(Item(context, tuple(f" {letter}" for letter in "ABCD")))
    return items


def _rows(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _put(row: dict[str, object]) -> str:
    choices = row["choices"]
    assert isinstance(choices, list)
    options = "".join(f"\n{letter}. {text}" for letter, text in zip("ABCD", choices, strict=True))
    return f"{str(row['question']).strip()}{options}\nAnswer:"


def _solved(row: dict[str, object]) -> str:
    return f"{_put(row)} {'ABCD'[int(str(row['answer']))]}"


CASES: dict[str, Callable[[int, Path], list[Item]]] = {
    "hellaswag-0": lambda count, data: _swag(count, data, 0, fixed=True),
    "mmlu-5-fixed": lambda count, data: _mmlu(count, data, fixed=True),
    "hellaswag-10-fixed": lambda count, data: _swag(count, data, 10, fixed=True),
    "mmlu-5-drawn": lambda count, data: _mmlu(count, data, fixed=False),
    "hellaswag-10-drawn": lambda count, data: _swag(count, data, 10, fixed=False),
}
