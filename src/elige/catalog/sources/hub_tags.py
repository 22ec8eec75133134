"""A hub's tags, each read once: what a tag says is the same wherever it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias  # lists of texts and of bases are made alike

from elige.catalog.remembered import Remembered
from elige.catalog.sources.reading import MOST_TEXTS, is_empty, line
from elige.records import RelationKind

KINDS: Mapping[str, RelationKind] = MappingProxyType(
    {
        "finetune": RelationKind.FINETUNE,
        "adapter": RelationKind.ADAPTER,
        "merge": RelationKind.MERGE,
        "quantized": RelationKind.QUANTIZED,
    }
)
FORMATS = ("safetensors", "gguf", "onnx", "mlx", "pytorch", "openvino", "exl2")
_FORMATS = frozenset(FORMATS)
# Two-letter tags are languages on the hub (ISO 639-1); other short ones are not.
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co "
    "cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl "
    "gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg "
    "ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk "
    "ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps "
    "pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo "
    "za zh zu"
)
LANGUAGES = frozenset(_ISO_639_1.split())

# What a tag tells, as a place in the lists of `tags_of`; the first are those that tell nothing.
_NOTHING, _WORD, _LANGUAGE, _LICENCE, _DATASET, _PAPER, _BASE = range(7)
_PREFIXES = (("license:", _LICENCE), ("dataset:", _DATASET), ("arxiv:", _PAPER))

Base: TypeAlias = tuple[RelationKind | None, object]


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of one model by what they tell, in their order, without what they begin with.

    `words` say what no other column does. A licence is '' where none is named behind the colon.
    """

    words: Sequence[str]
    languages: Sequence[str]
    licences: Sequence[str]
    datasets: Sequence[str]
    papers: Sequence[str]
    bases: Sequence[Base]

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of weights that are named."""
        named = _FORMATS.intersection(self.words)
        return tuple(name for name in FORMATS if name in named) if named else ()


def tags_of(listed: Sequence[object]) -> Tags:
    """The first thousand of `listed`, each once; what is no text is passed over."""
    kept = _TAGS
    lists: list[list[Any]] = [[], [], [], [], [], [], []]
    for _, says, value in dict.fromkeys(
        [kept[one] for one in listed[:MOST_TEXTS] if isinstance(one, str)]
    ):
        lists[says].append(value)
    return Tags(*lists[_WORD:])


def _tag(raw: str) -> tuple[str, int, object]:
    """A tag made clean, what it tells, and of whom or what."""
    tag = line(raw)
    if is_empty(tag):
        return "", _NOTHING, ""
    if ":" not in tag:
        if len(tag) > 2:
            return tag, _WORD, tag
        return tag, _LANGUAGE if tag in LANGUAGES else _NOTHING, tag
    for prefix, says in _PREFIXES:
        if tag.startswith(prefix):
            return tag, says, tag[len(prefix) :]
    if tag.startswith("base_model:"):
        kind, _, parent = tag[11:].partition(":")
        if parent and kind in KINDS:
            return tag, _BASE, (KINDS[kind], parent)
    return tag, _NOTHING, tag


_TAGS = Remembered(_tag, 100_000)
