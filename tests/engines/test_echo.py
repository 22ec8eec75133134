import json
import threading
from dataclasses import replace
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.engines.echo import EchoEngine, identity
from elige.engines.wrong import wrong_text
from elige.errors import BadInput, EngineDown
from elige.records import (
    Answer,
    Ask,
    Candidate,
    EngineSpec,
    Finish,
    Message,
    ModelRef,
    Prices,
    Prompt,
    RefKind,
    Sampling,
)


def candidate(**options: str) -> Candidate:
    ref = ModelRef(text="echo", kind=RefKind.ECHO, location="echo")
    return Candidate(name="echo", ref=ref, options=tuple(sorted(options.items())))


def opened(**options: str) -> EchoEngine:
    asked = candidate(**options)
    return EchoEngine(EngineSpec(candidate=asked, identity=identity(asked)))


def prompts(count: int, rehearsal: str = "Paris") -> list[Prompt]:
    return [
        Prompt(messages=(Message("user", f"question {i}"),), rehearsal=rehearsal)
        for i in range(count)
    ]


def answers(
    engine: EchoEngine, asked: list[Prompt], sampling: Sampling | None = None
) -> list[Answer]:
    pieces = engine.generate(asked, sampling or Sampling())
    return [piece.answer for piece in pieces if piece.answer]


def right(engine: EchoEngine, count: int = 400) -> list[bool]:
    return [answer.text == "Paris" for answer in answers(engine, prompts(count))]


def chosen(answer: Answer) -> int:
    return max(range(len(answer.weighed)), key=lambda i: answer.weighed[i].logprob)


@pytest.mark.parametrize("skill", [0.0, 0.3, 0.9, 1.0])
def test_answers_are_right_as_often_as_the_skill_says(skill: float) -> None:
    share = sum(right(opened(skill=str(skill)), 1000)) / 1000
    assert abs(share - skill) < 0.06


@pytest.mark.parametrize("skill", [0.0, 0.3, 0.9, 1.0])
def test_weighed_choices_are_right_as_often_as_the_skill_says(skill: float) -> None:
    asks = [Ask(prompt=one, continuations=(" Rome", " Paris", " Oslo")) for one in prompts(1000)]
    scored = opened(skill=str(skill)).score(asks)
    share = sum(chosen(answer) == 1 for answer in scored) / 1000
    assert abs(share - skill) < 0.06


def test_the_same_question_gets_the_same_answer() -> None:
    assert right(opened()) == right(opened())


def test_another_seed_is_right_on_other_questions() -> None:
    one, other = right(opened(seed="0")), right(opened(seed="1"))
    both = sum(a and b for a, b in zip(one, other, strict=True))
    assert 0.15 < both / len(one) < 0.35


def test_engines_of_different_skill_are_not_coupled() -> None:
    one, other = right(opened(skill="0.5")), right(opened(skill="0.6"))
    lost = sum(a and not b for a, b in zip(one, other, strict=True))
    assert lost / len(one) > 0.1


def test_the_delay_changes_no_answer_and_no_identity() -> None:
    assert identity(candidate(delay="0.001")) == identity(candidate())
    assert right(opened(delay="0.001"), 20) == right(opened(), 20)


def test_the_rehearsal_is_no_part_of_the_question() -> None:
    one = Ask(prompt=prompts(1, "Paris")[0])
    other = Ask(prompt=prompts(1, "Rome")[0])
    assert one.key == other.key


def test_a_temperature_draws_anew_for_each_seed() -> None:
    engine = opened()
    draws = [
        [a.text for a in answers(engine, prompts(50), Sampling(temperature=1.0, seed=seed))]
        for seed in (1, 2)
    ]
    assert draws[0] != draws[1]


@pytest.mark.parametrize("norm", ["tokens", "characters", "utf8_bytes"])
def test_the_chosen_continuation_leads_under_every_normalisation(norm: str) -> None:
    texts = ("x", " a much longer continuation", " sí, señor", " b c")
    asks = [Ask(prompt=one, continuations=texts, unconditional=True) for one in prompts(200)]
    for answer in opened().score(asks):
        each = [w.logprob / getattr(w, norm) for w in answer.weighed]
        gains = [w.logprob - (w.unconditional or 0.0) for w in answer.weighed]
        assert each.index(max(each)) == gains.index(max(gains)) == chosen(answer)
        assert [w.greedy for w in answer.weighed].index(True) == chosen(answer)


