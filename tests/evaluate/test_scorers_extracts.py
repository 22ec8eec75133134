"""Which number, and which letter, of an answer counts: by the way that was asked for."""

import json
from pathlib import Path

import pytest
from evaluate.scoring import said, sample
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.scorers import choice, judge, number
from elige.records import Finish, Outcome

MANY = "First 3, then \\boxed{4}. The answer is 5.\n#### 6\nand 7 left"


@pytest.mark.parametrize(
    ("extract", "found", "how"),
    [
        pytest.param("boxed", "4", "in a box", id="boxed"),
        pytest.param("hash", "6", "after ####", id="hash"),
        pytest.param("answer", "5", "stated as the answer", id="answer"),
        pytest.param("first", "3", "the first number", id="first"),
        pytest.param("last", "7", "the last number", id="last"),
        pytest.param("auto", "4", "in a box", id="auto"),
        pytest.param("hash,boxed", "6", "after ####", id="in the order given"),
    ],
)
def test_the_way_decides_which_number_is_read(extract: str, found: str, how: str) -> None:
    score = number(extract=extract)(sample(found), said(MANY))
    assert (score.value, score.why) == (1.0, f"saw {found} ({how})")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        pytest.param("She has 3 left of 9. The answer is 18 eggs, not 9.", "18", id="not the last"),
        pytest.param("The answer is 3 + 2 = 5 apples. Bob has 9.", "5", id="behind its ="),
        pytest.param("**Answer:** $1,200 for 3 months", "1200", id="bold, currency, unit"),
        pytest.param("Answer: 25% of 80", "0.25", id="percent"),
        pytest.param("Final answer: 3/4 of 12", "0.75", id="fraction"),
        pytest.param("Answer 1: 5\nAnswer 2: 7", "7", id="numbered answers"),
        pytest.param("La respuesta es 42. Hay 3 más.", "42", id="Spanish"),
        pytest.param("答案是 42。还有 3 个", "42", id="Chinese"),
        pytest.param("The answer is 3.5 km. In 2 days.", "3.5", id="a dot ends no number"),
        pytest.param("The answer is unknown. So 7", "7", id="stated without a number"),
    ],
)
def test_a_stated_number_comes_before_a_merely_last_one(text: str, target: str) -> None:
    assert number()(sample(target), said(text)).value == 1.0


def test_a_pattern_of_ones_own_may_be_one_of_the_ways() -> None:
    scorer = number(extract="pattern,last", pattern=r"total: (\S+)")
    assert scorer(sample("44"), said("total: 44 of 50")).why == "saw 44 (found by the pattern)"
    assert scorer(sample("50"), said("44 of 50")).value == 1.0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param({"extract": "boxd"}, "'boxd'", id="unknown way"),
        pytest.param({"extract": ","}, "names nothing", id="no way"),
        pytest.param({"extract": "pattern"}, "goes with", id="pattern missing"),
        pytest.param({"pattern": "x"}, "goes with", id="pattern unused"),
        pytest.param({"extract": "pattern", "pattern": "("}, "no regular", id="bad pattern"),
    ],
)
def test_bad_ways_are_refused(options: dict[str, str], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        number(**options)


def test_nothing_found_is_unparsed_and_says_where_it_looked() -> None:
    score = number(extract="boxed,hash")(sample("5"), said("it is 5"))
    assert (score.outcome, score.why) == (Outcome.UNPARSED, "no number in a box or after ####")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param("So 3 + 4 = 9 and", Outcome.TRUNCATED, id="working"),
        pytest.param("The answer is 9. Because", Outcome.SCORED, id="stated"),
    ],
)
def test_in_a_cut_answer_only_a_marked_number_is_an_answer(text: str, outcome: Outcome) -> None:
    assert judge(number(), sample("7"), said(text, Finish.LENGTH)).outcome is outcome


def test_the_worked_answers_of_gsm8k_are_read(shared_data: Path) -> None:
    lines = (shared_data / "benchmarks" / "gsm8k_test_even.jsonl").read_text("utf-8").splitlines()
    worked = [json.loads(line)["answer"] for line in lines]
    finals = [text.rpartition("#### ")[2] for text in worked]
    assert len(worked) > 600
    for extract in ("auto", "hash", "last"):
        scorer = number(extract=extract)
        pairs = zip(worked, finals, strict=True)
        assert all(scorer(sample(final), said(text)).value == 1.0 for text, final in pairs)


@given(st.text(max_size=80), st.sampled_from(["auto", "boxed", "hash", "answer", "first"]))
def test_any_text_gets_a_score(text: str, extract: str) -> None:
    assert number(extract=extract)(sample("5"), said(text)).value in {0.0, 1.0}


FRUIT = ("apple", "pear", "plum", "fig")


@pytest.mark.parametrize(
    ("extract", "text", "right"),
    [
        pytest.param("first", "B, though C is close. A", "pear", id="first letter"),
        pytest.param("last", "B, though C is close: D.", "fig", id="last letter"),
        pytest.param("last", "(b) rather than (c)", "pear", id="a denied letter is none"),
        pytest.param("first", "A pear: B", "pear", id="A that is a word"),
        pytest.param("first", "DNA, ABC, I'd say C", "plum", id="never within a word"),
        pytest.param("stated", "A or B? The answer is (C).", "plum", id="stated"),
        pytest.param("boxed,last", "A. \\boxed{D}", "fig", id="boxed"),
        pytest.param("whole", " b. ", "pear", id="whole"),
        pytest.param("line", "C) plum\nnot A", "plum", id="first line"),
        pytest.param("mentioned", "surely the fig", "fig", id="by its text"),
        pytest.param("boxed,last", "maybe C", "plum", id="in the order given"),
    ],
)
def test_the_way_decides_which_letter_is_read(extract: str, text: str, right: str) -> None:
    score = choice(extract=extract)(sample(right, choices=FRUIT), said(text))
    assert (score.value, score.predicted) == (1.0, right)


@pytest.mark.parametrize(
    ("extract", "text"),
    [
        pytest.param("whole", "The answer is B.", id="more than the letter"),
        pytest.param("stated", "B", id="nothing stated"),
        pytest.param("first,last", "DNA and ABBA", id="letters within words"),
        pytest.param("last", "Z", id="no such choice"),
        pytest.param("boxed", "B", id="no box"),
    ],
)
def test_what_the_way_does_not_find_is_unparsed(extract: str, text: str) -> None:
    score = choice(extract=extract)(sample("pear", choices=FRUIT), said(text))
    assert score.outcome is Outcome.UNPARSED


def test_an_unknown_way_to_read_letters_is_refused() -> None:
    with pytest.raises(BadInput, match="'frist'") as caught:
        choice(extract="frist")
    assert "first" in caught.value.hint


@given(st.text(max_size=80), st.sampled_from(["auto", "first", "last", "stated", "mentioned"]))
def test_any_text_is_read_or_unparsed(text: str, extract: str) -> None:
    score = choice(extract=extract)(sample("pear", choices=FRUIT), said(text))
    assert (score.outcome is Outcome.UNPARSED) == (score.predicted == "")
