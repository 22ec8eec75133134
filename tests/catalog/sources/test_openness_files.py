"""MOF and OSAI files as sources of the catalogue."""

from pathlib import Path

import pytest

from elige.catalog.listed import Listed
from elige.catalog.openness import grade_file
from elige.catalog.openness.hub_name import hub_name, linked, made_name
from elige.catalog.openness.model import openness_of_card
from elige.catalog.openness.record import Level, Met
from elige.catalog.sources import installed, source
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place

MOF = """
release:
  name: Tiny-1B
  producer: Org Lab, and friends
  huggingface: https://huggingface.co/org/tiny-1b-base
  license: {distribution: {name: Apache 2.0}}
  components:
    - {name: Model parameters (Final), component_path: https://huggingface.co/org/tiny-1b-base}
    - {name: Datasets, license: unlicensed}
"""
OSAI = """
system:
  name: Tiny
  link: https://huggingface.co/org/tiny-chat
  type: text
  basemodelname: Tiny-1B-Base
  endmodelname: Tiny-Chat
  endmodellicense: Mixed
org: {name: Org Lab}
weights_basemodel: {class: open, link: https://huggingface.co/org/tiny-1b-base}
weights_endmodel: {class: partial, link: "https://huggingface.co/org/tiny-chat"}
datasources_basemodel: {class: closed}
datasources_endmodel: {class: closed}
"""


def read(name: str, path: Path | None) -> list[Entry | Broken]:
    return list(source(name).read(Place(path=path)))


def one(name: str, path: Path, text: str) -> Entry:
    path.write_text(text, "utf-8")
    (found,) = read(name, path)
    assert isinstance(found, Entry), found
    return found


def test_a_mof_file(tmp_path: Path) -> None:
    found = one("mof", tmp_path / "Tiny.yml", MOF)
    assert (found.source, found.key, found.model) == ("mof", "Tiny.yml", "org/tiny-1b-base")
    assert found.values == {
        Column.TRAINING_DATA: "partial",
        Column.FULL_WEIGHTS: "open",
        Column.NAME: "Tiny-1B",
        Column.AUTHOR: "Org Lab, and friends",
        Column.LICENCE: "Apache 2.0",
        Column.MOF_CLASS: 0,
    }
    origin = found.origins[Column.FULL_WEIGHTS].source
    assert origin == "mof: https://huggingface.co/org/tiny-1b-base"


def test_an_osai_file_with_its_base_model(tmp_path: Path) -> None:
    found = one("osai", tmp_path / "tiny.yaml", OSAI)
    assert found.model == "org/tiny-chat"
    assert found.values[Column.FULL_WEIGHTS] == "partial"
    assert found.values[Column.TRAINING_DATA] == "closed"
    assert found.values[Column.OSAI_SCORE] == 0.125
    assert Column.LICENCE not in found.values and Column.EVALUATION_CODE not in found.values
    (base,) = found.relations
    assert (base.parent, base.how) == ("org/tiny-1b-base", FactKind.PUBLISHED)


def test_the_licence_is_declared_and_the_answers_are_published(tmp_path: Path) -> None:
    entry = one("mof", tmp_path / "Tiny.yml", MOF)
    card = Listed([(entry, "2026-11-26")], installed()).card("ORG/tiny-1b-base")
    assert card is not None
    assert card.facts[Column.LICENCE][0].kind is FactKind.DECLARED
    assert card.facts[Column.FULL_WEIGHTS][0].kind is FactKind.PUBLISHED


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", "holds no keys", id="empty"),
        pytest.param("a: [", "broken YAML", id="broken"),
        pytest.param("other: {}", "it has no 'release'", id="another file"),
        pytest.param("release: {components: []}", "has no name", id="no name"),
        pytest.param("release: {name: X}", "lists no components", id="no components"),
        pytest.param("release: {name: X, components: [{name: [1]}]}", "has no name", id="a list"),
        pytest.param("!!python/object:os.system {}", "cannot be read", id="a tag"),
    ],
)
def test_a_broken_file_is_named_and_the_others_are_read(
    tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "a.yml").write_text(MOF, "utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.yml").write_text(text, "utf-8")
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "_parameters.yml").write_text("x: 1", "utf-8")
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    first, bad_bytes, second = read("mof", tmp_path)
    assert isinstance(first, Entry) and isinstance(bad_bytes, Broken)
    assert isinstance(second, Broken) and second.where == "sub/b.yml"
    assert why in second.why and str(tmp_path) not in second.why


@pytest.mark.parametrize("name", ["mof", "osai"])
def test_where_nothing_can_be_read_the_next_step_is_told(tmp_path: Path, name: str) -> None:
    for path in (None, tmp_path / "gone", tmp_path):
        with pytest.raises(BadInput) as told:
            read(name, path)
        assert told.value.hint


