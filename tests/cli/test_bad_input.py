"""Bad input gives one clear line with the next step, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli.bad_inputs import BAD, GOOD, SCORER, Bad, choose
from cli.conftest import Run, Told


def lay_out(bad: Bad, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "ex.csv").write_text(GOOD)
    for name, content in bad.files.items():
        (here / name).write_bytes(content.encode() if isinstance(content, str) else content)
    bad.make(here)
    for name, value in bad.environment.items():
        monkeypatch.setenv(name, value)


def check_told(told: Told, *words: str, code: int = 1) -> None:
    """One line that begins with 'elige: ', and it is the last one; nothing on stdout."""
    lines = told.err.splitlines()
    assert lines, "nothing was told"
    assert [line for line in lines if line.startswith("elige: ")] == lines[-1:]
    assert "Traceback" not in told.err and "inside elige" not in told.err
    assert told.out == ""
    for word in words:
        assert word in lines[-1]
    assert told.code == code


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.id)
def test_bad_input_is_told_in_one_line(
    bad: Bad, here: Path, elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(bad, here, monkeypatch)
    check_told(elige(*bad.arguments), bad.value, bad.step)


def test_there_are_at_least_forty_kinds() -> None:
    assert len({bad.id for bad in BAD}) == len(BAD) >= 40


@pytest.mark.parametrize(
    "bad",
    [bad for bad in BAD if bad.id in {"broken JSON line", "unknown model", "broken YAML"}],
    ids=lambda bad: bad.id,
)
def test_with_json_too_nothing_is_on_stdout(
    bad: Bad, here: Path, elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(bad, here, monkeypatch)
    check_told(elige(*bad.arguments, "--json"), bad.value, bad.step)


@pytest.mark.parametrize(
    "bad",
    [bad for bad in BAD if bad.id in {"empty file", "a file in the home's place"}],
    ids=lambda bad: bad.id,
)
def test_the_installed_command_tells_the_same(
    bad: Bad, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(bad, here, monkeypatch)
    command = [sys.executable, "-m", "elige", *bad.arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=here, timeout=60)
    check_told(Told(done.returncode, done.stdout, done.stderr), bad.value, bad.step)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("nonsense",), ("'nonsense'", "elige --help"), id="unknown command"),
        pytest.param(("runs", "shwo"), ("'shwo'", "show", "elige runs --help"), id="near command"),
        pytest.param(("--nonsense",), ("--nonsense", "elige --help"), id="unknown option"),
        pytest.param(
            choose("ex.csv", "--tolerence", "1"), ("--tolerence", "--tolerance"), id="near option"
        ),
        pytest.param(("choose",), ("DATA_OR_TASK", "elige choose --help"), id="no data"),
        pytest.param(("evaluate", "ex.csv"), ("--model", "elige evaluate"), id="no model"),
        pytest.param(choose("ex.csv", "--scope", "moon"), ("'moon'", "future"), id="scope"),
        pytest.param(choose("ex.csv", "--prefer", "luck"), ("'luck'", "quality"), id="preference"),
        pytest.param(choose("ex.csv", "--limit", "ten"), ("--limit", "'ten'"), id="limit in words"),
        pytest.param(choose("ex.csv", "--seed=x"), ("--seed", "'x'"), id="seed in words"),
        pytest.param(("runs", "--limit", "0"), ("--limit", "'0'"), id="no runs wanted"),
    ],
)
def test_a_command_that_cannot_be_read_is_told_in_one_line(
    arguments: tuple[str, ...], words: tuple[str, ...], elige: Run
) -> None:
    check_told(elige(*arguments), *words, code=2)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        pytest.param("raise ValueError('no\\nway')", ("ValueError: no way", "Mend"), id="raises"),
        pytest.param("return 2.0", ("gave 2.0", "from 0 to 1"), id="returns 2.0"),
        pytest.param("return None", ("gave None", "from 0 to 1"), id="returns nothing"),
    ],
)
def test_a_scorer_of_ones_own_that_fails_is_told_with_the_sample(
    function: str, words: tuple[str, ...], here: Path, elige: Run
) -> None:
    (here / "ex.csv").write_text(GOOD)
    (here / "s.py").write_text(f"def rate(sample, answer):\n    {function}\n")
    assert elige("allow", "scorer", "s.py").code == 0
    check_told(elige(*choose("ex.csv", "--scorer", "s.py:rate")), "rate of s.py", *words)


def test_a_scorer_changed_after_it_was_allowed_does_not_run(here: Path, elige: Run) -> None:
    (here / "ex.csv").write_text(GOOD)
    (here / "s.py").write_text(SCORER)
    assert elige("allow", "scorer", "s.py").code == 0
    assert elige(*choose("ex.csv", "--scorer", "s.py:half")).code == 0
    (here / "s.py").write_text(SCORER.replace("0.5", "1.0"))
    told = elige(*choose("ex.csv", "--scorer", "s.py:half"))
    check_told(told, "s.py", "elige allow scorer s.py")


def test_a_full_disk_is_told_and_what_was_saved_stays(
    small_disk: Path, here: Path, elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELIGE_HOME", str(small_disk / "home"))
    # Where nothing can be written no lease can be given back either; it runs out.
    monkeypatch.setattr("elige.evaluate.runner.LEASE_SECONDS", 3.0)
    monkeypatch.setattr("elige.workbench.session.LEASE_SECONDS", 3.0)
    rows = "".join(f"What is {n} plus 1? {'x' * 400},{n + 1}\n" for n in range(1500))
    (here / "big.csv").write_text(f"question,answer\n{rows}")
    told = elige("evaluate", "big.csv", "-m", "echo,skill=0.5")
    check_told(told, "The disk is full", "Free some space")
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    found = elige("evaluate", "big.csv", "-m", "echo,skill=0.5", "--json")
    facts = json.loads(found.out)
    assert facts["evaluated"] == 1500
    assert facts["asked"] > 0


def test_a_report_that_cannot_be_written_is_told_before_anything_is_asked(
    here: Path, elige: Run
) -> None:
    (here / "ex.csv").write_text(GOOD)
    told = elige(*choose("ex.csv", "--report", "no/report.html"))
    check_told(told, "no/report.html")
    assert elige("runs").out == "No runs yet. Try: elige demo\n"


def test_ctrl_c_while_the_file_is_read_is_told(
    here: Path, elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "ex.csv").write_text(GOOD)
    code = (
        "import os, signal, sys, threading\n"
        "import elige.workbench as w\n"
        "def stop(*_): os.kill(os.getpid(), signal.SIGINT); threading.Event().wait(5)\n"
        "w.plan_race = stop\n"
        f"sys.argv = ['elige', *{choose('ex.csv')!r}]\n"
        "from elige.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 130
    assert done.stderr.splitlines()[-1].startswith("elige: Interrupted; every answer so far")
