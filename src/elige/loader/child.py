"""Runs the converting child: hostile files are read with bounded time and memory, apart from us."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any  # JSON values

from elige.errors import BadInput

# Nothing else of the surroundings reaches the child: no keys, no tokens, no proxies.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "LANG", "PYTHONPATH")


def run_child(
    job: dict[str, Any],
    *,
    seconds: int,
    memory_bytes: int,
    environment: Mapping[str, str],
    say: Callable[[str], None],
) -> dict[str, Any]:
    """What the child made of `job` (its `task`, `path`, ...); `say` hears each step.

    Raises `BadInput` with what the child said, or with how it died.
    """
    name = Path(job["path"]).name
    whole = {**job, "seconds": seconds, "memory_bytes": memory_bytes}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as talk:
        child = _started(talk, _surroundings(environment))
        late = threading.Event()
        clock = threading.Timer(seconds, _stop, (child, late))
        clock.start()
        try:
            last = _listen(child, json.dumps(whole), say)
        finally:
            clock.cancel()
            child.kill()
            code = child.wait()
            _close(child.stdout)
        if late.is_set() and not last.keys() & {"done", "error"}:
            raise BadInput(
                f"Reading {name} took more than {seconds} s and was stopped.",
                hint="Use the model's safetensors version, or another GGUF of it.",
            )
        return _outcome(last, name, code)


def _started(talk: IO[str], surroundings: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "elige.loader.convert"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=talk,
        env=surroundings,
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )


def _stop(child: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    child.kill()


def _surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: environment[name] for name in _PASSED_ON if name in environment}
    return {
        **kept,
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(Path(tempfile.gettempdir()) / "elige-no-hub"),
        "PYTHONUNBUFFERED": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_WAIT_POLICY": "PASSIVE",
    }


def _listen(child: subprocess.Popen[str], job: str, say: Callable[[str], None]) -> dict[str, Any]:
    last: dict[str, Any] = {}
    if child.stdin is not None and child.stdout is not None:
        try:
            child.stdin.write(job)
            child.stdin.close()
        except BrokenPipeError:
            return last
        for line in child.stdout:
            try:
                last = json.loads(line)
            except ValueError:  # it died while it spoke
                return {}
            if "step" in last:
                say(str(last["step"]))
            else:
                break
    return last


def _outcome(last: dict[str, Any], name: str, code: int) -> dict[str, Any]:
    if "done" in last:
        done: dict[str, Any] = last["done"]
        return done
    if "error" in last:
        raise BadInput(last["error"], hint=last["hint"])
    raise BadInput(
        f"Reading {name} ended the process that read it (code {code}).",
        hint="It may lack memory, or the file is damaged: try another file of this model.",
    )


def _close(stream: IO[str] | None) -> None:
    if stream is not None:
        stream.close()
