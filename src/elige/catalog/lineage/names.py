"""What a model's name says: its format, its size, and the names of others within it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

# Endings of copies whose numbers were made coarser, by format or by method.
_COARSER = (
    r"(?:i1[-_.])?gguf|ggml|awq|gptq(?:model)?|exl[23]?|bnb|hqq|aqlm|quip|nf4|nvfp4|mxfp[468]|qat|"
    r"fp[48](?:[-_.](?:dynamic|block))?|int[2348]|(?:auto[-_.]?round)|(?:\d\d?(?:\.\d+)?[-_.]?bits?)|"
    r"\d(?:\.\d+)?[-_.]?bpw(?:[-_.]h\d)?|w\d+a\d+(?:[-_.]g\d+)?|"
    r"[io]?q\d\w?(?:[-_][kx01]{1,3})?(?:[-_](?:xxs|xs|s|m|l|xl))?|"
    r"quanti[sz]ed|quant|dwq|torchao|compressed[-_.]tensors"
)
# Endings of copies in another format or with other words, the numbers perhaps the same.
_COPIED = (
    r"mlx|bf16|fp16|f16|f32|fp32|onnx|openvino|ov|coreml|sharded|safetensors|i1|imat(?:rix)?|"
    r"unsloth|dynamic|mixed|gemm|gemv|sym|asym|marlin|gs?\d+|\d+g|groupsize\d+|qgs\d+|w\d|channel"
)
_COARSER_END = re.compile(rf"[-_. ]({_COARSER})$", re.IGNORECASE)
_COPIED_END = re.compile(rf"[-_. ]({_COPIED})$", re.IGNORECASE)
_SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bm]", re.IGNORECASE)
_COARSER_WORD = re.compile(_COARSER, re.IGNORECASE)
_COPIED_WORD = re.compile(_COPIED, re.IGNORECASE)
_VERSION = re.compile(r"v?\d+(?:\.\d+)*[a-z]?")
_UNDERSCORED = re.compile(r"(?<=\d)_(?=\d)")
_SEPARATOR = re.compile(r"[-_ ]+")
_CHAT = frozenset({"instruct", "chat", "it", "sft", "dpo", "thinking", "think", "rl", "rlhf"})
_BASES = ("base", "pt", "")
# Words of a publisher's own names: what holds no others is nobody's variant.
_PUBLISHED = _CHAT | {"base", "pt", "hf", "meta", "coder", "math", "vl", "vision", "small", "mini"}
_GROUND = frozenset({"base", "pt", "pretrain", "pretrained"})
_MERGE = frozenset(
    {"merge", "slerp", "ties", "dare", "della", "frankenmerge", "passthrough", "moerge"}
)


@dataclass(frozen=True, slots=True)
class Stem:
    """A name without the endings of copies. `coarser` is the ending that tells a quantised one."""

    text: str
    coarser: str = ""
    copied: str = ""


def author_of(model: str) -> str:
    """What stands before the stroke, '' when nothing does."""
    return model.rpartition("/")[0].casefold()


def bare(model: str) -> str:
    """The name without the author."""
    return model.rpartition("/")[2]


@cache
def stem(name: str) -> Stem:
    """The bare name of a model without the endings of quantised and converted copies."""
    text, coarser, copied = name, "", ""
    while True:
        found = _COARSER_END.search(text)
        other = None if found else _COPIED_END.search(text)
        if found:
            coarser = found.group(1)
            text = text[: found.start()]
        elif other:
            copied = other.group(1)
            text = text[: other.start()]
        else:
            return Stem(text, coarser, copied)


def words(name: str) -> list[str]:
    """The parts of a bare name, in small letters; 'v1_5' is one part, 'v1.5'."""
    dotted = _UNDERSCORED.sub(".", name.casefold())
    return [word for word in _SEPARATOR.split(dotted) if word]


def sizes(parts: Sequence[str]) -> set[str]:
    """The sizes that a name's parts state: {'7b'}, {'8x7b'}; none for most."""
    return {part for part in parts if _SIZE.fullmatch(part)}


def within(parts: Sequence[str], *, longest: int = 12) -> Iterator[tuple[str, bool]]:
    """Every run of parts that states a size and is shorter than the whole, the longest first.

    With each whether it stands at the beginning or at the end.
    """
    if len(parts) > longest:
        return
    for length in range(len(parts) - 1, 1, -1):
        for start in range(len(parts) - length + 1):
            run = parts[start : start + length]
            if sizes(run):
                yield "-".join(run), start in {0, len(parts) - length}


def untuned(parts: Sequence[str]) -> Iterator[str]:
    """The names that the model would have before it was tuned for chat; none when it was not."""
    place = next((at for at, part in enumerate(parts) if part in _CHAT), None)
    if place is None or not all(_VERSION.fullmatch(part) for part in parts[place + 1 :]):
        return
    for base in _BASES:
        middle = [base] if base else []
        yield "-".join([*parts[:place], *middle, *parts[place + 1 :]])


def sounds_published(name: str) -> bool:
    """Whether a bare name has only a family, sizes, versions and usual words: a publisher's own."""
    return all(
        part in _PUBLISHED or sizes([part.lstrip("a")]) or _VERSION.fullmatch(part)
        for part in words(name)[1:]
    )


def holds_copy(parts: Sequence[str]) -> bool:
    """Whether a part of the name, wherever it stands, tells a quantised or converted copy."""
    return any(_COARSER_WORD.fullmatch(one) or _COPIED_WORD.fullmatch(one) for one in parts)


def stand_side_by_side(name: str, shorter: str) -> bool:
    """Whether the longer of two names by one author tells another version or the base of it."""
    apart = set(words(name)) - set(words(shorter))
    is_version = all(_VERSION.fullmatch(part) for part in apart)
    return is_version or not _GROUND.isdisjoint(apart)


def is_merge(parts: Sequence[str]) -> bool:
    """Whether a part of the name tells a merge of several models."""
    return not _MERGE.isdisjoint(parts)


def same_words(one: str, other: str) -> bool:
    """Whether two bare names differ in case and separators alone, or in a closing 'hf'."""
    return _plain(one) == _plain(other)


def plain_name(name: str) -> str:
    """A bare name as it is looked up: small letters, hyphens, no closing 'hf'."""
    return "-".join(_plain(name))


def _plain(name: str) -> list[str]:
    parts = words(name)
    return parts[:-1] if len(parts) > 1 and parts[-1] == "hf" else parts
