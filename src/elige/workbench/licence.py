"""`licence`: which licence a name, a text or a model has, and what it says."""

from collections.abc import Sequence
from pathlib import Path

from elige.catalog.licence_report import LicenceReport, report_licence
from elige.catalog.licence_text import Recognised, is_full_text, recognise
from elige.errors import BadInput, EligeError
from elige.loader.licence import card_licence
from elige.loader.reference import parse_ref
from elige.records import RefKind
from elige.workbench.bench import Workbench

_MAX_BYTES = 1_000_000
_LONGEST_PATH = 4_000


def read_licence(bench: Workbench, asked: str, parents: Sequence[str] = ()) -> LicenceReport:
    """The report on what was asked: a licence's name, a file with its text, or a model at hand.

    `parents` are the licences of the model's parents, up to the root, asked in the same ways.
    Raises `BadInput` for a file that cannot be read, a model about which nothing is known here,
    and a parent whose licence is unknown.
    """
    found = _recognised(bench, asked)
    return report_licence(
        asked if len(asked) <= _LONGEST_PATH else f"{asked[:_LONGEST_PATH]}…",
        found,
        [_recognised(bench, parent).licence for parent in parents],
    )


def _recognised(bench: Workbench, asked: str) -> Recognised:
    if not asked.strip():
        raise BadInput("No licence is named.", hint="For example: elige licence llama2")
    path = _file(asked)
    if path is not None:
        return _of_file(path)
    named = recognise(asked)
    if named.licence.is_known or is_full_text(asked):
        return named
    return _of_model(bench, asked) or named


def _file(asked: str) -> Path | None:
    """The file that was named, None when it names none or weights."""
    if len(asked) > _LONGEST_PATH or asked.lower().endswith(".gguf"):
        return None
    try:
        path = Path(asked).expanduser()
        return path if path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a name too long, a NUL byte, no such user
        return None


def _of_file(path: Path) -> Recognised:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(
                f"{path} is larger than {_MAX_BYTES:,} bytes, which no licence is.",
                hint="Give the LICENSE file itself.",
            )
        text = path.read_text("utf-8-sig", "replace")
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check its rights."
        ) from error
    if not text.strip():
        raise BadInput(f"{path} is empty.", hint="Give the LICENSE file itself.")
    return recognise(card_licence(text) or text)


def _of_model(bench: Workbench, asked: str) -> Recognised | None:
    """The licence that a model at hand declares; None when `asked` names no model either."""
    try:
        ref = parse_ref(asked)
    except EligeError:
        if asked.lower().endswith(".gguf"):
            raise
        return None
    if ref.kind is RefKind.HUB:
        raise BadInput(
            f"Nothing is known here of the licence of {asked}.",
            hint="Name the licence that its page shows, or give its LICENSE file or its folder.",
        )
    fact = bench.loader.licence(ref)
    return None if fact is None else recognise(str(fact.value))
