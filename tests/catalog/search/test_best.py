"""The best of very many are those that ranking all of them finds."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from catalog.search.cards import entry, indexed

from elige.catalog.search import Query, SearchIndex, best, search
from elige.catalog.search.ask import asked_of, counted, read
from elige.catalog.search.best import Question, _popular
from elige.catalog.search.find import hit_at

_WORDS = ("llama", "qwen", "chat", "instruct", "medical", "base", "tiny", "coder")
_MANY = [
    entry(
        f"author{n % 7}/{_WORDS[n % 8]}-{_WORDS[n // 8 % 8]}-{n}",
        tags=("safetensors", *(("llama",) if n % 3 else ("qwen", "chat"))),
        languages=("en",) if n % 4 else ("de", "en"),
        parameters=10**9 * (1 + n % 13),
        downloads=n * n * 37 % 5_000 if n % 5 else n * 40_000,
    )
    for n in range(600)
]
_ASKED = [
    pytest.param(Query(text="safetensors"), id="no name has it"),
    pytest.param(Query(text="en safetensors", languages=("de",)), id="two words in no name"),
    pytest.param(Query(text="llama"), id="some names have it"),
    pytest.param(Query(text="qwen chat"), id="two words of names"),
    pytest.param(Query(text="llama safetensors", limit=50), id="a long page"),
    pytest.param(Query(text="llama", limit=7, offset=30), id="a later page"),
    pytest.param(Query(text="llama-tiny-48"), id="an exact name that hardly anybody loads"),
    pytest.param(Query(text="coder", parameters=(10**9, 9 * 10**9)), id="with bounds"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return indexed(tmp_path_factory.mktemp("best"), _MANY)


def ranked(index: SearchIndex, query: Query) -> tuple[list[str], int]:
    found = search(index, query)
    return [hit.model for hit in found.hits], found.total


@pytest.mark.parametrize("few_named", [1e9, 4, 1e-9], ids=["popular", "as it is", "by names"])
@pytest.mark.parametrize("query", _ASKED)
def test_the_best_are_those_of_all_ranked(
    index: SearchIndex, query: Query, few_named: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ranked(index, query)
    monkeypatch.setattr("elige.catalog.search.best._LEAST", 0)
    monkeypatch.setattr("elige.catalog.search.best._FEW_NAMED", few_named)
    assert ranked(index, query) == whole
    assert whole[0]


def test_the_popular_suffice_where_no_other_can_be_better(index: SearchIndex) -> None:
    searcher, wording = index.searcher, read("llama", index.searcher)
    ranked = asked_of(wording)
    question = Question(wording, ranked, counted(wording), 10**6)
    popular = _popular(wording, question, searcher, 5)
    found = searcher.search(ranked, 5, weight_by_field="popularity").hits
    assert [hit_at(searcher, one) for one in popular] == [hit_at(searcher, one) for _, one in found]
    assert not _popular(wording, question, searcher, 400)


def test_the_popular_do_not_suffice_where_a_name_may_be_better(tmp_path: Path) -> None:
    loaded = [entry(f"a/thing-{n}", tags=("special",), downloads=2_000) for n in range(9)]
    named = entry("b/special-one", downloads=900)
    other = [entry(f"c/other-{n}", downloads=n) for n in range(200)]
    searcher = indexed(tmp_path, [*loaded, named, *other]).searcher
    wording = read("special", searcher)
    ranked = asked_of(wording)
    (first,) = searcher.search(ranked, 1, weight_by_field="popularity").hits
    assert hit_at(searcher, first[1]).model == "b/special-one"
    assert not _popular(wording, Question(wording, ranked, counted(wording), 10**6), searcher, 5)


@pytest.mark.parametrize(("named", "is_few"), [(4, True), (5, False)], ids=["under", "a quarter"])
def test_names_are_asked_first_where_less_than_a_quarter_have_the_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: int, is_few: bool
) -> None:
    """All find the same: this is about which is quicker, so what was asked is looked at."""
    names = [f"a/special-{n}" for n in range(named)] + [f"a/thing-{n}" for n in range(20 - named)]
    searcher = indexed(tmp_path, [entry(name, tags=("special",)) for name in names]).searcher
    wording = read("special", searcher)
    ways: list[str] = []
    for way in ("_few_named", "_popular"):
        told = partial(seen, ways, way, getattr(best, way))
        monkeypatch.setattr(best, way, told)
    question = Question(wording, asked_of(wording), counted(wording), 10**6)
    assert best.best_of(question, searcher, 5).total == 20
    assert ways == ["_few_named" if is_few else "_popular"]


def seen(ways: list[str], way: str, ask: Callable[..., object], *given: object) -> object:
    ways.append(way)
    return ask(*given)
