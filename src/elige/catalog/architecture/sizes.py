"""From an architecture to the sizes that its memory is reckoned with."""

from elige.catalog.architecture.load import kept_of
from elige.catalog.architecture.read import read_architecture
from elige.catalog.architecture.record import Architecture
from elige.errors import BadInput
from elige.loader.local import LocalModel
from elige.machine.cache import Kept
from elige.machine.need import Sizes
from elige.records import Card, Column

_MOST_LAYERS = 10_000


def sizes_of(found: Architecture, *, parameters: int, stored_bytes: int = 0) -> Sizes:
    """The sizes of a model of this architecture; what is not known of it counts as nothing."""
    hidden, vocabulary = found.hidden or 0, found.vocabulary or 0
    return Sizes(
        parameters=parameters,
        hidden=hidden,
        inner=found.inner or 4 * hidden,
        vocabulary=vocabulary,
        head=hidden * vocabulary if found.tied else 0,
        layers=tuple(kept_of(found) or ()),
        stored_bytes=stored_bytes,
    )


def sizes_at_hand(model: LocalModel) -> Sizes:
    """The sizes of a model whose files are here; of an unknown architecture the weights alone."""
    alone = Sizes(parameters=model.parameters or 0)
    try:
        found = read_architecture(model.config)
    except BadInput:
        return alone
    return sizes_of(found, parameters=alone.parameters)


def sizes_of_card(card: Card) -> Sizes | None:
    """The sizes that a card states; None where it does not say how many weights there are."""

    def count(column: Column) -> int:
        value = card.value(column)
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

    if not count(Column.PARAMETERS):
        return None
    kept = Kept(token=2 * count(Column.KV_HEADS) * count(Column.HEAD_DIM))
    layers = min(count(Column.LAYERS), _MOST_LAYERS)
    return Sizes(
        parameters=count(Column.PARAMETERS),
        hidden=count(Column.HIDDEN),
        inner=4 * count(Column.HIDDEN),
        vocabulary=count(Column.VOCABULARY),
        layers=(kept,) * layers if kept.token else (),
    )
