"""Keeping the index abreast of the store."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from elige.catalog.by_two import PartFailed, without_collecting
from elige.catalog.search.described import described
from elige.catalog.search.documents import AT_ONCE, as_json, documents
from elige.catalog.search.heirs import Heirs
from elige.catalog.search.index import IndexBroken, SearchIndex, guarded, meta
from elige.catalog.search.inherit import Ancestry
from elige.catalog.search.part import boundary, documents_within, made_by_two
from elige.catalog.search.schema import META_KEY, key
from elige.catalog.shelf import Shelf
from elige.loader.lock import hold
from elige.records import Entry, Relation, Source

if TYPE_CHECKING:
    from tantivy import IndexWriter

# For each thread of a first load: 2.5 million models (570 bytes each) are then fewer segments than
# the eight that are merged into one, which takes longer than it saves. Used only as far as needed.
_FIRST_HEAP_BYTES = 220_000_000
_HEAP_BYTES = 60_000_000
_AT_ONCE = 400

Changes = Iterator[tuple[str, list[tuple[Entry, str]]]]


class Changing(Protocol):
    """A store of entries that can say what became new since it had a generation."""

    @property
    def generation(self) -> int:
        """Grows with every change."""
        ...

    def entries(self, name: str) -> Sequence[tuple[Entry, str]]:
        """What is said of a model now."""
        ...

    def children(self, name: str) -> Sequence[tuple[str, Relation]]:
        """The models that name this one as their parent."""
        ...

    def has_children(self, name: str) -> bool:
        """Whether there are any."""
        ...

    def changed(self, since: int) -> Changes:
        """The models changed after `since` with all their entries; none for a removed model."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How the index is built: the installed sources, who hears notices, threads of a long load."""

    sources: Mapping[str, Source]
    say: Callable[[str], None] = lambda _: None
    threads: int = 2
    wait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What became of it. `behind` is true where another process writes, so this is an older state.

    `changed` counts models taken in or out; `rebuilt` says why all of it was built anew, or ''.
    """

    changed: int
    behind: bool = False
    rebuilt: str = ""


def follow(index: SearchIndex, shelf: Changing, how: Following) -> Followed:
    """Bring `index` up to the generation of `shelf`, in one commit that holds all of it or none.

    The generation is part of the commit, so a process that is killed loses and doubles nothing:
    the next one starts from the last commit. A damaged index, and one of another version, is
    built anew with a notice. While another process writes, the older state is kept for reading;
    where there is none yet, or `how.wait`, this one waits.
    """
    reason = _broken(index)
    wanted = shelf.generation
    if not reason and index.generation == wanted:
        return Followed(changed=0)
    descriptor = _hold(index, wait=how.wait or bool(reason) or index.generation is None)
    if descriptor is None:
        return Followed(changed=0, behind=True)
    try:
        reason = _broken(index)  # another process may have mended it meanwhile
        if not reason and index.generation is not None and index.generation > wanted:
            reason = "The catalogue's index is newer than the store."
        if reason:
            how.say(f"{reason} It is built anew.")
            index.clear()
        return Followed(changed=_write(index, shelf, how), rebuilt=reason)
    finally:
        os.close(descriptor)


def _hold(index: SearchIndex, *, wait: bool) -> int | None:
    index.lock.parent.mkdir(parents=True, exist_ok=True)
    return hold(index.lock, wait=wait)


def _broken(index: SearchIndex) -> str:
    try:
        index.refresh()
    except IndexBroken as error:
        return str(error)
    return ""


def _write(index: SearchIndex, shelf: Changing, how: Following) -> int:
    since = index.generation
    wanted = shelf.generation
    if since == wanted:
        return 0
    first = boundary(shelf, since or 0) if isinstance(shelf, Shelf) else ""
    heap, threads = (_FIRST_HEAP_BYTES, how.threads) if first else (_HEAP_BYTES, 1)
    with index.writer(heap_bytes=heap * threads, threads=threads) as writer, without_collecting():
        if first and isinstance(shelf, Shelf):
            if since is not None:
                writer.delete_all_documents()  # with the commit, as everything
            count = _add_all(writer, shelf, how.sources, first)
        else:
            count = _replace_changed(writer, shelf, how.sources, index)
        with guarded():
            writer.delete_documents_by_term("key", META_KEY)
            writer.add_json(as_json({"key": META_KEY, "shown": meta(wanted)}))
            writer.commit()
    index.refresh()
    return count


def _replace_changed(
    writer: "IndexWriter", shelf: Changing, sources: Mapping[str, Source], index: SearchIndex
) -> int:
    """Put in what changed for what was there, and who inherits of it; how many models that were."""
    count, since = 0, index.generation
    ancestry = Ancestry(shelf.entries, sources)
    heirs = None if since is None else Heirs(index.searcher, shelf, sources, ancestry)
    changed = shelf.changed(since or 0)
    while block := list(islice(changed, AT_ONCE)):
        there = [described(entries, sources) for _, entries in block if entries]
        letters = [ancestry.letters(one) for one in there]
        made_anew = iter(zip(there, letters, documents(there, letters), strict=True))
        for model, entries in block:
            one, may, fields = next(made_anew) if entries else (None, "", None)
            _put(writer, "" if heirs is None else key(model), fields)
            if heirs is not None:
                heirs.took(model, one, may)
        count += len(block)
    for heir in () if heirs is None else heirs.documents():
        _put(writer, heir["key"], heir)
        count += 1
    return count


def _add_all(writer: "IndexWriter", shelf: Shelf, sources: Mapping[str, Source], first: str) -> int:
    """Add every model, made by two processes; how many they are."""
    count, waiting = 0, list[str]()
    try:
        for one in made_by_two(shelf, sources, first):
            waiting.append(one)
            if len(waiting) == _AT_ONCE:
                _put_waiting(writer, waiting)
            count += 1
        _put_waiting(writer, waiting)
    except PartFailed:
        _put_waiting(writer, waiting)
        for fields in documents_within(shelf, sources, (first, "")):
            _put(writer, fields["key"], fields)  # some of it may be there already
            count += 1
    return count


def _put_waiting(writer: "IndexWriter", waiting: list[str]) -> None:
    with guarded():
        for one in waiting:
            writer.add_json(one)
    waiting.clear()


def _put(writer: "IndexWriter", replaced: str, fields: Mapping[str, object] | None) -> None:
    with guarded():
        if replaced:
            writer.delete_documents_by_term("key", replaced)
        if fields is not None:
            writer.add_json(as_json(fields))
