"""Samples whose answer does not go with the kind of their task."""

from collections.abc import Callable

from elige.errors import BadInput
from elige.evaluate.cells import as_number
from elige.evaluate.kinds import Kind
from elige.evaluate.rows import Table
from elige.evaluate.samples import Samples
from elige.records import Sample, SetAside


def sifted(samples: Samples, kind: Kind, table: Table, *, guessed: bool) -> None:
    """Set aside, in `samples`, those that the scorer of `kind` could never find right.

    `guessed` says that the scorer comes from the kind, not from the user. Raises `BadInput` when
    nothing is left.
    """
    fits, why = _rule(kind, guessed=guessed)
    if fits is None:
        return
    kept = [place for place, sample in enumerate(samples.samples) if fits(sample)]
    if len(kept) == len(samples.samples):
        return
    gone = [sample for sample in samples.samples if not fits(sample)]
    if not kept:
        raise BadInput(
            f"{table.path}: all {len(gone)} rows are {why} ({gone[0].target[:40]!r} for one).",
            hint="Say another kind, other labels or another scorer.",
        )
    aside = [SetAside(row=samples.rows[one.id], why=f"{why}: {one.target[:40]!r}") for one in gone]
    samples.set_aside[:] = sorted([*samples.set_aside, *aside], key=lambda one: one.row)
    samples.samples[:] = [samples.samples[place] for place in kept]


def _rule(kind: Kind, *, guessed: bool) -> tuple[Callable[[Sample], bool] | None, str]:
    if kind.kind == "classification":
        return (lambda sample: sample.target in kind.labels), "with a label that is not in the list"
    if kind.kind == "json":
        return (
            lambda sample: sample.target.startswith("{")
        ), "with an answer that is no JSON object"
    if kind.scorer == "last_number" and guessed:
        return (
            lambda sample: as_number(sample.target) is not None
        ), "with an answer that is no number"
    return None, ""
