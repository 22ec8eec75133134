"""What offers come to: blended prices, the cheapest, the median, what counts, break-even."""

from dataclasses import replace
from decimal import Decimal
from statistics import median as statistics_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.offers import (
    STALE_DAYS,
    Standing,
    Workload,
    market_of,
    median,
    usual_workload,
)
from elige.catalog.self_hosting import HOURS_A_MONTH, OwnMachine, mixed_speed
from elige.records import Offer

TODAY = "2026-11-26"
PRICES = st.decimals(min_value="0.0001", max_value="1000", places=4)
COUNTS = st.integers(min_value=0, max_value=10**6)


def offer(provider: str = "host", inward: str | None = "1", outward: str | None = "4") -> Offer:
    return Offer(
        provider=provider,
        hosted="model",
        input=None if inward is None else Decimal(inward),
        output=None if outward is None else Decimal(outward),
        dated=TODAY,
    )


def market(*offers: Offer, use: Workload | None = None) -> tuple[str, ...]:
    found = market_of([("toy", one) for one in offers], use or usual_workload(), today=TODAY)
    return tuple(one.offer.provider for one in found.counted)


def test_the_default_mix_is_three_to_one_and_says_so() -> None:
    use = usual_workload()

    assert use.is_assumed and use.input == 3 * use.output
    assert use.blended(Decimal(1), Decimal(5)) == Decimal(2)


def test_the_users_own_mix_decides_which_is_cheapest() -> None:
    reads, writes = offer("reads", "1", "10"), offer("writes", "4", "4")

    assert market(reads, writes, use=Workload(input=1000, output=100))[0] == "reads"
    assert market(reads, writes, use=Workload(input=100, output=1000))[0] == "writes"


def test_the_total_is_for_all_requests() -> None:
    use = Workload(input=1500, output=300, requests=1000)

    assert use.cost(Decimal("0.5"), Decimal(2)) == Decimal("1.35")


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        pytest.param({"is_deprecated": True}, Standing.DEPRECATED, id="deprecated"),
        pytest.param({"is_free": True, "input": 0, "output": 0}, Standing.FREE, id="free"),
        pytest.param({"input": Decimal(0), "output": Decimal(0)}, Standing.FREE, id="nought"),
        pytest.param({"output": None}, Standing.UNKNOWN, id="half is unknown"),
        pytest.param({"context": 1000}, Standing.TOO_SHORT, id="the request does not fit"),
        pytest.param({"context": 1799}, Standing.TOO_SHORT, id="the answer does not fit"),
        pytest.param(
            {"input": None, "output": None, "batch_input": Decimal(1)}, Standing.BATCH, id="batch"
        ),
    ],
)
def test_what_does_not_count_stands_apart(changed: dict[str, object], standing: Standing) -> None:
    odd = replace(offer("odd"), **changed)  # type: ignore[arg-type]
    use = Workload(input=1500, output=300)
    found = market_of([("toy", odd), ("toy", offer("good"))], use, today=TODAY)

    assert [one.offer.provider for one in found.counted] == ["good"]
    assert found.median == use.blended(Decimal(1), Decimal(4))
    assert found.offers[-1].standing is standing


def test_a_context_that_just_suffices_counts() -> None:
    exact = replace(offer(), context=1800)

    assert market(exact, use=Workload(input=1500, output=300)) == ("host",)


def test_a_price_that_is_not_needed_may_be_unknown() -> None:
    found = market(offer(outward=None), use=Workload(input=100, output=0))

    assert found == ("host",)
    assert Workload(input=0, output=2_000_000).cost(None, Decimal(3)) == Decimal(6)


def test_unknown_is_never_nought() -> None:
    found = market_of([("toy", offer(inward=None))], usual_workload(), today=TODAY)

    assert found.offers[0].blended is None and found.offers[0].total is None
    assert (found.cheapest, found.median) == (None, None)


def test_what_two_sources_say_of_one_offer_counts_once_and_the_newer_wins() -> None:
    old = replace(offer("together", "9"), dated="2026-01-01")
    new = replace(offer("togetherai", "1"), dated="2026-11-01")
    found = market_of([("a", old), ("b", new)], usual_workload(), today=TODAY)

    assert [(one.source, one.offer.input) for one in found.offers] == [("b", Decimal(1))]


def test_names_that_differ_by_source_alone_count_once_at_one_price() -> None:
    one, other = offer("together"), replace(offer("togetherai"), hosted="model-turbo")
    dearer = replace(offer("togetherai", "3"), hosted="model-fast")
    found = market_of([("a", one), ("b", other), ("b", dearer)], usual_workload(), today=TODAY)
    same_source = market_of([("b", one), ("b", other)], usual_workload(), today=TODAY)

    assert (len(found.counted), len(same_source.counted)) == (2, 2)


