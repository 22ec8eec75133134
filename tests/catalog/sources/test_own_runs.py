"""elige's own runs as a source: real small runs, whole, raced, broken off, broken."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from engines.openai_server import OpenAIServer
from workbench.races import GOOD, POOR, named, raced, sums
from workbench.test_remote_race import adds

from elige.catalog.shelf import Shelf
from elige.catalog.sources import source
from elige.catalog.sources.run_models import ECHO
from elige.config import Settings
from elige.machine.measures import PEAK
from elige.records import Broken, Entry, FactKind, Place, RunResult
from elige.store import RunRecord, Store
from elige.workbench import EvaluateOptions, Evaluation, Workbench, plan_evaluation, run_evaluation
from elige.workbench.evaluate import Evaluated
from elige.workbench.models_sync import sync_models


def evaluated(home: Path, data: Path, model: str = GOOD, limit: int | None = None) -> Evaluation:
    said = EvaluateOptions(model=model, limit=limit)
    with Workbench.open(Settings(home=home)) as bench:
        *_, last = run_evaluation(bench, plan_evaluation(bench, str(data), said))
    assert isinstance(last, Evaluated)
    return last.evaluation


def place(home: Path) -> Place:
    return Place(address=f"sqlite:///{home / 'elige.db'}")


def read(home: Path) -> list[Entry | Broken]:
    return list(source("runs").read(place(home)))


def results(home: Path) -> dict[str, RunResult]:
    """Each candidate's result; all that is read has one."""
    return {one.candidate: one for entry in entries(home) for one in entry.measured}


def entries(home: Path) -> list[Entry]:
    found = read(home)
    assert all(isinstance(one, Entry) for one in found), found
    return [one for one in found if isinstance(one, Entry)]


def meddled(home: Path, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(home / "elige.db")) as database:
        database.execute(statement, values)
        database.commit()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def bench(home: Path) -> Iterator[Workbench]:
    """A workbench whose catalogue knows own runs alone: what ships takes a second to read."""
    with Workbench.open(Settings(home=home)) as found:
        found.__dict__["catalogue"] = Shelf(home / "own.db", {"runs": source("runs")})
        yield found


def test_an_evaluation_is_measured_with_interval_samples_and_run(home: Path) -> None:
    told = evaluated(home, sums(home / "sums.csv", 40))
    (entry,) = entries(home)
    (one,) = entry.measured
    assert source("runs").kind is FactKind.MEASURED
    assert (entry.model, entry.names) == (ECHO, ("echo",))
    assert (one.run, one.candidate, one.task) == (told.run, "good", "sums")
    assert (one.score, (one.low, one.high)) == (told.standing.score, told.standing.interval)
    assert (one.samples, one.planned, one.is_full, one.is_race) == (40, 40, True, False)
    assert (one.confidence, one.method) == (0.95, told.interval_method)
    assert one.seconds_each is not None and one.speeds == ()
    assert one.dated[:4].isdecimal() and len(one.data) == 12


def test_a_raced_candidate_never_looks_like_a_full_evaluation(home: Path) -> None:
    verdict = raced(home, sums(home / "sums.csv"), GOOD, POOR)
    found, told = results(home), named(verdict)
    poor = found["poor"]
    assert (poor.samples, poor.planned) == (told["poor"].evaluated, 200)
    assert poor.samples < 200 and not poor.is_full
    assert poor.is_race and poor.place == told["poor"].status.value
    assert (poor.low, poor.high) == told["poor"].interval
    assert "all candidates at once" in poor.method
    assert found["good"].place == "winner"


def test_without_early_stopping_a_score_is_counted(home: Path) -> None:
    raced(home, sums(home / "sums.csv", 30), GOOD, POOR, confidence=1.0)
    found = results(home)["poor"]
    assert (found.is_full, found.is_race, found.method) == (True, True, "counted on this list")


