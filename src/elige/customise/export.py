"""Saves a model in the layout that transformers and everything built on it reads."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any  # configurations are JSON

from elige.errors import BadInput
from elige.records import EngineSpec

# Long enough that transformers means "no limit" by it.
_NO_LIMIT = 10**9
_TOKENIZER = ("tokenizer*", "special_tokens_map.json", "added_tokens.json", "vocab.*", "merges.txt")
_KEPT = (*_TOKENIZER, "*.tiktoken", "chat_template*", "generation_config.json", "LICENSE*")


def export(spec: EngineSpec, folder: Path, *, context_length: int | None) -> list[Path]:
    """The files of `spec`'s model in the new folder `folder`, its adapter merged in.

    The tokenizer's files, the chat template and the generation settings are the model's own; the
    context length is written where the tokenizer does not tell it. The folder appears whole or
    not at all. Raises `BadInput` for a folder that is not empty, and what loading raises.
    """
    check_new(folder)
    place = folder.expanduser().absolute()
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as beside:
        built = Path(beside) / place.name
        built.mkdir()
        _write(spec, built, context_length)
        if place.is_dir():
            place.rmdir()  # empty, or it was filled meanwhile and this fails
        built.rename(place)
    return sorted(path for path in place.rglob("*") if path.is_file())


def check_new(folder: Path) -> None:
    """Raises `BadInput` where `folder` holds anything or cannot be made."""
    place = folder.expanduser()
    if place.is_dir() and not any(place.iterdir()):
        return
    if place.exists():
        what = "is not empty" if place.is_dir() else "is a file"
        raise BadInput(
            f"{folder} {what}, and nothing is overwritten.", hint="Name a folder that is new."
        )


def _write(spec: EngineSpec, target: Path, context_length: int | None) -> None:
    from elige.engines.torch.weights import load, quiet

    loaded = load(spec)
    with quiet():
        loaded.model.save_pretrained(target)
        loaded.tokenizer.save_pretrained(target)
    if spec.folder is not None:
        _copy_own(spec.folder, target)
    _tell_length(target / "tokenizer_config.json", context_length)


def _copy_own(source: Path, target: Path) -> None:
    """The model's own files over those that were saved anew."""
    for pattern in _KEPT:
        for path in source.glob(pattern):
            if path.is_file():
                shutil.copyfile(path, target / path.name)


def _tell_length(path: Path, context_length: int | None) -> None:
    said: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if context_length and not 0 < float(said.get("model_max_length") or 0) < _NO_LIMIT:
        said["model_max_length"] = context_length
        path.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", "utf-8")
