"""`choose` without candidates: what is proposed, what is asked, what is left out."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any  # what a command leaves behind

import pytest

from elige.config import Settings
from elige.records import Considered
from elige.workbench import ChooseOptions, Workbench, plan_race, report_run, run_race

Run = Callable[..., Any]
ENDPOINTS = "http://127.0.0.1:9/v1#one http://127.0.0.1:9/v1#two"


@pytest.fixture
def data(here: Path) -> str:
    lines = [f"What is {n} plus 1?,{n + 1}" for n in range(40)]
    (here / "sums.csv").write_text("\n".join(["question,answer", *lines]) + "\n")
    return "sums.csv"


def test_without_a_terminal_the_proposal_is_shown_and_nothing_raced(
    elige: Run, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELIGE_ENDPOINTS", ENDPOINTS)
    told = elige("choose", data)
    assert told.code == 1
    assert "#one: its endpoint is configured; its licence is unknown." in told.err
    assert "Add --yes to race them" in told.err


def test_the_proposal_can_be_read_by_programs(
    elige: Run, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELIGE_ENDPOINTS", ENDPOINTS)
    facts = json.loads(elige("choose", data, "--json").out)
    assert facts["raced"] is False
    assert {*ENDPOINTS.split()} <= {*facts["candidates"]}
    assert len(facts["proposed"]) == len(facts["candidates"]) <= 6


def test_yes_goes_on_with_what_is_proposed(
    elige: Run, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELIGE_ENDPOINTS", ENDPOINTS)
    told = elige("choose", data, "--yes", "--dry-run")
    assert told.code == 0
    assert "one" in told.err and "two" in told.err


def test_the_plan_says_who_was_thought_of_and_why(
    elige: Run, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELIGE_ENDPOINTS", f"{ENDPOINTS} nonsense")
    facts = json.loads(elige("choose", data, "--yes", "--dry-run", "--json").out)
    assert {one["name"] for one in facts["proposed"]} >= {*ENDPOINTS.split()}
    left = {one["name"]: one["why"] for one in facts["not_raced"]}
    assert left and all(left.values())
    named = json.loads(
        elige("choose", data, "-c", "echo", "-c", "echo,skill=1", "--dry-run", "--json").out
    )
    assert named["proposed"] == named["not_raced"] == []


def test_where_nothing_can_be_raced_one_line_says_so(elige: Run, data: str) -> None:
    told = elige("choose", data, "--max-memory", "1MB", "--yes")
    assert told.code == 1
    assert "no model that can be raced here; it takes two" in told.err
    assert len([line for line in told.err.splitlines() if line.startswith("elige:")]) == 1


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        pytest.param("colour:blue", "no filter", id="unknown filter"),
        pytest.param("--may", "no value", id="no value"),
        pytest.param("context:many", "no number of tokens", id="no number"),
        pytest.param("params:8B-1B", "ends below its beginning", id="backwards"),
    ],
)
def test_a_search_that_cannot_be_read_is_told(
    elige: Run, data: str, wanted: str, words: str
) -> None:
    told = elige("choose", data, "--from", wanted)
    assert told.code in {1, 2} and words in told.err and "Traceback" not in told.err


def test_a_number_of_none_is_told(elige: Run, data: str) -> None:
    told = elige("choose", data, "--top", "0")
    assert told.code in {1, 2} and "--top is 0" in told.err


def test_who_was_left_out_stands_in_the_verdict_the_report_and_the_run(
    elige: Run, here: Path, data: str, tmp_path: Path
) -> None:
    said = ChooseOptions(
        candidates=("echo,skill=0.9,name=good", "echo,skill=0.2,seed=2,name=poor"),
        proposed=(Considered(name="good", why="it is on this machine"),),
        not_raced=(Considered(name="large/<model>", why="it does not fit"),),
    )
    with Workbench.open(Settings(home=tmp_path / "elige")) as bench:
        plan = plan_race(bench, data, said)
        verdict = list(run_race(bench, plan, said))[-1].verdict  # type: ignore[union-attr]
        report_run(bench, plan, verdict, here / "report.html", command="elige choose")
    assert verdict.not_raced == said.not_raced
    page = (here / "report.html").read_text()
    assert "<b>large/&lt;model&gt;</b>: it does not fit." in page and "Not raced" in page
    shown = elige("runs", "show", verdict.run)
    assert "large/<model>: it does not fit." in shown.out
    facts = json.loads(elige("runs", "show", verdict.run, "--json").out)
    assert facts["verdict"]["not_raced"] == [{"name": "large/<model>", "why": "it does not fit"}]


@pytest.mark.parametrize(("typed", "code"), [(b"n\n", 1), (b"\x04", 130)], ids=["no", "the end"])
def test_on_a_terminal_the_user_is_asked(
    here: Path, data: str, monkeypatch: pytest.MonkeyPatch, typed: bytes, code: int
) -> None:
    monkeypatch.setenv("ELIGE_ENDPOINTS", ENDPOINTS)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "elige", "choose", data], stdin=theirs, stdout=theirs, stderr=theirs
    ) as asked:
        os.close(theirs)
        shown = b""
        while b"Race these?" not in shown:
            shown += os.read(ours, 4096)
        os.write(ours, typed)
        while b"Nothing was raced" not in shown:
            shown += os.read(ours, 4096)
        assert asked.wait(30) == code
    os.close(ours)
    assert b"Something went wrong" not in shown
