"""The report of a race that was run before."""

import re
from pathlib import Path

import pytest
from cli.conftest import Run, elige, here  # noqa: F401 - fixtures of the command line
from workbench.races import GOOD, POOR, sums

import elige as package


@pytest.fixture
def race(tmp_path: Path) -> package.ChooseResult:
    data = str(sums(tmp_path / "sums.csv"))
    result: package.ChooseResult = package.choose(data, [GOOD, POOR], report=tmp_path / "then.html")
    return result


def kept(page: str) -> dict[str, str]:
    """The parts of a page that an earlier run can tell as well as a fresh one."""
    main = {
        name: page.partition(f'<section id="{name}"')[2].partition("</section>")[0]
        for name in ("candidates", "charts", "promise")
    }
    samples = page.partition('id="data">')[2].partition("</script>")[0]
    return main | {"samples": samples, "headline": re.findall("<h1.*?</h1>", page)[0]}


def test_it_is_the_report_that_the_race_would_have_written(
    race: package.ChooseResult,
    elige: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    told = elige("runs", "report", race.run[:6], str(tmp_path / "now.html"))
    assert told.code == 0 and "Report: " in told.out
    then, now = (kept((tmp_path / name).read_text()) for name in ("then.html", "now.html"))
    assert all(then.values()) and now == then


def test_a_run_that_was_no_race_is_told(
    elige: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    run = package.evaluate(str(sums(tmp_path / "sums.csv", 20)), GOOD).run
    told = elige("runs", "report", run, str(tmp_path / "now.html"))
    assert told.code == 1 and "a report is of a race" in told.err
    assert not (tmp_path / "now.html").exists()


@pytest.mark.parametrize(
    ("run", "file", "words"),
    [
        pytest.param("nobody", "now.html", "nobody", id="an unknown run"),
        pytest.param("last", "sums.csv", "which is no report", id="a file that is no report"),
        pytest.param("last", "no/now.html", "there is no folder", id="no folder"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_line(
    race: package.ChooseResult,
    elige: Run,  # noqa: F811
    tmp_path: Path,
    run: str,
    file: str,
    words: str,
) -> None:
    told = elige("runs", "report", run, str(tmp_path / file))
    assert told.code == 1 and words in told.err and "Traceback" not in told.err
