"""`allow`: code of the user's that may run."""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from elige.errors import BadInput
from elige.evaluate.harness import code_digest_of
from elige.workbench.bench import Workbench

KINDS = ("scorer", "task")
_LOOKS_LIKE = "def score(sample, answer): ..."


def allow(bench: Workbench, kind: str, file: Path) -> str:
    """Let the file run as it is now; its SHA-256. Raises `BadInput` for anything else.

    A task file of lm-eval is allowed with what it includes and the Python files it names.
    """
    if kind not in KINDS:
        raise BadInput(f"{kind!r} cannot be allowed.", hint=f"Known: {', '.join(KINDS)}.")
    path = file.expanduser()
    if not path.is_file():
        raise BadInput(f"There is no file {file}.", hint=f"Give the path of your own {kind}.")
    sha256 = _task_digest(path) if kind == "task" else _scorer_digest(file, path)
    bench.store.allow(kind, str(path.absolute()), sha256)
    return sha256


def _task_digest(path: Path) -> str:
    sha256 = code_digest_of(path)
    if not sha256:
        raise BadInput(f"{path} runs no code (!function).", hint="It needs no permission.")
    return sha256


def _scorer_digest(file: Path, path: Path) -> str:
    try:
        source = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{file} cannot be read: {error.strerror}.", hint="Check its permissions."
        ) from error
    _check_scorer(file, source)
    return hashlib.sha256(source).hexdigest()


def _check_scorer(file: Path, source: bytes) -> None:
    """Raise `BadInput` unless `source` is Python with a function that could score; runs nothing."""
    hint = f"A scorer is a Python file with a function like: {_LOOKS_LIKE}"
    if file.suffix != ".py":
        raise BadInput(f"{file} is no Python file, for its name does not end in .py.", hint=hint)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f"line {error.lineno}: " if isinstance(error, SyntaxError) and error.lineno else ""
        why = error.msg if isinstance(error, SyntaxError) else str(error)
        raise BadInput(f"{file} is no Python that can be read ({line}{why}).", hint=hint) from error
    if not any(map(_takes_two, _functions(tree))):
        raise BadInput(f"{file} has no function that takes a sample and an answer.", hint=hint)


def _functions(tree: ast.Module) -> Iterator[ast.arguments]:
    """The parameters of what stands at the top level and can be called."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.args
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Lambda):
            yield node.value.args


def _takes_two(given: ast.arguments) -> bool:
    """Whether a call with two values fits."""
    named = len(given.posonlyargs) + len(given.args)
    most = 2 if given.vararg else named
    least = named - len(given.defaults)
    must = [default for default in given.kw_defaults if default is None]
    return least <= 2 <= most and not must
