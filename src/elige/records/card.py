"""What sources say of models: entries, offers, results, relations, and the card made of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from elige.records.fact import Fact, FactKind
from elige.records.run_result import RunResult

# A value of a column: text, a number, yes or no, or a list of texts.
Value = str | int | float | bool | tuple[str, ...]


class Column(StrEnum):
    """What can be known of a model. The type of each column's values stands beside it."""

    NAME = "name"  # str, for people
    AUTHOR = "author"  # str, the organisation or person
    DESCRIPTION = "description"  # str, one line
    FAMILY = "family"  # str: llama, mistral, qwen3, ...
    TASK = "task"  # str, a hub pipeline tag: text-generation, ...
    LIBRARY = "library"  # str: transformers, gguf, ...
    TAGS = "tags"  # tuple[str, ...], as the source has them
    LANGUAGES = "languages"  # tuple[str, ...], ISO 639 codes
    DATASETS = "datasets"  # tuple[str, ...]
    MODALITIES_IN = "modalities_in"  # tuple[str, ...]: text, image, audio, video
    MODALITIES_OUT = "modalities_out"  # tuple[str, ...]
    LICENCE = "licence"  # str, as stated
    LICENCE_LINK = "licence_link"  # str
    WEIGHTS = "weights"  # str: open (can be downloaded), gated, closed
    FORMATS = "formats"  # tuple[str, ...]: safetensors, gguf, ...
    PARAMETERS = "parameters"  # int
    ACTIVE_PARAMETERS = "active_parameters"  # int
    CONTEXT = "context"  # int, tokens
    MAX_OUTPUT = "max_output"  # int, tokens
    VOCABULARY = "vocabulary"  # int, tokens
    LAYERS = "layers"  # int
    HIDDEN = "hidden"  # int
    HEADS = "heads"  # int
    KV_HEADS = "kv_heads"  # int, effective
    HEAD_DIM = "head_dim"  # int
    ARCHITECTURE = "architecture"  # str, model_type of config.json
    REASONING = "reasoning"  # bool
    TOOL_CALL = "tool_call"  # bool
    RELEASED = "released"  # str, ISO date
    UPDATED = "updated"  # str, ISO date
    KNOWLEDGE_CUTOFF = "knowledge_cutoff"  # str, ISO date or month
    DEPRECATED = "deprecated"  # bool
    DOWNLOADS = "downloads"  # int, in the source's last 30 days
    LIKES = "likes"  # int
    HOMEPAGE = "homepage"  # str
    PAPER = "paper"  # str
    SIZE_BYTES = "size_bytes"  # int, of the files
    PATH = "path"  # str, where it lies on this machine
    TRAINING_DATA = "training_data"  # str: open, partial, closed, unknown
    FULL_WEIGHTS = "full_weights"  # str, the same
    EVALUATION_CODE = "evaluation_code"  # str, the same
    FINE_TUNING_CODE = "fine_tuning_code"  # str, the same
    METRICS_AND_CHECKPOINTS = "metrics_and_checkpoints"  # str, the same
    MOF_CLASS = "mof_class"  # int: 1, 2, 3, or 0 for unclassified
    OSAI_SCORE = "osai_score"  # float in [0, 1]
    COLLECTIONS = "collections"  # tuple[str, ...]: lesson-16, ...


