"""The text of `--from`: words and filters."""

import pytest

from elige.errors import BadInput
from elige.workbench.wanted import parse_wanted


@pytest.mark.parametrize(
    "text",
    [
        "medicine params:1B-8B may:commercial language:es",
        "medicine --params 1B-8B --may commercial --language=es",
        "params:1B-8B may=commercial medicine language:es",
    ],
)
def test_filters_are_written_either_way(text: str) -> None:
    query, said = parse_wanted(text)
    assert (query.text, query.may, query.languages) == ("medicine", ("commercial",), ("es",))
    assert said.params == "1B-8B"


def test_the_rest_is_text_an_apostrophe_too() -> None:
    query, _ = parse_wanted("l'homme médecin")
    assert query.text == "l'homme médecin"


def test_several_values_of_a_filter_are_kept() -> None:
    query, said = parse_wanted("family:llama,qwen3 family:phi min-score:mmlu=0.7 no-deprecated:yes")
    assert query.families == ("llama", "qwen3", "phi")
    assert said.min_scores == ("mmlu=0.7",) and not query.with_deprecated


def test_a_filter_that_does_not_exist_is_told_with_a_near_one() -> None:
    with pytest.raises(BadInput, match="no filter") as caught:
        parse_wanted("licens:mit")
    assert "licens" in caught.value.hint or "licence" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("max-price=0.1,may=commercial", "max-price:0.1 may=..."),
        ("falcon,params:1B-8B", "falcon params:..."),
        ("task:text-generation;max-price:1", "task:text-generation max-price:..."),
    ],
)
def test_filters_that_run_together_are_told_how_to_be_parted(text: str, parted: str) -> None:
    with pytest.raises(BadInput, match="runs two together") as told:
        parse_wanted(text)
    assert told.value.hint == f"Part them by a space: {parted}"


def test_several_values_of_one_filter_are_no_two_filters() -> None:
    query, _ = parse_wanted("language:en,de,may task:a,b")
    assert (query.languages, query.tasks) == (("en", "de", "may"), ("a", "b"))
