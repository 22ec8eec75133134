"""Own runs on the cards, as typed: found without a sync, and side by side."""

import json
import os
import signal
from pathlib import Path

import pytest
from cli.conftest import Run
from workbench.races import command, sums
from workbench.test_interrupting import until_answered

from elige.loader.lock import hold

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