def test_a_race_and_an_evaluation_on_the_same_questions_never_meet(home: Path) -> None:
    data = sums(home / "sums.csv", 30)
    evaluated(home, data)
    whole = results(home)["good"]
    raced(home, data, GOOD, POOR, confidence=1.0)
    race = results(home)["poor"]
    assert (race.task, race.data, race.asked) == (whole.task, whole.data, whole.asked)
    assert race.taken != whole.taken


def test_a_part_of_the_data_is_asked_otherwise(home: Path) -> None:
    data = sums(home / "sums.csv", 40)
    evaluated(home, data)
    evaluated(home, data, limit=10)
    first, second = (one for entry in entries(home) for one in entry.measured)
    assert first.data == second.data and first.asked != second.asked
    assert {first.samples, second.samples} == {10, 40}


def test_a_run_that_was_killed_is_named_and_shows_nothing(home: Path) -> None:
    evaluated(home, sums(home / "sums.csv", 5))
    with Store.open(place(home).address) as store:
        (record,) = store.runs()
        dead = replace(record, id="dead", verdict=None)
        store.start_run(dead)
        assert len(read(home)) == 2  # nobody has said that it works, so it counts as stopped
    (broken,) = [one for one in read(home) if isinstance(one, Broken)]
    assert broken.where == "run dead (sums)"
    assert "stopped before it came to a result" in broken.why


def test_a_run_that_works_just_now_is_left_in_peace(home: Path) -> None:
    evaluated(home, sums(home / "sums.csv", 5))
    with Store.open(place(home).address) as store:
        (record,) = store.runs()
        store.renew(now=4_000_000_000.0, ttl=60.0)
        store.start_run(replace(record, id="alive", verdict=None))
        assert [type(one) for one in read(home)] == [Entry]


def test_an_interrupted_run_says_so(home: Path) -> None:
    evaluated(home, sums(home / "sums.csv", 5))
    meddled(home, "UPDATE runs SET status = 'interrupted'")
    (one,) = results(home).values()
    assert not one.is_finished and not one.is_full


@pytest.mark.parametrize(
    ("column", "text"),
    [
        pytest.param("verdict", "{", id="half a verdict"),
        pytest.param("verdict", "[]", id="a verdict of another shape"),
        pytest.param("verdict", '{"candidates": [7], "samples": 1}', id="no standing"),
        pytest.param(
            "verdict",
            '{"model": "good", "samples": 5, "evaluated": 1, "score": "x"}',
            id="no number",
        ),
        pytest.param(
            "verdict", '{"model": "good", "samples": 5, "evaluated": 1, "score": NaN}', id="nan"
        ),
        pytest.param("spec", "{}", id="of an older elige"),
        pytest.param("spec", '{"kept": {"candidates": {}}}', id="without its candidate"),
        pytest.param("spec", '{"kept": 7}', id="kept as a number"),
        pytest.param("spec", '{"kept": {"candidates": {"good": {}}}}', id="no candidate"),
    ],
)
def test_a_broken_run_is_named_and_the_others_are_read(home: Path, column: str, text: str) -> None:
    broken = evaluated(home, sums(home / "sums.csv", 5)).run
    evaluated(home, sums(home / "more.csv", 6))
    meddled(home, f"UPDATE runs SET {column} = ? WHERE id = ?", text, broken)
    one, other = sorted(read(home), key=lambda found: isinstance(found, Broken))
    assert isinstance(one, Entry) and one.measured[0].task == "more"
    assert isinstance(other, Broken) and broken in other.where
    assert "\n" not in other.why and len(other.why) < 300


def test_an_endpoint_shows_its_speed_as_seen_from_here(home: Path) -> None:
    name = "meta-llama/Llama-3.1-8B-Instruct"
    with OpenAIServer({name: adds(1.0)}) as server:
        evaluated(home, sums(home / "sums.csv", 5), f"{server.url}#{name},name=it")
    (entry,) = entries(home)
    (one,) = entry.measured
    (speed,) = one.speeds
    assert (entry.model, one.score) == (name, 1.0)
    assert one.ran == f"{server.url}#{name}"
    assert speed.name == "written" and speed.value > 0 and "network" in speed.how


