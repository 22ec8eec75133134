"""Who is in front as long as nothing is shown: one candidate, or several that are level."""

from elige.choose.amounts import among
from elige.records import Standing, Status, Verdict


def so_far(verdict: Verdict) -> str:
    """Who is ahead of an undecided race; nobody is where the highest scores are equal."""
    level = _level(verdict)
    if len(level) == 1:
        return f"So far {verdict.winner} is ahead; that is no proof."
    return f"So far {among(level)} are level: none of them is ahead."


def _level(verdict: Verdict) -> list[str]:
    """The leader, and whoever scored exactly as much on the samples that both answered."""
    runners = [one for one in verdict.candidates if one.status is not Status.REJECTED]
    leader = next(one for one in runners if one.name == verdict.winner)
    return [one.name for one in runners if one is leader or _equals(one, leader)]


def _equals(one: Standing, leader: Standing) -> bool:
    if not one.evaluated:
        return False
    if one.difference is None:
        return (one.score, one.evaluated) == (leader.score, leader.evaluated)
    return one.difference == 0.0
