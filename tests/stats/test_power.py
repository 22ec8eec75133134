import pytest

from elige.stats import more_from_list, samples_needed, visible_gap


def test_more_samples_show_smaller_gaps() -> None:
    gaps = [visible_gap(n, confidence=0.95, candidates=5) for n in (50, 200, 1000, 5000)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[2] == pytest.approx(0.055, abs=0.01)


def test_part_of_a_list_shows_more_than_as_many_of_a_population() -> None:
    part = visible_gap(500, confidence=0.95, candidates=5, size=800)
    assert part < visible_gap(500, confidence=0.95, candidates=5)


@pytest.mark.parametrize(
    ("samples", "confidence", "size", "gap"),
    [
        pytest.param(800, 0.95, 800, 0.0, id="the whole list shows all"),
        pytest.param(5, 0.95, None, 1.0, id="too few show nothing"),
        pytest.param(500, 1.0, None, 1.0, id="certainty needs the whole list"),
    ],
)
def test_visible_gap_at_the_edges(
    samples: int, confidence: float, size: int | None, gap: float
) -> None:
    assert visible_gap(samples, confidence=confidence, candidates=5, size=size) == gap


def test_samples_needed_meet_the_gap_they_were_computed_from() -> None:
    gap = visible_gap(700, confidence=0.95, candidates=1, variance=0.2)
    assert samples_needed(gap, variance=0.2, nats=4.396) == pytest.approx(700, rel=0.01)


def test_a_list_never_asks_for_more_than_it_has() -> None:
    assert more_from_list(float("inf"), drawn=30, size=100) == 70
    assert more_from_list(70.0, drawn=30, size=100) == 35
    assert more_from_list(10.0, drawn=100, size=100) == 0
