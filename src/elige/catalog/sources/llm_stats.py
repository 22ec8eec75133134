"""llm-stats: models, their published results and providers' prices, a folder of JSON files.

Its layout: `data/organizations/ORG/models/MODEL/{model,benchmarks}.json`, `data/benchmarks/`,
`data/licenses/`, `data/providers/PROVIDER/models.json` (LLM Stats, CC-BY-4.0).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from elige.catalog.sources.hub_link import hub_name, is_on_hub
from elige.catalog.sources.json_files import flaw
from elige.catalog.sources.llm_stats_files import Tree, read_all, read_tree, root_of
from elige.catalog.sources.llm_stats_results import results_of
from elige.catalog.sources.money import CENTS, pair_of, price_of
from elige.catalog.sources.reading import link as web_link
from elige.catalog.sources.reading import mapping, said, text, whole
from elige.catalog.sources.score_cell import date_in, month_of, number_of
from elige.records import (
    Broken,
    Column,
    Entry,
    FactKind,
    Offer,
    Place,
    PublishedScore,
    Relation,
    RelationKind,
    Value,
)

_DOT = re.compile(r"(?<=\d)_(?=\d)")  # apache_2_0, llama_3_1_community_license


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """What stands beside the models: names of organisations and licences, benchmarks, offers."""

    makers: Mapping[str, str] = field(repr=False)
    licences: Mapping[str, str] = field(repr=False)
    tops: Mapping[str, float] = field(repr=False)
    offers: Mapping[str, list[Offer]] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)
    titles: Mapping[str, int] = field(repr=False)


class LlmStats:
    """Reads a copy of llm-stats' data."""

    name = "llm-stats"
    title = "LLM Stats"
    address = "https://github.com/JonathanChavezTamales/llm-leaderboard"
    download = f"{address}/archive/refs/heads/main.tar.gz"
    reads_folders = True
    kind = FactKind.DECLARED
    # Rounded to billions, and now and then ten times too many.
    kinds: Mapping[Column, FactKind] = {Column.PARAMETERS: FactKind.ESTIMATED}

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """An entry for each model, with its results and offers."""
        root = root_of(place.path)
        broken: list[Broken] = []
        models = read_all(root, "organizations/*/models/*/model.json", broken)
        folder = _folder(root, models, place.fetched[:10], broken)
        yield from broken
        there = {path.parent for path, _ in models}
        for path in sorted(root.glob("organizations/*/models/*/benchmarks.json")):
            if path.parent not in there:
                yield Broken(where=str(path.relative_to(root)), why="results of no readable model")
        for path, tree in models:
            yield from _entry(root, path, tree, folder)


def _folder(
    root: Path, models: list[tuple[Path, Tree]], fetched: str, broken: list[Broken]
) -> _Folder:
    makers = _names(root, "organizations/*/organization.json", "organization_id", broken)
    tops: dict[str, float] = {}
    for path, tree in read_all(root, "benchmarks/*.json", broken):
        try:
            tops[text(tree.get("benchmark_id")) or path.stem] = (
                number_of(tree.get("max_score")) or 1.0
            )
        except ValueError as error:
            broken.append(Broken(where=str(path.relative_to(root)), why=f"max_score: {error}"))
    return _Folder(
        makers=makers,
        licences=_names(root, "licenses/*.json", "license_id", broken),
        tops=tops,
        offers=_offers(root, fetched, broken),
        names={_id(path, tree): _hub_name(path, tree) for path, tree in models},
        titles=Counter(text(tree.get("name")).casefold() for _, tree in models),
    )


def _names(root: Path, pattern: str, key: str, broken: list[Broken]) -> dict[str, str]:
    found = read_all(root, pattern, broken)
    return {text(tree.get(key)): text(tree.get("name")) for _, tree in found}


def _id(path: Path, tree: Tree) -> str:
    return text(tree.get("model_id")) or path.parent.name


def _hub_name(path: Path, tree: Tree) -> str:
    maker = text(tree.get("organization_id")) or path.parent.parent.parent.name
    link = web_link(tree.get("source_weights_link"))
    # A proprietary model's name may be shared by several dated ones: its id tells them apart.
    name = text(tree.get("name")) if is_on_hub(link) else ""
    return hub_name(name or _id(path, tree), link=link, author=maker, also=_id(path, tree))


