"""Answers and scores as JSON text and back, without loss."""

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any  # JSON-like values have no better static type

from elige.errors import StoreError
from elige.records import Answer, ContinuationScore, Finish, Outcome, Score

_ANSWER = tuple(field.name for field in fields(Answer))
_WEIGHED = tuple(field.name for field in fields(ContinuationScore))


def answer_text(answer: Answer) -> str:
    """`answer` as JSON: the cost as text, every float in the digits that give it back."""
    values: dict[str, object] = {name: getattr(answer, name) for name in _ANSWER}
    values["weighed"] = [{name: getattr(one, name) for name in _WEIGHED} for one in answer.weighed]
    values["cost"] = None if answer.cost is None else str(answer.cost)
    return _dumped(values)


def read_answer(text: str) -> Answer:
    """The answer that `answer_text` was given.

    Raises `StoreError` when it has fields that this version does not know.
    """
    values = _loaded(text)
    try:
        values["finish"] = Finish(values["finish"])
        values["weighed"] = tuple(ContinuationScore(**one) for one in values["weighed"])
        values["cost"] = None if values["cost"] is None else Decimal(values["cost"])
        return Answer(**values)
    except (TypeError, ValueError, KeyError) as error:
        raise _unknown("answer", str(error)) from error


def score_text(score: Score) -> str:
    """What explains `score`, as JSON; its value and outcome have columns of their own."""
    return _dumped(
        {
            "why": score.why,
            "extracted": score.extracted,
            "predicted": score.predicted,
            "parts": score.parts,
        }
    )


def read_score(value: float, outcome: str, text: str) -> Score:
    """The score that `score_text` was given.

    Raises `StoreError` when it has fields that this version does not know.
    """
    values = _loaded(text)
    try:
        parts = tuple((name, part) for name, part in values.pop("parts"))
        return Score(value=value, outcome=Outcome(outcome), parts=parts, **values)
    except (TypeError, ValueError, KeyError) as error:
        raise _unknown("score", str(error)) from error


def _dumped(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _loaded(text: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise _unknown("entry", str(error)) from error
    return loaded


def _unknown(what: str, why: str) -> StoreError:
    return StoreError(
        f"This version of elige cannot read one {what} in the store: {why}.",
        hint="Update elige, or set ELIGE_HOME to another folder to start a new store.",
    )
