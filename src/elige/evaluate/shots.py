"""Which samples are shown, tested, kept back, and in which order: all by hash, so it stays.

A sample's place depends on its id and the seed alone. Rows that are added later or moved change
nothing for the others.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from elige.errors import BadInput
from elige.records import Sample, Task

# A file of examples this small was made to be shown in its order (MMLU's have five).
_HANDMADE = 20


def split(task: Task, shots: int, seed: int) -> Task:
    """The task with exactly `shots` examples in its pool, none of them among its samples.

    They come from the file of examples when there is one, otherwise they are taken out of the
    samples; a classification shows its labels in turn. Raises `BadInput` when there are too few.
    """
    if shots <= 0:
        return replace(task, shots=())
    if task.shots:
        return replace(task, shots=_from_pool(task, shots, seed))
    once = _asked_once(task.samples)
    if len(once) < shots or len(task.samples) - shots < 2:
        raise BadInput(
            f"{task.source or task.name} has {len(task.samples)} samples; {shots} examples would "
            "leave too few to test.",
            hint="Ask for fewer shots, or name a file of examples with --shots-from.",
        )
    pool = _in_turn(task, _ordered(once, "shots", seed))[:shots]
    shown = {sample.id for sample in pool}
    rest = tuple(sample for sample in task.samples if sample.id not in shown)
    notice = f"{shots} of {len(task.samples)} samples serve as examples and are not tested."
    return replace(task, samples=rest, shots=tuple(pool), notices=(*task.notices, notice))


def limit(task: Task, count: int, seed: int) -> Task:
    """The task with `count` of its samples, each group or label in its share.

    All of them when there are no more. Raises `BadInput` when `count` is below one.
    """
    if count < 1:
        raise BadInput(f"The limit is {count}; no sample would be left.", hint="Say --limit 200.")
    if count >= len(task.samples):
        return task
    strata: dict[str, list[Sample]] = defaultdict(list)
    for sample in _ordered(task.samples, "limit", seed):
        strata[_stratum(task, sample)].append(sample)
    sizes = _shares({name: len(members) for name, members in strata.items()}, count)
    kept = {sample.id for name, members in strata.items() for sample in members[: sizes[name]]}
    return replace(task, samples=tuple(one for one in task.samples if one.id in kept))


def lock(task: Task, fraction: float, seed: int) -> tuple[Task, Task]:
    """The task without its locked part, and the locked part: about `fraction` of the samples.

    Raises `BadInput` when one of them would hold less than two samples.
    """
    if not 0 < fraction < 1:
        raise BadInput(
            f"The locked share is {fraction:g}; it must lie between 0 and 1.",
            hint="Say --lock-test 30%.",
        )
    locked = {one.id for one in task.samples if _place(one, "lock", seed) < fraction}
    shut = tuple(one for one in task.samples if one.id in locked)
    free = tuple(one for one in task.samples if one.id not in locked)
    if min(len(shut), len(free)) < 2:
        raise BadInput(
            f"{task.source or task.name} has {len(task.samples)} samples, too few to lock "
            f"{fraction:.0%} of them.",
            hint="Add samples, or leave --lock-test out.",
        )
    return replace(task, samples=free), replace(task, samples=shut)


def shuffled(task: Task, seed: int) -> Task:
    """The task with its samples in the one order in which every candidate sees them."""
    return replace(task, samples=tuple(_ordered(task.samples, "order", seed)))


def _place(sample: Sample, purpose: str, seed: int) -> float:
    """A number in [0, 1) that looks random and is always the same."""
    text = f"{purpose}:{seed}:{sample.id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(text).digest()[:6], "big") / 2**48


def _ordered(samples: Sequence[Sample], purpose: str, seed: int) -> list[Sample]:
    return sorted(samples, key=lambda sample: (_place(sample, purpose, seed), sample.id))


def _from_pool(task: Task, shots: int, seed: int) -> tuple[Sample, ...]:
    if len(task.shots) < shots:
        raise BadInput(
            f"{shots} examples were asked for, but the file of examples has {len(task.shots)} "
            "that are not tested.",
            hint=f"Say shots={len(task.shots)}, or name a larger file with --shots-from.",
        )
    if len(task.shots) <= _HANDMADE:
        return task.shots[:shots]
    return tuple(_in_turn(task, _ordered(task.shots, "shots", seed))[:shots])


def _asked_once(samples: Sequence[Sample]) -> list[Sample]:
    """Samples whose question stands in the file once: a shown one must not be tested as well."""
    seen: dict[str, int] = defaultdict(int)
    for sample in samples:
        seen[_asked(sample)] += 1
    return [sample for sample in samples if seen[_asked(sample)] == 1]


def _asked(sample: Sample) -> str:
    return " ".join(sample.question.casefold().split())


def _in_turn(task: Task, samples: list[Sample]) -> list[Sample]:
    """The same samples, for a classification one of each label in turn."""
    if task.kind != "classification":
        return samples
    turns: dict[str, int] = defaultdict(int)
    ranked: list[tuple[int, int]] = []
    for place, sample in enumerate(samples):
        ranked.append((turns[sample.target], place))
        turns[sample.target] += 1
    return [samples[place] for _, place in sorted(ranked)]


def _stratum(task: Task, sample: Sample) -> str:
    if sample.group:
        return sample.group
    return sample.target if task.kind == "classification" else ""


def _shares(sizes: dict[str, int], count: int) -> dict[str, int]:
    """`count` split in proportion to `sizes`: whole parts first, then the largest remainders."""
    total = sum(sizes.values())
    exact = {name: size * count / total for name, size in sizes.items()}
    shares = {name: int(share) for name, share in exact.items()}
    left = count - sum(shares.values())
    for name in sorted(exact, key=lambda name: (shares[name] - exact[name], name))[:left]:
        shares[name] += 1
    return shares
