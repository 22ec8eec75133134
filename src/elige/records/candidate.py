"""One way to run a model."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from elige.records.model import ModelRef
from elige.records.prices import Prices

PromptStyle = Literal["auto", "chat", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A reference, an engine, a precision, a prompt set-up and sampling.

    `None` and 'auto' leave the choice to the task or the engine (no `shots` are none, unless the
    task says otherwise). `options` holds the keys that
    only one engine knows (EchoEngine's `skill`, the remote engine's `timeout`), sorted by name.
    `input_price` and `output_price` are US dollars per million tokens.
    """

    name: str
    ref: ModelRef
    engine: str = "auto"
    dtype: str = "auto"
    adapter: str = ""
    prompt: PromptStyle = "auto"
    system: str = ""
    shots: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_tokens: int | None = None
    seed: int | None = None
    input_price: Decimal | None = None
    output_price: Decimal | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def prices(self) -> Prices | None:
        """Its prices; None where one of them is not known."""
        if self.input_price is None or self.output_price is None:
            return None
        return Prices(input=self.input_price, output=self.output_price)

    def option(self, key: str, default: str = "") -> str:
        """The value of an engine's own key, or `default`."""
        return dict(self.options).get(key, default)