def _entry(root: Path, path: Path, tree: Tree, folder: _Folder) -> Iterator[Entry | Broken]:
    where, model_id = str(path.relative_to(root).parent), _id(path, tree)
    results: list[PublishedScore] = []
    file = path.with_name("benchmarks.json")
    title = text(tree.get("name"))
    if file.exists():
        for one in results_of(file, where, folder.tops, model=f"{title} {model_id}"):
            if isinstance(one, Broken):
                yield one
            else:
                results.append(one)
    values = _values(path, tree, folder)
    try:
        values |= _parameters(tree)
    except ValueError as error:
        yield Broken(where=f"{where}, param_count", why=str(error))
    parent = text(tree.get("fine_tuned_from_model_id"))
    parent = folder.names.get(parent, parent)  # one that is not there is still a parent
    yield Entry(
        source=LlmStats.name,
        key=model_id,
        model=folder.names[model_id],
        values=values,
        relations=(Relation(kind=RelationKind.FINETUNE, parent=parent),) if parent else (),
        offers=tuple(folder.offers.get(model_id, ())),
        results=tuple(results),
        names=(model_id, title) if title and folder.titles[title.casefold()] == 1 else (model_id,),
    )


def _values(path: Path, tree: Tree, folder: _Folder) -> dict[Column, Value]:
    maker = text(tree.get("organization_id")) or path.parent.parent.parent.name
    licence, weights = text(tree.get("license_id")), web_link(tree.get("source_weights_link"))
    closed = licence == "proprietary" and not weights
    found: dict[Column, Value] = {
        Column.NAME: text(tree.get("name")),
        Column.AUTHOR: folder.makers.get(maker) or maker,
        Column.DESCRIPTION: text(tree.get("description")),
        Column.LICENCE: folder.licences.get(licence) or _DOT.sub(".", licence).replace("_", " "),
        Column.WEIGHTS: "open" if weights else "closed" if closed else "",
        Column.RELEASED: date_in(text(tree.get("release_date"))),
        Column.KNOWLEDGE_CUTOFF: month_of(text(tree.get("knowledge_cutoff"))),
        Column.HOMEPAGE: web_link(tree.get("source_scorecard_blog_link")),
        Column.PAPER: web_link(tree.get("source_paper")),
    }
    return said(found)


def _parameters(tree: Tree) -> dict[Column, Value]:
    """The count. The schema speaks of billions, the files of ones: both are understood."""
    count = number_of(tree.get("param_count"))
    if not count or count < 0:
        return {}
    return said({Column.PARAMETERS: round(count if count > 1e5 else count * 1e9)})


def _offers(root: Path, fetched: str, broken: list[Broken]) -> dict[str, list[Offer]]:
    found: dict[str, list[Offer]] = {}
    for path in sorted(root.glob("providers/*/models.json")):
        where = str(path.relative_to(root))
        rows = read_tree(path, where, broken)
        if rows is not None and not isinstance(rows, list):
            broken.append(Broken(where=where, why="no list of offers"))
        for place, row in enumerate(rows if isinstance(rows, list) else []):
            try:
                model, offer = _offer(row, path.parent.name, fetched)
            except ValueError as error:
                broken.append(Broken(where=f"{where}, record {place}", why=str(error)))
            else:
                found.setdefault(model, []).append(offer)
    return found


def _offer(row: object, provider: str, fetched: str) -> tuple[str, Offer]:
    """The model's id and the offer; prices are in cents there. Raises `ValueError`."""
    if why := flaw(row) if isinstance(row, dict) else "no JSON object":
        raise ValueError(why)
    told = mapping(row)
    model = text(told.get("model_id"))
    if not model:
        raise ValueError("no model is named")
    inward, outward, free = pair_of(
        price_of(told.get("input_cents_per_million_tokens"), unit=CENTS),
        price_of(told.get("output_cents_per_million_tokens"), unit=CENTS),
    )
    return model, Offer(
        provider=text(told.get("provider_id")) or provider,
        hosted=text(told.get("provider_model_id_used")) or model,
        input=inward,
        output=outward,
        context=whole(told.get("max_input_tokens"), least=1),
        is_free=free,
        is_deprecated=bool(text(told.get("deprecated_at"))),
        dated=date_in(text(told.get("updated_at"))) or fetched,
        link=LlmStats.address,
    )
