"""Compares the race with other methods on real answers, as the tables of docs/replay.md.

python bench/race_replay.py MATRIX.npz ... [--draws 300] [--tolerance 0.01 0.03] [--method all]
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from elige.choose.race import RaceSettings
from elige.choose.replay import (
    Matrix,
    Method,
    Replay,
    Tally,
    Terms,
    chosen_methods,
    measured,
    prepared,
    race,
    read_costs,
    read_matrix,
    replayed,
)

_USUAL = RaceSettings(samples=1)


def replay_all(matrices: Sequence[Matrix], replay: Replay) -> dict[str, list[Tally]]:
    """Each method's tally of each matrix."""
    found: dict[str, list[Tally]] = {name: [] for name in replay.methods}
    for matrix in matrices:
        tallies = [*replayed(prepared(matrix, replay), replay)][-1]
        for name, tally in tallies.items():
            found[name].append(tally)
    return found


def show(matrices: Sequence[Matrix], found: dict[str, list[Tally]]) -> None:
    """A Markdown table: the saving on each matrix, then all of them together."""
    heads = [*(Path(one.name).stem for one in matrices), "together", "weighted", "wrong"]
    heads += ["at most", "false", "open", "rounds", "ms"]
    print(f"| method | {' | '.join(heads)} |")
    print(f"|{' --- |' * (len(heads) + 1)}")
    for name, tallies in found.items():
        print(f"| `{name}` | {' | '.join(cells(tallies))} |")


def cells(tallies: Sequence[Tally]) -> list[str]:
    """The cells of one method; `ms` is what a draw takes to compute."""
    all_ = measured(tallies)
    weighted = all_.saving_weighted
    seconds = sum(one.seconds for one in tallies) / all_.draws
    return [
        *(f"{one.full / one.used:.2f}" for one in tallies),
        f"{all_.saving:.2f}",
        "-" if weighted is None else f"{weighted:.2f}",
        f"{100 * all_.error:.1f} %",
        f"{100 * all_.error_upper95:.1f} %",
        f"{100 * all_.statement_error:.1f} %" if all_.statements else "-",
        f"{100 * all_.open:.0f} %",
        f"{all_.rounds:.0f}",
        f"{1000 * seconds:.1f}",
    ]


def methods_of(asked: argparse.Namespace) -> dict[str, Method]:
    """The methods by name, elige's race on the schedule that was asked for."""
    found = chosen_methods(asked.method)
    changes = {name: getattr(asked, name) for name in ("portion", "growth", "patience")}
    changes = {name: one for name, one in changes.items() if one != getattr(_USUAL, name)}
    return found | ({"race": race(**changes)} if "race" in found else {})


def main() -> None:
    """Replay the matrices at every tolerance."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("matrices", type=Path, nargs="+")
    parser.add_argument("--models", type=int, default=10)
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tolerance", type=float, nargs="+", default=[0.01, 0.03])
    parser.add_argument("--scope", choices=["list", "future"], default="list")
    parser.add_argument("--batches", choices=["growing", "one"], default="growing")
    parser.add_argument("--method", nargs="+", default=["race"])
    parser.add_argument("--cost", type=Path)
    parser.add_argument("--portion", type=int, default=_USUAL.portion)
    parser.add_argument("--growth", type=float, default=_USUAL.growth)
    parser.add_argument("--patience", type=float, default=_USUAL.patience)
    asked = parser.parse_args()
    matrices = [read_matrix(path) for path in asked.matrices]
    for tolerance in asked.tolerance:
        replay = Replay(
            methods=methods_of(asked),
            terms=Terms(tolerance=tolerance, scope=asked.scope, batches=asked.batches),
            models=asked.models,
            draws=asked.draws,
            seed=asked.seed,
            costs={} if asked.cost is None else read_costs(asked.cost),
        )
        print(f"\ntolerance {tolerance:g}, scope {asked.scope}, batches {asked.batches}\n")
        show(matrices, replay_all(matrices, replay))


if __name__ == "__main__":
    main()
