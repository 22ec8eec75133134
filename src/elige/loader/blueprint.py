"""What transformers builds from a configuration: counted without weights, by a child process.

The model stands on PyTorch's meta device, where tensors have a shape and no numbers. A few
tokens are read there too, so that the shapes of its cache show.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any  # transformers carries no types

from elige.errors import BadInput
from elige.loader.child import run_child

_SECONDS, _MEMORY_BYTES = 60, 6_000_000_000
_TOKENS = 4
_EXPERT = re.compile(r"\.(?:local_)?experts\b(?!.*shared)")
_EXPERTS = ("num_local_experts", "n_routed_experts", "num_experts", "moe_num_experts")
# Where a file names no class: the kinds of models that write text, the whole ones first.
_MAPPINGS = ("IMAGE_TEXT_TO_TEXT", "MULTIMODAL_LM", "CAUSAL_LM", "SEQ_TO_SEQ_CAUSAL_LM")
# What says how to load weights, not what they are; some of it would fetch things.
_DROPPED = {
    *("quantization_config", "auto_map", "torch_dtype", "dtype", "compression_config"),
    *("_attn_implementation", "attn_implementation", "_name_or_path", "custom_pipelines"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one layer of a model keeps: values of each token and of a sequence, and its window."""

    token: int
    kv_heads: int = 0
    head_dim: int = 0
    window: int = 0
    state: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A model as transformers builds it. `layers` is empty where reading tokens failed.

    `expert_parameters` are those of experts among which a token's are chosen, `table_parameters`
    those that are looked up, `tied` says that the table of tokens serves as the head too.
    """

    built_as: str
    version: str
    parameters: int
    expert_parameters: int
    table_parameters: int
    tied: bool
    layers: tuple[Kept, ...]


def blueprint(config: Mapping[str, Any], name: str, environment: Mapping[str, str]) -> Blueprint:
    """What transformers builds from `config`, which stands in the file called `name`.

    Raises `BadInput` where transformers is missing or cannot build it.
    """
    found = run_child(
        {"task": "blueprint", "path": name, "config": dict(config)},
        seconds=_SECONDS,
        memory_bytes=_MEMORY_BYTES,
        environment=environment,
        say=lambda _: None,
    )
    layers = tuple(Kept(**layer) for layer in found.pop("layers"))
    return Blueprint(**found, layers=layers)


def built(config: dict[str, Any]) -> dict[str, Any]:
    """What the child answers: the fields of `Blueprint`. Raises what transformers raises."""
    import torch
    import transformers

    model_class, made = _class_of(config)
    with torch.device("meta"):
        model = model_class._from_config(made)
    model.eval()
    weights = dict(model.named_parameters())
    text = made.get_text_config(decoder=True)
    experts = {getattr(text, name, None) for name in _EXPERTS} - {None, 0, 1}
    return {
        "built_as": model_class.__name__,
        "version": transformers.__version__,
        "parameters": sum(weight.numel() for weight in weights.values()),
        "expert_parameters": sum(
            weight.numel()
            for name, weight in weights.items()
            if _EXPERT.search(name) or (weight.dim() == 3 and weight.shape[0] in experts)
        ),
        "table_parameters": _looked_up(model),
        "tied": _is_tied(model),
        "layers": kept_by(model),
    }


def _is_tied(model: Any) -> bool:  # noqa: ANN401 - a class of theirs
    with suppress(NotImplementedError, AttributeError):
        head, table = model.get_output_embeddings(), model.get_input_embeddings()
        return head is not None and head.weight is table.weight
    return False


def _class_of(config: dict[str, Any]) -> tuple[Any, Any]:
    """The class that a configuration asks for, and the configuration made into theirs."""
    import transformers
    from transformers.models.auto import modeling_auto

    kind = str(config.get("model_type"))
    if kind not in transformers.CONFIG_MAPPING:
        raise BadInput(f"transformers {transformers.__version__} knows no {kind!r}.")
    plain = {key: value for key, value in config.items() if key not in _DROPPED}
    made = transformers.CONFIG_MAPPING[kind].from_dict(plain)
    tables = [getattr(modeling_auto, f"MODEL_FOR_{name}_MAPPING_NAMES") for name in _MAPPINGS]
    usual = [table[kind] for table in tables if kind in table]
    named = config.get("architectures")
    wanted = str(named[0]) if isinstance(named, list) and named else ""
    own = getattr(transformers, wanted, None) if wanted.isidentifier() else None
    if isinstance(own, type) and issubclass(own, transformers.PreTrainedModel):
        return own, made
    choice = next(iter(usual), None)
    if choice is None:
        raise BadInput(f"transformers has no {kind!r} that writes text.")
    choice = choice if isinstance(choice, str) else choice[0]
    return getattr(transformers, choice), made


def _looked_up(model: Any) -> int:  # noqa: ANN401 - a class of theirs
    import torch

    tables = {
        id(part.weight): part.weight.numel()
        for part in model.modules()
        if isinstance(part, torch.nn.Embedding)
    }
    return sum(tables.values())


def kept_by(model: Any) -> list[dict[str, int]]:  # noqa: ANN401 - a class of theirs
    """What each layer keeps of a token, empty where the model cannot be run without numbers.

    Later tries make attention plain, then give the masks: many kinds look into the numbers of
    a mask otherwise.
    """
    import torch

    ids = torch.ones(1, _TOKENS, dtype=torch.long, device=model.device)
    pair = model.config.is_encoder_decoder
    plain = {"input_ids": ids, "use_cache": True} | ({"decoder_input_ids": ids} if pair else {})
    masked = plain | {"attention_mask": ids} | ({"decoder_attention_mask": ids} if pair else {})
    for inputs, kind in ((plain, ""), (plain, "eager"), (masked, "eager")):
        with suppress(Exception), torch.inference_mode(), _RoutedNowhere(model):
            if kind:
                model.set_attn_implementation(kind)
            return _kept(model, inputs)
    return []


def _kept(model: Any, inputs: dict[str, Any]) -> list[dict[str, int]]:  # noqa: ANN401
    """Raises what the model raises; one that only reads (an encoder) keeps nothing."""
    if not model.can_generate():
        model(**{name: value for name, value in inputs.items() if name != "use_cache"})
        return [{"token": 0}] * model.config.num_hidden_layers
    cache = model(**inputs).past_key_values
    if cache is None and getattr(model.config, "is_decoder", True) is False:
        return [{"token": 0}] * model.config.num_hidden_layers
    cache = getattr(cache, "self_attention_cache", cache)
    return [_layer(one) for one in cache.layers]


class _RoutedNowhere:
    """For a while experts hand back what they are given: which are chosen needs numbers."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - a class of theirs
        self._parts = [one for one in model.modules() if type(one).__name__.endswith("Experts")]

    def __enter__(self) -> None:
        for part in self._parts:
            part.forward = lambda states, *_, **__: states

    def __exit__(self, *_: object) -> None:
        for part in self._parts:
            del part.forward


def _layer(layer: Any) -> dict[str, int]:  # noqa: ANN401 - a class of theirs
    parts = [getattr(layer, "keys", None), getattr(layer, "values", None)]
    kept = [one for one in parts if one is not None and one.dim() > 1 and one.numel()]
    keys = kept[0] if kept else None
    whole = keys is not None and keys.dim() == 4
    return {
        "token": sum(one.numel() for one in kept) // _TOKENS,
        "kv_heads": keys.shape[1] if whole and keys is not None else 0,
        "head_dim": keys.shape[3] if whole and keys is not None else 0,
        "window": int(getattr(layer, "sliding_window", 0) or 0),
        "state": sum(_states(layer)),
    }


def _states(layer: Any) -> Iterator[int]:  # noqa: ANN401 - a class of theirs
    for name in ("conv_states", "recurrent_states"):
        held = getattr(layer, name, None)
        for one in held.values() if isinstance(held, dict) else [held]:
            yield one.numel() if one is not None else 0
