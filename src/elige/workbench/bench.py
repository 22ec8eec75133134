"""The workbench: the store and the loader that every verb shares, opened when first needed."""

from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Self

from elige.catalog.shelf import Shelf
from elige.catalog.sources import installed
from elige.config import Settings, read_settings, today
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
    def store(self) -> Store:
        """The database; made when it is not there yet."""
        return Store.open(self.settings.database)

    @cached_property
    def loader(self) -> Loader:
        """Opens references and candidates."""
        from elige.catalog.architecture.sizes import sizes_at_hand

        return Loader(self.settings, digests=self.store, say=self.say, sizes=sizes_at_hand)

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
