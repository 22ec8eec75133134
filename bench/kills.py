"""Kill -9 at random moments of a race, resume, and count what was lost, doubled or changed.

Runs the command line itself in subprocesses, each time with a home of its own. Exits with 3
when an answer was lost or counted twice, or a verdict differs from the undisturbed one.

    python bench/kills.py --kills 100 --model echo
    python bench/kills.py --kills 5 --model smollm2
"""

import argparse
import csv
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BROKEN = 3
# Times and money are measured anew whenever something is asked anew; `asked` counts payments.
MEASURED = {"seconds", "seconds_each", "p95_seconds", "cost", "cost_per_1000", "asked"}
IN_FLIGHT = 16  # elige.evaluate.chunks.CHUNK: what one candidate of a race is asked at once
TWO_AT_ONCE = 0.35
CANDIDATES = {
    "echo": (
        "echo,skill=0.9,delay={delay},name=good",
        "echo,skill=0.87,delay={delay},seed=4,name=near",
        "echo,skill=0.5,delay={delay},seed=7,name=poor",
    ),
    "smollm2": ("smollm2-135m-instruct,name=bare", "smollm2-135m-instruct,shots=2,name=shown"),
}
ENGINES = {
    "echo": ("elige.engines.echo", "EchoEngine"),
    "smollm2": ("elige.engines.torch", "TorchEngine"),
}
# Loaded by the subprocess at its start: a line for each answer that an engine has finished.
COUNTER = """
import hashlib, os, sys
from importlib import import_module

def note(engine, prompts):
    with open(os.environ["KILLS_LOG"], "a") as log:
        for prompt in prompts:
            text = repr((engine.describe().identity, prompt))
            log.write(hashlib.sha256(text.encode()).hexdigest() + "\\n")

def counted(kind):
    score, generate = kind.score, kind.generate
    def counted_score(self, asks):
        answers = score(self, asks)
        note(self, [(ask.prompt.shown(), ask.continuations) for ask in asks])
        return answers
    def counted_generate(self, prompts, sampling):
        for piece in generate(self, prompts, sampling):
            if piece.answer is not None:
                note(self, [(prompts[piece.index].shown(), ())])
            yield piece
    kind.score, kind.generate = counted_score, counted_generate

module, name = os.environ["KILLS_ENGINE"].split(":")
if "choose" in sys.orig_argv:
    counted(getattr(import_module(module), name))
"""
Rows = dict[tuple[str, str, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is raced, and where."""

    folder: Path
    data: Path
    model: str
    delay: float
    models: Path | None = None

    @property
    def command(self) -> list[str]:
        """The command line."""
        candidates = [text.format(delay=self.delay) for text in CANDIDATES[self.model]]
        flags = [part for text in candidates for part in ("--candidate", text)]
        return [sys.executable, "-m", "elige", "choose", str(self.data), *flags, "--json"]


@dataclass(slots=True)
class Counts:
    """What the kills came to."""

    kills: int = 0
    resumes: int = 0
    homes: int = 0
    two_at_once: int = 0
    answers_expected: int = 0
    answers_found: int = 0
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    asked_twice: int = 0
    asked_twice_allowed: int = 0
    verdicts: int = 0
    verdicts_identical: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was lost, doubled or changed."""
        kept = self.answers_found == self.answers_expected
        good = kept and self.verdicts == self.verdicts_identical
        bad = self.lost or self.doubled or self.changed or self.failures
        return good and not bad and self.asked_twice <= self.asked_twice_allowed


class Home:
    """One ELIGE_HOME, and the processes that share it."""

    def __init__(self, setting: Setting, name: str) -> None:
        self.setting = setting
        self.path = setting.folder / name
        self.path.mkdir()
        self.log = setting.folder / f"{name}.log"
        self.log.touch()
        if setting.models is not None:
            (self.path / "models").symlink_to(setting.models)

    def start(self) -> "subprocess.Popen[str]":
        """The command, running."""
        engine = ":".join(ENGINES[self.setting.model])
        other = [path for path in [os.environ.get("PYTHONPATH", "")] if path]
        environment = os.environ | {
            "ELIGE_HOME": str(self.path),
            "PYTHONPATH": os.pathsep.join([str(self.setting.folder / "counter"), *other]),
            "KILLS_LOG": str(self.log),
            "KILLS_ENGINE": engine,
            "OMP_NUM_THREADS": "1",
        }
        return subprocess.Popen(
            self.setting.command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def rows(self) -> Rows:
        """Every answer that is safely in the database, by its key."""
        path = self.path / "elige.db"
        if not path.exists():
            return {}
        with closing(sqlite3.connect(path, timeout=30)) as database:
            try:
                found = database.execute("SELECT candidate, sent, repeat, body FROM answers")
                rows = found.fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return {}
                raise
        kept: Rows = {(row[0], row[1], row[2]): row[3] for row in rows}
        if len(kept) != len(rows):
            raise SystemExit("two answers stand under one key")
        return kept

    def asked(self) -> Counter[str]:
        """How often the engines finished each answer, in all processes together."""
        return Counter(self.log.read_text().split())


class Trial:
    """Kills races until enough were killed."""

    def __init__(self, setting: Setting, *, seed: int) -> None:
        self.setting = setting
        self.chance = random.Random(seed)
        self.counts = Counts()
        self.home = Home(setting, "undisturbed")
        started = time.perf_counter()
        self.verdict = self._finished(self.home.start())
        self.seconds = time.perf_counter() - started
        self.rows = self.home.rows()
        if not self.verdict or not self.rows:
            raise SystemExit(f"The undisturbed race failed: {self.counts.failures}")

    def run(self, kills: int) -> Counts:
        """Kill so many processes; every home is run to its end."""
        while self.counts.kills < kills:
            self.counts.homes += 1
            self.home = Home(self.setting, f"home{self.counts.homes}")
            while self.counts.kills < kills and not self._disturbed():
                self.counts.resumes += 1
            self._judge(self._finished(self.home.start()))
        return self.counts

    def _disturbed(self) -> bool:
        """Start, kill at a random moment, look; whether it came to its end before that."""
        running = [self.home.start()]
        if self.chance.random() < TWO_AT_ONCE:
            self.counts.two_at_once += 1
            time.sleep(self.chance.uniform(0.0, 0.5))
            running.append(self.home.start())
        time.sleep(self.chance.uniform(0.0, 0.9 * self.seconds))
        self.chance.shuffle(running)
        both = self.chance.random() < 0.5
        victims = running if both else running[:1]
        before = self.home.rows()
        ended = any(victim.poll() is not None for victim in victims)
        for victim in victims:
            if victim.poll() is None:
                victim.send_signal(signal.SIGKILL)
                self.counts.kills += 1
                self.counts.asked_twice_allowed += IN_FLIGHT * len(CANDIDATES[self.setting.model])
        for victim in victims:
            _, talk = victim.communicate()
            if victim.returncode not in {0, -signal.SIGKILL}:
                self.counts.failures.append(f"exit {victim.returncode}: {talk[-300:]}")
        after = self.home.rows()
        self.counts.lost += sum(after.get(key) != body for key, body in before.items())
        for survivor in running[len(victims) :]:
            self._judge(self._finished(survivor), final=False)
            ended = True
        return ended

    def _finished(self, process: "subprocess.Popen[str]") -> dict[str, Any]:
        out, talk = process.communicate()
        if process.returncode != 0:
            self.counts.failures.append(f"exit {process.returncode}: {talk[-300:]}")
            return {}
        verdict: dict[str, Any] = json.loads(out)
        return verdict

    def _judge(self, verdict: dict[str, Any], *, final: bool = True) -> None:
        counts = self.counts
        counts.verdicts += 1
        counts.verdicts_identical += unmeasured(verdict) == unmeasured(self.verdict)
        if not final:
            return
        rows = self.home.rows()
        counts.answers_expected += len(self.rows)
        counts.answers_found += len(rows.keys() & self.rows.keys())
        counts.doubled += len(rows.keys() - self.rows.keys())
        counts.changed += sum(
            timeless(rows[key]) != timeless(self.rows[key]) for key in rows.keys() & self.rows
        )
        asked = self.home.asked()
        counts.asked_twice += sum(times - 1 for times in asked.values())
        if len(asked) < len(rows):
            counts.failures.append(f"{len(rows)} answers were kept, {len(asked)} were counted")


def unmeasured(value: object) -> object:
    """`value` without what is measured."""
    if isinstance(value, dict):
        return {key: unmeasured(one) for key, one in value.items() if key not in MEASURED}
    return [unmeasured(one) for one in value] if isinstance(value, list) else value


def timeless(body: str) -> object:
    """A kept answer without the time it took."""
    return unmeasured(json.loads(body))


def write_data(path: Path, samples: int, *, choices: bool) -> None:
    """A file of sums, each with four choices where these are wanted."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["question", "choices", "answer"] if choices else ["question", "answer"])
        for number in range(samples):
            total = number + 7 * number % 31
            row = [f"What is {number} plus {total - number}?", str(total)]
            if choices:
                options = [str(total + step) for step in (-2, 0, 3, 10)]
                row.insert(1, json.dumps(options))
            writer.writerow(row)


@contextmanager
def prepared(options: argparse.Namespace) -> Iterator[Setting]:
    """The folder in which everything happens, thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="elige-kills-") as name:
        folder = Path(name)
        (folder / "counter").mkdir()
        (folder / "counter" / "sitecustomize.py").write_text(COUNTER)
        data, models = folder / "sums.csv", None
        write_data(data, options.samples, choices=options.model == "smollm2")
        if options.model == "smollm2":  # the conversion is done once, for all homes
            models = folder / "models"
            models.mkdir()
        yield Setting(
            folder=folder, data=data, model=options.model, delay=options.delay, models=models
        )


def main() -> None:
    """Parse, kill, count, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--model", choices=sorted(CANDIDATES), default="echo")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", type=int, default=None)
    parser.add_argument("--delay", type=float, default=0.01, help="of an echo, in seconds")
    options = parser.parse_args()
    options.samples = options.samples or {"echo": 300, "smollm2": 48}[options.model]
    started = time.perf_counter()
    with prepared(options) as setting:
        trial = Trial(setting, seed=options.seed)
        counts = trial.run(options.kills)
    print(f"undisturbed race        {trial.seconds:.1f} s, {len(trial.rows)} answers")
    for name, value in (
        ("kills", counts.kills),
        ("resumes", counts.resumes),
        ("homes", counts.homes),
        ("two processes at once", counts.two_at_once),
        ("answers expected", counts.answers_expected),
        ("answers found", counts.answers_found),
        ("answers lost", counts.lost),
        ("answers doubled", counts.doubled),
        ("answers changed", counts.changed),
        ("asked twice", f"{counts.asked_twice} (at most {counts.asked_twice_allowed})"),
        ("verdicts identical", f"{counts.verdicts_identical} of {counts.verdicts}"),
        ("verdict identical", "yes" if counts.verdicts == counts.verdicts_identical else "no"),
        ("failures", len(counts.failures)),
        ("seconds", f"{time.perf_counter() - started:.0f}"),
    ):
        print(f"{name:<24}{value}")
    for failure in counts.failures[:5]:
        print(failure)
    if not counts.whole:
        print("BROKEN")
        sys.exit(BROKEN)
    print("whole")


if __name__ == "__main__":
    main()
