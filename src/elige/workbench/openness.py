"""`openness`: how open models are, by their files or by what lies with their weights."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from elige.catalog.openness import Openness, grade_file
from elige.catalog.openness.known import known_openness, known_refs
from elige.catalog.openness.model import openness_of_model
from elige.catalog.openness.together import openness_of
from elige.catalog.openness.wheel import wheel
from elige.errors import BadInput, EligeError
from elige.loader.reference import parse_ref
from elige.records import RefKind
from elige.text import nearest
from elige.workbench.bench import Workbench

_SUFFIXES = (".yml", ".yaml")
_NO_WEIGHTS_HERE = frozenset({RefKind.ECHO, RefKind.ENDPOINT, RefKind.COMBO, RefKind.HUB})


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What became of one thing that was asked about: how open it is, or why that is not said."""

    asked: str
    found: Openness | None = None
    error: EligeError | None = None


def grade_openness(
    bench: Workbench, things: Sequence[str], *, strict: bool = False
) -> Iterator[Graded]:
    """Each file or model in turn; one that cannot be graded stops no other.

    `strict` grades MOF files to the letter, as the framework's own tool does.
    """
    for asked in things:
        try:
            yield Graded(asked=asked, found=_graded(bench, asked, strict=strict))
        except EligeError as error:
            yield Graded(asked=asked, error=error)


def _graded(bench: Workbench, asked: str, *, strict: bool) -> Openness:
    if asked.lower().endswith(_SUFFIXES):
        return grade_file(Path(asked).expanduser(), strict=strict)
    name = asked.partition("@")[0]
    card = bench.catalogue.card(name)
    known = (
        known_openness(name, strict=strict) if card is None else openness_of(card, strict=strict)
    )
    if known is not None:
        return known
    _check_file(asked)
    ref = parse_ref(asked)
    if ref.kind in _NO_WEIGHTS_HERE:
        raise BadInput(
            f"Nothing is known here of how open {asked} is.",
            hint=nearest(asked, known_refs())
            or "Give its MOF or OSAI file (.yml, .yaml), or a folder or GGUF file of it.",
        )
    return openness_of_model(asked, bench.loader.licence(ref))


def _check_file(asked: str) -> None:
    """Refuse a file that neither grades a model nor holds its weights."""
    try:
        is_file = Path(asked).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):  # a name too long, a NUL byte, no such user
        return
    if is_file and not asked.lower().endswith(".gguf"):
        raise BadInput(
            f"{asked} says nothing of how open a model is.",
            hint="Give its MOF or OSAI file (.yml, .yaml), or a GGUF file or the folder of it.",
        )


def write_wheel(found: Sequence[Openness], path: Path) -> None:
    """Write the wheel of the one model that was graded to `path`.

    Raises `BadInput` for more than one, and for a file that cannot be written.
    """
    if len(found) != 1:
        raise BadInput(
            f"--wheel draws one model, not {len(found)}.", hint="Ask for each on its own."
        )
    try:
        path.write_text(wheel(found[0].answers, name=found[0].name), "utf-8")
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror or error}.", hint="Name another file."
        ) from error
