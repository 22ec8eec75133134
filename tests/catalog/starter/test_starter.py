"""The models that ship with elige: every fact has its source, its day and the right type."""

import re
import runpy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from elige.catalog.licence import identify
from elige.catalog.sources.hub_tags import LANGUAGES
from elige.catalog.starter.source import Starter, entry_of, models, read_models
from elige.records import Column, Entry, Place

ROOT = Path(__file__).parents[3]
ENTRIES = [one for one in Starter().read(Place()) if isinstance(one, Entry)]
BY_NAME = {one.model: one for one in ENTRIES}
ANSWERS = (
    *(Column.TRAINING_DATA, Column.FULL_WEIGHTS, Column.EVALUATION_CODE),
    *(Column.FINE_TUNING_CODE, Column.METRICS_AND_CHECKPOINTS),
)
LISTS = {Column.TAGS, Column.LANGUAGES, Column.DATASETS, Column.FORMATS, Column.COLLECTIONS}
LISTS |= {Column.MODALITIES_IN, Column.MODALITIES_OUT}
NUMBERS = {Column.PARAMETERS, Column.ACTIVE_PARAMETERS, Column.CONTEXT, Column.VOCABULARY}
NUMBERS |= {Column.LAYERS, Column.HIDDEN, Column.HEADS, Column.KV_HEADS, Column.HEAD_DIM}
# What is stated and means nothing that is known: kept as stated.
UNIDENTIFIED = 12


def test_there_are_well_over_a_hundred_models_of_many_makers() -> None:
    assert len(ENTRIES) == len({one.model.casefold() for one in ENTRIES}) >= 200
    assert len({one.model.partition("/")[0] for one in ENTRIES}) >= 25


def test_every_fact_has_a_source_and_a_day() -> None:
    for one in ENTRIES:
        assert one.values, one.model
        for column in one.values:
            origin = one.origins[column]
            assert origin.source.startswith(("https://", "docs/")), (one.model, column)
            assert date.fromisoformat(origin.checked) >= date(2026, 11, 1), (one.model, column)
            assert origin.kind is not None


def test_every_parent_states_its_licence() -> None:
    """A child inherits its parents' terms: a parent without any would make the child's unknown."""
    parents = {parent.model for one in models() for parent in one.parents}
    assert parents
    for name in sorted(parents):
        assert identify(str(BY_NAME[name].values.get(Column.LICENCE))).is_known, name


def test_every_price_and_parent_has_a_source() -> None:
    for one in models():
        for price in one.prices:
            assert price.source.startswith("https://")
            assert price.input >= 0 < price.output
        for parent in one.parents:
            assert parent.source.startswith("https://")
            assert parent.model in BY_NAME, f"{parent.model} is outside the set"


def test_values_have_the_types_of_their_columns() -> None:
    for one in ENTRIES:
        for column, value in one.values.items():
            if column in LISTS:
                assert isinstance(value, tuple), (one.model, column)
            elif column in NUMBERS:
                assert isinstance(value, int), (one.model, column)
                assert value > 0, (one.model, column)
            else:
                assert isinstance(value, str | int | float | bool), (one.model, column)


def test_licences_are_identified_or_unknown_by_intention() -> None:
    stated = {str(one.values[Column.LICENCE]) for one in ENTRIES if Column.LICENCE in one.values}
    unknown = {text for text in stated if not identify(text).is_known}
    assert len(unknown) <= UNIDENTIFIED, unknown


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        ("elyza/ELYZA-japanese-Llama-2-7b", Column.VOCABULARY, 32_000),
        ("elyza/ELYZA-japanese-Llama-2-7b-fast", Column.VOCABULARY, 45_043),
        ("tiiuae/falcon-7b-instruct", Column.KV_HEADS, 1),
        ("tiiuae/falcon-40b-instruct", Column.KV_HEADS, 8),
        ("meta-llama/Llama-2-7b-hf", Column.KV_HEADS, 32),
        ("mistralai/Mixtral-8x7B-v0.1", Column.LAYERS, 32),
    ],
)
def test_what_is_told_of_famous_models_is_right(model: str, column: Column, value: int) -> None:
    assert BY_NAME[model].values[column] == value


def test_the_five_answers_of_the_lesson_are_those_checked_by_hand() -> None:
    path = Path(__file__).parent / "lesson_answers.yaml"
    checked = {one["model"]: one for one in yaml.safe_load(path.read_text("utf-8"))}
    lesson = {one for one in BY_NAME if "lesson-16" in listed(BY_NAME[one])}
    assert lesson == set(checked)
    for model, row in checked.items():
        entry = BY_NAME[model]
        assert [entry.values.get(column, "unknown") for column in ANSWERS] == row["answers"], model
        links = {entry.origins[column].source for column in ANSWERS if column in entry.values}
        assert links == set(row["links"]), model


