"""models.dev: who hosts which model at what price, and what is said of the models themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any  # what TOML and JSON hold has no narrower type

from elige.catalog.identity import identify_model, maker_of
from elige.catalog.sources.json_files import document_at, flaw, twice_in
from elige.catalog.sources.modelsdev_tree import Inherited, Tree, parsed, tree_at
from elige.catalog.sources.modelsdev_words import (
    is_of_a_plan,
    offer_of,
    results_of,
    values_of,
    weights_of,
)
from elige.catalog.sources.reading import mapping, name_of, text
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Offer, Place, PublishedScore, Value

_MODEL = {"limit", "modalities"}  # what every model has
_HINT = "Save https://models.dev/api.json, or give the repository as a folder or an archive."


@dataclass(slots=True)
class _Model:
    """All that is said of one model: by its own file, by hosts, and what they ask for it."""

    own: dict[Column, Value] = field(default_factory=dict)
    hosts: list[tuple[bool, dict[Column, Value]]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    results: list[PublishedScore] = field(default_factory=list)


class ModelsDev:
    """Reads models.dev: its repository (a folder, .tar.gz or .zip), api.json or models.json."""

    name = "modelsdev"
    title = "models.dev"
    address = "https://models.dev/api.json"
    download = address
    kind = FactKind.PUBLISHED
    kinds: Mapping[Column, FactKind] = {}

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """An entry for each model, with all its offers; what is said of it by its own file first.

        What hosts say of a model counts where its own file is silent: the maker's word, or what all
        of them agree on. Raises `BadInput` where there is nothing that can be read.
        """
        if place.path is None:
            raise BadInput("models.dev is read from a file or a folder.", hint=_HINT)
        found = _Found(place.fetched[:10])
        if place.path.suffix.lower() == ".json":
            yield from found.of_json(document_at(place.path, _HINT, exact=True))
        else:
            yield from found.of_tree(tree_at(place.path))
        yield from found.entries()


class _Found:
    """Gathers what is said of each model."""

    def __init__(self, fetched: str) -> None:
        self._dated = fetched
        self._models: dict[str, _Model] = {}
        self._keys: dict[str, str] = {}

    def of_tree(self, tree: Tree) -> Iterator[Broken]:
        """Take in the repository."""
        self._dated = min(filter(None, (tree.dated, self._dated)), default="")
        whole = Inherited(tree)
        bases = {}
        for path in tree.below("models"):
            try:
                bases[path[len("models/") : -len(".toml")]] = whole.model(path)
            except ValueError as error:
                yield Broken(where=text(path), why=str(error))
        self.of_bases(bases)
        hosts: dict[str, dict[str, Any]] = {}
        for path in tree.below("providers"):
            host, _, rest = path[len("providers/") :].partition("/")
            if rest == "provider.toml":
                try:
                    hosts[host] = parsed(tree.resolved(path) or b"")
                except ValueError as error:
                    yield Broken(where=text(path), why=str(error))
        for path in tree.below("providers"):
            host, _, rest = path[len("providers/") :].partition("/")
            if rest.startswith("models/"):
                try:
                    hosted = rest[len("models/") : -len(".toml")]
                    base = whole.base(path)
                    self._offered(host, hosts.get(host, {}), hosted, whole.model(path), base)
                except ValueError as error:
                    yield Broken(where=text(path), why=str(error))

    def of_json(self, told: object) -> Iterator[Broken]:
        """Take in api.json (models by provider) or models.json (the models alone)."""
        rows = mapping(told)
        if not rows:
            raise BadInput("That JSON is no object of providers or models.", hint=_HINT)
        bases = {}
        for key, row in rows.items():
            name, is_twice = name_of(key), key in twice_in(told) or bool(twice_in(row))
            if isinstance(mapping(row).get("models"), dict) and name and not is_twice:
                yield from self._of_provider(name, row)
            elif why := _flaw(told, key, row):
                yield Broken(where=name or repr(key), why=why)
            elif "/" in name and _MODEL & set(row):
                bases[name] = row
            else:
                why = "it is neither a provider with models nor a model"
                yield Broken(where=name or repr(key), why=why)
        self.of_bases(bases)

    def _of_provider(self, name: str, row: Mapping[str, Any]) -> Iterator[Broken]:
        for hosted, model in row["models"].items():
            try:
                if why := _flaw(row["models"], hosted, model):
                    raise ValueError(why)
                self._offered(name, row, hosted, model, text(model.get("base_model")))
            except ValueError as error:
                yield Broken(where=f"{name}/{text(hosted)}", why=str(error))

    def of_bases(self, bases: Mapping[str, Mapping[str, Any]]) -> None:
        """Take in what is said of the models themselves."""
        self._keys |= _keys_of_bases(bases)
        for base, row in bases.items():
            model = self._model(self._keys[base])
            for column, value in values_of(row).items():
                model.own.setdefault(column, value)
            model.names.append(base)
            model.results += results_of(row)

    def _offered(
        self, host: str, facts: Mapping[str, Any], hosted: str, row: Mapping[str, Any], base: str
    ) -> None:
        """Take in one offer. Raises `ValueError` for prices that are none."""
        offer = offer_of(host, facts, hosted, row, self._dated)
        key = self._keys.get(base) or identify_model(name_of(hosted), text(host))
        if not key or not offer.hosted:
            raise ValueError("it has no name")
        model = self._model(key)
        model.offers.append(offer)
        is_maker = maker_of(host) != "" and maker_of(host) == maker_of(key.partition("/")[0])
        if is_maker or not is_of_a_plan(host, facts):
            model.hosts.append((is_maker, values_of(row)))

    def _model(self, key: str) -> _Model:
        return self._models.setdefault(key, _Model())

    def entries(self) -> Iterator[Entry]:
        """One for each model, in the order in which they came."""
        for key, model in self._models.items():
            yield Entry(
                source=ModelsDev.name,
                key=key,
                model=key,
                values=_agreed(model),
                offers=tuple(model.offers),
                results=tuple(dict.fromkeys(model.results)),
                names=tuple(dict.fromkeys(name for name in model.names if name != key)),
            )


def _flaw(among: object, key: str, row: object) -> str:
    """Why the row at `key` cannot be trusted; ''."""
    if key in twice_in(among):
        return f"{key!r} stands there twice and says two things"
    return flaw(row) if isinstance(row, dict) else "it is no object"


def _keys_of_bases(bases: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The model that each base is: that of the weights it links to where nobody else does."""
    plain = {base: identify_model(base) for base in bases}
    linked = {base: weights_of(row) for base, row in bases.items()}
    claimed: dict[str, list[str]] = {}
    for base, weights in linked.items():
        if weights:
            claimed.setdefault(weights.casefold(), []).append(base)
    for base, weights in linked.items():
        if weights and len(claimed[weights.casefold()]) == 1 and not base.endswith("latest"):
            plain[base] = identify_model(weights)
    return plain


def _agreed(model: _Model) -> dict[Column, Value]:
    """What the model's own file says, else its maker as a host, else what all hosts agree on."""
    found = dict(model.own)
    makers = [values for is_maker, values in model.hosts if is_maker]
    for values in makers:
        for column, value in values.items():
            found.setdefault(column, value)
    for column in Column:
        said = [values[column] for _, values in model.hosts if column in values]
        # Hosts limit the context and the output, and few know whether weights are open.
        if column in found or column in _OF_HOSTS or len(set(said)) != 1:
            continue
        if column not in _DAYS or len(said) >= _WITNESSES:
            found[column] = said[0]
    if Column.WEIGHTS not in found and any(
        values.get(Column.WEIGHTS) == "open" for _, values in model.hosts
    ):
        found[Column.WEIGHTS] = "open"
    return found


# A host may give the day on which it began to serve a model, and another copy it: Llama 2 was not
# released in 2025. So one or two of them are not believed.
_DAYS = frozenset({Column.RELEASED, Column.KNOWLEDGE_CUTOFF})
_WITNESSES = 3
_OF_HOSTS = frozenset({Column.CONTEXT, Column.MAX_OUTPUT, Column.WEIGHTS, Column.UPDATED})
