"""The user's rows for each task: one file for one task, or a folder with a file for each."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from elige.errors import BadInput
from elige.evaluate.harness.data import Rows
from elige.evaluate.harness.select import Leaf, Selection
from elige.evaluate.options import TaskOptions
from elige.evaluate.rows import Table, read_table
from elige.evaluate.rows.content import PACKED_SUFFIXES

_TESTED = ("test_split", "validation_split")
_SHOWN = ("fewshot_split", "training_split", "validation_split")


def local_rows(selection: Selection, options: TaskOptions) -> dict[Leaf, Rows]:
    """The rows of each task that has some; every task of the selection where no file was named.

    A folder holds a file for each task, called like the task or its `dataset_name`, with or
    without the split: `formal_logic_test.jsonl`. Raises `BadInput` when one file is to serve
    several tasks, or a folder has a file for none.
    """
    if not options.rows_from and not options.shots_from:
        return dict.fromkeys(selection.leaves, Rows())
    found = {leaf: _rows(leaf, selection, options) for leaf in selection.leaves}
    kept = {leaf: rows for leaf, rows in found.items() if rows is not None}
    if not kept:
        first = selection.leaves[0]
        names = ", ".join(sorted(_stems(first, _TESTED)))
        raise BadInput(
            f"{options.rows_from} holds no file for any task of {selection.name}.",
            hint=f"For {first.name} it would be called {names} (.jsonl, .csv or .parquet).",
        )
    return kept


def _rows(leaf: Leaf, selection: Selection, options: TaskOptions) -> Rows | None:
    """None for a task that the folder has no file for."""
    rows_from, shots_from = options.rows_from, options.shots_from
    tested = _file(rows_from, leaf, _TESTED, selection)
    if rows_from and tested is None:
        return None
    shown = _file(shots_from, leaf, _SHOWN, selection)
    if shots_from and shown is None:
        raise BadInput(
            f"{shots_from} holds no file of examples for {leaf.name}.",
            hint=f"It would be called {', '.join(sorted(_stems(leaf, _SHOWN)))}.",
        )
    return Rows(tested=_table(tested, options), shown=_table(shown, options))


def _file(named: str, leaf: Leaf, splits: Iterable[str], selection: Selection) -> Path | None:
    if not named:
        return None
    path = Path(named).expanduser()
    if not path.is_dir():
        if len(selection.leaves) > 1:
            raise BadInput(
                f"{selection.name} is {len(selection.leaves)} tasks, and {named} is one file.",
                hint=f"Name one of them (harness:{selection.leaves[0].name}), or give a folder "
                "with a file for each.",
            )
        return path
    files = {_stem(file): file for file in sorted(path.iterdir()) if file.is_file()}
    return next((files[stem] for stem in _stems(leaf, splits) if stem in files), None)


def _stems(leaf: Leaf, splits: Iterable[str]) -> Iterator[str]:
    """How a task's file may be called, the surest first."""
    values = leaf.values
    named = [values[key] for key in splits if isinstance(values.get(key), str)]
    config = values.get("dataset_name")
    bases = [leaf.name, *([config] if isinstance(config, str) and config else [])]
    yield from (f"{base}_{split}" for split in named for base in bases)
    yield from bases


def _stem(file: Path) -> str:
    name = file
    while name.suffix.lower() in PACKED_SUFFIXES:
        name = name.with_suffix("")
    return name.stem


def _table(path: Path | None, options: TaskOptions) -> Table | None:
    return None if path is None else read_table(path, options.encoding, options.columns)
