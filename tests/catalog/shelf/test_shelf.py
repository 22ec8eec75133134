"""The shelf: what syncs put on it, take off it, and say of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from catalog.shelf.toy import TODAY, Shipped, Toy, entry
from hypothesis import given, settings
from hypothesis import strategies as st

from elige.catalog.lineage import parents_of
from elige.catalog.listed import Listed
from elige.catalog.shelf import Shelf, SourceState, Synced, SyncOptions
from elige.errors import BadInput
from elige.records import (
    Broken,
    Catalogue,
    Column,
    Entry,
    FactKind,
    Place,
    Relation,
    RelationKind,
    Source,
)

OPTIONS = SyncOptions(today=TODAY, place="the toy box")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf.open(tmp_path / "catalog.db", {"toy": Toy()}, today=TODAY)
    yield shelf
    shelf.close()


def put(
    shelf: Shelf, records: Sequence[Entry | Broken], *, source: str = "toy", partial: bool = False
) -> Synced:
    return shelf.sync(Toy(records, name=source), Place(), replace(OPTIONS, partial=partial))


def test_the_shelf_is_a_catalogue(shelf: Shelf) -> None:
    catalogue: Catalogue = shelf
    assert catalogue.card("nobody/knows") is None


def test_a_sync_says_what_it_did(shelf: Shelf) -> None:
    put(shelf, [entry("o/a", layers=1), entry("o/b", layers=2), entry("o/c", layers=3)])
    done = put(shelf, [entry("o/a", layers=1), entry("o/b", layers=9), entry("o/d", layers=4)])
    assert (done.added, done.changed, done.removed, done.unchanged) == (1, 1, 1, 1)


def test_what_is_gone_from_a_full_listing_leaves_the_shelf(shelf: Shelf) -> None:
    put(shelf, [entry("o/a"), entry("o/b")])
    put(shelf, [entry("o/b")])
    assert [card.model for card in shelf.cards()] == ["o/b"]


def test_what_a_partial_listing_lacks_stays(shelf: Shelf) -> None:
    put(shelf, [entry("o/a"), entry("o/b")])
    put(shelf, [entry("o/b", layers=2)], partial=True)
    assert [card.value(Column.LAYERS) for card in shelf.cards()] == [None, 2]


def test_a_reading_since_a_moment_is_partial(shelf: Shelf) -> None:
    put(shelf, [entry("o/a", updated="2026-01-03"), entry("o/b", updated="2026-01-02")])
    since = shelf.states()[0].watermark
    shelf.sync(Toy([entry("o/b", layers=2)]), Place(since=since), OPTIONS)
    assert (since, len(list(shelf.cards()))) == ("2026-01-03", 2)


def test_sources_do_not_take_from_each_other(shelf: Shelf) -> None:
    put(shelf, [entry("o/a", layers=1)])
    put(shelf, [entry("O/A", source="other", layers=2)], source="other")
    put(shelf, [entry("o/b")])
    assert [one.source for one, _ in shelf.entries("o/a")] == ["other"]


def test_broken_records_are_counted_and_named(shelf: Shelf) -> None:
    done = put(shelf, [Broken(where="line 3", why="no number"), entry("o/a"), entry(" ", key="k")])
    assert done.broken == (
        Broken(where="line 3", why="no number"),
        Broken(where="k", why="it has no model"),
    )
    assert (done.broken_count, shelf.states()[0].broken) == (2, 2)


def test_a_name_that_is_no_text_is_a_broken_record(shelf: Shelf) -> None:
    done = put(shelf, [entry("o/a"), entry("o/\ud800")])
    assert [one.why for one in done.broken] == ["its names are no valid Unicode text"]


def test_the_last_of_two_entries_with_one_key_counts(shelf: Shelf) -> None:
    done = put(shelf, [entry("o/a", layers=1), entry("o/a", layers=2), entry("o/b")] * 2)
    assert (done.added, done.broken_count) == (2, 1)
    assert [one.values for one, _ in shelf.entries("o/a")] == [{Column.LAYERS: 2}]


def test_nothing_at_all_takes_nothing_off(shelf: Shelf) -> None:
    put(shelf, [entry("o/a")])
    with pytest.raises(BadInput, match="Nothing could be read at the toy box"):
        put(shelf, [])
    assert shelf.card("o/a") is not None


def test_records_that_are_all_broken_are_no_sync(shelf: Shelf) -> None:
    broken = [Broken(where=f"row {n}", why="it has no name.") for n in (1, 2, 3)]
    with pytest.raises(BadInput, match=r"toy box \(row 1: it has no name and 2 more\)\.$") as told:
        put(shelf, broken)
    assert (told.value.hint, shelf.states()) == (
        "Nothing was changed. Check what --from names.",
        [],
    )
    put(shelf, [entry("o/a")])
    with pytest.raises(BadInput) as told:
        put(shelf, broken[:1])
    assert told.value.hint.startswith("The catalogue keeps 1 entry of it.")
    assert shelf.card("o/a") is not None


def test_a_source_that_fails_half_way_changes_nothing(shelf: Shelf) -> None:
    def breaks() -> Iterator[Entry]:
        yield entry("o/b")
        raise KeyError("shoe size")

    put(shelf, [entry("o/a")])
    with pytest.raises(BadInput, match="failed after 1 records: KeyError"):
        shelf.sync(Toy(breaks()), Place(), OPTIONS)
    assert ([card.model for card in shelf.cards()], shelf.generation) == (["o/a"], 1)


def test_an_entry_counts_as_read_when_its_source_was_last_listed(shelf: Shelf) -> None:
    put(shelf, [entry("o/a"), entry("o/b")])
    shelf.sync(Toy([entry("o/a"), entry("o/b")]), Place(fetched="2026-12-01"), OPTIONS)
    shelf.sync(Toy([entry("o/b", layers=1)]), Place(fetched="2026-12-05", since="x"), OPTIONS)
    assert [shelf.entries(name)[0][1] for name in ("o/a", "o/b")] == ["2026-12-01", "2026-12-05"]


def test_other_names_find_a_model_until_they_go(shelf: Shelf) -> None:
    put(shelf, [replace(entry("o/a"), names=("Älias",))])
    found = shelf.card("äLIAS")
    put(shelf, [entry("o/a")])
    assert (found is not None and found.model, shelf.card("älias")) == ("o/a", None)


def test_children_are_those_that_name_a_parent(shelf: Shelf) -> None:
    merge = Relation(kind=RelationKind.MERGE, parent="O/Base")
    put(shelf, [replace(entry("x/child"), relations=(merge,)), entry("o/base")])
    found = list(shelf.children("o/BASE"))
    put(shelf, [entry("x/child"), entry("o/base")])
    assert (found, list(shelf.children("o/base"))) == ([("x/child", merge)], [])


def test_changes_after_a_generation_are_told(shelf: Shelf) -> None:
    put(shelf, [entry("o/a"), entry("O/B"), entry("o/c")])
    first = shelf.generation
    put(shelf, [entry("o/a"), entry("O/B", layers=2), entry("o/d")])
    told = [(name, [one.values for one, _ in found]) for name, found in shelf.changed(first)]
    assert told == [("o/b", [{Column.LAYERS: 2}]), ("o/c", []), ("o/d", [{}])]
    assert list(shelf.changed(shelf.generation)) == []


def test_a_model_that_gets_another_name_is_told_under_both(shelf: Shelf) -> None:
    put(shelf, [entry("o/a", key="1")])
    put(shelf, [entry("o/b", key="1")])
    assert [(name, len(found)) for name, found in shelf.changed(1)] == [("o/a", 0), ("o/b", 1)]


def test_of_several_entries_with_one_key_the_last_counts(shelf: Shelf) -> None:
    other = [entry("o/a", layers=1), entry("o/b"), entry("o/a", layers=2), entry("o/a", layers=3)]
    done = shelf.sync(Toy([*other, entry("o/b")]), Place(), OPTIONS)
    assert [one.where for one in done.broken] == ["o/a"]
    assert (done.added, done.unchanged, done.broken_count) == (2, 0, 1)
    assert [one.values[Column.LAYERS] for one, _ in shelf.entries("o/a")] == [3]


def test_the_last_sync_of_a_source_is_remembered(shelf: Shelf) -> None:
    shelf.sync(Toy([entry("o/a")]), Place(), replace(OPTIONS, etag='"e"', version="3"))
    assert shelf.states() == [
        SourceState(
            source="toy", place="the toy box", synced=TODAY, entries=1, etag='"e"', version="3"
        )
    ]


def test_what_ships_is_there_at_once_and_anew_with_each_version(tmp_path: Path) -> None:
    for version, model in (("1", "o/a"), ("1", "o/ignored"), ("2", "o/b")):
        source: Source = Shipped([entry(model, source="starter")], version=version)
        with Shelf.open(tmp_path / "catalog.db", {"starter": source}, today=TODAY) as shelf:
            found = [card.model for card in shelf.cards()]
        assert found == ["o/a" if version == "1" else "o/b"]


MODELS = st.sampled_from(["o/a", "O/A", "o/b", "o/C", "other"])
KEYS = st.sampled_from(["1", "2", "o/a", "O/A", "other"])
SAID = st.builds(
    lambda key, model, layers, parents, names: Entry(
        source="",
        key=key,
        model=model,
        values={Column.LAYERS: layers},
        relations=tuple(Relation(kind=RelationKind.MERGE, parent=one) for one in parents),
        names=tuple(names),
    ),
    KEYS,
    MODELS,
    st.integers(0, 2),
    st.lists(MODELS, max_size=2),
    st.lists(st.sampled_from(["alias", "Alias", "o/b", "second"]), max_size=2),
)
STEPS = st.tuples(
    st.sampled_from(["one", "two"]), st.booleans(), st.lists(SAID, min_size=1, max_size=5)
)


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=6))
def test_any_row_of_syncs_leaves_what_a_plain_list_would(
    steps: list[tuple[str, bool, list[Entry]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("shelf") / "catalog.db"
    expected: dict[tuple[str, str], tuple[Entry, str]] = {}
    followed: dict[str, list[tuple[Entry, str]]] = {}
    sources = {name: Toy(name=name) for name in ("one", "two")}
    with Shelf(place, sources) as shelf:
        for number, (name, partial, said) in enumerate(steps, start=1):
            before, day = shelf.generation, f"2026-01-0{number}"
            said = [replace(one, source=name) for one in said]
            options = SyncOptions(today=day, partial=partial)
            shelf.sync(Toy(said, name=name), Place(), options)
            expect(expected, name, said, day, partial=partial)
            for model, found in shelf.changed(before):
                followed[model] = found
        listed = Listed([expected[key] for key in sorted(expected)], sources)
        assert list(shelf.cards()) == list(listed.cards())
        for name in ("o/a", "O/B", "o/c", "OTHER", "ALIAS", "second", "none"):
            assert list(shelf.entries(name)) == list(listed.entries(name))
            assert list(shelf.children(name)) == list(listed.children(name))
            assert shelf.has_children(name) == bool(listed.children(name))
        kept = {model: [one for one, _ in found] for model, found in followed.items() if found}
        assert kept == {
            card.model.casefold(): [one for one, _ in listed.entries(card.model)]
            for card in listed.cards()
        }


def expect(
    shelf: dict[tuple[str, str], tuple[Entry, str]],
    source: str,
    said: list[Entry],
    day: str,
    *,
    partial: bool,
) -> None:
    """The same sync on a dictionary: an unchanged entry keeps its date after a partial one."""
    now = {(source, one.key): one for one in said}
    if not partial:
        for key in [key for key in shelf if key[0] == source and key not in now]:
            del shelf[key]
    for key, one in now.items():
        if not partial or shelf.get(key, (None, ""))[0] != one:
            shelf[key] = (one, day)


def test_models_are_found_by_their_bare_name(shelf: Shelf) -> None:
    names = [
        "meta/Llama-2-7B",
        "x/llama_2-7b",
        "y/Llama-2-7b-hf",
        "z/llama-2-7b-chat",
        "Llama 2 7B",
    ]
    put(shelf, [*map(entry, names), entry("o/Qwen2.5-7B"), entry("o/Qwen2-5-7B")])
    assert shelf.named("llama-2-7b") == [
        "Llama 2 7B", "meta/Llama-2-7B", "x/llama_2-7b", "y/Llama-2-7b-hf"
    ]  # fmt: skip
    assert shelf.named("qwen2.5-7b") == ["o/Qwen2.5-7B"]
    assert shelf.named("") == shelf.named("nothing") == []


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["o/a-7b", "p/A_7b", "q/a-7b-hf", "o/b v1_5", "b-v1.5"])))
def test_bare_names_are_found_as_in_memory(names: list[str]) -> None:
    records = [entry(name) for name in dict.fromkeys(names)]
    listed = Listed([(one, TODAY) for one in records], {})
    with TemporaryDirectory() as folder, Shelf(Path(folder) / "catalog.db", {}) as shelf:
        put(shelf, records)
        for plain in ("a-7b", "b-v1.5", "b-v1-5"):
            assert shelf.named(plain) == sorted(listed.named(plain)), plain


def test_guesses_see_the_whole_shelf(shelf: Shelf) -> None:
    put(shelf, [entry("maker/Marvel-Tiny-7B"), entry("copyist/Marvel-Tiny-7B-GGUF")])
    (found,) = parents_of("copyist/Marvel-Tiny-7B-GGUF", shelf)
    assert (found.parent, found.kind) == ("maker/Marvel-Tiny-7B", RelationKind.QUANTIZED)
    assert found.how is FactKind.ESTIMATED


def test_a_moment_in_the_future_hides_no_later_change(shelf: Shelf) -> None:
    put(shelf, [entry("o/a", updated="2099-01-01"), entry("o/b", updated="2026-01-02")])
    assert shelf.states()[0].watermark == "2026-01-02"


def test_what_is_told_of_a_broken_record_can_be_printed(shelf: Shelf) -> None:
    done = put(shelf, [Broken(where="a\x1b[31m\nb", why="\u202ex"), entry("o/a")])
    assert all(one.where.isprintable() and one.why.isprintable() for one in done.broken)


def test_what_is_the_same_is_not_read_and_holds_today(shelf: Shelf) -> None:
    put(shelf, [entry("o/a"), Broken(where="x", why="y")])
    later = replace(OPTIONS, is_same=True)
    done = shelf.sync(Toy([entry("o/never")]), Place(fetched="2026-12-01"), later)
    assert (done.added, done.unchanged, done.removed, done.broken_count) == (0, 1, 0, 1)
    assert [date for _, date in shelf.entries("o/a")] == ["2026-12-01"]
    assert shelf.card("o/never") is None
