"""The scorer for structured answers: the JSON object in the text, field by field."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from elige.errors import BadInput
from elige.evaluate.scorers.normalisation import Normaliser, shortened
from elige.evaluate.scorers.options import one_of, words
from elige.records import Answer, Sample, Score, Scorer

Value = object
Fields = dict[str, Value]

_FENCED = re.compile(r"```[A-Za-z0-9]*[ \t]*\n?([\s\S]*?)```")
# So many opening braces are tried; an answer is no log file.
_STARTS = 500
LONGEST = 200_000
_same = Normaliser()


def no_constant(name: str) -> Value:
    """Refuses NaN and the infinities, which Python's decoder would take."""
    raise ValueError(f"{name} is no JSON")


# Decimals keep every digit and have no limit on length.
_DECODER = json.JSONDecoder(
    parse_float=Decimal, parse_int=Decimal, parse_constant=no_constant, strict=False
)


def json_fields(*, fields: str | Sequence[str] = (), extra: str = "ignore") -> Scorer:
    """The share of the target's fields that the answer's JSON object has right.

    `fields` names the fields that count (all of the target's by default). With `extra=wrong` a
    field that the target does not have counts as a wrong one. Numbers compare by value, texts
    normalised, lists in order, objects key by key.
    """
    counted = words("fields", fields)
    is_strict = one_of("extra", extra, ("ignore", "wrong")) == "wrong"

    def score(sample: Sample, answer: Answer) -> Score:
        target = _target(sample, counted)
        seen = found_object(answer.text, set(target))
        if seen is None:
            return Score.unparsed("no JSON object in the answer")
        found, shown = seen
        parts = [
            (name, float(name in found and same(found[name], target[name]))) for name in target
        ]
        if is_strict:
            parts += [(name, 0.0) for name in found if name not in target]
        value = sum(part for _, part in parts) / len(parts)
        return Score(value, _reason(parts, found, target), extracted=shown, parts=tuple(parts))

    return score


def found_object(text: str, wanted: set[str]) -> tuple[Fields, str] | None:
    """The last JSON object in `text` with one of the `wanted` keys, else the last of all.

    It comes with its own text.
    """
    text = text[-LONGEST:]
    fenced = [one for part in fenced_parts(text) for one in objects(part)]
    found = fenced or list(objects(text))
    fitting = [one for one in found if wanted & set(one[0])] or found
    return fitting[-1] if fitting else None


def objects(text: str) -> Iterator[tuple[Fields, str]]:
    """Every outermost JSON object in `text` with its own text, in order."""
    for value, shown in embedded(text, decoder=_DECODER, opening=re.compile(r"\{")):
        if isinstance(value, dict):
            yield value, shown


def fenced_parts(text: str) -> list[str]:
    """What stands between code fences, in order."""
    return _FENCED.findall(text)


def embedded(
    text: str, *, decoder: json.JSONDecoder, opening: re.Pattern[str]
) -> Iterator[tuple[Value, str]]:
    """Every outermost JSON value of `text` that begins with `opening`, with its own text."""
    found, tries = opening.search(text), 0
    while found is not None and tries < _STARTS:
        tries += 1
        start = found.start()
        value, end = decoded(text, start, decoder)
        if value is not None:
            yield value, text[start:end]
        found = opening.search(text, end)


def decoded(text: str, start: int, decoder: json.JSONDecoder) -> tuple[Value, int]:
    """The JSON value that begins at `start`, and its end; None and the next place for none."""
    try:
        return decoder.raw_decode(text, start)
    except (ValueError, ArithmeticError, RecursionError):
        return None, start + 1


def same(found: Value, target: Value) -> bool:
    """Whether two JSON values agree; a text that is a number may stand for the number."""
    if isinstance(target, dict):
        return (
            isinstance(found, dict)
            and found.keys() == target.keys()
            and all(same(found[key], value) for key, value in target.items())
        )
    if isinstance(target, list):
        return (
            isinstance(found, list)
            and len(found) == len(target)
            and all(same(one, other) for one, other in zip(found, target, strict=True))
        )
    if target is None or isinstance(target, bool) or found is None or isinstance(found, bool):
        return found is target
    if isinstance(found, (dict, list)):
        return False
    left, right = _number(found), _number(target)
    if left is not None and right is not None:
        return left == right
    return _same(str(found)) == _same(str(target))


def _number(value: Value) -> Decimal | None:
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _target(sample: Sample, counted: Sequence[str]) -> Fields:
    value, end = decoded(sample.target.strip(), 0, _DECODER)
    if not isinstance(value, dict) or not value or sample.target.strip()[end:].strip():
        raise BadInput(
            f"Sample {sample.id!r} has the right answer {shortened(sample.target)!r}, "
            "which is no JSON object with fields.",
            hint="Mend the row, or use another scorer, for example --scorer exact.",
        )
    missing = [name for name in counted if name not in value]
    if missing:
        raise BadInput(
            f"Sample {sample.id!r} has no field {missing[0]!r} in its right answer.",
            hint=f"It has: {', '.join(value)}.",
        )
    return {name: value[name] for name in counted} if counted else value


def _reason(parts: Sequence[tuple[str, float]], found: Mapping[str, Value], target: Fields) -> str:
    right = sum(part == 1.0 for _, part in parts)
    wrong = [_difference(name, found, target) for name, part in parts if part < 1.0]
    told = "; ".join(wrong[:5]) + ("; ..." if len(wrong) > 5 else "")
    return f"{right} of {len(parts)} fields right" + (f": {told}" if told else "")


def _difference(name: str, found: Mapping[str, Value], target: Fields) -> str:
    if name not in found:
        return f"{name} is missing"
    saw = shortened(str(found[name]), 40)
    if name not in target:
        return f"{name} is not wanted"
    return f"{name} is {saw!r}, wanted {shortened(str(target[name]), 40)!r}"
