"""Rows for a task: of the user's file, or of the data set that the task file names."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # data sets of a library without types

from elige.errors import BadInput, EligeError
from elige.evaluate.harness.files import Values
from elige.evaluate.harness.library import library, quiet
from elige.evaluate.rows import Table

TESTED, SHOWN = "tested", "shown"
_EVALUATED = ("test_split", "validation_split")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_REAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The user's own rows: those to test, and those to show as examples; None for the task's."""

    tested: Table | None = None
    shown: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """Whether data sets may be fetched, where from, and how to find out that it answers."""

    address: str = ""
    offline: bool = False
    answers: Callable[[str], bool] = field(default=lambda _: True, repr=False)


def with_data(values: Values, name: str, rows: Rows, hub: Hub) -> Values:
    """The task's configuration with its data loaded, in the way in which lm-eval takes data.

    The user's rows stand for the split that is tested; the examples come from the other file,
    or by lm-eval's own rules from what is there. Raises `BadInput` when there is no such data.
    """
    if "class" in values:
        if rows.tested or rows.shown:
            raise BadInput(
                f"{name} reads its data in code of its own, so it takes no file.",
                hint="Leave out --data and --shots-from.",
            )
        return values
    if rows.tested is not None:
        values = _with_tested(values, name)
        source = _always({TESTED: dataset(rows.tested)})
    elif callable(values.get("custom_dataset")):
        source = values["custom_dataset"]
    else:
        source = _always(_loaded(values, name, hub))
        values = values | {"dataset_kwargs": None}
    if rows.shown is not None:
        values, source = _with_shown(values), _and_shown(source, dataset(rows.shown))
    return values | {"custom_dataset": source}


def shows_tested(values: Values, rows: Rows) -> bool:
    """Whether examples would come from the user's tested rows, for want of others."""
    return rows.tested is not None and rows.shown is None and not _lists_examples(values)


def dataset(table: Table) -> Any:  # noqa: ANN401 - a library without types
    """The table's rows as a data set.

    Cells of CSV become numbers where a whole column holds numbers, as the `csv` loader of
    `datasets` reads them. Raises `BadInput` for a column of mixed kinds.
    """
    datasets = library("datasets")
    columns = {name: [row.values.get(name) for row in table.rows] for name in table.columns}
    if table.format not in {"JSON", "JSONL", "Parquet", "rows"}:
        columns = {name: _typed(cells) for name, cells in columns.items()}
    for name, cells in columns.items():
        try:
            datasets.Dataset.from_dict({name: cells})
        except Exception as error:  # Arrow's own errors, one for each way to be mixed
            raise BadInput(
                f"{table.path}: the column {name!r} holds values of different kinds.",
                hint="Make them all texts, all numbers or all lists.",
            ) from error
    return datasets.Dataset.from_dict(columns)


def _typed(cells: Sequence[object]) -> list[object]:
    texts = [str(cell).strip() for cell in cells if cell not in {None, ""}]
    kind: Callable[[str], object] | None = None
    if texts and all(_WHOLE.fullmatch(text) for text in texts):
        kind = int
    elif texts and all(_REAL.fullmatch(text) for text in texts):
        kind = float
    if kind is None:
        return list(cells)
    return [None if cell in {None, ""} else kind(str(cell).strip()) for cell in cells]


def _always(loaded: Any) -> Callable[..., Any]:  # noqa: ANN401 - a library without types
    return lambda **_: loaded


def _and_shown(source: Callable[..., Any], shown: Any) -> Callable[..., Any]:  # noqa: ANN401
    return lambda **said: {**source(**said), SHOWN: shown}


def _with_tested(values: Values, name: str) -> Values:
    if not any(values.get(key) for key in _EVALUATED):
        raise BadInput(
            f"{name} says neither test_split nor validation_split, so nothing is tested.",
            hint="Add 'test_split: test' to its file.",
        )
    inner = dict(_fewshot_config(values))
    inner.pop("split", None)
    return values | {
        "test_split": TESTED,
        "validation_split": None,
        "training_split": None,
        # Named as the tested split itself, so that lm-eval leaves out the sample that is asked.
        "fewshot_split": None if _lists_examples(values) else TESTED,
        "fewshot_config": inner or None,
        "dataset_kwargs": None,
    }


def _with_shown(values: Values) -> Values:
    inner = _fewshot_config(values) | {"split": SHOWN}
    return values | {"fewshot_split": SHOWN, "fewshot_config": inner}


def _lists_examples(values: Values) -> bool:
    """Whether the task file itself holds the examples."""
    inner = _fewshot_config(values)
    split = inner.get("split") or values.get("fewshot_split")
    return bool(inner.get("samples")) and not split


def _fewshot_config(values: Values) -> Values:
    config = values.get("fewshot_config")
    return config if isinstance(config, dict) else {}


def _loaded(values: Values, name: str, hub: Hub) -> Any:  # noqa: ANN401 - a library without types
    path = values.get("dataset_path")
    if not isinstance(path, str) or not path:
        raise BadInput(
            f"{name} names no data set (dataset_path).", hint="Give rows with --data FILE."
        )
    config = values.get("dataset_name")
    kwargs = dict(values.get("dataset_kwargs") or {})
    kwargs.pop("trust_remote_code", None)
    named = f"{path} ({config})" if config else path
    datasets = library("datasets")
    datasets.disable_progress_bars()
    away = not _is_local(path, kwargs) and (hub.offline or not hub.answers(hub.address))
    try:
        with quiet(), _switched_off(away):
            return datasets.load_dataset(path, config, **kwargs)
    except EligeError:
        raise
    except Exception as error:  # whatever a loader of any format may raise
        why = f"and {hub.address or 'the hub'} cannot be reached" if away else _first_line(error)
        raise BadInput(
            f"{name} wants the data set {named}, {why if away else f'which fails: {why}'}.",
            hint="Give rows of your own with --data FILE (and examples with --shots-from FILE).",
        ) from error


def _is_local(path: str, kwargs: Values) -> bool:
    """Whether nothing has to be fetched: a folder, or files of this machine."""
    if Path(path).expanduser().exists():
        return True
    named = kwargs.get("data_files")
    files = list(_texts(named))
    return bool(files) and not any("://" in file for file in files) and "/" not in path


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


@contextmanager
def _switched_off(away: bool) -> Iterator[None]:
    """While it lasts `datasets` asks no hub but uses what was downloaded before."""
    if not away:
        yield
        return
    places = [library("datasets.config"), library("huggingface_hub.constants")]
    before = [place.HF_HUB_OFFLINE for place in places]
    for place in places:
        place.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        for place, value in zip(places, before, strict=True):
            place.HF_HUB_OFFLINE = value


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")
