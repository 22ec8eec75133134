"""Models side by side: unknown is never no, and only scores taken alike share a line."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from elige.catalog.listed import Listed
from elige.catalog.openness.together import openness_of
from elige.catalog.side_by_side_json import side_by_side_facts
from elige.catalog.side_by_side_page import side_by_side_page
from elige.catalog.sources import installed
from elige.errors import BadInput, NotFound
from elige.records import (
    Broken,
    Column,
    Entry,
    Offer,
    Place,
    PublishedScore,
    Relation,
    RelationKind,
    Value,
)
from elige.workbench.models_compare import compare_models, write_side_by_side

ONE = PublishedScore(benchmark="gpqa", value=0.5, setting="0-shot", self_reported=True)
OFFER = Offer(provider="p", hosted="a", input=Decimal(1), output=Decimal(5), dated="2026-07-01")
LLAMA: dict[Column, Value] = {
    Column.PARAMETERS: 7_000_000_000, Column.LAYERS: 32, Column.KV_HEADS: 32,
    Column.HEAD_DIM: 128, Column.LICENCE: "apache-2.0", Column.TRAINING_DATA: "closed",
}  # fmt: skip


def catalogue() -> Listed:
    first = Entry(source="s", key="a", model="x/a", values=LLAMA, offers=(OFFER,), results=(ONE,))
    other = replace(ONE, value=60, unit="percent", self_reported=False)
    more = replace(ONE, version="diamond")
    second = Entry(source="s", key="b", model="x/<b>", results=(other, more), names=("bee",))
    return Listed([(first, "2026-07-01"), (second, "2026-07-01")], {})


def test_what_is_compared() -> None:
    facts = side_by_side_facts(compare_models(catalogue(), ["X/A", "bee"], today="2026-07-02"))
    assert facts["models"] == ["x/a", "x/<b>"]
    told = {name: row["x/a"]["value"] for name, row in facts["facts"].items()}
    assert told["KV bytes a token"] == 524_288
    assert told["may commercial"] == "yes"
    assert told["training data"] == "closed"
    assert told["cheapest price"] == Decimal(2)
    assert 4.1e9 < told["memory at 4 bits"] < 4.4e9
    assert {row["x/<b>"]["value"] for row in facts["facts"].values()} == {None}
    json.dumps(facts, default=str)


def test_openness_is_graded_as_it_is_elsewhere() -> None:
    """By the frameworks' files for those known by name, and what the card says beside them."""
    olmo = Entry(
        source="s", key="o", model="allenai/OLMo-7B", values={Column.LICENCE: "apache-2.0"}
    )
    falcon = Entry(
        source="s", key="f", model="tiiuae/falcon-40b", values={Column.FULL_WEIGHTS: "open"}
    )
    world = Listed([(one, "2026-07-01") for one in (olmo, falcon)], {})
    found = compare_models(world, [olmo.model, falcon.model], today="2026-07-02")
    facts = side_by_side_facts(found)["facts"]
    for name in (olmo.model, falcon.model):
        card = world.card(name)
        assert card is not None
        graded = openness_of(card)
        for answer in graded.answers:
            label = (
                "metrics, checkpoints" if "metrics" in answer.question else answer.question.label
            )
            told = facts[label][name]["value"] or "unknown"
            assert told == str(answer.level), label
    assert facts["openness (MOF)"][olmo.model]["kind"] == "published"
    weights = facts["full weights"][falcon.model]
    assert (weights["value"], weights["source"]) == ("open", "s")
    assert "Falcon-40B.yml: partial" in weights["note"]


def test_what_a_framework_answers_is_published_and_what_a_card_does_declared() -> None:
    """Neither card answers the questions itself: one has a file, the other says where it lies."""
    said: dict[Column, Value] = {Column.LICENCE: "mit", Column.WEIGHTS: "open"}
    filed = Entry(source="s", key="o", model="allenai/OLMo-7B", values={})
    lies = Entry(source="s", key="m", model="x/mine", values=said)
    world = Listed([(one, "2026-07-01") for one in (filed, lies)], {})
    facts = side_by_side_facts(
        compare_models(world, [filed.model, lies.model], today="2026-07-02")
    )["facts"]["full weights"]
    told = {model: (cell["value"], cell["kind"]) for model, cell in facts.items()}
    assert told == {filed.model: ("open", "published"), lies.model: ("open", "declared")}


def test_commercial_use_is_that_of_the_lineage() -> None:
    parent = Entry(source="s", key="p", model="x/p", values={Column.LICENCE: "cc-by-nc-4.0"})
    child = Entry(
        source="s", key="c", model="x/c", values={Column.LICENCE: "mit"},
        relations=[Relation(kind=RelationKind.FINETUNE, parent="x/p")],
    )  # fmt: skip
    world = Listed([(one, "2026-07-01") for one in (parent, child)], {})
    facts = side_by_side_facts(compare_models(world, ["x/c", "x/p"], today="2026-07-02"))["facts"]
    assert facts["may commercial"]["x/c"]["value"] == "no"
    assert "made from x/p" in facts["may commercial"]["x/c"]["note"]


def test_only_scores_taken_alike_share_a_line() -> None:
    found = compare_models(catalogue(), ["x/a", "bee"], today="2026-07-02")
    (shared,) = found.scores
    assert shared.key.version == ""
    assert [one.best.value if one else None for one in shared.results] == [0.5, 0.6]


def test_a_compressed_cache_is_not_guessed_from_heads() -> None:
    values: dict[Column, Value] = {**LLAMA, Column.ARCHITECTURE: "deepseek_v3"}
    entries = [Entry(source="s", key=key, model=key, values=values) for key in ("a/v3", "a/r1")]
    found = compare_models(
        Listed([(one, "") for one in entries], {}), ["a/v3", "a/r1"], today="2026-07-02"
    )
    (line,) = [one for one in found.lines if one.name == "KV bytes a token"]
    assert [cell.value for cell in line.cells] == [None, None]


def test_page_is_whole_and_harmless(tmp_path: Path) -> None:
    found = compare_models(catalogue(), ["x/a", "bee"], today="2026-07-02")
    page = side_by_side_page(found, created="2026-07-02")
    assert "x/&lt;b&gt;" in page
    assert "<b>" not in page
    assert "50.0 %*" in page
    assert page.count("<circle") == 2 and 'cx="50.0%"' in page
    write_side_by_side(found, tmp_path / "x.html", today="2026-07-02")
    with pytest.raises(BadInput, match="cannot be written"):
        write_side_by_side(found, tmp_path, today="2026-07-02")


def test_unknown_models_and_a_single_one_are_refused() -> None:
    with pytest.raises(NotFound, match="'nobody'"):
        compare_models(catalogue(), ["x/a", "nobody"], today="2026-07-02")
    with pytest.raises(BadInput, match="wants two"):
        compare_models(catalogue(), ["x/a", "X/A"], today="2026-07-02")


def test_real_models_share_real_scores(shared_data: Path) -> None:
    read = installed()["llm-stats"].read(Place(path=shared_data / "scores" / "llmstats"))
    entries = [(one, "2025-10-16") for one in read if not isinstance(one, Broken)]
    found = compare_models(
        Listed(entries, installed()),
        ["meta-llama/Llama-3.3-70B-Instruct", "Qwen/Qwen2.5-72B-Instruct"],
        today="2026-07-02",
    )
    for shared in found.scores:
        assert all(one is None or one.key == shared.key for one in shared.results)
    assert len(found.lines) == 15
