"""A candidate made ready: its engine described, its prompt style settled, its hash known."""

from dataclasses import dataclass

from elige.loader.identity import candidate_hash
from elige.records import Candidate, EngineInfo

__all__ = ["Entrant", "candidate_hash", "entrant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A candidate, what its engine says of itself, and the hash its answers are kept under."""

    candidate: Candidate
    info: EngineInfo
    hash: str

    @property
    def name(self) -> str:
        """The candidate's name."""
        return self.candidate.name


def entrant(candidate: Candidate, info: EngineInfo) -> Entrant:
    """The candidate with its hash.

    The hash covers weights, tokenizer, template, adapter, precision, engine and version,
    prompt set-up and sampling; the name, prices and an engine's own keys that change no answer
    are no part of it, so the same way to run a model is never paid for twice.
    """
    return Entrant(candidate=candidate, info=info, hash=candidate_hash(candidate, info))
