"""A search by price knows the prices that come with elige, without any sync."""

import json

import pytest
from cli.conftest import Run

from elige.catalog.sources.genai_prices import GenaiPrices
from elige.workbench import Workbench

READING = "Reading the prices of the installed package genai-prices."


def states() -> dict[str, str]:
    with Workbench.open() as bench:
        return {one.source: one.version for one in bench.catalogue.states()}


def test_hosted_open_models_have_a_price_without_any_sync(elige: Run) -> None:
    told = elige("models", "search", "llama", "--max-price", "1", "--json")
    models = json.loads(told.out)["models"]
    assert READING in told.err
    assert {"meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-3.1-8B-Instruct"} <= {
        one["model"] for one in models
    }
    assert all(float(one["price"]) <= 1 for one in models)


def test_the_installed_prices_are_read_once_an_edition(
    elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert READING in elige("models", "search", "--sort", "price", "--limit", "1").err
    assert READING not in elige("models", "search", "--max-price", "1", "--limit", "1").err
    monkeypatch.setattr(GenaiPrices, "version", "another")
    assert READING in elige("models", "search", "--max-price", "1", "--limit", "1").err
    assert states()["genai-prices"] == "another"


def test_who_synced_them_does_not_wait_again(elige: Run) -> None:
    assert elige("models", "sync", "genai-prices").code == 0
    assert READING not in elige("models", "search", "--max-price", "1", "--limit", "1").err


def test_a_search_that_asks_for_no_price_reads_none(elige: Run) -> None:
    assert elige("models", "search", "falcon").code == 0
    assert set(states()) == {"starter"}


def test_prices_that_cannot_be_read_stop_no_search(
    elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elige.workbench.installed_prices.NAME", "no-such-source")
    told = elige("models", "search", "gemini", "--max-price", "1")
    assert told.code == 0 and "gemini" in told.out
    assert "The installed prices are not shown here: No source is called" in told.err
