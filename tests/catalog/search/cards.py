"""A small catalogue to search in, and a store of entries that counts its generations."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from elige.catalog.search import Following, SearchIndex, follow
from elige.records import Column, Entry, Offer, PublishedScore, Relation, RelationKind, Value

SEVEN = 7_241_732_096


def entry(model: str, *, source: str = "toy", **values: Value) -> Entry:
    """What `source` says of `model`, by the names of the columns."""
    found = {Column(name): value for name, value in values.items()}
    return Entry(source=source, key=model, model=model, values=found)


def more(one: Entry, **fields: object) -> Entry:
    """`one` with relations, offers, results or names."""
    kept = {"source": one.source, "key": one.key, "model": one.model, "values": one.values}
    return Entry(**(kept | fields))  # type: ignore[arg-type]  # by name


def offer(inward: str | None, outward: str | None, *, free: bool = False) -> Offer:
    """A price of a provider."""
    prices = [None if text is None else Decimal(text) for text in (inward, outward)]
    return Offer(provider="p", hosted="h", input=prices[0], output=prices[1], is_free=free)


def child_of(parent: str) -> list[Relation]:
    return [Relation(kind=RelationKind.FINETUNE, parent=parent)]


GENERATION = "text-generation"
MISTRAL = entry(
    "mistralai/Mistral-7B-v0.1", task=GENERATION, family="mistral", licence="apache-2.0",
    parameters=SEVEN, context=32_768, downloads=400_000, likes=3_000, languages=("en",),
    weights="open", released="2023-09-20",
)  # fmt: skip
INSTRUCT = entry(
    "mistralai/Mistral-7B-Instruct-v0.3", task=GENERATION, family="mistral", licence="apache-2.0",
    parameters=SEVEN, context=32_768, downloads=2_000_000, likes=2_000, languages=("en",),
    weights="gated", released="2024-05-22",
)  # fmt: skip
MIXTRAL = entry(
    "mistralai/Mixtral-8x7B-v0.1", task=GENERATION, family="mixtral", licence="apache-2.0",
    parameters=46_702_792_704, active_parameters=12_879_425_536, downloads=90_000, likes=1_600,
    weights="open",
)  # fmt: skip
MEDICAL = entry(
    "BioMistral/BioMistral-7B", task=GENERATION, family="mistral", licence="apache-2.0",
    parameters=SEVEN, downloads=30_000, likes=400, languages=("fr", "en"), weights="open",
    tags=("medical",),
)  # fmt: skip
LLAMA = entry(
    "meta-llama/Llama-2-7b-hf", task=GENERATION, family="llama", licence="llama2",
    parameters=6_738_415_616, downloads=800_000, likes=2_000, weights="gated", layers=32,
    kv_heads=32, head_dim=128, context=4096,
)  # fmt: skip
OLMO = entry(
    "allenai/OLMo-7B", task=GENERATION, family="olmo", licence="apache-2.0",
    parameters=6_888_095_744, downloads=20_000, weights="open", training_data="open",
    full_weights="open", evaluation_code="open", fine_tuning_code="open",
    metrics_and_checkpoints="open",
)  # fmt: skip
RESEARCH = entry(
    "someone/poems-3b", task=GENERATION, family="llama", licence="cc-by-nc-4.0",
    parameters=3_000_000_000, downloads=12, weights="open", collections=("lesson-16",),
)  # fmt: skip
UNKNOWN = entry("nobody/nothing-said")
QWEN = entry(
    "Qwen/Qwen2.5-7B-Instruct", task=GENERATION, family="qwen2", licence="apache-2.0",
    parameters=7_615_616_512, downloads=8_000_000, likes=900, languages=("en", "zh"),
    weights="open", formats=("safetensors",), updated="2025-01-12",
)  # fmt: skip
GPT = entry("openai/gpt-x", licence="proprietary", weights="closed", deprecated=True)

CARDS = [
    more(MISTRAL, offers=[offer("0.20", "0.20"), offer("0", "0", free=True), offer(None, "1")],
         results=[PublishedScore(benchmark="MMLU", value=62.5, unit="percent")],
         names=["open-mistral-7b"]),
    INSTRUCT,
    MIXTRAL,
    more(MEDICAL, relations=child_of("mistralai/Mistral-7B-v0.1")),
    more(LLAMA, results=[PublishedScore(benchmark="MMLU", value=0.459),
                         PublishedScore(benchmark="LiveBench", version="2024-06", value=0.2)]),
    OLMO,
    RESEARCH,
    UNKNOWN,
    more(QWEN, offers=[offer("0.05", "0.10")],
         results=[PublishedScore(benchmark="LiveBench", version="2024-11", value=0.36)]),
    more(GPT, offers=[offer("10", "30")]),
]  # fmt: skip


class Counted:
    """Entries with the generation at which each model changed."""

    def __init__(self, entries: list[Entry]) -> None:
        self.generation = 0
        self._models: dict[str, tuple[int, list[Entry]]] = {}
        self.put(entries)

    def put(self, entries: list[Entry]) -> None:
        """Take in what is said of some models now."""
        self.generation += 1
        for one in entries:
            self._models[one.model.casefold()] = (self.generation, [])
        for one in entries:
            self._models[one.model.casefold()][1].append(one)

    def remove(self, model: str) -> None:
        self.generation += 1
        self._models[model.casefold()] = (self.generation, [])

    def entries(self, name: str) -> list[tuple[Entry, str]]:
        found = self._models.get(name.casefold(), (0, []))[1] or self._by_other_name(name)
        return [(one, "2026-11-26") for one in found]

    def _by_other_name(self, name: str) -> list[Entry]:
        """As a shelf does: the model of which one entry has that name among its others."""
        for _, entries in self._models.values():
            for one in entries:
                if name.casefold() in {other.casefold() for other in one.names}:
                    return entries
        return []

    def has_children(self, name: str) -> bool:
        return bool(self.children(name))

    def children(self, name: str) -> list[tuple[str, Relation]]:
        return [
            (one.model, relation)
            for _, entries in self._models.values()
            for one in entries
            for relation in one.relations
            if relation.parent.casefold() == name.casefold()
        ]

    def changed(self, since: int) -> Iterator[tuple[str, list[tuple[Entry, str]]]]:
        for model, (generation, entries) in sorted(self._models.items()):
            if generation > since:
                yield model, [(one, "2026-11-26") for one in entries]


HOW = Following(sources={})


def indexed(folder: Path, entries: list[Entry] | None = None) -> SearchIndex:
    """An index of `entries`, or of CARDS."""
    index = SearchIndex(folder / "catalog.index")
    follow(index, Counted(CARDS if entries is None else entries), HOW)
    return index


def counts(facets: Mapping[str, tuple[tuple[str, int], ...]], name: str) -> dict[str, int]:
    return dict(facets[name])
