"""What a person reads at the end of a race, at two widths."""

from decimal import Decimal
from textwrap import dedent

import pytest

from elige.choose.words import headline, remarks
from elige.cli.verdict import interval_words, print_verdict, seconds_words
from elige.records import Standing, Status, Verdict

LONG = "smollm2-135m-instruct,prompt=plain,shots=4"
VERDICT = Verdict(
    winner="small",
    within=("small", LONG),
    candidates=(
        Standing(
            name="small",
            status=Status.WINNER,
            reason="shown to be at most 2 points below the best after 336 samples",
            score=0.6234,
            interval=(0.581, 0.66),
            difference=0.0,
            difference_interval=(0.0, 0.0),
            evaluated=336,
            seconds_each=0.1234,
        ),
        Standing(
            name=LONG,
            status=Status.WITHIN,
            reason="shown to be at most 2 points below the best after 336 samples",
            score=0.6139,
            interval=(0.57, 0.652),
            difference=-0.0095,
            difference_interval=(-0.02, 0.012),
            evaluated=336,
            seconds_each=1.5,
            unparsed=3,
            truncated=1,
        ),
        Standing(
            name="large",
            status=Status.BEATEN,
            reason="shown to be worse than the best after 58 samples",
            score=0.31,
            interval=(0.2, 0.43),
            difference=-0.29,
            difference_interval=(-0.45, -0.12),
            evaluated=58,
            seconds_each=0.0001,
            cost_per_1000=Decimal("0.0123"),
        ),
        Standing(name="closed", status=Status.REJECTED, reason="its licence is unknown"),
    ),
    tolerance=0.02,
    confidence=0.95,
    scope="future",
    evaluations=730,
    full_evaluations=1008,
    samples=336,
    decided=True,
    run="3f2a9c",
)
NARROW = f"""
Use small: shown to be at most 2 points below the best of 3 candidates.


candidate
  is        score      interval  to winner  samples  s each   $/1000
small
  winner     62.3  58.1 to 66.0                 336   0.123        ?
{LONG}
  within     61.4  57.0 to 65.2       -0.9      336    1.50        ?
large
  beaten     31.0  20.0 to 43.0      -29.0       58  <0.001  $0.0123
closed
  rejected                                        0                ?

{LONG}: Shown to be at most 2 points below
the best after 336 samples, between 2 points below and 1.2 points above the
winner. Counted as 0: 3 unparsed, 1 truncated.
large: Shown to be worse than the best after 58 samples, between 12 and 45
points below the winner.
closed: Its licence is unknown.

Scores and differences are in points of 100. 730 of 1,008 answers were looked
at; intervals hold together with 95 % confidence. Scores, times and counts are
measured; the winner's own score is descriptive. Show it again: elige runs show
3f2a9c
"""
WIDE = """\
candidate                                   is        score      interval  to winner        interval  samples  s each   $/1000
small                                       winner     62.3  58.1 to 66.0                                 336   0.123        ?
smollm2-135m-instruct,prompt=plain,shots=4  within     61.4  57.0 to 65.2       -0.9    -2.0 to +1.2      336    1.50        ?
large                                       beaten     31.0  20.0 to 43.0      -29.0  -45.0 to -12.0       58  <0.001  $0.0123
closed                                      rejected                                                        0                ?
"""  # noqa: E501 - as wide as it is drawn


def drawn(capsys: pytest.CaptureFixture[str]) -> str:
    print_verdict(VERDICT, headline(VERDICT), remarks=remarks(VERDICT))
    return "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines()) + "\n"


def test_at_80_columns_names_stand_above_their_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert drawn(capsys) == NARROW


def test_at_140_columns_each_candidate_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    assert dedent(WIDE) in drawn(capsys)


def test_nothing_is_cut_however_narrow_the_terminal_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    shown = drawn(capsys)
    assert LONG in shown
    assert "within     61.4  57.0 to 65.2       -0.9      336    1.50" in shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        pytest.param(None, "", id="unknown"),
        pytest.param(2.5e-05, "<0.001", id="tiny"),
        pytest.param(0.1, "0.100", id="three digits"),
        pytest.param(12.34, "12.3", id="seconds"),
        pytest.param(123.4, "123", id="minutes"),
    ],
)
def test_seconds(seconds: float | None, shown: str) -> None:
    assert seconds_words(seconds) == shown


def test_no_interval_has_a_negative_nought() -> None:
    assert interval_words((-0.0001, 0.5), signed=True) == "0.0 to +50.0"
