"""The plan on stderr: nothing cut, long prompts shortened, time and money told."""

from decimal import Decimal
from pathlib import Path

import pytest
from cli.bad_inputs import GOOD, choose
from cli.conftest import Run

from elige.cli.plan import estimate_words, shortened
from elige.workbench import Estimate, Expected


def test_a_long_line_of_a_prompt_is_wrapped_not_cut(here: Path, elige: Run) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    rows = "".join(f"{words} {n}?,{n}\n" for n in range(5))
    (here / "long.csv").write_text(f"question,answer\n{rows}")
    told = elige(*choose("long.csv", "--dry-run"))
    assert told.code == 0
    assert told.out == ""
    for n in range(60):
        assert f"word{n} " in told.err
    assert max(map(len, told.err.splitlines())) <= 80


def test_a_long_prompt_loses_its_middle_and_says_how_much() -> None:
    prompt = "a" * 2000 + "b" * 2000
    shown = shortened(prompt)
    assert shown.startswith("a" * 600)
    assert shown.endswith("b" * 900)
    assert "[... 2,500 characters left out ...]" in shown


def test_a_short_prompt_is_shown_whole() -> None:
    assert shortened("a" * 1600) == "a" * 1600


def expected(
    name: str,
    to_ask: int,
    seconds: float | None = None,
    *,
    lane: str = "local",
    cost: Decimal | None = None,
) -> Expected:
    return Expected(name=name, lane=lane, to_ask=to_ask, seconds=seconds, cost=cost)


@pytest.mark.parametrize(
    ("candidates", "told"),
    [
        pytest.param((expected("a", 0),), "Every answer is known already", id="all known"),
        pytest.param((expected("a", 9),), "How long a will take, the first", id="nothing known"),
        pytest.param(
            (expected("a", 9, 60.0), expected("b", 9, 30.0)), "1 min 30 s", id="one lane in turn"
        ),
        pytest.param(
            (expected("a", 9, 60.0), expected("b", 9, 30.0, lane="b")),
            "1 min 0 s",
            id="lanes side by side",
        ),
        pytest.param(
            (expected("a", 9, 60.0, cost=Decimal("0.5")), expected("b", 9)),
            "1 min 0 s and $0.500 for 1 of 2 candidates (estimated from earlier answers). "
            "How long b will take",
            id="one of two",
        ),
    ],
)
def test_estimate(candidates: tuple[Expected, ...], told: str) -> None:
    assert told in estimate_words(Estimate(candidates=candidates))


def test_the_second_time_the_time_is_known(here: Path, elige: Run) -> None:
    (here / "ex.csv").write_text(GOOD)
    assert "the first answers will tell" in elige(*choose("ex.csv", "--dry-run")).err
    assert elige("evaluate", "ex.csv", "-m", "echo,skill=0.9,delay=0.2", "--limit", "6").code == 0
    told = elige("evaluate", "ex.csv", "-m", "echo,skill=0.9,delay=0.2", "--dry-run").err
    assert "at most about 1.2 s" in told
    again = elige("evaluate", "ex.csv", "-m", "echo,skill=0.9,delay=0.2", "--limit", "6")
    assert "Every answer is known already" in again.err
