"""What `evaluate`, `runs` and `doctor` print, in words and as JSON."""

import json
import re
from pathlib import Path

import pytest
from cli.bad_inputs import GOOD, choose
from cli.conftest import Run

from elige.machine.packages import EXTRAS

REVIEWS = "question,label,subject\n" + "".join(
    f"nice {n},positive,films\nawful {n},negative,books\n" for n in range(20)
)
EVALUATED = """
echo,skill=1 scored 100.0 of 100 on 40 of 40 samples (95 % interval 91.2 to
100.0, Wilson).

macro-F1 of the whole file is 100.0 (no interval: every resample gives the
same): macro-F1|labels:2
40 answers asked now, 0 known before; N prompt and N completion tokens. The
median answer took N s. No price is known.

group  score       interval  samples
books  100.0  83.9 to 100.0       20
films  100.0  83.9 to 100.0       20

is, read as  negative  positive  unparsed
negative           20         0         0
positive            0        20         0

part of the score         score       interval  samples
acc, acc_norm, acc_bytes  100.0  91.2 to 100.0       40

All figures are measured. Show it again: elige runs show RUN
"""


NEAR = ("choose", "ex.csv", "-c", "echo,skill=0.6", "-c", "echo,skill=0.5")


def stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def test_an_evaluation_in_words(here: Path, elige: Run) -> None:
    (here / "r.csv").write_text(REVIEWS)
    told = elige("evaluate", "r.csv", "-m", "echo,skill=1", "--group", "subject")
    shown = re.sub(r"\d+ (prompt|completion)", r"N \1", stripped(told.out))
    shown = re.sub(r"took \S+ s", "took N s", shown)
    assert re.sub(r"show [0-9a-f]{12}", "show RUN", shown) == EVALUATED


def test_runs_are_listed_with_their_result_below(here: Path, elige: Run) -> None:
    (here / "ex.csv").write_text(GOOD)
    assert elige(*NEAR).code == 0
    head, line, result = stripped(elige("runs").out).splitlines()[:3]
    assert head.split() == ["run", "kind", "status", "started", "task"]
    assert re.fullmatch(r"[0-9a-f]{12}  choose  finished  \d{4}-\d\d-\d\d \d\d:\d\d  ex", line)
    assert result.startswith("  Cannot tell echo,skill=0.6 and echo,skill=0.5 apart with 12")


def test_a_run_shown_again_says_the_same(here: Path, elige: Run) -> None:
    (here / "ex.csv").write_text(GOOD)
    first = elige(*choose("ex.csv")).out
    run = json.loads(elige("runs", "--json").out)[0]["run"]
    assert elige("runs", "show", run[:6]).out == first


def test_the_samples_of_a_run_are_shown_when_asked_for(here: Path, elige: Run) -> None:
    (here / "ex.csv").write_text(GOOD)
    elige("evaluate", "ex.csv", "-m", "echo,skill=1")
    run = json.loads(elige("runs", "--json").out)[0]["run"]
    shown = elige("runs", "show", run, "--samples").out
    assert "result: echo,skill=1 scored 100.0" in shown
    assert shown.count("scored\n") == 12
    samples = json.loads(elige("runs", "show", run, "--samples", "--json").out)["samples"]
    assert len(samples) == 12


def test_the_same_command_again_asks_nothing(here: Path, elige: Run) -> None:
    (here / "ex.csv").write_text(GOOD)
    elige("evaluate", "ex.csv", "-m", "echo,skill=1")
    again = elige("evaluate", "ex.csv", "-m", "echo,skill=1,name=other")
    assert "0 answers asked now, 12 known before" in again.out


def test_the_doctor_is_json_too(elige: Run) -> None:
    checks = json.loads(elige("doctor", "--json").out)["checks"]
    assert {check["name"] for check in checks} >= {"home", "torch", "gpu"}
    shown = elige("doctor").out
    assert all(check["name"] in shown for check in checks)


