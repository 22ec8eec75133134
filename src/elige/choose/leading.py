"""Who is in front as long as nothing is shown: one candidate, or several that are level."""

from collections.abc import Sequence

from elige.choose.amounts import among
from elige.records import Standing, Status, Verdict

# How the reason of a leader begins who has equals.
LEVEL = "level with"
# Sums of the same scores in another order differ by less.
_EXACT = 1e-12


def so_far(verdict: Verdict) -> str:
    """Who is ahead of an undecided race; nobody is where the highest scores are equal."""
    leader = next(one for one in verdict.candidates if one.name == verdict.winner)
    others = level_with(leader, verdict.candidates)
    if not others:
        return f"So far {verdict.winner} is ahead; that is no proof."
    level = [one.name for one in verdict.candidates if one.name in (leader.name, *others)]
    return f"So far {among(level)} are level: none of them is ahead."


def unproven(leader: Standing, standings: Sequence[Standing]) -> str:
    """Where a leader stands of whom nothing is shown, as the beginning of a reason."""
    others = level_with(leader, standings)
    return f"{LEVEL} {among(others)}, nothing proven" if others else "ahead, but not proven"


def level_with(leader: Standing, standings: Sequence[Standing]) -> list[str]:
    """The others that scored exactly as much as `leader` on the samples that both answered."""
    runners = [one for one in standings if one.status is not Status.REJECTED]
    return [one.name for one in runners if one.name != leader.name and _equals(one, leader)]


def _equals(one: Standing, leader: Standing) -> bool:
    if not one.evaluated:
        return False
    if one.difference is None:
        return (one.score, one.evaluated) == (leader.score, leader.evaluated)
    return abs(one.difference) < _EXACT
