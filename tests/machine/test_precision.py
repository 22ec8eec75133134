import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.machine.precision import PRECISIONS, SHOWN, cache_precision, precision


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        pytest.param("fp32", 32, id="fp32"),
        pytest.param("bfloat16", 16, id="another name"),
        pytest.param("q8_0", 8.5, id="32 numbers and a scale in 34 bytes"),
        pytest.param("Q4_0", 4.5, id="18 bytes"),
        pytest.param("Q4_K_M", 4.84, id="a mixture"),
    ],
)
def test_bits_of_a_weight(name: str, bits: float) -> None:
    assert precision(name).bits == bits


def test_every_precision_has_a_source() -> None:
    assert all(one.source for one in PRECISIONS.values())
    assert {name.lower() for name in SHOWN} <= PRECISIONS.keys()


def test_an_unknown_precision_is_told_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="'Q4_KM' is not known") as told:
        precision("Q4_KM")
    assert "q4_k_m" in told.value.hint


def test_a_cache_is_not_kept_in_a_mixture() -> None:
    with pytest.raises(BadInput, match="Q4_K_M"):
        cache_precision("Q4_K_M")


@given(st.sampled_from(sorted(PRECISIONS)), st.integers(0, 10**13))
def test_bytes_are_never_fewer_than_the_bits_need(name: str, count: int) -> None:
    one = PRECISIONS[name]
    assert 0 <= one.bytes_of(count) - count * one.bits / 8 < 1 + 1e-9 * count
