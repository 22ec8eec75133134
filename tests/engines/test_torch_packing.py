from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from engines.tiny import spec
from torch import nn

from elige.engines.torch import TorchEngine, packing
from elige.engines.torch.network import Network
from elige.engines.torch.packing import PackedLinear, pack, unpack
from elige.engines.torch.pages import MappedWeights
from elige.engines.torch.weights import load
from elige.errors import EligeError

Folder = Callable[[str], Path]
IDS = torch.tensor([[1, 5, 9, 30, 2]])


@pytest.fixture
def network(tiny_folder: Folder) -> Network:
    loaded = load(spec(tiny_folder("llama")))
    return Network(loaded.model, loaded.device)


def linears(network: Network) -> list[nn.Linear]:
    return [layer for layer in network.model.modules() if isinstance(layer, nn.Linear)]


@torch.inference_mode()
def logits(network: Network) -> torch.Tensor:
    found: torch.Tensor = network.model(IDS).logits
    return found


def test_packed_layers_give_the_numbers_of_plain_ones(network: Network) -> None:
    plain = logits(network)
    assert pack(network)
    assert {type(layer) for layer in linears(network)} == {PackedLinear}
    assert torch.allclose(logits(network), plain, atol=1e-4)


def test_packed_weights_take_the_place_of_plain_ones(network: Network) -> None:
    pack(network)
    assert [layer for layer in linears(network) if "weight" in layer._parameters] == []


def test_weights_that_the_embedding_uses_stay(network: Network) -> None:
    model: Any = network.model
    model.lm_head.weight = model.model.embed_tokens.weight
    assert pack(network)
    assert model.lm_head.weight is model.model.embed_tokens.weight
    assert type(model.lm_head) is PackedLinear


def test_a_model_that_reads_weights_itself_gets_them(network: Network) -> None:
    layer = network.model.model.layers[0].mlp.up_proj
    weight = layer.weight.clone()
    pack(network)
    assert torch.equal(layer.weight, weight)
    assert type(layer) is nn.Linear


def test_nothing_is_packed_when_the_numbers_change(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = logits(network)
    forward = PackedLinear.forward
    monkeypatch.setattr(PackedLinear, "forward", lambda layer, x: forward(layer, x) * 1.1)
    assert not pack(network)
    assert {type(layer) for layer in linears(network)} == {nn.Linear}
    assert torch.equal(logits(network), plain)


def test_nothing_is_packed_where_the_kernel_is_missing(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "_can_pack", lambda device: False)
    assert not pack(network)
    assert {type(layer) for layer in linears(network)} == {nn.Linear}


def test_a_model_that_fails_on_the_trial_stays_as_it_was(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EligeError("no")

    monkeypatch.setattr(network, "forward", fail)
    assert not pack(network)
    assert {type(layer) for layer in linears(network)} == {nn.Linear}


def test_a_packed_layer_takes_no_rows(network: Network) -> None:
    pack(network)
    layer = linears(network)[0]
    assert layer(torch.zeros(0, layer.in_features)).shape == (0, layer.out_features)


def test_unpacking_brings_the_same_weights_back() -> None:
    layer = nn.Linear(7, 5)
    plain = layer.weight.clone()
    packing.lay_out(layer, MappedWeights(), shared=False)
    unpack(layer)
    assert torch.equal(layer.weight, plain)


def test_the_engine_counts_all_parameters_of_a_packed_model(tiny_folder: Folder) -> None:
    engine = TorchEngine(spec(tiny_folder("llama")))
    plain = load(spec(tiny_folder("llama"))).model
    assert engine.describe().parameters == sum(p.numel() for p in plain.parameters())
