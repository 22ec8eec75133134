"""Log-probabilities by trees of tokens: every token that questions share is computed once.

The main path is *plan, read, weigh*: which questions go together on which shared beginning, one
pass over each tree, then the log-probability of each token of each continuation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

import torch
from torch import Tensor

from elige.engines.torch.attention import NAME, Memory, Reading, reading
from elige.engines.torch.lanes import Done, Lanes
from elige.engines.torch.network import Limits, Network, finite, told
from elige.engines.torch.planning import Bounds, Load, Pack, families, packs, unique_tokens
from elige.engines.torch.tokenise import Question
from elige.engines.torch.trie import Ids, Tree, common, tree_of
from elige.engines.torch.weight import Weight

# Tokens of a pass. On a CPU the activations of 512 stay in a core's own cache.
_CPU_PASS, _CUDA_PASS = 512, 16_384
# Rows of logits that are summed up at once, so that they stay in the cache.
_CPU_ROWS, _CUDA_ROWS = 32, 1024
_BEGINNINGS = 4


@dataclass(frozen=True, slots=True)
class Beginning:
    """Tokens that were read, and each layer's keys and values of them."""

    ids: Ids = ()
    memory: Memory = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def cut(self, ids: Ids) -> "Beginning":
        """As much of it as `ids` begin with."""
        size = common(self.ids, ids)
        if size == len(self.ids):
            return self
        memory = {at: (k[:, :, :size], v[:, :, :size]) for at, (k, v) in self.memory.items()}
        return Beginning(self.ids[:size], memory if size else {})


