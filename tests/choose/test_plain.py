"""A verdict as JSON, and back."""

import json
from decimal import Decimal

from choose.contests import Answers, contest_of, played, right
from hypothesis import given
from hypothesis import strategies as st

from elige.choose.judgement import Outside, judge_contest
from elige.choose.plain import standing_facts, verdict_facts, verdict_from
from elige.records import Allowance, RacePoint, Standing, Status, Verdict
from elige.text import canonical

SHARES = st.floats(0, 1)
PAIRS = st.none() | st.tuples(SHARES, SHARES)
MONEY = st.none() | st.decimals(0, 1000, places=6)
STANDINGS = st.builds(
    Standing,
    name=st.text(min_size=1),
    status=st.sampled_from(Status),
    reason=st.text(),
    score=st.none() | SHARES,
    interval=PAIRS,
    difference=st.none() | SHARES,
    difference_interval=PAIRS,
    evaluated=st.integers(0, 1000),
    cost=MONEY,
    cost_per_1000=MONEY,
    more_needed=st.none() | st.integers(1, 1000),
)
POINTS = st.builds(
    RacePoint,
    name=st.text(),
    samples=st.integers(1, 99),
    difference=SHARES,
    low=SHARES,
    high=SHARES,
)
ALLOWANCES = st.builds(
    Allowance,
    unit=st.sampled_from(["usd", "minutes"]),
    limit=st.decimals(0, 1000, places=6),
    spent=st.decimals(0, 1000, places=6),
    ended=st.booleans(),
) | st.builds(
    Allowance,
    unit=st.just("evaluations"),
    limit=st.integers(0, 10**9).map(Decimal),
    spent=st.integers(0, 10**9).map(Decimal),
    ended=st.booleans(),
)
VERDICTS = st.builds(
    Verdict,
    winner=st.text(),
    within=st.lists(st.text()).map(tuple),
    candidates=st.lists(STANDINGS, max_size=4).map(tuple),
    tolerance=SHARES,
    confidence=SHARES,
    scope=st.sampled_from(["future", "list"]),
    prefer=st.sampled_from(["quality", "cost", "speed"]),
    evaluations=st.integers(0, 1000),
    decided=st.booleans(),
    sentences=st.lists(st.text()).map(tuple),
    notices=st.lists(st.text()).map(tuple),
    course=st.lists(POINTS, max_size=3).map(tuple),
    run=st.text(),
    budget=st.lists(ALLOWANCES, max_size=3).map(tuple),
)


@given(VERDICTS)
def test_a_verdict_comes_back_from_json_as_it_was(verdict: Verdict) -> None:
    assert verdict_from(json.loads(canonical(verdict_facts(verdict)))) == verdict


def test_a_real_verdict_comes_back_as_it_was() -> None:
    answers = Answers({"a": right(0.9), "b": right(0.4, seed=1)}, costs={"a": "0.001"})
    contest = contest_of(answers)
    played(contest)
    verdict = judge_contest(contest, Outside(run="r", rejected={"z": "too big"}, asked={}))
    assert verdict_from(json.loads(canonical(verdict_facts(verdict)))) == verdict


def test_without_proof_there_is_a_leader_and_no_winner() -> None:
    verdict = Verdict(
        winner="a", within=(), candidates=(), tolerance=0.01, confidence=0.95, scope="future"
    )
    facts = verdict_facts(verdict)
    assert (facts["winner"], facts["leader"]) == (None, "a")


def test_money_is_a_number_and_a_state_a_word() -> None:
    standing = Standing(name="a", status=Status.BEATEN, reason="", cost=Decimal("0.25"))
    facts = standing_facts(standing)
    assert (facts["cost"], facts["status"]) == (0.25, "beaten")
    assert json.loads(json.dumps(facts)) == facts


def test_what_a_newer_version_wrote_is_passed_over() -> None:
    verdict = Verdict(
        winner="a",
        within=("a",),
        candidates=(Standing(name="a", status=Status.WINNER, reason="only one"),),
        tolerance=0.01,
        confidence=0.95,
        scope="list",
        decided=True,
    )
    facts = verdict_facts(verdict)
    facts["later"] = 1
    facts["candidates"][0]["later"] = 2
    assert verdict_from(facts) == verdict


def test_an_old_record_without_later_fields_is_read() -> None:
    verdict = Verdict(
        winner="a", within=(), candidates=(), tolerance=0.01, confidence=0.95, scope="list"
    )
    facts = verdict_facts(verdict)
    for name in ("course", "notices", "sentences"):
        del facts[name]
    assert verdict_from(facts) == verdict
