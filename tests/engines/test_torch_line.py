"""Rows come and go: what is read, when, and how much is held."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from engines.tiny import SENTENCES, spec
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

from elige.engines.torch import TorchEngine
from elige.engines.torch.network import Limits, Tokens
from elige.engines.torch.slab import Slab
from elige.records import Answer, Prompt, Sampling

Folder = Callable[[str], Path]
Shape = tuple[int, int, int]
Full: Any = DynamicLayer
SHARED = SENTENCES[3] * 3
ENDS = ("7", " la hierba es verde", " 12", " of the sky? Answer: blue", " x", " y", " z", " 9")
PROMPTS = [Prompt(text=SHARED + end) for end in ENDS]


@pytest.fixture(scope="module")
def llama(tiny_folder: Folder) -> TorchEngine:
    return TorchEngine(spec(tiny_folder("llama")))


@pytest.fixture
def passes(llama: TorchEngine, monkeypatch: pytest.MonkeyPatch) -> list[Shape]:
    """Rows, new columns and all columns of each pass of the model."""
    network, seen = llama._network, []
    assert network is not None
    forward = network.forward

    def counted(tokens: Tokens, cache: object, keep: Tensor) -> Tensor:
        seen.append((*tokens.ids.shape, tokens.mask.shape[1]))
        return forward(tokens, cache, keep)

    monkeypatch.setattr(network, "forward", counted)
    return seen


def answers(engine: TorchEngine, prompts: list[Prompt], sampling: Sampling) -> list[Answer]:
    found = {p.index: p.answer for p in engine.generate(prompts, sampling) if p.answer}
    return [found[at] for at in range(len(prompts))]


def texts(engine: TorchEngine, prompts: list[Prompt], sampling: Sampling) -> list[str]:
    return [answer.text for answer in answers(engine, prompts, sampling)]


def test_what_all_prompts_begin_with_is_read_once(llama: TorchEngine, passes: list[Shape]) -> None:
    texts(llama, PROMPTS, Sampling(max_tokens=2))
    lengths = [len(llama._tokeniser.encode(prompt).ids) for prompt in PROMPTS]
    first, second, *_ = passes
    assert (first[0], second[0]) == (1, len(PROMPTS))
    assert first[1] > 16
    assert second[1] == max(lengths) - first[1]
    assert sum(rows * width for rows, width, _ in passes[:2]) < sum(lengths) / 2


def test_prompts_that_wait_come_in_when_others_are_done(
    llama: TorchEngine, passes: list[Shape], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [texts(llama, [prompt], Sampling(max_tokens=30))[0] for prompt in PROMPTS]
    monkeypatch.setattr("elige.engines.torch.line.MOST_ROWS", 3)
    stop = next(text[6:8] for text in alone if text[6:8].isascii())
    passes.clear()
    found = answers(llama, PROMPTS, Sampling(max_tokens=30, stop=(stop,)))
    assert [answer.text for answer in found] == [text.split(stop)[0] for text in alone]
    steps = [rows for rows, width, _ in passes if width == 1]
    tokens = [answer.completion_tokens for answer in found]
    assert max(steps) == 3
    # Three at a time, each three as long as the longest of them.
    assert len(steps) < sum(max(tokens[at : at + 3]) for at in range(0, len(tokens), 3))


def test_rows_at_work_stay_within_the_bound_of_what_is_held(
    llama: TorchEngine, passes: list[Shape], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama, "_limits", Limits(forward=64, cached=300, logits=1000))
    found = texts(llama, PROMPTS, Sampling(max_tokens=10))
    assert max(rows * held for rows, _, held in passes) <= 300
    assert max(rows * width for rows, width, _ in passes) <= 64
    monkeypatch.undo()
    assert found == texts(llama, PROMPTS, Sampling(max_tokens=10))


def test_equal_prompts_are_read_as_one_and_written_alike(
    llama: TorchEngine, passes: list[Shape]
) -> None:
    assert len(set(texts(llama, [PROMPTS[0]] * 6, Sampling(max_tokens=8)))) == 1
    assert [(rows, width) for rows, width, _ in passes[1:2]] == [(6, 1)]


def test_no_columns_are_kept_of_the_longest_row_when_it_is_done(
    llama: TorchEngine, passes: list[Shape]
) -> None:
    long = Prompt(text=SENTENCES[2] * 2)
    stop = texts(llama, [long], Sampling(max_tokens=3))[0]
    texts(llama, [long, Prompt(text="1")], Sampling(max_tokens=9, stop=(stop,)))
    assert passes[-1][0] == 1
    assert passes[-1][2] < 20


def columns(rows: int, first: int, count: int) -> Tensor:
    """Keys that tell their row and column."""
    marks = torch.arange(rows)[:, None] * 1000 + torch.arange(first, first + count)[None, :]
    return marks[:, None, :, None].float()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9)), min_size=2, max_size=6))
def test_a_slab_holds_what_was_written_as_a_growing_cache_does(
    steps: list[tuple[int, int]],
) -> None:
    with torch.inference_mode():
        check_joined(steps)


def check_joined(steps: list[tuple[int, int]]) -> None:
    slab = Slab([Full()])
    for at, (rows, count) in enumerate(steps):
        other = Slab([Full()])
        other.update(columns(rows, 1 + 100 * at, count), columns(rows, 1, count), 0)
        slab = slab if at else other
        if at:
            slab.join(other)
    held = sum(rows for rows, _ in steps)
    width = max(count for _, count in steps)
    keys, _ = slab.update(columns(held, 9000, 1), columns(held, 0, 1), 0)
    assert tuple(keys.shape) == (held, 1, width + 1, 1)
    first = 0
    for at, (rows, count) in enumerate(steps):
        wanted = columns(rows, 1 + 100 * at, count)
        assert torch.equal(keys[first : first + rows, :, -1 - count : -1], wanted)
        first += rows


@pytest.mark.parametrize("window", [pytest.param(4, id="4"), pytest.param(9, id="9")])
def test_attention_is_shown_what_a_sliding_cache_shows(window: int) -> None:
    from transformers import MistralConfig

    config = MistralConfig(num_hidden_layers=1, sliding_window=window)
    plain = DynamicCache(config=config)
    slab = Slab(DynamicCache(config=config).layers)
    at = 0
    for count in (3, 1, 1, 5, 1, 1, 1, 2):
        assert slab.get_mask_sizes(count, 0) == plain.get_mask_sizes(count, 0)
        new = columns(2, at, count)
        for mine, theirs in zip(slab.update(new, new, 0), plain.update(new, new, 0), strict=True):
            assert torch.equal(mine, theirs)
        at += count
