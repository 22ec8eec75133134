"""The table of candidates, ready to be drawn: every number as text, every bar in per cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from elige.choose import words
from elige.choose.amounts import money, score
from elige.choose.leading import level_with
from elige.choose.report.data import Report
from elige.records import Interval, Standing, Status, Verdict
from elige.text import human_seconds

COLOURS = 8
_MARKS = {
    Status.WINNER: "★",
    Status.WITHIN: "≈",
    Status.OPEN: "?",
    Status.BEATEN: "↓",
    Status.REJECTED: "×",
}
_NOT_SCORED = ("unparsed", "truncated", "refused", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An interval and its middle, in per cent of a scale's width."""

    low: float
    high: float
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A scale from `low` to `high`, in the unit of the scores."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Where `value` lies, in per cent of the width, kept inside."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def bar(self, middle: float, interval: Interval | None) -> Bar:
        """The bar of `interval` around `middle`."""
        low, high = interval or (middle, middle)
        return Bar(low=self.place(low), high=self.place(high), at=self.place(middle))

    def ends(self) -> tuple[str, str]:
        """Both ends as scores out of 100."""
        return signed(self.low) if self.low < 0 else score(self.low)[:-2], (
            signed(self.high) if self.low < 0 else score(self.high)[:-2]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as text, with its interval as text and as a bar."""

    text: str
    interval: str
    bar: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One candidate's line of the table."""

    letter: str
    colour: int
    name: str
    status: str
    called: str
    mark: str
    place: str
    score: Amount | None
    difference: Amount | None
    is_first: bool
    evaluated: str
    asked: str
    seconds_each: str
    p95: str
    seconds: str
    tokens: str
    tokens_split: tuple[str, ...]
    cost: str
    cost_each: str
    cost_kind: str
    not_scored: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The candidates' lines with the scales their bars are drawn on."""

    rows: tuple[Row, ...]
    scores: Scale
    differences: Scale
    zero: float
    tolerance: float


def table(report: Report) -> Table:
    """The table of all candidates, in the order shown."""
    scores, differences = _score_scale(report.standings), _difference_scale(report.standings)
    return Table(
        rows=tuple(_row(report, one, scores, differences) for one in report.standings),
        scores=scores,
        differences=differences,
        zero=differences.place(0.0),
        tolerance=differences.place(-report.verdict.tolerance),
    )


def colour_of(report: Report, name: str) -> int:
    """The number of a candidate's colour, from one."""
    return list(report.letters).index(name) % COLOURS + 1


def signed(value: float) -> str:
    """A difference in points with its sign: '+1.2', '−8.0', '0.0'."""
    text = f"{abs(value) * 100:.1f}"
    if float(text) == 0:
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def _row(report: Report, one: Standing, scores: Scale, differences: Scale) -> Row:
    total = one.prompt_tokens + one.completion_tokens
    seen = one.evaluated > 0
    unproven = one.status is Status.WINNER and not report.verdict.decided
    return Row(
        letter=report.letters[one.name],
        colour=colour_of(report, one.name),
        name=one.name,
        status="open" if unproven else one.status.value,
        called=_called(one, report.verdict),
        mark="?" if unproven else _MARKS[one.status],
        place=words.place(one, report.verdict),
        score=_score(one, scores),
        difference=_difference(one, differences),
        is_first=one.name == report.verdict.winner,
        evaluated=f"{one.evaluated:,}" if seen else "none",
        asked=_asked(one),
        seconds_each=_seconds(one.seconds_each),
        p95=_seconds(one.p95_seconds),
        seconds=human_seconds(one.seconds) if seen else "",
        tokens=f"{total:,}" if seen else "",
        tokens_split=(f"{one.prompt_tokens:,} in", f"{one.completion_tokens:,} out"),
        cost=_cost(one),
        cost_each=_cost_each(one),
        cost_kind=_cost_kind(report, one),
        not_scored=_not_scored(one),
    )


def _called(one: Standing, verdict: Verdict) -> str:
    if one.status is not Status.WINNER or verdict.decided:
        return one.status.value
    return "level" if level_with(one, verdict.candidates) else "ahead"


def _asked(one: Standing) -> str:
    """How many answers the samples took, where it is not one each that this run asked for."""
    answers = one.answers or one.evaluated
    told = [f"{answers:,} answers, {one.repeats} each"] if one.repeats > 1 else []
    told += [f"{one.asked:,} asked in this run"] if one.asked != answers else []
    return "; ".join(told)


def _score(one: Standing, scale: Scale) -> Amount | None:
    if one.score is None:
        return None
    between = " to ".join(score(edge) for edge in one.interval) if one.interval else ""
    return Amount(text=score(one.score), interval=between, bar=scale.bar(one.score, one.interval))


def _difference(one: Standing, scale: Scale) -> Amount | None:
    if one.difference is None or one.status is Status.WINNER:
        return None
    interval = one.difference_interval
    between = " to ".join(signed(edge) for edge in interval) if interval else ""
    return Amount(
        text=signed(one.difference), interval=between, bar=scale.bar(one.difference, interval)
    )


def _score_scale(standings: Iterable[Standing]) -> Scale:
    """From the lowest to the highest interval, rounded outwards to ten points."""
    edges = [
        edge
        for one in standings
        if one.score is not None
        for edge in (one.score, *(one.interval or ()))
    ]
    if not edges:
        return Scale(low=0.0, high=1.0)
    low = int(10 * min(edges)) / 10
    high = -int(-10 * max(edges) // 1) / 10
    return Scale(low=max(0.0, low), high=max(min(1.0, high), low + 0.1))


def _difference_scale(standings: Iterable[Standing]) -> Scale:
    edges = [0.0] + [
        edge
        for one in standings
        if one.difference is not None and one.status is not Status.WINNER
        for edge in (one.difference, *(one.difference_interval or ()))
    ]
    pad = max(0.01, 0.04 * (max(edges) - min(edges)))
    return Scale(low=min(edges) - pad, high=max(edges) + pad)


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value * 1000:.0f} ms" if value < 1 else human_seconds(value)


def _cost(one: Standing) -> str:
    if not one.evaluated:
        return ""
    return "no price known" if one.cost is None else money(one.cost)


def _cost_each(one: Standing) -> str:
    """Cost for 1,000 answers and for one right answer."""
    if one.cost is None or not one.evaluated:
        return ""
    told = f"{money(one.cost_per_1000)} for 1,000" if one.cost_per_1000 is not None else ""
    right = (one.score or 0.0) * (one.answers or one.evaluated)
    each = f"{money(one.cost / Decimal(right))} for each right answer" if right > 0 else ""
    return ", ".join(text for text in (told, each) if text)


def _cost_kind(report: Report, one: Standing) -> str:
    facts = report.facts(one.name)
    if one.cost is None or facts is None or facts.prices is None:
        return ""
    source = f" ({facts.prices_source})" if facts.prices_source else ""
    return f"measured tokens, {facts.prices_kind.value} price{source}"


def _not_scored(one: Standing) -> tuple[str, ...]:
    counts: Sequence[tuple[str, int]] = [(what, getattr(one, what)) for what in _NOT_SCORED]
    told = tuple(f"{number:,} {what}" for what, number in counts if number)
    return told or (("none",) if one.evaluated else ())
