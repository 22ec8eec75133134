"""Killed at random moments, resumed, two processes at once: nothing lost, nothing doubled."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent.parent / "bench" / "kills.py"


def kills(*arguments: str) -> dict[str, str]:
    """What the script prints, by name."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.partition("  ") for line in done.stdout.splitlines()]
    return {name.strip(): value.strip() for name, _, value in lines}


def test_an_echo_race_survives_being_killed() -> None:
    found = kills("--kills", "8", "--samples", "80", "--delay", "0.005", "--seed", "3")
    assert int(found["kills"]) >= 8
    assert found["answers expected"] == found["answers found"]
    assert [found[f"answers {how}"] for how in ("lost", "doubled", "changed")] == ["0"] * 3
    assert found["verdict identical"] == "yes"


@pytest.mark.slow
def test_a_real_models_race_survives_being_killed() -> None:
    found = kills("--model", "smollm2", "--kills", "1", "--samples", "24")
    assert found["answers expected"] == found["answers found"]
    assert found["verdict identical"] == "yes"
