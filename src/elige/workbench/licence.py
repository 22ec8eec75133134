"""`licence`: which licence a name, a text or a model has, and what it says."""

from collections.abc import Sequence
from pathlib import Path

from elige.catalog.licence import identify
from elige.catalog.licence_card import CardLicence, card_licence
from elige.catalog.licence_report import LicenceReport, report_licence
from elige.catalog.licence_text import Recognised, is_full_text, recognise
from elige.errors import BadInput, EligeError
from elige.loader import licence as loaded
from elige.loader.reference import parse_ref
from elige.records import RefKind
from elige.workbench.bench import Workbench

_MAX_BYTES = 1_000_000
_LONGEST_PATH, _LONGEST_NAME = 4_000, 300


def read_licence(bench: Workbench, asked: str, parents: Sequence[str] = ()) -> LicenceReport:
    """The report on what was asked: a licence's name, a file with its text, or a model.

    A model of the catalogue comes with what its lineage asks. `parents` are the licences of more
    of its parents, up to the root, asked in the same ways.
    Raises `BadInput` for a file that cannot be read, a model about which nothing is known here,
    and a parent whose licence is unknown.
    """
    lineage = _lineage(bench, asked)
    found = _recognised(bench, asked) if lineage is None else _stated(lineage)
    return report_licence(
        asked if len(asked) <= _LONGEST_PATH else f"{asked[:_LONGEST_PATH]}…",
        found,
        [_recognised(bench, parent).licence for parent in parents],
        lineage,
    )


def _lineage(bench: Workbench, asked: str) -> CardLicence | None:
    """The licences of a model of the catalogue and its ancestors, None for anything else."""
    if len(asked) > _LONGEST_NAME or not asked.strip() or _file(asked) is not None:
        return None
    if identify(asked).is_known:
        return None
    card = bench.catalogue.card(asked.partition("@")[0])
    return None if card is None else card_licence(card, bench.catalogue)


def _stated(lineage: CardLicence) -> Recognised:
    licence = lineage.own.licence
    return Recognised(licence=licence, how="name" if licence.is_known else "unknown")


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
    return recognise(loaded.card_licence(text) or text)


def _of_model(bench: Workbench, asked: str) -> Recognised | None:
    """The licence that a model at hand declares; None when `asked` names no model either."""
    try:
        ref = parse_ref(asked)
    except EligeError:
        if asked.lower().endswith(".gguf"):
            raise
        return None
    card = bench.catalogue.card(asked.partition("@")[0])
    if card is not None:
        return _stated(card_licence(card, bench.catalogue))
    if ref.kind is RefKind.HUB:
        raise BadInput(
            f"Nothing is known here of {asked} or its licence.",
            hint="Name the licence that its page shows, or give its LICENSE file or its folder.",
        )
    fact = bench.loader.licence(ref)
    return None if fact is None else recognise(str(fact.value))