class TreeReader:
    """Scores questions on one network; keeps the beginnings read last for the next call."""

    def __init__(self, network: Network, threads: int) -> None:
        self._network = network
        self._lanes = Lanes(1 if network.device.type == "cuda" else threads)
        self._pass = _CUDA_PASS if network.device.type == "cuda" else _CPU_PASS
        self._beginnings: list[Beginning] = []
        self.tokens = 0
        self.windows: dict[int, int | None] = {}

    def score(self, questions: Sequence[Question], limits: Limits) -> list[list[Weight]]:
        """One weight for each tail of each question, in the order given."""
        weights = [[Weight() for _ in question.tails] for question in questions]
        chosen = list(zip(questions, weights, strict=True))

        def weigh(pack: Pack, shared: Beginning | None) -> int:
            beginning, read = (shared, 0) if shared else self._read(Beginning(), pack.before)
            return read + self._weigh(beginning, [chosen[at] for at in pack.questions])

        groups = list(_side_by_side(self._plan(questions, limits)))
        with self._network.attending(NAME):
            if len(groups) < 2 or self._lanes.threads < 2:
                for group in groups:
                    shared = self._shared(group, limits)
                    one = partial(weigh, shared=shared)
                    self.tokens += sum(self._lanes.each(one, group))
            else:
                self.tokens += self._interleaved(groups, weigh, limits)
        return weights

    def _interleaved(
        self,
        groups: Sequence[list[Pack]],
        weigh: Callable[[Pack, Beginning | None], int],
        limits: Limits,
    ) -> int:
        """Weigh several groups side by side, the beginnings of some while others are weighed."""
        standing = [group for group in groups if group[0].before and _stands_on_one(group)]
        stem, kin = families([group[0].before for group in standing])
        known, read = self._known_of(stem), 0
        if len(standing) > 1:
            known, read = self._read(known, stem)
        found: dict[int, Beginning] = {}

        def begin(places: Sequence[int], before: Beginning) -> Done[int]:
            at = places[0]
            ids = standing[at][0].before
            beginning, read = self._read(max(before.cut(ids), self._known_of(ids), key=len), ids)
            if at >= len(standing) - _BEGINNINGS:
                found[at] = beginning
            packs = [partial(_done, weigh, pack, beginning) for pack in standing[at]]
            rest = [partial(begin, places[1:], beginning)] if places[1:] else []
            return Done(read, [*packs, *rest])

        jobs = [partial(begin, places, known) for places in kin]
        loose = [
            pack
            for group in groups
            if not (group[0].before and _stands_on_one(group))
            for pack in group
        ]
        total = sum(self._lanes.flow([*jobs, *(partial(_done, weigh, one, None) for one in loose)]))
        for at in sorted(found):
            self._remember(found[at], limits)
        return read + total

    def close(self) -> None:
        """Let threads and beginnings go. Safe to call twice."""
        self._lanes.close()
        self._beginnings.clear()

    def _plan(self, questions: Sequence[Question], limits: Limits) -> list[Pack]:
        loads = [_load(index, question) for index, question in enumerate(questions)]
        lanes = self._lanes.threads
        share = -(-unique_tokens(loads) // lanes)
        bounds = Bounds(
            tokens=max(64, min(self._pass, share)), rows=max(1, limits.logits // lanes), lanes=lanes
        )
        return packs(loads, bounds, [one.ids for one in self._beginnings])

    def _shared(self, group: Sequence[Pack], limits: Limits) -> Beginning | None:
        """What several packs stand on, read once and remembered; None where each reads its own."""
        ids = group[0].before
        if not _stands_on_one(group):
            return None
        found, read = self._read(self._known_of(ids), ids)
        self.tokens += read
        if ids:
            self._remember(found, limits)
        return found

    def _known_of(self, ids: Ids) -> Beginning:
        """As much of `ids` as one of the kept beginnings has."""
        return max((one.cut(ids) for one in self._beginnings), key=len, default=Beginning())

    @torch.inference_mode()
    def _read(self, known: Beginning, ids: Ids) -> tuple[Beginning, int]:
        """The beginning `ids`, read on from what is known of it, and how many tokens that took."""
        start = len(known)
        while len(known) < len(ids):
            done = len(known)
            more = ids[done : done + self._pass]
            now = Reading(tree=tree_of([more]), before=known.memory, length=done, kept={})
            self._forward(now, [len(more) - 1])
            known = Beginning(ids[: done + len(more)], _joined(known.memory, now.kept or {}))
        return known, len(ids) - start

    def _remember(self, known: Beginning, limits: Limits) -> None:
        rest = [one for one in self._beginnings if one.ids != known.ids]
        kept, held = [known], len(known.ids)
        for one in rest[: _BEGINNINGS - 1]:
            held += len(one.ids)
            if held <= limits.cached:
                kept.append(one)
        self._beginnings = kept

    @torch.inference_mode()
    def _weigh(self, beginning: Beginning, chosen: Sequence[tuple[Question, list[Weight]]]) -> int:
        """Add to the weights of the chosen questions, in one pass of so many tokens."""
        length = len(beginning.ids)
        tails = [
            (question.context.ids[length:], tail, weight)
            for question, weights in chosen
            for tail, weight in zip(question.tails, weights, strict=True)
        ]
        tree = tree_of([(*context, *tail[:-1]) for context, tail, _ in tails])
        places = [
            path[len(context) - 1 :]
            for path, (context, _, _) in zip(tree.paths, tails, strict=True)
        ]
        wanted = sorted({place for path in places for place in path})
        now = Reading(tree=tree, before=beginning.memory, length=length)
        logits = self._forward(now, wanted)
        row_of = {place: row for row, place in enumerate(wanted)}
        rows = [row_of[place] for path in places for place in path]
        targets = [token for _, tail, _ in tails for token in tail]
        logprobs, hits = weighed(logits, rows, targets)
        at = 0
        for _, tail, weight in tails:
            weight.add(logprobs[at : at + len(tail)], hits[at : at + len(tail)])
            at += len(tail)
        return len(tree.ids)

    def _forward(self, now: Reading, wanted: Sequence[int]) -> Tensor:
        """Logits of the wanted places, [wanted, vocabulary], in the model's own precision."""
        device = self._network.device
        tree: Tree = now.tree
        ids = torch.tensor([tree.ids], device=device)
        depths = torch.tensor([tree.depths], device=device)
        keep = torch.tensor(wanted, device=device)
        with reading(now), told():
            logits = self._network.at(ids, depths + now.length, keep)
        self.windows |= now.windows
        return logits


def weighed(
    logits: Tensor, rows: Sequence[int], targets: Sequence[int]
) -> tuple[list[float], list[bool]]:
    """The log-probability of each target in its row of `logits`, and whether it is the likeliest.

    `logits` is used up.
    """
    picked = torch.tensor(rows, device=logits.device)
    sought = torch.tensor(targets, device=logits.device)
    found = logits[picked, sought].float()
    best = torch.full((len(logits),), -torch.inf, device=logits.device)
    best.scatter_reduce_(0, picked, found, "amax")
    likeliest = torch.full((len(logits),), -1, device=logits.device)
    totals, size = [], _CUDA_ROWS if logits.is_cuda else _CPU_ROWS
    for start in range(0, len(logits), size):
        block = logits[start : start + size].float()
        most = block.amax(dim=-1)
        # Finding the place of the largest takes long; only a row whose target is as large asks.
        near = torch.nonzero(best[start : start + size] >= most).flatten()
        likeliest[start + near] = block[near].argmax(dim=-1)
        totals.append(block.sub_(most[:, None]).exp_().sum(dim=-1).log_() + most)
    total = finite(torch.cat(totals))
    logprobs: list[float] = (found - total[picked]).tolist()
    hits: list[bool] = (likeliest[picked] == sought).tolist()
    return logprobs, hits


def _load(index: int, question: Question) -> Load:
    return Load(
        index=index,
        context=question.context.ids,
        tokens=sum(len(tail) - 1 for tail in question.tails),
        rows=sum(len(tail) for tail in question.tails),
    )


def _stands_on_one(group: Sequence[Pack]) -> bool:
    return all(pack.before == group[0].before for pack in group)


def _done(
    weigh: Callable[[Pack, Beginning | None], int], pack: Pack, on: Beginning | None
) -> Done[int]:
    return Done(weigh(pack, on))


def _side_by_side(plan: Sequence[Pack]) -> Iterator[list[Pack]]:
    """Packs that may be read at once: those on one beginning, and runs of single questions."""
    single: list[Pack] = []
    for _, found in groupby(plan, key=lambda pack: pack.before):
        group = list(found)
        if len(group) == 1 and len(group[0].questions) == 1:
            single += group
            continue
        if single:
            yield single
        single = []
        yield group
    if single:
        yield single


def _joined(first: Memory, second: Memory) -> Memory:
    if not first:
        return {layer: (k.contiguous(), v.contiguous()) for layer, (k, v) in second.items()}
    return {
        layer: (torch.cat([first[layer][0], k], dim=2), torch.cat([first[layer][1], v], dim=2))
        for layer, (k, v) in second.items()
    }
