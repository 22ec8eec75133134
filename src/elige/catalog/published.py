"""Published scores of a model, side by side only where they were taken alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from elige.records import Card, PublishedScore

# One attempt, counted right or wrong, is what these all say; the others count something else.
_PLAIN = frozenset({"", "accuracy", "pass@1"})
_SHARES = {"fraction": 1.0, "percent": 0.01}
_POINT = 0.001  # a tenth of a per cent: less is rounding


@dataclass(frozen=True, slots=True, order=True)
class ScoreKey:
    """What two results must share to be compared. `scale` is share for fractions and percents."""

    benchmark: str
    version: str
    setting: str
    metric: str
    scale: str

    @property
    def said(self) -> str:
        """In words, for people; what no source says is named as such."""
        parts = [self.version, self.setting or "setting not stated", self.metric]
        if self.metric in {"rating", ""}:
            parts.pop()
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One published result, who published it, and its value on the key's scale."""

    source: str
    score: PublishedScore
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All results that were taken alike, the most trustworthy first within each group."""

    key: ScoreKey
    independent: tuple[Reading, ...]
    unsaid: tuple[Reading, ...]
    self_reported: tuple[Reading, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All of them: who measured others first, the maker's own word last."""
        return self.independent + self.unsaid + self.self_reported

    @property
    def best(self) -> Reading:
        """The most trustworthy."""
        return self.readings[0]

    @property
    def spread(self) -> float:
        """The greatest difference between two of them, on the key's scale."""
        values = [one.value for one in self.readings]
        return max(values) - min(values)

    @property
    def differ(self) -> bool:
        """Whether they disagree by more than rounding: 0.1 points, or one point of rating."""
        return self.spread > (_POINT + 1e-9 if self.key.scale == "share" else 1.0)


def score_key(score: PublishedScore) -> ScoreKey:
    """What a result must share with another to be compared with it."""
    return ScoreKey(
        benchmark=score.benchmark,
        version=score.version,
        setting=score.setting,
        metric="" if score.metric in _PLAIN else score.metric,
        scale="share" if score.unit in _SHARES else score.unit,
    )


def comparable(a: PublishedScore, b: PublishedScore) -> bool:
    """Whether two results were taken alike as far as their sources say.

    The benchmark, its version, the setting, what is counted and the kind of number must be equal.
    A setting that neither source states counts as equal, and is shown as not stated.
    """
    return score_key(a) == score_key(b)


def on_scale(score: PublishedScore) -> float:
    """The value as a share of 1 for fractions and percents, as published for others."""
    return score.value * _SHARES.get(score.unit, 1.0)


def published_of(card: Card) -> tuple[Published, ...]:
    """The card's results, those taken alike together, by benchmark, version and setting."""
    found: dict[ScoreKey, list[Reading]] = {}
    for source, score in card.results:
        reading = Reading(source=source, score=score, value=on_scale(score))
        same = found.setdefault(score_key(score), [])
        if reading not in same:
            same.append(reading)
    return tuple(_grouped(key, found[key]) for key in sorted(found))


def _grouped(key: ScoreKey, readings: Iterable[Reading]) -> Published:
    """The newest first; of one day those that rest on the most answers or votes."""
    ranked = sorted(
        readings, key=lambda one: (one.score.dated, one.score.samples or 0), reverse=True
    )
    by: dict[bool | None, list[Reading]] = {False: [], None: [], True: []}
    for one in ranked:
        by[one.score.self_reported].append(one)
    return Published(
        key=key,
        independent=tuple(by[False]),
        unsaid=tuple(by[None]),
        self_reported=tuple(by[True]),
    )
