"""`elige models search` and `similar`: what is shown, and what bad input is told."""

import json
import sqlite3
from pathlib import Path

import pytest
from catalog.search.cards import CARDS
from catalog.shelf.toy import TODAY, Toy
from cli.conftest import Run

from elige.catalog.shelf import Shelf
from elige.catalog.shelf.state import SyncOptions
from elige.catalog.starter import Starter
from elige.config import read_settings
from elige.records import Place
from elige.workbench.models_search import parse_params, parse_price, parse_score, parse_tokens


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small catalogue on this machine's shelf, without what ships with elige."""
    monkeypatch.setattr(Starter, "ships", False)
    settings = read_settings()
    toy = Toy(CARDS)
    with Shelf.open(settings.catalogue, {"toy": toy}, today=TODAY) as shelf:
        shelf.sync(toy, Place(), SyncOptions(today=TODAY))
    return settings.home


def test_the_table_shows_what_people_choose_by(elige: Run, filled: Path) -> None:
    told = elige("models", "search", "mistral", "7b", "--may", "commercial")
    assert told.code == 0
    lines = told.out.splitlines()
    assert "licence" in lines[0] and "price" in lines[0] and "downloads" in lines[0]
    row = next(line for line in lines if "Mistral-7B-v0.1" in line)
    for words in ("7.24B", "✓ apache-2.0", "$0.200", "400K"):
        assert words in row
    assert "3 models" in told.out and "no legal advice" in " ".join(told.out.split())


def test_unknown_is_a_question_mark(elige: Run, filled: Path) -> None:
    row = next(
        line
        for line in elige("models", "search", "nothing").out.splitlines()
        if "nothing-said" in line
    )
    assert "? unknown" in row and "$" not in row


def test_json_has_hits_permissions_and_facets(elige: Run, filled: Path) -> None:
    found = json.loads(elige("models", "search", "llama", "--json").out)
    assert found["total"] == 2 and found["facets"]["family"] == {"llama": 2}
    first = next(one for one in found["models"] if one["model"] == "meta-llama/Llama-2-7b-hf")
    assert first["may"]["commercial"] == "conditions" and first["parameters"] == 6_738_415_616
    assert "memory" in found["estimated"] and first["sources"] == ["toy"]


