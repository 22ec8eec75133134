"""Contexts of their own, rolling windows and contexts cut from the left, on tiny models."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any  # a class of transformers

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("torch", reason="the extra torch is not installed")

from engines.tiny import CONTEXT, SENTENCES, build, spec

from elige.engines.echo import EchoEngine, identity
from elige.engines.torch import TorchEngine
from elige.engines.torch.questions import windows
from elige.errors import EngineRefused
from elige.records import Ask, Candidate, EngineSpec, ModelRef, Prompt, RefKind

LONG = " ".join(SENTENCES * 3)


@pytest.fixture(scope="module", params=["llama", "gpt-2"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TorchEngine]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    engine = TorchEngine(spec(build(request.param, folder)))
    yield engine
    engine.close()


def weigh(engine: TorchEngine, context: str, text: str) -> float:
    [answer] = engine.score([Ask(prompt=Prompt(text=context), continuations=(text,))])
    return answer.weighed[0].logprob


def test_each_continuation_is_weighed_after_its_own_context(engine: TorchEngine) -> None:
    contexts, texts = ("The sky is", "What is the"), (" blue", " colour of the sky")
    ask = Ask(prompt=Prompt(), contexts=contexts, continuations=texts, unconditional=True)
    [answer] = engine.score([ask])
    alone = [weigh(engine, *pair) for pair in zip(contexts, texts, strict=True)]
    assert [one.logprob for one in answer.weighed] == pytest.approx(alone, abs=1e-4)
    assert answer.weighed[0].unconditional == pytest.approx(weigh(engine, "", " blue"), abs=1e-4)


def test_a_short_text_weighs_what_it_does_after_nothing(engine: TorchEngine) -> None:
    text = SENTENCES[0]
    [answer] = engine.score([Ask(prompt=Prompt(text=text), rolling=True)])
    [one] = answer.weighed
    begun = engine._tokeniser.whole(text)
    extra = len(begun) - len(engine._tokeniser._ids([text])[0])  # the token that begins it
    assert (one.characters, one.utf8_bytes) == (len(text), len(text.encode()))
    assert one.tokens == len(begun)
    if not extra:
        assert one.logprob == pytest.approx(weigh(engine, "", text), abs=1e-3)


def test_a_long_text_is_weighed_token_by_token_as_its_windows_say(engine: TorchEngine) -> None:
    import torch
    import transformers

    auto: Any = transformers.AutoModelForCausalLM
    model = auto.from_pretrained(engine._spec.folder)
    [answer] = engine.score([Ask(prompt=Prompt(text=LONG), rolling=True)])
    tokeniser = engine._tokeniser
    tokens, total = tokeniser.whole(LONG), 0.0
    assert len(tokens) > CONTEXT
    for context, tail in windows(tokens, tokeniser.begins[0], CONTEXT):
        ids = torch.tensor([[*context, *tail[:-1]]])
        logprobs = model(input_ids=ids).logits[0].detach().float().log_softmax(-1)
        last = logprobs[-len(tail) :].gather(1, torch.tensor(tail)[:, None])
        total += float(last.sum())
    assert answer.weighed[0].logprob == pytest.approx(total, abs=1e-2)
    assert answer.weighed[0].tokens == len(tokens)


@settings(deadline=None)  # the first example imports lm-eval
@given(st.integers(0, 70), st.integers(1, 20))
def test_windows_are_those_of_the_harness(count: int, longest: int) -> None:
    utils = pytest.importorskip("lm_eval.utils")
    tokens = list(range(count))
    theirs = utils.get_rolling_token_windows(tokens, -1, longest, 1)
    expected = [tuple(map(tuple, utils.make_disjoint_window(pair))) for pair in theirs]
    assert list(windows(tuple(tokens), -1, longest)) == expected


def test_too_long_a_context_is_refused_until_it_may_be_cut(engine: TorchEngine) -> None:
    ask = Ask(prompt=Prompt(text=LONG), continuations=(" blue", " of course, blue"))
    with pytest.raises(EngineRefused, match="reads 128 at most"):
        engine.score([ask])
    kept = engine._reading
    engine.read_as()
    try:
        [answer] = engine.score([ask])
        assert answer.prompt_tokens <= 2 * (CONTEXT + 1)
    finally:
        engine._reading = kept


def test_an_empty_text_has_nothing_to_weigh(tmp_path: Path) -> None:
    engine = TorchEngine(spec(build("gpt-2", tmp_path)))
    with pytest.raises(EngineRefused, match="nothing to weigh"):
        engine.score([Ask(prompt=Prompt(), rolling=True)])
    engine.close()


def test_echo_weighs_contexts_and_whole_texts_the_same_each_time() -> None:
    candidate = Candidate(
        name="echo", ref=ModelRef(text="echo", kind=RefKind.ECHO, location="echo")
    )
    engine = EchoEngine(EngineSpec(candidate=candidate, identity=identity(candidate)))
    asks = [
        Ask(prompt=Prompt(text="A whole text, weighed."), rolling=True),
        Ask(prompt=Prompt(), continuations=("a", "b"), contexts=("c", "d")),
        Ask(prompt=Prompt(), continuations=("a", "b"), contexts=("d", "c")),
    ]
    first, again = engine.score(asks), engine.score(asks)
    assert [a.weighed for a in first] == [a.weighed for a in again]
    assert [len(a.weighed) for a in first] == [1, 2, 2]
    assert first[0].weighed[0].characters == len("A whole text, weighed.")
    assert first[1].weighed != first[2].weighed
