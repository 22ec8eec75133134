"""Speeds: laws of the estimates, whatever the machine and the model."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.machine.arithmetic import measure_plain
from elige.machine.speed import (
    PROBE_HIDDEN,
    PROBE_TOKENS,
    MachineSpeed,
    Work,
    decode_rate,
    machine_speed,
    prefill_rate,
    stream_rate,
)

MACHINES = st.builds(
    MachineSpeed,
    read=st.floats(1e8, 1e13),
    operations=st.floats(1e9, 1e16),
    step=st.floats(1e-6, 1e-2),
    norm=st.floats(1e-7, 1e-3),
    values=st.floats(1e7, 1e13),
)
WORKS = st.builds(
    Work,
    weights=st.integers(2 * 10**6, 10**12),
    head=st.integers(0, 10**6),
    layers=st.integers(1, 200),
    norms=st.floats(0, 8),
    kept=st.integers(0, 10**10),
    look=st.integers(0, 10**7),
    passed=st.integers(0, 10**8),
)


@given(MACHINES, WORKS)
def test_fewer_bytes_a_weight_never_write_slower(machine: MachineSpeed, work: Work) -> None:
    whole = decode_rate(machine, work, weight_bytes=4, value_bytes=4)
    half = decode_rate(machine, work, weight_bytes=2, value_bytes=2)
    assert 0 < whole <= half


@given(MACHINES, WORKS)
def test_more_context_never_writes_faster(machine: MachineSpeed, work: Work) -> None:
    more = replace(work, kept=work.kept + 1000)
    assert decode_rate(machine, more, weight_bytes=2, value_bytes=2) <= decode_rate(
        machine, work, weight_bytes=2, value_bytes=2
    )


@given(MACHINES, WORKS)
def test_no_text_is_written_faster_than_memory_allows(machine: MachineSpeed, work: Work) -> None:
    bound = stream_rate(machine.read, work, weight_bytes=2, value_bytes=2)
    assert decode_rate(machine, work, weight_bytes=2, value_bytes=2) <= bound


@given(MACHINES, WORKS, st.integers(1, 100_000))
def test_no_text_is_read_faster_than_arithmetic_allows(
    machine: MachineSpeed, work: Work, tokens: int
) -> None:
    bound = machine.operations / (2 * (work.weights - work.head))
    assert 0 < prefill_rate(machine, work, tokens=tokens) <= bound * (1 + 1e-9)


def test_what_was_not_measured_gives_no_speed() -> None:
    assert machine_speed({}, "fp32") is None
    assert machine_speed({"read.fp32": 1e10, "operations.fp32": 1e11}, "fp32") is None


def test_the_pace_of_values_is_what_products_leave_of_a_layer() -> None:
    measured = {"read": 1e10, "operations": 1e15, "token": 1e-9, "norm": 1e-6, "layer": 0.01}
    speed = machine_speed({f"{name}.fp32": value for name, value in measured.items()}, "fp32")
    assert speed is not None
    each = 6 * 2 * PROBE_HIDDEN + 5 * 1.5 * PROBE_HIDDEN + 9 * PROBE_HIDDEN + 2 * PROBE_HIDDEN
    assert speed.values == pytest.approx(PROBE_TOKENS * each / 0.01, rel=0.01)


def test_the_step_is_what_reading_leaves_of_a_token() -> None:
    measured = {"read": 1e10, "operations": 1e12, "token": 0.01, "norm": 1e-6, "layer": 0.1}
    speed = machine_speed({f"{name}.bf16": value for name, value in measured.items()}, "bf16")
    moved = 2 * (12 * PROBE_HIDDEN**2 + 3 * PROBE_HIDDEN * PROBE_TOKENS)
    assert speed is not None
    assert speed.step == pytest.approx(0.01 - moved / 1e10)


def test_numpy_measures_where_there_is_no_torch() -> None:
    found = measure_plain()
    assert found.keys() == {"bandwidth", "operations.fp32"}
    assert min(found.values()) > 1e7
