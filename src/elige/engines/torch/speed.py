"""Measures how fast this machine runs models: the numbers that estimates are made of.

All of it is done as the engine does it: weights in the layout of its kernels, small models of
transformers through the same network.
"""

from collections.abc import Callable
from contextlib import suppress
from statistics import median
from time import perf_counter
from typing import Any  # models are classes of transformers

import torch
from torch import nn

from elige.engines.torch.network import Limits, Network, Tokens
from elige.engines.torch.packing import lay_out, pack
from elige.engines.torch.pages import MappedWeights
from elige.engines.torch.weights import PRECISIONS, quiet

_WIDE, _ROWS = 6144, 512
_SMALL = 128
_FEW, _MANY = 2, 10
_LIMITS = Limits(forward=4096, cached=1_000_000, logits=4096)


def measure(
    threads: int, *, hidden: int, tokens: int, say: Callable[[str], None] = lambda _: None
) -> dict[str, float]:
    """Rates and times by name and precision, `read.fp32` and so on.

    `bandwidth` is bytes a second that a sum reads, `read` those that a product of one row reads of
    its weights, `operations` what a product of many rows does a second. In seconds: `norm` is one
    norm of one token, `layer` a layer of width `hidden` (half as many KV heads, three times as
    wide inside) that reads `tokens`, `token` the same layer that writes one token after them.
    """
    torch.set_num_threads(max(1, min(threads, torch.get_num_threads())))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    say("measuring the memory")
    found = {"bandwidth": _bandwidth(device)}
    for name, dtype in PRECISIONS.items():
        say(f"measuring products and layers in {name}")
        with torch.inference_mode(), quiet():
            read, operations = _products(dtype, device)
            found |= {
                f"read.{name}": read,
                f"operations.{name}": operations,
                f"token.{name}": _token_seconds(dtype, device, (hidden, tokens)),
                f"norm.{name}": _norm_seconds(dtype, device),
                f"layer.{name}": _layer_seconds(dtype, device, (hidden, tokens)),
            }
    return found


def _bandwidth(device: torch.device) -> float:
    block = torch.ones(64_000_000, device=device)
    return 4 * block.numel() / _best(lambda: block.sum(), device, turns=5)


def _products(dtype: torch.dtype, device: torch.device) -> tuple[float, float]:
    """Bytes a second read by a product of one row, operations a second of many rows."""
    layer = nn.Linear(_WIDE, _WIDE, bias=False, dtype=dtype, device=device)
    size, operations = layer.weight.numel() * layer.weight.element_size(), 2 * layer.weight.numel()
    if device.type == "cpu":
        with suppress(RuntimeError, NotImplementedError, AttributeError):  # then it stays plain
            lay_out(layer, MappedWeights(), shared=False)
    one = torch.ones(1, _WIDE, dtype=dtype, device=device)
    many = torch.ones(_ROWS, _WIDE, dtype=dtype, device=device)
    read = size / _best(lambda: layer(one), device, turns=12)
    return read, operations * _ROWS / _best(lambda: layer(many), device, turns=3)


def _token_seconds(dtype: torch.dtype, device: torch.device, probe: tuple[int, int]) -> float:
    """Seconds of a layer of middle size that writes one token after a text."""
    hidden, before = probe
    times = []
    for layers in (_FEW, _MANY):
        network = _network(dtype, device, layers=layers, hidden=hidden)
        cache = network.new_cache()
        network.last(network.batch([[1] * before], left=True), cache, _LIMITS)
        mask = torch.ones(1, before, dtype=torch.long, device=device)
        spent = []
        for _ in range(24):
            start = perf_counter()
            tokens = network.batch([[1]], left=True, before=mask)
            network.last(tokens, cache, _LIMITS)
            _wait(device)
            spent.append(perf_counter() - start)
            mask = tokens.mask
        times.append(median(spent[4:]))
    return max((times[1] - times[0]) / (_MANY - _FEW), 1e-6)


def _layer_seconds(dtype: torch.dtype, device: torch.device, probe: tuple[int, int]) -> float:
    """Seconds of a layer of middle size that reads a text."""
    hidden, tokens = probe
    times = []
    for layers in (_FEW, _FEW + 4):
        network = _network(dtype, device, layers=layers, hidden=hidden)
        text = network.batch([[1] * tokens], left=True)
        times.append(_best(_reading(network, text), device, turns=4))
    return max((times[1] - times[0]) / 4, 1e-6)


def _reading(network: Network, text: Tokens) -> Callable[[], object]:
    return lambda: network.last(text, network.new_cache(), _LIMITS)


def _norm_seconds(dtype: torch.dtype, device: torch.device) -> float:
    from transformers.models.llama.modeling_llama import LlamaRMSNorm

    norm: Any = LlamaRMSNorm(_SMALL).to(device=device, dtype=dtype)
    row = torch.ones(1, 1, _SMALL, dtype=dtype, device=device)

    def twenty() -> None:
        for _ in range(20):
            norm(row)

    return _best(twenty, device, turns=5) / 20


def _network(dtype: torch.dtype, device: torch.device, *, layers: int, hidden: int) -> Network:
    """A Llama with random weights, laid out as the engine lays them out."""
    from transformers import LlamaConfig, LlamaForCausalLM

    heads = max(2, hidden // 64)
    config: Any = LlamaConfig(
        hidden_size=hidden,
        intermediate_size=3 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads // 2,
        vocab_size=64,
        tie_word_embeddings=False,
    )
    model: Any = LlamaForCausalLM(config)
    network = Network(model.to(device=device, dtype=dtype).eval(), device)
    pack(network)
    return network


def _best(work: Callable[[], object], device: torch.device, *, turns: int) -> float:
    """The shortest of several turns, in seconds: other programs only ever make it longer."""
    spent = []
    for _ in range(turns + 1):
        start = perf_counter()
        work()
        _wait(device)
        spent.append(perf_counter() - start)
    return max(min(spent[1:]), 1e-9)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
