"""Replays races on real answers: the saving, and how often the returned model was wrong.

python bench/race_replay.py FOLDER_OF_NPZ [--draws 300] [--tolerance 0.01 0.03] [--portion 8]
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from elige.choose.race import Race, RaceSettings
from elige.records import Status
from elige.stats import upper_limit

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What all draws from one matrix came to; `rounds` counts changes of the model asked."""

    draws: int
    full: int
    used: int
    wrong: int
    false: int
    still_open: int
    rounds: int
    seconds: float


def replay(
    matrix: Matrix, settings: RaceSettings, *, models: int, draws: int, seed: int
) -> Replayed:
    """Race `models` random rows `draws` times, over all columns in random order."""
    generator = np.random.default_rng(seed)
    used = wrong = false = still_open = rounds = 0
    began = perf_counter()
    for _ in range(draws):
        rows = generator.choice(len(matrix), models, replace=False)
        scores = matrix[rows][:, order(generator, matrix.shape[1], settings)]
        race, loads = run(scores, settings)
        gaps = matrix[rows].mean(axis=1).max() - matrix[rows].mean(axis=1)
        used, rounds = used + race.evaluations, rounds + loads
        wrong += bool(gaps[race.names.index(race.winner)] > settings.tolerance + 1e-9)
        statements = [(race.status(name), gap) for name, gap in zip(race.names, gaps, strict=True)]
        false += any(is_false(status, gap, settings) for status, gap in statements)
        still_open += sum(status is Status.OPEN for status, _ in statements)
    return Replayed(
        draws=draws,
        full=draws * models * matrix.shape[1],
        used=used,
        wrong=wrong,
        false=false,
        still_open=still_open,
        rounds=rounds,
        seconds=perf_counter() - began,
    )


def order(
    generator: np.random.Generator, samples: int, settings: RaceSettings
) -> NDArray[np.int64]:
    """The samples of one draw: the whole list, or as many drawn anew from it."""
    if settings.scope == "list":
        return generator.permutation(samples)
    return generator.integers(0, samples, samples)


def run(scores: Matrix, settings: RaceSettings) -> tuple[Race, int]:
    """A finished race on known scores, and how often a model had to be loaded."""
    names = [str(index) for index in range(len(scores))]
    race = Race(names, replace(settings, samples=scores.shape[1]))
    last: Sequence[str] = ()
    loads = 0
    while (batch := race.draw()) is not None:
        part = slice(batch.start, batch.stop)
        answers = {name: scores[int(name), part].tolist() for name in batch.candidates}
        race.settle(answers)
        loads += len(batch.candidates) if tuple(batch.candidates) != last else 0
        last = tuple(batch.candidates)
    return race, loads


def is_false(status: Status, gap: float, settings: RaceSettings) -> bool:
    """Whether a statement is wrong of a candidate `gap` below the best."""
    if status is Status.BEATEN:
        return gap <= 1e-9
    return status in {Status.WITHIN, Status.WINNER} and gap > settings.tolerance + 1e-9


def show(name: str, found: Replayed) -> None:
    """One line for one matrix."""
    limit = upper_limit(found.wrong, found.draws)
    print(
        f"{name:32} saving {found.full / found.used:6.2f}  wrong {found.wrong / found.draws:.3f}"
        f" (95 % limit {limit:.3f})  false statements {found.false / found.draws:.3f}"
        f"  open {found.still_open / found.draws:.1f}  rounds {found.rounds / found.draws:.0f}"
        f"  {found.seconds / found.draws:.3f} s a race"
    )


def main() -> None:
    """Replay every matrix of a folder at every tolerance."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", type=int, default=10)
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tolerance", type=float, nargs="+", default=[0.01, 0.03])
    parser.add_argument("--scope", choices=["list", "future"], default="list")
    parser.add_argument("--portion", type=int, default=RaceSettings(samples=1).portion)
    parser.add_argument("--growth", type=float, default=RaceSettings(samples=1).growth)
    parser.add_argument("--patience", type=float, default=RaceSettings(samples=1).patience)
    asked = parser.parse_args()
    for tolerance in asked.tolerance:
        settings = RaceSettings(
            samples=1,
            tolerance=tolerance,
            scope=asked.scope,
            portion=asked.portion,
            growth=asked.growth,
            patience=asked.patience,
        )
        savings = []
        for path in sorted(asked.folder.glob("*.npz")):
            matrix = np.load(path)["X"].astype(float)
            found = replay(
                matrix, settings, models=asked.models, draws=asked.draws, seed=asked.seed
            )
            savings.append(found.full / found.used)
            show(path.stem, found)
        mean = float(np.exp(np.mean(np.log(savings))))
        print(f"tolerance {tolerance:g}: geometric mean of the savings {mean:.2f}")


if __name__ == "__main__":
    main()
