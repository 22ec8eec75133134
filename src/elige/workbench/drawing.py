"""Who of a plan's candidates draws its answers at random, and how often asking is worth it."""

from collections.abc import Sequence
from dataclasses import dataclass

from elige.choose.amounts import among
from elige.evaluate.entrant import Entrant
from elige.evaluate.prompts import render
from elige.evaluate.repeats import no_repeats
from elige.records import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Those in `names` are asked each sample `repeats` times, the others once: `notices` say why.

    `notices` is empty where nobody wanted repeats, `repeats` 1 where nobody draws.
    """

    names: tuple[str, ...]
    repeats: int
    notices: tuple[str, ...]


def drawing(task: Task, entrants: Sequence[Entrant], wanted: int) -> Drawing:
    """Who draws, told by how the first sample is asked, when `wanted` repeats are asked for.

    Raises `BadInput` for a candidate that cannot be asked so.
    """
    first = task.samples[0]
    whys = {one.name: no_repeats(render(task, one.candidate, one.info, first)) for one in entrants}
    names = tuple(name for name, why in whys.items() if not why)
    return Drawing(
        names=names,
        repeats=wanted if names else 1,
        notices=_notices(whys) if wanted > 1 else (),
    )


def _notices(whys: dict[str, str]) -> tuple[str, ...]:
    """Each reason once, with the names where it is not everybody's."""
    reasons = dict.fromkeys(why for why in whys.values() if why)
    if len(reasons) == 1 and all(whys.values()):
        return tuple(reasons)
    return tuple(
        f"{among([name for name, told in whys.items() if told == why])}: {why}" for why in reasons
    )
