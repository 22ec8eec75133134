import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from engines.tiny import CONTEXT, TINY, spec
from torch import Tensor

from elige.engines.torch import TorchEngine
from elige.engines.torch.network import Tokens
from elige.errors import BadInput, EngineDown, EngineRefused
from elige.records import Answer, Finish, Message, Piece, Prompt, Sampling

Folder = Callable[[str], Path]
QUESTIONS = ("The capital of France is", "Question: what is the colour of the sky?", "1 + 1 =")
PROMPTS = [Prompt(text=text) for text in QUESTIONS]
GREEDY = Sampling(max_tokens=20)


@pytest.fixture(scope="module", params=list(TINY))
def engine(request: pytest.FixtureRequest, tiny_folder: Folder) -> TorchEngine:
    return TorchEngine(spec(tiny_folder(request.param)))


@pytest.fixture(scope="module")
def llama(tiny_folder: Folder) -> TorchEngine:
    return TorchEngine(spec(tiny_folder("llama")))


def answers(engine: TorchEngine, prompts: list[Prompt], sampling: Sampling) -> list[Answer]:
    found = {p.index: p.answer for p in engine.generate(prompts, sampling) if p.answer}
    return [found[index] for index in range(len(prompts))]


def reference(engine: TorchEngine, prompt: Prompt, tokens: int) -> str:
    """What transformers itself writes greedily, as text."""
    network, tokeniser = engine._network, engine._tokeniser
    assert network is not None
    ids = torch.tensor([tokeniser.encode(prompt).ids])
    model: Any = network.model
    written = model.generate(
        ids,
        do_sample=False,
        max_new_tokens=tokens,
        attention_mask=torch.ones_like(ids),
        pad_token_id=0,
    )[0].tolist()
    before = tokeniser.text(ids[0].tolist())
    return tokeniser.text(written)[len(before) :].rstrip("\ufffd")


def test_greedy_text_is_that_of_transformers(engine: TorchEngine) -> None:
    for prompt in PROMPTS:
        (answer,) = answers(engine, [prompt], GREEDY)
        assert answer.text == reference(engine, prompt, 20)


def test_a_batch_writes_what_each_prompt_gets_alone(engine: TorchEngine) -> None:
    together = answers(engine, PROMPTS, GREEDY)
    alone = [answers(engine, [prompt], GREEDY)[0] for prompt in PROMPTS]
    assert [a.text for a in together] == [a.text for a in alone]
    assert [a.completion_tokens for a in together] == [a.completion_tokens for a in alone]


def test_sampled_text_does_not_depend_on_the_batch(engine: TorchEngine) -> None:
    sampling = Sampling(max_tokens=12, temperature=0.9, top_p=0.9, top_k=50, seed=5)
    together = answers(engine, PROMPTS, sampling)
    assert [a.text for a in together] == [answers(engine, [p], sampling)[0].text for p in PROMPTS]


def test_another_seed_gives_another_text(llama: TorchEngine) -> None:
    texts = {
        answers(llama, PROMPTS[:1], Sampling(max_tokens=12, temperature=1.0, seed=seed))[0].text
        for seed in range(5)
    }
    assert len(texts) == 5


