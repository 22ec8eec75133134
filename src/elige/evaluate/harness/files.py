"""lm-eval's task files: read without running anything; what code they name, and whether it may run.

A file that ships with the installed lm-eval is installed code. In a file of the user's every
`!function`, and the Python file beside it, counts with its bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # YAML holds anything

import yaml

from elige.errors import BadInput, NotAllowed
from elige.evaluate.harness.library import tasks_folder
from elige.evaluate.rows.content import near_files
from elige.evaluate.taskfile import broken_yaml
from elige.text import digest

Values = dict[str, Any]
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Code:
    """A function that a task file names: `module.function`, looked for beside `file` first."""

    file: Path
    text: str

    @property
    def module(self) -> str:
        """The module's name."""
        return self.text.rpartition(".")[0]

    @property
    def function(self) -> str:
        """The function's name."""
        return self.text.rpartition(".")[2]

    @property
    def beside(self) -> Path | None:
        """The Python file beside the task file that holds it; None for an installed module."""
        path = (self.file.parent / f"{self.module.replace('.', '/')}.py").resolve()
        return path if path.is_file() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSource:
    """A task file with what it includes: its values, and the bytes of every file read for it."""

    path: Path
    values: Values
    files: Mapping[Path, bytes] = field(repr=False)

    @property
    def own(self) -> dict[Path, bytes]:
        """The files that do not ship with lm-eval."""
        return {path: data for path, data in self.files.items() if not is_shipped(path)}

    def code(self) -> list[Code]:
        """Every function named by a file that does not ship with lm-eval."""
        return [one for one in _codes(self.values) if not is_shipped(one.file)]


def is_shipped(path: Path) -> bool:
    """Whether `path` belongs to the installed lm-eval."""
    return path.is_relative_to(tasks_folder())


def read_source(path: Path) -> TaskSource:
    """The task file at `path` and what it includes, as lm-eval merges them; nothing is run.

    Raises `BadInput` in one line for what cannot be read, with line and column.
    """
    files: dict[Path, bytes] = {}
    values = _merged(path.expanduser().resolve(), files)
    for one in _codes(values):
        beside = one.beside
        if not is_shipped(one.file) and beside is not None and not is_shipped(beside):
            files[beside] = _bytes(beside)
    return TaskSource(path=path, values=values, files=files)


def code_digest(source: TaskSource) -> str:
    """SHA-256 over the names and bytes of the user's files behind a task; '' without own code."""
    if not source.code():
        return ""
    sums = {str(path): hashlib.sha256(data).hexdigest() for path, data in source.own.items()}
    # Where they lie says nothing of what they do: a folder that was moved stays allowed.
    return digest(sorted((Path(path).name, value) for path, value in sums.items()))


def check_allowed(source: TaskSource, is_allowed: Callable[[str], bool]) -> None:
    """Raise `NotAllowed` when a file of the user's names code that was not allowed as it is."""
    found = code_digest(source)
    if found and not is_allowed(found):
        first = source.code()[0]
        raise NotAllowed(
            f"The task file {source.path} runs code (!function {first.text}), "
            "and it was not allowed to.",
            hint="Read it and the Python file it names, then allow both as they are now: "
            f"elige allow task {source.path}",
        )


def _merged(path: Path, files: dict[Path, bytes]) -> Values:
    if path in files:
        raise BadInput(f"{path} includes itself.", hint="Take out one of the include lines.")
    values = _read(path, files)
    included = values.pop("include", None)
    if included is None:
        return values
    merged: Values = {}
    for name in included if isinstance(included, list) else [included]:
        # As in lm-eval: later files win, the file itself last.
        merged |= _merged((path.parent / str(name)).resolve(), files)
    merged.pop("task_list", None)
    return merged | values


def _read(path: Path, files: dict[Path, bytes]) -> Values:
    files[path] = _bytes(path)
    loader = _loader_for(path)
    try:
        values = yaml.load(files[path], Loader=loader)  # a safe loader with one more tag
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise broken_yaml(path, error) from error
    if not isinstance(values, dict):
        raise BadInput(
            f"{path} is no task file of lm-eval: it holds no keys.",
            hint="It begins with a line such as 'task: my_task'.",
        )
    return {str(key): value for key, value in values.items()}


def _loader_for(path: Path) -> Any:  # noqa: ANN401 - PyYAML has a safe loader in C or none
    """Safe YAML in which `!function` is a name and no more."""

    def code(loader: Any, node: Any) -> Code:  # noqa: ANN401 - PyYAML's own
        return Code(path, str(loader.construct_scalar(node)))

    loader: Any = type("FunctionsByName", (_SAFE,), {})
    loader.add_constructor("!function", code)
    return loader


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", hint=near_files(path)) from None
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.", hint="Check the path."
        ) from error


def _codes(value: object) -> Iterator[Code]:
    if isinstance(value, Code):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _codes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _codes(item)
