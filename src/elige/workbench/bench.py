"""The workbench: the store and the loader that every verb shares, opened when first needed."""

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from elige.catalog.shelf import Shelf
from elige.catalog.sources import installed
from elige.config import Settings, read_settings, today

if TYPE_CHECKING:
    from elige.loader.opener import Loader
    from elige.store import Store


class Workbench:
    """What one process works with. `say` hears notices worth telling at once."""

    def __init__(self, settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> None:
        self.settings = settings
        self.say = say

    @classmethod
    def open(cls, settings: Settings | None = None) -> Self:
        """A workbench on the surroundings, or on the settings given."""
        return cls(read_settings() if settings is None else settings)

    @cached_property
    def store(self) -> "Store":
        """The database; made when it is not there yet."""
        from elige.store import Store

        return Store.open(self.settings.database)

    @cached_property
    def loader(self) -> "Loader":
        """Opens references and candidates."""
        from elige.catalog.architecture.sizes import sizes_at_hand
        from elige.loader.opener import Loader

        return Loader(self.settings, digests=_Digests(self), say=self.say, sizes=sizes_at_hand)

    @cached_property
    def catalogue(self) -> Shelf:
        """What is known of models; made, with what ships with elige, when it is not there yet."""
        return Shelf.open(self.settings.catalogue, installed(), today=today(), say=self.say)

    def close(self) -> None:
        """Give the databases back. Safe to call twice."""
        opened = [self.__dict__.pop(name, None) for name in ("store", "catalogue")]
        self.__dict__.pop("loader", None)
        for one in opened:
            if one is not None:
                one.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Digests:
    """The store as what remembers hashes; it is opened when the first one is asked for."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def known_digest(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        return self._bench.store.known_digest(path, size, mtime_ns, inode)

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        self._bench.store.remember_digest(path, size, mtime_ns, inode, digest)
