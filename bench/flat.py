"""Memory, speed and what a kill -9 costs, of `elige evaluate` at several sizes.

Runs the command line itself, each time with a home of its own, and reads the peak of its memory
from the operating system. `plan` is a dry run: what reading the rows takes. `answers` is how much
more the peak of a whole run is; it is to stay flat while the rows grow. Exits with 3 when it does
not, or when a resumed run asks more again than the chunk that was under way.

    python bench/flat.py --sizes 1000 10000 50000
    python bench/flat.py --model tiny --sizes 1000 10000 --kills 0
    python bench/flat.py --data ../shared/data/benchmarks --kills 3
"""

import argparse
import csv
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BROKEN = 3
FLAT_BYTES = 30_000_000
MODELS = {"echo": "echo,skill=0.8", "tiny": "{folder},dtype=fp32"}
# Loaded by the subprocess at its start: the peak of its memory at its end, and a line for each
# question that the engine is handed.
WATCHER = """
import atexit, hashlib, os, resource, sys

def peak():
    with open(os.environ["FLAT_PEAK"], "w") as out:
        out.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))

def watched(kind):
    score, generate = kind.score, kind.generate
    log = os.open(os.environ["FLAT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    def note(prompt):
        os.write(log, hashlib.sha256(prompt.encode()).hexdigest().encode() + b"\\n")
    def watched_score(self, asks):
        for ask in asks:
            note(ask.prompt.shown())
        return score(self, asks)
    def watched_generate(self, prompts, sampling):
        for prompt in prompts:
            note(prompt.shown())
        yield from generate(self, prompts, sampling)
    kind.score, kind.generate = watched_score, watched_generate

if "evaluate" in sys.orig_argv:
    atexit.register(peak)
    if os.environ.get("FLAT_LOG"):
        from elige.engines.echo import EchoEngine
        watched(EchoEngine)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One run of the command: its result, what it took, and the peak of its memory."""

    found: dict[str, Any]
    seconds: float
    peak: int


class Bench:
    """Where it all happens, and with which model."""

    def __init__(self, folder: Path, model: str) -> None:
        self.folder = folder
        self.model = model
        (folder / "watcher").mkdir()
        (folder / "watcher" / "sitecustomize.py").write_text(WATCHER)

    def home(self, name: str) -> Path:
        """A new home."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return path

    def start(self, home: Path, data: Path, *flags: str, log: str = "") -> "subprocess.Popen[str]":
        """The command, running."""
        command = [sys.executable, "-m", "elige", "evaluate", str(data), "--model", self.model]
        known = os.environ.get("PYTHONPATH", "")
        environment = os.environ | {
            "ELIGE_HOME": str(home),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(self.folder / "watcher"), known])),
            "FLAT_PEAK": str(home / "peak"),
            "FLAT_LOG": log,
            "OMP_NUM_THREADS": "1",
        }
        return subprocess.Popen(
            [*command, "--json", *flags],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, home: Path, data: Path, *flags: str, log: str = "") -> Done:
        """The command, at its end."""
        started = time.perf_counter()
        process = self.start(home, data, *flags, log=log)
        out, _ = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"elige evaluate ended with {process.returncode}")
        seconds = time.perf_counter() - started
        return Done(found=json.loads(out), seconds=seconds, peak=int((home / "peak").read_text()))


def measured(bench: Bench, data: Path, rows: int) -> int:
    """Print a line on one size; by how much the answers raised the peak, in bytes."""
    home = bench.home(f"home{rows}")
    plan = bench.run(home, data, "--dry-run")
    first = bench.run(home, data)
    log = home / "asked"
    again = bench.run(home, data, log=str(log))
    more = max(first.peak, again.peak) - plan.peak
    speed = rows / (first.seconds - plan.seconds)
    print(
        f"{rows:>9,}{plan.peak / 1e6:>10.0f}{first.peak / 1e6:>10.0f}{more / 1e6:>+10.1f}"
        f"{speed:>12,.0f}{first.seconds:>10.1f}{again.seconds:>10.1f}"
    )
    if log.exists() and log.read_text():
        raise SystemExit("an answer was asked again")
    return more


def killed(bench: Bench, data: Path, rows: int, *, kills: int, seed: int) -> bool:
    """Kill one run several times, let it end; whether no more was lost than a chunk each time."""
    from elige.evaluate.chunks import CHUNK

    chance = random.Random(seed)
    home, log = bench.home("killed"), bench.folder / "asked"
    if bench.model.startswith("echo"):
        bench.model += ",delay=0.001"  # so that kills meet it while it answers
    whole = bench.run(bench.home("whole"), data).seconds
    for _ in range(kills):
        process = bench.start(home, data, log=str(log))
        time.sleep(chance.uniform(0.3, 0.6) * whole)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    last = bench.run(home, data, log=str(log))
    asked = Counter(log.read_text().split())
    twice = sum(asked.values()) - len(asked)
    print(f"\n{kills} kills: {len(asked):,} questions of {rows:,} rows were asked, {twice} of them")
    print(
        f"twice (at most {kills * CHUNK}: the chunk under way); {last.found['evaluated']:,} scored"
    )
    return twice <= kills * CHUNK and last.found["evaluated"] == rows


def sums(path: Path, rows: int, *, choices: bool) -> Path:
    """A file of so many sums, each with four choices where these are wanted."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["question", "choices", "answer"] if choices else ["question", "answer"])
        for number in range(rows):
            total = number + 7 * number % 31
            listed = [json.dumps([str(total + step) for step in (-2, 0, 3, 10)])] if choices else []
            writer.writerow([f"What is {number} plus {total - number}?", *listed, str(total)])
    return path


def real_rows(folder: Path) -> Iterator[dict[str, object]]:
    """HellaSwag's and MMLU's questions, as many as lie there."""
    with gzip.open(folder / "hellaswag_val_even.jsonl.gz", "rt") as stream:
        for line in stream:
            row = json.loads(line)
            yield {
                "id": row["id"],
                "question": row["query"],
                "choices": row["endings"],
                "answer": row["label"],
            }
    for path in sorted((folder / "mmlu").glob("*_test.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield {key: row[key] for key in ("id", "question", "choices", "answer")}


def tiny(folder: Path) -> Path:
    """A Llama of 2 layers with random weights."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from engines.tiny import build

    return build("llama", folder / "tiny")


def main() -> None:
    """Measure each size, then kill."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--model", choices=sorted(MODELS), default="echo")
    parser.add_argument("--data", type=Path, help="a folder with HellaSwag and MMLU: one more size")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="elige-flat-") as name:
        folder = Path(name)
        where = tiny(folder) if options.model == "tiny" else ""
        bench = Bench(folder, MODELS[options.model].format(folder=where))
        files = [
            (sums(folder / f"sums{rows}.csv", rows, choices=options.model == "tiny"), rows)
            for rows in options.sizes
        ]
        if options.data is not None:
            lines = [json.dumps(row) for row in real_rows(options.data)]
            (folder / "real.jsonl").write_text("\n".join(lines))
            files.append((folder / "real.jsonl", len(lines)))
        print("     rows   plan MB   peak MB   answers   samples/s     first     again")
        more = [measured(bench, path, rows) for path, rows in files]
        flat = max(more) - min(more) <= FLAT_BYTES
        if options.kills:
            flat &= killed(bench, *files[-1], kills=options.kills, seed=options.seed)
    print("flat" if flat else "NOT FLAT")
    sys.exit(0 if flat else BROKEN)


if __name__ == "__main__":
    main()
