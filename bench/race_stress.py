"""Races where the promise is hardest to keep: how often anything that was said is wrong.

python bench/race_stress.py [--draws 1000] [--only WORD] [--seed 0]

Three candidates, epsilon 0.05, delta 5 %. The first is the best one, the two others as far below
it as the set-up says. `list` shuffles one list of 200 samples, `future`
draws 200 from it with replacement. Prints a table in Markdown; exit 3 when a limit is passed.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from elige.choose.race import Race, RaceSettings
from elige.records import Preference, Scope, Status
from elige.stats import upper_limit

Matrix = NDArray[np.float64]

SAMPLES = 200
EPSILON = 0.05
DELTA = 0.05
MOST = 0.065
GAPS = {"0": 0.0, "eps/2": EPSILON / 2, "eps": EPSILON, "above eps": EPSILON + 1 / SAMPLES}
COSTS = {"quality": (1.0, 1.0, 1.0), "cost": (3.0, 2.0, 1.0), "speed": (2.0, 1.0, 3.0)}
KINDS = ("independent", "correlated", "noisy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One place where errors are looked for."""

    kind: str
    gap: str
    scope: Scope
    prefer: Preference

    @property
    def name(self) -> str:
        """Its words."""
        return f"{self.kind}, gap {self.gap}, {self.scope}, by {self.prefer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many draws returned a wrong model, and made a false statement of either kind."""

    wrong: int = 0
    within: int = 0
    beaten: int = 0
    undecided: int = 0
    used: int = 0


def setups() -> Iterator[Setup]:
    """Every kind of scores and gap in both scopes; by cost and speed for the correlated ones."""
    prefers: tuple[Preference, ...] = ("quality", "cost", "speed")
    for prefer in prefers:
        for kind in KINDS if prefer == "quality" else ("correlated",):
            for scope in ("list", "future"):
                for gap in GAPS:
                    yield Setup(kind=kind, gap=gap, scope=scope, prefer=prefer)


def scores_of(setup: Setup, generator: np.random.Generator) -> Matrix:
    """Three candidates on the list: means 0.6 and exactly so much less."""
    below = (0.0, GAPS[setup.gap], GAPS[setup.gap])
    hard = generator.random(SAMPLES)
    return np.stack(
        [_row(setup.kind, round((0.6 - gap) * SAMPLES), hard, generator) for gap in below]
    )


def _row(kind: str, right: int, hard: Matrix, generator: np.random.Generator) -> Matrix:
    """One candidate's scores of sum `right`; correlated ones fail on the hard samples."""
    luck = generator.random(SAMPLES) * (0.4 if kind == "correlated" else 1.0)
    order = np.argsort(luck + (hard if kind == "correlated" else 0.0))
    row = np.zeros(SAMPLES)
    row[order[:right]] = 1.0
    if kind != "noisy":
        return row
    # A noisy score: the sum stays, what is taken from one sample is given to another.
    high, low = np.flatnonzero(row == 1.0), np.flatnonzero(row == 0.0)
    pairs = min(len(high), len(low))
    moved = generator.uniform(0.0, 0.5, pairs)
    row[generator.permutation(high)[:pairs]] -= moved
    row[generator.permutation(low)[:pairs]] += moved
    return row


def said(scores: Matrix, means: Matrix, settings: RaceSettings) -> Found:
    """What one race came to: every statement is looked at, those on the way too."""
    race = Race([str(index) for index in range(len(scores))], settings)
    gaps = dict(zip(race.names, means.max() - means, strict=True))
    least = EPSILON if settings.prefer != "quality" else 0.0
    news: list[tuple[str, Status]] = []
    while (batch := race.draw()) is not None:
        part = slice(batch.start, batch.stop)
        rows = {name: scores[int(name), part].tolist() for name in batch.candidates}
        news += [(one.name, one.status) for one in race.settle(rows)]
    news += [(name, race.status(name)) for name in race.names]
    beaten = any(status is Status.BEATEN and gaps[name] <= least + 1e-9 for name, status in news)
    good = {Status.WITHIN, Status.WINNER}
    within = any(status in good and gaps[name] > EPSILON + 1e-9 for name, status in news)
    wrong = race.decided and gaps[race.winner] > EPSILON + 1e-9
    return Found(
        wrong=wrong,
        within=within,
        beaten=beaten,
        undecided=not race.decided,
        used=race.evaluations,
    )


def stress(setup: Setup, *, draws: int, seed: int) -> Found:
    """The races of one set-up, summed."""
    generator = np.random.default_rng(seed)
    scores = scores_of(setup, generator)
    costs = {str(index): cost for index, cost in enumerate(COSTS[setup.prefer])}
    settings = RaceSettings(
        samples=SAMPLES, tolerance=EPSILON, confidence=1 - DELTA, scope=setup.scope,
        prefer=setup.prefer, costs=costs,
    )  # fmt: skip
    races = []
    for _ in range(draws):
        if setup.scope == "list":
            order = generator.permutation(SAMPLES)
        else:
            order = generator.integers(0, SAMPLES, SAMPLES)
        races.append(said(scores[:, order], scores.mean(axis=1), settings))
    return Found(
        wrong=sum(race.wrong for race in races),
        within=sum(race.within for race in races),
        beaten=sum(race.beaten for race in races),
        undecided=sum(race.undecided for race in races),
        used=sum(race.used for race in races),
    )


def main() -> None:
    """Run every set-up and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="set-ups with this in their name")
    asked = parser.parse_args()
    began, most, worst = perf_counter(), 0.0, 0.0
    print("| set-up | wrong | false within | false beaten | 95 % limit | undecided | asked |")
    print("|---|---|---|---|---|---|---|")
    for number, setup in enumerate(setups()):
        if asked.only not in setup.name:
            continue
        found = stress(setup, draws=asked.draws, seed=asked.seed + number)
        errors = (found.wrong, found.within, found.beaten)
        limit = upper_limit(max(errors), asked.draws)
        most, worst = max(most, max(errors) / asked.draws), max(worst, limit)
        shares = " | ".join(f"{count / asked.draws:.3f}" for count in errors)
        used = found.used / (asked.draws * 3 * SAMPLES)
        undecided = found.undecided / asked.draws
        print(
            f"| {setup.name} | {shares} | {limit:.3f} | {undecided:.2f} | {used:.2f} |", flush=True
        )
    seconds = perf_counter() - began
    print(f"\nmost {most:.3f}, largest upper limit {worst:.3f} ({seconds:.0f} s)")
    if most > DELTA or worst > MOST:
        sys.exit(3)


if __name__ == "__main__":
    main()
