"""Where `cost` looks models up: the catalogue with the installed prices, or one file of offers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from elige.catalog.listed import Listed
from elige.catalog.sources import installed
from elige.errors import BadInput
from elige.records import Broken, Card, Catalogue, Entry, Place

_MOST_CARDS = 20_000
_WANTED = "Give OpenRouter's list of models, models.dev's api.json, or its repository."


class Offered:
    """Cards of a catalogue, with the offers that a second one knows of the same models."""

    def __init__(self, catalogue: Catalogue, more: Catalogue | None = None) -> None:
        self._all = [catalogue] if more is None else [catalogue, more]

    def card(self, name: str) -> Card | None:
        """The card of a model with the offers of both, None where neither knows it."""
        found: Card | None = None
        for one in self._all:
            card = one.card(name if found is None else found.model)
            if found is None:
                found = card
            elif card is not None:
                found = replace(found, offers=(*found.offers, *card.offers))
        return found

    def near(self, name: str) -> list[str]:
        """Folded names of models that may be meant by `name`."""
        return list(dict.fromkeys(near for one in self._all for near in one.near(name)))

    def names(self) -> Iterator[str]:
        """Folded names of the first models of each, many but not millions."""
        for one in self._all:
            for number, card in enumerate(one.cards()):
                if number >= _MOST_CARDS:
                    break
                yield card.model.casefold()


def with_package(catalogue: Catalogue, today: str) -> Offered:
    """The catalogue, and the prices that come with the package genai-prices beside it."""
    sources = installed()
    package = sources.get("genai-prices")
    if package is None:
        return Offered(catalogue)
    read = [one for one in package.read(Place(fetched=today)) if isinstance(one, Entry)]
    return Offered(catalogue, Listed([(one, today) for one in read], sources))


def of_file(path: Path, dated: str, broken: list[Broken]) -> Offered:
    """The offers of a local file or folder, read by the first source that can.

    What could not be read is added to `broken`. Raises `BadInput` where no source finds an offer.
    """
    sources, errors = installed(), []
    if not path.exists():
        raise BadInput(f"There is no file {path}.", hint="Check the name.")
    if path.is_file() and not path.stat().st_size:
        raise BadInput(f"{path} is empty.", hint=_WANTED)
    for name in ("openrouter", "modelsdev"):
        try:
            read = list(sources[name].read(Place(path=path, fetched=dated)))
        except BadInput as error:
            errors.append(str(error).removeprefix(f"{path} ").rstrip("."))
            continue
        entries = [one for one in read if isinstance(one, Entry)]
        if any(one.offers for one in entries):
            broken += [one for one in read if isinstance(one, Broken)]
            return Offered(Listed([(one, dated) for one in entries], sources))
    why = f" (it {errors[-1]})" if errors else ""
    raise BadInput(
        f"{path} holds no offers that can be read{why}.",
        hint=_WANTED,
    )
