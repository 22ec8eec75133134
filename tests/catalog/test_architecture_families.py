"""Weights and caches of real, tiny models of every family beside what is read off their files."""

from typing import Any

import pytest
import torch
import transformers
from engines.families import FAMILIES
from engines.tiny import TINY, Tiny

from elige.catalog.architecture import Attention, read_architecture

ALL = TINY | FAMILIES
TOKENS = 8


def config_of(tiny: Tiny) -> Any:  # noqa: ANN401 - a class for each architecture
    build = getattr(transformers, tiny.config)
    return build(**tiny.fields, vocab_size=64, pad_token_id=0)


@pytest.mark.parametrize("name", ALL)
def test_the_number_of_weights_is_that_of_the_model(name: str) -> None:
    config = config_of(ALL[name])
    auto: Any = transformers.AutoModelForCausalLM
    with torch.device("meta"):
        model = auto.from_config(config)
    found = read_architecture(config.to_dict())
    assert found.parameters == sum(weight.numel() for weight in model.parameters())


@pytest.mark.parametrize("name", ALL)
def test_the_cache_is_that_of_the_model(name: str) -> None:
    config = config_of(ALL[name])
    found = read_architecture(config.to_dict())
    auto: Any = transformers.AutoModelForCausalLM
    model = auto.from_config(config).eval()
    if found.attention is Attention.LINEAR:
        assert found.kv_values_per_token == 0
        return
    cache = transformers.DynamicCache(config=config)
    with torch.inference_mode():
        model(torch.ones(1, TOKENS, dtype=torch.long), past_key_values=cache, use_cache=True)
    kept = 0
    for layer in cache.layers:
        for part in (getattr(layer, "keys", None), getattr(layer, "values", None)):
            kept += part.numel() if part is not None else 0
    # transformers writes Falcon 40B's shared heads out for every query head.
    spread = 2 if name == "falcon-40b" else 1
    assert found.kv_values_per_token == kept / TOKENS / spread
