"""Which runs stand in one column: the same task, metric and number of examples shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elige.choose.leaderboard.cell import Cell, Part
from elige.choose.leaderboard.openllm import COLUMNS, Benchmark
from elige.choose.leaderboard.series import Series, task_name
from elige.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """A column: of one task as it was asked, or of a known benchmark."""

    key: str
    title: str
    how: str
    task: str = ""
    metric: str = ""
    shots: str = ""
    variant: str = ""
    benchmark: Benchmark | None = None

    def cell(self, own: Sequence[Series]) -> Cell | None:
        """One model's cell out of its runs, the newest of the same kind; None without any."""
        if self.benchmark is not None:
            return _benchmark_cell(self.benchmark, own)
        fitting = [one for one in own if _is_of(self, one)]
        if not fitting:
            return None
        newest = max(fitting, key=lambda one: one.date)
        return Cell(
            parts=(_part(newest, newest.scores[self.metric]),),
            flags=_flags([newest]),
            runs=(newest.run,),
            shots=newest.shots,
        )


def plan_columns(series: Sequence[Series], columns: str, metric: str) -> tuple[ColumnPlan, ...]:
    """The columns of these runs. Raises `BadInput` for a name of columns that is unknown."""
    if columns in COLUMNS:
        return tuple(_benchmark_plan(one) for one in COLUMNS[columns])
    if columns != "all":
        raise BadInput(
            f"There are no columns {columns!r}.", hint=f"Known: all, {', '.join(COLUMNS)}."
        )
    found: dict[tuple[str, str, str, str], ColumnPlan] = {}
    for one in sorted(series, key=lambda one: (task_name(one.task), one.shots, one.variant)):
        main = metric or (one.metrics[0] if one.metrics else "")
        if main not in one.scores:
            continue
        key = (task_name(one.task), main, one.shots, one.variant)
        found.setdefault(key, _task_plan(*key))
    return tuple(found.values())


def _task_plan(task: str, metric: str, shots: str, variant: str) -> ColumnPlan:
    told = [metric, variant, f"{shots}-shot" if shots else ""]
    return ColumnPlan(
        key=" | ".join((task, metric, shots, variant)),
        title=task,
        how=", ".join(filter(None, told)),
        task=task,
        metric=metric,
        shots=shots,
        variant=variant,
    )


def _benchmark_plan(one: Benchmark) -> ColumnPlan:
    rescaled = ", guessing is 0" if one.rescaled else ""
    parts = f", {one.parts} tasks" if one.parts > 1 else ""
    how = f"{' and '.join(one.metrics)}, {one.shots}-shot{parts}{rescaled}"
    return ColumnPlan(key=one.title, title=one.title, how=how, benchmark=one)


def _is_of(plan: ColumnPlan, one: Series) -> bool:
    same = (task_name(one.task), one.shots, one.variant) == (plan.task, plan.shots, plan.variant)
    return same and plan.metric in one.scores


def _benchmark_cell(known: Benchmark, own: Sequence[Series]) -> Cell | None:
    chosen: dict[str, Series] = {}
    for one in sorted(own, key=lambda one: (_fits(known, one), one.date)):
        name = task_name(one.task)
        if known.covers(name) and any(metric in one.scores for metric in known.metrics):
            chosen[name] = one  # the last is the fitting one, and the newest of those
    if not chosen:
        return None
    parts, flags = [], list(_flags(list(chosen.values())))
    for name, one in sorted(chosen.items()):
        metrics = [metric for metric in known.metrics if metric in one.scores]
        if len(metrics) < len(known.metrics):
            flags.append(f"without {' and '.join(set(known.metrics) - set(metrics))}")
        values = [one.scores[metric] for metric in metrics]
        mean = {key: sum(v.get(key, 0.0) for v in values) / len(values) for key in values[0]}
        parts.append(_part(one, mean, floor=known.floor(name)))
    if len(chosen) < known.parts:
        flags.append(f"{len(chosen)} of {known.parts} tasks")
    flags += _deviations(known, list(chosen.values()))
    return Cell(
        parts=tuple(parts),
        pooled=known.pooled,
        flags=tuple(dict.fromkeys(flags)),
        runs=tuple(one.run for one in chosen.values()),
        shots=",".join(sorted({one.shots for one in chosen.values()})),
    )


def _fits(known: Benchmark, one: Series) -> tuple[bool, bool]:
    return one.variant == known.variant or not known.variant, one.shots == known.shots


def _deviations(known: Benchmark, chosen: Sequence[Series]) -> list[str]:
    """What was asked in another way than on the leaderboard."""
    found = []
    for shots in sorted({one.shots for one in chosen} - {known.shots}):
        told = f"{shots}-shot" if shots else "shots unknown"
        found.append(f"{told}, there {known.shots}-shot")
    for variant in sorted({one.variant for one in chosen if known.variant} - {known.variant}):
        found.append(f"filter {variant or 'unknown'}, there {known.variant}")
    return found


def _part(one: Series, values: Mapping[str, float], floor: float = 0.0) -> Part:
    return Part(task=task_name(one.task), values=values, prompts=one.prompts, floor=floor)


def _flags(chosen: Sequence[Series]) -> tuple[str, ...]:
    flags = []
    if any(one.raced for one in chosen):
        flags.append("raced")
    if limits := sorted({dict(one.settings).get("limit", "") for one in chosen} - {""}):
        flags.append(f"limit {', '.join(limits)}")
    return tuple(flags)
