"""Log-probabilities the plain way, for models that cannot be read as a tree.

A batch goes in three steps: what all contexts begin with is read once; then the rest of each
context, which gives the first token of every continuation; then what follows, on copies of the
context's keys and values. `score_questions` is the one door.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar  # Any: caches of transformers

import torch
from torch import Tensor

from elige.engines.torch.network import Limits, Network, Tokens, finite
from elige.engines.torch.tokenise import Question
from elige.engines.torch.weight import Weight

# Below so many tokens a shared beginning saves less than its own pass costs.
WORTH_SHARING = 16
# From so many tokens on a pass is busy, and shorter rows had better wait than be filled up.
WORTH_A_PASS = 1024

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tail:
    """One continuation: its weight so far, and the row in which its context stands."""

    context: tuple[int, ...]
    ids: tuple[int, ...]
    weight: Weight
    row: int = 0


Weighed = tuple[Question, list[Weight]]


def score_questions(
    network: Network, questions: Sequence[Question], limits: Limits, *, whole: bool = False
) -> list[list[Weight]]:
    """One weight for each tail of each question, in the order given.

    With `whole` each continuation is read with all of its context, sharing nothing.
    """
    weights = [[Weight() for _ in question.tails] for question in questions]
    weighed = list(zip(questions, weights, strict=True))
    if network.shareable and not whole:
        _score_shared(network, weighed, limits)
    else:
        _score_whole(network, weighed, limits)
    return weights


def _score_shared(network: Network, weighed: list[Weighed], limits: Limits) -> None:
    shared = _shared_beginning(network, [question for question, _ in weighed])
    beginning = network.new_cache()
    if shared:
        network.last(network.batch([shared], left=True), beginning, limits)

    def width(pair: Weighed) -> int:
        return len(pair[0].context.ids) - len(shared)

    def rows(widest: int) -> int:
        held = limits.cached // (len(shared) + widest)
        return min(limits.forward // widest, held, limits.logits)

    for pack in _packs(weighed, width, rows):
        before = torch.ones(len(pack), len(shared), dtype=torch.long, device=network.device)
        rests = [question.context.ids[len(shared) :] for question, _ in pack]
        tokens = network.batch(rests, left=True, before=before)
        cache = network.fork(beginning, [0] * len(pack)) if shared else network.new_cache()
        tails = _first_tokens(network.last(tokens, cache, limits), pack)
        _score_tails(network, tails, _Read(tokens.mask, cache), limits)


@dataclass(frozen=True, slots=True)
class _Read:
    """Contexts that were read: [rows, tokens] with 0 for filling, and their memory."""

    mask: Tensor
    cache: Any


def _first_tokens(logits: Tensor, pack: Sequence[Weighed]) -> list[_Tail]:
    """Weigh the first token of each continuation; those with more of them come back."""
    logprobs = finite(logits).log_softmax(dim=-1)
    likeliest = logprobs.argmax(dim=-1).tolist()
    longer = []
    for row, (question, weights) in enumerate(pack):
        firsts = [tail[0] for tail in question.tails]
        found = logprobs[row, torch.tensor(firsts, device=logits.device)].tolist()
        for tail, weight, logprob in zip(question.tails, weights, found, strict=True):
            weight.add([logprob], [tail[0] == likeliest[row]])
            if len(tail) > 1:
                longer.append(_Tail(context=question.context.ids, ids=tail, weight=weight, row=row))
    return longer


def _score_tails(network: Network, tails: list[_Tail], read: _Read, limits: Limits) -> None:
    """Weigh what follows the first tokens, each row on a copy of its context's memory."""

    def width(tail: _Tail) -> int:
        return len(tail.ids) - 1

    def rows(widest: int) -> int:
        held = limits.cached // (read.mask.shape[1] + widest)
        return min(limits.forward // widest, held, limits.logits // widest)

    for pack in _packs(tails, width, rows):
        owners = [tail.row for tail in pack]
        tokens = network.batch(
            [tail.ids[:-1] for tail in pack], left=False, before=read.mask[owners]
        )
        targets = [[*tail.ids[1:]] for tail in pack]
        _weigh(network, tokens, network.fork(read.cache, owners), limits, (pack, targets))


def _score_whole(network: Network, weighed: list[Weighed], limits: Limits) -> None:
    """Read each context anew with every continuation, for models that cannot share."""
    tails = [
        _Tail(context=question.context.ids, ids=ids, weight=weight)
        for question, weights in weighed
        for ids, weight in zip(question.tails, weights, strict=True)
    ]
    longest = max(len(tail.ids) for tail in tails)

    def width(tail: _Tail) -> int:
        return len(tail.context) + len(tail.ids) - 1

    def rows(widest: int) -> int:
        return min(limits.forward // widest, limits.logits // longest)

    for pack in _packs(tails, width, rows):
        tokens = network.batch([[*tail.context, *tail.ids[:-1]] for tail in pack], left=False)
        targets = [[-1] * (len(tail.context) - 1) + [*tail.ids] for tail in pack]
        _weigh(network, tokens, None, limits, (pack, targets))


def _weigh(
    network: Network,
    tokens: Tokens,
    cache: Any,  # noqa: ANN401 - a cache of transformers
    limits: Limits,
    wanted: tuple[Sequence[_Tail], Sequence[Sequence[int]]],
) -> None:
    """Add to each tail the log-probabilities of its targets; -1 asks for nothing."""
    tails, rows = wanted
    filled = [[*row, *[-1] * (tokens.width - len(row))] for row in rows]
    targets = torch.tensor(filled, device=network.device)
    for part, start, stop in network.parts(tokens, limits):
        sought = targets[:, start:stop]
        keep = sought >= 0
        logits = finite(network.forward(part, cache, keep))
        chosen = sought[keep]
        logprobs = (logits.gather(1, chosen[:, None])[:, 0] - logits.logsumexp(dim=-1)).tolist()
        hits = (logits.argmax(dim=-1) == chosen).tolist()
        at = 0
        for tail, count in zip(tails, keep.sum(dim=1).tolist(), strict=True):
            tail.weight.add(logprobs[at : at + count], hits[at : at + count])
            at += count


def _shared_beginning(network: Network, questions: Sequence[Question]) -> tuple[int, ...]:
    """The tokens that every context begins with, where reading them apart is worth it.

    Each context keeps one token of its own. Filling would stand between the beginning and the
    rest, and a sliding window counts filling: longer texts are then read from their start.
    """
    contexts = [question.context.ids for question in questions]
    longest = max(len(tail) for question in questions for tail in question.tails)
    fits = network.window is None or max(map(len, contexts)) + longest <= network.window
    if len(contexts) < 2 or not fits:
        return ()
    low, high = min(contexts), max(contexts)
    most = min(map(len, contexts)) - 1
    same = next((at for at in range(most) if low[at] != high[at]), most)
    return low[:same] if same >= WORTH_SHARING else ()


def _packs(
    items: Sequence[Row], width: Callable[[Row], int], rows: Callable[[int], int]
) -> Iterator[list[Row]]:
    """Batches of rows of like width, the widest first; `rows` bounds their number."""
    ordered = sorted(items, key=width, reverse=True)
    pack: list[Row] = []
    for item in ordered:
        widest = width(pack[0]) if pack else 0
        busy = len(pack) * widest >= WORTH_A_PASS
        if pack and (len(pack) >= rows(widest) or (busy and width(item) < 0.75 * widest)):
            yield pack
            pack = []
        pack.append(item)
    if pack:
        yield pack