def test_strict_makes_an_undecided_race_exit_with_3(here: Path, elige: Run) -> None:
    (here / "ex.csv").write_text(GOOD)
    assert elige(*NEAR).code == 0
    assert elige(*NEAR, "--strict").code == 3


def test_columns_and_templates_can_be_said(here: Path, elige: Run) -> None:
    rows = "".join(f"text {n},who {n}?,{n + 1},x,y,{n % 2}\n" for n in range(6))
    (here / "c.csv").write_text(f"passage,ask,nr,A,B,right\n{rows}")
    told = elige(
        *choose("c.csv", "--question", "ask", "--context", "passage", "--id", "nr", "--answer"),
        *("right", "--choices", "A,B", "--index-base", "0", "--dry-run"),
        *("--question-template", "{passage}! {question}\n{choices}\nAnswer:"),
    )
    assert told.code == 0, told.err
    assert re.search(r"text \d! who \d\?", told.err)


def test_a_candidate_that_cannot_be_reached_is_not_said_to_be_beaten(
    here: Path, elige: Run
) -> None:
    (here / "ex.csv").write_text(GOOD)
    dead = "http://127.0.0.1:9/v1#m,retries=0,name=dead"
    told = elige("choose", "ex.csv", "-c", "echo", "-c", dead)
    assert told.code == 0
    assert "Cannot tell echo and dead apart" in told.out
    assert "dead: It keeps failing" in told.out
    assert elige("choose", "ex.csv", "-c", "echo", "-c", dead, "--strict").code == 3


def test_optional_parts_that_are_missing_do_not_make_the_doctor_worry(
    elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EXTRAS, "postgres", ("a store on PostgreSQL", ("no-such-package",)))
    told = json.loads(elige("doctor", "--json").out)
    (postgres,) = [check for check in told["checks"] if check["name"] == "postgres"]
    assert (postgres["ok"], postgres["optional"], told["healthy"]) == (False, True, True)
    assert "not there (optional)" in elige("doctor").out


@pytest.mark.parametrize("verb", [("evaluate", "-m"), ("choose", "-c", "echo,name=b", "-c")])
def test_a_dry_run_prints_the_plan_as_json(here: Path, elige: Run, verb: tuple[str, ...]) -> None:
    (here / "ex.csv").write_text(GOOD)
    command, *flags = verb
    told = elige(command, "ex.csv", *flags, "echo,skill=0.3", "--dry-run", "--json")
    plan = json.loads(told.out)
    assert plan["samples"] == 12
    assert plan["candidates"][-1]["name"] == "echo,skill=0.3"
    assert plan["to_ask"] == 12 * len(plan["candidates"])
    assert len(plan["candidates"][0]["prompts"]) == 3
    assert elige(command, "ex.csv", *flags, "echo,skill=0.3", "--dry-run").out == ""


def test_repeats_in_words(here: Path, elige: Run) -> None:
    (here / "r.csv").write_text(REVIEWS)
    model = "echo,skill=0.7,temperature=1"
    told = elige("evaluate", "r.csv", "-m", model, "--kind", "text", "--repeats", "4")
    shown = " ".join(told.out.split())
    assert "Asked 4 times each, " in shown
    assert "8 repeats would narrow it to" in shown
    assert "160 answers asked now" in shown
    assert "each asked 4 times" in told.err


def test_a_failed_run_is_shown_with_its_reason(here: Path, elige: Run) -> None:
    (here / "ex.csv").write_text(GOOD)
    (here / "own.py").write_text("def judge(sample, answer):\n    return 7\n")
    elige("allow", "scorer", "own.py")
    assert elige("evaluate", "ex.csv", "-m", "echo", "--scorer", "own.py:judge").code == 1
    assert "The scorer judge of own.py gave 7" in " ".join(elige("runs").out.split())
    run = json.loads(elige("runs", "--json").out)[0]["run"]
    assert "reason: The scorer judge" in elige("runs", "show", run).out
