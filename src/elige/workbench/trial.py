"""Runs a model once, in a process of its own, and says what it took: `python -m` this module.

The process is fresh, so that its peak of memory is the model's and nobody else's.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from elige.errors import EngineDown
from elige.records import Answer, Engine, Prompt, Sampling
from elige.workbench.bench import Workbench

_TEXT = (
    "the river runs past old stone houses and green fields while people walk along its banks "
    "every morning and talk of what they saw on the way"
)
_TURNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one model took: bytes at the peak, tokens read and written a second."""

    peak_bytes: int
    read: float
    written: float
    prompt_tokens: int
    completion_tokens: int


def run_trial(bench: Workbench, candidate: str, *, tokens: int, new: int) -> Trial:
    """Open `candidate`, read about `tokens` tokens and write `new` ones; the best of three turns.

    Raises `EngineDown` with what the process said when it failed.
    """
    job = {"candidate": candidate, "tokens": tokens, "new": new}
    home = {"ELIGE_HOME": str(bench.settings.home), "ELIGE_DATABASE": bench.settings.database_url}
    done = subprocess.run(
        [sys.executable, "-m", "elige.workbench.trial"],
        input=json.dumps(job),
        env={**bench.settings.environment, **home},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise EngineDown(f"Measuring {candidate} failed: {said[:300]}")
    return Trial(**json.loads(lines[-1]))


def main() -> None:
    """Do the job on stdin, and answer in one line of JSON on stdout."""
    from elige.config import let_idle_threads_sleep
    from elige.loader.candidate import parse_candidate

    let_idle_threads_sleep()
    job = json.loads(sys.stdin.read())
    with Workbench.open() as bench:
        engine = bench.loader.open(parse_candidate(job["candidate"]))
        turns = [(_turn(engine, job, 1), _turn(engine, job, job["new"])) for _ in range(_TURNS)]
        engine.close()
    answer = turns[0][1][0]
    first = min(one[1] for one, _ in turns)
    # What one token takes is what the longer text takes more: of the same turn, for other
    # programs slow down the whole turn.
    rest = min(many[1] - one[1] for one, many in turns)
    more = answer.completion_tokens - 1
    found = {
        "peak_bytes": peak_bytes(),
        "read": answer.prompt_tokens / first,
        "written": more / rest if rest > 0 else 0.0,
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
    }
    sys.stdout.write(json.dumps(found) + "\n")


def _turn(engine: Engine, job: dict[str, int], new: int) -> tuple[Answer, float]:
    """The answer of `new` tokens, and the seconds until it was whole."""
    words = _TEXT.split()
    text = " ".join(words[at % len(words)] for at in range(job["tokens"]))
    start = perf_counter()
    for piece in engine.generate([Prompt(text=text)], Sampling(max_tokens=new, temperature=0.0)):
        if piece.failure is not None:
            raise piece.failure
        if piece.answer is not None:
            return piece.answer, perf_counter() - start
    raise EngineDown("The model wrote nothing.")


def peak_bytes() -> int:
    """The most memory that this process has held, in bytes."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.is_file() else None
    if found:
        return int(found[1]) * 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    main()
