from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.choose import words
from elige.choose.amounts import among, between, count, money, points, rough
from elige.choose.cautions import looks_warning
from elige.records import Interval, Standing, Status, Verdict


def stood(
    name: str,
    status: Status,
    *,
    score: float = 0.6,
    gap: Interval | None = None,
    evaluated: int = 400,
    more: int | None = None,
    reason: str = "",
) -> Standing:
    return Standing(
        name=name,
        status=status,
        reason=reason,
        score=score if evaluated else None,
        interval=(score - 0.05, score + 0.05) if evaluated else None,
        difference=sum(gap) / 2 if gap else None,
        difference_interval=gap,
        evaluated=evaluated,
        more_needed=more,
    )


BEST = stood("A", Status.WINNER, score=0.66)
NEAR = stood("B", Status.WITHIN, gap=(-0.008, 0.012))
WORSE = stood("C", Status.BEATEN, score=0.5, gap=(-0.13, -0.031), evaluated=240)
UNSURE = stood("D", Status.OPEN, gap=(-0.06, 0.043), more=1873)
OUT = stood("E", Status.REJECTED, evaluated=0, reason="it needs 5.1 GB, 4 GB are allowed")
FIRST = replace(UNSURE, name="A", difference_interval=None, difference=None)


def verdict(*standings: Standing, decided: bool = True, tolerance: float = 0.01) -> Verdict:
    winner = next((one.name for one in standings if one.status is Status.WINNER), "")
    return Verdict(
        winner=winner,
        within=tuple(one.name for one in standings if one.status is Status.WITHIN),
        candidates=standings,
        tolerance=tolerance,
        confidence=0.95,
        scope="future",
        samples=400,
        decided=decided and bool(winner),
    )


@pytest.mark.parametrize(
    ("given_verdict", "told"),
    [
        pytest.param(
            verdict(BEST, NEAR, WORSE),
            "Use A: shown to be at most 1 point below the best of 3 candidates.",
            id="within",
        ),
        pytest.param(
            verdict(BEST, WORSE), "Use A: shown to be better than C.", id="the only other is beaten"
        ),
        pytest.param(
            verdict(BEST, WORSE, replace(WORSE, name="F")),
            "Use A: shown to be the best of 3 candidates.",
            id="all others are beaten",
        ),
        pytest.param(
            verdict(BEST, UNSURE, OUT),
            "Use A: shown to be at most 1 point below the best of 2 candidates.",
            id="an open rival is not called beaten, a rejected one not counted",
        ),
        pytest.param(
            verdict(BEST, NEAR, tolerance=0.0),
            "Use A: shown to be as good as the best of 2 candidates.",
            id="no tolerance",
        ),
        pytest.param(
            verdict(FIRST, UNSURE), "Cannot tell A and D apart with 400 samples.", id="no winner"
        ),
        pytest.param(
            verdict(BEST, UNSURE, WORSE, decided=False),
            "Cannot tell A and D apart with 400 samples.",
            id="a leader is no winner",
        ),
        pytest.param(
            verdict(*[replace(FIRST, name=name) for name in "ABCDE"]),
            "Cannot tell 5 of the 5 candidates apart with 400 samples.",
            id="too many to name",
        ),
        pytest.param(
            verdict(BEST, OUT),
            "Use A: it is the only candidate that meets the limits.",
            id="one left",
        ),
        pytest.param(
            verdict(BEST),
            "A is the only candidate: there is nothing to compare it with.",
            id="one",
        ),
        pytest.param(verdict(OUT), "No candidate meets the limits.", id="none left"),
        pytest.param(
            verdict(stood("A", Status.OPEN, evaluated=0), stood("B", Status.OPEN, evaluated=0)),
            "Cannot tell: no candidate could be measured.",
            id="nothing measured",
        ),
    ],
)
def test_headline(given_verdict: Verdict, told: str) -> None:
    assert words.headline(given_verdict) == told


def test_future_names_the_error_rate_and_does_not_speak_for_the_list() -> None:
    future, listed = words.sentences(verdict(BEST, NEAR, WORSE))
    assert future == (
        "On new samples like these: A is shown to be at most 1 point below the best of "
        "3 candidates (error rate 5 %)."
    )
    assert listed.startswith("On this list of 400 samples: not tested")


def test_list_does_not_speak_for_new_samples() -> None:
    future, listed = words.sentences(replace(verdict(BEST, NEAR, WORSE), scope="list"))
    assert future.startswith("On new samples like these: not tested")
    assert "at most 1 point below the best of 3 candidates (error rate 5 %)" in listed


def test_a_list_answered_in_full_is_counted() -> None:
    _, listed = words.sentences(verdict(BEST, NEAR))
    assert listed == (
        "On this list of 400 samples: A scored 66.0, the highest of 2 "
        "(counted: everybody answered every sample)."
    )


def test_a_winner_below_the_highest_is_not_called_the_highest() -> None:
    _, listed = words.sentences(verdict(BEST, replace(NEAR, score=0.67)))
    assert "B scored 67.0, the highest of 2; A scored 66.0" in listed


def test_cannot_tell_says_how_many_more() -> None:
    future, _ = words.sentences(verdict(FIRST, UNSURE))
    assert future == (
        "On new samples like these: cannot tell A and D apart with 400 samples; "
        "about 1,900 more would be needed (estimated)."
    )


