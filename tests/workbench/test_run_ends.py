"""How runs ended, as they are shown: why one failed, and which were stopped without a word."""

import json
import signal
from pathlib import Path

import pytest
from workbench.races import command, sums
from workbench.test_interrupting import until_answered

from elige.config import Settings
from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.workbench import (
    EvaluateOptions,
    Workbench,
    list_runs,
    plan_evaluation,
    run_evaluation,
    show_run,
)
from elige.workbench.allow import allow

BROKEN = "def judge(sample, answer):\n    return 7\n"


def test_a_run_that_failed_says_why(tmp_path: Path) -> None:
    data, scorer = sums(tmp_path / "sums.csv", 5), tmp_path / "own.py"
    scorer.write_text(BROKEN)
    said = EvaluateOptions(model="echo", task=TaskOptions(scorer=f"{scorer}:judge"))
    with Workbench.open(Settings(home=tmp_path)) as bench:
        allow(bench, "scorer", scorer)
        plan = plan_evaluation(bench, str(data), said)
        with pytest.raises(BadInput, match="which is no score"):
            list(run_evaluation(bench, plan))
        facts = show_run(bench, plan.run, samples=False).facts
    assert facts["status"] == "failed"
    assert facts["reason"].startswith("The scorer judge of own.py gave 7")


def test_a_run_that_failed_and_then_worked_is_well_again(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv", 5)
    with Workbench.open(Settings(home=tmp_path)) as bench:
        plan = plan_evaluation(bench, str(data), EvaluateOptions(model="echo"))
        list(run_evaluation(bench, plan))
        bench.store.finish_run(plan.run, "failed", None, "2026", reason="it broke")
        list(run_evaluation(bench, plan))
        (line,) = list_runs(bench, 5)
    assert (line["status"], line["reason"]) == ("finished", "")


def test_a_run_ended_by_kill_9_is_stopped_and_goes_on(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv", 200)
    arguments = ("evaluate", str(data), "--model", "echo,delay=0.02", "--json")
    process = command(tmp_path, *arguments)
    until_answered(tmp_path, 16)
    with Workbench.open(Settings(home=tmp_path)) as bench:
        assert list_runs(bench, 5)[0]["status"] == "running"
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert list_runs(bench, 5)[0]["status"] == "stopped"
    out, _ = command(tmp_path, *arguments).communicate(timeout=60)
    assert json.loads(out)["evaluated"] == 200
    with Workbench.open(Settings(home=tmp_path)) as bench:
        assert list_runs(bench, 5)[0]["status"] == "finished"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        pytest.param("a.txt", "def score(sample, answer): ...", "does not end in .py", id="name"),
        pytest.param("a.py", "def score(sample answer)", "no Python that can be read", id="syntax"),
        pytest.param("a.py", "x = 1\n", "has no function that takes", id="no function"),
        pytest.param("a.py", "def score(sample): ...", "has no function that takes", id="one"),
        pytest.param("a.py", "def f(a, b, *, c): ...", "has no function that takes", id="keyword"),
        pytest.param("a.py", "\0", "no Python that can be read", id="a zero byte"),
        pytest.param("a.py", "", "has no function that takes", id="empty"),
    ],
)
def test_what_is_no_scorer_is_not_allowed(tmp_path: Path, name: str, text: str, why: str) -> None:
    (tmp_path / name).write_text(text)
    with Workbench.open(Settings(home=tmp_path)) as bench:
        with pytest.raises(BadInput, match=why) as told:
            allow(bench, "scorer", tmp_path / name)
        assert bench.store.allowed() == []
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "def score(sample, answer): return 1.0",
        "def score(sample, answer, *, strict=False): return 1.0",
        "def score(*given): return 1.0",
        "score = lambda sample, answer: 1.0",
    ],
)
def test_a_scorer_is_allowed(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.py").write_text(text)
    with Workbench.open(Settings(home=tmp_path)) as bench:
        assert bench.store.is_allowed("scorer", allow(bench, "scorer", tmp_path / "a.py"))
