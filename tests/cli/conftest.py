import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from elige.cli import main


@dataclass(frozen=True, slots=True)
class Told:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Told]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which commands are run in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def elige(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process, as wide as `COLUMNS` says."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> Told:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["elige", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        code = left.value.code
        seen = capsys.readouterr()
        return Told(code if isinstance(code, int) else int(code is not None), seen.out, seen.err)

    return run
