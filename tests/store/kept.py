"""Keys, answers and records to keep, made up."""

from decimal import Decimal

from hypothesis import strategies as st

from elige.records import Answer, AnswerKey, ContinuationScore, Finish, Outcome, Score
from elige.store import RunEntry, RunRecord, ScoreKey
from elige.text import digest


def key(number: int = 0, *, candidate: str = "candidate", repeat: int = 0) -> AnswerKey:
    return AnswerKey(candidate=candidate, sent=digest(number), repeat=repeat)


def keys(count: int) -> list[AnswerKey]:
    return [key(number) for number in range(count)]


def said(text: str = "42") -> Answer:
    return Answer(text=text, completion_tokens=1, seconds=0.1)


def score_key(number: int = 0, *, scorer: str = "exact", target: str = "label") -> ScoreKey:
    return ScoreKey(answer=key(number), scorer=scorer, target=target)


def run_record(id: str = "run", *, created: str = "2026-01-01T00:00:00Z") -> RunRecord:
    return RunRecord(
        id=id, kind="choose", task="facts", data_hash="data", spec="{}", created=created
    )


def entry(number: int = 0, *, candidate: str = "small") -> RunEntry:
    return RunEntry(
        candidate=candidate,
        sample=f"sample {number}",
        position=number,
        key=key(number),
        scorer="exact",
        target="label",
        prompt=f"What is {number}?",
    )


# Hypothesis leaves lone surrogates out of its text unless asked.
any_text = st.text(st.characters(codec=None) | st.sampled_from('\ud83d\ude00\x00\x1a\\"\u2028'))
any_float = st.floats()
counts = st.integers(min_value=0, max_value=2**70)

continuations = st.builds(
    ContinuationScore,
    logprob=any_float,
    tokens=counts,
    characters=counts,
    utf8_bytes=counts,
    greedy=st.booleans(),
    unconditional=st.none() | any_float,
)

answers = st.builds(
    Answer,
    text=any_text,
    reasoning=any_text,
    finish=st.sampled_from(Finish),
    unclosed=st.booleans(),
    weighed=st.lists(continuations, max_size=4).map(tuple),
    prompt_tokens=counts,
    completion_tokens=counts,
    reasoning_tokens=counts,
    seconds=any_float,
    cost=st.none() | st.decimals() | st.just(Decimal("1E-30")),
    bos=st.none() | st.integers(0, 2),
    template=any_text,
    model=any_text,
)

scores = st.builds(
    Score,
    st.floats(0, 1),
    any_text,
    st.sampled_from(Outcome),
    any_text,
    any_text,
    st.lists(st.tuples(any_text, st.floats(0, 1)), max_size=3).map(tuple),
)
