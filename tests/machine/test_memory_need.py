"""What memory is asked for, and whether it is there."""

import pytest

from elige.errors import DoesNotFit
from elige.machine.memory import MemoryNeed, check_fits, together
from elige.machine.need import Sizes, Use, need_of
from elige.machine.precision import precision
from elige.records import FactKind


def need(billions: int, kind: str = "fp32") -> MemoryNeed:
    use = Use(context=2048, users=1, cache=precision(kind))
    return need_of(Sizes(parameters=billions * 10**9), precision(kind), use, on_cpu=False)


def test_without_layers_only_weights_and_runtime_count() -> None:
    found = need(1)
    assert (found.weights, found.cache, found.activations, found.logits) == (4 * 10**9, 0, 0, 0)
    assert found.total == found.weights + found.runtime


def test_the_total_is_marked_estimated() -> None:
    fact = need(1, "bf16").fact()

    assert fact.kind is FactKind.ESTIMATED
    assert "weights" in fact.source


def test_models_that_are_loaded_together_share_the_runtime() -> None:
    both = together([need(1), None, need(2)])

    assert both is not None
    assert both.total == need(3).total
    assert together([None]) is None


def test_too_large_a_model_is_refused_with_its_numbers() -> None:
    with pytest.raises(DoesNotFit, match=r"big needs about .* but only 8\.0 GB are free"):
        check_fits("big", need(7), available_bytes=8 * 10**9)
    with pytest.raises(DoesNotFit, match="more than the 2.0 GB allowed"):
        check_fits("big", need(7), available_bytes=10**12, limit_bytes=2 * 10**9)
    check_fits("big", need(7), available_bytes=10**12)
