"""How much more the leader's row and the verdict's sentence say would be needed."""

from elige.choose.spending import most_needed
from elige.choose.words import place, sentences
from elige.records import Standing, Status, Verdict


def test_the_leader_is_settled_with_the_last_of_its_rivals() -> None:
    leader = Standing(
        name="a", status=Status.OPEN, reason="", score=0.7, evaluated=100, more_needed=290
    )
    rival = Standing(
        name="b", status=Status.OPEN, reason="", score=0.6, evaluated=100, more_needed=1300
    )
    verdict = Verdict(
        winner="a",
        within=(),
        candidates=(leader, rival),
        tolerance=0.01,
        confidence=0.95,
        scope="future",
        samples=2000,
    )
    assert most_needed(verdict) == 1300
    assert "about 1,300 more" in place(leader, verdict)
    assert "about 1,300 more" in sentences(verdict)[0]
