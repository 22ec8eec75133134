"""What a GGUF file is built of: its sizes and its tensors, read by a child process.

Nothing is hashed or converted, so it takes the same time for the largest file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any  # metadata values are numbers, texts and lists

from elige.errors import BadInput
from elige.loader.child import run_child
from elige.loader.gguf_header import GgufHeader, Items, read_header

_SECONDS, _MEMORY_BYTES = 60, 2_000_000_000
_EXPERT = re.compile(r"_(?:exps|chexps)\.")
_PART, _MOST_PARTS = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$"), 1000
_TABLE = re.compile(r"^(?:token_embd|per_layer_token_embd|position_embd)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A GGUF file. `sizes` are its architecture's own values, lists for those of each layer.

    `parameters`, `expert_parameters` and `table_parameters` count weights, `weight_bytes` is what
    they take in the file, `kinds` how many weights each quantisation holds. `tied` says that the
    table of tokens serves as the head too.
    """

    architecture: str
    sizes: dict[str, Any]
    vocabulary: int
    parameters: int
    expert_parameters: int
    table_parameters: int
    weight_bytes: int
    kinds: dict[str, int]
    tied: bool


def survey(path: Path, environment: Mapping[str, str]) -> Survey:
    """What the GGUF at `path` is built of; raises `BadInput` for a file that is none or damaged."""
    found = run_child(
        {"task": "survey", "path": str(path)},
        seconds=_SECONDS,
        memory_bytes=_MEMORY_BYTES,
        environment=environment,
        say=lambda _: None,
    )
    return Survey(**found)


def surveyed(path: Path) -> dict[str, Any]:
    """What the child answers: the fields of `Survey`."""
    parts = [read_header(part) for part in _parts(path)]
    tensors = tuple(tensor for part in parts for tensor in part.tensors)
    return facts_of(replace(parts[0], tensors=tensors))


def _parts(path: Path) -> list[Path]:
    """All files of one model, the first one first: llama.cpp numbers those of a split one.

    Raises `BadInput` where one of them is missing.
    """
    found = _PART.search(path.name)
    if found is None or not 1 <= int(found[2]) <= _MOST_PARTS:
        return [path]
    stem, count = path.name[: found.start()], int(found[2])
    parts = [path.with_name(f"{stem}-{at:05}-of-{count:05}.gguf") for at in range(1, count + 1)]
    missing = [part.name for part in parts if not part.is_file()]
    if missing:
        raise BadInput(
            f"{path.name} is one of {count} files, of which {missing[0]} is missing.",
            hint="Finish the download.",
        )
    return parts


def facts_of(header: GgufHeader) -> dict[str, Any]:
    """The fields of `Survey` from a header."""
    from gguf.constants import GGMLQuantizationType

    tokens = header.metadata.get("tokenizer.ggml.tokens")
    kinds: dict[str, int] = {}
    for tensor in header.tensors:
        name = GGMLQuantizationType(tensor.kind).name
        kinds[name] = kinds.get(name, 0) + prod(tensor.shape)
    return {
        "architecture": header.architecture,
        "sizes": _sizes(header),
        "vocabulary": tokens.length if isinstance(tokens, Items) else 0,
        "parameters": header.parameters,
        "expert_parameters": _counted(header, _EXPERT),
        "table_parameters": _counted(header, _TABLE),
        "weight_bytes": sum(tensor.size_bytes for tensor in header.tensors),
        "kinds": kinds,
        "tied": not any(tensor.name.startswith("output.") for tensor in header.tensors),
    }


def _counted(header: GgufHeader, pattern: re.Pattern[str]) -> int:
    return sum(prod(one.shape) for one in header.tensors if pattern.search(one.name))


def _sizes(header: GgufHeader) -> dict[str, Any]:
    prefix = f"{header.architecture}."
    found = {}
    for key, value in header.metadata.items():
        plain = list(value.values) if isinstance(value, Items) else value
        if key.startswith(prefix) and isinstance(plain, (int, float, str, list)):
            found[key.removeprefix(prefix)] = plain
    return found
