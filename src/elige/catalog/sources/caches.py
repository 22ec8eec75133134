"""Where models lie on a machine: plain folders, the hub's cache, Ollama's store, LM Studio's."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from elige.catalog.sources.reading import hub_name
from elige.records import Broken
from elige.text import digest

_DEEPEST = 6
_MOST_FOLDERS = 20_000
_LONGEST = 4_000_000
_LONGEST_NAME, _PATH_DIGITS = 180, 6
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_LATER_PART = re.compile(r"-(?!0*1-)\d+-of-\d+\.gguf$", re.IGNORECASE)
_OLLAMA = "application/vnd.ollama.image."


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A model's folder or GGUF file. Its links may lead anywhere below `bound`, not beyond.

    `config` and `licences` are the files in which an Ollama store describes it.
    """

    model: str
    path: Path
    bound: Path
    names: tuple[str, ...] = ()
    config: Path | None = None
    licences: tuple[Path, ...] = ()


def models_at(root: Path) -> Iterator[Found | Broken]:
    """Every model below `root`, in the order of their paths; links to folders are not followed."""
    root = root.absolute()
    repository = root.parent.parent
    if root.parent.name == "snapshots" and repository.name.startswith("models--"):
        yield from _weights(root, repository, _cached_name(repository))
        return
    seen = 0
    for base, folders, files in os.walk(root):
        folder, seen = Path(base), seen + 1
        if seen > _MOST_FOLDERS:
            yield Broken(where=str(root), why=f"it holds more than {_MOST_FOLDERS:,} folders")
            return
        stop = len(folder.relative_to(root).parts) >= _DEEPEST
        if folder.name.startswith("models--"):
            stop = True
            yield from _cached(folder)
        elif {"manifests", "blobs"} <= set(folders):
            stop = True
            yield from _ollama(folder)
        elif "config.json" in files or any(one.lower().endswith(".gguf") for one in files):
            stop = stop or "config.json" in files
            yield from _weights(folder, root, _placed_name(folder, root))
        folders[:] = [] if stop else sorted(one for one in folders if _is_looked_into(one))


def inside(path: Path, bound: Path) -> bool:
    """Whether `path` is, links followed, a plain file below `bound`."""
    try:
        real = path.resolve(strict=True)
        return real.is_file() and real.is_relative_to(bound.resolve())
    except (OSError, RuntimeError):
        return False


def words_of(path: Path, bound: Path) -> str:
    """The text of a small file below `bound`; '' for anything else."""
    try:
        if not inside(path, bound) or path.stat().st_size > _LONGEST:
            return ""
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def local_name(name: str) -> str:
    """The key of a model of which only a name on this machine is known."""
    return hub_name("local/" + (re.sub(r"[^\w.\-+]+", "-", name)[:200].strip("-") or "model"))


def path_name(path: Path) -> str:
    """The key of a model of which only its place on this machine is known.

    Its last name alone would make one model of two folders called alike (`run1/final`,
    `run2/final`), so a digest of the whole path follows.
    """
    last = path.stem if path.suffix.lower() == ".gguf" else path.name
    mark = digest(os.path.normpath(path.absolute()))[:_PATH_DIGITS]
    return local_name(f"{last[:_LONGEST_NAME]}-{mark}")


def _is_looked_into(name: str) -> bool:
    return not name.startswith((".", "datasets--", "spaces--"))


def _placed_name(folder: Path, root: Path) -> str:
    """`PUBLISHER/REPO` for a folder two below the root, as LM Studio keeps them."""
    parts = folder.relative_to(root).parts
    return hub_name("/".join(parts)) if len(parts) == 2 else ""


def _weights(folder: Path, bound: Path, model: str) -> Iterator[Found | Broken]:
    """The model folder; or each GGUF file in a folder without a configuration."""
    if (folder / "config.json").exists() or (folder / "config.json").is_symlink():
        yield Found(model=model or path_name(folder), path=folder, bound=bound)
        return
    files = sorted(one for one in folder.iterdir() if one.suffix.lower() == ".gguf")
    if not files:
        yield Broken(where=str(folder), why="it holds neither a config.json nor a GGUF file")
    for path in files:
        if not _LATER_PART.search(path.name):
            yield Found(model=model or path_name(path), path=path, bound=bound)


def _cached_name(repository: Path) -> str:
    return hub_name(repository.name.removeprefix("models--").replace("--", "/", 1))


def _cached(repository: Path) -> Iterator[Found | Broken]:
    """The revision that `refs/main` names, or the only one there is."""
    snapshots = repository / "snapshots"
    main = words_of(repository / "refs" / "main", repository).strip()
    try:
        there = sorted(one.name for one in snapshots.iterdir() if one.is_dir())
    except OSError:
        there = []
    chosen = main if main in there else there[0] if len(there) == 1 and not main else ""
    if not chosen:
        why = f"its revision {main[:60]!r} is not there" if main else "it has no one revision"
        yield Broken(where=str(repository), why=why)
        return
    yield from _weights(snapshots / chosen, repository, _cached_name(repository))


def _ollama(store: Path) -> Iterator[Found | Broken]:
    manifests = store / "manifests"
    for path in sorted(manifests.rglob("*")):
        parts = path.relative_to(manifests).parts
        if len(parts) < 3 or path.name.startswith(".") or path.is_dir():
            continue
        try:
            yield _manifest(path, parts, store)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield Broken(where=str(path), why="it is no manifest of an Ollama model")


def _manifest(path: Path, parts: tuple[str, ...], store: Path) -> Found:
    """One manifest: HOST/NAMESPACE/NAME/TAG below `manifests`; raises `ValueError` and the like."""
    content = json.loads(words_of(path, store))
    layers = [(one["mediaType"], _blob(one["digest"], store)) for one in content["layers"]]
    (weights, *_) = [blob for kind, blob in layers if kind == f"{_OLLAMA}model"]
    host, *name, tag = parts
    spoken = "/".join(name).removeprefix("library/")
    from_hub = host in {"hf.co", "huggingface.co"}
    return Found(
        model=(hub_name("/".join(name)) if from_hub else "") or local_name(f"{spoken}-{tag}"),
        path=weights,
        bound=store,
        names=(f"{host}/{spoken}:{tag}" if from_hub else f"{spoken}:{tag}",),
        config=_blob(content["config"]["digest"], store),
        licences=tuple(blob for kind, blob in layers if kind == f"{_OLLAMA}license"),
    )


def _blob(digest: str, store: Path) -> Path:
    found = _DIGEST.fullmatch(digest)
    if found is None:
        raise ValueError(digest)
    return store / "blobs" / f"sha256-{found[1]}"
