"""Greedy tokens are those of transformers' own `generate`, for every family, however batched."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from engines.families import FAMILIES
from engines.tiny import SENTENCES, TINY, build, spec

from elige.engines.torch import TorchEngine
from elige.engines.torch.generation import batches, write
from elige.engines.torch.row import Row
from elige.engines.torch.weights import quiet
from elige.records import Prompt, Sampling

ALL = TINY | FAMILIES
MARKS = "begin end im_start im_end think"
LETTERS = re.compile("[a-z]{2}")
# A difference in the order of summing may decide between logits as close as this.
TIE = 1e-4
SHARED = "Question: what is the colour of the sky? Answer: blue, of course. El cielo es azul; " * 2
ENDS = ("", " la", " Paris and the capital", " 12 + 30 = 42, 1 + 1", " naïve 東京 café verde")
PROMPTS = [Prompt(text=SHARED + end) for end in ENDS] + [Prompt(text=s) for s in SENTENCES[:4]]
PROMPTS += [Prompt(text=SENTENCES[0] + end) for end in ENDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A tiny model in elige's engine, and as transformers loads it."""

    engine: TorchEngine
    plain: Any


@pytest.fixture(scope="module", params=list(ALL))
def family(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Family:
    torch.set_num_threads(1)
    folder: Path = build(request.param, tmp_path_factory.mktemp("family") / request.param, ALL)
    auto: Any = __import__("transformers").AutoModelForCausalLM
    with quiet():
        plain = auto.from_pretrained(folder, dtype=torch.float32).eval()
    return Family(engine=TorchEngine(spec(folder)), plain=plain)


def written(engine: TorchEngine, prompts: list[Prompt], sampling: Sampling) -> list[Row]:
    """The rows of one call, written to their ends."""
    network = engine._network
    assert network is not None
    rows = [engine._row(at, prompt, sampling) for at, prompt in enumerate(prompts)]
    for batch in batches(network, rows, engine._limits):
        list(write(network, batch, sampling, engine._limits))
    return rows


def alone(family: Family, row: Row, tokens: int) -> list[int]:
    """What transformers writes after this prompt, read alone and without filling."""
    ids = torch.tensor([row.prompt.ids])
    with quiet():
        found = family.plain.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=tokens,
            eos_token_id=sorted(row.ends),
            pad_token_id=0,
        )
    new: list[int] = found[0, ids.shape[1] :].tolist()
    return new


def tied(family: Family, ids: list[int]) -> bool:
    """Whether the two likeliest tokens after `ids` are as good as equally likely."""
    with torch.inference_mode():
        first, second = family.plain(torch.tensor([ids])).logits[0, -1].topk(2).values.tolist()
    return bool(first - second < TIE)


def same(family: Family, row: Row, wanted: list[int]) -> bool:
    """Whether the row holds the wanted tokens, up to a tie and what follows it."""
    if row.written == wanted:
        return True
    pairs = zip(row.written, wanted, strict=False)
    at = next((at for at, (a, b) in enumerate(pairs) if a != b), None)
    return at is not None and tied(family, [*row.prompt.ids, *wanted[:at]])


def stopped(family: Family, row: Row, tokens: list[int], stop: str) -> list[int]:
    """The first of these tokens until their text holds `stop`."""
    text, prompt = family.engine._tokeniser.text, row.prompt.ids
    known = len(text(prompt))
    ends = (at for at in range(1, len(tokens)) if stop in text([*prompt, *tokens[:at]])[known:])
    return tokens[: next(ends, len(tokens))]


def test_a_batch_writes_the_tokens_of_transformers(family: Family) -> None:
    rows = written(family.engine, PROMPTS, Sampling(max_tokens=20))
    assert [row.index for row in rows if not same(family, row, alone(family, row, 20))] == []


def test_rows_that_come_and_go_write_the_same_tokens(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elige.engines.torch.line.MOST_ROWS", 4)
    monkeypatch.setattr("elige.engines.torch.slab.AHEAD", 3)
    texts = [row.answer().text for row in written(family.engine, PROMPTS, Sampling(max_tokens=20))]
    # Letters of no mark: half a character, and what may begin a mark, are told a token later.
    found = [pair for text in texts for pair in LETTERS.findall(text) if pair not in MARKS]
    stop = (*found, "never")[0]
    rows = written(family.engine, PROMPTS, Sampling(max_tokens=20, stop=(stop,)))
    wanted = [stopped(family, row, alone(family, row, 20), stop) for row in rows]
    pairs = zip(rows, wanted, strict=True)
    assert [row.index for row, ids in pairs if not same(family, row, ids)] == []
    assert stop == "never" or len({len(row.written) for row in rows}) > 1
