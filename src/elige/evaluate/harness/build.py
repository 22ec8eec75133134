"""A task of lm-eval made from its configuration: checked, its functions found, its data loaded."""

import hashlib
import importlib
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # lm-eval has no types

from elige.errors import BadInput, EligeError
from elige.evaluate.harness.data import Hub, Rows, with_data
from elige.evaluate.harness.files import Code, Values, is_shipped
from elige.evaluate.harness.library import library, quiet, render_safely, tasks_folder
from elige.evaluate.harness.select import Leaf
from elige.evaluate.own_scorer import module_of, told
from elige.text import nearest, one_line

Files = Mapping[Path, bytes]
_SENSES = ("doc_to_image", "doc_to_audio")


def build(leaf: Leaf, files: Files, rows: Rows, hub: Hub) -> Any:  # noqa: ANN401 - lm-eval's own
    """The task that lm-eval makes of `leaf`, with the user's rows or its own data.

    Its code must have been allowed; what runs are the bytes in `files`, as they were then.
    Raises `BadInput` in one line for what cannot be run.
    """
    _check(leaf)
    if not leaf.is_shipped:
        render_safely()
    values: Values = _resolved(leaf.values, files)
    metadata = values.get("metadata")
    known = dict(metadata) if isinstance(metadata, Mapping) else {"_metadata": metadata or ""}
    values["metadata"] = known | {"config_source": str(leaf.path)}
    values = with_data(values, leaf.name, rows, hub)
    try:
        library("datasets").disable_progress_bars()
        with quiet():
            return _made(values)
    except EligeError:
        raise
    except Exception as error:  # a task file and its code can raise anything
        raise _unusable(leaf, rows, error) from error


def _made(values: Values) -> Any:  # noqa: ANN401 - lm-eval has no types
    made = values.get("class")
    if made is None:
        return library("lm_eval.api.task").ConfigurableTask(config=values)
    # As lm-eval's own factory does: classes that know no configuration are made without.
    parameters = inspect.signature(made.__init__).parameters
    task = made(config=values) if "config" in parameters else made()
    if hasattr(task, "config") and hasattr(task.config, "task"):
        task.config.task = values["task"]
    return task


def _check(leaf: Leaf) -> None:
    values = leaf.values
    if values.get("unsafe_code"):
        raise BadInput(
            f"{leaf.name} runs code that models write (unsafe_code), outside of any sandbox.",
            hint="Score code with elige's own sandbox instead: see --scorer in docs/tasks.md.",
        )
    kwargs = values.get("dataset_kwargs")
    if isinstance(kwargs, dict) and kwargs.get("trust_remote_code") and not leaf.is_shipped:
        raise BadInput(
            f"{leaf.path} wants to run code of a data set (trust_remote_code).",
            hint="Take that line out, and give rows with --data FILE.",
        )
    for key in _SENSES:
        if values.get(key):
            raise BadInput(
                f"{leaf.name} asks about images or sounds ({key}).", hint="Choose a text task."
            )
    if "class" not in values and not values.get("process_results"):
        _check_metrics(leaf)


def _check_metrics(leaf: Leaf) -> None:
    """Refuse metrics that lm-eval would look for, as code, on a hub."""
    registry = library("lm_eval.api.registry")
    with quiet():
        library("lm_eval.api.metrics")
    known = [str(name) for name in registry.metric_registry]
    listed = leaf.values.get("metric_list")
    for item in listed if isinstance(listed, list) else []:
        name = item.get("metric") if isinstance(item, dict) else None
        if isinstance(name, Code):
            continue
        if name not in known or item.get("hf_evaluate"):
            raise BadInput(
                f"{leaf.name} is scored by {name!r}, which is no metric of lm-eval itself.",
                hint=nearest(str(name), known) or f"Known: {', '.join(sorted(known))}.",
            )


def _resolved(value: Any, files: Files) -> Any:  # noqa: ANN401 - YAML holds anything
    """The configuration with each name of a function replaced by the function."""
    if isinstance(value, Code):
        return _function(value, files)
    if isinstance(value, dict):
        return {key: _resolved(item, files) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, files) for item in value]
    return value


def _function(code: Code, files: Files) -> Any:  # noqa: ANN401 - any function
    beside = code.beside
    try:
        with quiet():
            if beside is None:
                module = importlib.import_module(code.module)
            elif is_shipped(beside):
                inside = beside.relative_to(tasks_folder()).with_suffix("")
                module = importlib.import_module(".".join(("lm_eval", "tasks", *inside.parts)))
            else:
                source = files[beside]
                sha256 = hashlib.sha256(source).hexdigest()
                known = sys.modules.get(f"elige_own_task_{sha256[:16]}")
                module = known or module_of(beside, source, sha256, what="task")
            return getattr(module, code.function)
    except EligeError:
        raise
    except Exception as error:  # importing runs code, which can raise anything
        raise BadInput(
            f"{code.file}: !function {code.text} cannot be loaded: {one_line(told(error))}.",
            hint=_install(error) or "Mend the file it names.",
        ) from error


def _install(error: Exception) -> str:
    """How to get the module that is missing, '' when none is."""
    name = error.name if isinstance(error, ModuleNotFoundError) else None
    return f"Install it, for example with: pip install {name.partition('.')[0]}" if name else ""


def _unusable(leaf: Leaf, rows: Rows, error: Exception) -> BadInput:
    why = one_line(told(error)).rstrip(".")
    table = rows.tested
    if table is None:
        return BadInput(f"{leaf.name} cannot be run: {why}.", hint=f"Its task file is {leaf.path}.")
    missing = _missing(error)
    if missing:
        return BadInput(
            f"{leaf.name} reads the column {missing!r}, and {table.path} has "
            f"{', '.join(table.columns)}.",
            hint="Name the columns with --columns (a file without a header), or write a task "
            "file of your own that reads these.",
        )
    return BadInput(
        f"{leaf.name} cannot be run on {table.path}: {why}.",
        hint=f"Its columns are {', '.join(table.columns)}; its task file is {leaf.path}.",
    )


def _missing(error: Exception) -> str:
    """The name that a template or a function looked for in a row, '' when it is something else."""
    if isinstance(error, KeyError) and error.args:
        return str(error.args[0])
    text = str(error)
    if type(error).__name__ == "UndefinedError" and text.startswith("'"):
        return text.split("'")[1]
    return ""
