"""The installed command in pipes, with poor encodings and readers that leave early."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli.bad_inputs import GOOD, TWO
from cli.conftest import Run

NAME = "ejemplos ñ 日本.csv"


def shell(command: str, here: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`command` in bash, where `elige` is this one."""
    script = f'set -o pipefail; elige() {{ "{sys.executable}" -m elige "$@"; }}; {command}'
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        cwd=here,
        env=os.environ | environment,
        timeout=60,
    )


@pytest.fixture
def named(here: Path) -> Path:
    (here / NAME).write_text(GOOD)
    return here


def test_with_json_there_is_nothing_else_on_stdout(named: Path) -> None:
    done = shell(f"elige choose '{NAME}' {' '.join(TWO)} --json", named)
    assert done.returncode == 0
    assert json.loads(done.stdout)["task"] == "ejemplos ñ 日本"
    assert b"samples" in done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, id="ascii"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="latin-1"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="LANG=C"),
    ],
)
def test_a_poor_encoding_loses_letters_but_nothing_fails(
    named: Path, environment: dict[str, str]
) -> None:
    done = shell(f"elige choose '{NAME}' -c echo,name=ñandú -c echo,skill=0", named, **environment)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    again = shell(
        f"elige choose '{NAME}' -c echo,name=ñandú -c echo,skill=0 --json", named, **environment
    )
    assert again.returncode == 0
    json.loads(again.stdout.decode("ascii"))


def test_a_sign_that_the_encoding_lacks_is_not_read_as_another_one(named: Path) -> None:
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = shell("elige models search olmo --licence apache-2.0 --limit 3", named, **poor)
    assert done.returncode == 0 and b"+ apache-2.0" in done.stdout
    assert b"? apache-2.0" not in done.stdout
    assert b"Licence: + commercial use, ~ under conditions, x not, ? unknown" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("elige --help | head -1", id="help"),
        pytest.param("elige doctor | head -1", id="doctor"),
        pytest.param(f"elige choose '{NAME}' {' '.join(TWO)} | true", id="choose"),
        pytest.param(f"elige choose '{NAME}' {' '.join(TWO)} --json | head -1", id="json"),
    ],
)
def test_a_reader_that_leaves_early_brings_no_traceback(named: Path, command: str) -> None:
    done = shell(command, named)
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr
    assert b"elige: " not in done.stderr


def test_a_full_device_behind_stdout_is_told(named: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    done = shell("elige doctor > /dev/full", named)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1].startswith("elige: No space left on device")


def test_no_colour_where_it_is_not_wanted(named: Path) -> None:
    done = shell("elige choose --help", named, NO_COLOR="1", FORCE_COLOR="1")
    assert b"\x1b[3" not in done.stdout
    assert b"\x1b" not in shell("elige doctor", named).stdout


def test_progress_in_a_pipe_shows_what_advances(here: Path, elige: Run) -> None:
    rows = "".join(f"What is {n} plus 1?,{n + 1}\n" for n in range(48))
    (here / "ex.csv").write_text(f"question,answer\n{rows}")
    told = elige("evaluate", "ex.csv", "-m", "echo,skill=1,delay=0.07")
    signs = [line for line in told.err.splitlines() if " of at most 48 answers" in line]
    assert 1 <= len(signs) <= 2
    assert len(set(signs)) == len(signs)


def test_ctrl_c_shows_the_verdict_so_far_and_leaves_with_130(here: Path) -> None:
    rows = "".join(f"What is {n} plus 1?,{n + 1}\n" for n in range(400))
    (here / "ex.csv").write_text(f"question,answer\n{rows}")
    command = [sys.executable, "-m", "elige", "choose", "ex.csv", "--json"]
    command += ["-c", "echo,skill=0.9,delay=0.05", "-c", "echo,skill=0.88,delay=0.05"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as race:
        assert race.stderr is not None
        assert any(b" of at most " in line for line in race.stderr)
        race.send_signal(signal.SIGINT)
        out, err = race.communicate(timeout=30)
    assert race.returncode == 130, err
    verdict = json.loads(out)
    assert 0 < verdict["evaluations"] < 800
    assert any("the same command goes on" in notice for notice in verdict["notices"])
    assert b"Traceback" not in err
