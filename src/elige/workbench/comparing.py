"""`elige.compare` and `elige.combine`: what is told by answers already paid for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any  # JSON-like values have no better static type

from elige.choose.combine.option import By
from elige.choose.comparison import Comparison, evidence
from elige.workbench.bench import Workbench
from elige.workbench.combine import Combined, CombineOptions, combine_run
from elige.workbench.compare import CompareOptions, compare_runs


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CompareResult:
    """Two candidates on the samples that both answered; `comparison` is the whole record."""

    comparison: Comparison

    @property
    def difference(self) -> float:
        """The mean of `a` minus that of `b`, from -1 to 1."""
        return self.comparison.gap.difference

    @property
    def interval(self) -> tuple[float, float]:
        """The difference's interval; of a race the one that holds however the pair was picked."""
        return self.comparison.gap.sure

    @property
    def headline(self) -> str:
        """The comparison in one sentence."""
        return self.comparison.headline

    @property
    def notices(self) -> tuple[str, ...]:
        """What should be known before these figures are trusted."""
        return self.comparison.notices

    def facts(self) -> dict[str, Any]:
        """The same object that `elige compare --json` prints."""
        return self.comparison.facts()

    def to_json(self, *, indent: int | None = 2) -> str:
        """`facts` as JSON."""
        return json.dumps(self.facts(), ensure_ascii=False, indent=indent)

    def __repr__(self) -> str:
        return "\n".join([self.headline, *evidence(self.comparison), *self.notices])


def compare(
    run: str,
    other: str = "",
    *,
    a: str = "",
    b: str = "",
    samples: int = 3,
    confidence: float = 0.95,
) -> CompareResult:
    """How candidate `a` of `run` differs from `b` (of the run `other`, if one is given).

    A run is named by its id, the beginning of it, or `last`. `samples` is how many samples are
    kept on which either one is ahead. Raises `EligeError` for whatever cannot be compared.
    """
    runs = (run, other) if other else (run,)
    options = CompareOptions(runs=runs, a=a, b=b, samples=samples, confidence=confidence)
    with Workbench.open() as bench:
        return CompareResult(comparison=compare_runs(bench, options))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CombineResult:
    """What came of combining a run's candidates; `combined` is the whole record."""

    combined: Combined

    @property
    def pays(self) -> bool:
        """Whether the chosen combination is shown to be worth it."""
        return self.combined.trial.pays

    @property
    def candidate(self) -> str | None:
        """What the saved combination is written as, `combo:NAME`; None when none was saved."""
        return f"combo:{self.combined.saved}" if self.combined.saved else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The verdict first, then what it rests on."""
        return self.combined.sentences

    @property
    def notices(self) -> tuple[str, ...]:
        """What should be known before these figures are trusted."""
        return self.combined.notices

    def facts(self) -> dict[str, Any]:
        """The same object that `elige combine --json` prints."""
        return self.combined.facts()

    def to_json(self, *, indent: int | None = 2) -> str:
        """`facts` as JSON."""
        return json.dumps(self.facts(), ensure_ascii=False, indent=indent)

    def __repr__(self) -> str:
        return "\n".join([*self.sentences, *self.notices])


def combine(
    run: str,
    *,
    candidates: Sequence[str] = (),
    by: By = "accuracy",
    tolerance: float = 0.01,
    name: str = "",
    save: bool | None = None,
) -> CombineResult:
    """Whether a cascade, a router or an ensemble of a run's candidates pays; one that does is kept.

    The arguments are as for `elige combine`; `save` is None for: if it pays. Raises `EligeError`
    for whatever cannot be combined.
    """
    options = CombineOptions(
        run=run, candidates=tuple(candidates), by=by, tolerance=tolerance, name=name, save=save
    )
    with Workbench.open() as bench:
        return CombineResult(combined=combine_run(bench, options))