def test_the_facts_looked_at_twice_are_those_that_ship() -> None:
    page = (ROOT / "docs" / "starter.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    facts = [(model, Column(column), value) for model, column, value, *_ in rows[1:]]
    assert len(set(facts)) == 20
    for model, column, value in facts:
        found = BY_NAME[model].values[column]
        assert (found[0] if isinstance(found, tuple) else str(found)) == value, (model, column)


def test_open_models_go_by_names_of_the_hub() -> None:
    for one in ENTRIES:
        if one.values.get(Column.WEIGHTS) == "open":
            assert ":" not in one.model, one.model
    assert not {"Qwen/qwen3-vl-thinking", "MiniMaxAI/minimax-m2.1-lightning"} & set(BY_NAME)


def test_what_was_read_by_hand_counts_before_what_was_restated() -> None:
    """A preset says 2,048; the maker's card and the configuration of today 4,096."""
    assert BY_NAME["meta-llama/Llama-2-7b-hf"].values[Column.CONTEXT] == 4096
    assert BY_NAME["tiiuae/falcon-40b"].values[Column.FULL_WEIGHTS] == "open"


SAID = """
- model: a/b
  said:
  - {source: 'https://1.org', checked: 2026-11-26, kind: estimated, values: {layers: 1, heads: 1}}
  - {source: 'https://2.org', checked: 2026-11-26, kind: declared, values: {layers: 2, context: 2}}
  - {source: 'https://three.org', checked: 2026-11-26, kind: published, values: {layers: 3}}
  - {source: 'https://four.org', checked: 2026-11-26, kind: published, values: {layers: 4}}
"""
BY_HAND = """
- model: A/B
  said:
  - {source: 'https://hand.org', checked: 2026-11-26, kind: declared, values: {context: 5}}
"""


def test_within_a_file_what_is_known_best_counts_then_what_stands_first() -> None:
    (one,) = map(entry_of, read_models([SAID]))
    assert one.values == {Column.LAYERS: 3, Column.HEADS: 1, Column.CONTEXT: 2}
    assert one.origins[Column.LAYERS].source == "https://three.org"


def test_what_a_later_file_says_counts_before_what_is_known_better() -> None:
    (one,) = map(entry_of, read_models([SAID.replace("declared", "measured"), BY_HAND]))
    assert (one.values[Column.CONTEXT], one.values[Column.LAYERS]) == (5, 2)


def listed(entry: Entry) -> tuple[str, ...]:
    found = entry.values.get(Column.COLLECTIONS, ())
    return found if isinstance(found, tuple) else ()


def told(column: Column) -> dict[str, object]:
    return {one.model: one.values[column] for one in ENTRIES if column in one.values}


def test_no_model_is_older_than_the_field_or_of_a_day_to_come() -> None:
    for column in (Column.RELEASED, Column.UPDATED, Column.KNOWLEDGE_CUTOFF):
        for model, day in told(column).items():
            assert "2018" <= str(day) <= "2026-11-26", (model, column)


def test_no_model_knows_of_a_time_after_its_release() -> None:
    released, updated = told(Column.RELEASED), told(Column.UPDATED)
    for model, day in told(Column.KNOWLEDGE_CUTOFF).items():
        last = str(updated.get(model, released.get(model, "9999")))
        assert str(day)[: len(last)] <= last[: len(str(day))], model


# What the names of these count is no size: one expert and the shared part, or no embeddings.
NAMED_OTHERWISE = {
    "allenai/OLMo-2-0425-1B",
    "meta-llama/Llama-4-Maverick-17B-128E-Instruct",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct",
    "Qwen/Qwen3-0.6B",
    "Qwen/Qwen3Guard-Gen-0.6B",
}


def test_sizes_are_near_what_the_names_say() -> None:
    for model, size in told(Column.PARAMETERS).items():
        named = re.search(r"(?<![A-Za-z0-9.])(\d+(?:\.\d+)?)([BM])(?![a-z])", model, re.IGNORECASE)
        if named is None or model in NAMED_OTHERWISE:
            continue
        said = float(named[1]) * (1e9 if named[2] in "Bb" else 1e6)
        assert 0.8 * said < float(str(size)) < 1.25 * said, (model, size)


def test_no_more_parameters_work_than_there_are_and_few_more_than_the_name_says() -> None:
    sizes = told(Column.PARAMETERS)
    for model, active in told(Column.ACTIVE_PARAMETERS).items():
        assert int(str(active)) <= int(str(sizes.get(model, active))), model
        if named := re.search(r"-A(\d+(?:\.\d+)?)B", model):
            assert int(str(active)) < 1.4 * float(named[1]) * 1e9, (model, active)


def test_languages_are_codes_of_languages() -> None:
    for model, codes in told(Column.LANGUAGES).items():
        assert isinstance(codes, tuple)
        assert all(code in LANGUAGES or len(code) == 3 for code in codes), (model, codes)


def test_heads_of_keys_divide_the_heads() -> None:
    heads = told(Column.HEADS)
    for model, kv_heads in told(Column.KV_HEADS).items():
        assert int(str(heads[model])) % int(str(kv_heads)) == 0, model


def test_a_price_is_one_of_a_million_tokens() -> None:
    for one in models():
        for price in one.prices:
            assert Decimal("0.01") <= price.input <= price.output <= 200, one.model


def test_what_is_restated_is_what_its_sources_say(shared_data: Path) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "make_starter.py"))
    assert script["made"](shared_data) == script["OUT"].read_text("utf-8")
