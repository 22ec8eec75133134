"""Choices: weighed by log-probability, or read out of text."""

import math
from dataclasses import replace

import pytest
from evaluate.scoring import CITIES, said, sample, weighed
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.scorers import choice
from elige.evaluate.scorers.letters import ChoiceReader
from elige.evaluate.scorers.weighing import normalised
from elige.records import Answer, Outcome

PARIS = sample("Paris", choices=CITIES)


@pytest.mark.parametrize(
    "text",
    [
        "B", "(B)", "b", "b.", "B.", "B,", "[B]", "**B**", "<b>", "Ｂ", "（Ｂ）",
        "Answer: B", "**Answer:** B", "Answer:\nB", "Answer:B", "Final answer: B.", "answer is b",
        "The answer is **B**.", "The answer to this question is B: Paris",
        "The best choice would be (B).",
        "The correct answer is option B, because of history.", "Option B", "I choose B",
        "I'd go with B.", "I think it's B", "B is the correct answer", "A is wrong. B is correct.",
        "The answer is A? No. The answer is B.", "The answer is not A. The answer is B",
        "B. Paris", "B) Paris", "B: Paris", "B - Paris", "B\nIt is the capital.",
        "Paris", "paris.", "Answer: Paris", 'The answer is "Paris".',
        "It must be Paris, of course.", "Paris is the capital.", "Paris, not London",
        "2)", "2", "(2)", "Option 2", "\\boxed{B}", "so $\\boxed{\\text{B}}$",
        "La respuesta es B", "respuesta correcta: b", "La opción correcta es la B",
        "Antwort: B", "Die richtige Antwort lautet B.", "Réponse : B", "La risposta è B",
        "答案是B", "答案：Ｂ", "正解はBです", "정답은 B입니다", "ответ: B",
        "B\n\nQuestion: another one?\nAnswer: C",
    ],
)  # fmt: skip
def test_the_second_choice_is_read(text: str) -> None:
    score = choice()(PARIS, said(text))
    assert (score.value, score.outcome, score.predicted) == (1.0, Outcome.SCORED, "Paris")


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "I don't know.", "A or B", "The answer is A or B", "either A or B", "(A) or (B)",
        "either Paris or Rome", "The answer is not B", "Not Paris", "not (B)", "B. Rome", "A B C D",
        "The answer is a bit complex", "a cat sat", "I am not sure", "I", "E", "Answer: E", "7",
        "Vitamin C helps", "Paris is larger than Rome", "Paris, Rome or Berlin",
    ],
)  # fmt: skip
def test_nothing_is_guessed(text: str) -> None:
    assert choice()(PARIS, said(text)).outcome is Outcome.UNPARSED


@pytest.mark.parametrize(
    ("choices", "text", "index"),
    [
        pytest.param(("B", "A", "D", "C"), "A", None, id="letters as texts are ambiguous"),
        pytest.param(("B", "A", "D", "C"), "answer is A", None, id="also when stated"),
        pytest.param(("2", "4", "1", "3"), "2", 0, id="a number that is a text is no index"),
        pytest.param(("2", "4", "1", "3"), "Answer: 4.", 1, id="stated number"),
        pytest.param(("2", "4", "12", "3"), "It makes 12", 2, id="number mentioned"),
        pytest.param(("A cat", "A dog"), "Answer: A dog", 1, id="an article is no letter"),
        pytest.param(("A cat", "A dog"), "A. A cat", 0, id="a letter before an article"),
        pytest.param(("York", "New York"), "It is in New York", 1, id="the longest text"),
        pytest.param(("York", "New York"), "It is in York", 0, id="the shorter text"),
        pytest.param(("yes", "no"), "No, it is not.", 1, id="no as an answer"),
        pytest.param(("+", "-"), "-", 1, id="punctuation as choices"),
        pytest.param(("Madrid", "Málaga"), "MÁLAGA", 1, id="accents and capitals"),
        pytest.param(("東京", "京都"), "それは京都です", 1, id="script without spaces"),
        pytest.param(("same", "same"), "same", None, id="equal choices"),
    ],
)
def test_reading(choices: tuple[str, ...], text: str, index: int | None) -> None:
    assert ChoiceReader(choices).read(text).index == index


