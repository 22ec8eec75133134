"""What a run holds open while it works: engines, threads, leases; all of it given back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from elige.config import now
from elige.errors import EligeError
from elige.evaluate.budget import Ledger
from elige.evaluate.executor import ThreadExecutor
from elige.evaluate.heartbeat import heartbeat
from elige.evaluate.marking import Judging
from elige.evaluate.own_scorer import own_reference, own_scorer
from elige.evaluate.pool import EnginePool
from elige.evaluate.rotation import Rotation, Work, turned
from elige.evaluate.runner import LEASE_SECONDS, Runner
from elige.evaluate.scorers import build_scorer, scorer_digest
from elige.machine.facts import memory_bytes
from elige.records import Candidate, Task
from elige.store import RunKind, RunRecord, RunStatus, Store
from elige.text import canonical, one_line
from elige.workbench.bench import Workbench
from elige.workbench.interruption import Interruption, interruptible
from elige.workbench.judges import opened_judge
from elige.workbench.kept import sample_pages
from elige.workbench.measured import note_paces
from elige.workbench.prepare import Plan
from elige.workbench.spending import open_ledger

# Local engines together may take this share of the memory that is free at the start.
_MEMORY_SHARE = 0.7
_BEAT = LEASE_SECONDS / 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A runner for the plan's entrants, the threads it runs on, and whether Ctrl-C was pressed.

    `rotation` asks the runner for each order of a sample; `work` is what jobs are to be given to.
    """

    runner: Runner
    ledger: Ledger
    rotation: Rotation
    judging: Judging
    executor: ThreadExecutor
    interruption: Interruption

    @property
    def work(self) -> Work:
        """Does jobs: whole samples, in as many orders as the task asks for."""
        return self.rotation.work

    def stopped(self) -> bool:
        """Whether the user has had enough."""
        return self.interruption.asked


@contextmanager
def session(bench: Workbench, plan: Plan, *, kind: RunKind) -> Iterator[Session]:
    """Open what the plan needs; the workbench says which model is being loaded.

    While it is open the first Ctrl-C only stops the work; a second one leaves at once.
    """
    pool = _pool(bench)
    ledger = open_ledger(bench, plan)
    judge = opened_judge(bench, plan.task, plan.judge, run=plan.run, pool=pool, ledger=ledger)
    judging = judge or judging_of(bench, plan.task)
    _begin(bench, plan, kind)
    executor = ThreadExecutor()
    runner = _runner(bench, plan, judging, pool, ledger)
    runner.on_open = lambda one: bench.say(f"{one.name}: loading the model")

    def halt() -> None:
        runner.halt()
        executor.halt()

    store = bench.store
    with interruptible(halt) as interruption, heartbeat(lambda: _renew(store), every=_BEAT):
        try:
            yield Session(
                runner=runner,
                ledger=ledger,
                rotation=Rotation(plan.task, runner.work),
                judging=judging,
                executor=executor,
                interruption=interruption,
            )
        finally:
            if not interruption.urgent:
                halt()
                pool.close()  # wakes who waits for a server, so that its thread can end
                executor.close()
                with suppress(EligeError):  # the work is done; its pace is only worth noting
                    note_paces(bench, plan.entrants)


def _runner(
    bench: Workbench, plan: Plan, judging: Judging, pool: EnginePool, ledger: Ledger
) -> Runner:
    return Runner(
        run=plan.run,
        task=turned(plan.task).task,
        entrants={one.name: one for one in plan.entrants},
        judging=judging,
        store=bench.store,
        pool=pool,
        ledger=ledger,
    )


@contextmanager
def ended_early(bench: Workbench, plan: Plan, open_: Session) -> Iterator[Callable[[], bool]]:
    """Note in the store how work ended that did not come to its end.

    What it yields tells afterwards whether a Ctrl-C ended it that nobody else listened for;
    that one goes no further, but a second one leaves at once.
    """
    caught = False
    try:
        yield lambda: caught
    except KeyboardInterrupt:
        if open_.interruption.urgent:
            raise
        caught = True
    except GeneratorExit:
        _note(bench, plan, "interrupted")  # nobody reads on
        raise
    except BaseException as error:
        _note(bench, plan, "failed", why=_told(error))
        raise


def _note(bench: Workbench, plan: Plan, status: RunStatus, *, why: str = "") -> None:
    # What broke the work may have broken the store too; the work's own error is worth telling.
    moment = now().isoformat(timespec="seconds")
    with suppress(EligeError):
        bench.store.finish_run(plan.run, status, None, moment, reason=why)


def _told(error: BaseException) -> str:
    if isinstance(error, EligeError):
        return one_line(" ".join(part for part in (str(error), error.hint) if part))
    return one_line(f"{type(error).__name__}: {error}")


def _begin(bench: Workbench, plan: Plan, kind: RunKind) -> None:
    _renew(bench.store)  # from its first moment on the run is seen to be held by somebody
    bench.store.keep_texts(sample_pages(plan.task))
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


def _pool(bench: Workbench) -> EnginePool:
    return EnginePool(
        bench.loader.open,
        bytes_of=lambda one: _bytes_of(bench, one),
        limit_bytes=int(memory_bytes()[1] * _MEMORY_SHARE),
    )


def judging_of(bench: Workbench, task: Task) -> Judging:
    """The task's scorer with its digest; a user's own file must have been allowed."""
    if task.examiner is not None:
        return Judging(scorer=task.examiner.score, digest=scorer_digest(task.scorer, task.labels))
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


def _renew(store: Store) -> None:
    store.renew(now=time.time(), ttl=LEASE_SECONDS)
