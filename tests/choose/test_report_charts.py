import re
from dataclasses import replace
from decimal import Decimal

import pytest
from choose.made_report import SIX, made_report, with_texts

from elige.choose.report import Report, SampleRow
from elige.choose.report.charts import best_at_each_price, frontiers, race_panels
from elige.choose.report.spread import cost_spread, seconds_spread


@pytest.fixture(scope="module")
def report() -> Report:
    return made_report(samples=400)


def test_the_frontier_is_whoever_nobody_beats_in_both() -> None:
    points = {
        "cheap": (1, 50),
        "good": (9, 80),
        "worse": (9, 70),
        "dear": (10, 80),
        "twin": (9, 80),
    }
    assert best_at_each_price(points) == {"cheap", "good", "twin"}


def test_frontier_over_speed_names_everybody_who_answered(report: Report) -> None:
    (speed,) = frontiers(report)
    for one in report.standings[:5]:
        assert one.name in speed.wide.described
    assert "Not outdone in both: smollm2-135m-instruct, smollm2-135m-instruct,shots=5." in (
        speed.wide.described
    )


def test_frontier_over_cost_needs_two_prices(report: Report) -> None:
    priced = tuple(
        replace(one, cost_per_1000=Decimal("0.5") * (at + 1)) if one.evaluated else one
        for at, one in enumerate(report.verdict.candidates)
    )
    both = frontiers(replace(report, verdict=replace(report.verdict, candidates=priced)))
    assert [one.title for one in both] == ["Quality against speed", "Quality against cost"]


def test_tiny_costs_keep_their_digits(report: Report) -> None:
    priced = tuple(
        replace(one, cost_per_1000=Decimal("0.0000125") * (at + 1)) if one.evaluated else one
        for at, one in enumerate(report.verdict.candidates)
    )
    cost = frontiers(replace(report, verdict=replace(report.verdict, candidates=priced)))[1]
    labels = re.findall(r"<text [^>]*>([0-9.e\-−]+)</text>", cost.wide.svg)
    assert "0.00002" in labels


def test_a_box_is_as_wide_as_the_interval_of_the_median_time(report: Report) -> None:
    name = report.standings[0].name
    times = sorted(row.seen[name].answer.seconds for row in report.rows if name in row.seen)
    found = seconds_spread(report, name)
    assert found is not None
    # 400 tosses of a fair coin come to less than 180 heads, or tails, in just under 5 % of cases.
    assert found == (times[179], times[220])
    assert found[0] < (report.standings[0].seconds_each or 0) < found[1]


def test_a_box_is_as_wide_as_the_interval_of_the_mean_cost(report: Report) -> None:
    name = report.standings[0].name
    priced = [_priced(row, name, Decimal(at % 2) / 1000) for at, row in enumerate(report.rows)]
    found = cost_spread(replace(report, rows=priced), name)
    assert found == pytest.approx((0.4508, 0.5492), abs=1e-3)
    assert cost_spread(report, name) is None


def _priced(row: SampleRow, name: str, cost: Decimal) -> SampleRow:
    seen = row.seen[name]
    own = replace(seen, answer=replace(seen.answer, cost=cost))
    return replace(row, seen={**row.seen, name: own})


def test_one_candidate_has_no_frontier() -> None:
    assert frontiers(made_report(SIX[:1], samples=40)) == ()


def test_no_seconds_at_all_can_be_drawn(report: Report) -> None:
    idle = tuple(replace(one, seconds_each=0.0) for one in report.verdict.candidates)
    assert frontiers(replace(report, verdict=replace(report.verdict, candidates=idle)))


def test_a_wide_tolerance_stays_inside_the_panels(report: Report) -> None:
    wide = replace(report, verdict=replace(report.verdict, tolerance=0.5))
    svg = race_panels(wide)[0].figure.svg
    assert "+80" in svg


def test_each_rival_has_a_panel(report: Report) -> None:
    panels = race_panels(report)
    assert [one.name for one in panels] == [one.name for one in report.standings[1:5]]
    assert "after 268 samples its difference is" in panels[2].figure.described


def test_no_course_no_panels(report: Report) -> None:
    assert race_panels(replace(report, verdict=replace(report.verdict, course=()))) == ()


def test_colours_are_the_style_sheets(report: Report) -> None:
    for svg in (frontiers(report)[0].wide.svg, *(one.figure.svg for one in race_panels(report))):
        painted = re.findall(r'(?:fill|stroke)="([^"]*)"', svg)
        assert {colour for colour in painted if "var(" not in colour} <= {"none", "transparent"}
    assert "var(--c2)" in race_panels(report)[0].figure.svg


def test_names_in_charts_are_escaped(report: Report) -> None:
    hostile = with_texts(report, "</svg><script>alert(1)</script>")
    figures = [one.wide for one in frontiers(hostile)]
    figures += [one.figure for one in race_panels(hostile)]
    assert not any("<script" in figure.svg for figure in figures)
