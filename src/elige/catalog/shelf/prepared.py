"""An entry as the rows it becomes on the shelf; also made by a second process, for very many.

    python -m elige.catalog.shelf.prepared SOURCE FILE FIRST_PART ROWS_BEFORE

writes what the named source reads in the file from that part on.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

from elige.catalog.by_two import write_part
from elige.catalog.shelf.codec import encoded, kin_of
from elige.records import Broken, Column, Entry, Place
from elige.text import one_line

# The number of the record in its source; the key; the model's name, folded; the digest; the
# payload; other names; parents; when it changed. Or the number, where it stands, what is wrong.
Good: TypeAlias = tuple[int, str, str, bytes, bytes, list[str], list[str], str]
Bad: TypeAlias = tuple[int, str, str]

# Below this, a second process is not worth its start.
LEAST = 100_000
# The rest is the other process's, which has no file to write to.
_OWN_SHARE = 0.43


@runtime_checkable
class Divisible(Protocol):
    """A source that can be read in parts, each apart from the others."""

    name: str

    def parts(self, place: Place) -> Sequence[int]:
        """How many records each part has, in their order."""
        ...

    def read_parts(self, place: Place, first: int, last: int | None) -> Iterator[Entry | Broken]:
        """Those from the part `first` up to `last`, None being all; one for every record."""
        ...


def division(source: object, place: Place) -> tuple[int, int]:
    """The first part that another process reads, and how many records come before; (0, 0): none."""
    if not isinstance(source, Divisible) or place.path is None:
        return 0, 0
    sizes = source.parts(place)
    if sum(sizes) < LEAST:
        return 0, 0
    before = 0
    for part, size in enumerate(sizes):
        if part and before + size / 2 > _OWN_SHARE * sum(sizes):
            return part, before
        before += size
    return 0, 0


def prepared(records: Iterable[Entry | Broken], before: int = 0) -> Iterator[Good | Bad]:
    """The rows of each of the records, numbered from `before` on."""
    for number, one in enumerate(records, start=before + 1):
        yield (number, one.where, one.why) if isinstance(one, Broken) else _rows(number, one)


def _rows(number: int, entry: Entry) -> Good | Bad:
    try:
        model, key = _name(entry.model, "model"), _name(entry.key, "key")
        payload = encoded(entry)
        parents, names = kin_of(entry)
        for name in (*parents, *names):
            name.encode()
    except (ValueError, AttributeError) as error:
        return number, one_line(entry.key or entry.model), _why(error)
    digest = blake2b(payload, digest_size=8).digest()
    updated = entry.values.get(Column.UPDATED)
    moment = updated if isinstance(updated, str) else ""
    return number, key, model.casefold(), digest, payload, names, parents, moment


def _name(text: str, what: str) -> str:
    """`text` where it can name something on the shelf. Raises `ValueError` otherwise."""
    if not text or not text.strip():
        raise ValueError(f"it has no {what}")
    text.encode()
    return text


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "its names are no valid Unicode text"
    return one_line(error)


def main(name: str, file: str, first: str, before: str) -> None:
    """Read a part and write it out."""
    from elige.catalog.sources import source

    found, place = source(name), Place(path=Path(file))
    assert isinstance(found, Divisible)  # as `division` has seen
    write_part(prepared(found.read_parts(place, int(first), None), int(before)))


if __name__ == "__main__":
    main(*sys.argv[1:])
