import json
from dataclasses import replace

import pytest
from choose.made_report import made_report, with_texts
from hypothesis import given
from hypothesis import strategies as st

from elige.choose.report import Report
from elige.choose.report.samples import MAX_TEXT, encoded, samples_json

QUESTION, SEEN = 3, 6
VALUE, PROMPT, TEXT, LOGPROBS = 0, 2, 3, 7


@pytest.fixture(scope="module")
def report() -> Report:
    return made_report(samples=100)


@given(st.text())
def test_no_text_can_end_the_script_element(text: str) -> None:
    safe = encoded([text])
    assert not set("<>&\u2028\u2029") & set(safe)
    assert json.loads(safe) == [text]


def test_every_prompt_and_answer_comes_back_whole(report: Report) -> None:
    data = json.loads(samples_json(report)[0])
    texts = data["texts"]
    for row, packed in zip(report.rows, data["rows"], strict=True):
        assert texts[packed[QUESTION]] == row.sample.question
        for at, candidate in enumerate(data["candidates"]):
            seen, found = row.seen.get(candidate["name"]), packed[SEEN][at]
            if seen is None:
                assert found is None
                continue
            assert texts[data["openings"][at]] + texts[found[PROMPT]] == seen.prompt
            assert texts[found[TEXT]] == seen.answer.text
            assert found[VALUE] == seen.score.value


def test_examples_in_the_prompt_are_kept_once(report: Report) -> None:
    body, _ = samples_json(report)
    assert body.count("It was fine.") == 5  # though two candidates had all five in each prompt


def test_candidates_that_answered_nothing_are_not_listed(report: Report) -> None:
    data = json.loads(samples_json(report)[0])
    assert [one["letter"] for one in data["candidates"]] == ["A", "B", "C", "D", "E"]


def test_weights_of_choices_are_kept() -> None:
    data = json.loads(samples_json(made_report(samples=100, kind="choice"))[0])
    assert len(data["rows"][0][SEEN][0][LOGPROBS]) == 3


def test_an_impossible_choice_is_no_number() -> None:
    report = made_report(samples=100, kind="choice")
    first = report.rows[0]
    name, seen = next(iter(first.seen.items()))
    never = replace(seen.answer.weighed[0], logprob=float("-inf"))
    seen = replace(seen, answer=replace(seen.answer, weighed=(never,)))
    row = replace(first, seen={**first.seen, name: seen})
    data = json.loads(samples_json(replace(report, rows=[row]))[0])
    assert data["rows"][0][SEEN][0][LOGPROBS] == [None]


def test_too_many_samples_are_cut_and_counted(report: Report) -> None:
    full = len(samples_json(report)[0])
    body, left_out = samples_json(report, max_bytes=full // 2)
    kept = json.loads(body)["rows"]
    assert 0 < left_out < 100
    assert len(kept) + left_out == 100
    assert len(body) < 0.6 * full
    assert [row[1] for row in kept] == list(range(1, len(kept) + 1))


def test_a_huge_text_is_cut_and_says_so(report: Report) -> None:
    body, _ = samples_json(with_texts(report, "y" * (MAX_TEXT + 1234)))
    assert "[1,234 more characters left out]" in body
    assert len(body) < 50 * MAX_TEXT