class RelationKind(StrEnum):
    """How a model came from another."""

    FINETUNE = "finetune"
    ADAPTER = "adapter"
    MERGE = "merge"
    QUANTIZED = "quantized"
    VOCABULARY = "vocabulary-extended"
    BLOCKS = "block-expanded"
    UNSAID = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A model's parent. `why` is the evidence of a relation that nobody declared."""

    kind: RelationKind
    parent: str
    how: FactKind = FactKind.DECLARED
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A hosted model and what it costs, in US dollars per million tokens; None is unknown.

    `dated` is the ISO date at which the price was seen. `hosted` is the name under which
    `provider` serves the model. The batch prices are those of answers that may come a day later.
    """

    provider: str
    hosted: str
    input: Decimal | None
    output: Decimal | None
    cached_input: Decimal | None = None
    context: int | None = None
    is_free: bool = False
    is_deprecated: bool = False
    dated: str = ""
    link: str = ""
    batch_input: Decimal | None = None
    batch_output: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedScore:
    """A published score. Two results compare only if benchmark, version and setting are equal.

    `value` is in the unit `unit` (fraction, percent, rating); `low` and `high` bound it where the
    source says so. `self_reported` is None where nobody says who measured. `samples` is the
    number of answers or votes that it rests on, None where that is not said.
    """

    benchmark: str
    value: float
    version: str = ""
    setting: str = ""
    metric: str = ""
    unit: str = "fraction"
    low: float | None = None
    high: float | None = None
    self_reported: bool | None = None
    dated: str = ""
    link: str = ""
    samples: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one value comes from, where that differs from the rest of its entry."""

    source: str
    checked: str = ""
    kind: FactKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that one source says of one model.

    `model` is its key: `org/name` as on the hub. `key` tells this entry from the source's others.
    `names` are other names by which the source knows the model. `measured` is what runs of elige
    itself showed of it.
    """

    source: str
    key: str
    model: str
    values: Mapping[Column, Value] = field(default_factory=dict)
    relations: Sequence[Relation] = ()
    offers: Sequence[Offer] = ()
    results: Sequence[PublishedScore] = ()
    names: Sequence[str] = ()
    origins: Mapping[Column, Origin] = field(default_factory=dict)
    measured: Sequence[RunResult] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A record that could not be read: where it stands and what is wrong with it."""

    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a source is to read: a file or folder, or an address; and when that was fetched.

    `since` is the newest moment (ISO) that an earlier sync has seen, '' for all.
    `token` opens what is not public, and is in no repr.
    """

    path: Path | None = None
    address: str = ""
    fetched: str = ""
    since: str = ""
    token: str = field(default="", repr=False)


class Source(Protocol):
    """Where cards come from. `address` is where the source's data is found, for people.

    `kind` is how its values are known unless `kinds` says otherwise of a column. `read` yields
    what it can read and names what it cannot; it raises `BadInput` only where nothing can be read.
    """

    name: str
    title: str
    address: str
    kind: FactKind
    kinds: Mapping[Column, FactKind]

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """All entries at `place`, one by one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of a model. `facts` holds all of them, the most trustworthy first.

    `measured` is what runs of elige itself showed, the newest first.
    """

    model: str
    facts: Mapping[Column, tuple[Fact, ...]]
    relations: tuple[Relation, ...] = ()
    offers: tuple[tuple[str, Offer], ...] = ()
    results: tuple[tuple[str, PublishedScore], ...] = ()
    sources: tuple[str, ...] = ()
    measured: tuple[RunResult, ...] = ()

    def value(self, column: Column) -> Value | None:
        """The most trustworthy value; None where nothing is known."""
        found = self.facts.get(column)
        if not found:
            return None
        value: Value = found[0].value  # type: ignore[assignment]  # a fact holds any object
        return value

    def differ(self, column: Column) -> bool:
        """Whether the sources disagree."""
        return len({fact.value for fact in self.facts.get(column, ())}) > 1


class Catalogue(Protocol):
    """Where cards are looked up. Names count without case; a model's other names find it too."""

    def card(self, name: str) -> Card | None:
        """The card of a model, None where nothing is known of it."""
        ...

    def entries(self, name: str) -> Sequence[tuple[Entry, str]]:
        """What each source says of a model, with the ISO date on which that was read."""
        ...

    def children(self, name: str) -> Sequence[tuple[str, Relation]]:
        """The models that name this one as their parent, and how they come from it."""
        ...

    def near(self, name: str) -> Sequence[str]:
        """Folded names that may be meant by `name`: of the same author, or with its last part."""
        ...

    def cards(self) -> Iterator[Card]:
        """Every card, in the order of the models' names; millions of them perhaps."""
        ...
