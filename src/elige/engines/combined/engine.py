"""An engine made of opened engines: whom it asks, and what it answers, is a rule's business."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from elige.engines.combined.rule import Question, Rule, billed
from elige.errors import EngineDown, EngineError, EngineRefused
from elige.records import (
    Answer,
    Ask,
    CombinedPrompt,
    Engine,
    EngineInfo,
    Identity,
    Member,
    Piece,
    Prompt,
    Sampling,
)


@dataclass(slots=True)
class _Turn:
    """One question on its way: as each member is asked it, and who answered so far."""

    index: int
    question: Question
    variants: tuple[Ask, ...]
    answers: dict[int, Answer] = field(default_factory=dict)
    failure: Exception | None = None
    streamed: bool = False


class CombinedEngine:
    """A cascade, a router or an ensemble over `engines`, in the members' order.

    Members may share an engine. Questions go to each member together. What a member says is
    passed on as it comes where the rule knows that it is the answer.
    """

    def __init__(self, engines: Sequence[Engine], rule: Rule, info: EngineInfo) -> None:
        self._engines = tuple(engines)
        self._rule = rule
        self._info = info

    def describe(self) -> EngineInfo:
        """What it is made of."""
        return self._info

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        """One answer for each ask, with `weighed` filled.

        Raises `EngineRefused` when a member cannot score, `EngineDown` when one stopped.
        """
        if not all(ask.is_choice for ask in asks):
            raise EngineRefused(
                "There are no continuations to weigh.", hint="Ask for a generated answer instead."
            )
        turns = [self._turn(index, ask, ask.prompt) for index, ask in enumerate(asks)]
        while wanted := self._wanted(turns):
            for member, some in wanted.items():
                found = self._engines[member].score([one.variants[member] for one in some])
                for turn, answer in zip(some, found, strict=True):
                    turn.answers[member] = answer
        return [self._answer(turn) for turn in turns]

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        """Yield pieces as they come; empty ones while the rule cannot know whose answer counts.

        A member's own sampling comes with its variant of the prompt. Closing the iterator stops
        the work within two tokens.
        """
        turns = [
            self._turn(index, Ask(prompt=prompt, sampling=sampling), prompt)
            for index, prompt in enumerate(prompts)
        ]
        while wanted := self._wanted(turns):
            for member, some in wanted.items():
                left = [turn for turn in some if turn.failure is None]
                yield from self._round(member, left)
                for turn in left:
                    if turn.failure or not self._rule.ask(turn.question, turn.answers):
                        yield from self._end(turn)

    def close(self) -> None:
        """Close every member. Safe to call twice."""
        for engine in dict.fromkeys(self._engines):
            engine.close()

    def _turn(self, index: int, ask: Ask, prompt: Prompt) -> _Turn:
        """The question in its variants; a plain prompt is put to all members as it is."""
        if isinstance(prompt, CombinedPrompt):
            question = Question(text=prompt.question, group=prompt.group)
            return _Turn(index=index, question=question, variants=prompt.variants)
        text = prompt.messages[-1].content if prompt.is_chat else prompt.text
        variants = (ask,) * len(self._engines)
        return _Turn(index=index, question=Question(text=text), variants=variants)

    def _wanted(self, turns: Sequence[_Turn]) -> dict[int, list[_Turn]]:
        """Who is to be asked which questions now."""
        wanted: dict[int, list[_Turn]] = {}
        for turn in turns:
            if turn.failure is None:
                for member in self._rule.ask(turn.question, turn.answers):
                    wanted.setdefault(member, []).append(turn)
        return wanted

    def _round(self, member: int, turns: Sequence[_Turn]) -> Iterator[Piece]:
        """One member's answers to questions that are written, and to those that are weighed."""
        weighed = [turn for turn in turns if turn.variants[member].is_choice]
        if weighed:
            yield from self._weighed(member, weighed)
        written: dict[Sampling, list[_Turn]] = {}
        for turn in turns:
            if not turn.variants[member].is_choice:
                drawn = turn.variants[member].sampling or Sampling()
                written.setdefault(drawn, []).append(turn)
        for drawn, some in written.items():
            with closing(self._written(member, some, drawn)) as pieces:
                yield from pieces

    def _weighed(self, member: int, turns: Sequence[_Turn]) -> Iterator[Piece]:
        try:
            found = self._engines[member].score([turn.variants[member] for turn in turns])
        except EngineDown:
            raise
        except EngineError as error:
            for turn in turns:
                turn.failure = error
            return
        for turn, answer in zip(turns, found, strict=True):
            turn.answers[member] = answer
            yield Piece(index=turn.index)

    def _written(self, member: int, turns: Sequence[_Turn], sampling: Sampling) -> Generator[Piece]:
        prompts = [turn.variants[member].prompt for turn in turns]
        pieces = self._engines[member].generate(prompts, sampling)
        last = [self._rule.is_last(one.question, one.answers, member) for one in turns]
        try:
            for piece in pieces:
                turn = turns[piece.index]
                if piece.answer is not None:
                    turn.answers[member] = piece.answer
                elif piece.failure is not None:
                    turn.failure = piece.failure
                elif last[piece.index]:
                    turn.streamed = True
                    yield replace(piece, index=turn.index)
                    continue
                yield Piece(index=turn.index)
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()
        for turn in turns:
            if member not in turn.answers and turn.failure is None:
                turn.failure = EngineDown("The engine ended without an answer.")

    def _answer(self, turn: _Turn) -> Answer:
        found = self._rule.answer(turn.question, turn.answers)
        return billed(found, list(turn.answers.values()))

    def _end(self, turn: _Turn) -> Iterator[Piece]:
        if turn.failure is not None:
            yield Piece(index=turn.index, failure=turn.failure)
            return
        answer = self._answer(turn)
        if answer.text and not turn.streamed:
            yield Piece(index=turn.index, text=answer.text)
        yield Piece(index=turn.index, answer=answer)


def combined_info(members: Sequence[Member], identity: Identity) -> EngineInfo:
    """What a combination says of itself: what all its members can, and what they take together."""
    infos = [one.info for one in members]
    lengths = [one.context_length for one in infos if one.context_length is not None]
    counts = {one.identity.weights: one.parameters for one in infos}
    sizes = {one.identity.weights: one.weight_bytes for one in infos}
    return EngineInfo(
        identity=identity,
        context_length=min(lengths) if lengths else None,
        device=", ".join(sorted({one.device for one in infos if one.device})),
        can_score=all(one.can_score for one in infos),
        can_generate=all(one.can_generate for one in infos),
        has_template=all(one.has_template for one in infos),
        parameters=_sum(list(counts.values())),
        weight_bytes=_sum(list(sizes.values())),
        kernel="combined",
        concurrency=min(one.concurrency for one in infos),
        rehearses=any(one.rehearses for one in infos),
        notices=tuple(dict.fromkeys(text for one in infos for text in one.notices)),
        members=tuple(members),
    )


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
