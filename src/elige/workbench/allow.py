"""`allow`: code of the user's that may run."""

from pathlib import Path

from elige.errors import BadInput
from elige.text import file_digest
from elige.workbench.bench import Workbench

KINDS = ("scorer",)


def allow(bench: Workbench, kind: str, file: Path) -> str:
    """Let the file run as it is now; its SHA-256. Raises `BadInput` for anything else."""
    if kind not in KINDS:
        raise BadInput(f"{kind!r} cannot be allowed.", hint=f"Known: {', '.join(KINDS)}.")
    path = file.expanduser()
    if not path.is_file():
        raise BadInput(f"There is no file {file}.", hint="Give the path of your own scorer.")
    sha256 = file_digest(path)
    bench.store.allow(kind, str(path.absolute()), sha256)
    return sha256
