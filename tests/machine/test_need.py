"""Memory and cache: arithmetic whose laws hold for any sizes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from elige.machine.cache import Kept, longest_context, values_kept
from elige.machine.need import Fits, Sizes, Use, need_of, verdict
from elige.machine.precision import precision

LAYERS = st.lists(
    st.builds(
        Kept,
        token=st.integers(0, 4096),
        window=st.sampled_from([0, 0, 16, 512, 4096]),
        sequence=st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=40,
)
SIZES = st.builds(
    Sizes,
    parameters=st.integers(1, 10**12),
    hidden=st.integers(1, 16_384),
    inner=st.integers(1, 65_536),
    vocabulary=st.integers(1, 300_000),
    head=st.integers(0, 10**9),
    layers=LAYERS.map(tuple),
    stored_bytes=st.integers(0, 10**12),
)
KINDS = st.sampled_from(["fp32", "bf16", "Q8_0", "Q4_K_M"]).map(precision)
CONTEXTS = st.integers(1, 200_000)
GIB = 1 << 30


def use(context: int, users: int = 1) -> Use:
    return Use(context=context, users=users, cache=precision("bf16"))


@given(LAYERS, CONTEXTS, CONTEXTS)
def test_a_longer_context_never_keeps_less(layers: list[Kept], one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert values_kept(layers, context=short) <= values_kept(layers, context=long)


@given(LAYERS, CONTEXTS)
def test_windows_cap_the_cache(layers: list[Kept], context: int) -> None:
    narrow = [replace(layer, window=64) for layer in layers]
    assert values_kept(narrow, context=context) <= sum(
        64 * layer.token + layer.sequence for layer in layers
    )
    assert values_kept(narrow, context=64) == values_kept(narrow, context=context + 64)


@given(LAYERS, st.integers(0, 10**10), CONTEXTS)
def test_the_longest_context_fits_and_the_next_does_not(
    layers: list[Kept], values: int, most: int
) -> None:
    longest = longest_context(layers, values=values, most=most)
    assert 0 <= longest <= most
    if longest:
        assert values_kept(layers, context=longest) <= values
    if longest < most:
        assert values_kept(layers, context=longest + 1) > values


@given(SIZES, KINDS, CONTEXTS, st.integers(1, 64))
def test_more_users_never_need_less(sizes: Sizes, kind: object, context: int, users: int) -> None:
    named = precision(getattr(kind, "name", ""))
    few = need_of(sizes, named, use(context, users), on_cpu=True)
    many = need_of(sizes, named, use(context, users + 1), on_cpu=True)
    assert few.total <= many.total
    assert many.cache >= few.cache
    assert few.peak >= few.total


@given(SIZES, CONTEXTS, st.integers(1, 10**13))
def test_a_verdict_holds_its_word(sizes: Sizes, context: int, memory: int) -> None:
    kind, asked = precision("bf16"), use(context)
    need = need_of(sizes, kind, asked, on_cpu=False)
    fits, longest = verdict(sizes, need, asked, memory=memory, most=10**6)
    assert (fits is Fits.FITS) == (need.total <= memory)
    if fits is Fits.PARTLY:
        assert 0 < longest < context


def test_a_model_that_fits_with_less_context_fits_partly() -> None:
    sizes = Sizes(
        parameters=10**9, hidden=1024, inner=4096, vocabulary=32_000, head=0,
        layers=(Kept(token=2048),) * 32,
    )  # fmt: skip
    asked = use(100_000)
    need = need_of(sizes, precision("bf16"), asked, on_cpu=False)
    fits, longest = verdict(sizes, need, asked, memory=4 * GIB, most=131_072)
    assert fits is Fits.PARTLY
    assert 256 < longest < 100_000
    assert verdict(sizes, need, asked, memory=GIB, most=131_072) == (Fits.NOT, 0)


def test_on_a_cpu_a_tied_head_is_kept_twice() -> None:
    sizes = Sizes(
        parameters=10**8, hidden=512, inner=2048, vocabulary=100_000, head=51_200_000,
        layers=(Kept(token=512),),
    )  # fmt: skip
    here = need_of(sizes, precision("fp32"), use(512), on_cpu=True)
    there = need_of(sizes, precision("fp32"), use(512), on_cpu=False)
    assert here.weights - there.weights == 4 * 51_200_000
    assert (here.mapped, there.mapped) == (0, 0)
    half = need_of(replace(sizes, stored_bytes=4 * 10**8), precision("bf16"), use(512), on_cpu=True)
    assert half.mapped == 4 * 10**8 - 2 * 51_200_000