def test_what_a_trial_measured_of_the_same_weights_comes_along(home: Path) -> None:
    evaluated(home, sums(home / "sums.csv", 5))
    with Store.open(place(home).address) as store:
        (record,) = store.runs()
        spec = json.loads(record.spec)
        key = spec["how"]["models"]["good"]
        store.save_measure(key, "a box", PEAK, 2e9, "2026-11-25")
        store.save_measure(key, "a box", PEAK, 1e9, "2026-11-26")
    kept = json.dumps(spec).replace('"kind": "echo"', '"kind": "packaged"')
    meddled(home, "UPDATE runs SET spec = ?", kept.replace('"location": "echo"', '"location": "m"'))
    (one,) = results(home).values()
    (peak,) = [speed for speed in one.speeds if speed.name == "peak"]
    assert (peak.value, peak.machine, peak.dated) == (1e9, "a box", "2026-11-26")


def test_an_empty_home_stays_empty(home: Path, bench: Workbench) -> None:
    assert list(source("runs").read(Place())) == []
    (done,) = sync_models(bench, ["runs"])
    assert (done.added, done.broken_count) == (0, 0)
    assert not (home / "elige.db").exists()


def test_two_runs_of_one_candidate_both_stand_on_the_card(home: Path, bench: Workbench) -> None:
    evaluated(home, sums(home / "sums.csv", 20))
    evaluated(home, sums(home / "more.csv", 30))
    list(sync_models(bench, ["runs"]))
    card = bench.catalogue.card("echo")
    assert card is not None
    assert (card.model, card.sources) == (ECHO, ("runs",))
    assert {one.samples for one in card.measured} == {20, 30}


def test_only_what_is_new_or_changed_is_read_again(
    home: Path, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in (5, 6, 7):
        evaluated(home, sums(home / f"s{count}.csv", count))
    dates = ("2026-11-01T00:00:00+00:00", "2026-11-02T00:00:00+00:00", "2026-11-03T00:00:00+00:00")
    with Store.open(place(home).address) as store:
        for record, date in zip(store.runs(), dates, strict=True):
            meddled(
                home, "UPDATE runs SET created = ?, updated = ? WHERE id = ?", date, date, record.id
            )
    (first,) = sync_models(bench, ["runs"])
    asked: list[str] = []
    usual = Store.runs_since

    def noted(store: Store, moment: str) -> Iterator[RunRecord]:
        asked.append(moment)
        return usual(store, moment)

    monkeypatch.setattr(Store, "runs_since", noted)
    evaluated(home, sums(home / "s8.csv", 8))
    (second,) = sync_models(bench, ["runs"])
    assert (first.added, second.added, second.unchanged) == (3, 1, 1)
    assert asked == [dates[-1]]


def test_runs_that_are_gone_leave_the_card(home: Path, bench: Workbench) -> None:
    gone = evaluated(home, sums(home / "sums.csv", 5)).run
    evaluated(home, sums(home / "more.csv", 6))
    list(sync_models(bench, ["runs"]))
    for table, column in (("entries", "run"), ("runs", "id")):
        meddled(home, f"DELETE FROM {table} WHERE {column} = ?", gone)
    (done,) = sync_models(bench, ["runs"])
    assert (done.removed, done.unchanged) == (1, 1)


def test_a_trial_reaches_the_runs_of_before(home: Path, bench: Workbench) -> None:
    for count in (5, 6):
        evaluated(home, sums(home / f"s{count}.csv", count))
    meddled(home, "UPDATE runs SET updated = created || '-' || id")
    list(sync_models(bench, ["runs"]))
    (before,) = sync_models(bench, ["runs"])
    bench.store.save_measure("key", "a box", PEAK, 1e9, "2026-11-26")
    (after,) = sync_models(bench, ["runs"])
    assert (before.unchanged, after.unchanged) == (1, 2)


def test_runs_are_of_this_home_alone(bench: Workbench, home: Path) -> None:
    with pytest.raises(Exception, match="store of this home"):
        list(sync_models(bench, ["runs"], place=str(home)))
