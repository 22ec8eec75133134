"""JSON read as it comes: the items of one long list, everything else as whole values."""

import json
from collections.abc import Iterator
from typing import Any, TextIO  # JSON has no narrower type

_BLOCK = 1 << 18
_DECODER = json.JSONDecoder()


class JsonStream:
    """A cursor on JSON text; holds no more of it than the value that is being read."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no space; '' at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in " \t\r\n":
                    return self._buffer[self._at]
                self._at += 1
            if not self._more(_BLOCK):
                return ""

    def value(self) -> Any:  # noqa: ANN401 - whatever stands there
        """The next value as a whole. Raises `ValueError` for broken or unfinished JSON."""
        self.peek()
        block = _BLOCK
        while True:
            try:
                found, end = _DECODER.raw_decode(self._buffer, self._at)
            except ValueError:
                if not self._more(block):
                    raise
            else:
                # A number that touches the buffer's end may go on.
                if end < len(self._buffer) or not self._more(block):
                    self._at = end
                    return found
            block *= 2

    def entries(self) -> Iterator[str]:
        """The keys of the object that stands here; the caller reads each one's value."""
        self._expect("{")
        while self.peek() != "}":
            key = self.value()
            self._expect(":")
            yield str(key)
            if self.peek() == ",":
                self._expect(",")
        self._expect("}")

    def items(self) -> Iterator[Any]:
        """The values of the list that stands here, one by one."""
        self._expect("[")
        while self.peek() != "]":
            yield self.value()
            if self.peek() == ",":
                self._expect(",")
        self._expect("]")

    def _expect(self, sign: str) -> None:
        found = self.peek()
        if found != sign:
            raise ValueError(f"{found or 'the end'!r} stands where {sign!r} should")
        self._at += 1

    def _more(self, block: int) -> bool:
        """Whether there was more text to read; what was read before is let go."""
        if self._ended:
            return False
        found = self._text.read(block)
        self._ended = not found
        self._buffer = self._buffer[self._at :] + found
        self._at = 0
        return bool(found)


def list_items(text: TextIO, path: tuple[str, ...], around: dict[str, Any]) -> Iterator[Any]:
    """The items of the list at `path`; what stands before it goes into `around` by its key.

    Values after the list are put there too, once it has been read.
    """
    yield from _within(JsonStream(text), path, around)


def _within(stream: JsonStream, path: tuple[str, ...], around: dict[str, Any]) -> Iterator[Any]:
    if not path:
        if stream.peek() == "[":
            yield from stream.items()
        else:
            stream.value()
        return
    for key in stream.entries():
        if key == path[0] and stream.peek() == ("[" if len(path) == 1 else "{"):
            yield from _within(stream, path[1:], around)
        else:
            around[key] = stream.value()
