"""What an answer says, so that answers can be compared, and how sure it looks."""

import json
import math
import re
from collections.abc import Sequence
from typing import Literal

from elige.records import Answer, ContinuationScore, Finish
from elige.text import canonical

Reading = Literal["text", "number"]

_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_BLANK = re.compile(r"[\W_]+")
_ARTICLES = frozenset({"a", "an", "the"})


def said(answer: Answer, reading: Reading, normalise: str) -> str:
    """What an answer comes to: equal for answers that say the same, '' for nothing.

    Of weighed choices the likeliest one; else the last number where numbers are read, a JSON
    value in its canonical form, or the words without case, articles and punctuation.
    """
    if answer.weighed:
        weights = log_shares(answer.weighed, normalise)
        return "" if weights is None else f"choice {weights.index(max(weights))}"
    if reading == "number":
        found = _NUMBER.findall(answer.text)
        return f"number {float(found[-1].replace(',', '')):.12g}" if found else ""
    text = answer.text.strip()
    if text[:1] in {"{", "["}:
        try:
            return canonical(json.loads(text))
        except ValueError:
            pass
    return " ".join(
        word for word in _BLANK.sub(" ", text.casefold()).split() if word not in _ARTICLES
    )


def margin(answer: Answer, normalise: str) -> float:
    """How far the likeliest choice is before the next, in nats; minus infinity for none."""
    weights = log_shares(answer.weighed, normalise)
    if weights is None or len(weights) < 2:
        return -math.inf
    first, second = sorted(weights, reverse=True)[:2]
    return first - second


def brevity(answer: Answer) -> float:
    """The negative number of tokens written; minus infinity for what was cut off or refused."""
    if answer.finish is not Finish.STOP or not answer.text.strip():
        return -math.inf
    return -float(answer.completion_tokens)


def log_shares(weighed: Sequence[ContinuationScore], normalise: str) -> list[float] | None:
    """The choices' log-probabilities as shares of them all, after normalising; in nats.

    None where one is no finite number, or there is none. Lengths are those of the continuations
    as they were sent.
    """
    values = [_normalised(one, normalise) for one in weighed]
    if not values or not all(map(math.isfinite, values)):
        return None
    top = max(values)
    total = top + math.log(sum(math.exp(value - top) for value in values))
    return [value - total for value in values]


def _normalised(one: ContinuationScore, normalise: str) -> float:
    if normalise == "unconditional":
        return one.logprob - (one.unconditional or 0.0)
    sizes = {"char": one.characters, "byte": one.utf8_bytes, "token": one.tokens}
    return one.logprob / max(1, sizes.get(normalise, 1))