@pytest.mark.parametrize(
    ("title", "links", "name"),
    [
        ("Tiny-1B", ["https://huggingface.co/org/tiny-1b"], "org/tiny-1b"),
        ("Tiny-1B", ["org/tiny-1b"], "org/tiny-1b"),
        (
            "Phi-1",
            ["https://hf.co/microsoft/phi-1/blob/main/README.md"],
            "microsoft/phi-1",
        ),
        ("Tiny-7B", ["https://huggingface.co/org/tiny-2b"], ""),
        ("Tiny", ["https://huggingface.co/org/other"], ""),
        ("Tiny", ["https://huggingface.co/collections/org/tiny"], ""),
        ("Tiny", ["https://huggingface.co/datasets/org/tiny"], ""),
        ("Tiny", ["https://evil.example/huggingface.co/org/tiny"], ""),
        ("R1", ["https://huggingface.co/x/R1-0528", "https://huggingface.co/x/R1"], "x/R1"),
        ("Falcon-7B", [], "tiiuae/falcon-7b"),
        ("Gemma-2-2B", ["https://huggingface.co/google/gemma-2-2b-it"], "google/gemma-2-2b"),
        ("", ["https://huggingface.co/org/tiny"], ""),
    ],
)
def test_a_name_on_the_hub(title: str, links: list[str], name: str) -> None:
    assert hub_name(title, links) == name


def test_a_model_on_no_hub_gets_its_makers_name() -> None:
    assert made_name("Org Lab, and friends", "Big Model") == "Org-Lab/Big-Model"
    assert made_name("", "") == "unknown/unnamed"
    assert linked("not a link") == ""


def test_a_card_answers_with_its_sources_and_unknown_stays_unknown(tmp_path: Path) -> None:
    card = Listed([(one("mof", tmp_path / "Tiny.yml", MOF), "2026-11-26")], installed()).card(
        "org/tiny-1b-base"
    )
    assert card is not None
    found = openness_of_card(card)
    levels = [one.level for one in found.answers]
    unknown = Level.UNKNOWN
    assert levels == [Level.PARTIAL, Level.OPEN, unknown, unknown, unknown]
    assert found.answers[1].links == ("https://huggingface.co/org/tiny-1b-base",)
    assert "mof" in found.answers[1].evidence and found.definition is Met.UNKNOWN


@pytest.mark.parametrize(
    ("weights", "licence", "level"),
    [
        ("open", "apache-2.0", Level.OPEN),
        ("open", "llama2", Level.PARTIAL),
        ("gated", "apache-2.0", Level.PARTIAL),
        ("open", "nobody-1.0", Level.PARTIAL),
        ("closed", "proprietary", Level.CLOSED),
        ("", "apache-2.0", Level.UNKNOWN),
    ],
)
def test_weights_that_no_framework_graded(weights: str, licence: str, level: Level) -> None:
    values = {Column.LICENCE: licence} | ({Column.WEIGHTS: weights} if weights else {})
    entry = Entry(source="hub", key="x", model="x/y", values=values)
    card = Listed([(entry, "")], {}).card("x/y")
    assert card is not None
    assert openness_of_card(card).answers[1].level is level


def test_every_file_at_hand_is_read_as_it_is_graded(shared_data: Path) -> None:
    folder = shared_data / "openness"
    for name, below, count in (
        ("mof", "mot/models", 70),
        ("mof", "mot/Test_Data", 14),
        ("osai", "osai", 40),
    ):
        found = read(name, folder / below)
        broken = [one.where for one in found if isinstance(one, Broken)]
        assert len(found) >= count and broken in ([], ["a_submission_template.yaml"])
        for one in found:
            if isinstance(one, Entry):
                graded = grade_file(folder / below / one.key)
                assert one.values.get(Column.MOF_CLASS) == (graded.mof and graded.mof.of_class)
                assert one.values.get(Column.OSAI_SCORE) == (graded.osai and graded.osai.score)


def test_the_models_of_the_files_at_hand(shared_data: Path) -> None:
    found = [
        one
        for name, below in (("mof", "mot/models"), ("osai", "osai"))
        for one in read(name, shared_data / "openness" / below)
        if isinstance(one, Entry)
    ]
    models = {one.key: one.model for one in found}
    assert models["OLMo-7B.yml"] == "allenai/OLMo-7B"
    assert models["Falcon-180B.yml"] == "tiiuae/falcon-180B"
    assert models["CodeGemma-7B.yml"] == "Google/CodeGemma-7B"  # its link leads to the 2B
    assert models["deepseek-R1.yaml"] == "deepseek-ai/DeepSeek-R1"
    assert models["Llama-2-7B.yml"].startswith("meta-llama/Llama-2-7b")
    bases = {one.key: one.relations[0].parent for one in found if one.relations}
    assert bases["Claire.yaml"] == "tiiuae/falcon-7b"
    assert bases["OpenChat.yaml"] == "meta-llama/Meta-Llama-3-8B"
    assert bases["Gemma Japanese.yaml"] == "google/gemma-2-2b"
