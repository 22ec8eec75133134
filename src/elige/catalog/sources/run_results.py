"""What a run's record says of each of its candidates."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any  # the record is JSON

from elige.catalog.sources.run_models import ECHO, RunModel, model_of
from elige.loader.recorded import candidate_from
from elige.machine.measures import BATCHED, BY_TRIAL, IN_RUNS, PEAK, READ, SCORED, WRITTEN
from elige.records import Broken, RefKind, RunResult, Speed, SpeedName
from elige.text import digest, one_line

if TYPE_CHECKING:
    from elige.store import Measure, RunRecord

_DIGITS = 12
_TRIED: dict[str, SpeedName] = {READ: "read", WRITTEN: "written", PEAK: "peak"}
_OF_RACE = "for all candidates at once, whenever the race stopped"
_COUNTED = "counted on this list"
_BOOTSTRAP = "paired bootstrap, an approximation"
_FROM_HERE = "as seen from here, the network included"
_EARLY = "it was kept by an older elige, without its candidates; the same command makes it whole"

Measures = Callable[[str], Sequence["Measure"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One candidate's result and the model that it is of."""

    model: RunModel
    result: RunResult


def results_of(record: "RunRecord", measures: Measures) -> Iterator[Shown | Broken]:
    """Each candidate that was measured; one whose reference cannot be read is named.

    `measures` gives what is kept of a model's weights under their key. Raises `ValueError`,
    `LookupError` or `TypeError` for a record that makes no sense.
    """
    spec, verdict = _object(record.spec), _object(record.verdict or "")
    kept = spec.get("kept")
    if kept is None:
        raise ValueError(_EARLY)
    run = _Run(record=record, spec=spec, verdict=verdict, measures=measures)
    for standing in run.standings():
        name = str(standing["name"])
        try:
            candidate = candidate_from(kept["candidates"][name])
            model = model_of(candidate)
        except (ValueError, LookupError) as error:
            where = f"run {record.id}: candidate {name}"
            yield Broken(where=where, why=f"its reference cannot be read: {one_line(error)[:200]}")
            continue
        result = run.result(standing, model, is_remote=candidate.ref.kind is RefKind.ENDPOINT)
        if result is not None:
            yield Shown(model=model, result=result)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A record taken apart."""

    record: "RunRecord"
    spec: Mapping[str, Any]
    verdict: Mapping[str, Any]
    measures: Measures

    @property
    def is_alone(self) -> bool:
        """Whether one candidate was evaluated by itself."""
        return "candidates" not in self.verdict

    def standings(self) -> list[dict[str, Any]]:
        """What became of each candidate."""
        if self.is_alone:
            return [{**self.verdict, "name": self.verdict["model"]}]
        return list(self.verdict["candidates"])

    def result(
        self, standing: Mapping[str, Any], model: RunModel, *, is_remote: bool
    ) -> RunResult | None:
        """The candidate's result; None where nothing of it was measured."""
        score, figure = _number(standing.get("score")), str(standing.get("figure") or "")
        if not standing["evaluated"] or (score is None and not figure):
            return None
        name, how = str(standing["name"]), self.spec.get("how", {})
        low, high = map(_number, standing.get("interval") or (None, None))
        cost = _number(standing.get("cost_per_1000"))
        return RunResult(
            run=self.record.id,
            dated=self.record.updated or self.record.created,
            candidate=name,
            ran=model.ran,
            task=self.record.task,
            data=self.record.data_hash[:_DIGITS],
            asked=digest([self.spec["task"], self.spec.get("repeats", 1)])[:_DIGITS],
            metric=str(how.get("metric", "score")),
            samples=int(standing["evaluated"]),
            planned=int(self.verdict["samples"]),
            score=score,
            low=low,
            high=high,
            confidence=_number(self.verdict.get("confidence")) or 0.0,
            method=self._method(),
            figure=figure,
            is_race=not self.is_alone,
            place="" if self.is_alone else str(standing["status"]),
            is_finished=self.record.status == "finished" and not self.verdict.get("interrupted"),
            settings=_settings(how.get("candidates", {}).get(name, {})),
            seconds_each=_number(standing.get("seconds_each")),
            p95_seconds=_number(standing.get("p95_seconds")),
            cost_per_1000=None if cost is None else Decimal(str(cost)),
            speeds=() if model.model == ECHO else self._speeds(standing, is_remote=is_remote),
        )

    def _method(self) -> str:
        if self.is_alone:
            return str(self.verdict.get("interval_method") or "")
        if (_number(self.verdict.get("confidence")) or 0.0) >= 1.0:
            return _COUNTED
        return _BOOTSTRAP if self.spec["kept"].get("estimates") == "corpus" else _OF_RACE

    def _speeds(self, standing: Mapping[str, Any], *, is_remote: bool) -> tuple[Speed, ...]:
        """The rate in this run, and what a trial of the same weights showed."""
        found = [one for one in (self._rate(standing, is_remote=is_remote),) if one is not None]
        key = self.spec.get("how", {}).get("models", {}).get(standing["name"])
        settings = self.spec.get("how", {}).get("candidates", {}).get(standing["name"], {})
        precision = str(settings.get("precision", ""))
        seen = set()
        for one in self.measures(str(key)) if key and not is_remote else ():
            if one.name in _TRIED and (one.name, one.machine) not in seen:  # the newest is first
                seen.add((one.name, one.machine))
                speed = Speed(
                    name=_TRIED[one.name],
                    value=one.value,
                    how=f"{BY_TRIAL}{precision and f' in {precision}'}",
                    is_trial=True,
                    machine=one.machine,
                    dated=one.date,
                )
                found.append(speed)
        return tuple(found)

    def _rate(self, standing: Mapping[str, Any], *, is_remote: bool) -> Speed | None:
        """Tokens a second of this run's answers: of those written, else of those read."""
        seconds = _number(standing.get("seconds")) or 0.0
        wrote = _number(standing.get("completion_tokens")) or 0.0
        tokens = wrote or _number(standing.get("prompt_tokens")) or 0.0
        if not seconds > 0.0 or not tokens:
            return None
        return Speed(
            name="written" if wrote else "read",
            value=tokens / seconds,
            how=_FROM_HERE if is_remote else IN_RUNS[BATCHED if wrote else SCORED],
            dated=(self.record.updated or self.record.created)[:10],
        )


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("it is no object of JSON")
    return found


def _number(value: object) -> float | None:
    """A finite number; None for nothing. Raises `ValueError` for anything else."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def _settings(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(name), str(value)) for name, value in told.items()))
