"""What a run keeps of its task beside the answers: its samples, and how each candidate is run."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any  # JSON-like values have no better static type

from elige.errors import NotFound
from elige.evaluate.entrant import Entrant
from elige.loader.recorded import candidate_from, samples_from
from elige.records import Candidate, Estimates, Sample, ScorerSpec, Task
from elige.store import RunRecord, Store
from elige.text import canonical, digest

_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of a run's task; nothing of one that was imported.

    `samples` are by id. `examined` says that a task of lm-eval asked and judged.
    """

    samples: dict[str, Sample] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    scorer: ScorerSpec = ScorerSpec(name="")
    labels: tuple[str, ...] = ()
    rotated: bool = False
    examined: bool = False
    estimates: Estimates = "mean"


def kept_facts(task: Task, entrants: Sequence[Entrant]) -> dict[str, Any]:
    """What belongs into the run's record; `sample_pages` are the texts whose hashes it holds."""
    return {
        "samples": [digest(page) for page in sample_pages(task)],
        "candidates": {one.name: asdict(one.candidate) for one in entrants},
        "scorer": asdict(task.scorer),
        "labels": list(task.labels),
        "rotated": task.rotations != 1,
        "examined": task.examiner is not None,
        "estimates": task.estimates,
    }


def sample_pages(task: Task) -> Iterator[str]:
    """The samples as JSON, some in each text; in one order, so that runs on a file share them."""
    samples = sorted(task.samples, key=lambda one: one.id)
    for start in range(0, len(samples), _PAGE):
        yield canonical(samples[start : start + _PAGE])


def kept_of(store: Store, record: RunRecord) -> Kept:
    """What the store has of the run's task; empty where an older elige or another program ran it.

    Raises `StoreError` when it cannot be read.
    """
    spec = json.loads(record.spec)
    hashes = {str(name): str(value) for name, value in spec.get("candidates", [])}
    facts = spec.get("kept")
    if facts is None:
        return Kept(hashes=hashes)
    try:
        pages = store.texts(facts["samples"])
    except NotFound:  # the run was planned, and never began
        pages = []
    samples = {one.id: one for page in pages for one in samples_from(page)}
    scorer = facts["scorer"]
    return Kept(
        samples=samples,
        candidates={name: candidate_from(one) for name, one in facts["candidates"].items()},
        hashes=hashes,
        scorer=ScorerSpec(
            name=scorer["name"],
            options=tuple((str(key), str(value)) for key, value in scorer["options"]),
            digest=scorer["digest"],
        ),
        labels=tuple(facts["labels"]),
        rotated=facts["rotated"],
        examined=facts["examined"],
        estimates=facts["estimates"],
    )
