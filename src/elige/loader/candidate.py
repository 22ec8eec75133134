"""Reads a candidate as the user wrote it: REF[,key=value...]."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any  # the fields of a candidate have many types

from elige.errors import BadInput
from elige.loader.reference import parse_ref
from elige.records import Candidate, RefKind
from elige.text import nearest

_DTYPES = {
    "auto": "auto",
    "fp32": "fp32",
    "float32": "fp32",
    "bf16": "bf16",
    "bfloat16": "bf16",
}
_BUILT_IN_ENGINES = frozenset({"auto", "combined", "echo", "remote", "torch"})

Reader = Callable[[str], Any]


def _whole(at_least: int) -> Reader:
    def read(text: str) -> int:
        value = int(text)
        if value < at_least:
            raise ValueError
        return value

    return read


def _real(low: float, high: float = math.inf, *, above: bool = False) -> Reader:
    def read(text: str) -> float:
        value = float(text)
        if not math.isfinite(value) or not low <= value <= high or (above and value == low):
            raise ValueError
        return value

    return read


def _price(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or value < 0:
        raise ValueError
    return value


def _word(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _one_of(names: Iterable[str]) -> Reader:
    table = {name: name for name in names}
    return lambda text: table[text.lower()]


# What each key wants, in words, and how it is read (a ValueError or KeyError refuses it).
_KEYS: dict[str, tuple[str, Reader]] = {
    "name": ("a name", _word),
    "engine": ("the name of an engine", _word),
    "dtype": ("fp32, bf16 or auto", lambda text: _DTYPES[text.lower()]),
    "adapter": ("a folder", _word),
    "prompt": ("chat, plain or auto", _one_of(("chat", "plain", "auto"))),
    "system": ("a text", str),
    "shots": ("a whole number from 0", _whole(0)),
    "temperature": ("a number from 0", _real(0)),
    "top_p": ("a number above 0, up to 1", _real(0, 1, above=True)),
    "top_k": ("a whole number from 0", _whole(0)),
    "max_tokens": ("a whole number from 1", _whole(1)),
    "seed": ("a whole number from 0", _whole(0)),
    "input_price": ("US dollars per million tokens, from 0", _price),
    "output_price": ("US dollars per million tokens, from 0", _price),
}
_ENGINE_KEYS: dict[str, dict[str, tuple[str, Reader]]] = {
    "echo": {
        "skill": ("a number from 0 to 1", _real(0, 1)),
        "delay": ("seconds, from 0", _real(0)),
    },
    "remote": {
        "timeout": ("seconds, above 0", _real(0, above=True)),
        "concurrency": ("a whole number from 1", _whole(1)),
        "connect_timeout": ("seconds, above 0", _real(0, above=True)),
        "deadline": ("seconds, above 0", _real(0, above=True)),
        "retries": ("a whole number from 0", _whole(0)),
        "backoff": ("seconds, above 0", _real(0, above=True)),
        "key_env": ("the name of an environment variable", _word),
    },
}


def candidate_keys() -> dict[str, dict[str, str]]:
    """What each key wants, in words, by the engine that it belongs to ('' for every engine)."""
    tables = {"": _KEYS, **_ENGINE_KEYS}
    return {
        engine: {key: wanted for key, (wanted, _) in table.items()}
        for engine, table in tables.items()
    }


def parse_candidate(text: str) -> Candidate:
    """The candidate that `text` describes; its name is the text itself unless `name=` is given.

    Values may stand in quotes, with a backslash before a quote inside. An existing path that
    holds commas is one reference. Raises `BadInput` for an unknown key or a bad value.
    """
    text = text.strip()
    reference, rest = _split_reference(text)
    ref = parse_ref(reference)
    pairs = _pairs(text, rest)
    engine = _engine_of(ref.kind, dict(pairs).get("engine", "auto"))
    fields: dict[str, Any] = {"name": text, "ref": ref}
    options: list[tuple[str, str]] = []
    for key, value in pairs:
        if key in _KEYS:
            fields[key] = _read(key, value, *_KEYS[key])
        else:
            options.append((key, _option(engine, key, value)))
    _check_prices(text, fields)
    return Candidate(**fields, options=tuple(sorted(options)))


def unique_names(candidates: Sequence[Candidate]) -> None:
    """Refuse two candidates of the same name, with `BadInput`."""
    counts = Counter(candidate.name for candidate in candidates)
    double = sorted(name for name, count in counts.items() if count > 1)
    if double:
        raise BadInput(
            f"More than one candidate is called {double[0]!r}.",
            hint="Give each its own name with ,name=NAME, or leave one of them out.",
        )


def _split_reference(text: str) -> tuple[str, str]:
    """The reference, and everything from the comma behind it on."""
    ends = [place for place, letter in enumerate(text) if letter == ","] + [len(text)]
    for end in reversed(ends):
        if "," in text[:end] and _exists(text[:end]):
            return text[:end], text[end:]
    return text[: ends[0]], text[ends[0] :]


def _exists(text: str) -> bool:
    try:
        return Path(text).expanduser().exists()
    except (OSError, RuntimeError, ValueError):
        return False


def _pairs(text: str, rest: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for part in _parts(text, rest[1:]) if rest else []:
        raw, equals, value = part.partition("=")
        key = raw.strip().replace("-", "_")
        if not equals or not key:
            raise BadInput(
                f"{part.strip()!r} in candidate {text!r} is no key=value.",
                hint=f"Keys: {', '.join(_KEYS)}. Put values that hold commas in quotes.",
            )
        if key in dict(pairs):
            raise BadInput(
                f"The key {key!r} stands twice in candidate {text!r}.", hint="Leave one out."
            )
        pairs.append((key, _unquoted(value)))
    return pairs


def _parts(text: str, rest: str) -> list[str]:
    """`rest` cut at its commas, except those inside quotes that open a value."""
    parts, start, quote, place = [], 0, "", 0
    while place < len(rest):
        letter = rest[place]
        if quote and letter == "\\":
            place += 1
        elif quote and letter == quote:
            quote = ""
        elif not quote and letter in "'\"" and rest[start:place].rstrip().endswith("="):
            quote = letter
        elif not quote and letter == ",":
            parts.append(rest[start:place])
            start = place + 1
        place += 1
    if quote:
        raise BadInput(
            f"A quote ({quote}) is not closed in candidate {text!r}.",
            hint="Close it; in a shell, put the whole candidate in the other kind of quotes.",
        )
    return [*parts, rest[start:]]


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) < 2 or value[0] not in "'\"" or value[-1] != value[0]:
        return value
    quote = value[0]
    return value[1:-1].replace(f"\\{quote}", quote).replace("\\\\", "\\")


def _read(key: str, value: str, wanted: str, reader: Reader) -> Any:  # noqa: ANN401 - as above
    try:
        return reader(value)
    except (ValueError, KeyError, InvalidOperation) as error:
        raise BadInput(
            f"{key}={value!r} cannot be used: {key} is {wanted}.", hint=f"Write {key}=VALUE."
        ) from error


def _engine_of(kind: RefKind, engine: str) -> str:
    if engine != "auto":
        return engine
    own = {RefKind.ECHO: "echo", RefKind.ENDPOINT: "remote", RefKind.COMBO: "combined"}
    return own.get(kind, "torch")


def _option(engine: str, key: str, value: str) -> str:
    known = _ENGINE_KEYS.get(engine, {})
    if key in known:
        _read(key, value, *known[key])
        return value
    if engine not in _BUILT_IN_ENGINES:
        return value  # a plugin's own key; the plugin checks it
    owner = next((name for name, keys in _ENGINE_KEYS.items() if key in keys), "")
    if owner:
        raise BadInput(
            f"The key {key!r} belongs to the engine {owner!r}, not to {engine!r}.",
            hint=f"Leave {key} out here.",
        )
    names = [*_KEYS, *known]
    hint = nearest(key, names) or f"Keys: {', '.join(names)}."
    raise BadInput(f"A candidate has no key {key!r}.", hint=hint)


def _check_prices(text: str, fields: dict[str, Any]) -> None:
    given = {key for key in ("input_price", "output_price") if key in fields}
    if len(given) == 1:
        missing = ({"input_price", "output_price"} - given).pop()
        raise BadInput(
            f"Candidate {text!r} has {given.pop()} but no {missing}.",
            hint=f"Add {missing}=DOLLARS_PER_MILLION_TOKENS (0 if it is free).",
        )
