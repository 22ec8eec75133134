"""Values as foreign logs write them."""

from collections.abc import Mapping, Sequence
from typing import Any  # JSON has no narrower type

from elige.errors import EligeError
from elige.evaluate.cells import cell_text
from elige.evaluate.columns import Roles, guess_roles
from elige.evaluate.options import TaskOptions
from elige.evaluate.rows import Row, Table
from elige.evaluate.samples import sample_name, samples_of
from elige.records import Sample
from elige.text import digest

_NAME = 12


def as_score(value: object) -> float | None:
    """`value` as a score in [0, 1]; a list of right and wrong as its mean; None for others."""
    if isinstance(value, (list, tuple)):
        parts = [as_score(one) for one in value] if len(value) else [None]
        known = [one for one in parts if one is not None]
        return sum(known) / len(known) if len(known) == len(parts) else None
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, (int, float)) and 0.0 <= value <= 1.0:
        return float(value)
    return None


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> Sequence[Any]:
    """`value` where it is a list, else an empty one."""
    return value if isinstance(value, (list, tuple)) else ()


def text_of(value: object) -> str:
    """`value` as text, without failing on anything that JSON can hold."""
    return cell_text(value)


def count_of(value: object) -> int:
    """A count of tokens; 0 for anything else."""
    return int(value) if isinstance(value, (int, float)) and 0 <= value < 1e15 else 0


def seconds_of(value: object) -> float:
    """A duration; 0.0 for anything else."""
    return float(value) if isinstance(value, (int, float)) and 0 <= value < 1e12 else 0.0


class Namer:
    """Names samples as elige would if their rows were given to it as a file."""

    def __init__(self) -> None:
        self._roles: Roles | None = None
        self._tried = False
        self._seen: dict[str, int] = {}

    def of_row(self, row: Mapping[str, Any], otherwise: str) -> tuple[str, str]:
        """The name of the row's sample and its subject; from `otherwise` where it has no question.

        Columns are guessed from the first row.
        """
        sample = self._sample(row)
        if sample is None:
            return self._once(digest([otherwise])[:_NAME]), ""
        return self._once(sample.id), sample.group

    def of_question(self, question: str, choices: Sequence[str] = ()) -> str:
        """The name of a question that is known as such."""
        return self._once(sample_name(question, choices))

    def _once(self, name: str) -> str:
        seen = self._seen[name] = self._seen.get(name, 0) + 1
        return name if seen == 1 else f"{name}-{seen}"

    def _sample(self, row: Mapping[str, Any]) -> Sample | None:
        table = Table(
            path="", format="json", columns=tuple(row), rows=(Row(1, 0, row),), data_hash=""
        )
        try:
            if not self._tried:
                self._tried = True
                self._roles, _ = guess_roles(table, TaskOptions())
            return samples_of(table, self._roles).samples[0] if self._roles else None
        except (EligeError, ValueError):
            return None
