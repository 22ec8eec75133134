"""Questions to one engine: weighed or generated, with what failed kept apart."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from elige.errors import EngineDown, EngineError, EngineRefused
from elige.records import Answer, AnswerKey, Ask, Engine, Piece, Sample, Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One sample as one candidate is asked it. `index` is its place in the task's order."""

    index: int
    sample: Sample
    ask: Ask
    key: AnswerKey

    @property
    def place(self) -> tuple[int, int]:
        """Which sample it is, and the how-manyth time it is asked: no other question has both."""
        return self.index, self.key.repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that came back together; failures carry the reason."""

    answered: list[tuple[Question, Answer]] = field(default_factory=list)
    failed: list[tuple[Question, Exception]] = field(default_factory=list)


def ask_engine(
    engine: Engine,
    questions: Sequence[Question],
    *,
    one_by_one: bool,
    stopping: Callable[[], bool] = lambda: False,
) -> Generator[Group]:
    """Yield answers and failures; each question comes back exactly once.

    `one_by_one` hands every answer over as soon as it is whole (it may have cost money);
    otherwise the questions come back together. Once `stopping` says so the rest is called off,
    and what has not come back does not. Raises `EngineDown` when the engine stops, which
    concerns every question that has not come back.
    """
    weighed = [question for question in questions if question.ask.is_choice]
    if weighed:
        yield _scored(engine, weighed)
    by_sampling: dict[Sampling, list[Question]] = {}
    for question in questions:
        if not question.ask.is_choice:
            by_sampling.setdefault(question.ask.sampling or Sampling(), []).append(question)
    for sampling, generated in by_sampling.items():
        with closing(_generated(engine, generated, sampling, stopping)) as groups:
            if one_by_one:
                yield from groups
            else:
                yield from _whole(groups, len(generated))


def _scored(engine: Engine, questions: list[Question]) -> Group:
    """Weigh all at once; when that is refused, one at a time.

    So one bad question (longer than the context, say) does not take the others down.
    """
    try:
        answers = engine.score([question.ask for question in questions])
        if len(answers) != len(questions):
            raise EngineRefused(f"It gave {len(answers)} answers to {len(questions)} questions.")
        return Group(answered=list(zip(questions, answers, strict=True)))
    except EngineDown:
        raise
    except EngineError as error:
        if len(questions) == 1:
            return Group(failed=[(questions[0], error)])
    return _joined(_scored(engine, [question]) for question in questions)


def _generated(
    engine: Engine,
    questions: list[Question],
    sampling: Sampling,
    stopping: Callable[[], bool],
) -> Generator[Group]:
    left = dict(enumerate(questions))
    with _closed(engine.generate([one.ask.prompt for one in questions], sampling)) as pieces:
        for piece in pieces:
            if piece.is_last and (question := left.pop(piece.index, None)) is not None:
                yield _ended(question, piece)
            if stopping():
                return
    if left:
        why = EngineDown("The engine ended without an answer.")
        yield Group(failed=[(question, why) for question in left.values()])


def _ended(question: Question, piece: Piece) -> Group:
    if piece.failure is not None:
        return Group(failed=[(question, piece.failure)])
    return Group(answered=[(question, piece.answer)] if piece.answer is not None else [])


def _whole(groups: Iterable[Group], wanted: int) -> Iterator[Group]:
    """All of `groups` in one, or nothing of it when the rest was called off."""
    joined = _joined(groups)
    if len(joined.answered) + len(joined.failed) == wanted:
        yield joined


def _joined(groups: Iterable[Group]) -> Group:
    joined = Group()
    for group in groups:
        joined.answered.extend(group.answered)
        joined.failed.extend(group.failed)
    return joined


@contextmanager
def _closed(pieces: Iterator[Piece]) -> Iterator[Iterator[Piece]]:
    """`pieces`, closed at the end: that stops the work behind them at once."""
    try:
        yield pieces
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
