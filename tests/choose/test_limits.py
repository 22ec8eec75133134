"""Hard limits are read as people write them, and unknown facts never pass."""

import pytest

from elige.choose.limits import (
    KnownFacts,
    Limits,
    broken_requirement,
    parse_bytes,
    parse_permission,
    parse_requirement,
    rejection,
)
from elige.errors import BadInput


@pytest.mark.parametrize(
    ("text", "name", "sign", "bound"),
    [
        pytest.param("p95_seconds<2", "p95_seconds", "<", 2.0, id="bare number"),
        pytest.param("p95_seconds <= 500ms", "p95_seconds", "<=", 0.5, id="milliseconds"),
        pytest.param("cost_per_1000<2usd", "cost_per_1000", "<", 2.0, id="dollars"),
        pytest.param("unparsed<1%", "unparsed", "<", 0.01, id="percent"),
        pytest.param("failed<=0.05", "failed", "<=", 0.05, id="share"),
    ],
)
def test_requirement_is_read(text: str, name: str, sign: str, bound: float) -> None:
    found = parse_requirement(text)
    assert (found.name, found.sign) == (name, sign)
    assert found.bound == pytest.approx(bound)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("p95<2", id="unknown fact"),
        pytest.param("p95_seconds", id="no sign"),
        pytest.param("p95_seconds<2usd", id="wrong unit"),
        pytest.param("unparsed<2s", id="seconds of a share"),
        pytest.param("p95_seconds<fast", id="no number"),
        pytest.param("", id="empty"),
    ],
)
def test_bad_requirement_names_its_text_and_the_next_step(text: str) -> None:
    with pytest.raises(BadInput) as told:
        parse_requirement(text)
    assert repr(text) in str(told.value)
    assert told.value.hint


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("24GB", 24_000_000_000, id="decimal"),
        pytest.param("512 MiB", 512 * 1024**2, id="binary"),
        pytest.param("1.5g", 1_500_000_000, id="short"),
        pytest.param("1000", 1000, id="bytes"),
        pytest.param("2GiB", 2 * 1024**3, id="gib"),
    ],
)
def test_memory_is_read(text: str, count: int) -> None:
    assert parse_bytes(text) == count


@pytest.mark.parametrize("text", ["lots", "-3GB", "3 apples", "ib", ""])
def test_no_amount_of_memory_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_bytes(text)


def test_unknown_use_is_refused() -> None:
    with pytest.raises(BadInput, match="military"):
        parse_permission("military")


@pytest.mark.parametrize(
    ("facts", "limits", "word"),
    [
        pytest.param(KnownFacts(memory=3), Limits(max_memory=2), "memory", id="too large"),
        pytest.param(KnownFacts(), Limits(max_memory=2), "unknown", id="unknown memory"),
        pytest.param(KnownFacts(context=5), Limits(min_context=6), "context", id="too short"),
        pytest.param(KnownFacts(), Limits(min_context=6), "unknown", id="unknown context"),
        pytest.param(
            KnownFacts(may={"commercial": ("no", "CC-BY-NC-4.0")}),
            Limits(may=("commercial",)),
            "CC-BY-NC-4.0",
            id="not commercial",
        ),
        pytest.param(KnownFacts(), Limits(may=("commercial",)), "cannot be shown", id="no licence"),
        pytest.param(
            KnownFacts(may={"commercial": ("yes", ""), "train-others": ("no", "section 1.b.v")}),
            Limits(may=("commercial", "train-others")),
            "training other models with it is not allowed: section 1.b.v",
            id="one use of two",
        ),
    ],
)
def test_a_limit_that_is_broken_or_unknown_rejects(
    facts: KnownFacts, limits: Limits, word: str
) -> None:
    assert word in rejection(facts, limits)


def test_limits_that_hold_reject_nobody() -> None:
    facts = KnownFacts(memory=1, context=8, may={"commercial": ("conditions", "")})
    assert rejection(facts, Limits(max_memory=2, min_context=8, may=("commercial",))) == ""


def test_remote_model_takes_no_memory_here() -> None:
    assert rejection(KnownFacts(runs_here=False), Limits(max_memory=2)) == ""


def test_measured_fact_beyond_its_bound_rejects_with_the_figure() -> None:
    limits = Limits(require=(parse_requirement("p95_seconds<2"),))
    assert "3.5 s" in broken_requirement({"p95_seconds": 3.5}, limits, answers=20)
    assert broken_requirement({"p95_seconds": 1.5}, limits, answers=20) == ""


def test_unknown_cost_does_not_pass_a_bound_on_cost() -> None:
    limits = Limits(require=(parse_requirement("cost_per_1000<2usd"),))
    assert "unknown" in broken_requirement({"cost_per_1000": None}, limits, answers=20)