def test_rows_that_are_done_leave_the_batch(
    llama: TorchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, rows = llama._network, []
    assert network is not None
    forward = network.forward

    def counted(tokens: Tokens, cache: object, keep: Tensor) -> Tensor:
        rows.append(len(tokens.ids))
        return forward(tokens, cache, keep)

    monkeypatch.setattr(network, "forward", counted)
    whole = answers(llama, PROMPTS, GREEDY)
    stop = (whole[0].text[4:6],)
    rows.clear()
    short = answers(llama, PROMPTS, Sampling(max_tokens=20, stop=stop))
    assert short[0].completion_tokens < 20
    assert (rows[0], rows[-1]) == (3, 2)
    assert short[1].text == whole[1].text


def test_closing_the_stream_stops_the_model_within_two_tokens(
    llama: TorchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, passes = llama._network, []
    assert network is not None
    forward = network.forward

    def counted(tokens: Tokens, cache: object, keep: Tensor) -> Tensor:
        passes.append(1)
        return forward(tokens, cache, keep)

    monkeypatch.setattr(network, "forward", counted)
    stream = llama.generate(PROMPTS, Sampling(max_tokens=64))
    next(stream)
    before = len(passes)
    stream.close()  # type: ignore[attr-defined]
    assert len(passes) - before <= 2


def test_the_models_own_sampling_settings_do_not_leak_in(tiny_folder: Folder) -> None:
    plain = TorchEngine(spec(tiny_folder("llama")))
    leaky = TorchEngine(spec(tiny_folder("llama")))
    assert leaky._network is not None
    config = leaky._network.model.generation_config
    config.temperature, config.do_sample, config.repetition_penalty = 1.9, True, 1.8
    assert answers(plain, PROMPTS, GREEDY)[0].text == answers(leaky, PROMPTS, GREEDY)[0].text


def test_a_prompt_that_does_not_fit_fails_alone(llama: TorchEngine) -> None:
    pieces = list(llama.generate([Prompt(text="word " * 200), PROMPTS[0]], GREEDY))
    failures = [piece for piece in pieces if piece.failure]
    assert [piece.index for piece in failures] == [0]
    assert isinstance(failures[0].failure, EngineRefused)
    assert str(CONTEXT) in str(failures[0].failure)
    assert [piece.index for piece in pieces if piece.answer] == [1]


def test_a_text_ends_where_the_context_ends(llama: TorchEngine) -> None:
    (answer,) = answers(llama, PROMPTS[:1], Sampling(max_tokens=10_000, temperature=2.0))
    assert answer.finish is Finish.LENGTH
    assert answer.prompt_tokens + answer.completion_tokens == CONTEXT


def test_the_tokens_that_end_a_text_come_from_all_who_know_them(tiny_folder: Folder) -> None:
    engine = TorchEngine(spec(tiny_folder("llama")))
    (whole,) = answers(engine, PROMPTS[:1], GREEDY)
    assert engine._network is not None
    ids = engine._tokeniser._tokenizer.convert_tokens_to_ids(["<|im_end|>"])
    assert set(ids) <= engine._ends
    engine._ends = engine._ends | frozenset(range(1, 400))
    (cut,) = answers(engine, PROMPTS[:1], GREEDY)
    assert (cut.text, cut.completion_tokens, cut.finish) == ("", 1, Finish.STOP)
    assert whole.completion_tokens > 1


def test_reasoning_is_split_off_and_counted(
    tiny_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = TorchEngine(spec(tiny_folder("qwen-3")))
    script = "<think>1 + 1</think>The sky"
    (answer,) = spoken(engine, script, monkeypatch)
    assert (answer.text, answer.reasoning) == ("The sky", "1 + 1")
    assert 0 < answer.reasoning_tokens < answer.completion_tokens
    assert not answer.unclosed


def test_unclosed_reasoning_is_marked(tiny_folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TorchEngine(spec(tiny_folder("qwen-3")))
    (answer,) = spoken(engine, "<think>1 + 1 = 2", monkeypatch, ends=False)
    assert (answer.text, answer.unclosed, answer.finish) == ("", True, Finish.LENGTH)
    assert answer.reasoning_tokens > 0


def spoken(
    engine: TorchEngine, script: str, monkeypatch: pytest.MonkeyPatch, *, ends: bool = True
) -> list[Answer]:
    """What comes of a model that says `script`, whatever its weights would."""
    tokenizer = engine._tokeniser._tokenizer
    ids = [*tokenizer(script)["input_ids"], *([tokenizer.eos_token_id] if ends else [])]
    said: Iterator[int] = iter(ids)
    monkeypatch.setattr(
        "elige.engines.torch.generation.pick", lambda logits, *rest: [next(said)] * len(logits)
    )
    return answers(engine, PROMPTS[:1], Sampling(max_tokens=len(ids)))


def test_half_a_character_is_never_told(
    tiny_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = TorchEngine(spec(tiny_folder("qwen-3")))
    (answer,) = spoken(engine, "a 🤖 b 漢字", monkeypatch)
    assert answer.text == "a 🤖 b 漢字"
    tokenizer = engine._tokeniser._tokenizer
    broken = tokenizer("🤖")["input_ids"][:-1]
    said = iter(broken)
    monkeypatch.setattr("elige.engines.torch.generation.pick", lambda *rest: [next(said)])
    (cut,) = answers(engine, PROMPTS[:1], Sampling(max_tokens=len(broken)))
    assert cut.text == ""


def test_an_engine_closed_in_the_middle_fails_what_is_left(tiny_folder: Folder) -> None:
    engine = TorchEngine(spec(tiny_folder("llama")))
    stream = engine.generate(PROMPTS, Sampling(max_tokens=64))
    next(stream)
    engine.close()
    rest = list(stream)
    assert {type(piece.failure) for piece in rest if piece.is_last} == {EngineDown}
    assert sorted(piece.index for piece in rest if piece.is_last) == [0, 1, 2]


def test_threads_take_turns(llama: TorchEngine) -> None:
    wanted = [answer.text for answer in answers(llama, PROMPTS, GREEDY)]
    found: list[list[str]] = []

    def work() -> None:
        found.append([answer.text for answer in answers(llama, PROMPTS, GREEDY)])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 3


def test_equal_prompts_get_equal_texts(llama: TorchEngine) -> None:
    sampling = Sampling(max_tokens=12, temperature=1.0, seed=2)
    first, second = answers(llama, [PROMPTS[0], PROMPTS[0]], sampling)
    assert first.text == second.text


@pytest.mark.parametrize(
    "sampling",
    [
        pytest.param(Sampling(max_tokens=0), id="max_tokens"),
        pytest.param(Sampling(temperature=-1), id="temperature"),
        pytest.param(Sampling(top_p=0), id="top_p"),
    ],
)
def test_sampling_without_sense_is_refused(llama: TorchEngine, sampling: Sampling) -> None:
    with pytest.raises(BadInput):
        llama.generate(PROMPTS, sampling)


def test_a_chat_streams_piece_by_piece(llama: TorchEngine) -> None:
    chat = Prompt(messages=(Message("user", "Hello"),))
    pieces = list(llama.generate([chat], GREEDY))
    assert len([piece for piece in pieces if piece.text]) > 3
    assert isinstance(pieces[-1], Piece)
    assert pieces[-1].answer is not None
    assert pieces[-1].answer.template == llama.describe().identity.template
