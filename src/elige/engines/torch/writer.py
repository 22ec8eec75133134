"""The text of one prompt's answer as it grows: reasoning apart, ended by stop strings."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from elige.engines.reasoning import ReasoningSplitter
from elige.engines.torch.detokenise import Detokeniser
from elige.engines.torch.tokenise import Encoded, Tokeniser

Part = tuple[bool, str]


class StopWatch:
    """Lets text through until one of `stops` stands in it; the stop itself is left out.

    What may be the beginning of a stop is held back until that is known.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def feed(self, text: str) -> str:
        """The part of all text so far that is certain now."""
        if self.stopped:
            return ""
        self._held += text
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        self.stopped = bool(found)
        cut = min(found) if found else len(self._held) - self._risky()
        certain, self._held = self._held[:cut], self._held[cut:]
        return certain

    def finish(self) -> str:
        """What was held back for a stop that never came."""
        rest, self._held = self._held, ""
        return "" if self.stopped else rest

    def _risky(self) -> int:
        """How many of the last characters may begin a stop."""
        longest = max(map(len, self._stops), default=1) - 1
        sizes = range(min(longest, len(self._held)), 0, -1)
        starts = (
            size for size in sizes if any(s.startswith(self._held[-size:]) for s in self._stops)
        )
        return next(starts, 0)


@dataclass(slots=True)
class Written:
    """All that was let through so far, and how many tokens were reasoning."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    reasoning_tokens: int = 0


class Writer:
    """From tokens to parts of text: (is reasoning, text). Stops end the answer alone."""

    def __init__(self, tokeniser: Tokeniser, prompt: Encoded, stops: Sequence[str]) -> None:
        self._detokeniser = Detokeniser(tokeniser, prompt.ids)
        self._splitter = ReasoningSplitter(prompt.reasoning)
        self._watch = StopWatch(stops)
        self._thinking = prompt.reasoning
        self.written = Written()

    @property
    def stopped(self) -> bool:
        """Whether a stop string ended the answer."""
        return self._watch.stopped

    @property
    def unclosed(self) -> bool:
        """Whether the answer ended inside its reasoning; known after `finish`."""
        return self._splitter.unclosed

    def feed(self, token: int) -> list[Part]:
        """What is certain after one more token."""
        parts = self._splitter.feed(self._detokeniser.feed(token))
        if parts:
            self._thinking = parts[-1][0]
        reasons = self._thinking or any(kind for kind, _ in parts)
        self.written.reasoning_tokens += reasons
        return self._kept(parts)

    def finish(self) -> list[Part]:
        """What is left when no token follows."""
        parts = [*self._splitter.feed(self._detokeniser.finish()), *self._splitter.finish()]
        kept = self._kept(parts)
        rest = self._watch.finish()
        self.written.text.append(rest)
        return [*kept, (False, rest)] if rest else kept

    def _kept(self, parts: Sequence[Part]) -> list[Part]:
        kept = [(kind, text if kind else self._watch.feed(text)) for kind, text in parts]
        for kind, text in kept:
            (self.written.reasoning if kind else self.written.text).append(text)
        return [(kind, text) for kind, text in kept if text]
