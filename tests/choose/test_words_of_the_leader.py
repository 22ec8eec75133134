"""How much more the leader's row and the verdict's sentence say would be needed."""

from elige.choose.leading import unproven
from elige.choose.spending import most_needed
from elige.choose.words import place, remarks, sentences
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


def test_nobody_is_ahead_at_an_exact_tie() -> None:
    assert remarks(undecided(a=None, b=0.0, c=-0.1)) == (
        "So far a and b are level: none of them is ahead.",
    )


def test_who_scored_more_is_ahead_without_a_proof() -> None:
    assert remarks(undecided(a=None, b=-0.01)) == ("So far a is ahead; that is no proof.",)


def test_a_leader_with_an_equal_is_level_and_never_ahead() -> None:
    tied, alone = undecided(a=None, b=0.0, c=0.0), undecided(a=None, b=-0.01)
    assert unproven(tied.candidates[0], tied.candidates) == "level with b and c, nothing proven"
    assert unproven(alone.candidates[0], alone.candidates) == "ahead, but not proven"
    assert place(tied.candidates[0], tied) == "Level with b and c after 60 samples."
    assert place(alone.candidates[0], alone) == "Ahead after 60 samples, not proven."


def test_the_same_scores_added_in_another_order_are_level() -> None:
    apart = sum((0.3, 0.2, 0.1)) - sum((0.1, 0.2, 0.3))
    assert apart < 0.0
    assert "level" in remarks(undecided(a=None, b=apart))[0]


def test_who_was_not_measured_is_level_with_nobody() -> None:
    assert "a is ahead" in remarks(undecided(evaluated=0, a=None, b=0.0))[0]


def undecided(evaluated: int = 60, **differences: float | None) -> Verdict:
    """A race without a winner, by each candidate's difference to the first."""
    standings = tuple(
        Standing(
            name=name,
            status=Status.OPEN,
            reason="",
            score=0.7 + (difference or 0.0),
            difference=difference,
            evaluated=evaluated,
        )
        for name, difference in differences.items()
    )
    return Verdict(
        winner=standings[0].name,
        within=(),
        candidates=standings,
        tolerance=0.01,
        confidence=0.95,
        scope="future",
        samples=100,
    )
