"""Keys that came more than once, found among millions in 16 bytes each."""

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


class Keys:
    """Remembers a hash of every key, beside the number of its record."""

    def __init__(self) -> None:
        self._hashes, self._numbers = array("q"), array("q")

    def add(self, numbered: Iterable[tuple[int, str]]) -> None:
        """Remember keys by their records' numbers."""
        for number, key in numbered:
            self._numbers.append(number)
            self._hashes.append(hash(key))

    def drop_after(self, number: int) -> None:
        """Forget the records with a greater number."""
        numbers, hashes = self._both()
        kept = numbers <= number
        self._numbers = array("q", numbers[kept].tobytes())
        self._hashes = array("q", hashes[kept].tobytes())

    def perhaps_doubled(self) -> list[int]:
        """The numbers of all records whose key has the hash of another one's."""
        import numpy as np

        numbers, hashes = self._both()
        order = np.argsort(hashes)
        ordered = hashes[order]
        same = np.flatnonzero(ordered[1:] == ordered[:-1])
        found: list[int] = np.sort(numbers[order[np.union1d(same, same + 1)]]).tolist()
        return found

    def _both(self) -> tuple["np.ndarray[tuple[int], np.dtype[np.int64]]", ...]:
        """Copies, so that the arrays can grow again."""
        import numpy as np

        return tuple(np.array(one, dtype=np.int64) for one in (self._numbers, self._hashes))
