from dataclasses import replace
from statistics import fmean

import pytest
from choose.made_report import GROUPS, LABELS, SIX, WINNER, made_report

from elige.choose.report import Report
from elige.choose.report.tables import (
    MAX_GROUPS,
    confusions,
    field_means,
    group_means,
    measured,
)
from elige.choose.report.view import Scale, signed, table
from elige.records import Status


@pytest.fixture(scope="module")
def report() -> Report:
    return made_report(samples=300)


def test_group_means_are_means_over_the_answers_given(report: Report) -> None:
    lines, more = group_means(report)
    left_early = measured(report).index("gemma-3-270m")
    values = [
        row.seen["gemma-3-270m"].score.value
        for row in report.rows
        if row.sample.group == lines[0].label and "gemma-3-270m" in row.seen
    ]
    assert {line.label for line in lines} == set(GROUPS)
    assert lines[0].cells[left_early].mean == pytest.approx(fmean(values))
    assert lines[0].cells[left_early].count == len(values)
    assert more == 0


def test_many_groups_are_cut_to_the_largest(report: Report) -> None:
    rows = [
        replace(row, sample=replace(row.sample, group=f"g{row.position % 60}"))
        for row in report.rows
    ]
    lines, more = group_means(replace(report, rows=rows))
    assert (len(lines), more) == (MAX_GROUPS, 20)


def test_one_group_is_no_table(report: Report) -> None:
    rows = [replace(row, sample=replace(row.sample, group="all")) for row in report.rows]
    assert group_means(replace(report, rows=rows)) == ((), 0)


def test_confusion_counts_every_answer_once(report: Report) -> None:
    for one in confusions(report):
        answered = [row for row in report.rows if one.name in row.seen]
        assert sum(map(sum, one.counts)) == one.total == len(answered)
        right = sum(one.counts[at][one.columns.index(label)] for at, label in enumerate(LABELS))
        assert right == sum(row.seen[one.name].score.value for row in answered)


def test_unread_answers_have_a_column_of_their_own(report: Report) -> None:
    first = confusions(report)[0]
    unread = sum(row[first.columns.index("not read")] for row in first.counts)
    assert unread == next(one for one in report.standings if one.name == first.name).unparsed > 0


def test_other_tasks_have_no_confusion() -> None:
    assert confusions(made_report(samples=100, kind="choice")) == ()


def test_field_means_tell_each_part_of_an_answer() -> None:
    report = made_report(samples=100, kind="json")
    lines = field_means(report)
    parts = [dict(row.seen[WINNER.name].score.parts) for row in report.rows]
    scored = [one["place"] for one in parts if one]
    assert [line.label for line in lines] == ["feeling", "place"]
    assert lines[1].cells[0].mean == pytest.approx(fmean(scored))


def test_bars_lie_where_their_numbers_are(report: Report) -> None:
    drawn = table(report)
    for row, one in zip(drawn.rows, report.standings, strict=True):
        if row.score is None or one.interval is None:
            continue
        bar = row.score.bar
        assert 0 <= bar.low <= bar.at <= bar.high <= 100
        assert bar.at == drawn.scores.place(one.score or 0)


def test_no_bar_is_cut_off_by_its_scale(report: Report) -> None:
    drawn = table(report)
    edges = [edge for one in report.standings for edge in one.interval or ()]
    gaps = [edge for one in report.standings for edge in one.difference_interval or ()]
    assert drawn.scores.low <= min(edges) and max(edges) <= drawn.scores.high
    assert drawn.differences.low <= min(gaps) and max(gaps) <= drawn.differences.high


def test_a_scale_keeps_wild_values_inside() -> None:
    assert Scale(low=0.2, high=0.4).place(9.0) == 100
    assert Scale(low=0.2, high=0.4).place(0.3) == 50


def test_the_order_is_winner_within_open_beaten_rejected(report: Report) -> None:
    order = [one.status for one in report.standings]
    assert order == [
        Status.WINNER, Status.WITHIN, Status.OPEN, Status.BEATEN, Status.BEATEN, Status.REJECTED,
    ]  # fmt: skip
    assert list(report.letters.values()) == list("ABCDEF")


def test_letters_go_on_after_z() -> None:
    many = made_report([replace(SIX[5], name=f"m{at}") for at in range(30)], samples=1)
    assert list(many.letters.values())[25:28] == ["Z", "AA", "AB"]


def test_differences_carry_their_sign() -> None:
    assert [signed(value) for value in (0.012, -0.08, -0.0001)] == ["+1.2", "−8.0", "0.0"]


def test_cost_is_told_for_each_right_answer(report: Report) -> None:
    priced = next(row for row in table(report).rows if row.name.startswith("http"))
    free = table(report).rows[0]
    assert "for each right answer" in priced.cost_each
    assert priced.cost_kind == "measured tokens, declared price (--candidate)"
    assert (free.cost, free.cost_each) == ("no price known", "")
