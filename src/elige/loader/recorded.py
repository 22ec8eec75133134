"""Candidates and samples as they were written down: JSON text back into records."""

from functools import cache
from typing import Any  # JSON-like values have no better static type

from pydantic import TypeAdapter

from elige.records import Candidate, Sample


def candidate_from(facts: dict[str, Any]) -> Candidate:
    """The candidate whose canonical form `facts` is; raises `ValueError` for anything else."""
    found: Candidate = _adapter(Candidate).validate_python(facts)
    return found


def samples_from(text: str) -> tuple[Sample, ...]:
    """The samples whose canonical form `text` is; raises `ValueError` for anything else."""
    found: tuple[Sample, ...] = _adapter(tuple[Sample, ...]).validate_json(text)
    return found


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - any type of records
    return TypeAdapter(kind)
