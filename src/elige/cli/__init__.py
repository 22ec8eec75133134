"""The command line: parse, one verb, draw. The one place where errors become words."""

import errno
import os
import sys

from elige.cli import letters
from elige.cli.exits import EXIT_INTERRUPTED, EXIT_TOLD, EXIT_USAGE
from elige.config import is_debugging
from elige.errors import EligeError
from elige.text import one_line


def main() -> None:
    """Run the command line and exit with its code.

    Every error becomes one line and the next step on stderr; ELIGE_DEBUG=1 shows where it
    came from.
    """
    _speak_unicode()
    try:
        _run()
    except SystemExit as left:
        _quit(left.code if isinstance(left.code, int) else EXIT_TOLD)
    except EligeError as error:
        _leave(str(error), error.hint, error)
    except KeyboardInterrupt:
        _tell("Interrupted; every answer so far is kept.", "The same command again goes on.")
        _quit(EXIT_INTERRUPTED)
    except OSError as error:
        if error.errno == errno.EPIPE:
            _quit(EXIT_TOLD)  # the reader (head, less) has gone: nobody is left to be told
        where = f" ({error.filename})" if error.filename else ""
        _leave(f"{error.strerror or error}{where}.", "Mend that and run the command again.", error)
    except Exception as error:  # the last door: a user never meets a traceback
        _leave(
            f"Something went wrong inside elige: {type(error).__name__}: {one_line(error)}.",
            "Run it again with ELIGE_DEBUG=1 and report what it prints.",
            error,
        )


def _run() -> None:
    from typer.exceptions import TyperException

    from elige.cli.app import app

    try:
        code: object = app(standalone_mode=False, prog_name="elige")
    except TyperException as error:
        from elige.cli.usage import usage_hint, usage_message

        if message := usage_message(error):
            _tell(message, usage_hint())
        code = EXIT_USAGE
    sys.stdout.flush()
    if code == EXIT_INTERRUPTED:
        raise KeyboardInterrupt  # typer gives Ctrl-C back as a number
    _quit(code if isinstance(code, int) else 0)


def _speak_unicode() -> None:
    """Let nothing fail for a letter that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if callable(reconfigure):
            reconfigure(errors=letters.NAME)


def _leave(message: str, hint: str, error: BaseException) -> None:
    if is_debugging():
        raise error
    _tell(message, hint)
    _quit(EXIT_TOLD)


def _tell(message: str, hint: str) -> None:
    """One line on stderr: what happened, and the next step."""
    line = f"elige: {' '.join(message.split())} {' '.join(hint.split())}".rstrip()
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _quit(code: int) -> None:
    """Leave, after Ctrl-C without waiting for a model that still computes in another thread."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # What is left in the buffer must not be tried once more when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    os._exit(code) if code == EXIT_INTERRUPTED else sys.exit(code)
