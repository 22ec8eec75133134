"""Student's t with a whole number of degrees of freedom, without a library for it."""

from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist

# From here on the normal distribution differs by less than the fourth digit.
_LARGE = 10_000


def t_cdf(value: float, freedom: int) -> float:
    """The chance that Student's t stays below `value` (Abramowitz & Stegun 26.7.3 and 26.7.4)."""
    if freedom < 1:
        raise ValueError(f"{freedom} degrees of freedom")
    angle = atan(value / sqrt(freedom))
    odd = freedom % 2 == 1
    square, factor = cos(angle) ** 2, cos(angle) if odd else 1.0
    total = 0.0
    for step in range(1 if odd else 0, freedom - 1, 2):
        total += factor
        factor *= square * (step + 1) / (step + 2)
    total *= sin(angle)
    inside = 2.0 / pi * (angle + total) if odd else total
    return (1.0 + inside) / 2.0


def t_quantile(chance: float, freedom: int) -> float:
    """The value that Student's t stays below with this chance, found by halving."""
    if not 0.0 < chance < 1.0:
        raise ValueError(f"a chance lies between 0 and 1, not {chance!r}")
    if chance < 0.5:
        return -t_quantile(1.0 - chance, freedom)
    if freedom > _LARGE:
        return NormalDist().inv_cdf(chance)
    low, high = 0.0, 1.0
    while t_cdf(high, freedom) < chance:
        low, high = high, 2.0 * high
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if t_cdf(middle, freedom) < chance else (low, middle)
    return (low + high) / 2.0
