"""Choices asked in every order: a sample is right only if it is right in each of them.

Samples are turned before the runner sees them and folded after it: each order is a question of
its own in the store, and one score a sample goes into the mean or the race.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from elige.errors import BadInput
from elige.evaluate.corpus import Judged
from elige.evaluate.metrics import part_values
from elige.evaluate.positions import Readings
from elige.records import Answer, Failure, Job, Observation, Result, Sample, Score, Task

Work = Callable[[Job], Iterator[Result]]

# Choices that name others by their place lose their sense when they are moved.
_BY_PLACE = re.compile(
    r"\b(?:all|none|both|any|either|neither|some|most|two)\s+(?:of\s+)?(?:the\s+)?"
    r"(?:above|preceding|previous)\b|\bof the above\b|\b(?:las|los) anteriores\b"
    r"|\boben genannten\b|\bci-dessus\b"
    r"|^\W*(?:(?:both|either|neither|only|options?|choices?|answers?)\s+)*\(?[A-H]\)?"
    r"(?:\s*(?:,|&|\band\b|\bor\b|\bnor\b|\by\b)\s*\(?[A-H]\)?)+(?:\s+only)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A task with every sample in each of its orders; `origin` gives each one's own sample.

    `origin` holds places in the task that was turned.
    """

    task: Task
    origin: tuple[int, ...]


def check_rotations(task: Task) -> Task:
    """The task with a notice on samples that cannot be turned.

    Raises `BadInput` when its choices are not listed by letter, for then they have no order.
    """
    if task.rotations == 1:
        return task
    if task.kind != "choice" or task.form.choice_format != "letters":
        what = f"put as {task.form.choice_format}" if task.kind == "choice" else "none"
        raise BadInput(
            f"Rotations turn choices that are listed by letter; here they are {what}.",
            hint="Say --choice-format letters, or leave --rotate out.",
        )
    fixed = sum(names_places(sample.choices) for sample in task.samples)
    if not fixed:
        return task
    notice = (
        f"{fixed} of {len(task.samples)} samples are asked in their own order alone: "
        "one of their choices names others by their place."
    )
    return replace(task, notices=(*task.notices, notice))


def names_places(choices: Sequence[str]) -> bool:
    """Whether one of `choices` speaks of others by place: 'all of the above', 'both A and B'."""
    return any(_BY_PLACE.search(choice.strip()) for choice in choices)


def turned(task: Task) -> Turned:
    """The task with each sample in as many orders as it asks for; unturned where that is one.

    Raises `BadInput` when the ids of the file leave no room for the turned ones.
    """
    pairs = [(at, one) for at, sample in enumerate(task.samples) for one in _orders(sample, task)]
    if len({one.id for _, one in pairs}) != len(pairs):
        raise BadInput(
            "Some ids of the file end like those of rotated samples (#order2).",
            hint="Rename them, or say --id - to go without the file's ids.",
        )
    return Turned(
        task=replace(task, samples=tuple(one for _, one in pairs)),
        origin=tuple(at for at, _ in pairs),
    )