def test_fits_stands_alone_or_with_a_size(elige: Run, filled: Path) -> None:
    here = elige("models", "search", "--fits", "--json")
    assert json.loads(here.out)["notices"][0].startswith("--fits takes")
    assert json.loads(elige("models", "search", "--fits", "3GB", "--json").out)["total"] == 1
    alone = json.loads(elige("models", "search", "--fits", "mistral", "--json").out)
    assert alone["notices"] and alone["total"] < 8


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param(["--task", "text-generatoin"], "Did you mean text-generation?", id="task"),
        pytest.param(["--domain", "medicin"], "Did you mean medicine?", id="domain"),
        pytest.param(["--may", "sell"], "Known: commercial", id="use"),
        pytest.param(["--params", "big"], "Write --params 1B-8B", id="sizes"),
        pytest.param(["--params", "8B-1B"], "ends below its beginning", id="sizes turned round"),
        pytest.param(["--max-price", "cheap"], "is no price", id="price"),
        pytest.param(["--max-price", "nan"], "is no price", id="no number"),
        pytest.param(["--min-score", "mmlu"], "is no benchmark and value", id="score"),
        pytest.param(["--min-score", "mmlux=0.5"], "Did you mean mmlu?", id="benchmark"),
        pytest.param(["--sort", "score:livebench"], "versions, which do not", id="versions"),
        pytest.param(["--fits", "24GX"], "is no amount of memory", id="memory"),
        pytest.param(["--limit", "0"], "at least 1", id="limit"),
        pytest.param(["--openness", "code"], "Known: weights, data, full", id="openness"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(elige: Run, filled: Path, said: list[str], words: str) -> None:
    if said[0] == "--fits":
        said = ["--fits=24GX"]
    told = elige("models", "search", *said)
    assert told.code == 1 and words in " ".join(told.err.split())
    assert "Traceback" not in told.err and told.out == ""


def test_no_hits_say_what_removed_them(elige: Run, filled: Path) -> None:
    told = elige("models", "search", "mistral", "--openness", "data")
    assert told.code == 0 and "removed the most" in told.out and "No model matches." in told.out


def test_similar_says_why(elige: Run, filled: Path) -> None:
    told = elige("models", "similar", "BioMistral/BioMistral-7B")
    assert told.out.startswith("Like BioMistral/BioMistral-7B:")
    assert "its parent; family mistral" in told.out
    facts = json.loads(elige("models", "similar", "biomistral-7b", "--json").out)
    assert facts["similar"][0]["why"][0] == "its parent"


def test_similar_to_a_slip_names_near_ones(elige: Run, filled: Path) -> None:
    told = elige("models", "similar", "BioMistrall")
    assert told.code == 1 and "Did you mean BioMistral/BioMistral-7B" in " ".join(told.err.split())


def test_a_damaged_index_is_mended_while_searching(elige: Run, filled: Path) -> None:
    elige("models", "search", "mistral")
    for path in (filled / "catalog.index").glob("*.idx"):
        path.write_bytes(b"no index")
    told = elige("models", "search", "mistral", "--json")
    assert json.loads(told.out)["total"] == 3 and "built anew" in told.err


def test_a_catalogue_made_anew_is_indexed_anew(elige: Run, filled: Path) -> None:
    elige("models", "search", "mistral")
    with sqlite3.connect(filled / "catalog.db") as connection:
        connection.execute("UPDATE shelf SET generation = generation - 1")
    connection.close()
    assert "3 models" in elige("models", "search", "mistral").out


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        pytest.param("1B-8B", (10**9, 8 * 10**9), id="both"),
        pytest.param("-8b", (None, 8 * 10**9), id="at most"),
        pytest.param("70B-", (70 * 10**9, None), id="at least"),
        pytest.param("<500M", (None, 500 * 10**6), id="less"),
        pytest.param("7B", (63 * 10**8, 77 * 10**8), id="about"),
        pytest.param("1.5b - 3b", (15 * 10**8, 3 * 10**9), id="spaces"),
        pytest.param("", (None, None), id="nothing"),
    ],
)
def test_sizes(text: str, bounds: tuple[int | None, int | None]) -> None:
    assert parse_params(text) == bounds


def test_prices_and_scores_are_read_as_people_write_them() -> None:
    assert str(parse_price("$0.50")) == "0.50" and parse_price("") is None
    assert parse_score("mmlu=70%") == ("mmlu", 0.7)
    assert parse_score("lmarena = 1300") == ("lmarena", 1300)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("--offset", "-1"), "--offset is -1.", id="before the first"),
        pytest.param(("--fits", "24"), "--fits 24 is 24 B", id="bytes"),
        pytest.param(("--context", "much"), "--context 'much' is no number", id="no tokens"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(
    elige: Run, words: tuple[str, ...], told: str
) -> None:
    done = elige("models", "search", *words)
    assert done.code == 1 and told in done.err


def test_tokens_are_said_in_thousands() -> None:
    said = ("", "8192", "128K", "128k", "1M", "1.5m")
    assert [parse_tokens(one) for one in said] == [
        None, 8192, 128_000, 128_000, 1_000_000, 1_500_000,
    ]  # fmt: skip


def test_show_and_compare_name_what_may_be_meant(elige: Run) -> None:
    for words in (
        ("show", "8x7b mixtral"),
        ("compare", "8x7b mixtral", "x"),
        ("tree", "8x7b mixtral"),
    ):
        done = elige("models", *words)
        assert done.code == 1 and "Did you mean mistralai/Mixtral-8x7B" in done.err