def test_offers_without_prices_are_no_reason_to_be_the_same() -> None:
    one, other = offer("together", None, None), offer("togetherai", None, None)
    found = market_of(
        [("a", one), ("b", replace(other, hosted="model-turbo"))], usual_workload(), today=TODAY
    )

    assert len(found.offers) == 2


@pytest.mark.parametrize(
    ("dated", "stale", "days"),
    [
        pytest.param(TODAY, False, 0, id="today"),
        pytest.param("2026-08-28", False, STALE_DAYS, id="just fresh"),
        pytest.param("2026-08-27", True, STALE_DAYS + 1, id="just old"),
        pytest.param("", True, None, id="nobody knows"),
        pytest.param("2027-01-01", False, 0, id="a clock that is ahead"),
    ],
)
def test_an_old_price_is_marked(dated: str, stale: bool, days: int | None) -> None:
    (one,) = market_of(
        [("toy", replace(offer(), dated=dated))], usual_workload(), today=TODAY
    ).offers

    assert (one.is_stale, one.days) == (stale, days)


@given(st.lists(PRICES, min_size=1, max_size=9))
def test_the_median_is_the_one_of_statistics(values: list[Decimal]) -> None:
    assert median(values) == statistics_median(values)


def test_the_median_of_nothing_is_unknown() -> None:
    assert median([]) is None


@given(PRICES, PRICES, COUNTS, COUNTS, st.integers(min_value=1, max_value=1000))
def test_blended_lies_between_the_prices_and_agrees_with_the_total(
    inward: Decimal, outward: Decimal, read: int, written: int, requests: int
) -> None:
    use = Workload(input=read, output=written + 1, requests=requests)
    blended, total = use.blended(inward, outward), use.cost(inward, outward)

    assert blended is not None and total is not None
    near = Decimal("1e-15")
    assert min(inward, outward) - near <= blended <= max(inward, outward) + near
    assert abs(blended * use.tokens / 1_000_000 - total) <= total * near


@given(st.permutations(["1", "2", "3", "5", "9"]))
def test_the_order_of_the_offers_does_not_matter(prices: list[str]) -> None:
    found = market_of(
        [("toy", offer(f"host-{price}", price, price)) for price in prices],
        usual_workload(),
        today=TODAY,
    )

    assert found.cheapest is not None and found.cheapest.offer.provider == "host-1"
    assert found.median == Decimal(3)


@given(PRICES, PRICES, PRICES)
def test_at_the_break_even_the_machine_costs_what_the_host_asks(
    per_hour: Decimal, speed: Decimal, price: Decimal
) -> None:
    machine = OwnMachine(per_hour=per_hour, tokens_per_second=speed)
    even = machine.break_even("it", price)

    assert even is not None
    assert price * even.tokens_a_month / 1_000_000 >= machine.per_month * Decimal("0.999999999")
    assert price * (even.tokens_a_month - 1) / 1_000_000 < machine.per_month
    assert even.is_reachable == (even.tokens_a_month <= machine.capacity_a_month)


@given(PRICES, PRICES)
def test_a_machine_that_is_never_idle_breaks_even_at_its_own_price(
    per_hour: Decimal, speed: Decimal
) -> None:
    machine = OwnMachine(per_hour=per_hour, tokens_per_second=speed)
    full = speed * 3600 * HOURS_A_MONTH

    assert abs(machine.per_million * full / 1_000_000 / machine.per_month - 1) < Decimal("1e-20")


def test_a_machine_that_is_just_busy_all_month_reaches_its_break_even() -> None:
    machine = OwnMachine(per_hour=Decimal(36), tokens_per_second=Decimal(1000))
    even = machine.break_even("it", machine.per_million)

    assert even is not None
    assert (even.tokens_a_month, even.is_reachable) == (machine.capacity_a_month, True)


def test_work_costs_the_hours_that_it_takes() -> None:
    machine = OwnMachine(per_hour=Decimal(2), tokens_per_second=Decimal(100))
    use = Workload(input=30_000, output=6_000, requests=10)  # 360,000 tokens: an hour
    assert (machine.hours(use), machine.cost(use)) == (Decimal(1), Decimal(2))


def test_no_hosted_price_no_break_even() -> None:
    machine = OwnMachine(per_hour=Decimal(1), tokens_per_second=Decimal(1))

    assert machine.break_even("nothing", Decimal(0)) is None


def test_the_speed_of_a_mix_is_the_time_of_both_parts() -> None:
    # 900 tokens read at 900 a second, 100 written at 50 a second: 1000 tokens in 3 seconds
    found = mixed_speed(Workload(input=900, output=100), read=900, written=50)

    assert found is not None and round(found, 9) == round(Decimal(1000) / 3, 9)


@pytest.mark.parametrize(
    ("read", "written"),
    [pytest.param(0, 50, id="reading unknown"), pytest.param(50, 0, id="writing unknown")],
)
def test_a_speed_that_lacks_a_part_is_unknown(read: float, written: float) -> None:
    assert mixed_speed(Workload(input=9, output=9), read=read, written=written) is None
