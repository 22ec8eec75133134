"""What comes back from a model."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Finish(StrEnum):
    """Why an answer ended."""

    STOP = "stop"
    LENGTH = "length"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuationScore:
    """Natural-log probability of one continuation after its context.

    `tokens` counts the continuation's tokens, `characters` and `utf8_bytes` its text, `greedy`
    says whether every token was the likeliest one. `unconditional` is its log-probability
    after nothing but the beginning of text; None when it was not asked for.
    """

    logprob: float
    tokens: int
    characters: int
    utf8_bytes: int
    greedy: bool = False
    unconditional: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One model's whole answer to one question.

    `text` is free of reasoning, which stands in `reasoning`; its tokens are part of
    `completion_tokens`. `weighed` holds one entry for each continuation of a choice. `cost` is
    in US dollars, None when no price is known. `seconds` is this answer's share of the time of
    its batch. `unclosed` says that the answer ended inside its reasoning. `bos` is the number
    of beginning-of-text tokens sent, `template` the hash of the chat template used ('' for
    none; both are unknown and so empty for remote engines).
    """

    text: str = ""
    reasoning: str = ""
    finish: Finish = Finish.STOP
    unclosed: bool = False
    weighed: tuple[ContinuationScore, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    seconds: float = 0.0
    cost: Decimal | None = None
    bos: int | None = None
    template: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a stream: text of prompt number `index`, or its end.

    The last piece of a prompt carries `answer`, or `failure` when the engine failed on it:
    then there is no answer and it may be asked again.
    """

    index: int
    text: str = ""
    reasoning: bool = False
    answer: Answer | None = None
    failure: Exception | None = None

    @property
    def is_last(self) -> bool:
        """Whether nothing more comes for this prompt."""
        return self.answer is not None or self.failure is not None
