"""What was measured takes the place of what is estimated."""

import json
from pathlib import Path

import pytest

from elige.config import Settings
from elige.machine.facts import machine_facts
from elige.machine.measures import PEAK, WRITTEN
from elige.records import FactKind
from elige.workbench import FitOptions, Measured, Workbench, fit_model
from elige.workbench.measured import (
    here,
    machine_name,
    measured_machine,
    model_key,
    note,
)

SPEEDS = {
    "bandwidth": 2e10,
    **{f"read.{name}": 1e10 for name in ("fp32", "bf16")},
    **{f"operations.{name}": 1e11 for name in ("fp32", "bf16")},
    **{f"token.{name}": 1e-2 for name in ("fp32", "bf16")},
    **{f"norm.{name}": 1e-5 for name in ("fp32", "bf16")},
    **{f"layer.{name}": 0.1 for name in ("fp32", "bf16")},
}
LLAMA = {
    "model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008,
    "num_hidden_layers": 32, "num_attention_heads": 32, "vocab_size": 32000,
    "max_position_embeddings": 4096,
}  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench(Settings(home=tmp_path / "home"))


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(LLAMA))
    return str(path)


def keep(bench: Workbench, speeds: dict[str, float], date: str = "2026-01-01") -> None:
    for name, value in speeds.items():
        bench.store.save_measure("machine", here(bench), name, value, date)


def test_speeds_are_estimated_once_the_machine_was_measured(bench: Workbench, config: str) -> None:
    keep(bench, SPEEDS)
    rows = fit_model(bench, config, FitOptions(precisions=("fp32", "bf16", "Q4_K_M"))).rows
    decode = [row.decode for row in rows]
    rates = [one.value for one in decode if one is not None and isinstance(one.value, float)]
    assert len(rates) == 3 and min(rates) > 0
    assert rates == sorted(rates)  # fewer bytes are read faster
    assert {fact.kind for fact in decode if fact is not None} == {FactKind.ESTIMATED}


def test_the_newest_measurement_of_the_machine_counts(bench: Workbench) -> None:
    keep(bench, {"bandwidth": 1e9}, "2026-01-01")
    keep(bench, {"bandwidth": 2e9}, "2026-02-02")
    found = measured_machine(bench, here(bench))
    assert isinstance(found, Measured)
    assert (found.bandwidth, found.date) == (2e9, "2026-02-02")


def test_another_machine_says_nothing_of_this_one(bench: Workbench) -> None:
    bench.store.save_measure("machine", "another", "bandwidth", 1e9, "2026-01-01")
    assert measured_machine(bench, here(bench)) is None


@pytest.mark.slow
def test_what_was_measured_of_a_model_replaces_the_estimate(bench: Workbench) -> None:
    from elige.loader.candidate import parse_candidate

    info = bench.loader.describe(parse_candidate("smollm2-135m-instruct,dtype=bf16"))
    note(bench, model_key(info), here(bench), {PEAK: 1.5e9, WRITTEN: 33.0})
    options = FitOptions(precisions=("bf16", "fp32"))
    bf16, fp32 = fit_model(bench, "smollm2-135m-instruct", options).rows
    assert bf16.decode is not None and bf16.peak is not None and fp32.peak is not None
    assert (bf16.decode.value, bf16.decode.kind) == (33.0, FactKind.MEASURED)
    assert (bf16.peak.value, fp32.peak.kind) == (1.5e9, FactKind.ESTIMATED)


def test_a_machine_is_named_by_its_processors(tmp_path: Path) -> None:
    machine = machine_facts(tmp_path, {})
    assert machine_name(machine).startswith(machine.cpu)
