"""Attention with its log-sum-exp, so that parts of it can be merged.

A query's attention over several sets of keys is the mean of its attention over each, weighed by
exp(log-sum-exp) (Dao et al. 2022, FlashAttention, section 3.1; Juravsky et al. 2024, Hydragen).
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

_FLASH_ON_CUDA = {torch.float16, torch.bfloat16}
# From so many keys on, a plain product is faster than the flash kernel for bf16 on a CPU.
_MANY_KEYS = 256
# Products of queries and keys that are worked on at once there: two megabytes of them.
_BLOCK_VALUES = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How an architecture weighs what it looks at.

    `window` is how many tokens a token sees, itself included; `softcap` bounds the products
    (Gemma 2), `sinks` are a learned place for each head that takes its share (gpt-oss).
    """

    scale: float
    window: int | None = None
    softcap: float | None = None
    sinks: Tensor | None = None


@dataclass(slots=True)
class Part:
    """Attention over some of the keys: `out` [1, heads, queries, width], `lse` [1, heads, queries].

    `lse` is the natural logarithm of the summed exponentials of the products, in fp32.
    """

    out: Tensor
    lse: Tensor

    def merge(self, start: int, stop: int, other: "Part") -> None:
        """Add what queries `start` to `stop` saw of other keys."""
        mine, out = self.lse[:, :, start:stop], self.out[:, :, start:stop]
        whole = torch.logaddexp(mine, other.lse)
        out.mul_((mine - whole).exp_().unsqueeze(-1).to(out.dtype))
        out.addcmul_(other.out, (other.lse - whole).exp_().unsqueeze(-1).to(out.dtype))
        mine.copy_(whole)

    def sink(self, sinks: Tensor) -> None:
        """Give each head's sink its share."""
        share = torch.sigmoid(self.lse - sinks.float().view(1, -1, 1))
        self.out.mul_(share.unsqueeze(-1).to(self.out.dtype))


def attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    rule: Rule,
    *,
    causal: bool = False,
    mask: Tensor | None = None,
) -> Part:
    """Attention of `query` [1, heads, queries, d] over `key` and `value` [1, kv heads, keys, d].

    `mask` is boolean [queries, keys], True where a query sees a key; a query that sees none gets
    an output of 0 and a log-sum-exp of -inf.
    """
    if rule.softcap is not None:
        return _plain(query, key, value, rule, causal=causal, mask=mask)
    if query.device.type == "cpu":
        busy = query.dtype == torch.bfloat16 and key.shape[2] >= _MANY_KEYS
        if busy and mask is None and not causal:
            return _in_blocks(query, key, value, rule)
        return _flash_on_cpu(query, key, value, rule, causal=causal, mask=mask)
    if query.dtype in _FLASH_ON_CUDA and mask is None:
        return _flash_on_cuda(query, key, value, rule, causal=causal)
    return _plain(query, key, value, rule, causal=causal, mask=mask)


def kernel_name(device: torch.device, dtype: torch.dtype) -> str:
    """What `attend` uses where the architecture allows it."""
    flash = device.type == "cpu" or dtype in _FLASH_ON_CUDA
    return "flash attention" if flash else "matrix products"


def _flash_on_cpu(
    query: Tensor, key: Tensor, value: Tensor, rule: Rule, *, causal: bool, mask: Tensor | None
) -> Part:
    width = value.shape[-1]
    value = pad(value, (0, query.shape[-1] - width)) if width < query.shape[-1] else value
    bias = None if mask is None else _bias(mask, query.dtype)[None, None]
    out, lse = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
        query, key, value, 0.0, causal, attn_mask=bias, scale=rule.scale
    )
    if mask is not None:
        lse = lse.masked_fill(~mask.any(dim=-1), -torch.inf)
    return Part(out[..., :width], lse)


def _flash_on_cuda(query: Tensor, key: Tensor, value: Tensor, rule: Rule, *, causal: bool) -> Part:
    width, size = value.shape[-1], query.shape[-1]
    filled = -(-size // 8) * 8  # the kernel wants widths of a multiple of eight
    parts = [pad(part, (0, filled - part.shape[-1])) for part in (query, key, value)]
    out, lse, *_ = torch.ops.aten._scaled_dot_product_flash_attention(
        *parts, 0.0, causal, False, scale=rule.scale
    )
    return Part(out[..., :width], lse[..., : query.shape[2]])


def _in_blocks(query: Tensor, key: Tensor, value: Tensor, rule: Rule) -> Part:
    """By two matrix products and one softmax, all in the model's precision, for many keys.

    A block of queries at a time, so that the products stay in the cache. The likeliest key's
    share is exp(its product - log-sum-exp): from that the log-sum-exp is found again.
    """
    heads, queries, width = query.shape[1:]
    groups, keys = heads // key.shape[1], key.shape[2]
    folded = (query * rule.scale).reshape(key.shape[1], groups * queries, width)
    turned = key[0].transpose(-1, -2)
    out = value.new_empty(key.shape[1], groups * queries, value.shape[-1])
    lse = value.new_empty(key.shape[1], groups * queries, dtype=torch.float32)
    size = max(16, _BLOCK_VALUES // (key.shape[1] * keys))
    for start in range(0, groups * queries, size):
        block = slice(start, start + size)
        products = torch.bmm(folded[:, block], turned)
        shares = torch.softmax(products, dim=-1)
        lse[:, block] = products.amax(dim=-1).float() - shares.amax(dim=-1).float().log()
        out[:, block] = torch.bmm(shares, value[0])
    return Part(out.view(1, heads, queries, -1), lse.view(1, heads, queries))


def _plain(
    query: Tensor, key: Tensor, value: Tensor, rule: Rule, *, causal: bool, mask: Tensor | None
) -> Part:
    """By two matrix products; the query heads of a KV head stand under each other."""
    heads, queries, groups = query.shape[1], query.shape[2], query.shape[1] // key.shape[1]
    folded = query.reshape(key.shape[1], groups * queries, query.shape[-1])
    products = torch.matmul(folded, key[0].transpose(-1, -2)).float().mul_(rule.scale)
    if rule.softcap is not None:
        products = products.div_(rule.softcap).tanh_().mul_(rule.softcap)
    if causal:
        mask = torch.ones(queries, key.shape[2], dtype=torch.bool, device=key.device).tril_()
    products = products.view(heads, queries, -1)
    if mask is not None:
        products = products.masked_fill_(~mask, -torch.inf)
    most = products.amax(dim=-1, keepdim=True).clamp_min_(torch.finfo(torch.float32).min)
    chances = products.sub_(most).exp_()
    total = chances.sum(dim=-1, keepdim=True)
    shares = chances.to(value.dtype).view(key.shape[1], groups * queries, -1)
    out = torch.matmul(shares, value[0]).view(heads, queries, -1)
    out = out / total.clamp_min(torch.finfo(torch.float32).tiny).to(out.dtype)
    lse = (total.log() + most).squeeze(-1)
    return Part(out[None], lse[None])


def _bias(mask: Tensor, dtype: torch.dtype) -> Tensor:
    return torch.zeros(mask.shape, dtype=dtype, device=mask.device).masked_fill_(~mask, -torch.inf)
