"""How many questions are asked, and kept, together: what is lost at most when a run is killed.

A local engine's numbers depend in their last digits on what shares its batch, so a chunk is kept
whole or not at all. Where a chunk ends follows from the questions alone, in the task's order: a
run that is resumed asks the same chunks again and finds the same answers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from elige.evaluate.asking import Question
from elige.records import Ask, Candidate, EngineInfo

T = TypeVar("T")

CHUNK = 16
"""What every engine is handed at least, and what a local one generates together."""

WINDOW = 512
"""Questions that are looked up in the store, and held in memory, together."""

# A remote engine has its requests open side by side; the last ones of a call leave lines idle.
_CALL_OF_REQUESTS = 4
# A chunk is to take so long at most, where that can be told.
_SECONDS = 8.0
# Operations a second, about: two to eight cores in fp32, a data centre's GPU in bf16.
_CPU_SPEED, _GPU_SPEED = 1.5e11, 1e14
# Fewer tokens do not keep a processor busy; more do not make it faster.
_LEAST_TOKENS, _MOST_TOKENS = 1024, 65_536
_CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A chunk holds at most so many questions, and tokens as estimated; but one at least."""

    questions: int
    tokens: int


def bounds(candidate: Candidate, info: EngineInfo, *, weighed: bool) -> Bounds:
    """What one chunk of this candidate's may hold.

    Questions to weigh are handed over by as many as the engine says is worthwhile, others by
    `CHUNK` on a processor. A forward pass takes two operations for each parameter and token.
    """
    if candidate.ref.is_remote:
        return Bounds(
            questions=max(CHUNK, _CALL_OF_REQUESTS * info.concurrency), tokens=_MOST_TOKENS
        )
    on_gpu = info.device.startswith("cuda")
    together = info.concurrency if weighed or on_gpu else CHUNK
    tokens = _MOST_TOKENS
    if info.parameters:
        speed = _GPU_SPEED if on_gpu else _CPU_SPEED
        tokens = int(_SECONDS * speed / (2 * info.parameters))
    return Bounds(
        questions=max(CHUNK, together), tokens=min(max(tokens, _LEAST_TOKENS), _MOST_TOKENS)
    )


def chunked(questions: Iterable[Question], most: Bounds) -> Iterator[list[Question]]:
    """The questions in their order, in chunks within `most`.

    What a prompt has in common with the one before it (the same examples, say) is read once,
    and so is not counted again.
    """
    chunk: list[Question] = []
    tokens, before = 0, ""
    for question in questions:
        text = question.ask.prompt.shown()
        size = estimated_tokens(question.ask, shared=shared_length(before, text))
        if chunk and (len(chunk) >= most.questions or tokens + size > most.tokens):
            yield chunk
            chunk, tokens = [], 0
        chunk.append(question)
        tokens, before = tokens + size, text
    if chunk:
        yield chunk


def windowed(chunks: Iterable[list[T]], size: int = WINDOW) -> Iterator[list[list[T]]]:
    """Chunks in groups that hold `size` members or a few more; the last one may hold fewer."""
    window: list[list[T]] = []
    held = 0
    for chunk in chunks:
        window.append(chunk)
        held += len(chunk)
        if held >= size:
            yield window
            window, held = [], 0
    if window:
        yield window


def estimated_tokens(ask: Ask, *, shared: int = 0) -> int:
    """Tokens that `ask` has an engine read, but for the first `shared` characters (estimated)."""
    characters = len(ask.prompt.shown()) - shared + sum(map(len, ask.continuations))
    return 1 + characters // _CHARACTERS_A_TOKEN


def shared_length(first: str, second: str) -> int:
    """How many characters two texts begin with alike, found by halving."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
