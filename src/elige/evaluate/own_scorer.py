"""The user's own scorer: a function in a file, run only after that file's bytes were allowed."""

import hashlib
import math
import sys
from collections.abc import Callable
from numbers import Real
from pathlib import Path
from types import ModuleType

from elige.errors import BadInput, EligeError, NotAllowed, NotFound
from elige.records import Answer, Sample, Score, Scorer

_Function = Callable[[Sample, Answer], object]


def own_reference(text: str) -> tuple[Path, str] | None:
    """The file and the function of 'file.py:function', or None for a scorer's plain name.

    Raises `BadInput` when a file is named without its function.
    """
    path, colon, function = text.rpartition(":")
    if colon and path.endswith(".py") and function.isidentifier():
        return Path(path), function
    if ".py" in text:
        raise BadInput(
            f"The scorer {text!r} does not say which function of the file to use.",
            hint="Write it as file.py:function.",
        )
    return None


def own_scorer(path: Path, function: str, is_allowed: Callable[[str], bool]) -> tuple[Scorer, str]:
    """The scorer made of `function` in the file at `path`, and the file's SHA-256.

    `function` takes a sample and an answer and gives a number in [0, 1], a bool, a `Score`, or
    a (number, reason) pair. The bytes that run are the bytes that were hashed; modules that the
    file imports are not covered. Raises `NotAllowed` unless `is_allowed` says yes to the hash.
    """
    source = _bytes_of(path)
    sha256 = hashlib.sha256(source).hexdigest()
    if not is_allowed(sha256):
        raise NotAllowed(
            f"The scorer file {path} (SHA-256 {sha256[:12]}…) was not allowed to run.",
            hint=f"Read it, then allow it as it is now: elige allow scorer {path}",
        )
    called = _function(module_of(path, source, sha256), path, function)
    name = f"{function} of {path.name}"

    def score(sample: Sample, answer: Answer) -> Score:
        return _score(_called(called, name, sample, answer), name, sample)

    return score, sha256


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"The scorer file {path} cannot be read: {error.strerror}.",
            hint="Check the path; a scorer is given as file.py:function.",
        ) from error


def module_of(path: Path, source: bytes, sha256: str, *, what: str = "scorer") -> ModuleType:
    """The module made of exactly these bytes, which must have been allowed before.

    Raises `BadInput` for a file that cannot be loaded; `what` says what it is.
    """
    module = ModuleType(f"elige_own_{what}_{sha256[:16]}")
    module.__file__ = str(path)
    # Dataclasses and pickling look a module up by its name.
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[module.__name__]
        raise BadInput(
            f"The {what} file {path} cannot be loaded: {told(error)}.",
            hint="Mend the file, then allow it again: its hash will have changed.",
        ) from error
    return module


def _function(module: ModuleType, path: Path, function: str) -> _Function:
    found = getattr(module, function, None)
    if callable(found):
        called: _Function = found
        return called
    known = [
        name
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", "") == module.__name__
    ]
    hint = "" if known else f"{path} defines no function at its top level."
    raise NotFound(f"function in {path}", function, known, hint=hint)


def _called(called: _Function, name: str, sample: Sample, answer: Answer) -> object:
    try:
        return called(sample, answer)
    except EligeError:
        raise
    except (Exception, SystemExit) as error:
        raise BadInput(
            f"The scorer {name} failed on sample {sample.id!r}: {told(error)}.",
            hint="Mend it and run again; the answers are kept, only the scoring is done anew.",
        ) from error


def _score(found: object, name: str, sample: Sample) -> Score:
    if isinstance(found, Score):
        return found
    value, why = found, ""
    if isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], str):
        value, why = found
    # numpy's own booleans are no `Real`; `item` gives the plain value of any numpy scalar.
    item = getattr(value, "item", None)
    plain = item() if callable(item) and not isinstance(value, Real) else value
    number = float(plain) if isinstance(plain, Real) else math.nan
    if 0.0 <= number <= 1.0:
        return Score(number, why or f"{name} gave {number:g}")
    raise BadInput(
        f"The scorer {name} gave {found!r} for sample {sample.id!r}, which is no score.",
        hint="Return a number from 0 to 1, True or False, a Score, or a (number, reason) pair.",
    )


def told(error: BaseException) -> str:
    """The error of somebody's code in a line: its kind, its text, the line of a syntax error."""
    line = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}{line}: {text}" if text else type(error).__name__ + line