def test_a_score_without_rehearsal_is_decided_by_the_hash() -> None:
    asks = [Ask(prompt=one, continuations=("a", "b")) for one in prompts(100, "")]
    picks = [chosen(answer) for answer in opened(skill="1").score(asks)]
    assert set(picks) == {0, 1}


def test_pieces_join_to_the_answer() -> None:
    text = "  Paris, of  course.\n"
    pieces = list(opened(skill="1").generate(prompts(1, text), Sampling()))
    assert "".join(piece.text for piece in pieces) == text
    assert pieces[-1].answer is not None
    assert pieces[-1].answer.completion_tokens == 3


def test_max_tokens_cuts_the_answer() -> None:
    sampling = Sampling(max_tokens=2)
    (answer,) = answers(opened(skill="1"), prompts(1, "one two three"), sampling)
    assert (answer.text, answer.finish) == ("one two", Finish.LENGTH)


def test_a_stop_string_ends_the_answer() -> None:
    (answer,) = answers(opened(skill="1"), prompts(1, "one\ntwo"), Sampling(stop=("\n",)))
    assert (answer.text, answer.finish) == ("one", Finish.STOP)


def test_prices_become_costs() -> None:
    asked = candidate(skill="1")
    prices = Prices(input=Decimal(1), output=Decimal(10))
    engine = EchoEngine(EngineSpec(candidate=asked, identity=identity(asked), prices=prices))
    (answer,) = answers(engine, prompts(1))
    assert answer.cost == Decimal(answer.prompt_tokens + 10) / 1_000_000


def test_closing_wakes_a_sleeper() -> None:
    engine = opened(delay="30")
    threading.Timer(0.05, engine.close).start()
    started = perf_counter()
    pieces = list(engine.generate(prompts(3), Sampling()))
    assert perf_counter() - started < 5
    assert [type(piece.failure) for piece in pieces] == [EngineDown] * 3


def test_a_closed_engine_answers_nothing() -> None:
    engine = opened()
    engine.close()
    engine.close()
    with pytest.raises(EngineDown):
        next(engine.generate(prompts(1), Sampling()))
    with pytest.raises(EngineDown):
        engine.score([Ask(prompt=prompts(1)[0], continuations=("a",))])


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"skil": "1"}, id="unknown key"),
        pytest.param({"skill": "1.5"}, id="above one"),
        pytest.param({"skill": "much"}, id="no number"),
        pytest.param({"delay": "-1"}, id="negative"),
        pytest.param({"delay": "inf"}, id="infinite"),
        pytest.param({"skill": "nan"}, id="not a number"),
    ],
)
def test_bad_keys_are_refused_in_one_line(options: dict[str, str]) -> None:
    with pytest.raises(BadInput) as refused:
        opened(**options)
    assert refused.value.hint


def test_the_candidates_seed_counts() -> None:
    assert identity(replace(candidate(), seed=7)) == identity(candidate(seed="7"))


@pytest.mark.parametrize(
    ("right_text", "kind"),
    [
        pytest.param("42", str.isdigit, id="number"),
        pytest.param("B", lambda text: text in "ACD", id="letter"),
        pytest.param("positive", str.isalpha, id="word"),
        pytest.param("28 + 32\n#### 60", lambda text: "#### " in text, id="marked number"),
    ],
)
def test_a_wrong_answer_is_of_the_same_kind(right_text: str, kind: object) -> None:
    wrong = {wrong_text(right_text, f"{i:08x}{i:056x}") for i in range(50)}
    assert right_text not in wrong
    assert callable(kind)
    assert all(kind(text) for text in wrong)


@given(value=st.dictionaries(st.text(), st.integers() | st.booleans() | st.text() | st.none()))
def test_every_value_of_wrong_json_is_wrong(value: dict[str, object]) -> None:
    wrong = json.loads(wrong_text(json.dumps(value), "0" * 64))
    assert wrong.keys() == value.keys()
    assert all(wrong[key] != value[key] for key in value)


@given(right_text=st.text(min_size=1), seed=st.binary(min_size=32, max_size=32))
def test_a_wrong_answer_is_never_right(right_text: str, seed: bytes) -> None:
    assert wrong_text(right_text, seed.hex()) != right_text
