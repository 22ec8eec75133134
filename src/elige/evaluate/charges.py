"""What a question can cost at most, and questions held by a ledger while they are asked."""

import time
from collections.abc import Hashable, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Generic, Self, TypeVar

from elige.errors import EngineRefused
from elige.evaluate.budget import Charge, Ledger
from elige.records import Ask, Candidate, Sampling

Key = TypeVar("Key", bound=Hashable)

# What a template and a service may put around a prompt, and around each of its messages.
_AROUND_PROMPT, _AROUND_MESSAGE = 64, 8


def charge_of(candidate: Candidate, ask: Ask, *, evaluations: int = 1) -> Charge:
    """The most that asking once can take.

    A token stands for one byte of text at least, in every tokenizer over bytes; so a prompt has
    no more tokens than bytes, but for what is put around it. An answer has `max_tokens` at most.
    """
    prices = candidate.prices
    if prices is None:
        return Charge(evaluations=evaluations)
    said = 0 if ask.is_choice else (ask.sampling or Sampling()).max_tokens
    return Charge(evaluations=evaluations, usd=prices.cost(most_tokens(ask), said))


def most_tokens(ask: Ask) -> int:
    """Tokens that an engine reads at most for `ask`."""
    texts = (ask.prompt.shown(), *ask.contexts, *ask.continuations)
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    read = size * (2 if ask.unconditional or ask.rolling else 1)  # windows overlap by half at most
    around = _AROUND_PROMPT + _AROUND_MESSAGE * len(ask.prompt.messages)
    return read + around * max(1, len(ask.contexts)) + len(ask.continuations)


class Hold(Generic[Key]):
    """Questions of one candidate while they are asked: those that the ledger has room for.

    They are `granted` from the first on; `was_cut` says that these are not all. On leaving, what
    has not come back counts as owed, for it may have been sent; but not what was refused.
    """

    def __init__(self, ledger: Ledger, name: str, charges: Mapping[Key, Charge]) -> None:
        self._ledger, self._name = ledger, name
        count = ledger.reserve(name, list(charges.values()))
        self.granted = list(charges)[:count]
        self.was_cut = count < len(charges)
        self._left = {key: charges[key] for key in self.granted}
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for key in list(self._left):
            self.failed(key, error)
        if self.granted:
            seconds = (time.monotonic() - self._started) / len(self.granted)
            self._ledger.close(self._name, seconds)

    def answered(self, key: Key, cost: Decimal | None) -> None:
        """Note an answer that came, and what it cost."""
        self._ledger.settle(self._left.pop(key), cost)

    def failed(self, key: Key, why: BaseException | None) -> None:
        """Note a question that came to nothing."""
        charge = self._left.pop(key)
        if isinstance(why, EngineRefused):
            self._ledger.release(charge)
        else:
            self._ledger.lose(charge)
