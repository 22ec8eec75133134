from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.loader.candidate import parse_candidate, unique_names


def test_keys_reach_their_fields() -> None:
    made = parse_candidate(
        "gemma-3-270m,shots=5,prompt=plain,temperature=0.7,top_p=0.9,top_k=40,max_tokens=64,"
        "seed=3,dtype=bfloat16,engine=torch,input_price=0.10,output_price=0.4"
    )

    assert (made.shots, made.prompt, made.temperature) == (5, "plain", 0.7)
    assert (made.top_p, made.top_k, made.max_tokens, made.seed) == (0.9, 40, 64, 3)
    assert (made.dtype, made.engine) == ("bf16", "torch")
    assert (made.input_price, made.output_price) == (Decimal("0.10"), Decimal("0.4"))


def test_the_name_is_the_text_as_written() -> None:
    assert parse_candidate(" echo,skill=0.90 ").name == "echo,skill=0.90"
    assert parse_candidate("echo,skill=0.9,name=good").name == "good"


def test_options_are_sorted_and_kept_as_text() -> None:
    made = parse_candidate("http://h/v1#m,timeout=5,concurrency=2,key_env=MY_KEY")

    assert made.options == (("concurrency", "2"), ("key_env", "MY_KEY"), ("timeout", "5"))


@pytest.mark.parametrize(
    ("written", "system"),
    [
        pytest.param("system='a, b'", "a, b", id="single quotes"),
        pytest.param('system="a, b=c"', "a, b=c", id="double quotes"),
        pytest.param(r"system='it\'s'", "it's", id="escaped quote"),
        pytest.param("system=it's", "it's", id="an apostrophe is no quote"),
        pytest.param("system=", "", id="empty"),
    ],
)
def test_values_may_be_quoted(written: str, system: str) -> None:
    assert parse_candidate(f"echo,{written},shots=1").system == system


@given(st.text(st.characters(exclude_characters="\\'", exclude_categories=["Cs"])))
def test_any_text_survives_quotes(text: str) -> None:
    assert parse_candidate(f"echo,system='{text}'").system == text


def test_an_existing_path_with_commas_is_one_reference(tmp_path: Path) -> None:
    folder = tmp_path / "a,shots=1"
    folder.mkdir()

    made = parse_candidate(f"{folder},shots=2")

    assert (made.ref.location, made.shots) == (str(folder), 2)


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        pytest.param("echo,shotz=1", "no key 'shotz'", "Did you mean shots?", id="unknown key"),
        pytest.param("echo,skill=1.5", "from 0 to 1", "", id="skill above 1"),
        pytest.param("echo,skill=nan", "from 0 to 1", "", id="skill not a number"),
        pytest.param("echo,shots=-1", "'-1'.*whole number", "", id="negative shots"),
        pytest.param("echo,shots=1.5", "whole number", "", id="half a shot"),
        pytest.param("echo,temperature=-0.1", "from 0", "", id="negative temperature"),
        pytest.param("echo,temperature=inf", "from 0", "", id="infinite temperature"),
        pytest.param("echo,top_p=0", "above 0", "", id="top_p 0"),
        pytest.param("echo,max_tokens=0", "from 1", "", id="no tokens"),
        pytest.param("echo,dtype=int3", "fp32, bf16 or auto", "", id="dtype"),
        pytest.param("echo,prompt=loud", "chat, plain or auto", "", id="prompt"),
        pytest.param("echo,input_price=x,output_price=1", "dollars", "", id="price"),
        pytest.param("echo,input_price=1", "no output_price", "", id="half a price"),
        pytest.param("echo,shots", "no key=value", "", id="no value"),
        pytest.param("echo,", "no key=value", "", id="trailing comma"),
        pytest.param("echo,shots=1,shots=2", "twice", "", id="twice"),
        pytest.param("echo,system='a", "not closed", "", id="open quote"),
        pytest.param("echo,name=", "a name", "", id="empty name"),
        pytest.param("gemma-3-270m,skill=1", "belongs to the engine 'echo'", "", id="other's key"),
        pytest.param("http://h/v1#m,retries=-1", "from 0", "", id="retries"),
    ],
)
def test_a_bad_candidate_gets_one_line(text: str, says: str, hint: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        parse_candidate(text)

    assert "\n" not in str(caught.value)
    assert hint in caught.value.hint
    assert caught.value.hint


def test_two_candidates_of_one_name_are_refused() -> None:
    pair = [parse_candidate("echo"), parse_candidate("echo")]

    with pytest.raises(BadInput, match="More than one candidate is called 'echo'"):
        unique_names(pair)
    unique_names([*pair[:1], parse_candidate("echo,name=b")])
