"""`python -m elige.harness ARGS`: lm-eval's own command line, with the model `elige`."""

import sys

from elige.errors import EligeError
from elige.harness.commandline import run

if __name__ == "__main__":
    try:
        sys.exit(run(sys.argv[1:]))
    except EligeError as error:
        sys.exit(f"elige: {error} {error.hint}".rstrip())
