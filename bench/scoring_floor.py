"""The time of the matrix products alone: those that a scoring call asks for, at its shapes."""

import threading
from collections.abc import Callable
from time import perf_counter
from typing import Any  # engines and modules

import torch
from torch import Tensor

from elige.engines.torch import attention, kernels
from elige.engines.torch.lanes import Lanes

Product = tuple[str, tuple[int, ...], Any]


class Floor:
    """Records the products of one call and does them again, alone."""

    def __init__(self, engine: Any) -> None:  # noqa: ANN401 - a torch engine
        self._engine = engine
        self._tree = engine._scorer._tree
        self._model = engine._network.model
        self._passes: list[list[Product]] = []
        self._inputs: dict[tuple[int, ...], Tensor] = {}

    def record(self, call: Callable[[], object]) -> int:
        """Note the products of every pass of `call`; the tokens that it computed."""
        here = threading.local()
        before = self._tree.tokens
        handles = [self._model.register_forward_pre_hook(lambda *_: self._begin(here))]
        for module in self._model.modules():
            if isinstance(module, torch.nn.Linear):
                handles.append(module.register_forward_pre_hook(_noting(here)))
        usual = kernels.attend

        def noted(query: Tensor, key: Tensor, value: Tensor, *rest: Any, **said: Any) -> Any:  # noqa: ANN401
            here.products.append(("attention", (*query.shape[1:], *key.shape[1:3]), None))
            return usual(query, key, value, *rest, **said)

        setattr(attention, "attend", noted)  # noqa: B010 - a name of another module
        try:
            call()
        finally:
            setattr(attention, "attend", usual)  # noqa: B010 - likewise
            for handle in handles:
                handle.remove()
        return int(self._tree.tokens - before)

    def seconds(self, *, attention: bool) -> float:
        """How long the products take on the same lanes, with or without those of attention."""
        lanes: Lanes = self._tree._lanes
        kinds = {"linear", "attention"} if attention else {"linear"}
        chosen = [[one for one in each if one[0] in kinds] for each in self._passes]
        for each in chosen:
            for product in each:
                self._prepare(product)
        start = perf_counter()
        lanes.each(self._multiply, chosen)
        return perf_counter() - start

    def _begin(self, here: threading.local) -> None:
        here.products = []
        self._passes.append(here.products)

    def _prepare(self, product: Product) -> None:
        kind, shape, _ = product
        parts = [shape] if kind == "linear" else _parts(shape)
        for part in parts:
            if part not in self._inputs:
                self._inputs[part] = torch.randn(part, dtype=self._model.dtype)

    @torch.inference_mode()
    def _multiply(self, products: list[Product]) -> None:
        for kind, shape, layer in products:
            if kind == "linear":
                type(layer).forward(layer, self._inputs[shape])
            else:
                query, key, values = (self._inputs[part] for part in _parts(shape))
                torch.bmm(torch.bmm(query, key), values)


def _parts(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Queries of one KV head under each other, keys turned, values."""
    heads, queries, width, kv_heads, keys = shape
    rows = heads // kv_heads * queries
    return [(kv_heads, rows, width), (kv_heads, width, keys), (kv_heads, keys, width)]


def _noting(here: threading.local) -> Callable[[torch.nn.Module, tuple[Tensor, ...]], None]:
    def note(module: torch.nn.Module, given: tuple[Tensor, ...]) -> None:
        here.products.append(("linear", tuple(given[0].shape[1:]), module))

    return note
