"""A source of which something must be readable, so that a wrong file empties no catalogue."""

from collections.abc import Iterator

from elige.errors import BadInput
from elige.records import Broken, Entry, Place, Source


class Sound:
    """Reads `source`, and refuses a place at which there are records but none can be read."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.name, self.title, self.address = source.name, source.title, source.address
        self.kind, self.kinds = source.kind, source.kinds

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """What the source reads. Raises `BadInput` at its end, where all of it was broken."""
        first: Broken | None = None
        is_read = False
        for one in self._source.read(place):
            if not isinstance(one, Broken):
                is_read = True
            elif first is None:
                first = one
            yield one
        if first is not None and not is_read:
            where = "" if first.why.startswith(first.where) else f"{first.where}: "
            raise BadInput(
                f"Nothing there can be read: {where}{first.why.rstrip('.')}.",
                hint=f"Nothing was changed. Check that --from is what {self.name} reads.",
            )
