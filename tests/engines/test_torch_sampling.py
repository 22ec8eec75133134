import torch
from hypothesis import given
from hypothesis import strategies as st

from elige.engines.torch.sampler import dice, pick
from elige.engines.torch.writer import StopWatch
from elige.records import Sampling

ROWS = 4_000
LOGITS = torch.tensor([[0.5, 0.3, 0.15, 0.05, 0.0]]).log()
STOPS = st.lists(st.text("ab\n", min_size=1, max_size=3), max_size=3)
CHUNKS = st.lists(st.text("ab\n", min_size=1, max_size=2), max_size=12)


def drawn(sampling: Sampling, rows: int = ROWS) -> list[float]:
    """How often each token came, drawn once for each of many prompts."""
    rolls = [dice(sampling.seed, [row]) for row in range(rows)]
    tokens = pick(LOGITS.expand(rows, -1), [[0]] * rows, rolls, sampling)
    return [tokens.count(token) / rows for token in range(LOGITS.shape[1])]


def close(found: list[float], wanted: list[float]) -> bool:
    return all(abs(a - b) < 0.03 for a, b in zip(found, wanted, strict=True))


def test_tokens_come_as_often_as_the_model_says() -> None:
    assert close(drawn(Sampling(temperature=1.0)), [0.5, 0.3, 0.15, 0.05, 0.0])


def test_temperature_sharpens() -> None:
    powers = [value**2 for value in (0.5, 0.3, 0.15, 0.05, 0.0)]
    wanted = [value / sum(powers) for value in powers]
    assert close(drawn(Sampling(temperature=0.5)), wanted)


def test_top_k_keeps_the_likeliest() -> None:
    assert close(drawn(Sampling(temperature=1.0, top_k=2)), [0.625, 0.375, 0, 0, 0])


def test_top_p_keeps_the_fewest_that_reach_it() -> None:
    assert close(drawn(Sampling(temperature=1.0, top_p=0.6)), [0.625, 0.375, 0, 0, 0])
    assert close(drawn(Sampling(temperature=1.0, top_p=0.01)), [1, 0, 0, 0, 0])


def test_what_was_said_is_penalised() -> None:
    logits = torch.tensor([[2.0, 1.5, -1.0]])
    sampling = Sampling(repetition_penalty=1.5)
    assert pick(logits, [[0]], [dice(0, [0])], sampling) == [1]
    assert pick(logits, [[1]], [dice(0, [0])], sampling) == [0]


def test_a_token_without_any_probability_never_comes() -> None:
    logits = torch.tensor([[-torch.inf, 0.0, -torch.inf]]).expand(ROWS, -1)
    rolls = [dice(1, [row]) for row in range(ROWS)]
    assert set(pick(logits, [[0]] * ROWS, rolls, Sampling(temperature=1.0))) == {1}


def test_draws_for_different_prompts_are_different() -> None:
    first, second = (torch.rand(8, generator=dice(0, [prompt])) for prompt in (1, 2))
    assert not torch.equal(first, second)
    assert torch.equal(first, torch.rand(8, generator=dice(0, [1])))


@given(CHUNKS, STOPS)
def test_text_ends_before_the_first_stop_however_it_is_cut(
    chunks: list[str], stops: list[str]
) -> None:
    watch = StopWatch(stops)
    text = "".join([*(watch.feed(chunk) for chunk in chunks), watch.finish()])
    whole = "".join(chunks)
    assert whole.startswith(text)
    assert not any(stop in text for stop in stops)
    assert watch.stopped == any(stop in whole for stop in stops)
    assert watch.stopped or text == whole


def test_a_stop_cut_in_two_is_still_a_stop() -> None:
    watch = StopWatch(["\nQ:"])
    told = [watch.feed(chunk) for chunk in ("42", "\n", "Q", ":", " more")]
    assert (told, watch.stopped, watch.finish()) == (["42", "", "", "", ""], True, "")


@given(st.text("abc", max_size=20))
def test_without_stops_nothing_is_held_back(text: str) -> None:
    assert StopWatch(()).feed(text) == text
