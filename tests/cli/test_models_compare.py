"""`elige models compare`, as typed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from elige.catalog.listed import Listed
from elige.cli.app import app
from elige.errors import BadInput
from elige.records import Column, Entry, Offer, PublishedScore
from elige.workbench import Workbench

SCORE = PublishedScore(benchmark="mmlu", value=0.7, setting="5-shot", self_reported=True)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        Entry(source="s", key=name, model=name, values={Column.CONTEXT: 4096}, results=(SCORE,))
        for name in ("lab/one", "lab/two")
    ]
    listed = Listed([(one, "2026-07-01") for one in entries], {})
    monkeypatch.setattr(Workbench, "catalogue", listed)


def test_table_marks_the_makers_own_figures_and_what_is_unknown() -> None:
    shown = CliRunner().invoke(app, ["models", "compare", "lab/one", "lab/two"])
    assert shown.exit_code == 0
    assert "70.0 %*" in shown.output
    assert "5-shot" in shown.output
    assert "4,096" in shown.output
    assert "? is unknown" in shown.output


def test_json_and_page(tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    words = ["models", "compare", "lab/one", "LAB/TWO", "--json", "--html", str(page)]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0
    facts = json.loads(shown.stdout)
    assert facts["scores"][0]["results"]["lab/two"][0]["self_reported"] is True
    assert facts["facts"]["parameters"]["lab/one"]["value"] is None
    assert "<svg" in page.read_text("utf-8")


def test_market_without_prices_says_what_to_do() -> None:
    shown = CliRunner().invoke(app, ["models", "market", "--score", "mmlu"])
    assert isinstance(shown.exception, BadInput)
    assert "sync" in shown.exception.hint


def test_market_shows_score_price_and_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    offer = Offer(
        provider="host", hosted="x", input=Decimal(1), output=Decimal(5), dated="2026-07-01"
    )
    entry = Entry(source="s", key="a", model="lab/a", results=(SCORE,), offers=(offer,))
    monkeypatch.setattr(Workbench, "catalogue", Listed([(entry, "2026-07-01")], {}))
    shown = CliRunner().invoke(app, ["models", "market", "--score", "mmlu"])
    assert shown.exit_code == 0
    for words in ("lab/a", "70.0 %*", "$2.000", "host", "Prices: s, 2026-07-01"):
        assert words in shown.output
