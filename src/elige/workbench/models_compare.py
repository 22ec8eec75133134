"""`models compare`: models side by side."""

from collections.abc import Callable, Sequence
from pathlib import Path

from elige.catalog.licence_card import may_of
from elige.catalog.openness.together import openness_of
from elige.catalog.side_by_side import Compared, SideBySide, side_by_side
from elige.catalog.side_by_side_page import side_by_side_page
from elige.errors import BadInput, NotFound
from elige.records import Card, Catalogue
from elige.workbench.named import card_named


def _missing(name: str) -> NotFound:
    hint = "Fill the catalogue with elige models sync SOURCE, or check the spelling."
    return NotFound("model", name, hint=hint)


def compare_models(
    catalogue: Catalogue,
    names: Sequence[str],
    *,
    today: str,
    missing: Callable[[str], NotFound] = _missing,
) -> SideBySide:
    """The models called `names` side by side; one named twice stands there once.

    Raises what `missing` says of a model of which nothing is known, `BadInput` for fewer than two.
    """
    cards: dict[str, Card] = {}
    for name in names:
        card = card_named(catalogue, name)
        if card is None:
            raise missing(name)
        cards.setdefault(card.model, card)
    if len(cards) < 2:
        raise BadInput(
            f"{', '.join(names)} is one model, and a comparison wants two.", hint="Name another."
        )
    compared = [
        Compared(
            card=card,
            openness=openness_of(card),
            commercial=may_of(card, catalogue, "commercial"),
        )
        for card in cards.values()
    ]
    return side_by_side(compared, today=today)


def write_side_by_side(found: SideBySide, path: Path, *, today: str) -> None:
    """Write the page to `path`. Raises `BadInput` where that cannot be done."""
    try:
        path.write_text(side_by_side_page(found, created=today), "utf-8")
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror or error}.", hint="Name another file."
        ) from error
