"""Questions to one engine: weighed or generated, with what failed kept apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from elige.errors import EngineDown, EngineError
from elige.records import Answer, AnswerKey, Ask, Engine, Sample, Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One sample as one candidate is asked it. `index` is its place in the task's order."""

    index: int
    sample: Sample
    ask: Ask
    key: AnswerKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that came back together; failures carry the reason."""

    answered: list[tuple[Question, Answer]] = field(default_factory=list)
    failed: list[tuple[Question, str]] = field(default_factory=list)


def ask_engine(
    engine: Engine, questions: Sequence[Question], *, one_by_one: bool
) -> Iterator[Group]:
    """Yield answers and failures; each question comes back exactly once.

    `one_by_one` hands every answer over as soon as it is whole (it may have cost money);
    otherwise the questions come back together.
    """
    weighed = [question for question in questions if question.ask.is_choice]
    if weighed:
        yield _scored(engine, weighed)
    by_sampling: dict[Sampling, list[Question]] = {}
    for question in questions:
        if not question.ask.is_choice:
            by_sampling.setdefault(question.ask.sampling or Sampling(), []).append(question)
    for sampling, generated in by_sampling.items():
        groups = _generated(engine, generated, sampling)
        yield from groups if one_by_one else [_joined(groups)]


def _scored(engine: Engine, questions: list[Question]) -> Group:
    """Weigh all at once; when that is refused, one at a time.

    So one bad question (longer than the context, say) does not take the others down.
    """
    try:
        answers = engine.score([question.ask for question in questions])
        return Group(answered=list(zip(questions, answers, strict=True)))
    except EngineDown:
        raise
    except EngineError as error:
        if len(questions) == 1:
            return Group(failed=[(questions[0], str(error))])
    return _joined(_scored(engine, [question]) for question in questions)


def _generated(engine: Engine, questions: list[Question], sampling: Sampling) -> Iterator[Group]:
    left = dict(enumerate(questions))
    for piece in engine.generate([question.ask.prompt for question in questions], sampling):
        if piece.answer is not None:
            yield Group(answered=[(left.pop(piece.index), piece.answer)])
        elif piece.failure is not None:
            yield Group(failed=[(left.pop(piece.index), str(piece.failure))])
    if left:
        why = "the engine ended without an answer"
        yield Group(failed=[(question, why) for question in left.values()])


def _joined(groups: Iterator[Group]) -> Group:
    joined = Group()
    for group in groups:
        joined.answered.extend(group.answered)
        joined.failed.extend(group.failed)
    return joined
