"""A budget read and told, and a batch that it cut."""

from decimal import Decimal

import pytest
from choose.contests import Answers, contest_of, entrant_of, played, right

from elige.choose.judgement import Outside, judge_contest
from elige.choose.race import Race, RaceSettings
from elige.choose.spending import (
    budget_words,
    check_prices,
    limits_words,
    parse_budget,
    undecided,
)
from elige.errors import BadInput
from elige.records import Allowance, Budget, RefKind, Verdict


def test_every_unit_is_read() -> None:
    found = parse_budget(["evaluations=500", "usd = 2.50", "minutes=0.5"])
    assert found == Budget(evaluations=500, usd=Decimal("2.50"), minutes=Decimal("0.5"))
    assert limits_words(found) == "Budget: at most 500 evaluations, $2.50 and 0.5 minutes."


def test_no_budget_is_no_bound() -> None:
    assert parse_budget([]).limits() == {}
    assert limits_words(Budget()) == ""


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        pytest.param(["usd"], "no '='", id="no sign"),
        pytest.param(["evaluation=5"], "'evaluation' is no unit", id="unknown unit"),
        pytest.param(["usd=1", "usd=2"], "usd twice", id="twice"),
        pytest.param(["evaluations=1.5"], "no whole number", id="half an answer"),
        pytest.param(["evaluations=-1"], "no whole number", id="below nothing"),
        pytest.param(["evaluations=0"], "no whole number from 1 up", id="nothing at all"),
        pytest.param(["usd=nan"], "no amount", id="not a number"),
        pytest.param(["usd=inf"], "no amount", id="infinite"),
        pytest.param(["usd=1e400"], "no amount", id="more than there is"),
        pytest.param(["minutes=0"], "no number", id="no time"),
    ],
)
def test_what_is_no_budget_is_refused(texts: list[str], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        parse_budget(texts)


def cut_short(*allowances: Allowance) -> Verdict:
    """The verdict on a race of near equals, with this budget."""
    answers = Answers({"a": right(0.8, 60), "b": right(0.78, 60, seed=1)}, costs={"a": "0.01"})
    contest = contest_of(answers, RaceSettings(samples=60, tolerance=0.0))
    played(contest)
    return judge_contest(contest, Outside(run="r", rejected={}, asked={}, budget=allowances))


def allowance(unit: str, *, ended: bool) -> Allowance:
    return Allowance(unit=unit, limit=Decimal(100), spent=Decimal(99), ended=ended)


def test_who_is_undecided_is_told_only_where_the_budget_ended() -> None:
    ended = cut_short(allowance("evaluations", ended=True))
    assert undecided(ended) == "Undecided between a and b with 60 samples, for the budget ended"
    assert undecided(cut_short(allowance("evaluations", ended=False))) == ""


def test_what_is_needed_is_told_in_the_units_of_the_budget() -> None:
    verdict = cut_short(allowance("evaluations", ended=True), allowance("minutes", ended=False))
    spent, needed = budget_words(verdict)
    assert spent.startswith("Budget: 99 of 100 evaluations and 99 of 100 minutes spent.")
    samples = max(one.more_needed or 0 for one in verdict.candidates)
    assert samples > 0
    minutes = f"{0.2 * samples / 60:.2g} minutes in turn"
    assert f"evaluations and {minutes}" in needed
    assert "the file holds 0 more" in needed


def test_a_price_that_is_unknown_tells_no_sum() -> None:
    verdict = cut_short(allowance("usd", ended=True))
    assert "$" not in budget_words(verdict)[1]


@pytest.mark.parametrize("kind", [RefKind.COMBO, RefKind.PACKAGED], ids=str)
def test_dollars_are_refused_for_what_has_no_price(kind: RefKind) -> None:
    one = entrant_of("mine", kind).candidate
    check_prices(Budget(evaluations=5), [one])
    with pytest.raises(BadInput, match="mine"):
        check_prices(Budget(usd=Decimal(1)), [one])


def test_a_batch_may_be_settled_in_part() -> None:
    race = Race(["a", "b"], RaceSettings(samples=50))
    batch = race.draw()
    assert batch is not None and batch.stop == 10
    assert race.shorten(4).stop == 4
    race.settle({"a": [1.0] * 4, "b": [0.0] * 4})
    assert (race.evaluated("a"), race.evaluated("b"), race.winner) == (4, 4, "a")
    following = race.draw()
    assert following is not None
    with pytest.raises(ValueError, match="nothing is left"):
        race.shorten(following.start)
