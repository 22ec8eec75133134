"""Reads the architecture from wherever a model is described: a file, a folder, a GGUF."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any  # configurations are JSON

from elige.catalog.architecture.build import completed
from elige.catalog.architecture.gguf import read_gguf
from elige.catalog.architecture.packed import stored_as
from elige.catalog.architecture.params import from_params, is_params
from elige.catalog.architecture.read import read_architecture
from elige.catalog.architecture.record import Architecture
from elige.catalog.architecture.stored import counted, with_tensors
from elige.catalog.architecture.unpacked import declared_bits
from elige.errors import BadInput
from elige.loader.folder import weight_files
from elige.loader.headers import read_tensors
from elige.loader.survey import survey
from elige.machine.precision import Precision
from elige.text import one_line

_MOST_BYTES = 50_000_000
_HINT = "Give a config.json, a model folder, a .gguf file or a model's name."


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An architecture, where it was read, and what the weights take there (0: not there).

    `stored` is the precision that the configuration of a quantised model declares.
    """

    architecture: Architecture
    source: str
    stored_bytes: int = 0
    stored: Precision | None = None


def described_file(path: Path, environment: Mapping[str, str] | None = None) -> Described:
    """What the configuration file at `path` describes.

    With an `environment` for a child process, what the reader leaves open is asked of transformers.
    Raises `BadInput` for a file that cannot be read, is no JSON object or describes no model.
    """
    config = read_config(path)
    if is_params(config):
        config = from_params(config, path.name)
    if "peft_type" in config:
        raise _adapter(path.name, config)
    found = read_architecture(config, name=path.name)
    if environment is not None:
        found = completed(found, config, name=path.name, environment=environment)
    stored = stored_as(config, found, name=path.name)
    return Described(architecture=found, source=path.name, stored=stored)


def described_folder(folder: Path, environment: Mapping[str, str] | None = None) -> Described:
    """What the model folder holds: its configuration, and its weights where they are there.

    Raises `BadInput` for a folder without config.json and for damaged files.
    """
    path = folder / "config.json"
    if not path.is_file():
        return _without_config(folder, environment)
    told = described_file(path, environment)
    found = told.architecture
    if not any(folder.glob("*.safetensors")):
        return replace(told, source=str(path))
    tensors = [tensor for shard in weight_files(folder) for tensor in read_tensors(shard)]
    size = counted(tensors, len(found.layers)).size_bytes
    bits = declared_bits(read_config(path))
    stored = told.stored
    if stored is not None and found.parameters:
        stored = replace(stored, bits=8 * size / found.parameters, source="its files' headers")
    return Described(
        architecture=with_tensors(found, tensors, bits=bits),
        source=f"{path} and the headers of its weights",
        stored_bytes=size,
        stored=stored,
    )


def _without_config(folder: Path, environment: Mapping[str, str] | None) -> Described:
    """What another file tells; raises `BadInput` where none does, with what is there instead."""
    params, adapter = folder / "params.json", folder / "adapter_config.json"
    if params.is_file():
        return replace(described_file(params, environment), source=str(params))
    if adapter.is_file():
        raise _adapter(str(folder), read_config(adapter))
    ggufs = sorted(folder.glob("*.gguf"))
    hint = f"Name its GGUF file: {ggufs[0]}" if ggufs else _HINT
    shards = sorted(folder.glob("*.safetensors"))
    if not shards:
        raise BadInput(f"{folder} holds no config.json.", hint=hint)
    tensors = [tensor for shard in shards for tensor in read_tensors(shard)]
    weights = counted(tensors, 0).parameters
    told = "packed weights" if weights is None else f"{weights:,} weights"
    raise BadInput(
        f"{folder} holds {told} and no config.json, so its layers and cache are unknown.",
        hint="Add the config.json of the model's source.",
    )


def _adapter(name: str, config: Mapping[str, Any]) -> BadInput:
    base = config.get("base_model_name_or_path")
    known = isinstance(base, str) and base
    hint = f"elige fit {one_line(base)[:200]}" if known else "Name the model it was made for."
    return BadInput(f"{name} describes an adapter, not a model.", hint=hint)


def described_gguf(path: Path, environment: Mapping[str, str]) -> Described:
    """What the header of the GGUF file says; raises `BadInput` for one that is damaged."""
    found = survey(path, environment)
    return Described(
        architecture=read_gguf(found, name=path.name),
        source=f"the header of {path.name}",
        stored_bytes=found.weight_bytes,
    )


def read_config(path: Path) -> dict[str, Any]:
    """The JSON object in the file at `path`; raises `BadInput` for anything else."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{path.name} is too large for a configuration.", hint=_HINT)
        raw = path.read_bytes()
        text = raw.decode(json.detect_encoding(raw))
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name} is no text, so it is no configuration.", hint=_HINT) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise BadInput(f"{path.name} cannot be read: {why}.", hint=_HINT) from error
    if not text.strip():
        raise BadInput(f"{path.name} is empty.", hint=_HINT)
    config = _parsed(text, path)
    if not isinstance(config, dict):
        kind = "a list" if isinstance(config, list) else "a single value"
        raise BadInput(f"{path.name} holds {kind}, not an object with a model's sizes.", hint=_HINT)
    return config


def _parsed(text: str, path: Path) -> object:
    """JSON; or the model's part of a training configuration in YAML, as OLMo's first ones are."""
    import yaml

    try:
        if path.suffix.lower() not in {".yaml", ".yml"}:
            return json.loads(text)
        content = yaml.safe_load(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path.name} is no JSON: {one_line(error)}.", hint=_HINT) from error
    except yaml.YAMLError as error:
        raise BadInput(f"{path.name} is no YAML: {one_line(error)}.", hint=_HINT) from error
    inner = content.get("model") if isinstance(content, dict) else None
    return {"model_type": "hf_olmo", **inner} if isinstance(inner, dict) else content
