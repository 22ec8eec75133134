"""Which model of the catalogue a candidate of a run is."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from elige.catalog.identity import identify_model
from elige.catalog.sources.caches import local_name, path_name
from elige.catalog.sources.reading import hub_name
from elige.config import local_model_places
from elige.loader.packages import PACKAGED
from elige.records import Candidate, ModelRef, RefKind, Relation, RelationKind

# EchoEngine is no model, but what it was rehearsed with is kept in one place too.
ECHO = "elige/echo"
_REHEARSAL = "EchoEngine: a rehearsal, no model"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunModel:
    """The model's key, what was opened, other names that lead to it, and whose adapter it is.

    `title` is a name for people, where it is no model in truth.
    """

    model: str
    ran: str
    title: str = ""
    names: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()


def model_of(candidate: Candidate) -> RunModel:
    """The model that `candidate` runs, by what its reference says; no file is read.

    A base with an adapter is a model of its own. Raises `ValueError` for a reference that names
    nothing.
    """
    base = _referred(candidate)
    if not base.model:
        raise ValueError(f"{candidate.ref.text!r} names no model")
    if not candidate.adapter:
        return base
    return RunModel(
        model=path_name(Path(candidate.adapter).expanduser()),
        ran=f"{base.ran} with the adapter {candidate.adapter}",
        relations=(Relation(kind=RelationKind.ADAPTER, parent=base.model),),
    )


def _referred(candidate: Candidate) -> RunModel:
    ref = candidate.ref
    if ref.kind is RefKind.ECHO or candidate.engine == "echo":
        return RunModel(model=ECHO, ran="echo", title=_REHEARSAL, names=("echo",))
    match ref.kind:
        case RefKind.PACKAGED:
            return _packaged(ref)
        case RefKind.HUB:
            at = f"@{ref.revision}" if ref.revision else ""
            return RunModel(model=hub_name(ref.location), ran=f"{ref.location}{at}")
        case RefKind.ENDPOINT:
            return RunModel(
                model=identify_model(ref.model, host_of(ref.location)),
                ran=f"{ref.location}#{ref.model}",
            )
        case RefKind.FOLDER | RefKind.GGUF:
            path = Path(ref.location)
            return RunModel(model=name_of_path(path), ran=str(path))
        case _:
            text = f"{ref.kind}:{ref.location}"
            title = f"combination {ref.location}" if ref.kind is RefKind.COMBO else ""
            model = f"{ref.kind}/{ref.location}"
            return RunModel(model=model, ran=text, title=title, names=(text,))


def _packaged(ref: ModelRef) -> RunModel:
    package = PACKAGED.get(ref.location)
    if package is None:  # one that an older elige had
        return RunModel(model=local_name(ref.location), ran=ref.location)
    ran = f"{ref.location} ({package.file_name})"
    return RunModel(model=package.hub, ran=ran, names=(ref.location,))


def host_of(address: str) -> str:
    """Who serves there: 'openai' of https://api.openai.com/v1, else the host as it is written."""
    parts = urlsplit(address)
    host = parts.hostname or address
    try:
        ip_address(host)
    except ValueError:
        labels = host.split(".")
        if len(labels) > 1:
            return labels[-2]
    return parts.netloc or host


def name_of_path(path: Path) -> str:
    """The key of a folder or GGUF file, as the source `folder` has it where that looks by itself.

    A snapshot in a hub's cache has its repository's name, PUBLISHER/REPO in LM Studio's folder
    that one; anything else is `local/`, its last name and a digest of its path.
    """
    folder = path.parent if path.suffix.lower() == ".gguf" else path
    for part in folder.parts:
        if part.startswith("models--"):
            cached = hub_name(part.removeprefix("models--").replace("--", "/", 1))
            if cached:
                return cached
    for root in local_model_places():
        if folder.is_relative_to(root) and len(folder.relative_to(root).parts) == 2:
            placed = hub_name("/".join(folder.relative_to(root).parts))
            if placed:
                return placed
    return path_name(path)
