"""How many bits a weight or a cached value takes, by the name of its precision or quantisation."""

from dataclasses import dataclass

from elige.errors import BadInput
from elige.text import nearest

_PLAIN = "the type's width"
_BLOCK = "ggml's block layout"
_MIX = "llama.cpp's quantize README, measured on Llama 2 7B; other models differ by a few percent"
_MICRO = "OCP microscaling formats 1.0: a shared scale of 8 bits for each block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """A way to keep numbers: `bits` of one, the scales of its block included, and who says so.

    `engine` is elige's engine that computes in it, '' where none does.
    """

    name: str
    bits: float
    source: str
    engine: str = ""

    def bytes_of(self, count: int) -> int:
        """Bytes of `count` numbers, rounded up."""
        return -int(-count * self.bits // 8)


def _plain(name: str, bits: float, engine: str = "") -> Precision:
    return Precision(name=name, bits=bits, source=_PLAIN, engine=engine)


def _block(name: str, size_bytes: float, numbers: int) -> Precision:
    source = f"{_BLOCK}: {size_bytes:g} bytes for {numbers} numbers"
    return Precision(name=name, bits=8 * size_bytes / numbers, source=source)


def _mix(name: str, bits: float) -> Precision:
    return Precision(name=name, bits=bits, source=_MIX)


_ALL = (
    _plain("fp32", 32, "torch"),
    _plain("bf16", 16, "torch"),
    _plain("fp16", 16),
    _plain("fp8", 8),
    _plain("int8", 8),
    _plain("int4", 4),
    Precision(name="mxfp4", bits=4.25, source=f"{_MICRO} of 32"),
    Precision(name="nvfp4", bits=4.5, source="NVFP4: a scale of 8 bits for each block of 16"),
    _block("Q8_0", 34, 32),
    _mix("Q6_K", 6.56),
    _mix("Q5_K_M", 5.68),
    _mix("Q5_K_S", 5.52),
    _block("Q5_1", 24, 32),
    _block("Q5_0", 22, 32),
    _mix("Q4_K_M", 4.84),
    _mix("Q4_K_S", 4.58),
    _block("Q4_1", 20, 32),
    _block("Q4_0", 18, 32),
    _block("IQ4_XS", 136, 256),
    _mix("Q3_K_L", 4.27),
    _mix("Q3_K_M", 3.91),
    _mix("Q3_K_S", 3.50),
    _mix("Q2_K", 3.35),
)
PRECISIONS = {one.name.lower(): one for one in _ALL}
SHOWN = ("fp32", "bf16", "fp8", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M")
CACHE_TYPES = ("fp32", "bf16", "fp16", "fp8", "int8", "Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0")
_OTHER_NAMES = {
    "float32": "fp32", "f32": "fp32", "bfloat16": "bf16", "float16": "fp16", "f16": "fp16",
    "half": "fp16", "float8": "fp8", "fp8_e4m3": "fp8", "fp8_e5m2": "fp8", "float8_e4m3fn": "fp8",
}  # fmt: skip


def precision(name: str) -> Precision:
    """The precision called `name`, in any case and under its usual other names.

    Raises `BadInput` with the names there are.
    """
    wanted = name.strip().lower()
    found = PRECISIONS.get(_OTHER_NAMES.get(wanted, wanted))
    if found is None:
        known = ", ".join(one.name for one in _ALL)
        near = nearest(wanted, PRECISIONS)
        raise BadInput(f"The precision {name!r} is not known.", hint=f"{near} Known: {known}.")
    return found


def cache_precision(name: str) -> Precision:
    """What keys and values are kept in; raises `BadInput` for what no engine keeps them in."""
    found = precision(name)
    if found.name not in CACHE_TYPES:
        raise BadInput(
            f"No engine keeps its cache in {found.name}.", hint=f"Use {', '.join(CACHE_TYPES)}."
        )
    return found
