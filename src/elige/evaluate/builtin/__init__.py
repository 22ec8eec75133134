"""The built-in tasks: facts, arithmetic, sentiment, and all of them as one race.

The data is made by scripts/make_demo_tasks.py.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain, zip_longest
from typing import Literal

from elige.records import PromptForm, Sample, ScorerSpec, Task
from elige.text import digest

__all__ = ["arithmetic", "demo", "facts", "sentiment"]

_Name = Literal["facts", "arithmetic", "sentiment"]
_LABELS = ("positive", "negative")
# Small models weigh an answer's own words far better than a letter that stands for it.
_FORM = PromptForm(question="{cue}: {question}\n{reply}:", chat="{request}", choice_format="text")
_CHOICE = ScorerSpec(name="choice")
_NEXT = ("\nQuestion:", "\nPregunta:", "\n\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One line of a data file, with every way in which it can be asked."""

    is_example: bool
    choice: Sample
    text: Sample
    labelled: Sample | None


def facts() -> Task:
    """Common knowledge with four answers each, in English and in Spanish."""
    rows = _rows("facts")
    return Task(
        name="facts",
        kind="choice",
        samples=_tested(rows),
        shots=_examples(rows),
        form=_FORM,
        scorer=_CHOICE,
        data_hash=_hash("facts"),
        source="built-in",
    )


def arithmetic() -> Task:
    """Sums and short stories that end in a number, in English and in Spanish."""
    rows = _rows("arithmetic")
    return Task(
        name="arithmetic",
        kind="text",
        samples=tuple(row.text for row in rows if not row.is_example),
        shots=_mixed([row.text for row in rows if row.is_example]),
        form=PromptForm(question=_FORM.question, chat="{question}"),
        scorer=ScorerSpec(name="last_number"),
        max_tokens=48,
        stop=_NEXT,
        data_hash=_hash("arithmetic"),
        source="built-in",
    )


def sentiment() -> Task:
    """Reviews that are positive or negative, in English and in Spanish."""
    rows = _rows("sentiment")
    return Task(
        name="sentiment",
        kind="classification",
        samples=tuple(row.labelled for row in rows if row.labelled and not row.is_example),
        shots=_mixed([row.labelled for row in rows if row.labelled and row.is_example]),
        form=PromptForm(
            instruction="Say of each review whether it is positive or negative.",
            question="Review: {question}\nSentiment:",
            chat="{question}",
            choice_format="text",
        ),
        scorer=ScorerSpec(name="classification"),
        labels=_LABELS,
        max_tokens=8,
        stop=("\n",),
        data_hash=_hash("sentiment"),
        source="built-in",
    )


def demo() -> Task:
    """Facts, arithmetic and sentiment as one task of choices, in English and in Spanish."""
    names: tuple[_Name, ...] = ("facts", "arithmetic", "sentiment")
    rows = [row for name in names for row in _rows(name)]
    return Task(
        name="demo",
        kind="choice",
        samples=_tested(rows),
        shots=_examples(rows),
        form=_FORM,
        scorer=_CHOICE,
        data_hash=digest([_hash(name) for name in names]),
        source="built-in",
    )


def _tested(rows: list[_Row]) -> tuple[Sample, ...]:
    return tuple(row.choice for row in rows if not row.is_example)


def _examples(rows: list[_Row]) -> tuple[Sample, ...]:
    return _mixed([row.choice for row in rows if row.is_example])


def _mixed(samples: list[Sample]) -> tuple[Sample, ...]:
    """The samples with their groups taking turns, so that a few examples show every kind.

    Spanish groups begin one later: their first is no translation of the English first.
    """
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(sample.group, []).append(sample)
    for name, group in groups.items():
        if name.endswith("-es"):
            group.append(group.pop(0))
    turns = chain.from_iterable(zip_longest(*groups.values()))
    return tuple(sample for sample in turns if sample is not None)


def _rows(name: _Name) -> list[_Row]:
    return [_row(line) for line in _bytes(name).decode("utf-8").splitlines()]


def _row(line: str) -> _Row:
    row = json.loads(line)
    choice = Sample(
        id=row["id"],
        question=row["question"],
        target=row["target"],
        choices=tuple(row["choices"]),
        right=row["right"],
        group=row["group"],
        fields=(
            ("cue", row["cue"]),
            ("language", row["language"]),
            ("reply", row["reply"]),
            ("request", row.get("request", row["question"])),
        ),
    )
    return _Row(
        is_example=row["split"] == "example",
        choice=choice,
        text=_without_choices(choice),
        labelled=_labelled(choice, row["label"]) if "label" in row else None,
    )


def _without_choices(choice: Sample) -> Sample:
    return Sample(
        id=choice.id,
        question=choice.question,
        target=choice.target,
        group=choice.group,
        fields=choice.fields,
    )


def _labelled(choice: Sample, label: str) -> Sample:
    return Sample(
        id=choice.id,
        question=choice.question,
        target=label,
        choices=_LABELS,
        right=_LABELS.index(label),
        group=choice.group,
        fields=choice.fields,
    )


def _hash(name: _Name) -> str:
    return digest(_bytes(name).decode("utf-8"))


def _bytes(name: _Name) -> bytes:
    return (files(__package__) / "data" / f"{name}.jsonl").read_bytes()