def test_the_likeliest_choice_wins() -> None:
    score = choice()(PARIS, weighed(-3.0, -1.0, -2.0, -4.0))
    assert (score.value, score.predicted) == (1.0, "Paris")


def test_a_wrong_choice_is_told_with_both_weights() -> None:
    score = choice()(PARIS, weighed(-0.5, -1.0, -2.0, -4.0))
    assert score.value == 0.0
    assert score.why == "likeliest: 'London' (-0.500), right: 'Paris' (-1.000)"


def test_of_equally_likely_choices_the_first_counts_and_says_so() -> None:
    score = choice()(PARIS, weighed(-2.0, -1.0, -1.0, -4.0))
    assert (score.value, "first of 2 equally likely" in score.why) == (1.0, True)


@pytest.mark.parametrize(
    ("normalise", "expected"),
    [
        pytest.param("plain", [-4.0, -6.0], id="as it is"),
        pytest.param("char", [-4.0 / 2, -6.0 / 4], id="lm-eval's acc_norm leaves out the space"),
        pytest.param("byte", [-4.0 / 2, -6.0 / 5], id="utf-8 bytes"),
        pytest.param("token", [-4.0 / 1, -6.0 / 1], id="tokens"),
        pytest.param("unconditional", [-4.0 + 1, -6.0 + 2], id="relative to the bare choice"),
    ],
)
def test_normalising(normalise: str, expected: list[float]) -> None:
    texts = ("no", "años")
    answer = weighed(-4.0, -6.0, texts=texts)
    assert normalised(answer.weighed, texts, normalise) == pytest.approx(expected)


def test_letters_are_normalised_by_what_was_sent() -> None:
    answer = weighed(-4.0, -6.0, texts=("A", "B"))
    assert normalised(answer.weighed, ("short", "a long choice"), "char") == [-2.0, -3.0]


@pytest.mark.parametrize("bad", [math.nan, -math.inf], ids=["nan", "all impossible"])
def test_broken_weights_are_unparsed_not_wrong(bad: float) -> None:
    assert choice()(PARIS, weighed(bad, bad, bad, bad)).outcome is Outcome.UNPARSED


def test_one_impossible_choice_does_not_hide_the_others() -> None:
    assert choice()(PARIS, weighed(-math.inf, -1.0, -2.0, -math.inf)).value == 1.0


def test_relative_weights_that_were_not_asked_for_are_an_error() -> None:
    answer = weighed(-1.0, -2.0, -3.0, -4.0)
    bare = Answer(weighed=tuple(replace(one, unconditional=None) for one in answer.weighed))
    with pytest.raises(BadInput, match="unconditional"):
        choice(normalise="unconditional")(PARIS, bare)


def test_a_target_outside_the_choices_is_an_error_naming_the_sample() -> None:
    with pytest.raises(BadInput, match="'s1'.*'Oslo'"):
        choice()(sample("Oslo", choices=CITIES), said("B"))


@given(text=st.text(max_size=300))
def test_any_text_gives_a_score_in_bounds(text: str) -> None:
    assert choice()(PARIS, said(text)).value in {0.0, 1.0}


@given(
    st.lists(st.floats(-50, -0.01), min_size=2, max_size=6, unique=True).flatmap(
        lambda values: st.tuples(st.just(values), st.permutations(range(len(values))))
    )
)
def test_the_order_of_the_choices_does_not_matter(
    case: tuple[list[float], list[int]],
) -> None:
    values, order = case
    names = tuple(f"choice {index}" for index in range(len(values)))
    moved = tuple(names[index] for index in order)
    one = choice()(sample(names[0], choices=names), weighed(*values))
    two = choice()(sample(names[0], choices=moved), weighed(*(values[i] for i in order)))
    assert (one.value, one.predicted) == (two.value, two.predicted)


@given(st.sampled_from("ABCD"), st.permutations(CITIES))
def test_a_letter_names_whatever_stands_there(letter: str, cities: list[str]) -> None:
    score = choice()(sample("Rome", choices=tuple(cities)), said(f"The answer is ({letter})."))
    assert score.predicted == cities["ABCD".index(letter)]
