"""Bare config.json files: what a model is built of, read from its own description."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from elige.catalog.architecture import Architecture
from elige.catalog.architecture.source import described_file
from elige.catalog.sources.reading import hub_name, said
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place, Value

_SUFFIXES = (".json", ".yaml", ".yml")


class Configs:
    """Reads a config.json, or all below a folder. The file's or folder's name is the model's.

    `org--name.json` and `org/name/config.json` are read as `org/name`.
    """

    name = "configs"
    title = "Configuration files"
    address = ""
    reads_folders = True
    kind = FactKind.DECLARED
    kinds: Mapping[Column, FactKind] = MappingProxyType({})

    def read(self, place: Place) -> Iterator[Entry | Broken]:
        """One entry for each file that describes a model; raises `BadInput` where there is none."""
        if place.path is None or not place.path.exists():
            raise BadInput(
                f"There is no file or folder {place.path or place.address}.",
                hint="Give --from FOLDER with config.json files.",
            )
        for path in _files(place.path):
            model = _model(path, place.path)
            try:
                found = described_file(path).architecture
            except BadInput as error:
                yield Broken(where=str(path), why=str(error))
                continue
            values = architecture_values(found)
            key = str(path.relative_to(place.path)) if place.path.is_dir() else path.name
            yield Entry(source=self.name, key=key, model=model, values=values)


def architecture_values(found: Architecture) -> dict[Column, Value]:
    """The columns that an architecture fills; what it does not tell is left out.

    So is what no model can mean: a file may state sizes whose product no column holds.
    """
    looking = [layer for layer in found.layers if layer.kv_heads]
    values: dict[Column, Value | None] = {
        Column.PARAMETERS: found.parameters,
        Column.ACTIVE_PARAMETERS: found.active_parameters,
        Column.CONTEXT: found.context,
        Column.VOCABULARY: found.vocabulary,
        Column.LAYERS: len(found.layers) or None,
        Column.HIDDEN: found.hidden,
        Column.HEADS: max((layer.heads for layer in looking), default=None),
        Column.KV_HEADS: max((layer.kv_heads for layer in looking), default=None),
        Column.HEAD_DIM: max((layer.head_dim for layer in looking), default=None),
    }
    return said(values)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    yield from sorted(one for one in path.rglob("*") if one.suffix in _SUFFIXES and one.is_file())


def _model(path: Path, root: Path) -> str:
    """The model's name as far as the place of its file tells it."""
    if path.stem != "config":
        name = path.stem.removesuffix("_config").removesuffix(".config")
    elif path.parent.parent != path.parent and path.parent.parent.name and path.parent != root:
        name = f"{path.parent.parent.name}/{path.parent.name}"
    else:
        name = path.parent.name
    return hub_name(name.replace("--", "/", 1)) or path.name
