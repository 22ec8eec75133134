"""Reads the starter set, which lies in this folder."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from elige.catalog.starter.shape import Said, StarterModel
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Offer, Origin, Place, Relation, Value

# The second one is kept by hand, and counts first.
_FILES = ("models.yaml", "history.yaml")


class Starter:
    """The models that elige knows without any sync."""

    name = "starter"
    title = "Models that ship with elige"
    address = ""
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = MappingProxyType({})
    ships = True

    @property
    def version(self) -> str:
        """Changes with the files."""
        from elige.text import digest

        return digest([_text(name) for name in _FILES])[:12]

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """Every model of the set. Raises `BadInput` for a `place` with a path."""
        if place.path is not None:
            raise BadInput(
                f"{place.path}: the starter set ships with elige, it is no file.",
                hint="Leave the file out, or name the source that the file is of.",
            )
        yield from map(entry_of, models())


@cache
def models() -> tuple[StarterModel, ...]:
    """All models that ship."""
    return read_models([_text(name) for name in _FILES])


def read_models(texts: Iterable[str]) -> tuple[StarterModel, ...]:
    """The models of several files; those of one name are one, what a later file says first.

    Within a file what is known best counts first, then what stands first.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, StarterModel] = {}
    for text in texts:
        for raw in yaml.load(text, loader):
            one = StarterModel.model_validate(raw)
            known = found.get(one.model.casefold())
            ranked = one.model_copy(update={"said": sorted(one.said, key=_trust)})
            found[one.model.casefold()] = ranked if known is None else _joined(ranked, known)
    return tuple(found.values())


def _joined(first: StarterModel, more: StarterModel) -> StarterModel:
    return StarterModel(
        model=first.model,
        said=[*first.said, *more.said],
        parents=[*first.parents, *more.parents],
        prices=[*first.prices, *more.prices],
    )


def entry_of(one: StarterModel) -> Entry:
    """The entry of a model; of pages that say the same column the first is kept."""
    values: dict[Column, Value] = {}
    origins: dict[Column, Origin] = {}
    for said in one.said:
        for column, value in said.values.items():
            if column not in values:
                values[column] = tuple(value) if isinstance(value, list) else value
                origins[column] = Origin(
                    source=said.source, checked=said.checked.isoformat(), kind=said.kind
                )
    return Entry(
        source=Starter.name,
        key=one.model,
        model=one.model,
        values=values,
        relations=tuple(Relation(kind=each.kind, parent=each.model) for each in one.parents),
        offers=tuple(
            Offer(
                provider=each.host,
                hosted=each.hosted,
                input=each.input,
                output=each.output,
                dated=each.seen.isoformat(),
                link=each.source,
            )
            for each in one.prices
        ),
        origins=origins,
    )


def _trust(said: Said) -> int:
    return list(FactKind).index(said.kind)


def _text(name: str) -> str:
    return (files("elige.catalog.starter") / name).read_text("utf-8")
