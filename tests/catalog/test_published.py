"""Published scores stand side by side only where they were taken alike."""

from dataclasses import replace

import pytest

from elige.catalog.published import comparable, published_of
from elige.records import Card, PublishedScore

ONE = PublishedScore(benchmark="gpqa", value=0.5, version="diamond", setting="0-shot")


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        pytest.param({"value": 0.9, "dated": "2025-01-01", "link": "x"}, True, id="value and date"),
        pytest.param({"metric": "pass@1"}, True, id="one attempt is the plain metric"),
        pytest.param({"unit": "percent", "value": 50}, True, id="percents are fractions"),
        pytest.param({"self_reported": True}, True, id="who measured"),
        pytest.param({"benchmark": "mmlu"}, False, id="benchmark"),
        pytest.param({"version": ""}, False, id="version not said"),
        pytest.param({"setting": "5-shot"}, False, id="shots"),
        pytest.param({"setting": ""}, False, id="setting not said"),
        pytest.param({"metric": "cons@64"}, False, id="votes of 64 answers"),
        pytest.param({"unit": "rating"}, False, id="a rating is no share"),
    ],
)
def test_comparable(changes: dict[str, object], alike: bool) -> None:
    other = replace(ONE, **changes)  # type: ignore[arg-type]  # each value fits its field
    assert comparable(ONE, other) is alike
    assert comparable(other, ONE) is alike


def card(*scores: PublishedScore) -> Card:
    return Card(model="a/b", facts={}, results=tuple(("s", one) for one in scores))


def test_independent_results_stand_before_the_makers_own() -> None:
    own = replace(ONE, self_reported=True, dated="2025-09-01", value=0.9)
    old = replace(ONE, self_reported=False, dated="2025-01-01")
    new = replace(ONE, self_reported=False, dated="2025-02-01", value=0.51)
    unsaid = replace(ONE, dated="2026-01-01")
    (group,) = published_of(card(own, old, unsaid, new))
    assert [one.score for one in group.readings] == [new, old, unsaid, own]
    assert group.best.score == new
    assert [one.score for one in group.self_reported] == [own]


def test_disagreement_is_more_than_rounding() -> None:
    (same,) = published_of(card(ONE, replace(ONE, value=50.04, unit="percent")))
    assert not same.differ
    (other,) = published_of(card(ONE, replace(ONE, value=0.55)))
    assert other.differ
    assert other.spread == pytest.approx(0.05)


def test_versions_and_settings_are_never_mixed() -> None:
    groups = published_of(card(ONE, replace(ONE, version=""), replace(ONE, setting="5-shot")))
    assert len(groups) == 3
    assert not any(group.differ for group in groups)


def test_of_one_day_the_result_on_most_answers_stands_first() -> None:
    few = replace(ONE, dated="2025-01-01", samples=50, value=0.6)
    many = replace(ONE, dated="2025-01-01", samples=500)
    (group,) = published_of(card(few, many))
    assert group.best.score == many


def test_rounding_ends_at_a_tenth_of_a_point() -> None:
    (rounded,) = published_of(card(ONE, replace(ONE, value=0.501)))
    (apart,) = published_of(card(ONE, replace(ONE, value=0.5015)))
    assert (rounded.differ, apart.differ) == (False, True)
