"""What decides a candidate's answers, and which candidates one loaded engine serves."""

from collections.abc import Iterable
from dataclasses import replace

from elige.records import Candidate, EngineInfo, RefKind
from elige.text import digest


def candidate_hash(candidate: Candidate, info: EngineInfo) -> str:
    """Hex SHA-256 over everything that decides a candidate's answers, apart from the question.

    Two reference texts that lead to the same weights share a hash.
    """
    fields = {
        "adapter": candidate.adapter,
        "prompt": candidate.prompt,
        "system": candidate.system,
        "shots": candidate.shots or 0,
        "temperature": candidate.temperature,
        "top_p": candidate.top_p,
        "top_k": candidate.top_k,
        "max_tokens": candidate.max_tokens,
        "seed": candidate.seed,
        "identity": info.identity,
    }
    return digest(fields)


def engine_key(candidate: Candidate) -> str:
    """Equal for candidates that one loaded engine can serve: prompt and sampling do not count.

    EchoEngine alone is made with its seed; for every other one it comes with the question.
    """
    seed = candidate.seed if candidate.ref.kind is RefKind.ECHO else None
    bare = replace(
        candidate,
        name="",
        prompt="auto",
        system="",
        shots=0,
        temperature=None,
        top_p=None,
        top_k=None,
        max_tokens=None,
        seed=seed,
    )
    return repr(bare)


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates less those whose engine an earlier one has opened."""
    return list({engine_key(one): one for one in reversed(list(candidates))}.values())[::-1]
