"""What a run holds open while it works: engines, threads, leases; all of it given back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from elige.config import now
from elige.evaluate.executor import ThreadExecutor
from elige.evaluate.heartbeat import heartbeat
from elige.evaluate.own_scorer import own_reference, own_scorer
from elige.evaluate.pool import EnginePool
from elige.evaluate.runner import LEASE_SECONDS, Judging, Runner
from elige.evaluate.scorers import build_scorer, scorer_digest
from elige.machine.facts import memory_bytes
from elige.records import Candidate, Task
from elige.store import RunKind, RunRecord
from elige.text import canonical
from elige.workbench.bench import Workbench
from elige.workbench.prepare import Plan

# Local engines together may take this share of the memory that is free at the start.
_MEMORY_SHARE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A runner for the plan's entrants, and the threads it runs on."""

    runner: Runner
    executor: ThreadExecutor
    pool: EnginePool


@contextmanager
def session(
    bench: Workbench, plan: Plan, *, kind: RunKind, opening: Callable[[Candidate], None]
) -> Iterator[Session]:
    """Open what the plan needs; `opening` hears of each model that is about to be loaded."""
    judging = judging_of(bench, plan.task)
    bench.store.start_run(
        RunRecord(
            id=plan.run,
            kind=kind,
            task=plan.task.name,
            data_hash=plan.task.data_hash,
            spec=canonical(plan.spec),
            created=now().isoformat(timespec="seconds"),
        )
    )
    pool = EnginePool(
        bench.loader.open,
        bytes_of=lambda one: _bytes_of(bench, one),
        limit_bytes=int(memory_bytes()[1] * _MEMORY_SHARE),
    )
    executor = ThreadExecutor()
    runner = Runner(
        run=plan.run,
        task=plan.task,
        entrants={one.name: one for one in plan.entrants},
        judging=judging,
        store=bench.store,
        pool=pool,
    )
    runner.on_open = opening
    try:
        with heartbeat(lambda: _renew(bench), every=LEASE_SECONDS / 4):
            yield Session(runner=runner, executor=executor, pool=pool)
    finally:
        executor.close()
        pool.close()


def judging_of(bench: Workbench, task: Task) -> Judging:
    """The task's scorer with its digest; a user's own file must have been allowed."""
    reference = own_reference(task.scorer.name)
    if reference is None:
        return Judging(
            scorer=build_scorer(task.scorer, task.labels),
            digest=scorer_digest(task.scorer, task.labels),
        )
    path, function = reference
    scorer, _ = own_scorer(
        Path(path).expanduser(), function, lambda sha256: bench.store.is_allowed("scorer", sha256)
    )
    return Judging(scorer=scorer, digest=scorer_digest(task.scorer, task.labels))


def _bytes_of(bench: Workbench, candidate: Candidate) -> int:
    need = bench.loader.memory(candidate)
    return 0 if need is None else need.total


def _renew(bench: Workbench) -> None:
    bench.store.renew(now=time.time(), ttl=LEASE_SECONDS)
