"""The child process that reads GGUF files: `python -m elige.loader.convert`.

It takes one JSON object on stdin and answers in JSON lines on stdout: `{"step": ...}` as it goes,
then `{"done": ...}` or `{"error": ..., "hint": ...}`.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO  # JSON values; transformers carries no types

from elige.errors import BadInput, EligeError
from elige.loader.gguf_header import GgufHeader, Items, read_header
from elige.text import digest

# Part of every converted model's identity: raise it whenever a conversion would come out different.
CONVERTER = 1
_PROBES = ("Hello world", " 12345  +7\n\tdef f(x):", "¿Qué tal? 日本 🦙", "")
_SIZES = {
    "num_hidden_layers": "block_count",
    "hidden_size": "embedding_length",
    "intermediate_size": "feed_forward_length",
    "num_attention_heads": "attention.head_count",
    "num_key_value_heads": "attention.head_count_kv",
    "head_dim": "attention.key_length",
    "sliding_window": "attention.sliding_window",
}
_DIED_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h


def main() -> None:
    """Do the one job asked for on stdin."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like our lines
    job = json.loads(sys.stdin.read())
    _limit(job)
    try:
        path = Path(job["path"])
        _say(said, {"done": _done(job, path, said)})
    except EligeError as error:
        _say(said, {"error": str(error), "hint": error.hint})
    except MemoryError:
        _say(said, {"error": f"Reading {job['path']} took more memory than it may.", "hint": ""})
    except Exception as error:  # the file is a stranger's: any library may stumble over it
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        hint = "Use the model's safetensors version, or another GGUF of it."
        _say(said, {"error": f"{Path(job['path']).name} cannot be read: {text}", "hint": hint})


def _done(job: dict[str, Any], path: Path, said: TextIO) -> dict[str, Any]:
    if job["task"] == "probe":
        return probe(path)
    if job["task"] == "survey":
        from elige.loader.survey import surveyed

        return surveyed(path)
    if job["task"] == "blueprint":
        from elige.loader.blueprint import built

        return built(job["config"])
    return convert(path, Path(job["target"]), said)


def probe(path: Path) -> dict[str, Any]:
    """What the header of the GGUF at `path` says, as `GgufFacts` wants it."""
    header = read_header(path)
    about = header.metadata
    parts = about.get("split.count", 0)
    if isinstance(parts, int) and parts > 1:
        raise BadInput(
            f"{path.name} is one of {parts} parts of a model.",
            hint="Join them with: llama-gguf-split --merge FIRST_PART WHOLE.gguf",
        )
    return {
        "architecture": header.architecture,
        "name": str(about.get("general.name", "")),
        "licence": str(about.get("general.license", "")),
        "context_length": header.context_length,
        "parameters": header.parameters,
        "tokenizer": digest({"gguf": header.tokenizer, "converter": CONVERTER}),
        "chat_template": header.chat_template,
        "config": _config(header),
    }


def _config(header: GgufHeader) -> dict[str, int]:
    """The sizes that decide a model's memory, under transformers' names."""
    sizes = {name: header.number(key) for name, key in _SIZES.items()}
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    sizes["vocab_size"] = tokens.length if isinstance(tokens, Items) else 0
    return {name: size for name, size in sizes.items() if size > 0}


def convert(path: Path, target: Path, said: TextIO) -> dict[str, Any]:
    """Write the GGUF at `path` to the folder `target` as dense fp32 safetensors with its tokenizer.

    Raises `BadInput` when a tensor is missing or holds no number, or the tokenizer changes on
    its way to the disk.
    """
    _say(said, {"step": "reading the tokenizer"})
    header = read_header(path)
    if not header.tensors or "tokenizer.ggml.tokens" not in header.metadata:
        raise BadInput(
            f"{path.name} holds no {'tokenizer' if header.tensors else 'weights'}.",
            hint="Use a GGUF that holds a whole model.",
        )
    _use_quick_reader()
    notice = _write_tokenizer(path, target, header)
    _say(said, {"step": "unpacking the weights"})
    _write_model(path, target, header)
    return {"converter": CONVERTER, "notice": notice}


def _write_tokenizer(path: Path, target: Path, header: GgufHeader) -> str:
    from elige.engines.torch.weights import converted_tokenizer
    from elige.loader.gguf_tokenizer import read_tokenizer

    tokenizer, notice = read_tokenizer(path, header.metadata)
    if header.context_length is not None:
        tokenizer.model_max_length = header.context_length
    tokenizer.save_pretrained(str(target))
    _close_up(target / "tokenizer.json")
    again = converted_tokenizer(target)
    for text in _PROBES:
        if tokenizer(text).input_ids != again(text).input_ids:
            raise BadInput(
                f"The tokenizer of {path.name} cannot be kept: {text!r} came back different.",
                hint="Use the model's safetensors version.",
            )
    return notice


def _close_up(path: Path) -> None:
    """Take out the spare space: Gemma's 33 MB become 14, and it loads a second sooner."""
    if path.is_file():
        whole = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _write_model(path: Path, target: Path, header: GgufHeader) -> None:
    import torch
    from transformers import AutoModelForCausalLM, GgufConfig

    loaded: Any = AutoModelForCausalLM.from_pretrained(
        str(path.parent),
        gguf_file=path.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.float32,
        output_loading_info=True,
    )
    model, report = loaded
    missing = sorted([*report.get("missing_keys", ()), *report.get("mismatched_keys", ())], key=str)
    if missing:
        raise BadInput(
            f"{path.name} lacks weights that its architecture wants: {missing[0]} "
            f"and {len(missing) - 1} more.",
            hint="Download the file again, or use another one.",
        )
    _check_numbers(path, model)
    if header.context_length is not None:
        model.config.get_text_config().max_position_embeddings = header.context_length
    model.save_pretrained(str(target))


def _check_numbers(path: Path, model: Any) -> None:  # noqa: ANN401 - transformers has no types
    for name, weights in model.named_parameters():
        if not bool(weights.detach().sum().isfinite()):
            raise BadInput(
                f"{path.name} holds infinite or missing numbers in {name}.",
                hint="Download the file again, or use another one.",
            )


def _use_quick_reader() -> None:
    gguf: Any = import_module("gguf")

    from elige.loader.gguf_reader import QuickReader

    gguf.GGUFReader = QuickReader


def _limit(job: dict[str, Any]) -> None:
    """Bound this process before it looks at the file, and tie its life to its parent's."""
    seconds = int(job["seconds"])
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: seconds * (os.cpu_count() or 1),
        resource.RLIMIT_DATA: int(job["memory_bytes"]),
    }
    for what, most in limits.items():
        with contextlib.suppress(OSError, ValueError):  # a system without this limit
            hard = resource.getrlimit(what)[1]
            bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (bounded, bounded))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DIED_WITH_PARENT, signal.SIGKILL)


def _say(stream: TextIO, line: dict[str, Any]) -> None:
    stream.write(json.dumps(line) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