class Rotation:
    """Asks each sample of a task in its orders, and hands over one observation a sample.

    `readings` counts every single question of a candidate, for the histogram of letters.
    """

    def __init__(self, task: Task, work: Work) -> None:
        self._task = task
        self._work = work
        self._turned = turned(task)
        self._places: dict[int, list[int]] = {}
        for place, origin in enumerate(self._turned.origin):
            self._places.setdefault(origin, []).append(place)
        self._of = {sample.id: place for place, sample in enumerate(self._turned.task.samples)}
        self._readings: dict[str, Readings] = {}

    def work(self, job: Job) -> Iterator[Result]:
        """Yield an observation for each sample of `job` of which every order was answered."""
        return self._work(job) if self._task.rotations == 1 else self._folded(job)

    def readings(self, candidate: str) -> Readings:
        """The counts of this candidate's single questions so far."""
        return self._readings.setdefault(candidate, Readings(self._task))

    def _folded(self, job: Job) -> Iterator[Result]:
        places = tuple(place for at in job.samples for place in self._places[at])
        pending: dict[tuple[int, int], _Turns] = {}
        failed: set[int] = set()
        stream = self._work(replace(job, samples=places))
        try:
            for result in stream:
                place = self._of[result.sample]
                origin = self._turned.origin[place]
                if isinstance(result, Failure):
                    if origin not in failed:
                        failed.add(origin)
                        yield replace(result, sample=self._task.samples[origin].id)
                    continue
                self._note(result, place)
                turns = pending.setdefault((origin, result.key.repeat), _Turns())
                turns.found[place] = result
                if len(turns.found) == len(self._places[origin]):
                    yield turns.folded(self._task.samples[origin].id)
        finally:
            close = getattr(stream, "close", None)
            if close is not None:
                close()

    def _note(self, result: Observation, place: int) -> None:
        sample = self._turned.task.samples[place]
        self.readings(result.candidate).add(
            Judged(sample=sample, answer=result.answer, score=result.score)
        )


@dataclass(slots=True)
class _Turns:
    """The observations of one sample by the place of their order."""

    found: dict[int, Observation] = field(default_factory=dict)

    def folded(self, sample: str) -> Observation:
        turns = [self.found[place] for place in sorted(self.found)]
        return replace(
            turns[0],
            sample=sample,
            answer=folded_answer([one.answer for one in turns], [one.score for one in turns]),
            score=folded_score([one.score for one in turns]),
            cached=all(one.cached for one in turns),
        )


def folded_score(scores: Sequence[Score]) -> Score:
    """One score for all orders: that of the worst, with how often it was right.

    Its parts are the worst of each part, the mean over the orders, and whether the same choice
    was picked in all of them.
    """
    if len(scores) == 1:
        return replace(scores[0], parts=(*scores[0].parts, *_agreement(scores)))
    at = worst(scores)
    right = sum(one.value == 1.0 for one in scores)
    parts = tuple((name, min(found)) for name, found in part_values(scores).items())
    return replace(
        scores[at],
        why=f"right in {right} of {len(scores)} orders; order {at + 1}: {scores[at].why}",
        parts=(*parts, *_agreement(scores)),
    )


def folded_answer(answers: Sequence[Answer], scores: Sequence[Score]) -> Answer:
    """The answer in the worst order, with the tokens, seconds and costs of all of them."""
    costs = [one.cost for one in answers if one.cost is not None]
    return replace(
        answers[worst(scores)],
        prompt_tokens=sum(one.prompt_tokens for one in answers),
        completion_tokens=sum(one.completion_tokens for one in answers),
        reasoning_tokens=sum(one.reasoning_tokens for one in answers),
        seconds=sum(one.seconds for one in answers),
        cost=sum(costs, Decimal(0)) if len(costs) == len(answers) else None,
    )


def worst(scores: Sequence[Score]) -> int:
    """The place of the worst score, the first of equals."""
    return min(range(len(scores)), key=lambda at: scores[at].value)


def _agreement(scores: Sequence[Score]) -> tuple[tuple[str, float], ...]:
    picks = {one.predicted for one in scores}
    return (
        ("mean_of_orders", sum(one.value for one in scores) / len(scores)),
        ("same_in_every_order", float(len(picks) == 1 and "" not in picks)),
    )


def _orders(sample: Sample, task: Task) -> Iterable[Sample]:
    """The sample as it is, then with its choices shifted by one place after another."""
    count = len(sample.choices)
    wanted = count if task.rotations == "all" else min(task.rotations, count)
    yield sample
    if sample.right is None or names_places(sample.choices):
        return
    for shift in range(1, wanted):
        yield replace(
            sample,
            id=f"{sample.id}#order{shift + 1}",
            choices=sample.choices[-shift:] + sample.choices[:-shift],
            right=(sample.right + shift) % count,
        )
