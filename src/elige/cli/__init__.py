"""The command line: parse, one verb, draw. The one place where errors become words."""

import os
import sys

from elige.cli.exits import EXIT_INTERRUPTED, EXIT_TOLD
from elige.config import is_debugging
from elige.errors import EligeError


def main() -> None:
    """Run the command line and exit with its code.

    Every error becomes one line and the next step on stderr; ELIGE_DEBUG=1 shows where it
    came from.
    """
    from elige.cli.app import app

    try:
        app()
    except EligeError as error:
        _leave(str(error), error.hint, error)
    except KeyboardInterrupt:
        _tell("Interrupted; every answer so far is kept.", "The same command again goes on.")
        _quit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing to say and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _quit(EXIT_TOLD)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _leave(f"{error.strerror or error}{where}.", "Mend that and run the command again.", error)
    except Exception as error:  # the last door: a user never meets a traceback
        _leave(
            f"Something went wrong inside elige: {type(error).__name__}: {one_line(error)}",
            "Run it again with ELIGE_DEBUG=1 and report what it prints.",
            error,
        )


def one_line(error: object) -> str:
    """The error's text with its line breaks taken out, shortened to what fits a terminal."""
    text = " ".join(str(error).split())
    return text if len(text) <= 500 else f"{text[:500]}…"


def _leave(message: str, hint: str, error: BaseException) -> None:
    if is_debugging():
        raise error
    _tell(message, hint)
    _quit(EXIT_TOLD)


def _tell(message: str, hint: str) -> None:
    """One line on stderr: what happened, and the next step."""
    line = f"elige: {' '.join(message.split())} {' '.join(hint.split())}".rstrip()
    sys.stderr.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
    sys.stderr.flush()


def _quit(code: int) -> None:
    """Leave without waiting for a model that is still computing in another thread."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code) if code == EXIT_INTERRUPTED else sys.exit(code)
