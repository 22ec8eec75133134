"""A run's answers by candidate and sample, as comparing and combining need them."""

import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any  # JSON-like values have no better static type

from elige.choose.leaderboard import last_paragraph
from elige.errors import BadInput, NotFound
from elige.records import Sample
from elige.store import RunObservation, RunRecord
from elige.text import digest
from elige.workbench.bench import Workbench
from elige.workbench.kept import Kept, kept_of

_TURNED = re.compile(r"#order\d+\Z")
# How a run that did not come to its end is told of.
_ENDED = {
    "interrupted": "was interrupted",
    "stopped": "was stopped without a word",
    "failed": "failed",
    "running": "is still running",
}


@dataclass(slots=True)
class Answered:
    """One candidate's scores by sample; repeats are averaged, orders of choices count as the worst.

    `places` are positions in the run's order, `prompts` hashes of the prompts' last paragraphs,
    `questions` tell samples that ask the very same.
    """

    scores: dict[str, float] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)


class RunAnswers:
    """One run of the store, with what it kept of its task."""

    def __init__(self, bench: Workbench, record: RunRecord) -> None:
        self._bench = bench
        self.record = record
        self.spec: dict[str, Any] = json.loads(record.spec)

    @cached_property
    def kept(self) -> Kept:
        """What the run kept of its task."""
        return kept_of(self._bench.store, self.record)

    @property
    def id(self) -> str:
        """The run's id."""
        return self.record.id

    @property
    def names(self) -> tuple[str, ...]:
        """The candidates that the run was about."""
        return tuple(str(name) for name, _ in self.spec.get("candidates", []))

    @property
    def ended(self) -> str:
        """How it ended, where that is no good end: 'was interrupted'; '' where it is."""
        status: str = self.record.status
        if status == "running" and not self._bench.store.lives(self.record.holder, now=time.time()):
            status = "stopped"
        return _ENDED.get(status, "")

    @property
    def is_raced(self) -> bool:
        """Whether what was seen decided how many samples were asked."""
        if self.record.kind == "import":
            return False
        if self.ended:
            return True
        whole = self.kept.estimates == "corpus" or self.spec.get("confidence", 0.0) >= 1.0
        return self.record.kind in {"choose", "demo"} and not whole

    @property
    def metric(self) -> str:
        """The name of what its scores are, '' when that is not known."""
        if "imported" in self.spec:
            return str(self.spec.get("metric", ""))
        return str(self.spec.get("how", {}).get("metric", ""))

    def check_name(self, name: str) -> str:
        """`name` if the run has such a candidate. Raises `NotFound` with the nearest ones."""
        if name not in self.names:
            error = NotFound("candidate", name, self.names)
            raise NotFound(f"candidate of run {self.id}", name, hint=error.hint)
        return name

    def sample(self, sample: str) -> Sample | None:
        """What is known of a sample; None where the run kept nothing of it."""
        return self.kept.samples.get(sample)

    def observations(self, names: Iterable[str]) -> Iterator[tuple[str, RunObservation]]:
        """Everything that these candidates answered and that was scored, with its sample."""
        wanted = set(names)
        for found in self._bench.store.observations(self.id):
            if found.entry.candidate in wanted and found.answer and found.score:
                yield self._origin(found.entry.sample), found

    def answered(self, names: Iterable[str]) -> Mapping[str, Answered]:
        """The scores of these candidates."""
        wanted = list(names)
        found = {name: Answered() for name in wanted}
        values: dict[tuple[str, str, int], float] = {}
        for sample, one in self.observations(wanted):
            entry, value = one.entry, one.score.value if one.score else 0.0
            side = found[entry.candidate]
            side.places[sample] = min(entry.position, side.places.get(sample, entry.position))
            side.prompts.setdefault(sample, last_paragraph(entry.prompt))
            own = digest(entry.prompt) if self.record.kind == "import" else entry.key.sent
            side.questions.setdefault(sample, own)
            key = (entry.candidate, sample, entry.key.repeat)
            values[key] = min(value, values.get(key, value))
        rows: dict[tuple[str, str], list[float]] = {}
        for (name, sample, _), value in values.items():
            rows.setdefault((name, sample), []).append(value)
        for (name, sample), row in rows.items():
            found[name].scores[sample] = sum(row) / len(row)
        return found

    def _origin(self, sample: str) -> str:
        """The sample of which this is one order."""
        if not self.kept.rotated or sample in self.kept.samples:
            return sample
        return _TURNED.sub("", sample)


def run_of(bench: Workbench, run: str) -> RunAnswers:
    """The run of this id or its beginning; `last` is the newest one.

    Raises `NotFound` or `BadInput` for an id that is unknown or not unique.
    """
    if run != "last":
        return RunAnswers(bench, bench.store.run(run))
    newest = bench.store.runs(1)
    if not newest:
        raise BadInput("There is no run yet.", hint="Make one, for example with: elige demo")
    return RunAnswers(bench, newest[0])
