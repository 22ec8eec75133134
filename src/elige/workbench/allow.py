"""`allow`: code of the user's that may run."""

from pathlib import Path

from elige.errors import BadInput
from elige.evaluate.harness import code_digest_of
from elige.text import file_digest
from elige.workbench.bench import Workbench

KINDS = ("scorer", "task")


def allow(bench: Workbench, kind: str, file: Path) -> str:
    """Let the file run as it is now; its SHA-256. Raises `BadInput` for anything else.

    A task file of lm-eval is allowed with what it includes and the Python files it names.
    """
    if kind not in KINDS:
        raise BadInput(f"{kind!r} cannot be allowed.", hint=f"Known: {', '.join(KINDS)}.")
    path = file.expanduser()
    if not path.is_file():
        raise BadInput(f"There is no file {file}.", hint=f"Give the path of your own {kind}.")
    sha256 = code_digest_of(path) if kind == "task" else file_digest(path)
    if not sha256:
        raise BadInput(f"{file} runs no code (!function).", hint="It needs no permission.")
    bench.store.allow(kind, str(path.absolute()), sha256)
    return sha256
