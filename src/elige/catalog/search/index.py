"""The index of the catalogue: a folder beside the store that can always be built anew."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from elige.catalog.search.schema import FORMAT, META_KEY, schema
from elige.errors import StoreError

if TYPE_CHECKING:
    from tantivy import Index, IndexWriter, Searcher


class IndexBroken(StoreError):
    """The index is damaged, or of another version; it is built anew from the store."""


class SearchIndex:
    """An index at `folder`. One process writes at a time; readers keep the commit they opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Index | None = None
        self._searcher: Searcher | None = None
        self.generation: int | None = None

    @property
    def lock(self) -> Path:
        """What a writer holds."""
        return self.folder.with_name(f"{self.folder.name}.lock")

    @property
    def searcher(self) -> "Searcher":
        """The commit that was read last. Raises `IndexBroken` where none can be read."""
        if self._searcher is None:
            self.refresh()
        if self._searcher is None:
            raise IndexBroken("The catalogue's index is not there yet.")
        return self._searcher

    def refresh(self) -> int | None:
        """Read the newest commit; the generation it stands for, None where there is none.

        Raises `IndexBroken` for an index that is damaged or of another version.
        """
        from tantivy import Index

        with guarded():
            if self._index is None:
                if not self.folder.is_dir() or not Index.exists(str(self.folder)):
                    return None
                self._index = Index.open(str(self.folder))
                self._index.config_reader("manual")
            self._index.reload()
            searcher = self._index.searcher()
            self.generation = _generation(searcher)
            self._searcher = searcher
        return self.generation

    @contextmanager
    def writer(self, *, heap_bytes: int, threads: int) -> Iterator["IndexWriter"]:
        """A writer; what it added counts from its commit on, or not at all.

        The caller holds the lock.
        """
        from tantivy import Index

        if self._index is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            with guarded():
                self._index = Index(schema(), str(self.folder))
                self._index.config_reader("manual")
        with guarded():
            made = self._index.writer(heap_bytes, threads)
        yield made
        with guarded():
            made.wait_merging_threads()

    def clear(self) -> None:
        """Remove the index. The caller holds the lock."""
        self._index = self._searcher = self.generation = None
        rmtree(self.folder, ignore_errors=True)


@contextmanager
def guarded() -> Iterator[None]:
    """Whatever fails inside the index, a panic of its native part too, is `IndexBroken`."""
    try:
        yield
    except (ValueError, OSError, KeyError) as error:
        raise IndexBroken(f"The catalogue's index cannot be read: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexBroken("The catalogue's index is damaged.") from error


def meta(generation: int) -> bytes:
    """What is kept of a commit, in a document of its own."""
    return json.dumps({"format": FORMAT, "generation": generation}).encode()


def _generation(searcher: "Searcher") -> int | None:
    from tantivy import Query

    found = searcher.search(Query.term_query(schema(), "key", META_KEY), 1).hits
    if not found:
        if searcher.num_docs:
            raise IndexBroken("The catalogue's index was made by another version.")
        return None
    kept = json.loads(bytes(searcher.doc(found[0][1])["shown"][0]))
    if kept.get("format") != FORMAT:
        raise IndexBroken("The catalogue's index was made by another version.")
    return int(kept["generation"])
