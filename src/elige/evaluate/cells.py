"""What stands in a cell: text, a target with its aliases, a list of choices."""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

TargetForm = Literal["plain", "worked", "json"]

# GSM8K ends each solution with a line '#### 42' (Cobbe et al. 2021, openai/grade-school-math).
_WORKED = re.compile(r"####[ \t]*([^\n#]+?)\s*\Z")
_LETTERED = re.compile(r"(?:^|[\s,;])\(?([A-Za-z])[).:]\s*(?=\S)")
_PREFIX = re.compile(r"\s*\(?([A-Za-z])[).:]\s*(?=\S)")
_SEPARATORS = ("\n", "|", ";")
_LITERAL_LIMIT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A right answer: its text, other texts that are right, and the working that led there."""

    text: str
    aliases: tuple[str, ...] = ()
    working: str = ""
    form: TargetForm = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Choices in their order; `labels` are the names that the file gives them, if it does."""

    texts: tuple[str, ...]
    labels: tuple[str, ...] = ()


def cell_text(value: object) -> str:
    """`value` as a person would write it; '' for nothing. 3.0 is '3', true is 'true'."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (list, tuple, Mapping)):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def target_of(value: object) -> Target | None:
    """The right answer in a cell, None for an empty one.

    Understood: a text or number, GSM8K's '#### 42', a list of accepted answers, SQuAD's
    {"text": [...]}, TriviaQA's {"value": ..., "aliases": [...]}, any other object as JSON.
    """
    value = _opened(value)
    if isinstance(value, Mapping):
        return _object_target(value)
    if isinstance(value, (list, tuple)):
        return _accepted([cell_text(item) for item in value])
    text = cell_text(value)
    found = _WORKED.search(text)
    if found:
        number = found.group(1).strip().lstrip("$").replace(",", "")
        return Target(text=number, working=text, form="worked")
    return Target(text=text) if text else None


def choices_of(value: object) -> Choices | None:
    """The choices in a cell, None when there are none.

    Understood: a list, the hub's {"text": [...], "label": [...]}, a list of such objects, letters
    as keys, any of these as JSON or Python text, 'A) .. B) ..', and parts separated by a line
    break, a bar or a semicolon.
    """
    value = _opened(value)
    if isinstance(value, Mapping):
        return _choice_object(value)
    if isinstance(value, (list, tuple)):
        return _choice_list(list(value))
    text = cell_text(value)
    return _choice_text(text) if text else None


def choices_from(texts: list[str]) -> Choices | None:
    """Choices from texts, their letters ('A) ') split off; None for less than two."""
    while texts and not texts[-1]:
        texts.pop()
    if len(texts) < 2:
        return None
    prefixes = [_PREFIX.match(text) for text in texts]
    letters = [found.group(1).upper() if found else "" for found in prefixes]
    if letters == _alphabet(len(texts)):
        bare = tuple(
            text[found.end() :].strip()
            for text, found in zip(texts, prefixes, strict=True)
            if found
        )
        return Choices(texts=bare, labels=tuple(letters))
    return Choices(texts=tuple(texts))


def as_number(text: str) -> float | None:
    """The number that `text` is, whatever its thousands and currency signs; None for none."""
    bare = text.strip().replace(",", "").lstrip("$€£").rstrip("%€ ")
    try:
        number = float(bare)
    except ValueError:
        return None
    return number if bare[-1:].isdigit() or bare[-1:] == "." else None


def _opened(value: object) -> object:
    """What a text that is a list or an object in JSON or Python holds; else `value`."""
    if not isinstance(value, str) or len(value) > _LITERAL_LIMIT:
        return value
    text = value.strip()
    if not (text.startswith("[") and text.endswith("]")) and not (
        text.startswith("{") and text.endswith("}")
    ):
        return value
    for parse in (json.loads, ast.literal_eval):
        try:
            found: object = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(found, (list, tuple, dict)):
            return value if _breaks(text, found) else found
    return value


def _breaks(text: str, found: object) -> bool:
    """Whether escapes in `text` made half of a surrogate pair, which no text can hold."""
    if "\\u" not in text.lower():
        return False
    try:
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return True
    return False


def _accepted(texts: list[str]) -> Target | None:
    known = list(dict.fromkeys(text for text in texts if text))
    return Target(text=known[0], aliases=tuple(known[1:])) if known else None


def _object_target(value: Mapping[str, object]) -> Target | None:
    if not value:
        return None
    texts = value.get("text")
    if isinstance(texts, (list, tuple)) and set(value) <= {"text", "answer_start", "answer_end"}:
        return _accepted([cell_text(item) for item in texts])
    aliases = value.get("aliases")
    if "value" in value and isinstance(aliases, (list, tuple)):
        return _accepted([cell_text(item) for item in (value["value"], *aliases)])
    return Target(text=json.dumps(value, ensure_ascii=False), form="json")


def _choice_object(value: Mapping[str, object]) -> Choices | None:
    texts, labels = value.get("text"), value.get("label")
    if isinstance(texts, (list, tuple)):
        named = labels if isinstance(labels, (list, tuple)) else ()
        return _labelled([cell_text(item) for item in texts], [cell_text(item) for item in named])
    if len(value) < 2:
        return None
    return _labelled([cell_text(item) for item in value.values()], [str(key) for key in value])


def _choice_list(items: list[object]) -> Choices | None:
    objects = [item for item in items if isinstance(item, Mapping)]
    if objects and len(objects) == len(items):
        texts = [cell_text(item.get("text")) for item in objects]
        return _labelled(texts, [cell_text(item.get("label")) for item in objects])
    return choices_from([cell_text(item) for item in items])


def _labelled(texts: list[str], labels: list[str]) -> Choices | None:
    if len(texts) < 2:
        return None
    good = len(labels) == len(texts) == len(set(labels)) and all(labels)
    return Choices(texts=tuple(texts), labels=tuple(labels) if good else ())


def _choice_text(text: str) -> Choices | None:
    found = list(_LETTERED.finditer(text))
    if len(found) >= 2 and [one.group(1).upper() for one in found] == _alphabet(len(found)):
        ends = [one.start() for one in found[1:]] + [len(text)]
        parts = [text[one.end() : end] for one, end in zip(found, ends, strict=True)]
        return Choices(
            texts=tuple(part.strip().rstrip(",;").strip() for part in parts),
            labels=tuple(_alphabet(len(found))),
        )
    for separator in _SEPARATORS:
        parts = [part.strip() for part in text.split(separator)]
        if len(parts) >= 2:
            return choices_from(parts)
    return None


def _alphabet(count: int) -> list[str]:
    return [chr(ord("A") + place) for place in range(count)]
