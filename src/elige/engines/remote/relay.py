"""Pieces passed on while an answer comes, without repeating what an earlier attempt showed."""

from collections.abc import Callable, Iterable

from elige.engines.reasoning import Part
from elige.records import Piece


class Relay:
    """Passes on one prompt's text.

    Of a second attempt only what goes beyond the text already passed on is new; once it says
    something else nothing more is passed on, and the answer alone tells the whole.
    """

    def __init__(self, index: int, put: Callable[[Piece], None]) -> None:
        self._index = index
        self._put = put
        self._shown: list[str] = []
        self._expected = ""
        self._at = 0

    def begin(self) -> None:
        """A new attempt begins from nothing."""
        self._expected, self._at = "".join(self._shown), 0

    def pass_on(self, parts: Iterable[Part]) -> None:
        """Put the new text among `parts`."""
        for is_reasoning, text in parts:
            known = self._expected[self._at : self._at + len(text)]
            if self._at < 0 or not text.startswith(known):
                self._at = -1
                return
            self._at += len(text)
            if fresh := text[len(known) :]:
                self._shown.append(fresh)
                self._put(Piece(index=self._index, text=fresh, reasoning=is_reasoning))
