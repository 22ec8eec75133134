"""Engines made of engines: whom they ask, what they answer, and what they say it took."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.engines.combined import (
    SIZE,
    Cascade,
    CombinedEngine,
    Ensemble,
    Question,
    Router,
    Rule,
    combined_info,
    features,
    margin,
    said,
)
from elige.engines.echo import EchoEngine, identity
from elige.errors import EngineDown, EngineRefused
from elige.loader.candidate import parse_candidate
from elige.records import (
    Answer,
    Ask,
    CombinedPrompt,
    ContinuationScore,
    EngineInfo,
    EngineSpec,
    Finish,
    Identity,
    Member,
    Message,
    Piece,
    Prices,
    Prompt,
    Sampling,
)

PRICES = Prices(input=Decimal(1), output=Decimal(2))


class Counting(EchoEngine):
    """EchoEngine that remembers how often it was asked."""

    asked = 0
    closed = 0

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        self.asked += len(asks)
        return super().score(asks)

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        self.asked += len(prompts)
        return super().generate(prompts, sampling)

    def close(self) -> None:
        self.closed += 1
        super().close()


def echo(**keys: object) -> Counting:
    text = ",".join(["echo", *(f"{key}={value}" for key, value in keys.items())])
    candidate = parse_candidate(text)
    return Counting(EngineSpec(candidate=candidate, identity=identity(candidate), prices=PRICES))


def joined(engines: Sequence[EchoEngine], rule: Rule) -> CombinedEngine:
    candidate = parse_candidate("echo")
    members = [Member(candidate=candidate, info=one.describe()) for one in engines]
    info = combined_info(members, Identity(weights="both", engine="combined"))
    return CombinedEngine(engines, rule, info)


def asked(text: str, right: str = "yes", *, put: Sequence[str] = ("a", "b")) -> CombinedPrompt:
    """A question that every member is asked in words of its own."""
    prompts = [Prompt(text=f"{one}: {text}", rehearsal=right) for one in put]
    return CombinedPrompt(
        text=prompts[0].text,
        question=text,
        variants=tuple(Ask(prompt=one, sampling=Sampling()) for one in prompts),
    )


def weighed(text: str, right: str = "yes", *, put: Sequence[str] = ("a", "b")) -> Ask:
    prompt = asked(text, right, put=put)
    variants = tuple(
        Ask(prompt=one.prompt, continuations=("yes", "no", "maybe")) for one in prompt.variants
    )
    return Ask(prompt=replace(prompt, variants=variants), continuations=("yes", "no", "maybe"))


def answers(engine: CombinedEngine, prompts: Sequence[Prompt]) -> list[Answer]:
    found = {p.index: p.answer for p in engine.generate(prompts, Sampling()) if p.answer}
    return [found[index] for index in range(len(prompts))]


def says(text: str, **more: object) -> Answer:
    return replace(Answer(text=text, completion_tokens=len(text.split())), **more)  # type: ignore[arg-type]


def likes(*logprobs: float, size: int = 1) -> Answer:
    return Answer(
        weighed=tuple(
            ContinuationScore(logprob=one, tokens=1, characters=size, utf8_bytes=size)
            for one in logprobs
        )
    )


def test_a_cascade_hands_over_what_is_too_long_and_nothing_else() -> None:
    first, second = echo(skill=1), echo(skill=1, seed=2)
    engine = joined([first, second], Cascade(signal="length", threshold=-2.0))
    found = answers(engine, [asked("short", "one two"), asked("long", "one two three")])
    assert [one.text for one in found] == ["one two", "one two three"]
    assert (first.asked, second.asked) == (2, 1)
    assert [one.completion_tokens for one in found] == [2, 6]


def test_a_cascade_by_agreement_asks_the_last_where_the_first_two_differ() -> None:
    first, second, last = echo(skill=1), echo(skill=0.5, seed=3), echo(skill=1, seed=4)
    engine = joined([first, second, last], Cascade(signal="agreement"))
    prompts = [asked(f"question {n}", f"word{n}", put="abc") for n in range(20)]
    found = answers(engine, prompts)
    assert [one.text for one in found] == [f"word{n}" for n in range(20)]
    assert (first.asked, second.asked) == (20, 20) and 0 < last.asked < 20


def test_a_cascade_by_margin_scores_and_bills_whom_it_asked() -> None:
    cheap, dear = echo(skill=0.0), echo(skill=1, seed=2)
    asks = [weighed(f"question {n}") for n in range(12)]
    kept = joined([cheap, dear], Cascade(signal="margin", threshold=0.0)).score(asks)
    alone = cheap.score([ask.prompt.variants[0] for ask in asks])  # type: ignore[attr-defined]
    assert [one.weighed for one in kept] == [one.weighed for one in alone] and dear.asked == 0
    handed = joined([cheap, dear], Cascade(signal="margin", threshold=99.0)).score(asks)
    assert dear.asked == 12
    assert all(said(one, "text", "plain") == "choice 0" for one in handed)
    for one, first in zip(handed, alone, strict=True):
        assert one.prompt_tokens == 2 * first.prompt_tokens
        assert one.cost is not None and first.cost is not None and one.cost == 2 * first.cost


def test_each_member_is_asked_in_its_own_words() -> None:
    first, second = echo(), echo(seed=2)
    engine = joined([first, second], Ensemble(how="vote", members=2))
    engine_alone = EchoEngine(second._spec)
    (found,) = answers(engine, [asked("which?", "", put=("alpha", "beta"))])
    alone = next(
        one.answer
        for one in engine_alone.generate([Prompt(text="beta: which?")], Sampling())
        if one.answer
    )
    assert found.prompt_tokens == 2 * alone.prompt_tokens
    assert found.text != alone.text  # one vote each: the first wins


@pytest.mark.parametrize(
    ("texts", "winner"),
    [
        pytest.param(["4", "5", "The 5."], 1, id="most votes"),
        pytest.param(["4", "5"], 0, id="a tie goes to the earliest"),
        pytest.param(["", "7", ""], 1, id="nothing said is no vote"),
        pytest.param(["", ""], 0, id="nobody says anything"),
        pytest.param(["6", "5", "7", "5", "7"], 1, id="of tied ones the first said"),
    ],
)
def test_a_vote(texts: list[str], winner: int) -> None:
    rule = Ensemble(how="vote", members=len(texts))
    assert rule.voted([says(one) for one in texts]) == winner


def test_the_mean_can_pick_what_nobody_picked() -> None:
    rule = Ensemble(how="mean", members=2)
    found = rule.answer(Question(text=""), {0: likes(-1.0, -1.1, -9.0), 1: likes(-9.0, -1.1, -1.0)})
    assert said(found, "text", "plain") == "choice 1"
    for by in ("char", "byte", "token", "unconditional"):
        assert said(found, "text", by) == "choice 1"


def test_the_mean_falls_back_on_votes_where_one_member_wrote() -> None:
    rule = Ensemble(how="mean", members=2)
    assert rule.answer(Question(text=""), {0: says("yes"), 1: likes(-1.0, -2.0)}).text == "yes"


def test_a_router_asks_one_member_by_the_question() -> None:
    row = features("How many?")
    long = features("How many? " * 30)
    assert long[1] > row[1]
    weights = np.zeros((2, SIZE))
    weights[0, 1], weights[1, 1] = -9.0, 9.0
    middle = (row[1] + long[1]) / 2
    weights[0, 0], weights[1, 0] = 9.0 * middle, -9.0 * middle
    first, second = echo(), echo(seed=2)
    rule = Router(weights=tuple(map(tuple, weights.tolist())))
    answers(joined([first, second], rule), [asked("How many?"), asked("How many? " * 30)])
    assert (first.asked, second.asked) == (1, 1)
    patient = replace(rule, slack=1.0)
    answers(joined([first, second], patient), [asked("How many? " * 30)])
    assert (first.asked, second.asked) == (2, 1)


def test_a_router_passes_the_text_on_as_it_comes() -> None:
    rule = Router(weights=((0.0,) * SIZE,) * 2)
    engine = joined([echo(skill=1), echo(seed=2)], rule)
    pieces = [one.text for one in engine.generate([asked("q", "one two three")], Sampling())]
    assert [one for one in pieces if one] == ["one", " two", " three"]


def test_a_plain_prompt_goes_to_all_members_as_it_is() -> None:
    first, second = echo(), echo(seed=2)
    engine = joined([first, second], Ensemble(how="vote", members=2))
    chat = Prompt(messages=(Message("user", "Say something."),))
    (found,) = answers(engine, [chat])
    assert (first.asked, second.asked) == (1, 1) and found.text.startswith("echo")


def test_the_failure_of_a_member_is_the_failure_of_the_question() -> None:
    class Broken(Counting):
        def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
            for index in range(len(prompts)):
                yield Piece(index=index, failure=EngineRefused("no"))

    broken = Broken(echo(seed=2)._spec)
    engine = joined([echo(skill=1), broken], Cascade(signal="length", threshold=-1.0))
    pieces = list(engine.generate([asked("a", "one"), asked("b", "one two")], Sampling()))
    ends = {one.index: one for one in pieces if one.is_last}
    assert ends[0].answer is not None and isinstance(ends[1].failure, EngineRefused)


def test_a_closed_combination_closes_each_engine_once() -> None:
    shared, other = echo(), echo(seed=2)
    engine = joined([shared, shared, other], Ensemble(how="vote", members=3))
    engine.close()
    assert (shared.closed, other.closed) == (1, 1)
    with pytest.raises(EngineDown):
        list(engine.generate([asked("q", put="abc")], Sampling()))


@pytest.mark.parametrize(
    ("first", "second", "reading", "same"),
    [
        pytest.param("The answer is 42.", "42", "number", True, id="numbers"),
        pytest.param("1,200 people", "1200", "number", True, id="thousands"),
        pytest.param("-3", "3", "number", False, id="signs"),
        pytest.param("none", "none", "number", True, id="no number at all"),
        pytest.param("The cat!", "cat", "text", True, id="articles and marks"),
        pytest.param("cat", "dog", "text", False, id="words"),
        pytest.param('{"a": 1, "b": 2}', '{"b":2,"a":1}', "text", True, id="objects"),
        pytest.param("東京", "東京。", "text", True, id="other scripts"),
    ],
)
def test_what_answers_say(first: str, second: str, reading: str, same: bool) -> None:
    one, other = (said(says(text), reading, "plain") for text in (first, second))  # type: ignore[arg-type]
    assert (one == other) is same


def test_nothing_sure_is_handed_over() -> None:
    rule = Cascade(signal="length", threshold=-100.0)
    cut = says("one", finish=Finish.LENGTH)
    for unsure in (cut, says(""), says("no", finish=Finish.REFUSED)):
        assert rule.ask(Question(text=""), {0: unsure}) == (1,)
    by_margin = Cascade(signal="margin", threshold=0.1)
    assert by_margin.ask(Question(text=""), {0: says("a text")}) == (1,)
    assert by_margin.ask(Question(text=""), {0: likes(-1.0, float("-inf"))}) == (1,)


@given(st.lists(st.floats(-50, 0), min_size=2, max_size=6), st.floats(-5, 5))
def test_the_margin_does_not_depend_on_what_all_choices_share(
    logprobs: list[float], shift: float
) -> None:
    before = margin(likes(*logprobs), "plain")
    after = margin(likes(*(one + shift for one in logprobs)), "plain")
    assert before == pytest.approx(after, abs=1e-6) and before >= 0
    top, second = sorted(logprobs, reverse=True)[:2]
    assert before == pytest.approx(top - second, abs=1e-6)


@given(st.text(max_size=60), st.text(max_size=8))
def test_every_question_has_features(question: str, group: str) -> None:
    row = features(question, group)
    assert row.shape == (SIZE,) and np.all(np.isfinite(row)) and row[0] == 1.0
    assert np.array_equal(row, features(question, group))


def test_the_right_answers_are_no_part_of_what_is_sent() -> None:
    ask = Ask(prompt=asked("q", "yes"))
    assert ask.key == Ask(prompt=asked("q", "no")).key
    assert ask.key != Ask(prompt=asked("q", "yes", put=("a", "c"))).key


def test_what_a_combination_says_of_itself() -> None:
    infos = [
        EngineInfo(identity=Identity(weights=w, engine="e"), context_length=c, parameters=p)
        for w, c, p in (("x", 100, 5), ("y", 50, 7), ("x", 100, 5))
    ]
    candidate = parse_candidate("echo")
    members = [Member(candidate=candidate, info=one) for one in infos]
    found = combined_info(members, Identity(weights="all", engine="combined"))
    assert (found.context_length, found.parameters) == (50, 12)
    assert found.can_score and len(found.members) == 3
