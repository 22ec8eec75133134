"""What the report says of the smallest gap that can be seen."""

from dataclasses import replace

from choose.made_report import made_report

from elige.choose.report.power import power_words
from elige.records import Standing, Status, Verdict

LEADER = Standing(name="a", status=Status.WINNER, reason="", evaluated=100)
RIVAL = Standing(
    name="b", status=Status.OPEN, reason="", evaluated=100, difference_interval=(-0.15, 0.05)
)
VERDICT = Verdict(
    winner="a",
    within=(),
    candidates=(LEADER, RIVAL),
    tolerance=0.01,
    confidence=0.95,
    scope="future",
    samples=400,
)


def test_the_gap_is_half_the_interval_and_shrinks_with_the_root_of_the_samples() -> None:
    assert power_words(VERDICT) == (
        "With 100 samples a gap of 10 points can be seen; all 400 would show one of about "
        "5 points (estimated)."
    )


def test_a_whole_file_needs_no_estimate() -> None:
    whole = replace(VERDICT, samples=100)
    assert power_words(whole) == "With 100 samples a gap of 10 points can be seen."


def test_nothing_is_said_where_nothing_was_compared_or_all_was_counted() -> None:
    assert power_words(replace(VERDICT, candidates=(LEADER,))) == ""
    assert power_words(replace(VERDICT, confidence=1.0)) == ""


def test_the_invented_report_says_it() -> None:
    assert power_words(made_report().verdict).startswith("With ")