def test_no_risk_at_all_says_nothing_of_new_samples() -> None:
    certain = replace(verdict(BEST, NEAR), confidence=1.0, scope="list")
    assert words.headline(certain) == "Use A: on this list it scored highest of 2 candidates."
    assert "nothing can be shown" in words.sentences(replace(certain, scope="future"))[0]


def test_bootstrap_is_called_an_approximation() -> None:
    future, _ = words.sentences(verdict(BEST, WORSE), estimates="corpus")
    assert "(error rate about 5 %, by paired bootstrap)" in future
    assert "not a guarantee" in words.promised(verdict(BEST), estimates="corpus")


@pytest.mark.parametrize(
    ("one", "told"),
    [
        pytest.param(BEST, "Chosen after 400 samples.", id="winner"),
        pytest.param(
            NEAR,
            "Shown to be at most 1 point below the best after 400 samples, "
            "between 0.8 points below and 1.2 points above the winner.",
            id="within",
        ),
        pytest.param(
            WORSE,
            "Shown to be worse than the best after 240 samples, "
            "between 3.1 and 13 points below the winner.",
            id="beaten",
        ),
        pytest.param(
            UNSURE,
            "Not settled after 400 samples, between 6 points below and 4.3 points above "
            "the winner; about 1,900 more would settle it (estimated).",
            id="open",
        ),
        pytest.param(
            stood("D", Status.OPEN, evaluated=0, reason="the engine failed 5 times"),
            "The engine failed 5 times.",
            id="never measured",
        ),
        pytest.param(OUT, "It needs 5.1 GB, 4 GB are allowed.", id="rejected"),
    ],
)
def test_place(one: Standing, told: str) -> None:
    assert words.place(one, verdict(BEST, NEAR)) == told


def test_an_undecided_leader_is_not_called_the_winner() -> None:
    undecided = verdict(BEST, UNSURE, decided=False)
    assert words.place(BEST, undecided) == "Ahead after 400 samples, not proven."
    assert words.place(UNSURE, undecided).count("the leader") == 1
    assert words.remarks(undecided) == ("So far A is ahead; that is no proof.",)


def test_remarks_tell_what_was_preferred_and_who_is_open() -> None:
    told = words.remarks(replace(verdict(BEST, NEAR, UNSURE), prefer="cost"))
    assert told[0] == (
        "A is the cheapest of the 2 candidates shown to be at most 1 point below the best."
    )
    assert told[1].startswith("Still open: D. Not settled")


@pytest.mark.parametrize(("looks", "warned"), [(1, False), (3, False), (4, True), (40, True)])
def test_after_three_looks_the_file_is_worn(looks: int, warned: bool) -> None:
    assert bool(looks_warning(looks)) is warned


def test_intervals_are_called_what_they_are() -> None:
    asked = verdict(BEST, NEAR)
    assert "95 % intervals that hold for all candidates" in words.intervals_in_words(asked)
    assert "an approximation" in words.intervals_in_words(asked, estimates="corpus")
    assert "counted" in words.intervals_in_words(replace(asked, confidence=1.0))


def test_what_is_not_promised_follows_the_scope() -> None:
    asked = verdict(BEST, NEAR)
    assert "does not look like this file" in words.not_promised(asked)[0]
    assert "this list only" in words.not_promised(replace(asked, scope="list"))[0]


def test_amounts() -> None:
    assert [points(value) for value in (0.01, 0.005, -0.03)] == [
        "1 point",
        "0.5 points",
        "3 points",
    ]
    assert [count(number, "sample") for number in (1, 1900)] == ["1 sample", "1,900 samples"]
    assert among(["A"]) == "A"
    assert among(["A", "B", "C"]) == "A, B and C"
    assert between((0.01, 0.042)) == "between 1 and 4.2 points above"
    assert [rough(number) for number in (7, 99, 1873)] == ["7", "99", "1,900"]


@pytest.mark.parametrize(
    ("amount", "told"),
    [("0", "$0"), ("12.3", "$12.30"), ("0.5", "$0.500"), ("0.00000328", "$0.00000328")],
)
def test_money(amount: str, told: str) -> None:
    assert money(Decimal(amount)) == told


STANDINGS = st.lists(
    st.builds(
        stood,
        st.just("?"),
        st.sampled_from([Status.WITHIN, Status.BEATEN, Status.OPEN, Status.REJECTED]),
        score=st.floats(0, 1),
        gap=st.none() | st.tuples(st.floats(-1, 0), st.floats(-1, 1)),
        evaluated=st.integers(0, 400),
        more=st.none() | st.integers(1, 10**7),
    ),
    max_size=6,
)


@given(STANDINGS, st.booleans(), st.booleans(), st.sampled_from(["future", "list"]))
def test_every_verdict_can_be_told(
    found: list[Standing], won: bool, decided: bool, scope: str
) -> None:
    named = [replace(one, name=f"m{at}") for at, one in enumerate(found)]
    asked = verdict(*([BEST] if won else []), *named, decided=decided)
    asked = replace(asked, scope="list" if scope == "list" else "future")
    told = [words.headline(asked), *words.sentences(asked), *words.remarks(asked)]
    told += [words.place(one, asked) for one in asked.candidates]
    assert all(text.endswith(".") and ".." not in text and "None" not in text for text in told)
    if not asked.decided:
        assert "shown to be the best" not in " ".join(told)
