"""Model folders in Hugging Face layout: checked, hashed and measured without loading a weight."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # configurations are JSON

from elige.errors import BadInput, NotAllowed
from elige.loader.digests import DigestCache, digest_of
from elige.loader.headers import read_tensors
from elige.loader.reference import PICKLES
from elige.text import digest

_INDEX, _SINGLE = "model.safetensors.index.json", "model.safetensors"
_TOKENIZER = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "tekken.json",
)
_FULL = frozenset({"F32", "F64"})
_LIMITS = ("max_position_embeddings", "n_positions", "max_sequence_length", "seq_length")


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderFacts:
    """What a model folder holds. `weights`, `tokenizer` and `template` are hashes ('' for none).

    `parameters` is None for weights stored packed, whose number the headers do not tell.
    """

    folder: Path
    config: dict[str, Any]
    weights: str
    tokenizer: str
    template: str
    context_length: int | None
    parameters: int | None
    stored_bytes: int
    half: bool
    notices: tuple[str, ...] = ()


def read_folder(folder: Path, digests: DigestCache) -> FolderFacts:
    """What the model folder holds, after every check that needs no weights loaded.

    Raises `BadInput` for what is missing, cut short or no JSON, and `NotAllowed` for pickle
    weights and for code of the model's own.
    """
    config = read_json(folder / "config.json", _no_config(folder))
    shards = weight_files(folder)
    notices = [*_ignored_pickles(folder), *_own_code(folder, config)]
    counted, stored, half = 0, 0, False
    for shard in shards:
        for tensor in read_tensors(shard):
            counted += tensor.count
            stored += tensor.size_bytes
            half = half or tensor.kind not in _FULL
    hashes = [digest_of(shard, digests) for shard in shards]
    packed = "quantization_config" in config
    return FolderFacts(
        folder=folder,
        config=config,
        weights=digest({"safetensors": hashes, "config": config}),
        tokenizer=_tokenizer_hash(folder, digests),
        template=template_hash(chat_template(folder)),
        context_length=context_length(config),
        parameters=None if packed else counted,
        stored_bytes=stored,
        half=half,
        notices=tuple(notices),
    )


def template_hash(template: str) -> str:
    """The hash by which a chat template is known; '' for none."""
    text = template.encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest() if template else ""


def chat_template(folder: Path) -> str:
    """The default chat template of the model in `folder`, '' when it has none."""
    plain = folder / "chat_template.jinja"
    if plain.is_file():
        return plain.read_text("utf-8", "replace")
    for name in ("chat_template.json", "tokenizer_config.json"):
        path = folder / name
        if path.is_file():
            found = read_json(path, BadInput(f"{path} is missing.")).get("chat_template")
            if isinstance(found, list):  # several, by name
                named = {item.get("name"): item.get("template") for item in found}
                found = named.get("default") or next(iter(named.values()), "")
            if found:
                return str(found)
    return ""


def context_length(config: dict[str, Any]) -> int | None:
    """Tokens of context that the configuration declares, None when it does not."""
    inner = config.get("text_config")
    for place in (inner if isinstance(inner, dict) else {}, config):
        for name in _LIMITS:
            value = place.get(name)
            if isinstance(value, int) and value > 0:
                return value
    return None


def read_json(path: Path, missing: BadInput) -> dict[str, Any]:
    """The object in the JSON file at `path`; raises `missing`, or `BadInput` for other content."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise missing from error
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(
            f"{path} is no valid JSON: {error}.", hint="Download the file again."
        ) from error
    if not isinstance(content, dict):
        raise BadInput(f"{path} holds no JSON object.", hint="Download the file again.")
    return content


def _no_config(folder: Path) -> BadInput:
    if (folder / "adapter_config.json").is_file():
        return BadInput(
            f"{folder} holds an adapter, not a model.",
            hint=f"Use it as REF,adapter={folder} with the model that it was made for.",
        )
    ggufs = sorted(folder.glob("*.gguf"))
    if ggufs:
        return BadInput(
            f"{folder} holds GGUF files, no Hugging Face model.", hint=f"Name one: {ggufs[0]}"
        )
    return BadInput(
        f"{folder} is no model folder: it holds no config.json.",
        hint="Give a folder with config.json, the tokenizer and *.safetensors.",
    )


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a model folder, in the order of their names.

    Raises `BadInput` when there are none or one is missing, `NotAllowed` when all are pickles.
    """
    index = folder / _INDEX
    if index.is_file():
        table = read_json(index, BadInput(f"{index} is missing.")).get("weight_map")
        names = sorted({str(name) for name in table.values()}) if isinstance(table, dict) else []
        if not names or any(Path(name).name != name for name in names):
            raise BadInput(f"{index} names no shards.", hint="Download the file again.")
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            raise BadInput(
                f"{folder} lacks {missing[0]}, one of its {len(names)} weight files.",
                hint="Finish the download.",
            )
        return [folder / name for name in names]
    if (folder / _SINGLE).is_file():
        return [folder / _SINGLE]
    raise _no_weights(folder)


def _no_weights(folder: Path) -> BadInput | NotAllowed:
    pickles = _pickles(folder)
    if pickles:
        return NotAllowed(
            f"{folder} holds its weights only as pickle ({', '.join(pickles[:3])}), "
            "which can run any code when it is read.",
            hint="Use a version of the model with safetensors, or convert it where you trust it.",
        )
    others = sorted(path.name for path in folder.glob("*.safetensors"))
    seen = f" ({others[0]} is neither)" if others else ""
    return BadInput(
        f"{folder} holds no weights: no {_SINGLE} and no {_INDEX}{seen}.",
        hint="Finish the download, or give another folder.",
    )


def _pickles(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix.lower() in PICKLES)


def _ignored_pickles(folder: Path) -> list[str]:
    names = [name for name in _pickles(folder) if name != "training_args.bin"]
    return (
        [f"Ignored pickle files beside the safetensors: {', '.join(names[:3])}."] if names else []
    )


def _own_code(folder: Path, config: dict[str, Any]) -> list[str]:
    """A notice when the folder brings code that is not needed; refuses it where it is."""
    if "auto_map" not in config:
        return []
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    kind = str(config.get("model_type", ""))
    if kind in CONFIG_MAPPING:
        return [f"{folder.name} brings code of its own; transformers' own {kind} is used instead."]
    raise NotAllowed(
        f"{folder.name} (model type {kind!r}) runs only with code of its own, "
        "and remote code is off.",
        hint="Choose a model whose architecture transformers knows.",
    )


def _tokenizer_hash(folder: Path, digests: DigestCache) -> str:
    found = {
        name: digest_of(folder / name, digests)
        for name in _TOKENIZER
        if os.path.lexists(folder / name)
    }
    if not found:
        raise BadInput(
            f"{folder} holds no tokenizer (tokenizer.json or tokenizer.model).",
            hint="Copy the tokenizer files of the model into the folder.",
        )
    return digest(found)
