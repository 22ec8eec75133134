"""Ctrl-C: the verdict so far, soon; the same command goes on; a second one leaves at once."""

import json
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from engines.openai_server import OpenAIServer, ServedModel
from workbench.races import answers, command, sums, unmeasured

from elige.config import Settings
from elige.records import Answered, Finished
from elige.workbench import ChooseOptions, Workbench, plan_race, run_race
from elige.workbench.interruption import interruptible

SLOW = ("-c", "echo,skill=0.9,delay=0.02,name=good", "-c", "echo,skill=0.85,delay=0.02,name=poor")
INTERRUPTED = 130


def until_answered(home: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(answers(home)) < count:
        assert time.monotonic() < deadline, "nothing was answered"
        time.sleep(0.02)


def finished(home: Path, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    process = command(home, *arguments)
    out, talk = process.communicate(timeout=120)
    assert process.returncode == 0, talk
    return json.loads(out)


def test_ctrl_c_tells_the_verdict_so_far_and_the_same_command_goes_on(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    arguments = ("choose", str(data), *SLOW, "--json")
    undisturbed = finished(tmp_path / "undisturbed", *arguments)
    process = command(tmp_path / "home", *arguments)
    until_answered(tmp_path / "home", 60)
    process.send_signal(signal.SIGINT)
    pressed = time.monotonic()
    out, _ = process.communicate(timeout=30)
    assert process.returncode == INTERRUPTED
    assert time.monotonic() - pressed < 5  # about 1 s on an idle machine
    verdict = json.loads(out)
    assert verdict["winner"] is None
    assert any(text.startswith("Interrupted") for text in verdict["notices"])
    assert 0 < verdict["evaluations"] < undisturbed["evaluations"]
    kept = answers(tmp_path / "home")
    resumed = finished(tmp_path / "home", *arguments)
    assert unmeasured(resumed) == unmeasured(undisturbed)
    assert kept.items() <= answers(tmp_path / "home").items()


def test_ctrl_c_ends_an_evaluation_with_the_score_so_far(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    model = ("--model", "echo,skill=0.9,delay=0.02")
    process = command(tmp_path, "evaluate", str(data), *model, "--json")
    until_answered(tmp_path, 30)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    found = json.loads(out)
    assert process.returncode == INTERRUPTED
    assert found["interrupted"]
    assert 29 <= found["evaluated"] < 200  # the one being kept at that moment may be missing


def test_ctrl_c_does_not_wait_for_a_silent_endpoint(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    with OpenAIServer({"slow": ServedModel(faults={"hang": 1.0})}) as server:
        endpoint = f"{server.url}#slow,name=slow"
        process = command(tmp_path, "choose", str(data), *SLOW[:2], "-c", endpoint, "--json")
        until_answered(tmp_path, 10)
        process.send_signal(signal.SIGINT)
        pressed = time.monotonic()
        out, _ = process.communicate(timeout=30)
    assert process.returncode == INTERRUPTED
    assert time.monotonic() - pressed < 5  # about 1 s on an idle machine
    assert {one["name"] for one in json.loads(out)["candidates"]} == {"good", "slow"}


def test_a_second_ctrl_c_leaves_at_once(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv")
    process = command(tmp_path, "choose", str(data), *SLOW, "--json")
    until_answered(tmp_path, 30)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    pressed = time.monotonic()
    process.communicate(timeout=30)
    assert process.returncode == INTERRUPTED
    assert time.monotonic() - pressed < 2


def test_the_first_press_only_asks_and_the_second_one_interrupts() -> None:
    halted: list[bool] = []
    before = signal.getsignal(signal.SIGINT)
    with interruptible(lambda: halted.append(True)) as interruption:
        signal.raise_signal(signal.SIGINT)
        assert (interruption.asked, interruption.urgent, halted) == (True, False, [True])
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interruption.urgent
    assert signal.getsignal(signal.SIGINT) is before


def test_a_program_that_handles_ctrl_c_itself_is_left_alone() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible(lambda: None):
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_nothing_goes_on_after_an_interrupted_race(tmp_path: Path) -> None:
    said = ChooseOptions(candidates=(SLOW[1], SLOW[3]))
    before = set(threading.enumerate())
    with Workbench.open(Settings(home=tmp_path)) as bench:
        plan = plan_race(bench, str(sums(tmp_path / "sums.csv")), said)
        for event in run_race(bench, plan, said):
            if isinstance(event, Answered) and event.done == 20:
                signal.raise_signal(signal.SIGINT)
        assert set(threading.enumerate()) <= before
        assert isinstance(event, Finished)
        assert event.interrupted
        assert not event.verdict.decided
        assert bench.store.run(plan.run).status == "interrupted"
