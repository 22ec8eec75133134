"""One loaded model: the protocol that every engine keeps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from elige.records.answer import Answer, Piece
from elige.records.candidate import Candidate
from elige.records.prices import Prices
from elige.records.prompt import Ask, Prompt
from elige.records.sampling import Sampling


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What decides a model's answers, apart from the question: hashes and versions.

    `weights`, `tokenizer` and `template` are hashes ('' where there is none or it cannot be
    known); for an endpoint `weights` is its address and model name. `precision` is what the
    weights are computed in.
    """

    weights: str
    tokenizer: str = ""
    template: str = ""
    precision: str = ""
    engine: str
    engine_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One candidate of a combination, and what its engine says of itself."""

    candidate: Candidate
    info: "EngineInfo"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What an engine says of itself.

    `context_length` is in tokens, None when unknown. `parameters` counts weights, None when
    unknown. `weight_bytes` is what the loaded weights take. `kernel` names how attention is
    computed. `concurrency` is how many questions are worth handing over at once. `rehearses`
    is true for EchoEngine alone: it wants the right answer in `Prompt.rehearsal`. `members` are
    those of a combination, which is asked with a `CombinedPrompt`.
    """

    identity: Identity
    context_length: int | None = None
    device: str = ""
    can_score: bool = True
    can_generate: bool = True
    has_template: bool = False
    parameters: int | None = None
    weight_bytes: int | None = None
    kv_bytes_per_token: int | None = None
    kernel: str = ""
    concurrency: int = 8
    rehearses: bool = False
    notices: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSpec:
    """Everything an engine needs to open: handed to the engine's factory by the loader.

    `folder` is a local folder in Hugging Face layout, for engines that read weights. `api_key`
    is kept out of every repr and log. `threads` is how many may compute at most, None for no bound.
    """

    candidate: Candidate
    identity: Identity
    folder: Path | None = None
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    prices: Prices | None = None
    threads: int | None = None


@runtime_checkable
class Engine(Protocol):
    """One loaded model that can score and generate."""

    def describe(self) -> EngineInfo:
        """Say what this engine is; cheap, no work is done."""
        ...

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        """One answer for each ask, with `weighed` filled, in the order given.

        Raises `EngineRefused` when the engine cannot score or a question does not fit its
        context, `EngineDown` when it stopped.
        """
        ...

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        """Yield pieces as they come, of all prompts mixed; each prompt ends with its answer.

        Closing the iterator stops the work within two tokens.
        """
        ...

    def close(self) -> None:
        """Give back memory, processes and files. Safe to call twice."""
        ...


class EngineFactory(Protocol):
    """What an entry point of the group `elige.engines` is."""

    def __call__(self, spec: EngineSpec) -> Engine:
        """Open the engine that `spec` describes."""
        ...
