"""The part of a file that is kept back for one final look."""

from dataclasses import replace

from elige.config import now
from elige.errors import BadInput
from elige.evaluate.shots import lock
from elige.records import Task
from elige.store import LockedPart
from elige.text import digest
from elige.workbench.bench import Workbench
from elige.workbench.options import ChooseOptions


def unlocked(bench: Workbench, task: Task, options: ChooseOptions) -> tuple[Task, int]:
    """The part of the task that may be looked at, and how many samples are kept back.

    A part that was locked once stays locked: with the share and seed of then, whatever is said
    now.
    """
    part = bench.store.locked_part(task.data_hash)
    if part is None and options.lock_test is None:
        return task, 0
    if part is None:
        if options.final:
            raise BadInput(
                "--final looks at a part kept back, and of this file none was.",
                hint="Run it first without --final, to choose on the other part.",
            )
        fraction = options.lock_test or 0.0
        _, shut = lock(task, fraction, options.seed)
        part = bench.store.lock_part(
            LockedPart(
                data_hash=task.data_hash,
                fraction=fraction,
                seed=options.seed,
                samples=digest(sorted(sample.id for sample in shut.samples)),
                created=now().isoformat(),
            )
        )
    said = options.lock_test
    other = f" It was {part.fraction:.0%} when it was locked, and stays so." * (
        said is not None and abs(said - part.fraction) > 1e-9
    )
    free, shut = lock(task, part.fraction, part.seed)
    seen = shut if options.final else free
    notice = (
        f"This is the final look: {len(shut.samples)} samples that were kept back."
        if options.final
        else f"{len(shut.samples)} of {len(task.samples)} samples are kept back for one final "
        "look (--final)."
    )
    return replace(seen, notices=(*seen.notices, notice + other)), len(shut.samples)
