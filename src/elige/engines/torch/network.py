"""A causal language model as one function: from tokens, and what went before, to logits."""

import copy
import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any  # models and caches are classes of transformers, one for each architecture

import torch
from torch import Tensor
from transformers import DynamicCache
from transformers.cache_utils import DummyLayer, DynamicLayer, DynamicSlidingWindowLayer

from elige.errors import DoesNotFit, EngineDown, EngineRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is handed to the model at once; a single row may exceed them, never two.

    `forward` bounds the tokens of one pass, filling included; `cached` those whose keys and
    values are held, `logits` the positions projected on the vocabulary at once.
    """

    forward: int
    cached: int
    logits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """A batch: `ids` and `positions` are [rows, width]; `mask` is [rows, before + width].

    `mask` is 1 for tokens and 0 for filling, those read before included.
    """

    ids: Tensor
    mask: Tensor
    positions: Tensor

    @property
    def width(self) -> int:
        """Columns read now."""
        return self.ids.shape[1]

    def columns(self, start: int, stop: int) -> "Tokens":
        """The columns from `start` to `stop`, after all those before."""
        before = self.mask.shape[1] - self.width
        return Tokens(
            ids=self.ids[:, start:stop],
            mask=self.mask[:, : before + stop],
            positions=self.positions[:, start:stop],
        )


class Network:
    """A loaded model behind one `forward`, whatever its architecture calls its arguments.

    `shareable` says that what was read is kept as keys and values alone, so that a text may
    be read once and continued in several ways, and that filling is masked. State-space and
    hybrid models, and those with caches of their own, are not: each row is read whole, and
    filled on the right only, where what comes later changes nothing.
    `windows` is each layer's sliding window of attention, None where there is none; `window`
    is the shortest. `positioned` says that positions are handed over.
    """

    def __init__(self, model: Any, device: torch.device) -> None:  # noqa: ANN401 - many classes
        self.model: Any = model
        self.device = device
        known = inspect.signature(model.forward).parameters
        self._known = frozenset(known)
        caches = [name for name in ("past_key_values", "cache_params") if name in known]
        self._cache_name = caches[0] if caches else ""
        self.positioned = "position_ids" in known
        layers = self._layers()
        plain = {DynamicLayer, DynamicSlidingWindowLayer, DummyLayer}
        self.shareable = (
            self._cache_name == "past_key_values"
            and "attention_mask" in known
            and bool(layers)
            and all(type(layer) in plain for layer in layers)
        )
        self.windows: list[int | None] = [getattr(one, "sliding_window", None) for one in layers]
        self.window: int | None = min((w for w in self.windows if w is not None), default=None)

    @property
    def has_cache(self) -> bool:
        """Whether the model can go on from what it has read."""
        return bool(self._cache_name)

    def new_cache(self) -> Any:  # noqa: ANN401 - a cache of transformers
        """An empty memory for what is read."""
        return DynamicCache(config=self.model.config) if self.has_cache else None

    def batch(
        self, rows: Sequence[Sequence[int]], *, left: bool, before: Tensor | None = None
    ) -> Tokens:
        """Rows of token ids as one batch, filled up on the left or on the right.

        `before` is the mask of what these rows have read already.
        """
        width = max(len(row) for row in rows)
        fills = [[0] * (width - len(row)) for row in rows]
        ones = [[1] * len(row) for row in rows]
        pairs = list(zip(fills, rows, ones, strict=True))
        ids = [[*fill, *row] if left else [*row, *fill] for fill, row, _ in pairs]
        marks = [[*fill, *one] if left else [*one, *fill] for fill, _, one in pairs]
        mask = torch.tensor(marks, device=self.device)
        if before is not None:
            mask = torch.cat([before, mask], dim=1)
        positions = (mask.cumsum(dim=1) - 1).clamp(min=0)[:, -width:]
        return Tokens(ids=torch.tensor(ids, device=self.device), mask=mask, positions=positions)

    @torch.inference_mode()
    def forward(self, tokens: Tokens, cache: Any, keep: Tensor) -> Tensor:  # noqa: ANN401
        """Logits in fp32, [kept, vocabulary], row by row, of the columns that `keep` marks.

        `keep` is a boolean [rows, width]. The cache grows by the tokens.
        """
        given: dict[str, Any] = {"use_cache": cache is not None, "logits_to_keep": keep}
        if self.shareable:
            given |= {"attention_mask": tokens.mask, "position_ids": tokens.positions}
        given = {name: value for name, value in given.items() if name in self._known}
        if cache is not None:
            given[self._cache_name] = cache
        with told():
            logits: Tensor = self.model(input_ids=tokens.ids, **given).logits
            return (logits[keep] if logits.ndim == 3 else logits).float()

    @torch.inference_mode()
    def at(self, ids: Tensor, positions: Tensor, keep: Tensor) -> Tensor:
        """Logits of the places `keep` of one row, [kept, vocabulary], in the model's precision.

        `ids` and `positions` are [1, tokens]; nothing is remembered. Attention is whatever
        `attending` chose.
        """
        given = {"use_cache": False, "logits_to_keep": keep, "position_ids": positions}
        given = {name: value for name, value in given.items() if name in self._known}
        logits: Tensor = self.model(input_ids=ids, **given).logits[0]
        return logits if len(logits) == len(keep) else logits[keep]

    @contextmanager
    def attending(self, name: str) -> Iterator[None]:
        """Let every layer use the attention registered as `name`."""
        parts = [self.model, *self.model.modules()]
        configs = {id(c): c for part in parts if (c := getattr(part, "config", None)) is not None}
        usual = {key: config._attn_implementation for key, config in configs.items()}
        try:
            for config in configs.values():
                config._attn_implementation = name
            yield
        finally:
            for key, config in configs.items():
                config._attn_implementation = usual[key]

    def last(self, tokens: Tokens, cache: Any, limits: Limits) -> Tensor:  # noqa: ANN401
        """Logits after the last column, [rows, vocabulary]; long rows are read in parts."""
        parts = list(self.parts(tokens, limits))
        for part, _, _ in parts[:-1]:
            self.forward(part, cache, torch.zeros_like(part.ids, dtype=torch.bool))
        final = parts[-1][0]
        keep = torch.zeros_like(final.ids, dtype=torch.bool)
        keep[:, -1] = True
        return self.forward(final, cache, keep)

    def parts(self, tokens: Tokens, limits: Limits) -> Iterator[tuple[Tokens, int, int]]:
        """The batch cut into columns few enough for one pass, with where each begins and ends.

        A model that is not `shareable` reads its rows in one piece.
        """
        width = tokens.width
        step = max(1, limits.forward // len(tokens.ids)) if self.shareable else width
        for start in range(0, width, step):
            stop = min(start + step, width)
            yield tokens.columns(start, stop), start, stop

    @staticmethod
    def fork(cache: Any, rows: Sequence[int]) -> Any:  # noqa: ANN401
        """A copy of the memory with the given rows, in that order; the original stays."""
        twin = copy.copy(cache)
        twin.layers = [_picked(layer, rows) for layer in cache.layers]
        return twin

    @staticmethod
    def keep_rows(cache: Any, rows: Tensor) -> None:  # noqa: ANN401
        """Forget every other row."""
        cache.reorder_cache(rows)

    def forget(self) -> None:
        """Let go of the weights, whoever still holds this object."""
        self.model = None

    def _layers(self) -> list[Any]:
        try:
            return list(DynamicCache(config=self.model.config).layers)
        except (AttributeError, KeyError, TypeError, ValueError):
            return []


@contextmanager
def told() -> Iterator[None]:
    """Errors of PyTorch in words: `DoesNotFit`, `EngineDown` or `EngineRefused`."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise DoesNotFit(
            f"The model ran out of memory: {_first_line(error)}",
            hint="Try dtype=bf16, shorter prompts or a smaller model.",
        ) from error
    except RuntimeError as error:
        if "can't allocate memory" in str(error):
            raise DoesNotFit(
                f"The model ran out of memory: {_first_line(error)}",
                hint="Try shorter prompts or a smaller model.",
            ) from error
        raise EngineDown(f"The model stopped with an error: {_first_line(error)}") from error
    except (IndexError, ValueError, TypeError) as error:
        raise EngineRefused(f"The model cannot read this: {_first_line(error)}") from error


def finite(logits: Tensor) -> Tensor:
    """`logits`, when they are numbers; raises `EngineRefused` for weights that give none."""
    if bool(logits.isnan().any()):
        raise EngineRefused(
            "The model's numbers overflow (NaN): its weights are damaged, or the precision is "
            "too small for them.",
            hint="Try dtype=fp32, or download the model again.",
        )
    return logits


def _picked(layer: Any, rows: Sequence[int]) -> Any:  # noqa: ANN401 - a layer of a cache
    twin = copy.copy(layer)
    if getattr(layer, "is_initialized", False):
        index = torch.tensor(rows, device=layer.keys.device)
        twin.keys = layer.keys.index_select(0, index)
        twin.values = layer.values.index_select(0, index)
    return twin


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
