"""One prompt on its way to an answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch

from elige.engines.torch.tokenise import Encoded
from elige.engines.torch.writer import Writer
from elige.records import Answer, Finish, Piece


@dataclass(slots=True, kw_only=True)
class Row:
    """One prompt on its way: `budget` is the most tokens it may write, `ends` those that end it."""

    index: int
    prompt: Encoded
    writer: Writer
    roll: torch.Generator
    budget: int
    ends: frozenset[int]
    written: list[int] = field(default_factory=list)
    seconds: float = 0.0
    finish: Finish | None = None

    @property
    def ids(self) -> list[int]:
        """All tokens so far, the prompt's first."""
        return [*self.prompt.ids, *self.written]

    @property
    def length(self) -> int:
        """Tokens so far."""
        return len(self.prompt.ids) + len(self.written)

    @property
    def size(self) -> int:
        """Tokens it may come to hold."""
        return len(self.prompt.ids) + self.budget

    def write(self, token: int) -> Iterator[Piece]:
        """Take one more token; sets `finish` when it was the last one."""
        self.written.append(token)
        if token in self.ends:
            self.finish = Finish.STOP
        else:
            yield from self._pieces(self.writer.feed(token))
            if self.writer.stopped:
                self.finish = Finish.STOP
            elif len(self.written) >= self.budget:
                self.finish = Finish.LENGTH
        if self.finish is not None:
            yield from self._pieces(self.writer.finish())

    def answer(self) -> Answer:
        """The whole answer of a finished row."""
        written = self.writer.written
        return Answer(
            text="".join(written.text),
            reasoning="".join(written.reasoning),
            finish=self.finish or Finish.STOP,
            unclosed=self.writer.unclosed,
            prompt_tokens=len(self.prompt.ids),
            completion_tokens=len(self.written),
            reasoning_tokens=written.reasoning_tokens,
            seconds=self.seconds,
            bos=self.prompt.bos,
            template=self.prompt.template,
        )

    def _pieces(self, parts: Sequence[tuple[bool, str]]) -> Iterator[Piece]:
        for reasoning, text in parts:
            yield Piece(index=self.index, text=text, reasoning=reasoning)
