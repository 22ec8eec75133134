from dataclasses import replace

import pytest
from store.kept import entry, key, run_record, said

from elige.errors import BadInput, NotFound
from elige.records import Score
from elige.store import RunObservation, Store


def test_a_run_is_found_by_its_id(store: Store) -> None:
    started = store.start_run(run_record())
    assert store.run("run") == started
    assert replace(started, holder="") == replace(run_record(), updated=run_record().created)


def test_starting_again_keeps_date_and_verdict(store: Store) -> None:
    store.start_run(run_record())
    store.finish_run("run", "finished", '{"winner": "small"}', "2026-01-02")
    again = store.start_run(run_record(created="2026-01-03"))
    assert (again.created, again.updated) == (run_record().created, "2026-01-03")
    assert (again.status, again.verdict) == ("running", '{"winner": "small"}')
    assert store.start_run(replace(run_record(), updated="2026-01-04")).updated == "2026-01-04"


def test_an_interrupted_run_keeps_its_last_verdict(store: Store) -> None:
    store.start_run(run_record())
    store.finish_run("run", "finished", "{}", "2026-01-02")
    ended = store.finish_run("run", "interrupted", None, "2026-01-03")
    assert (ended.status, ended.verdict, ended.updated) == ("interrupted", "{}", "2026-01-03")


def test_a_run_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    store.start_run(run_record("abc1"))
    store.start_run(run_record("abc12"))
    assert store.run("abc12").id == "abc12"
    assert store.run("abc1").id == "abc1"


def test_a_beginning_of_several_ids_is_refused(store: Store) -> None:
    for id in ("abc1", "abc2"):
        store.start_run(run_record(id))
    with pytest.raises(BadInput, match="Several runs have an id that begins with 'ab': abc1, abc2"):
        store.run("ab")


@pytest.mark.parametrize("name", ["", "zz", "_", "%", "ABC1"])
def test_an_unknown_run_is_not_found(store: Store, name: str) -> None:
    store.start_run(run_record("abc1"))
    with pytest.raises(NotFound, match="No run is called") as caught:
        store.run(name)
    assert caught.value.hint == "List them with: elige runs"


def test_a_mistyped_run_is_hinted_at(store: Store) -> None:
    store.start_run(run_record("abc1234567890"))
    with pytest.raises(NotFound) as caught:
        store.run("abd1234")
    assert caught.value.hint == "Did you mean abc12345?"


def test_finishing_an_unknown_run_is_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        store.finish_run("run", "finished", "{}", "2026-01-02")


def test_the_newest_runs_come_first(store: Store) -> None:
    for day in (2, 1, 3):
        store.start_run(run_record(f"run {day}", created=f"2026-01-0{day}"))
    assert [run.id for run in store.runs()] == ["run 3", "run 2", "run 1"]
    assert [run.id for run in store.runs(limit=1, offset=1)] == ["run 2"]


def test_linking_twice_changes_nothing(store: Store) -> None:
    store.start_run(run_record())
    linked = [entry(number) for number in range(5)]
    store.link("run", linked[:3])
    store.link("run", linked)
    assert store.entries("run") == linked
    assert store.entries("another") == []


def test_linking_again_corrects_an_entry(store: Store) -> None:
    store.start_run(run_record())
    store.link("run", [entry()])
    mended = replace(entry(), target="mended", prompt="What else?")
    store.link("run", [mended])
    assert store.entries("run") == [mended]


def test_entries_hold_any_text(store: Store) -> None:
    store.start_run(run_record())
    odd = replace(entry(), candidate="a\ud83d\x00", sample="b\ude00\\", prompt="\x1a\x00\u2028")
    store.link("run", [odd])
    assert store.entries("run") == [odd]
    assert [seen.entry for seen in store.observations("run")] == [odd]


def test_linking_to_an_unknown_run_is_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        store.link("run", [entry()])


def test_observations_join_what_is_kept(store: Store) -> None:
    store.start_run(run_record())
    linked = [entry(number) for number in range(3)]
    store.link("run", linked)
    store.save_answers([(key(1), said()), (key(2), said("43"))], run="run")
    store.save_scores([(linked[2].score_key, Score(0.5, "half"))])
    assert list(store.observations("run")) == [
        RunObservation(entry=linked[0]),
        RunObservation(entry=linked[1], answer=said(), asked_by="run"),
        RunObservation(
            entry=linked[2], answer=said("43"), score=Score(0.5, "half"), asked_by="run"
        ),
    ]


def test_an_observation_has_its_own_score_and_no_stale_one(store: Store) -> None:
    store.start_run(run_record())
    store.link("run", [entry(1)])
    store.save_answers([(key(1), said())])
    stale = [replace(entry(1), target="before"), replace(entry(1), scorer="contains")]
    store.save_scores([(one.score_key, Score(0.0)) for one in stale])
    assert [seen.score for seen in store.observations("run")] == [None]
    store.save_scores([(entry(1).score_key, Score(1.0))])
    assert [seen.score for seen in store.observations("run")] == [Score(1.0)]


def test_observations_run_over_many_pages(store: Store) -> None:
    store.start_run(run_record())
    linked = [entry(n, candidate=name) for name in ("large", "small") for n in range(2500)]
    store.link("run", linked)
    assert [seen.entry for seen in store.observations("run")] == linked


def test_a_half_read_run_blocks_nobody(store: Store, other: Store) -> None:
    store.start_run(run_record())
    store.link("run", [entry(number) for number in range(3000)])
    reading = store.observations("run")
    next(reading)
    assert other.save_answers([(key(), said())]) == 1


def test_scores_are_kept_with_the_entries_and_nothing_is_written_twice(store: Store) -> None:
    store.start_run(run_record())
    store.save_answers([(key(1), said())], run="run")
    one = entry(1)
    for _ in "12":
        store.link("run", [one], [(one.score_key, Score(1.0))])
    (found,) = store.observations("run")
    assert (found.score, store.paid("run")) == (Score(1.0), {"small": 1})


def test_a_reason_goes_when_the_run_is_started_again(store: Store) -> None:
    store.start_run(run_record())
    ended = store.finish_run("run", "failed", None, "2026-01-02", reason="it broke")
    assert (ended.reason, ended.holder) == ("it broke", "")
    assert store.start_run(run_record()).reason == ""
