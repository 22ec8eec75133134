"""`cost` on the real offers, and the speed that self-hosting is reckoned with."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from elige.catalog.offers import Workload
from elige.config import Settings
from elige.errors import NotFound
from elige.loader.packages import is_installed
from elige.machine.need import Fits
from elige.machine.precision import precision
from elige.records import Fact, FactKind
from elige.workbench import Cost, CostOptions, Costs, Workbench, cost_of
from elige.workbench.cost import rate_of
from elige.workbench.measured import here
from elige.workbench.reckoning import FitRow

USE = Workload(input=1500, output=500, requests=1000)
TABLE = {
    "meta-llama/llama-3.3-70b-instruct": ("meta-llama/Llama-3.3-70B-Instruct", 30),
    "Llama 3.3 70B Instruct": ("meta-llama/Llama-3.3-70B-Instruct", 30),
    "deepseek-v3.2": ("deepseek-ai/DeepSeek-V3.2", 25),
    "zai-org/GLM-5.2": ("zai-org/GLM-5.2", 35),
    "gpt-oss-120b": ("openai/gpt-oss-120b", 40),
    "mistral/mistral-nemo": ("mistralai/Mistral-Nemo-Instruct-2407", 5),
    "gpt-5": ("openai/gpt-5", 20),
    "claude-sonnet-4-5": ("anthropic/claude-sonnet-4.5", 30),
    "qwen3-235b-a22b-2507": ("Qwen/Qwen3-235B-A22B-Instruct-2507", 10),
}


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Costs:
    path = shared_data / "prices" / "models.dev_toml_f3fc692.tar.gz"
    options = CostOptions(use=USE, today="2026-07-10", offers=path)
    with Workbench(Settings(home=tmp_path_factory.mktemp("home"))) as bench:
        return cost_of(bench, list(TABLE), options)


@pytest.fixture
def costs(real: Costs) -> Mapping[str, Cost]:
    return {one.asked: one for one in real.models}


@pytest.mark.parametrize("ref", TABLE)
def test_real_offers(costs: Mapping[str, Cost], ref: str) -> None:
    model, least = TABLE[ref]
    market = costs[ref].market
    blended = [one.blended for one in market.counted if one.blended is not None]

    assert costs[ref].model == model
    assert len(blended) == len(market.counted) >= least
    assert blended == sorted(blended) and blended[0] > 0
    assert market.median is not None and blended[0] <= market.median <= blended[-1]
    assert {(one.offer.dated, one.is_stale) for one in market.offers} == {("2026-07-01", False)}


def test_real_closed_models_stand_beside(real: Costs) -> None:
    makers = {one.model.partition("/")[0] for one in real.beside}

    assert makers == {"anthropic", "google", "openai", "xai"}
    assert all(one.market.cheapest is not None for one in real.beside)
    assert len(real.broken) == 31


def test_an_unknown_model_is_told_with_the_nearest(tmp_path: Path) -> None:
    options = CostOptions(use=USE, today="2026-11-26")
    with (
        Workbench(Settings(home=tmp_path)) as bench,
        pytest.raises(NotFound, match="gpt-4o-mimi") as told,
    ):
        cost_of(bench, ["openai/gpt-4o-mimi"], options)

    assert told.value.hint == "Did you mean openai/gpt-4o-mini?"


def fact(value: float, kind: FactKind) -> Fact:
    return Fact(value=value, kind=kind, source=f"{kind.value} so", checked="2026-11-01")


def row(read: Fact | None, written: Fact | None) -> FitRow:
    return FitRow(precision=precision("bf16"), verdict=Fits.FITS, prefill=read, decode=written)


def test_a_speed_is_measured_only_where_both_parts_are() -> None:
    measured, estimated = fact(1500, FactKind.MEASURED), fact(500, FactKind.ESTIMATED)
    both = rate_of(row(measured, fact(500, FactKind.MEASURED)), USE)
    mixed = rate_of(row(measured, estimated), USE)

    assert both is not None and mixed is not None
    # 1,500 tokens in one second and 500 in another: 1,000 a second
    assert (both.value, both.kind) == (1000.0, FactKind.MEASURED)
    assert (mixed.value, mixed.kind) == (1000.0, FactKind.ESTIMATED)
    assert "estimated so" in mixed.source and mixed.checked == "2026-11-01"


def test_half_a_speed_is_none() -> None:
    assert rate_of(row(None, fact(5, FactKind.MEASURED)), USE) is None
    assert rate_of(row(fact(5, FactKind.MEASURED), None), USE) is None


@pytest.mark.skipif(not is_installed("smollm2-135m-instruct"), reason="the package is not here")
def test_a_model_that_lies_here_has_a_speed_once_the_machine_is_measured(tmp_path: Path) -> None:
    with Workbench(Settings(home=tmp_path)) as bench:
        for name, value in {"bandwidth": 2e10, "operations.fp32": 1e11}.items():
            bench.store.save_measure("machine", here(bench), name, value, "2026-11-01")
        options = CostOptions(use=USE, today="2026-11-26", per_hour=Decimal("0.5"), beside=False)
        (found,) = cost_of(bench, ["smollm2-135m-instruct"], options).models

    own = found.self_hosted
    assert own is not None and own.machine is not None and own.speed is not None
    assert own.speed.kind is FactKind.ESTIMATED and own.precision
    assert own.machine.cost(USE) == own.machine.hours(USE) * Decimal("0.5")
