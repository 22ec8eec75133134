"""Numbers read out of text."""

from fractions import Fraction

import pytest
from evaluate.scoring import said, sample
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.scorers import judge, last_number
from elige.evaluate.scorers.numbers import NumberReader
from elige.records import Answer, Finish, Outcome


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("28 + 32 = 60", [28, 32, 60], id="sum"),
        pytest.param("It is 1,200.", [1200], id="thousands and a full stop"),
        pytest.param("$1,200.50.", ["1200.5"], id="money"),
        pytest.param("-$5 and $-6", [-5, -6], id="negative money"),
        pytest.param("12,34,567", [1234567], id="Indian grouping"),
        pytest.param("x = -3.5, not −7", ["-3.5", -7], id="signs"),
        pytest.param("答案是-5", [-5], id="sign after another script"),
        pytest.param("3-5, 10–20, 5 - 3", [3, 5, 10, 20, 5, 3], id="ranges and differences"),
        pytest.param("5 -3 and (2)-4", [5, 3, 2, 4], id="taken away, not negative"),
        pytest.param("- 3 apples", [3], id="a bullet is no sign"),
        pytest.param("1,2,3", [1, 2, 3], id="list"),
        pytest.param("1.200,50 or 1.200.000", ["1200.5", 1200000], id="European when unambiguous"),
        pytest.param("1 200 and 1'200 and 1{,}200", [1, 200, 1200, 1200], id="other separators"),
        pytest.param("1\u202f200", [1200], id="narrow space"),
        pytest.param(
            "1e3, 2.5E-1, 1.2 x 10^3, 4 × 10⁻²", [1000, "0.25", 1200, "0.04"], id="powers"
        ),
        pytest.param("3/4, 2½, 1 1/2, \\frac{1}{8}", ["3/4", "5/2", "3/2", "1/8"], id="fractions"),
        pytest.param("12/05/2020 and 1/0", [12, 5, 2020, 1, 0], id="no fractions"),
        pytest.param("25 cm² of H2O, v1.2", [25], id="units and names"),
        pytest.param("**42** １２３ ٣٤", [42, 123, 34], id="markup and digits of other scripts"),
        pytest.param("USD50 R$7", [50, 7], id="currency codes"),
        pytest.param("1e999999 " + "9" * 5000, [], id="absurd sizes"),
        pytest.param("six", [], id="none"),
    ],
)
def test_numbers_are_read(text: str, values: list[int | str]) -> None:
    assert [one.value for one in NumberReader().all(text)] == [Fraction(one) for one in values]


@pytest.mark.parametrize(
    ("text", "value"),
    [("3,14", "3.14"), ("1.200", "1200"), ("1.200,50 €", "1200.5"), ("0,5", "0.5")],
)
def test_decimal_commas_are_read_when_asked_for(text: str, value: str) -> None:
    assert last_number(decimal="comma")(sample(value.replace(".", ",")), said(text)).value == 1.0


@pytest.mark.parametrize(
    ("answer", "target", "value"),
    [
        pytest.param("28 + 32 = 60", "60", 1, id="at the end"),
        pytest.param("It is 1,200.", "1200", 1, id="thousands separator"),
        pytest.param("about 25", "5", 0, id="a suffix is not the number"),
        pytest.param("60.0", "60", 1, id="equal by value"),
        pytest.param("so 7 in all\n#### 42\nThat was 6 steps", "42", 1, id="GSM8K's mark wins"),
        pytest.param("\\boxed{42}, which took 3 steps", "42", 1, id="a box wins"),
        pytest.param("42", "6*7 steps\n#### 42", 1, id="a GSM8K target"),
        pytest.param("25%", "25", 1, id="percent as the number"),
        pytest.param("25%", "0.25", 1, id="percent as a share"),
        pytest.param("25", "25%", 1, id="target in percent"),
        pytest.param("0.5%", "50", 0, id="percent is not the inverse"),
        pytest.param(
            "4\n\nQuestion: what is 9 + 9?\nAnswer: 18", "4", 1, id="its own next question"
        ),
    ],
)
def test_last_number(answer: str, target: str, value: float) -> None:
    assert last_number()(sample(target), said(answer)).value == value


def test_the_reason_shows_what_was_seen_and_wanted() -> None:
    score = last_number()(sample("5"), said("about 25"))
    assert (score.why, score.extracted) == ("saw 25 (the last number), wanted 5", "25")


def test_no_number_is_unparsed() -> None:
    assert last_number()(sample("5"), said("I do not know")).outcome is Outcome.UNPARSED


@pytest.mark.parametrize(
    ("options", "value"),
    [({}, 0.0), ({"tolerance": "0.01"}, 1.0), ({"relative": "0.01"}, 1.0)],
    ids=["exact", "absolute", "relative"],
)
def test_tolerance(options: dict[str, str], value: float) -> None:
    assert last_number(**options)(sample("3.14"), said("3.1416")).value == value


@pytest.mark.parametrize("bad", ["-1", "much", "nan", "inf"])
def test_a_bad_tolerance_is_refused(bad: str) -> None:
    with pytest.raises(BadInput, match="tolerance"):
        last_number(tolerance=bad)


def test_a_target_without_a_number_is_an_error_naming_the_sample() -> None:
    with pytest.raises(BadInput, match="'s1'.*'many'"):
        last_number()(sample("many"), said("5"))


@given(st.integers(-(10**15), 10**15))
def test_every_integer_is_read_back_in_every_notation(number: int) -> None:
    for text in (str(number), f"{number:,}", f"It is {number}.", f"#### {number}", f"${number:,}"):
        assert last_number()(sample(str(number)), said(text)).value == 1.0


@given(st.text(alphabet="0123456789.,-+/%$eE^{}\\ \n#boxed¼⁵x", max_size=120))
def test_any_text_gives_a_score_in_bounds(text: str) -> None:
    assert last_number()(sample("5"), said(text)).value in {0.0, 1.0}


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param("First 3 + 4 = 7, then", Outcome.TRUNCATED, id="still working"),
        pytest.param("So it is 60", Outcome.SCORED, id="right as it stands"),
        pytest.param("#### 7\nNext question", Outcome.SCORED, id="marked, then running on"),
    ],
)
def test_a_cut_answer_without_a_final_number_is_truncated_not_wrong(
    text: str, outcome: Outcome
) -> None:
    cut = Answer(text=text, finish=Finish.LENGTH)
    assert judge(last_number(), sample("60"), cut).outcome is outcome
