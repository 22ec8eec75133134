"""Tables made from the samples: by group, by class, by field."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from elige.choose.report.data import Report, SampleRow
from elige.records import Outcome

MAX_GROUPS = 40
MAX_LABELS = 12
MAX_LABEL = 60
OTHER = "other"
UNREAD = "not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A mean over `count` answers; None where there is none."""

    mean: float | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """One line of a table: what it is about, and a cell for each candidate in order."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How often each right label (down) was answered by each label (across).

    `total` counts the answers; `most` is the largest cell, for shading.
    """

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    total: int

    @property
    def most(self) -> int:
        """The largest cell, at least 1."""
        return max((number for row in self.counts for number in row), default=0) or 1


def group_means(report: Report) -> tuple[tuple[Means, ...], int]:
    """Mean scores by group, largest groups first, and how many groups are not shown."""
    sizes = Counter(row.sample.group for row in report.rows if row.sample.group)
    if len(sizes) < 2:
        return (), 0
    by_group: dict[str, list[SampleRow]] = {}
    for row in report.rows:
        by_group.setdefault(row.sample.group, []).append(row)
    ranked = sorted(sizes, key=lambda group: (-sizes[group], group))
    lines = tuple(
        Means(
            label=_short(group),
            cells=tuple(_cell(_values(by_group[group], name)) for name in measured(report)),
        )
        for group in ranked[:MAX_GROUPS]
    )
    return lines, max(0, len(ranked) - MAX_GROUPS)


def field_means(report: Report) -> tuple[Means, ...]:
    """Mean scores of each part of the answers (a JSON answer's fields), in their order."""
    names = measured(report)
    gathered: dict[str, dict[str, list[float]]] = {}
    for row in report.rows:
        for name, seen in row.seen.items():
            for part, value in seen.score.parts:
                gathered.setdefault(part, {}).setdefault(name, []).append(value)
    return tuple(
        Means(label=_short(part), cells=tuple(_cell(values.get(name, [])) for name in names))
        for part, values in gathered.items()
    )


def confusions(report: Report) -> tuple[Confusion, ...]:
    """A confusion matrix for each measured candidate of a classification task."""
    if report.task.kind != "classification":
        return ()
    sizes = Counter(row.sample.target for row in report.rows)
    labels = [label for label, _ in sizes.most_common()]
    declared = [label for label in report.task.labels if label in sizes]
    shown = (declared if len(declared) == len(labels) else labels)[:MAX_LABELS]
    return tuple(_confusion(report, name, tuple(shown)) for name in measured(report))


def measured(report: Report) -> tuple[str, ...]:
    """The names of the candidates that answered anything, in the order shown."""
    return tuple(one.name for one in report.standings if one.evaluated)


def _confusion(report: Report, name: str, labels: tuple[str, ...]) -> Confusion:
    seen = Counter(
        (_known(row.sample.target, labels), _predicted(row, name, labels))
        for row in report.rows
        if name in row.seen
    )
    rows = _present((*labels, OTHER), {right for right, _ in seen}, labels)
    columns = _present((*labels, OTHER, UNREAD), {said for _, said in seen}, labels)
    counts = tuple(tuple(seen[right, said] for said in columns) for right in rows)
    return Confusion(
        name=name,
        rows=tuple(map(_short, rows)),
        columns=tuple(map(_short, columns)),
        counts=counts,
        total=sum(seen.values()),
    )


def _present(wanted: Iterable[str], found: set[str], always: Sequence[str]) -> tuple[str, ...]:
    return tuple(label for label in wanted if label in found or label in always)


def _predicted(row: SampleRow, name: str, labels: Sequence[str]) -> str:
    score = row.seen[name].score
    if score.outcome is not Outcome.SCORED or not score.predicted:
        return UNREAD
    return _known(score.predicted, labels)


def _known(label: str, labels: Sequence[str]) -> str:
    return label if label in labels else OTHER


def _short(label: str) -> str:
    return label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1]}…"


def _values(rows: Iterable[SampleRow], name: str) -> list[float]:
    return [row.seen[name].score.value for row in rows if name in row.seen]


def _cell(values: Sequence[float]) -> Cell:
    return Cell(mean=fmean(values) if values else None, count=len(values))
