"""Runs code in boxes: alone for what it prints, or against tests that it cannot reach.

Tests run in a box of their own. They call the code in the other box as one calls a service, and
get plain data back; so code that ends early, prints a word of success, redefines what equal
means or looks for the tests in memory gains nothing by it: its process holds no verdict.
"""

import json
import os
import select
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

from elige.errors import EligeError
from elige.evaluate.sandbox.box import Box, check_sandbox
from elige.evaluate.sandbox.limits import Limits
from elige.evaluate.sandbox.starting import READY
from elige.text import one_line

_LONGEST_VERDICT = 65_536
_CPU_KILLED = 128 + 24  # SIGXCPU
_KILLED = 128 + 9
_MOMENT = 1.0
_SHOWN = 300


class Ended(StrEnum):
    """How a run ended."""

    PASSED = "passed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    OUTPUT = "too much output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended, why, and what was printed (runs without tests)."""

    ended: Ended
    why: str = ""
    output: str = ""

    @property
    def passed(self) -> bool:
        """Whether it came to its end, and every test held."""
        return self.ended is Ended.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Code and its tests.

    `tests` are Python: bare asserts, HumanEval's check(candidate), test_ functions or unittest
    cases. `entry_point` is what check is handed, '' for none. `preamble` is trusted code that
    the tests may use, what a prompt imports and defines.
    """

    program: str
    tests: str
    entry_point: str = ""
    preamble: str = ""


def run_python(code: str, *, limits: Limits | None = None, show_last: bool = False) -> Outcome:
    """What `code` prints when it is run as a program, within `limits`.

    With `show_last` the value of a last line that is an expression is printed, as in a notebook.
    Raises `NoSandbox` where there is no sandbox.
    """
    check_sandbox()
    bounds = limits or Limits()
    reads, writes = os.pipe()
    try:
        job: dict[str, object] = {"module": "answering", "function": "run_alone"}
        job |= {"program": code, "show_last": show_last}
        try:
            box = Box(job, limits=bounds, streams={}, output=writes)
        finally:
            os.close(writes)
        try:
            until = monotonic() + bounds.wall_seconds
            output, ended = _read(reads, bounds.output_bytes, until)
            marked = output.startswith(READY.decode())
            output = output.removeprefix(READY.decode())
            if ended is not Ended.PASSED:
                return _stopped(ended, output, bounds)
            if not marked:
                raise _unstarted(box.said())
            return _ran(box, output, bounds)
        finally:
            box.close()
    finally:
        os.close(reads)


def run_tests(trial: Trial, *, limits: Limits | None = None) -> Outcome:
    """Whether every one of the trial's tests holds for its code, within `limits` each.

    Raises `NoSandbox` where there is no sandbox, `EligeError` when one could not be made.
    """
    check_sandbox()
    bounds = limits or Limits()
    asked, replied, verdict = os.pipe(), os.pipe(), os.pipe()
    ends = [*asked, *replied, *verdict]
    boxes: list[Box] = []
    try:
        job: dict[str, object] = {"module": "testing", "function": "main"}
        job |= {"tests": trial.tests, "entry_point": trial.entry_point, "preamble": trial.preamble}
        streams = {"reads": replied[0], "writes": asked[1], "verdict": verdict[1]}
        boxes.append(Box(job, limits=bounds, streams=streams))
        job = {"module": "answering", "function": "main", "program": trial.program}
        streams = {"reads": asked[0], "writes": replied[1]}
        boxes.append(Box(job, limits=bounds, streams=streams))
        for end in (*asked, *replied, verdict[1]):
            os.close(end)
            ends.remove(end)
        until = monotonic() + bounds.wall_seconds
        text, ended = _read(verdict[0], _LONGEST_VERDICT, until)
        if ended is not Ended.PASSED:
            return _stopped(ended, "", bounds)
        return _judged(text, boxes[0], boxes[1], bounds)
    finally:
        for box in boxes:
            box.close()
        for end in ends:
            os.close(end)


def _read(number: int, most: int, until: float) -> tuple[str, Ended]:
    """All that comes, at most so many bytes and until then; and whether it came to its end."""
    poll = select.poll()
    poll.register(number, select.POLLIN)
    found = bytearray()
    ended = Ended.PASSED
    while True:
        left = until - monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            ended = Ended.TIMEOUT
            break
        part = os.read(number, most + 1 - len(found))
        found += part
        if not part:
            break
        if len(found) > most:
            ended = Ended.OUTPUT
            break
    return found[:most].decode(errors="replace"), ended


def _stopped(ended: Ended, output: str, limits: Limits) -> Outcome:
    why = {
        Ended.TIMEOUT: f"stopped after {limits.wall_seconds:g} s",
        Ended.OUTPUT: f"printed more than {limits.output_bytes:,} bytes",
    }[ended]
    return Outcome(ended=ended, why=why, output=output)


def _ran(box: Box, output: str, limits: Limits) -> Outcome:
    status = box.ended(_MOMENT)
    if status == 0:
        return Outcome(ended=Ended.PASSED, output=output)
    if status is None:
        return _stopped(Ended.TIMEOUT, output, limits)
    if ended := _out_of_time(status, limits):
        return ended
    lines = box.said().splitlines() or [f"it ended with status {status}"]
    return Outcome(ended=Ended.FAILED, why=lines[-1][:_SHOWN], output=output)


def _judged(text: str, tests: Box, code: Box, limits: Limits) -> Outcome:
    """What the tests' box wrote; without a verdict, what became of the two boxes."""
    told = [_message(line) for line in text.splitlines()]
    ends = [one.get("end", "") for one in told]
    if "passed" in ends:
        return Outcome(ended=Ended.PASSED, why="all tests passed")
    if "failed" in ends:
        return Outcome(ended=Ended.FAILED, why=str(told[-1].get("why", "")))
    culprit, who = (code, "code") if "gone" in ends else (tests, "tests")
    status = culprit.ended(_MOMENT)
    if said := culprit.said():
        raise _unstarted(said)
    if ended := _out_of_time(status, limits):
        return ended
    return Outcome(ended=Ended.FAILED, why=f"the {who} ended the process (status {status})")


def _unstarted(said: str) -> EligeError:
    return EligeError(
        f"The sandbox could not be started: {one_line(said or 'it ended at once')}.",
        hint="Run the same command again; the answers are kept.",
    )


def _out_of_time(status: int | None, limits: Limits) -> Outcome | None:
    if status == _CPU_KILLED:
        why = f"took more than {limits.seconds:g} s of processor time"
        return Outcome(ended=Ended.TIMEOUT, why=why)
    if status == _KILLED:
        return Outcome(ended=Ended.FAILED, why="killed, for want of memory or time")
    return None


def _message(line: str) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
