"""Scorers by name, their digests, and what is judged before scoring."""

from dataclasses import replace

import pytest
from evaluate.scoring import CITIES, said, sample, weighed

from elige import plugins
from elige.errors import BadInput, NotFound
from elige.evaluate.scorers import (
    build_scorer,
    choice,
    exact,
    is_refusal,
    judge,
    last_number,
    scorer_digest,
    target_digest,
)
from elige.records import Answer, Finish, Outcome, Sample, ScorerSpec

BUILT_IN = (
    "choice", "classification", "contains", "exact", "json_fields", "last_number", "token_f1",
)  # fmt: skip


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_scorer_comes_through_the_door(name: str) -> None:
    assert callable(build_scorer(ScorerSpec(name=name)))


def test_regex_comes_through_the_door_with_its_pattern() -> None:
    assert "regex" in plugins.names("scorers")
    scorer = build_scorer(ScorerSpec(name="regex", options=(("pattern", "a(.)"),)))
    assert scorer(sample("b"), said("ab")).value == 1.0


def test_options_arrive_as_text() -> None:
    spec = ScorerSpec(name="exact", options=(("ignore_case", "false"),))
    assert build_scorer(spec)(sample("paris"), said("Paris")).value == 0.0


def test_the_labels_of_the_task_reach_a_classification() -> None:
    scorer = build_scorer(ScorerSpec(name="classification"), ("spam", "ham"))
    assert scorer(sample("ham"), said("spam")).predicted == "spam"


def test_an_unknown_scorer_is_told_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="exakt") as caught:
        build_scorer(ScorerSpec(name="exakt"))
    assert "exact" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "option", "hint"),
    [
        pytest.param("exact", ("ignore_cas", "true"), "ignore_case", id="unknown option"),
        pytest.param("token_f1", ("case", "true"), "has none", id="no options at all"),
        pytest.param("exact", ("ignore_case", "maybe"), "ignore_case=true", id="bad flag"),
        pytest.param("choice", ("normalise", "chars"), "char", id="bad word"),
    ],
)
def test_a_bad_option_is_one_line_with_the_next_step(
    name: str, option: tuple[str, str], hint: str
) -> None:
    with pytest.raises(BadInput) as caught:
        build_scorer(ScorerSpec(name=name, options=(option,)))
    assert hint in caught.value.hint
    assert "\n" not in str(caught.value)


def test_a_missing_option_is_named() -> None:
    with pytest.raises(BadInput, match="pattern"):
        build_scorer(ScorerSpec(name="regex"))


def test_the_digest_follows_name_options_labels_and_file() -> None:
    spec = ScorerSpec(name="exact", options=(("ignore_case", "true"), ("unicode", "true")))
    others = {
        scorer_digest(replace(spec, name="contains")),
        scorer_digest(replace(spec, options=())),
        scorer_digest(replace(spec, digest="abc")),
        scorer_digest(spec, ("a",)),
    }
    assert len(others | {scorer_digest(spec)}) == 5
    assert scorer_digest(spec) == scorer_digest(replace(spec, options=spec.options[::-1]))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"target": "Rome"}, id="target"),
        pytest.param({"aliases": ("x",)}, id="aliases"),
        pytest.param({"choices": CITIES[::-1]}, id="choices"),
        pytest.param({"right": 2}, id="right"),
    ],
)
def test_a_mended_label_changes_the_target_digest(changed: dict[str, object]) -> None:
    one = sample("Paris", choices=CITIES)
    known = {name: getattr(one, name) for name in one.__slots__}
    assert target_digest(Sample(**{**known, **changed})) != target_digest(one)
    assert target_digest(replace(one, id="other", question="!")) == target_digest(one)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param(said("5", Finish.REFUSED), Outcome.REFUSED, id="refused by the service"),
        pytest.param(Answer(text="5", unclosed=True), Outcome.TRUNCATED, id="inside its reasoning"),
        pytest.param(said("Let me", Finish.LENGTH), Outcome.TRUNCATED, id="cut, nothing found"),
        pytest.param(said("no idea"), Outcome.UNPARSED, id="nothing found"),
        pytest.param(said("I'm sorry, I can't help with that."), Outcome.REFUSED, id="in words"),
        pytest.param(said("5", Finish.LENGTH), Outcome.SCORED, id="cut, but answered"),
        pytest.param(
            said("I'm sorry, I can't be sure: 5"), Outcome.SCORED, id="sorry, but answered"
        ),
    ],
)
def test_what_is_counted_apart_from_wrong(answer: Answer, outcome: Outcome) -> None:
    score = judge(last_number(), sample("5"), answer)
    assert score.outcome is outcome
    assert score.value == float(outcome is Outcome.SCORED)
    assert score.why


def test_a_weighed_answer_is_never_cut() -> None:
    answer = replace(weighed(-1.0, -2.0), finish=Finish.LENGTH)
    score = judge(choice(), sample("a", choices=("a", "b")), answer)
    assert "cut" not in score.why


def test_a_cut_answer_says_so_in_its_reason() -> None:
    assert "cut" in judge(exact(), sample("a"), said("a b", Finish.LENGTH)).why


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("I'm sorry, but I can't assist with that.", True),
        ("I cannot answer this question.", True),
        ("As an AI language model, I have no opinion.", True),
        ("Lo siento, no puedo ayudar con eso.", True),
        ("Es tut mir leid, ich kann dabei nicht helfen.", True),
        ("Je suis désolé, je ne peux pas répondre.", True),
        ("抱歉，我无法回答。", True),
        ("The hero says: I'm sorry, I can't.", False),
        ("Sorry, I meant the second one.", False),
        ("I can do that.", False),
        ("", False),
    ],
)
def test_refusals_in_words(text: str, refuses: bool) -> None:
    assert is_refusal(text) is refuses
