"""How many questions are asked and kept together, and that this follows from them alone."""

from dataclasses import replace
from itertools import pairwise

import pytest
from evaluate.asking_engines import echo, entered
from hypothesis import given
from hypothesis import strategies as st

from elige.evaluate.asking import Question
from elige.evaluate.chunks import (
    CHUNK,
    Bounds,
    bounds,
    chunked,
    estimated_tokens,
    shared_length,
    windowed,
)
from elige.records import AnswerKey, Ask, Prompt, RefKind, Sample

INFO = replace(entered(echo()).info, concurrency=256)
LOCAL = echo(kind=RefKind.FOLDER)


def question(index: int, text: str) -> Question:
    return Question(
        index=index,
        sample=Sample(id=str(index), question=text, target=""),
        ask=Ask(prompt=Prompt(text=text), continuations=(" A", " B")),
        key=AnswerKey(candidate="c", sent=str(index)),
    )


def asked(texts: list[str]) -> list[Question]:
    return [question(index, text) for index, text in enumerate(texts)]


@given(st.lists(st.text("ab ", max_size=60), max_size=40), st.integers(1, 9), st.integers(1, 40))
def test_chunks_hold_every_question_once_in_order_and_keep_their_bounds(
    texts: list[str], most: int, tokens: int
) -> None:
    chunks = [*chunked(asked(texts), Bounds(questions=most, tokens=tokens))]
    assert [one.index for chunk in chunks for one in chunk] == [*range(len(texts))]
    assert all(1 <= len(chunk) <= most for chunk in chunks)
    for chunk in chunks:
        sizes = [
            estimated_tokens(
                one.ask, shared=shared_length(before.sample.question, one.sample.question)
            )
            for before, one in pairwise(chunk)
        ]
        assert sum(sizes) <= tokens


@given(st.text("ab"), st.text("ab"))
def test_the_shared_beginning_is_as_long_as_it_gets(first: str, second: str) -> None:
    length = shared_length(first, second)
    assert first[:length] == second[:length]
    assert first[length : length + 1] != second[length : length + 1] or not first[length:]


def test_examples_that_all_prompts_share_are_counted_once() -> None:
    shots = "an example of how to answer " * 100
    texts = [f"{shots}question {number:03}" for number in range(100)]
    chunks = [*chunked(asked(texts), Bounds(questions=1000, tokens=1200))]
    assert len(chunks) == 1
    alone = [f"{number:03} {shots}" for number in range(100)]
    assert len([*chunked(asked(alone), Bounds(questions=1000, tokens=1200))]) == 100


@pytest.mark.parametrize(
    ("device", "parameters", "weighed", "expected"),
    [
        pytest.param("cpu", 135_000_000, True, (256, 4444), id="small, weighed"),
        pytest.param("cpu", 135_000_000, False, (CHUNK, 4444), id="small, generated"),
        pytest.param("cpu", 7_000_000_000, True, (256, 1024), id="large on a processor"),
        pytest.param("cuda", 7_000_000_000, True, (256, 57_142), id="large on a GPU"),
        pytest.param("cuda", 135_000_000, False, (256, 65_536), id="small on a GPU"),
        pytest.param("none", None, True, (256, 65_536), id="nothing known"),
    ],
)
def test_a_chunk_is_what_the_engine_does_in_some_seconds(
    device: str, parameters: int | None, expected: tuple[int, int], *, weighed: bool
) -> None:
    info = replace(INFO, device=device, parameters=parameters)
    found = bounds(LOCAL, info, weighed=weighed)
    assert (found.questions, found.tokens) == expected


@pytest.mark.parametrize(("at_once", "questions"), [(1, CHUNK), (8, 32), (64, 256)])
def test_an_endpoint_is_handed_more_than_it_has_open_at_once(at_once: int, questions: int) -> None:
    info = replace(INFO, concurrency=at_once)
    assert bounds(echo(kind=RefKind.ENDPOINT), info, weighed=False).questions == questions


@given(st.lists(st.lists(st.integers(), min_size=1, max_size=5), max_size=20), st.integers(1, 9))
def test_windows_hold_whole_chunks(chunks: list[list[int]], size: int) -> None:
    windows = [*windowed(chunks, size)]
    assert [chunk for window in windows for chunk in window] == chunks
    assert all(sum(map(len, window)) >= size for window in windows[:-1])
    assert all(sum(map(len, window[:-1])) < size for window in windows)
