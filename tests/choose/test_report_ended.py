"""Where everybody ended, the method in words, and what to do next."""

from dataclasses import replace

import pytest
from choose.made_report import made_report

from elige.choose.report import Report
from elige.choose.report.ended import ended, next_commands
from elige.choose.report.method import method_words


@pytest.fixture(scope="module")
def report() -> Report:
    return made_report(samples=60)


def test_the_tied_set_comes_first_with_the_winner_in_it(report: Report) -> None:
    good, still, beaten, rejected = ended(report)
    assert good.names == tuple(one.name for one in report.standings[:2])
    assert still.names == (report.standings[2].name,)
    assert len(beaten.names) == 2 and len(rejected.names) == 1


def test_an_unproven_leader_is_not_called_good_enough(report: Report) -> None:
    groups = ended(replace(report, verdict=replace(report.verdict, decided=False)))
    told = {one.status: one for one in groups}
    assert report.verdict.winner in told["open"].names
    assert report.verdict.winner not in told["within"].names
    assert told["open"].label == "Not told apart: each of them may be the best"


def test_what_was_counted_is_not_called_shown(report: Report) -> None:
    counted = replace(report, verdict=replace(report.verdict, confidence=1.0, tolerance=0.0))
    assert ended(counted)[0].label == "Good enough: counted to be as good as the best"


def test_commands_can_be_pasted_whatever_the_names_are(report: Report) -> None:
    first = report.verdict.candidates[0]
    odd = replace(first, name="it's; rm -rf 'x'")
    verdict = replace(report.verdict, winner=odd.name)
    verdict = replace(verdict, candidates=(odd, *report.verdict.candidates[1:]))
    told = [one.command for one in next_commands(replace(report, verdict=verdict))]
    (compared,) = [one for one in told if "compare" in one]
    assert """--a 'it'"'"'s; rm -rf '"'"'x'"'"''""" in compared


def test_without_a_run_there_is_nothing_to_go_on_with(report: Report) -> None:
    assert next_commands(replace(report, verdict=replace(report.verdict, run=""))) == ()


def test_each_kind_of_verdict_has_its_method(report: Report) -> None:
    verdict = report.verdict
    assert "3 points below" in " ".join(method_words(verdict))
    assert "as good as B" in " ".join(method_words(replace(verdict, tolerance=0.0)))
    assert "counted" in " ".join(method_words(replace(verdict, confidence=1.0)))
    assert "drawn anew" in " ".join(method_words(verdict, estimates="corpus"))
