"""Tokens become text while they come."""

from collections.abc import Sequence

from elige.engines.torch.tokenise import Tokeniser

# Tokens of the prompt that may change how the first new ones are written: a word's white space
# and characters of several tokens. Five as in vLLM's incremental detokeniser.
WINDOW = 5
BROKEN = "\ufffd"


class Detokeniser:
    """Text of growing token ids, never half a character.

    A token alone may be written differently from one in a sentence, so each is written behind
    the tokens that gave the text before it.
    """

    def __init__(self, tokeniser: Tokeniser, prompt: Sequence[int]) -> None:
        self._tokeniser = tokeniser
        size = WINDOW
        while tokeniser.text(prompt[-size:]).startswith(BROKEN) and size < 2 * WINDOW:
            size += 1
        self._ids = list(prompt[-size:])
        self._written = len(self._ids)

    def feed(self, token: int) -> str:
        """The text that is certain now and was not before."""
        self._ids.append(token)
        new = self._new()
        if not new or new.endswith(BROKEN):
            return ""
        self._ids = self._ids[self._written :]
        self._written = len(self._ids)
        return new

    def finish(self) -> str:
        """What was held back, without half a character."""
        return self._new().rstrip(BROKEN)

    def _new(self) -> str:
        before = self._tokeniser.text(self._ids[: self._written])
        return self._tokeniser.text(self._ids)[len(before) :]
