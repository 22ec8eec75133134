"""Perplexity: per token, byte and word, over whole texts."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import elige
from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.evaluate.perplexity import Perplexity, perplexity_task
from elige.evaluate.rows import table_of
from elige.evaluate.task import load_task
from elige.records import Answer, ContinuationScore, Figure, Sample

TEXTS = ["The old dog sat.", "Ein Bär, zwei Bären.\n\nUnd ein Haus.", "one two  three four"]


def weighed(text: str, logprob: float, tokens: int) -> tuple[Sample, Answer]:
    score = ContinuationScore(
        logprob=logprob, tokens=tokens, characters=len(text), utf8_bytes=len(text.encode())
    )
    return Sample(id=text[:3], question=text, target=""), Answer(weighed=(score,))


def figures(answered: list[tuple[Sample, Answer]]) -> dict[str, Figure]:
    return {one.name: one for one in Perplexity().figures(answered, confidence=0.95, seed=0)}


def test_units_are_summed_over_all_texts_before_they_are_divided() -> None:
    found = figures([weighed("a b", -2.0, 4), weighed("ccc", -4.0, 2)])
    assert found["byte_perplexity"].value == pytest.approx(math.exp(6 / 6))
    assert found["bits_per_byte"].value == pytest.approx(1 / math.log(2))
    assert found["word_perplexity"].value == pytest.approx(math.exp(6 / 3))
    assert found["token_perplexity"].value == pytest.approx(math.exp(6 / 6))


def test_words_are_parted_by_any_white_space_and_bytes_are_utf8() -> None:
    found = figures([weighed("Bär\n\t zwei", -8.0, 3)])
    assert found["word_perplexity"].value == pytest.approx(math.exp(8 / 2))
    assert found["byte_perplexity"].value == pytest.approx(math.exp(8 / 11))


def test_one_text_has_no_interval_and_several_have_one_around_the_value() -> None:
    assert figures([weighed("a b", -2.0, 4)])["bits_per_byte"].interval is None
    several = [weighed(f"text {n}", -1.0 - n, 4) for n in range(12)]
    low, high = figures(several)["word_perplexity"].interval or (0.0, 0.0)
    assert low < figures(several)["word_perplexity"].value < high


def test_what_cannot_be_is_infinite_and_no_crash() -> None:
    assert figures([weighed("a", -1e6, 1)])["token_perplexity"].value == math.inf


@given(st.text(min_size=1), st.floats(-1e6, 0.0), st.integers(1, 99))
def test_a_score_lies_between_nothing_and_one(text: str, logprob: float, tokens: int) -> None:
    sample, answer = weighed(text, logprob, tokens)
    assert 0.0 <= Perplexity().score(sample, answer).value <= 1.0


def test_the_longest_texts_are_read_where_no_column_is_called_so() -> None:
    rows = [{"n": "1", "prosa": one} for one in TEXTS]
    task = perplexity_task(table_of(rows), TaskOptions(), "rows")
    assert [sample.question for sample in task.samples] == TEXTS
    named = perplexity_task(table_of(rows), TaskOptions(question="n"), "rows")
    assert [sample.question for sample in named.samples] == ["1", "1", "1"]
    assert len({sample.id for sample in named.samples}) == 3


def test_rows_without_a_text_are_set_aside_and_none_at_all_is_told() -> None:
    task = perplexity_task(table_of([{"text": "x"}, {"text": " "}]), TaskOptions(), "rows")
    assert [one.row for one in task.set_aside] == [2]
    with pytest.raises(BadInput, match="no row has a text in the column 'text'"):
        perplexity_task(table_of([{"text": ""}]), TaskOptions(), "rows")
    with pytest.raises(BadInput, match="no column 'txet'"):
        perplexity_task(table_of([{"text": "x"}]), TaskOptions(question="txet"), "rows")
    with pytest.raises(BadInput, match="instruction means nothing"):
        perplexity_task(table_of([{"text": "x"}]), TaskOptions(instruction="Read."), "rows")


def test_a_file_of_prose_is_one_text(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("Call me Ishmael.\nSome years ago, ", "utf-8")
    task = load_task(path, TaskOptions(scorer="perplexity"))
    assert [one.question for one in task.samples] == ["Call me Ishmael.\nSome years ago, "]


def test_evaluate_shows_the_figures_and_a_race_needs_the_mean(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(
        "".join(json.dumps({"text": f"{one} {n}"}) + "\n" for n in range(9) for one in TEXTS)
    )
    result = elige.evaluate(path, "echo", scorer="perplexity")
    assert result.score is None
    assert result.headline.startswith("echo: bits_per_byte ")
    assert [one["name"] for one in result.facts()["figures"]] == [
        *("bits_per_byte", "byte_perplexity", "word_perplexity", "token_perplexity")
    ]
    with pytest.raises(BadInput, match="figure of the whole file") as told:
        elige.choose(path, ["echo", "echo,skill=1"], scorer="perplexity")
    assert "--estimates mean" in told.value.hint
    raced = elige.choose(path, ["echo", "echo,skill=1"], scorer="perplexity", estimates="mean")
    assert raced.candidates[0].score is not None


def test_the_limit_takes_so_many_texts() -> None:
    rows = [{"text": f"{one} {n}"} for n in range(9) for one in TEXTS]
    assert elige.evaluate(rows, "echo", scorer="perplexity", limit=5).evaluation.samples == 5


@pytest.mark.parametrize("said", ["shots=2", "prompt=chat", "system=Be brief."])
def test_what_stands_around_a_prompt_is_refused(said: str) -> None:
    with pytest.raises(BadInput, match="texts are read as they are"):
        elige.evaluate([{"text": "x"}] * 3, f"echo,{said}", scorer="perplexity")
