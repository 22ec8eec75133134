"""Scores of the torch engine against one plain pass of context and continuation at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from engines.tiny import CONTEXT, TINY, spec
from torch import Tensor

from elige.engines.torch import TorchEngine
from elige.engines.torch.network import Limits, Tokens
from elige.engines.torch.tokenise import Question
from elige.errors import EngineRefused
from elige.records import Ask, Message, Prompt

Folder = Callable[[str], Path]
SHOTS = "The capital of France is Paris and the capital of Spain is Madrid. "
BATCH = (
    ("The capital of France is", (" Paris", " Paris and Madrid", " é東京🙂")),
    ("Question: what is the colour of the sky? Answer:", (" blue, of course.", " no")),
    ("1 + 1 = ", ("2", "42")),
    ("", ("The capital", "12")),
    (SHOTS * 2 + "Question: what?", (" x", " Madrid. x y z")),
    (SHOTS * 2 + "Answer", (" The sky", " colour")),
)
FEW_SHOT = tuple((SHOTS * 2 + text, choices) for text, choices in BATCH)


@pytest.fixture(scope="module", params=list(TINY))
def engine(request: pytest.FixtureRequest, tiny_folder: Folder) -> TorchEngine:
    return TorchEngine(spec(tiny_folder(request.param)))


def asks(batch: tuple[tuple[str, tuple[str, ...]], ...]) -> list[Ask]:
    return [Ask(prompt=Prompt(text=text), continuations=choices) for text, choices in batch]


def plainly(engine: TorchEngine, context: tuple[int, ...], tail: tuple[int, ...]) -> float:
    """The summed log-probability by one forward pass over everything, as a textbook has it."""
    network = engine._network
    assert network is not None
    with torch.no_grad():
        logits = network.model(torch.tensor([[*context, *tail]])).logits[0].float()
    logprobs = logits.log_softmax(-1)
    found = [float(logprobs[len(context) - 1 + at, token]) for at, token in enumerate(tail)]
    return sum(found)


def questions(engine: TorchEngine, batch: list[Ask]) -> list[Question]:
    return [engine._tokeniser.question(ask.prompt, ask.continuations) for ask in batch]


def expected(engine: TorchEngine, batch: list[Ask]) -> list[list[float]]:
    return [
        [plainly(engine, question.context.ids, tail) for tail in question.tails]
        for question in questions(engine, batch)
    ]


def scored(engine: TorchEngine, batch: list[Ask]) -> list[list[float]]:
    return [[weighed.logprob for weighed in answer.weighed] for answer in engine.score(batch)]


@pytest.mark.parametrize(
    "batch", [pytest.param(BATCH, id="mixed"), pytest.param(FEW_SHOT, id="few-shot")]
)
def test_scores_equal_a_plain_pass(
    engine: TorchEngine, batch: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    found, wanted = scored(engine, asks(batch)), expected(engine, asks(batch))
    assert [pytest.approx(row, abs=1e-4) for row in wanted] == found


def test_small_limits_change_nothing(engine: TorchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = expected(engine, asks(FEW_SHOT))
    monkeypatch.setattr(engine, "_limits", Limits(forward=7, cached=50, logits=2))
    assert [pytest.approx(row, abs=1e-4) for row in wanted] == scored(engine, asks(FEW_SHOT))


def test_the_unconditional_weight_follows_the_start_of_text(engine: TorchEngine) -> None:
    ask = Ask(prompt=Prompt(text="1 + 1 ="), continuations=(" 2", " Paris"), unconditional=True)
    (answer,) = engine.score([ask])
    (question,) = questions(engine, [ask])
    wanted = [plainly(engine, engine._tokeniser.start, tail) for tail in question.tails]
    assert [weighed.unconditional for weighed in answer.weighed] == pytest.approx(wanted, abs=1e-4)


def test_greedy_marks_the_likeliest_continuation(engine: TorchEngine) -> None:
    network, context = engine._network, engine._tokeniser.encode(Prompt(text="1 + 1 ="))
    assert network is not None
    with torch.no_grad():
        likeliest = network.model(torch.tensor([context.ids])).logits[0, -1].argmax().item()
    texts = (" 2", " Paris", " blue")
    ask = Ask(prompt=Prompt(text="1 + 1 ="), continuations=texts)
    firsts = [tail == (likeliest,) for tail in questions(engine, [ask])[0].tails]
    assert [w.greedy for w in engine.score([ask])[0].weighed if w.tokens == 1] == [
        first
        for first, tail in zip(firsts, questions(engine, [ask])[0].tails, strict=True)
        if len(tail) == 1
    ]


def test_a_chat_is_weighed_behind_the_generation_prompt(tiny_folder: Folder) -> None:
    engine = TorchEngine(spec(tiny_folder("qwen-3")))
    chat = Prompt(messages=(Message("user", "Where is Paris?"),))
    ask = Ask(prompt=chat, continuations=(" France", "Spain"))
    (question,) = questions(engine, [ask])
    assert question.context.ids == engine._tokeniser.encode(chat).ids
    assert scored(engine, [ask]) == [pytest.approx(expected(engine, [ask])[0], abs=1e-4)]


@pytest.mark.parametrize("name", ["llama", "mamba"])
def test_only_what_keeps_keys_and_values_is_shared(tiny_folder: Folder, name: str) -> None:
    network = TorchEngine(spec(tiny_folder(name)))._network
    assert network is not None
    assert network.shareable is (name == "llama")


def test_a_shared_beginning_is_read_once(
    tiny_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = TorchEngine(spec(tiny_folder("llama")))
    network, read = engine._network, []
    assert network is not None
    forward = network.forward

    def counted(tokens: Tokens, cache: object, keep: Tensor) -> Tensor:
        read.append(tokens.ids.numel())
        return forward(tokens, cache, keep)

    monkeypatch.setattr(network, "forward", counted)
    batch = asks(tuple((SHOTS * 3 + f"{at}", (" a", " b")) for at in range(8)))
    engine.score(batch)
    shared = len(engine._tokeniser.encode(Prompt(text=SHOTS * 3)).ids)
    assert sum(read) < shared + 8 * 8


def test_a_question_longer_than_the_context_is_refused_with_its_size(tiny_folder: Folder) -> None:
    engine = TorchEngine(spec(tiny_folder("llama")))
    ask = Ask(prompt=Prompt(text="word " * 4 * CONTEXT), continuations=(" x",))
    with pytest.raises(EngineRefused, match=f"{CONTEXT} at most"):
        engine.score([ask])


def test_an_empty_continuation_is_refused(tiny_folder: Folder) -> None:
    engine = TorchEngine(spec(tiny_folder("llama")))
    with pytest.raises(EngineRefused, match="empty"):
        engine.score([Ask(prompt=Prompt(text="1"), continuations=("",))])
