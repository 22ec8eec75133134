"""Weights laid out for the CPU's matrix kernels, once, when a model is loaded.

PyTorch's plain product lays the weights out anew at each call, which costs more than the product
itself while only a few rows are read at a time. oneDNN keeps them in its own layout.
"""

from typing import Any  # models are classes of transformers, one for each architecture

import torch
from torch import Tensor, nn

from elige.engines.torch.network import Network
from elige.engines.torch.pages import MappedWeights
from elige.errors import EligeError

_KINDS = (torch.float32, torch.bfloat16)
# Of the largest logit: far above what another order of summing changes, far below what wrong
# numbers do.
_TOLERANCE = {torch.float32: 1e-3, torch.bfloat16: 0.1}
# Any few tokens will do to compare: a pass of several columns and one of a single one.
_TRIAL = ((1, 3, 2, 0, 3, 1, 2, 0), (2,))


class PackedLinear(nn.Linear):
    """A linear layer with its weights in oneDNN's layout, as `packed`.

    A model that reads the weights itself gets them, and the layer is a plain one from then on.
    """

    packed: Tensor

    def forward(self, input: Tensor) -> Tensor:
        """What nn.Linear gives."""
        if input.numel() == 0:
            return input.new_empty((*input.shape[:-1], self.out_features))
        found: Tensor = torch.ops.mkldnn._linear_pointwise(
            input, self.packed, self.bias, "none", [], ""
        )
        return found

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as nn.Module has it
        """All parameters are asked for here; the weights may be there in packed form alone."""
        if name == "weight" and name not in self._parameters and "packed" in self.__dict__:
            unpack(self)
            return self.weight
        return super().__getattr__(name)


def unpack(layer: nn.Linear) -> None:
    """Make it a plain linear layer again."""
    packed = layer.__dict__.pop("packed")
    layer.__class__ = nn.Linear
    if "weight" not in layer._parameters:
        layer.weight = nn.Parameter(packed.to_dense(), requires_grad=False)


def pack(network: Network) -> bool:
    """Lay out the linear layers of a model on the CPU; True when that was done.

    Weights that only a linear layer uses are given up for the packed ones, so the model takes no
    more memory; those it shares, as with the embedding, are kept beside. Nothing is changed when
    this machine cannot do it, or when the model then gives other numbers.
    """
    layers = [
        layer
        for layer in network.model.modules()
        if type(layer) is nn.Linear and layer.weight.dtype in _KINDS
    ]
    if not (_can_pack(network.device) and layers):
        return False
    kind = layers[0].weight.dtype
    try:
        plain = _trial(network)
        shared, mapped = _shared(network.model), MappedWeights()
        for layer in layers:
            lay_out(layer, mapped, shared=id(layer.weight) in shared)
        good = _alike(plain, _trial(network), kind)
    except (EligeError, RuntimeError, NotImplementedError):
        good = False
    if not good:
        for layer in layers:
            if isinstance(layer, PackedLinear):
                unpack(layer)
    return good


def _can_pack(device: torch.device) -> bool:
    return device.type == "cpu" and hasattr(torch.ops.mkldnn, "_linear_pointwise")


def _shared(model: Any) -> set[int]:  # noqa: ANN401
    """Ids of the parameters that more than one module holds."""
    seen: set[int] = set()
    twice: set[int] = set()
    for module in model.modules():
        for parameter in module._parameters.values():
            if parameter is not None:
                (twice if id(parameter) in seen else seen).add(id(parameter))
    return twice


def lay_out(layer: nn.Linear, mapped: MappedWeights, *, shared: bool) -> None:
    """Give the layer its packed weights; a `shared` parameter is kept beside them."""
    weight = layer.weight
    with torch.inference_mode():
        packed = torch.ops.mkldnn._reorder_linear_weight(weight.detach(), None)
    layer.__class__ = PackedLinear
    layer.__dict__["packed"] = packed
    if not shared:
        mapped.forget(weight)
        del layer._parameters["weight"]


def _trial(network: Network) -> list[Tensor]:
    """Logits of a few tokens."""
    found = []
    for ids in _TRIAL:
        tokens = network.batch([ids], left=True)
        keep = torch.ones_like(tokens.ids, dtype=torch.bool)
        found.append(network.forward(tokens, network.new_cache(), keep))
    return found


def _alike(plain: list[Tensor], packed: list[Tensor], kind: torch.dtype) -> bool:
    return all(
        bool(((a - b).abs() <= _TOLERANCE[kind] * a.abs().max()).all())
        for a, b in zip(plain, packed, strict=True)
    )
