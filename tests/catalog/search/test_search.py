"""Searching: what comes first, what is counted, what each filter keeps."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from catalog.search.cards import CARDS, SEVEN, counts, entry, indexed, more, offer

from elige.catalog.search import Found, Query, SearchIndex, search
from elige.catalog.search.filters import count_of
from elige.catalog.search.ranges import between, range_of
from elige.catalog.search.schema import FACETS
from elige.errors import BadInput
from elige.records import RunResult
from elige.records.card import PublishedScore


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return indexed(tmp_path_factory.mktemp("search"))


def names(found: Found) -> list[str]:
    return [hit.model.rpartition("/")[2] for hit in found.hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("mistralai/Mistral-7B-v0.1", "Mistral-7B-v0.1", id="the full name"),
        pytest.param("mistral 7b V0.1", "Mistral-7B-v0.1", id="the name in other letters"),
        pytest.param("open-mistral-7b", "Mistral-7B-v0.1", id="another name"),
        pytest.param("qwen 2.5 instruct", "Qwen2.5-7B-Instruct", id="a name taken apart"),
        pytest.param("mixtrall", "Mixtral-8x7B-v0.1", id="a slip"),
        pytest.param("qwenn 2.5", "Qwen2.5-7B-Instruct", id="a slip beside a number"),
        pytest.param("mistarl", "Mistral-7B-Instruct-v0.3", id="letters changed round"),
        pytest.param("biom", "BioMistral-7B", id="a beginning"),
        pytest.param("allenai", "OLMo-7B", id="an author"),
        pytest.param("mistral instruct", "Mistral-7B-Instruct-v0.3", id="all words"),
    ],
)
def test_the_first_hit(index: SearchIndex, text: str, first: str) -> None:
    assert names(search(index, Query(text=text)))[0] == first


def test_of_equal_names_the_more_popular_comes_first(index: SearchIndex) -> None:
    assert names(search(index, Query(text="7b")))[0] == "Qwen2.5-7B-Instruct"


def test_parts_of_a_name_in_camel_case_are_found(index: SearchIndex) -> None:
    assert "BioMistral-7B" in names(search(index, Query(text="mistral")))


def test_a_slip_is_told(index: SearchIndex) -> None:
    assert "mixtrall" in search(index, Query(text="mixtrall")).notes[0]
    assert search(index, Query(text="mistral")).notes == ()


def test_where_no_model_has_all_words_most_suffice(index: SearchIndex) -> None:
    found = search(index, Query(text="olmo generation zeppelin"))
    assert found.relaxed and names(found)[0] == "OLMo-7B"


FILTERS: list[Any] = [
    pytest.param({"tasks": ("Text Generation",)}, 8, id="task"),
    pytest.param({"domains": ("medicine",)}, 1, id="domain"),
    pytest.param({"domains": ("medical",)}, 1, id="domain by another word"),
    pytest.param({"domains": ("chinese",)}, 1, id="a language as domain"),
    pytest.param({"collections": ("lesson-16",)}, 1, id="collection"),
    pytest.param({"languages": ("French",)}, 1, id="language by its name"),
    pytest.param({"languages": ("fr", "zh")}, 2, id="any of two languages"),
    pytest.param({"families": ("Mistral",)}, 3, id="family"),
    pytest.param({"authors": ("mistralai",)}, 3, id="author"),
    pytest.param({"licences": ("Apache 2.0",)}, 6, id="licence by another name"),
    pytest.param({"formats": ("safetensors",)}, 1, id="format"),
    pytest.param({"weights": ("closed",)}, 1, id="weights"),
    pytest.param({"may": ("commercial",)}, 7, id="may commercial, conditions included"),
    pytest.param({"may": ("commercial", "train-others")}, 6, id="may both"),
    pytest.param({"openness": "weights"}, 8, id="open weights, gated ones included"),
    pytest.param({"openness": "data"}, 1, id="open data"),
    pytest.param({"openness": "full"}, 1, id="all open"),
    pytest.param({"parameters": (1_000_000_000, 7_000_000_000)}, 3, id="parameters"),
    pytest.param({"parameters": (SEVEN, None)}, 5, id="a bound counts itself in"),
    pytest.param({"fits": 3_000_000_000}, 1, id="fits"),
    pytest.param({"min_context": 32_768}, 2, id="context"),
    pytest.param({"max_price": Decimal("0.0625")}, 1, id="price, the bound included"),
    pytest.param({"max_price": Decimal("0.2")}, 2, id="free offers are no price"),
    pytest.param({"min_scores": (("mmlu", 0.5),)}, 1, id="score"),
    pytest.param({"min_scores": (("MMLU", 45),)}, 2, id="score in percent"),
    pytest.param({"with_deprecated": False}, 9, id="without deprecated"),
    pytest.param({}, 10, id="everything"),
]


@pytest.mark.parametrize(("filters", "total"), FILTERS)
def test_filter(index: SearchIndex, filters: dict[str, Any], total: int) -> None:
    assert search(index, Query(**filters)).total == total


def test_unknown_is_outside_every_bound_and_no_permission(index: SearchIndex) -> None:
    for filters in ({"parameters": (0, None)}, {"max_price": Decimal(10**9)}, {"may": ("host",)}):
        found = search(index, Query(**filters))
        assert "nothing-said" not in names(found)
    hit = search(index, Query(text="nothing said")).hits[0]
    assert hit.may("commercial") == "unknown" and hit.price is None and hit.openness == ""


def test_a_hit_tells_the_most_that_is_open(index: SearchIndex) -> None:
    assert search(index, Query(openness="full")).hits[0].openness == "full"


def test_text_and_filters_narrow_together(index: SearchIndex) -> None:
    found = search(index, Query(text="mistral", domains=("medicine",), may=("commercial",)))
    assert names(found) == ["BioMistral-7B"]


def test_facets_count_all_that_was_found(index: SearchIndex) -> None:
    found = search(index, Query(text="7b", limit=1))
    assert found.total == 6 and len(found.hits) == 1
    assert counts(found.facets, "licence") == {"apache-2.0": 5, "llama2": 1}
    assert counts(found.facets, "family")["mistral"] == 3
    assert counts(found.facets, "language") == {"en": 4, "fr": 1, "zh": 1}
    assert counts(found.facets, "size") == {"3.5B-9.5B": 6}


def test_a_facet_that_a_filter_fixed_is_still_shown(index: SearchIndex) -> None:
    found = search(index, Query(families=("mistral",)))
    assert found.facets["family"] == (("mistral", 3),)
    assert list(found.facets) == list(FACETS)


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        pytest.param("downloads", "Qwen2.5-7B-Instruct", None, id="downloads"),
        pytest.param("downloads:asc", "poems-3b", None, id="turned round"),
        pytest.param("likes", "Mistral-7B-v0.1", None, id="likes"),
        pytest.param("parameters", "Mixtral-8x7B-v0.1", None, id="parameters"),
        pytest.param("price", "Qwen2.5-7B-Instruct", None, id="the cheapest"),
        pytest.param("released", "Mistral-7B-Instruct-v0.3", None, id="released"),
        pytest.param("updated", "Qwen2.5-7B-Instruct", None, id="updated"),
        pytest.param("score:mmlu", "Mistral-7B-v0.1", "Llama-2-7b-hf", id="score"),
    ],
)
def test_sort(index: SearchIndex, sort: str, first: str, last: str | None) -> None:
    found = names(search(index, Query(sort=sort)))
    assert found[0] == first and last in (None, found[-1])


def test_what_a_sort_does_not_know_comes_last_and_is_not_lost(index: SearchIndex) -> None:
    found = search(index, Query(sort="price"))
    assert len(found.hits) == found.total == 10
    prices = [hit.price for hit in found.hits[:4]]
    assert prices == [Decimal("0.0625"), Decimal("0.2"), Decimal(15), None]


def test_scores_of_two_versions_are_never_mixed(index: SearchIndex) -> None:
    with pytest.raises(BadInput, match="2 versions") as told:
        search(index, Query(sort="score:livebench"))
    assert "livebench@2024-06, livebench@2024-11" in told.value.hint
    assert names(search(index, Query(sort="score:livebench@2024-11"))) == ["Qwen2.5-7B-Instruct"]


@pytest.mark.parametrize(
    ("filters", "hint"),
    [
        pytest.param({"tasks": ("text-generatoin",)}, "text-generation", id="task"),
        pytest.param({"families": ("mistrall",)}, "mistral", id="family"),
        pytest.param({"licences": ("lama2",)}, "llama2", id="licence"),
        pytest.param({"collections": ("lesson16",)}, "lesson-16", id="collection"),
        pytest.param({"may": ("sell",)}, "redistribute", id="use"),
        pytest.param({"openness": "dat"}, "data", id="openness"),
        pytest.param({"min_scores": (("mmlo", 0.1),)}, "mmlu", id="benchmark"),
        pytest.param({"sort": "download"}, "downloads", id="sort"),
    ],
)
def test_an_unknown_value_is_told_with_the_nearest(
    index: SearchIndex, filters: dict[str, Any], hint: str
) -> None:
    with pytest.raises(BadInput) as told:
        search(index, Query(**filters))
    assert hint in told.value.hint and "\n" not in f"{told.value}"


def test_no_hits_say_which_filter_removed_the_most(index: SearchIndex) -> None:
    found = search(index, Query(text="mistral", openness="data", languages=("en",)))
    assert found.total == 0
    assert found.notes == ("--openness data removed the most: without it there would be 3.",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"', id="quote"),
        pytest.param("mistral AND (x:", id="operators"),
        pytest.param("name:[a TO *] -x +y ~2 ^3 \\", id="syntax"),
        pytest.param("😀🧪", id="emoji"),
        pytest.param("\x00meta", id="a control character"),
        pytest.param("\ud800 mistral", id="half a surrogate pair"),
        pytest.param("a" * 10_000, id="one long word"),
        pytest.param("mistral or 7b " * 800, id="10 kB"),
        pytest.param("日本語 モデル ﷽ ⅷ", id="other scripts"),
        pytest.param("   ", id="spaces"),
        pytest.param("*?[a-z]{9}", id="patterns"),
    ],
)
def test_no_text_is_syntax(index: SearchIndex, text: str) -> None:
    found = search(index, Query(text=text, families=("mistral",)))
    assert found.total <= 3 and all(hit.facts["family"] == "mistral" for hit in found.hits)


def test_many_words_are_cut_and_told(index: SearchIndex) -> None:
    found = search(index, Query(text=" ".join(f"w{n}a" for n in range(60))))
    assert "Only the first 16 words" in found.notes[0]


def test_pages_follow_each_other(index: SearchIndex) -> None:
    whole = names(search(index, Query(text="7b", limit=6)))
    pages = [names(search(index, Query(text="7b", limit=2, offset=at))) for at in (0, 2, 4)]
    assert [name for page in pages for name in page] == whole


def test_what_two_sources_say_is_found_together(tmp_path: Path) -> None:
    said = [
        entry("a/b", licence="mit", tags=("one",)),
        entry("a/b", source="other", family="f", tags=("two",)),
    ]
    index = indexed(tmp_path, [*CARDS, *said])
    assert search(index, Query(text="one two", families=("f",), licences=("mit",))).total == 1


def test_names_that_differ_by_an_accent_are_two_models(tmp_path: Path) -> None:
    index = indexed(tmp_path, [entry("x/cafe"), entry("x/café")])
    assert search(index, Query(text="cafe")).total == 2


def test_hostile_values_are_kept_out_of_the_numbers(tmp_path: Path) -> None:
    strange = entry(
        "x/\ud800strange", parameters=-5, downloads=1 << 70, likes=True, released="soon",
        tags=("t" * 100_000, "", "\x00"), context=3.5, description="d" * 10**6, languages="en",
    )  # fmt: skip
    index = indexed(tmp_path, [strange, entry("x/plain")])
    found = search(index, Query(text="strange"))
    assert found.total == 1 and found.hits[0].number("parameters") is None


def test_counts_of_very_many_are_estimated_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    families = ("one", "one", "one", "two")
    many = [entry(f"x/model-{n}", family=families[n % 4]) for n in range(4000)]
    index = indexed(tmp_path, many)
    exact = search(index, Query(text="model"))
    monkeypatch.setattr("elige.catalog.search.counting.MANY", 1000)
    about = search(index, Query(text="model"))
    assert (exact.total, about.total) == (4000, 4000)
    assert counts(exact.facets, "family") == {"one": 3000, "two": 1000} and not exact.estimated
    assert about.estimated and "one model in 8" in about.notes[0]
    assert abs(counts(about.facets, "family")["one"] - 3000) < 500


@pytest.mark.parametrize("few", [True, False], ids=["one by one", "by digits"])
@pytest.mark.parametrize(
    ("low", "high"),
    [
        pytest.param(1_000_000_000, 8_030_261_248, id="bounds that are there"),
        pytest.param(1_000_000_001, 8_030_261_247, id="bounds beside"),
        pytest.param(8_030_000_000, 8_031_000_000, id="within three digits"),
        pytest.param(None, 8_029_999_999, id="no lower bound"),
        pytest.param(8_040_000_000, None, id="no upper bound"),
        pytest.param(0, 99, id="small numbers"),
        pytest.param(5, 4, id="nothing between"),
    ],
)
def test_bounds_are_exact(tmp_path: Path, low: int | None, high: int | None, few: bool) -> None:
    sizes = [1, 99, 100, 101, 999_999_999, 1_000_000_000, 1_000_000_001, 8_030_261_248]
    sizes += [8_030_999_999, 8_031_000_000, 8_040_000_000, 10**12, (1 << 62) - 1]
    index = indexed(tmp_path, [entry(f"x/m{n}", parameters=n) for n in sizes])
    asked = between("parameters", low, high, few=few)
    inside = [n for n in sizes if (low is None or n >= low) and (high is None or n <= high)]
    assert count_of(asked, index.searcher) == len(inside)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        pytest.param(1_000_000_000, None, id="from a bound"),
        pytest.param(None, 8_030_500_000, id="up to a bound"),
        pytest.param(999_999_999, 8_031_000_000, id="between two"),
        pytest.param(1_000_000_001, 8_030_261_248, id="bounds within digits"),
    ],
)
def test_who_is_barred_is_everybody_else(tmp_path: Path, low: int | None, high: int | None) -> None:
    sizes = [1, 999_999_999, 1_000_000_000, 1_000_000_001, 8_030_261_248, 8_030_999_999]
    sizes += [2_000_000_000 + n for n in range(20)]
    known = [entry(f"x/m{n}", parameters=n) for n in sizes]
    index = indexed(tmp_path, [*known, entry("x/unknown"), entry("x/zero", parameters=0)])
    found = range_of("parameters", low, high, index.searcher, few=False)
    inside = [n for n in sizes if (low is None or n >= low) and (high is None or n <= high)]
    assert found.share > 1 / 2 and found.barred
    query = Query(parameters=(low, high), limit=100)
    assert sorted(hit.number("parameters") or 0 for hit in search(index, query).hits) == sorted(
        inside
    )


def test_the_maker_comes_before_a_copy_of_the_same_name(tmp_path: Path) -> None:
    copied = entry("somebody/bge-m3", downloads=30_000)
    served = more(
        entry("BAAI/bge-m3"), offers=[replace(offer("0.1", "0"), provider=name) for name in "abcde"]
    )
    found = search(indexed(tmp_path, [copied, served]), Query(text="bge m3"))
    assert [hit.model for hit in found.hits] == ["BAAI/bge-m3", "somebody/bge-m3"]


def test_a_name_that_begins_so_comes_before_one_that_ends_so(tmp_path: Path) -> None:
    cards = [
        entry("somebody/tiny-mixtral", downloads=100_000),
        entry("mistralai/Mixtral-8x7B-Instruct-v0.1", downloads=200_000),
        entry("nobody/mixtral"),
    ]
    found = names(search(indexed(tmp_path, cards), Query(text="mixtral")))
    assert found[0] == "Mixtral-8x7B-Instruct-v0.1"


def test_an_author_is_found_by_the_first_part_of_the_name_and_by_what_sources_say(
    tmp_path: Path,
) -> None:
    cards = [entry("mistralai/A-7B", author="Mistral AI"), entry("mistralai/B-7B")]
    there = indexed(tmp_path, cards)
    by = {name: search(there, Query(authors=(name,))) for name in ("mistralai", "Mistral AI")}
    assert {name: found.total for name, found in by.items()} == {"mistralai": 2, "Mistral AI": 1}
    assert dict(by["Mistral AI"].facets["author"]) == {"mistralai": 1}


@pytest.mark.parametrize("said", ["Spanish", "español", "ES"])
def test_a_language_is_named_in_english_or_its_own(tmp_path: Path, said: str) -> None:
    there = indexed(tmp_path, [entry("a/b", languages=("es", "en"))])
    assert search(there, Query(languages=(said,))).total == 1


def test_a_domain_is_named_by_a_word_that_tells(tmp_path: Path) -> None:
    there = indexed(tmp_path, [entry("a/lawyer-7b")])
    assert search(there, Query(domains=("derecho",))).total == 1


def test_a_language_that_nobody_has_names_the_nearest(index: SearchIndex) -> None:
    with pytest.raises(BadInput) as told:
        search(index, Query(languages=("espanish",)))
    assert told.value.hint == "Did you mean spanish?"


def test_own_scores_come_first_and_published_ones_are_still_asked_for(tmp_path: Path) -> None:
    own = RunResult(
        run="r", dated="2026-11-20", candidate="c", ran="m", task="MMLU", data="d", asked="a",
        metric="score", samples=9, planned=9, score=0.4,
    )  # fmt: skip
    cards = [
        more(entry("a/own"), measured=[own]),
        more(entry("b/told"), results=[PublishedScore(benchmark="MMLU", value=0.4)]),
        more(entry("c/half"), measured=[replace(own, is_finished=False)]),
    ]
    there = indexed(tmp_path, cards)
    mine = search(there, Query(min_scores=(("mmlu", 0.3),)))
    assert names(mine) == ["own"]
    assert mine.notes == (
        "mmlu is what your own runs measured (mmlu@own-d:a); published scores are asked for by "
        "mmlu@.",
    )
    assert names(search(there, Query(min_scores=(("mmlu@", 0.3),)))) == ["told"]
    assert search(there, Query(sort="score:mmlu")).scored == "mmlu@own-d:a"


def test_a_price_that_its_host_replaced_is_no_price(tmp_path: Path) -> None:
    old, new = offer("0.1", "0.1"), replace(offer("0.3", "0.3"), dated="2026-11-01")
    there = indexed(tmp_path, [more(entry("a/b"), offers=[replace(old, dated="2026-01-01"), new])])
    (hit,) = search(there, Query(text="a/b")).hits
    assert hit.price == Decimal("0.3")


def test_a_family_is_its_popular_models_before_one_that_is_called_just_so(tmp_path: Path) -> None:
    cards = [
        entry("somebody/llama", downloads=1_600),
        entry("meta-llama/Llama-3.2-1B-Instruct", downloads=7_500_000),
        entry("meta-llama/Llama-3.1-8B-Instruct", downloads=6_100_000),
        *(entry(f"author{n}/other-{n}", downloads=1_000 * n) for n in range(60)),
    ]
    there = indexed(tmp_path, cards)
    assert names(search(there, Query(text="llama"))) == [
        *("Llama-3.2-1B-Instruct", "Llama-3.1-8B-Instruct", "llama")
    ]
    assert names(search(there, Query(text="somebody/llama")))[0] == "llama"


def test_a_name_of_several_words_is_one_model_before_what_popular_ones_add_to_it(
    tmp_path: Path,
) -> None:
    cards = [
        entry("copied/Mixtral-8x7B-Instruct-v0.1-GPTQ", downloads=900_000),
        entry("mistralai/Mixtral-8x7B-Instruct-v0.1", downloads=90_000),
        *(entry(f"author{n}/other-{n}", downloads=1_000 * n) for n in range(60)),
    ]
    found = search(indexed(tmp_path, cards), Query(text="mixtral 8x7b instruct v0.1"))
    assert names(found)[0] == "Mixtral-8x7B-Instruct-v0.1"
