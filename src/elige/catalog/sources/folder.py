"""Models that lie on this machine: what their files say of them, nothing loaded or run."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from elige.catalog.architecture.source import (
    Described,
    described_folder,
    described_gguf,
    read_config,
)
from elige.catalog.sources.caches import Found, inside, models_at, path_name, words_of
from elige.catalog.sources.configs import architecture_values
from elige.catalog.sources.reading import text
from elige.config import bare_environment, local_model_places
from elige.errors import BadInput
from elige.loader.licence import card_licence
from elige.records import Broken, Column, Entry, FactKind, Origin, Place, Value

_FORMATS = {".safetensors": "safetensors", ".gguf": "gguf", ".onnx": "onnx", ".bin": "pytorch"}
_LICENCES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "COPYING")
_MOST_FILES = 10_000
_MOST_INDEX = 50_000_000


class LocalModels:
    """Reads model folders, GGUF files, the hub's cache, Ollama's store and LM Studio's folder.

    Without a path, the places where these programs keep them are looked at.
    """

    name = "folder"
    title = "Models on this machine"
    address = ""
    is_here = True
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = MappingProxyType(
        {Column.PATH: FactKind.MEASURED, Column.SIZE_BYTES: FactKind.MEASURED}
    )

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """One entry for each model; raises `BadInput` where there is none to be looked at."""
        if place.path is None:
            places = [path for path in local_model_places() if path.is_dir()]
            if not places:
                raise BadInput(
                    "None of the usual places of models is on this machine.",
                    hint="Name a folder: elige models sync folder --from FOLDER",
                )
            for path in places:
                yield from map(self._entry, models_at(path))
            return
        count = 0
        for found in _at(place.path):
            count += 1
            yield self._entry(found)
        if not count:
            raise BadInput(
                f"{place.path} holds no model.",
                hint="Name a model folder, a .gguf file, or a folder that holds some.",
            )

    def _entry(self, found: Found | Broken) -> Entry | Broken:
        if isinstance(found, Broken):
            return found
        try:
            described, values = _described(found)
            values |= _licence(found)
        except (BadInput, OSError, RecursionError) as error:
            return Broken(where=str(found.path), why=str(error))
        origins = {}
        if described.stored_bytes and not _is_packed(described):
            counted = Origin(source=self.name, kind=FactKind.MEASURED)
            origins = {Column.PARAMETERS: counted} if Column.PARAMETERS in values else {}
        return Entry(
            source=self.name,
            key=f"{found.path}:{found.names[0]}" if found.names else str(found.path),
            model=found.model,
            values={column: value for column, value in values.items() if value not in ("", ())},
            names=found.names,
            origins=origins,
        )


def _at(path: Path) -> Iterator[Found | Broken]:
    if path.is_dir():
        yield from models_at(path)
    elif path.is_file() and path.suffix.lower() == ".gguf":
        path = path.absolute()
        yield Found(model=path_name(path), path=path, bound=path.resolve().parent)
    else:
        raise BadInput(
            f"{path} is neither a folder nor a .gguf file.", hint="Name a model's folder or file."
        )


def _described(found: Found) -> tuple[Described, dict[Column, Value]]:
    """What the model's own files say; raises `BadInput` for files that lead out or are damaged."""
    path = found.path
    if found.config is not None or not path.is_dir():
        if not inside(path, found.bound):
            raise BadInput(f"{path.name} is not there, or a link that leads outside.", hint="")
        described = described_gguf(path, bare_environment())
        values = architecture_values(described.architecture)
        values |= {Column.SIZE_BYTES: path.stat().st_size, Column.FORMATS: ("gguf",)}
    else:
        files = _files(found)
        described = described_folder(path)
        values = architecture_values(described.architecture)
        values[Column.SIZE_BYTES] = sum(one.stat().st_size for one in files)
        suffixes = {one.suffix.lower() for one in files}
        values[Column.FORMATS] = tuple(_FORMATS[one] for one in _FORMATS if one in suffixes)
        values[Column.ARCHITECTURE] = text(read_config(path / "config.json").get("model_type"))
    values[Column.PATH] = str(path)
    return described, values | _ollama_values(found)


def _files(found: Found) -> list[Path]:
    """The folder's files; raises `BadInput` where one that would be read leads out of bounds."""
    files = []
    for number, path in enumerate(sorted(found.path.iterdir())):
        if number >= _MOST_FILES:
            raise BadInput(f"It holds more than {_MOST_FILES:,} files.", hint="")
        if path.is_dir():
            continue
        if inside(path, found.bound):
            files.append(path)
        elif path.suffix in {".json", ".safetensors", ".gguf"}:
            raise BadInput(f"{path.name} is no file, or a link that leads outside.", hint="")
        if path.name.endswith(".index.json") and path.stat().st_size > _MOST_INDEX:
            raise BadInput(f"{path.name} is too large for an index.", hint="")
    return files


def _is_packed(described: Described) -> bool:
    return any("packed" in note for note in described.architecture.notes)


def _licence(found: Found) -> dict[Column, Value]:
    """The licence that the card names, else the one whose text lies beside the weights."""
    folder = found.path if found.path.is_dir() else found.path.parent
    texts = found.licences
    if found.config is None:
        named = text(card_licence(words_of(folder / "README.md", found.bound)))
        if named:
            return {Column.LICENCE: named}
        texts = tuple(folder / name for name in _LICENCES)
    from elige.catalog.licence_text import recognise

    for path in texts:
        words = words_of(path, found.bound)
        licence = recognise(words).licence if words.strip() else None
        if licence is not None and licence.is_known:
            return {Column.LICENCE: licence.key}
    return {}


def _ollama_values(found: Found) -> dict[Column, Value]:
    """Family, size and quantisation as an Ollama store has them."""
    if found.config is None:
        return {}
    try:
        content = json.loads(words_of(found.config, found.bound))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    tags = (text(content.get("model_type")), text(content.get("file_type")))
    return {
        Column.FAMILY: text(content.get("model_family")),
        Column.TAGS: tuple(one for one in tags if one),
    }
