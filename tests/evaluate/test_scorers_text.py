"""Texts compared: exact, contains, token F1, regular expressions."""

import time

import pytest
from evaluate.scoring import said, sample
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.scorers import contains, exact, regex, token_f1
from elige.evaluate.scorers.strings import shared_f1
from elige.records import Outcome


@pytest.mark.parametrize(
    ("text", "target", "options", "value"),
    [
        pytest.param(" Paris.\n", "paris", {}, 1, id="case, space, punctuation"),
        pytest.param("Paris", "paris", {"ignore_case": "false"}, 0, id="case kept"),
        pytest.param("Ｐａｒｉｓ", "Paris", {}, 1, id="full width"),
        pytest.param("Cafe\u0301", "café", {}, 1, id="composed and decomposed"),
        pytest.param("Malaga", "Málaga", {}, 0, id="accents matter"),
        pytest.param("Malaga", "Málaga", {"ignore_accents": "yes"}, 1, id="accents ignored"),
        pytest.param("The cat", "cat", {"ignore_articles": "true"}, 1, id="articles ignored"),
        pytest.param("+", "-", {}, 0, id="punctuation alone stays different"),
        pytest.param("Paris is it", "Paris", {}, 0, id="more than the target"),
    ],
)
def test_exact(text: str, target: str, options: dict[str, str], value: float) -> None:
    assert exact(**options)(sample(target), said(text)).value == value


def test_any_alias_is_right() -> None:
    assert exact()(sample("United Kingdom", "UK"), said("uk")).value == 1.0


@pytest.mark.parametrize(
    ("text", "target", "value"),
    [
        pytest.param("It is Paris, of course", "paris", 1, id="a word"),
        pytest.param("comparison", "paris", 0, id="part of a word"),
        pytest.param("a catalogue", "cat", 0, id="a word's beginning"),
        pytest.param("costs 150", "15", 0, id="part of a number"),
        pytest.param("C++ is fast", "c++", 1, id="punctuation at its end"),
        pytest.param("それは京都です", "京都", 1, id="script without spaces"),
        pytest.param("在Paris吗", "Paris", 1, id="Latin inside Chinese"),
        pytest.param("the  United\nStates", "United States", 1, id="any space"),
    ],
)
def test_contains(text: str, target: str, value: float) -> None:
    assert contains()(sample(target), said(text)).value == value


# The first four come from running SQuAD 2.0's compute_f1 by hand.
@pytest.mark.parametrize(
    ("text", "target", "value"),
    [
        pytest.param("The cat sat.", "a cat sat", 1.0, id="articles and punctuation"),
        pytest.param("cat", "cat sat", 2 / 3, id="half the target"),
        pytest.param("cat cat", "cat", 2 / 3, id="repeats count"),
        pytest.param("dog", "cat", 0.0, id="nothing shared"),
        pytest.param("东京", "东京都", 0.8, id="characters as tokens"),
        pytest.param("la niña", "La niña.", 1.0, id="Spanish"),
    ],
)
def test_token_f1(text: str, target: str, value: float) -> None:
    assert token_f1()(sample(target), said(text)).value == pytest.approx(value)


def test_token_f1_takes_the_best_target() -> None:
    assert token_f1()(sample("dog", "black cat", "cat"), said("cat")).value == 1.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_shared_f1_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert shared_f1(one, other) == shared_f1(other, one)
    assert 0.0 <= shared_f1(one, other) <= 1.0


@given(st.lists(st.sampled_from(["cat", "dog", "sun", "la"]), min_size=1), st.randoms())
def test_shared_f1_does_not_look_at_the_order(words: list[str], random: object) -> None:
    assert shared_f1(" ".join(words), " ".join(reversed(words))) == 1.0


@given(st.text(min_size=1, max_size=60))
def test_a_text_equals_itself(text: str) -> None:
    if text.strip():
        assert exact()(sample(text), said(text)).value == 1.0
        assert token_f1()(sample(text), said(text)).value == 1.0


@pytest.mark.parametrize("scorer", [exact(), contains(), token_f1()], ids=["exact", "in", "f1"])
def test_an_empty_answer_is_unparsed(scorer: object) -> None:
    assert callable(scorer)
    assert scorer(sample("x"), said(" \n")).outcome is Outcome.UNPARSED


@pytest.mark.parametrize("scorer", [exact(), contains()], ids=["exact", "contains"])
def test_an_empty_target_is_an_error_naming_the_sample(scorer: object) -> None:
    assert callable(scorer)
    with pytest.raises(BadInput, match="'s1'"):
        scorer(sample("  "), said("x"))


@pytest.mark.parametrize(
    ("text", "options", "value"),
    [
        pytest.param("answer is Paris", {"pattern": r"answer is (\w+)"}, 1, id="first group"),
        pytest.param("Paris", {"pattern": r"\w+"}, 1, id="whole match"),
        pytest.param("x: Rome", {"pattern": r"(x): (?P<c>\w+)", "group": "c"}, 0, id="named"),
        pytest.param("Rome Paris", {"pattern": r"\w+", "take": "last"}, 1, id="last"),
        pytest.param("Rome Paris", {"pattern": r"\w+"}, 0, id="first"),
        pytest.param("PARIS", {"pattern": "(paris)", "ignore_case": "true"}, 1, id="any case"),
    ],
)
def test_regex(text: str, options: dict[str, str], value: float) -> None:
    assert regex(**options)(sample("Paris"), said(text)).value == value


def test_regex_compares_numbers_when_asked() -> None:
    scorer = regex(pattern=r"= (\S+)", compare="number")
    assert scorer(sample("1200"), said("x = 1,200.0")).value == 1.0


def test_no_match_is_unparsed() -> None:
    assert regex(pattern="z")(sample("x"), said("abc")).outcome is Outcome.UNPARSED


@pytest.mark.parametrize(
    "options",
    [{"pattern": "("}, {"pattern": "a", "group": "2"}, {"pattern": "a", "take": "middle"}],
    ids=["no pattern", "no such group", "bad option"],
)
def test_a_bad_pattern_is_refused_before_anything_is_asked(options: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        regex(**options)


def test_a_pattern_without_end_is_stopped() -> None:
    started = time.perf_counter()
    with pytest.raises(BadInput, match=r"took over 1 s .*'s1'"):
        regex(pattern=r"(a|aa)+$")(sample("x"), said("a" * 60 + "b"))
    assert time.perf_counter() - started < 20
