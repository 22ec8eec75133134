"""What a loaded model is: its size, its context, and what its memory of a token weighs."""

from dataclasses import replace
from importlib.metadata import version
from typing import Any  # configurations and models come in many classes

import torch

from elige.engines.torch.network import Limits, Network, finite
from elige.engines.torch.tokenise import Tokeniser
from elige.engines.torch.weights import Loaded
from elige.records import EngineInfo, EngineSpec

# What architectures call the number of positions, the usual name first.
_POSITIONS = (
    *("max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len"),
    *("seq_length", "n_ctx", "context_length"),
)
# Keys and values held on a CPU; a few hundred short questions of a 1B model.
_CPU_CACHE_BYTES = 2_000_000_000
_CPU_LOGIT_BYTES = 500_000_000
_CUDA_LOGIT_BYTES = 2_000_000_000


def context_length(config: Any, tokeniser: Tokeniser) -> int | None:  # noqa: ANN401
    """Tokens the model can read: as its configuration says, else its tokenizer."""
    text = config.get_text_config(decoder=True)
    for name in _POSITIONS:
        found = getattr(text, name, None)
        if isinstance(found, int) and found > 0:
            return found
    return tokeniser.longest


def probe(network: Network, tokeniser: Tokeniser) -> int:
    """Bytes that the model remembers of one token, found by reading two.

    Raises `EngineRefused` when the weights give no numbers. State-space layers remember the
    same whatever was read, so they count nothing.
    """
    ids = [*tokeniser.start[:1], 0, 0][:2]
    tokens = network.batch([ids], left=True)
    cache = network.new_cache()
    finite(network.last(tokens, cache, Limits(forward=2, cached=2, logits=1)))
    held = 0
    for layer in getattr(cache, "layers", []):
        for part in (getattr(layer, "keys", None), getattr(layer, "values", None)):
            held += part.numel() * part.element_size() if part is not None else 0
    return held // len(ids)


def limits(network: Network, kv_bytes: int, vocabulary: int) -> Limits:
    """How much to hand the model at once: 4,096 tokens a pass on a CPU, 16,384 on CUDA.

    Keys and values may take 2 GB on a CPU and two fifths of the free memory on CUDA (copies
    are made while they grow), logits in fp32 half a GB and 2 GB.
    """
    on_cuda = network.device.type == "cuda"
    held = _CPU_CACHE_BYTES
    if on_cuda:
        held = torch.cuda.mem_get_info(network.device)[0] * 2 // 5
    projected = _CUDA_LOGIT_BYTES if on_cuda else _CPU_LOGIT_BYTES
    return Limits(
        forward=16_384 if on_cuda else 4_096,
        cached=max(1, held // max(kv_bytes, 1_000)),
        logits=max(1, projected // (4 * vocabulary)),
    )


def info(spec: EngineSpec, loaded: Loaded, tokeniser: Tokeniser, kv_bytes: int) -> EngineInfo:
    """All that the engine says of itself; gaps in the identity handed over are filled."""
    weights = list(loaded.model.parameters())
    config = loaded.model.config
    versions = f"transformers {version('transformers')}, torch {version('torch')}"
    identity = replace(
        spec.identity,
        precision=loaded.precision,
        template=spec.identity.template or tokeniser.template_hash,
        engine=spec.identity.engine or "torch",
        engine_version=spec.identity.engine_version or versions,
    )
    return EngineInfo(
        identity=identity,
        context_length=context_length(config, tokeniser),
        device=_device_name(loaded.device),
        has_template=bool(tokeniser.template),
        parameters=sum(weight.numel() for weight in weights),
        weight_bytes=sum(weight.numel() * weight.element_size() for weight in weights),
        kv_bytes_per_token=kv_bytes,
        kernel=str(getattr(config, "_attn_implementation", "") or ""),
        concurrency=256 if loaded.device.type == "cuda" else 64,
    )


def _device_name(device: torch.device) -> str:
    return f"cuda ({torch.cuda.get_device_name(device)})" if device.type == "cuda" else "cpu"
