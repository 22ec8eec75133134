"""How tokens are drawn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Every field that decides how text is generated, all of them explicit.

    `temperature` 0 is greedy. `top_k` 0 and `top_p` 1 switch these filters off.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    repetition_penalty: float = 1.0
    max_tokens: int = 256
    stop: tuple[str, ...] = ()
    seed: int = 0

    @property
    def is_greedy(self) -> bool:
        """Whether the same prompt always gets the same answer."""
        return self.temperature == 0.0
