"""Measures memory and arithmetic with numpy, where there is no PyTorch to do it as models do."""

from collections.abc import Callable
from time import perf_counter

_NUMBERS, _WIDE = 48_000_000, 2048


def measure_plain() -> dict[str, float]:
    """`bandwidth` in bytes a second that a sum reads, `operations.fp32` a second of a product."""
    import numpy as np

    block = np.ones(_NUMBERS, dtype=np.float32)
    matrix = np.ones((_WIDE, _WIDE), dtype=np.float32)
    return {
        "bandwidth": block.nbytes / _best(block.sum),
        "operations.fp32": 2 * _WIDE**3 / _best(lambda: matrix @ matrix),
    }


def _best(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(4):
        start = perf_counter()
        work()
        spent.append(perf_counter() - start)
    return max(min(spent), 1e-9)
