"""Hands a command line to lm-eval unchanged, after the model `elige` was registered."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any  # lm-eval carries no types

from elige.config import is_debugging
from elige.errors import EligeError, MissingExtra
from elige.text import one_line, sentence

_INTERRUPTED = 130


def run(args: Sequence[str]) -> int:
    """The exit code of lm-eval's own command line with `args`.

    Raises `MissingExtra` without lm-eval, and `EligeError` with the line in which lm-eval says
    why it stopped; with ELIGE_DEBUG=1 its own error.
    """
    if find_spec("lm_eval") is None:
        raise MissingExtra("Running tasks of lm-evaluation-harness", extra="harness")
    import_module("elige.harness.model")
    door: Any = import_module("lm_eval.__main__")
    kept, sys.argv = sys.argv, ["lm-eval", *args]
    try:
        door.cli_evaluate()
    except SystemExit as left:
        return _code(left.code)
    except KeyboardInterrupt:
        sys.stderr.write("elige: Interrupted; lm-eval keeps answers with --use_cache only.\n")
        return _INTERRUPTED
    except EligeError:
        raise
    except Exception as error:  # lm-eval raises whatever it meets, for a user's typo too
        if is_debugging():
            raise
        raise EligeError(
            f"lm-eval stopped: {type(error).__name__}: {sentence(one_line(error))}",
            hint="ELIGE_DEBUG=1 shows where.",
        ) from error
    finally:
        sys.argv = kept
    return 0


def _code(said: object) -> int:
    """What `sys.exit` makes of its argument: text goes to stderr and is a failure."""
    if said is None or isinstance(said, int):
        return said or 0
    sys.stderr.write(f"{said}\n")
    return 1
