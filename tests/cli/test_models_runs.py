"""Own runs on the cards, as typed: found without a sync, and side by side."""

import json
import os
import signal
from pathlib import Path

import pytest
from cli.conftest import Run
from workbench.races import command, sums
from workbench.test_interrupting import until_answered

from elige.config import read_settings
from elige.loader.lock import hold
from elige.store import Store

GOOD = "echo,skill=0.9,name=good"


@pytest.fixture
def data(here: Path) -> Path:
    return sums(here / "sums.csv", 60)


def test_a_run_stands_on_the_card_without_a_sync(elige: Run, data: Path) -> None:
    facts = json.loads(elige("evaluate", str(data), "-m", GOOD, "--json").out)
    shown = elige("models", "show", "echo")
    assert shown.code == 0 and shown.err == ""
    before, _, _ = shown.out.partition("How open")
    assert "Measured here" in before and f"{facts['score']:.1%}" in before
    assert f"run {facts['run']}" in " ".join(before.split())
    (one,) = json.loads(elige("models", "show", "elige/echo", "--json").out)["measured"]
    assert (one["kind"], one["source"]) == ("measured", f"run {facts['run']}")
    assert one["interval"] == facts["interval"] and one["samples"] == 60 and one["full"]


def test_a_race_says_on_how_many_samples_it_rests(elige: Run, here: Path) -> None:
    data = sums(here / "sums.csv", 200)
    elige("choose", str(data), "-c", GOOD, "-c", "echo,skill=0.3,seed=2,name=poor")
    told = elige("models", "show", "echo").out
    assert "race: winner, stopped early" in told and " of 200" in told
    whole = " ".join(told.split())
    assert "95 % interval (for all candidates at once, whenever the race stopped)" in whole


def test_models_are_compared_by_what_was_measured(elige: Run, data: Path, here: Path) -> None:
    elige("evaluate", str(data), "-m", GOOD)
    page = here / "x.html"
    words = ("models", "compare", "echo", "allenai/OLMo-7B", "--html", str(page))
    told = elige(*words)
    assert told.code == 0 and "measured here" in told.out
    facts = json.loads(elige(*words[:4], "--json").out)
    (row,) = facts["measured"]
    assert row["results"]["elige/echo"][0]["samples"] == 60
    assert row["results"]["allenai/OLMo-7B"] == []
    assert "Measured here" in page.read_text("utf-8")


def test_a_sync_says_what_is_new_and_names_a_killed_run(elige: Run, data: Path) -> None:
    home = Path(os.environ["ELIGE_HOME"])
    slow = command(home, "evaluate", str(data), "--model", "echo,delay=0.1,skill=0.1")
    until_answered(home, 2)
    slow.send_signal(signal.SIGKILL)
    slow.communicate()
    elige("evaluate", str(data), "-m", GOOD)
    told = elige("models", "sync", "runs")
    assert told.code == 0 and "runs: 1 added" in told.out
    assert "stopped before it came to a result" in told.out


def test_showing_a_model_makes_no_store_and_does_not_wait(elige: Run, data: Path) -> None:
    home = Path(os.environ["ELIGE_HOME"])
    shown = elige("models", "show", "allenai/OLMo-7B")
    assert shown.code == 0 and "Measured here" not in shown.out
    assert not (home / "elige.db").exists()
    elige("evaluate", str(data), "-m", GOOD)
    descriptor = hold(home / "catalog.db.lock", wait=False)
    assert descriptor is not None
    try:
        told = elige("models", "show", "allenai/OLMo-7B")
    finally:
        os.close(descriptor)
    assert told.code == 0 and "Your newest runs are not shown here" in told.err


def test_scores_of_own_runs_filter_and_sort_before_published_ones(elige: Run, data: Path) -> None:
    elige("evaluate", str(data), "-m", GOOD)
    found = elige("models", "search", "--min-score", "sums=50%", "--json")
    facts = json.loads(found.out)
    (one,) = facts["models"]
    ((key, value),) = one["scores"].items()
    assert one["model"] == "elige/echo" and key.startswith("sums@own-") and value > 0.5
    assert facts["notes"] == [f"sums is what your own runs measured ({key})."]
    table = elige("models", "search", "--sort", "score:sums").out
    assert f"{value:.4g}" in table and "elige/echo" in table
    assert elige("models", "search", "--min-score", "sums=0.999").out.endswith(
        "No model matches.\n"
    )


def test_of_own_runs_on_other_data_the_name_alone_is_refused(elige: Run, here: Path) -> None:
    for size in (40, 60):
        folder = here / str(size)
        folder.mkdir()
        elige("evaluate", str(sums(folder / "sums.csv", size)), "-m", GOOD)
    told = elige("models", "search", "--min-score", "sums=0.5")
    assert told.code == 1 and "Own runs of 'sums' come in 2 versions" in told.err


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stores that are opened from now on."""
    urls: list[str] = []
    kept = Store.open.__func__  # type: ignore[attr-defined]  # of a class method

    def noted(cls: type[Store], url: str) -> Store:
        urls.append(url)
        made: Store = kept(cls, url)
        return made

    monkeypatch.setattr(Store, "open", classmethod(noted))
    return urls


def test_a_store_that_nobody_wrote_to_is_not_opened_again(
    elige: Run, data: Path, opened: list[str]
) -> None:
    elige("evaluate", str(data), "-m", GOOD)
    elige("models", "show", "echo")
    opened.clear()
    assert "Measured here" in elige("models", "show", "echo").out
    assert opened == []


def test_a_new_run_is_seen_though_the_store_was_known(elige: Run, data: Path) -> None:
    elige("evaluate", str(data), "-m", GOOD)
    elige("models", "show", "echo")
    second = json.loads(elige("evaluate", str(data), "-m", "echo,skill=0.1", "--json").out)
    assert f"run {second['run']}" in " ".join(elige("models", "show", "echo").out.split())


def test_a_store_that_another_one_has_open_is_looked_at(
    elige: Run, data: Path, opened: list[str]
) -> None:
    """What is written to it may stand beside the file still."""
    elige("evaluate", str(data), "-m", GOOD)
    elige("models", "show", "echo")
    database = read_settings().database
    with Store.open(database) as other:
        other.save_measure("key", "machine", "read", 1.0, "2026-11-26")
        opened.clear()
        assert "Measured here" in elige("models", "show", "echo").out
        assert opened == [database]


def test_what_changes_no_run_is_read_once(elige: Run, data: Path, opened: list[str]) -> None:
    elige("evaluate", str(data), "-m", GOOD)
    elige("models", "show", "echo")
    with Store.open(read_settings().database) as other:
        other.remember_digest("/a", 1, 2, 3, "d")
    counts = []
    for _ in range(2):
        opened.clear()
        elige("models", "show", "echo")
        counts.append(len(opened) > 0)
    assert counts == [True, False]
