"""What own runs showed, ordered for people, as JSON, and side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any  # JSON-like values have no better static type

from elige.records import Card, FactKind, RunResult, Speed, SpeedName

_PLACES = ("winner", "within", "open", "beaten")
UNITS: dict[SpeedName, str] = {"read": "tokens/s", "written": "tokens/s", "peak": "bytes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnScore:
    """Results on the same questions, asked and judged alike: those of each model, best first.

    `task`, `data` and `metric` say on what; `is_race` that they come from races.
    """

    task: str
    data: str
    metric: str
    is_race: bool
    results: tuple[tuple[RunResult, ...], ...]


def by_weight(results: Iterable[RunResult]) -> list[RunResult]:
    """Whole evaluations first, then what races or broken-off runs saw; each the newest first."""
    newest = sorted(results, key=lambda one: one.dated, reverse=True)
    return sorted(newest, key=lambda one: (not one.is_full, one.is_race))


def how_taken(one: RunResult) -> str:
    """What kind of run it was and how far it came: 'evaluated', 'race: beaten, stopped early'."""
    broken = [] if one.is_finished else ["broken off"]
    if not one.is_race:
        return ", ".join(["evaluated", *broken])
    place = f"race: {one.place}" if one.place else "race"
    early = ["stopped early"] if one.is_finished and one.samples < one.planned else []
    return ", ".join([place, *early, *broken])


def trials_of(results: Iterable[RunResult]) -> list[Speed]:
    """What `elige fit --measure` showed, each once."""
    found = {speed: None for one in results for speed in one.speeds if speed.is_trial}
    return sorted(found, key=lambda one: (one.machine, one.how, one.name))


def speed_of(card: Card, name: SpeedName, *, is_trial: bool) -> Speed | None:
    """The newest such rate or size of the model; None where none is kept."""
    found = [
        one
        for result in card.measured
        for one in result.speeds
        if one.name == name and one.is_trial == is_trial
    ]
    return max(found, key=lambda one: one.dated, default=None)


def side_by_side_runs(cards: Sequence[Card]) -> tuple[OwnScore, ...]:
    """What the models showed on the same questions; what most of them share comes first."""
    by_model: list[dict[tuple[str, str, str, bool], list[RunResult]]] = []
    for card in cards:
        mine: dict[tuple[str, str, str, bool], list[RunResult]] = {}
        for one in card.measured:
            if one.score is not None:
                mine.setdefault(one.taken, []).append(one)
        by_model.append(mine)
    keys = list(dict.fromkeys(key for mine in by_model for key in mine))
    rows = [_row([mine.get(key, []) for mine in by_model]) for key in keys]
    return tuple(sorted(rows, key=_order))


def _row(found: Sequence[list[RunResult]]) -> OwnScore:
    first = next(one for results in found for one in results)
    return OwnScore(
        task=first.task,
        data=first.data,
        metric=first.metric,
        is_race=first.is_race,
        results=tuple(tuple(_best_first(results)) for results in found),
    )


def _best_first(results: Iterable[RunResult]) -> list[RunResult]:
    """By what the race made of them; evaluations by weight alone: the highest is luck in part."""
    return sorted(
        by_weight(results),
        key=lambda one: _PLACES.index(one.place) if one.place in _PLACES else len(_PLACES),
    )


def _order(row: OwnScore) -> tuple[int, bool, str, str]:
    return -sum(map(bool, row.results)), row.is_race, row.task, row.data


def result_facts(one: RunResult) -> dict[str, Any]:
    """A result as JSON: measured, with its interval, its run and its date."""
    return {
        "kind": str(FactKind.MEASURED),
        "source": f"run {one.run}",
        "run": one.run,
        "dated": one.dated or None,
        "candidate": one.candidate,
        "ran": one.ran,
        "task": one.task,
        "data": one.data,
        "asked": one.asked,
        "metric": one.metric,
        "score": one.score,
        "interval": None if one.low is None or one.high is None else [one.low, one.high],
        "confidence": one.confidence,
        "interval_method": one.method or None,
        "figure": one.figure or None,
        "samples": one.samples,
        "planned": one.planned,
        "race": one.is_race,
        "place": one.place or None,
        "finished": one.is_finished,
        "full": one.is_full,
        "settings": dict(one.settings),
        "seconds_each": one.seconds_each,
        "p95_seconds": one.p95_seconds,
        "cost_per_1000": None if one.cost_per_1000 is None else f"{one.cost_per_1000:f}",
        "speeds": [_speed_facts(speed) for speed in one.speeds],
    }


def own_score_facts(one: OwnScore, models: Sequence[str]) -> dict[str, Any]:
    """A row of the comparison as JSON."""
    return {
        "task": one.task,
        "data": one.data,
        "metric": one.metric,
        "race": one.is_race,
        "results": {
            model: [result_facts(result) for result in results]
            for model, results in zip(models, one.results, strict=True)
        },
    }


def _speed_facts(one: Speed) -> dict[str, Any]:
    return {
        "name": one.name,
        "value": one.value,
        "unit": UNITS[one.name],
        "how": one.how,
        "trial": one.is_trial,
        "machine": one.machine or None,
        "dated": one.dated or None,
    }
