"""What a function said of a text, for the next record with the same: by the million, most are."""

from collections.abc import Callable, Hashable
from typing import TypeVar

_Asked = TypeVar("_Asked", bound=Hashable)
_Said = TypeVar("_Said")


class Remembered(dict[_Asked, _Said]):
    """`Remembered(f, most)[x]` is `f(x)`; of more than `most` answers all are forgotten.

    An ordinary dictionary: `functools.lru_cache` keeps its answers in the order of their use, and
    that takes several times as long as looking one up when there are hundreds of thousands.
    """

    def __init__(self, function: Callable[[_Asked], _Said], most: int) -> None:
        super().__init__()
        self._function = function
        self._most = most

    def __missing__(self, asked: _Asked) -> _Said:
        found = self._function(asked)
        if len(self) >= self._most:
            self.clear()
        self[asked] = found
        return found
