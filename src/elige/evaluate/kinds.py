"""What kind of task a file is, how it is scored and asked, each with its grounds."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elige.errors import BadInput
from elige.evaluate.cells import Target, as_number
from elige.evaluate.columns import Roles
from elige.records import ChoiceFormat, TaskKind

MAX_LABELS = 20
MOST_CLASSES = 100
_SHORT_WORDS = 5
_MOST = 0.9
_LABEL_CHARACTERS = 40
_ENDINGS = re.compile(r"(endings?|continuations?|completions?)\W*([a-j]|\d)?", re.IGNORECASE)
_LABEL_NAMES = ("label", "class", "sentiment", "intent", "category", "etiqueta")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The kind of a task, its usual scorer, the labels of a classification, and why."""

    kind: TaskKind
    scorer: str
    labels: tuple[str, ...] = ()
    why: str


def kind_of_targets(
    targets: Sequence[Target],
    column: str,
    *,
    wanted: TaskKind | None = None,
    labels: Sequence[str] = (),
) -> Kind:
    """The kind of a task without choices, from its right answers and their column's name.

    `wanted` and `labels` are what the user says; then only the scorer is left to find.
    """
    if wanted == "classification" or (labels and wanted is None):
        return _classes(targets, labels)
    if wanted == "json" or (wanted is None and _mostly(t.form == "json" for t in targets)):
        return Kind(kind="json", scorer="json_fields", why=_why("the answers are JSON", wanted))
    if wanted is None and not any(target.aliases for target in targets):
        found = label_set([target.text for target in targets], column)
        if found:
            why = f"{len(found)} short answers repeat over {len(targets)} rows"
            return Kind(kind="classification", scorer="classification", labels=found, why=why)
    scorer, why = _text_scorer(targets)
    return Kind(kind="text", scorer=scorer, why=_why(why, wanted))


def _classes(targets: Sequence[Target], labels: Sequence[str]) -> Kind:
    found = tuple(labels) or tuple(sorted({target.text for target in targets}))
    if len(found) > MOST_CLASSES:
        raise BadInput(
            f"A classification was asked for, but there are {len(found)} different answers.",
            hint=f"At most {MOST_CLASSES} can be labels; list them, or say kind: text.",
        )
    why = "the labels are given" if labels else "given"
    return Kind(kind="classification", scorer="classification", labels=found, why=why)


def _text_scorer(targets: Sequence[Target]) -> tuple[str, str]:
    if _mostly(target.form == "worked" for target in targets):
        return "last_number", "the answers end with '#### number'"
    if _mostly(as_number(target.text) is not None for target in targets):
        return "last_number", "the answers are numbers"
    if _mostly(len(target.text.split()) <= _SHORT_WORDS for target in targets):
        return "contains", f"the answers have at most {_SHORT_WORDS} words, found in what is said"
    return "token_f1", "the answers are long texts, compared by the words they share"


def _mostly(facts: Iterable[bool]) -> bool:
    known = list(facts)
    return sum(known) >= _MOST * len(known)


def _why(why: str, wanted: TaskKind | None) -> str:
    return f"given; {why}" if wanted else why


def label_set(texts: Sequence[str], column: str) -> tuple[str, ...]:
    """The labels, sorted, if the texts are so few and so often repeated; else nothing.

    Numbers are labels only in a column that is called like one (label, class, ...) and counted
    without a gap; elsewhere they are results.
    """
    counts = Counter(texts)
    if not 2 <= len(counts) <= MAX_LABELS or len(texts) < 3 * len(counts):
        return ()
    if min(counts.values()) < 2 or any(len(text) > _LABEL_CHARACTERS for text in counts):
        return ()
    if any(len(text.split()) > _SHORT_WORDS for text in counts):
        return ()
    numbers = [as_number(text) for text in counts]
    if any(number is not None for number in numbers):
        known = sorted(number for number in numbers if number is not None)
        counted = [known[0] + step for step in range(len(counts))]
        named = any(name in column.casefold() for name in _LABEL_NAMES)
        if not named or known != counted:
            return ()
    return tuple(sorted(counts))


def choice_format(roles: Roles) -> tuple[ChoiceFormat, str]:
    """How choices are put, and why: endings continue the question's text, others get letters."""
    if roles.choices and all(_ENDINGS.fullmatch(name.strip()) for name in roles.choices):
        return "continuation", f"{roles.choices[0]!r} continues the text of {roles.question!r}"
    return "letters", "the choices are listed and answered by letter"


def json_fields(texts: Sequence[str]) -> tuple[str, ...]:
    """The names of the fields of JSON answers, in the order of their first appearance."""
    names: dict[str, None] = {}
    for text in texts:
        try:
            value = json.loads(text)
        except ValueError:
            continue
        if isinstance(value, dict):
            names.update(dict.fromkeys(value))
    return tuple(names)
