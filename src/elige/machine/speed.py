"""How fast a machine reads and writes text with a model: estimates from a few measured numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

# PyTorch's cache is copied when a token is added: read, written, and read by the attention.
_CACHE_PASSES = 3
DECODE_FORMULA = (
    "1 / ((bytes of active weights + 3 x bytes of keys and values) / bytes read a second "
    "+ layers x seconds a step)"
)
PREFILL_FORMULA = (
    "tokens / (operations / arithmetic + values passed / their pace + layers x seconds a step)"
)
STREAM_FORMULA = "bandwidth / bytes of active weights and of keys and values"
MATRIX_FORMULA = "arithmetic / operations a token"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSpeed:
    """What was measured of a machine in one precision; rates a second, times in seconds.

    `read` is bytes that a product of one row reads of its weights, `operations` what a product of
    many rows does (an addition and a multiplication count as two). `step` is the time that a
    layer takes besides what it reads and multiplies, `norm` that of one norm more or less, and
    `values` how many values pass a second through what is no product.
    """

    read: float
    operations: float
    step: float
    norm: float
    values: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a model has to do for a token.

    `weights` is how many it multiplies, `head` those of them that only the last token of a text
    needs (the projection on the vocabulary). `kept` is how many values of keys and values it
    looks at, `look` the operations of looking at one token before, `passed` the values that pass
    through norms, activations and additions. `norms` is the mean number of norms of a layer,
    queries and keys included.
    """

    weights: int
    head: int
    layers: int
    norms: float
    kept: int
    look: int
    passed: int


# The layer whose time is measured to learn `values`: Llama's, half as many KV heads, an inner part
# three times as wide, reading so many tokens.
PROBE_HIDDEN, PROBE_TOKENS = 640, 512
_NAMES = ("read", "operations", "norm", "layer", "token")
_BYTES = {"fp32": 4, "bf16": 2}


def machine_speed(measured: Mapping[str, float], name: str) -> MachineSpeed | None:
    """The speed in the precision `name` from measured rates and times; None without them.

    `measured` has `read.NAME` and so on. `token.NAME` and `layer.NAME` are the seconds of the
    probe's layer that writes one token, or reads a text: what weights, cache and products take is
    taken off, and the rest is the step and the pace of values. At least a fiftieth is left.
    """
    found = {key: measured.get(f"{key}.{name}", 0.0) for key in _NAMES}
    if min(found.values()) <= 0:
        return None
    hidden, tokens, size = PROBE_HIDDEN, PROBE_TOKENS, _BYTES.get(name, 2)
    weights = 3 * hidden * hidden + 9 * hidden * hidden
    token, layer = found.pop("token"), found.pop("layer")
    moved = (weights + _CACHE_PASSES * hidden * tokens) * size
    step = max(token - moved / found["read"], token / 50)
    operations = 2 * weights * tokens + 2 * hidden * tokens * tokens
    rest = max(layer - operations / found["operations"] - step, layer / 50)
    heads = hidden + hidden // 2
    passed = tokens * passed_values(norms=2, hidden=hidden, heads=heads, inner=3 * hidden)
    return MachineSpeed(**found, step=step, values=passed / rest)


def passed_values(*, norms: float, hidden: int, heads: int, inner: int) -> int:
    """Values that pass through what is no product when a layer works on a token.

    A norm passes over its values about six times, a rotation over those of all heads five, the
    gate over the inner ones three, the two additions twice: as transformers writes them.
    """
    return round(6 * norms * hidden + 5 * heads + 3 * inner + 2 * hidden)


def decode_rate(
    machine: MachineSpeed, work: Work, *, weight_bytes: float, value_bytes: float
) -> float:
    """Tokens written a second, one text at a time, in elige's torch engine.

    Every token reads all active weights once; what a layer costs besides does not
    depend on its size.
    """
    moved = work.weights * weight_bytes + _CACHE_PASSES * work.kept * value_bytes
    return 1.0 / (moved / machine.read + work.layers * _step(machine, work))


def prefill_rate(machine: MachineSpeed, work: Work, *, tokens: int) -> float:
    """Tokens read a second of a text of `tokens`, in elige's torch engine.

    Two operations a weight and token; half of the tokens before on the average to look at.
    """
    products = 2 * (work.weights - work.head) * tokens + 2 * work.head
    looks = work.look * tokens * tokens / 2
    seconds = (products + looks) / machine.operations
    seconds += work.passed * tokens / machine.values
    return tokens / (seconds + work.layers * _step(machine, work))


def stream_rate(read: float, work: Work, *, weight_bytes: float, value_bytes: float) -> float:
    """Tokens written a second by an engine that does nothing but read weights and cache."""
    return read / (work.weights * weight_bytes + work.kept * value_bytes)


def matrix_rate(operations: float, work: Work, *, tokens: int) -> float:
    """Tokens read a second by an engine that does nothing but multiply matrices."""
    each = 2 * (work.weights - work.head) + work.look * tokens / 2
    return operations / max(1.0, each)


def _step(machine: MachineSpeed, work: Work) -> float:
    """Time of a layer besides its size; the machine's was measured with two norms."""
    return machine.step + max(0.0, work.norms - 2) * machine.norm
