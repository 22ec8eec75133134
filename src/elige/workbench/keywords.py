"""Options as a program says them by keyword: checked against the records, turned into them."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from os import PathLike, fspath
from typing import Any, Literal, TypedDict, get_args  # a keyword's value can be anything at first

from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.records import ChoiceFormat, Estimates, Preference, Rotations, Scope, TaskKind
from elige.text import nearest
from elige.workbench.options import ChooseOptions, EvaluateOptions, ReplayOptions

Texts = str | Iterable[str]
Reader = Callable[[Any], Any]


class TaskKeywords(TypedDict, total=False):
    """What may be said of the task; see `TaskOptions`, which `task` hands over whole."""

    task: TaskOptions
    name: str
    question: str
    answer: str
    choices: Texts
    context: str
    id: str
    group: str
    cluster: str
    index_base: Literal[0, 1]
    kind: TaskKind
    labels: Texts
    scorer: str
    scorer_options: Mapping[str, object]
    normalise: str
    instruction: str
    question_template: str
    answer_template: str
    separator: str
    choice_format: ChoiceFormat
    shots_from: str
    encoding: str
    columns: Texts
    rows_from: str
    metric: str
    max_tokens: int
    stop: Texts
    estimates: Estimates
    rotations: Rotations


class EvaluateKeywords(TaskKeywords, total=False):
    """What `elige.evaluate` may be told."""

    limit: int | None
    seed: int
    repeats: int
    judge_labels: str


class ChooseKeywords(TaskKeywords, total=False):
    """What `elige.choose` may be told."""

    limit: int | None
    seed: int
    repeats: int
    tolerance: float
    confidence: float
    scope: Scope
    prefer: Preference
    require: Texts
    max_memory: str | int
    min_context: int | None
    may: Texts
    lock_test: float | str | None
    final: bool
    budget: Texts | Mapping[str, int | float | str]


class ReplayKeywords(TypedDict, total=False):
    """What `elige.replay` may be told."""

    models: int
    draws: int
    tolerance: float
    confidence: float
    scope: Scope
    prefer: Literal["quality", "cost"]
    batches: Literal["growing", "one"]
    methods: Texts
    cost: str | PathLike[str] | Mapping[str, float]
    seed: int


def choose_options(candidates: object, said: Mapping[str, object]) -> ChooseOptions:
    """The record of what was said to `elige.choose`.

    Raises `TypeError` for a keyword that does not exist, `BadInput` for a value that cannot be
    used.
    """
    own, task = _parted("choose", ChooseKeywords.__optional_keys__, said)
    return ChooseOptions(candidates=candidate_texts(candidates), task=task, **own)


def evaluate_options(model: object, said: Mapping[str, object]) -> EvaluateOptions:
    """The record of what was said to `elige.evaluate`; raises as `choose_options` does."""
    own, task = _parted("evaluate", EvaluateKeywords.__optional_keys__, said)
    (text,) = candidate_texts([model])
    return EvaluateOptions(model=text, task=task, **own)


def replay_options(said: Mapping[str, object]) -> ReplayOptions:
    """The record of what was said to `elige.replay`; raises as `choose_options` does."""
    own, _ = _parted("replay", ReplayKeywords.__optional_keys__, said)
    return ReplayOptions(**own)


def candidate_texts(candidates: object) -> tuple[str, ...]:
    """Candidates as the command line writes them; a dict is {"ref": ..., key: value, ...}."""
    if isinstance(candidates, (str, Mapping)):
        candidates = [candidates]
    if not isinstance(candidates, Iterable):
        raise BadInput(
            f"candidates={candidates!r} is no list.",
            hint='For example ["echo,skill=0.9", {"ref": "echo", "skill": 0.6}].',
        )
    return tuple(_candidate_text(one) for one in candidates)


def _candidate_text(one: object) -> str:
    if isinstance(one, str):
        return one
    if not isinstance(one, Mapping) or not isinstance(one.get("ref"), str):
        raise BadInput(
            f"{one!r} is no candidate.",
            hint='Write "REF,key=value" or {"ref": "REF", "key": value}.',
        )
    keys = {str(key): value for key, value in one.items() if key != "ref" and value is not None}
    return ",".join([one["ref"], *(f"{key}={_quoted(value)}" for key, value in keys.items())])


def _quoted(value: object) -> str:
    text = str(value)
    if text and not set(text) & set(",'\"\\") and text == text.strip():
        return text
    inside = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'


def _parted(
    verb: str, known: Iterable[str], said: Mapping[str, object]
) -> tuple[dict[str, Any], TaskOptions]:
    """What belongs to the verb itself, and what to its task; None is as good as not said."""
    for name in said:
        if name not in known:
            hint = nearest(name, known) or f"It takes: {', '.join(sorted(known))}."
            raise TypeError(f"elige.{verb}() has no option {name!r}. {hint}")
    whole = said.get("task") or TaskOptions()
    if not isinstance(whole, TaskOptions):
        raise TypeError(f"task={whole!r} is no elige.TaskOptions.")
    given = {name: value for name, value in said.items() if name != "task" and value is not None}
    read = {name: _read(name, value) for name, value in given.items()}
    names = {field.name for field in fields(TaskOptions)}
    task = TaskOptions(**{name: value for name, value in read.items() if name in names})
    return {name: value for name, value in read.items() if name not in names}, task.over(whole)


def _read(name: str, value: object) -> Any:  # noqa: ANN401 - options have many types
    wanted, reader = _READERS.get(name, ("a text", _text))
    try:
        return reader(value)
    except (ValueError, TypeError, OverflowError):
        raise BadInput(f"{name}={value!r} cannot be used.", hint=f"{name} is {wanted}.") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable):
        raise TypeError
    return tuple(_text(one) for one in value)


def _whole(value: Any) -> int:  # noqa: ANN401 - NumPy's numbers too
    if isinstance(value, (bool, str)) or int(value) != value:
        raise ValueError
    return int(value)


def _real(value: Any) -> float:  # noqa: ANN401 - as above
    if isinstance(value, (bool, str)) or not math.isfinite(value):
        raise ValueError
    return float(value)


def _share(value: object) -> float:
    if isinstance(value, str) and value.endswith("%"):
        return float(value[:-1]) / 100
    return _real(float(value) if isinstance(value, str) else value)


def _rotations(value: object) -> Rotations:
    if value == "all":
        return "all"
    if (count := _whole(value)) < 1:
        raise ValueError
    return count


def _budget(value: object) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(f"{unit}={amount}" for unit, amount in value.items())
    return _texts(value)


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _cost(value: object) -> str | dict[str, float]:
    if isinstance(value, Mapping):
        costs = {str(model): _real(cost) for model, cost in value.items()}
        if min(costs.values(), default=0.0) < 0.0:
            raise ValueError
        return costs
    return _text(fspath(value) if isinstance(value, PathLike) else value)


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, Mapping):
        raise TypeError
    said = {
        str(key): str(item).lower() if isinstance(item, bool) else str(item)
        for key, item in value.items()
    }
    return tuple(sorted(said.items()))


def _one_of(known: tuple[str, ...]) -> tuple[str, Reader]:
    def read(value: object) -> str:
        if value not in known:
            raise ValueError
        return str(value)

    return f"one of: {', '.join(known)}", read


# What each option that is no plain text wants, in words, and how it is read.
_READERS: dict[str, tuple[str, Reader]] = {
    "tolerance": ("a number from 0 to 1", _real),
    "confidence": ("a number from 0.5 to 1", _real),
    "lock_test": ("a share like 0.3 or '30%'", _share),
    "limit": ("a whole number from 1", _whole),
    "seed": ("a whole number", _whole),
    "repeats": ("a whole number from 1", _whole),
    "models": ("a whole number from 2", _whole),
    "draws": ("a whole number from 1", _whole),
    "methods": ("a list of names, or 'all'", _texts),
    "cost": ("a file, or a dict of a number from 0 for each model", _cost),
    "min_context": ("a whole number of tokens", _whole),
    "max_tokens": ("a whole number of tokens", _whole),
    "index_base": ("0 or 1", _whole),
    "max_memory": ("bytes, or a text like '8GB'", lambda value: str(value)),
    "require": ("a list of texts like 'p95_seconds<2'", _texts),
    "may": ("a list of uses: 'commercial'", _texts),
    "labels": ("a list of texts", _texts),
    "stop": ("a list of texts", _texts),
    "columns": ("a list of names", _texts),
    "choices": ("a column or a list of columns", lambda value: ",".join(_texts(value))),
    "scorer": ("a scorer's name or 'file.py:function'", _text),
    "scorer_options": ("a dict", _pairs),
    "budget": ("a dict like {'evaluations': 500}, or a list of texts like 'usd=2'", _budget),
    "final": ("True or False", _yes),
    "scope": _one_of(get_args(Scope)),
    "prefer": _one_of(get_args(Preference)),
    "batches": _one_of(("growing", "one")),
    "kind": _one_of(get_args(TaskKind)),
    "estimates": _one_of(get_args(Estimates)),
    "rotations": ("a whole number from 1, or 'all'", _rotations),
    "choice_format": _one_of(get_args(ChoiceFormat)),
}
