"""`replay`: what a race saves, and how often it is wrong, on answers that are known already."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack  # JSON-like values have no better static type

from elige.choose.replay import (
    Costs,
    Matrix,
    Measured,
    Replay,
    Tally,
    Terms,
    chosen_methods,
    matrix_of,
    measured,
    prepared,
    read_costs,
    read_matrix,
    replayed,
)
from elige.errors import BadInput
from elige.workbench.interruption import interruptible
from elige.workbench.keywords import ReplayKeywords, replay_options
from elige.workbench.options import ReplayOptions
from elige.workbench.results import frame_of

if TYPE_CHECKING:
    import pandas

    Given = str | PathLike[str] | Mapping[str, Sequence[float]] | pandas.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaying:
    """How far it is: `done` of `draws` draws of a matrix, which is number `place` of `matrices`."""

    matrix: str
    place: int
    matrices: int
    done: int
    draws: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixReplay:
    """One matrix: how many models were drawn from, and what every method came to."""

    name: str
    models: int
    samples: int
    draws: int
    methods: Mapping[str, Measured]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReplayResult:
    """The end of `elige.replay`: for each method what it saved and how often it was wrong.

    `methods` is over all matrices together, `matrices` each by itself. `interrupted` says that
    Ctrl-C ended it; then these are the draws so far.
    """

    methods: Mapping[str, Measured]
    matrices: tuple[MatrixReplay, ...]
    options: ReplayOptions
    notices: tuple[str, ...] = ()
    interrupted: bool = False

    def facts(self) -> dict[str, Any]:
        """The same object that `elige replay --json` prints."""
        said = {one.name: getattr(self.options, one.name) for one in fields(self.options)}
        said.pop("methods")
        if isinstance(said["cost"], Mapping):
            said["cost"] = dict(said["cost"])
        return {
            "methods": {name: asdict(one) for name, one in self.methods.items()},
            "matrices": [_matrix_facts(one) for one in self.matrices],
            **said,
            "cost": said["cost"] or None,
            "notices": list(self.notices),
            "interrupted": self.interrupted,
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """`facts` as JSON."""
        return json.dumps(self.facts(), ensure_ascii=False, indent=indent)

    def to_frame(self) -> "pandas.DataFrame":
        """A row for each method on each matrix. Raises `MissingExtra` without pandas."""
        return frame_of(
            [
                {"matrix": matrix.name, "method": name} | asdict(one)
                for matrix in self.matrices
                for name, one in matrix.methods.items()
            ]
        )

    def __repr__(self) -> str:
        told = [
            f"{name}: {one.saving:.2f} times fewer evaluations, "
            f"{100 * one.error:.1f} % of {one.draws} draws wrong"
            for name, one in self.methods.items()
        ]
        return "\n".join([*told, *self.notices])


def _matrix_facts(one: MatrixReplay) -> dict[str, Any]:
    methods = {name: asdict(found) for name, found in one.methods.items()}
    return {
        "name": one.name,
        "models": one.models,
        "samples": one.samples,
        "draws": one.draws,
        "methods": methods,
    }


def run_replay(
    matrices: Sequence[Matrix], options: ReplayOptions
) -> Iterator[Replaying | ReplayResult]:
    """Replay each matrix in turn; yields how far it is, at last the result.

    Ctrl-C ends it after the draw in hand. Raises `BadInput` for a matrix with too few models and
    for costs that fit none, `NotFound` for a method that does not exist; all before it begins.
    """
    replay = _replay(options)
    ready = [prepared(matrix, replay) for matrix in matrices]
    notices = tuple(filter(None, map(_left_out, matrices, ready)))
    found: list[tuple[Matrix, dict[str, Tally]]] = []
    with interruptible(lambda: None) as interruption:
        for place, matrix in enumerate(ready, 1):
            for done, tallies in enumerate(replayed(matrix, replay), 1):
                if done == 1:
                    found.append((matrix, tallies))
                yield Replaying(
                    matrix=matrix.name,
                    place=place,
                    matrices=len(ready),
                    done=done,
                    draws=options.draws,
                )
                if interruption.asked:
                    break
            if interruption.asked:
                break
        interrupted = interruption.asked
    yield _result(found, options, notices, interrupted=interrupted)


def replay(
    matrices: "Given | Iterable[Given]",
    *,
    progress: Callable[[Replaying], object] | None = None,
    **options: Unpack[ReplayKeywords],
) -> ReplayResult:
    """What racing saves and how often it is wrong, replayed on matrices of known answers.

    A matrix is a file (.npz, CSV, Parquet), a dict of each model's scores or a pandas DataFrame
    with the models as its index; several come in a list. The options are those of
    `elige replay`, with underscores, `methods` and `cost` (a file or a dict) among them. `progress`
    hears how far it is after each draw. Ctrl-C gives the draws so far.

    Raises `EligeError` for whatever cannot be used; `TypeError` for an option that does not exist.
    """
    said = replay_options(options)
    for event in run_replay(matrices_of(matrices), said):
        if isinstance(event, ReplayResult):
            return event
        if progress is not None:
            progress(event)
    raise RuntimeError("a replay ended without a result")


def matrices_of(given: object) -> list[Matrix]:
    """The matrices that were named or handed over. Raises `BadInput` for what is none."""
    if isinstance(given, (str, PathLike, Mapping)) or _is_frame(given):
        given = [given]
    if not isinstance(given, Iterable):
        raise BadInput(f"{given!r} is no matrix.", hint="Give a file, a dict or a data frame.")
    found = [_matrix(one, f"matrix {place}") for place, one in enumerate(given, 1)]
    if not found:
        raise BadInput("No matrix was given.", hint="Give a file: elige replay scores.csv")
    return found


def _matrix(one: Any, name: str) -> Matrix:  # noqa: ANN401 - whatever a program hands over
    if isinstance(one, (str, PathLike)):
        return read_matrix(Path(fspath(one)).expanduser())
    if isinstance(one, Mapping):
        return matrix_of(one.items(), name)
    if _is_frame(one):
        return matrix_of(zip(one.index, one.to_numpy().tolist(), strict=True), name)
    raise BadInput(
        f"{name} is of type {type(one).__name__}, no matrix.",
        hint="Give a file, a dict of scores by model, or a data frame.",
    )


def _is_frame(one: object) -> bool:
    return all(hasattr(one, name) for name in ("index", "columns", "to_numpy"))


def _replay(options: ReplayOptions) -> Replay:
    terms = Terms(
        tolerance=options.tolerance,
        confidence=options.confidence,
        scope=options.scope,
        prefer=options.prefer,
        batches=options.batches,
    )
    return Replay(
        methods=chosen_methods(options.methods),
        terms=terms,
        models=options.models,
        draws=options.draws,
        seed=options.seed,
        costs=_costs(options.cost),
    )


def _costs(cost: str | Mapping[str, float]) -> Costs:
    if isinstance(cost, Mapping):
        return {"cost": cost} if cost else {}
    return read_costs(Path(cost).expanduser()) if cost else {}


def _left_out(whole: Matrix, kept: Matrix) -> str:
    lacking = [model for model in whole.models if model not in set(kept.models)]
    if not lacking:
        return ""
    some = ", ".join(lacking[:3]) + (", ..." if lacking[3:] else "")
    return f"{whole.name}: {len(lacking)} models without a cost are left out ({some})."


def _result(
    found: Sequence[tuple[Matrix, dict[str, Tally]]],
    options: ReplayOptions,
    notices: tuple[str, ...],
    *,
    interrupted: bool,
) -> ReplayResult:
    names = list(found[0][1])
    return ReplayResult(
        methods={name: measured([tallies[name] for _, tallies in found]) for name in names},
        matrices=tuple(
            MatrixReplay(
                name=matrix.name,
                models=len(matrix.models),
                samples=matrix.samples,
                draws=tallies[names[0]].draws,
                methods={name: measured([tally]) for name, tally in tallies.items()},
            )
            for matrix, tallies in found
        ),
        options=options,
        notices=notices,
        interrupted=interrupted,
    )
