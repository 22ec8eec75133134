"""Which token comes next."""

from collections.abc import Sequence

import torch
from torch import Tensor

from elige.engines.torch.network import finite
from elige.records import Sampling
from elige.text import digest


def dice(seed: int, prompt: Sequence[int]) -> torch.Generator:
    """Random numbers that depend on the seed and the prompt alone.

    So a prompt gets the same text whatever else is in its batch, and the draws for different
    prompts are independent of each other. They are drawn on the CPU, the same for every device.
    """
    number = int(digest([seed, list(prompt)])[:15], 16)
    return torch.Generator(device="cpu").manual_seed(number)


def pick(
    logits: Tensor,
    read: Sequence[Sequence[int]],
    rolls: Sequence[torch.Generator],
    sampling: Sampling,
) -> list[int]:
    """One token for each row of `logits` [rows, vocabulary].

    `read` is all that a row holds so far; nobody looks at it without a repetition penalty.

    The filters work in the order of transformers: repetition penalty (Keskar et al. 2019,
    CTRL), temperature, top-k, top-p (Holtzman et al. 2020).
    """
    scores = logits
    if sampling.repetition_penalty != 1.0:
        scores = _penalised(scores, read, sampling.repetition_penalty)
    if sampling.is_greedy:
        likeliest = scores.argmax(dim=-1, keepdim=True)
        # NaN counts as the largest number, so it would be found here.
        finite(scores.gather(1, likeliest))
        return [int(token) for token in likeliest[:, 0].tolist()]
    finite(scores)
    probabilities = _filtered(scores / sampling.temperature, sampling).softmax(dim=-1)
    uniform = torch.stack([torch.rand(1, generator=roll) for roll in rolls])
    return _drawn(probabilities, uniform.to(probabilities.device))


def _penalised(scores: Tensor, read: Sequence[Sequence[int]], penalty: float) -> Tensor:
    scores = scores.clone()
    for row, ids in enumerate(read):
        seen = torch.tensor(sorted(set(ids)), device=scores.device)
        old = scores[row, seen]
        scores[row, seen] = torch.where(old < 0, old * penalty, old / penalty)
    return scores


def _filtered(scores: Tensor, sampling: Sampling) -> Tensor:
    if 0 < sampling.top_k < scores.shape[-1]:
        least = scores.topk(sampling.top_k, dim=-1).values[:, -1:]
        scores = scores.masked_fill(scores < least, -torch.inf)
    if sampling.top_p < 1.0:
        ordered, order = scores.sort(dim=-1, descending=True)
        chances = ordered.softmax(dim=-1)
        # A token stays while those before it do not reach top_p, so one always stays.
        drop = chances.cumsum(dim=-1) - chances >= sampling.top_p
        drop[:, 0] = False
        scores = scores.masked_fill(drop.scatter(1, order, drop), -torch.inf)
    return scores


def _drawn(probabilities: Tensor, uniform: Tensor) -> list[int]:
    """The token at which the summed probability passes `uniform` [rows, 1]."""
    summed = probabilities.cumsum(dim=-1)
    at = torch.searchsorted(summed, uniform * summed[:, -1:], right=True)
    likeliest = probabilities.argmax(dim=-1, keepdim=True)
    # Rounding can point behind the last token that has any probability.
    inside = at < probabilities.shape[-1]
    at = torch.where(inside, at.clamp(max=probabilities.shape[-1] - 1), likeliest)
    at = torch.where(probabilities.gather(1, at) > 0, at, likeliest)
    return [int(token) for token in at[:, 0].tolist()]
