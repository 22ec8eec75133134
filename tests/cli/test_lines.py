"""Progress in a pipe: what advances, not more than a line every two seconds."""

import time

import pytest

from elige.cli.lines import Pulse, Tally, settled_line
from elige.cli.screen import shortened_name
from elige.records import Answered, Failed, Noticed, RunStarted, Settled, Status


def started(*names: str) -> Tally:
    tally = Tally()
    line = tally.note(RunStarted(run="3f", task="t", samples=100, candidates=names), 0.0)
    assert line == f"run 3f: 100 samples, asking {', '.join(names)}"
    return tally


def answer(tally: Tally, name: str, done: int, moment: float) -> str:
    event = Answered(candidate=name, done=done, planned=100, seconds=0.1, value=1.0)
    return tally.note(event, moment)


def test_the_line_shows_who_is_how_far_the_rate_and_the_time_left() -> None:
    tally = started("a", "b")
    for done in range(1, 21):
        answer(tally, "a", done, done / 10)
    for done in range(1, 11):
        answer(tally, "b", done, done / 10 + 1)
    assert tally.line(2.1) == (
        "30 of at most 200 answers (a 20, b 10), 15 a second, at most 11.3 s left"
    )


def test_without_news_the_line_says_what_is_waited_for() -> None:
    tally = started("a")
    assert tally.line(2.0) == "waiting for the first answers"
    answer(tally, "a", 1, 2.5)
    assert tally.line(4.0) == "1 of at most 100 answers"
    assert tally.line(6.0) == "waiting for the next answers"


def test_a_settled_candidate_is_not_waited_for() -> None:
    tally = started("a", "b")
    for done in range(1, 11):
        answer(tally, "a", done, done / 10)
    settled = Settled(candidate="b", status=Status.BEATEN, reason="it is worse", samples=5)
    assert tally.note(settled, 1.0) == "b: beaten after 5 samples"
    assert tally.line(1.1).endswith("at most 9.0 s left")


def test_the_same_failure_is_told_once_and_counted() -> None:
    tally = started("a")
    failure = Failed(candidate="a", why="no connection")
    assert tally.note(failure, 0.1) == "a: no connection"
    assert tally.note(failure, 0.2) == ""
    answer(tally, "a", 1, 0.3)
    assert tally.line(2.0) == "1 of at most 100 answers, 2 failed"


def test_a_notice_is_told_at_once() -> None:
    assert started("a").note(Noticed(text="a: loading the model"), 0.1) == "a: loading the model"


def test_an_open_candidate_is_told_with_its_reason() -> None:
    event = Settled(candidate="a", status=Status.OPEN, reason="it keeps failing", samples=0)
    assert settled_line(event) == "a: open after 0 samples, it keeps failing"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("short", "short", id="as it is"),
        pytest.param("smollm2-135m-instruct,shots=5", "smollm2…shots=5", id="middle left out"),
    ],
)
def test_long_names_keep_their_beginning_and_their_end(name: str, shown: str) -> None:
    assert shortened_name(name, 15) == shown


def test_the_pulse_beats_every_two_seconds_and_stops() -> None:
    beats: list[float] = []
    with Pulse(beats.append):
        time.sleep(2.3)
    assert len(beats) == 1
    assert 1.8 <= beats[0] <= 2.3
