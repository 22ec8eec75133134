"""Specs of Azure's model catalogue as a source of the catalogue."""

from pathlib import Path

import pytest

from elige.catalog.sources import source
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, Place

SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/model.schema.json\n"
SPEC = (
    SCHEMA
    + """
name: Org-Tiny-1B
version: 3
path: ./
description: A tiny model.
properties: {SharedComputeCapacityEnabled: true, languages: "EN, fr", datasets: "one, two",
  inference-recommended-sku: "Standard_A, Standard_B"}
tags: {Featured: '', task: text-generation, license: mit, author: Org Lab,
  maxInputTokens: 4096, inputModalities: "text,image", huggingface_model_id: org/tiny-1b}
"""
)


def read(path: Path) -> list[Entry | Broken]:
    return list(source("azure").read(Place(path=path)))


def one(path: Path, text: str) -> Entry | Broken:
    path.write_text(text, "utf-8")
    (found,) = read(path)
    return found


def test_a_spec(tmp_path: Path) -> None:
    found = one(tmp_path / "spec.yaml", SPEC)
    assert isinstance(found, Entry)
    assert (found.model, found.names) == ("org/tiny-1b", ("azure:Org-Tiny-1B",))
    assert found.values == {
        Column.NAME: "Org-Tiny-1B",
        Column.DESCRIPTION: "A tiny model.",
        Column.TASK: "text-generation",
        Column.LICENCE: "mit",
        Column.AUTHOR: "Org Lab",
        Column.DATASETS: ("one", "two"),
        Column.MODALITIES_IN: ("text", "image"),
        Column.CONTEXT: 4096,
        Column.LANGUAGES: ("en", "fr"),
        Column.TAGS: (
            "Featured",
            "SharedComputeCapacityEnabled",
            "inference-recommended-sku:Standard_A",
            "inference-recommended-sku:Standard_B",
        ),
    }


def test_only_a_link_to_a_model_of_that_name_counts(tmp_path: Path) -> None:
    text = "description: see https://huggingface.co/org/base and https://hf.co/org/tiny-1b.\n"
    found = one(tmp_path / "spec.yaml", f"{SCHEMA}name: Tiny-1B\n{text}")
    assert isinstance(found, Entry) and found.model == "org/tiny-1b"


def test_other_assets_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    for name, text in (("a", SPEC), ("b", "$schema: x/environment.schema.json\nname: e\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "spec.yaml").write_text(text, "utf-8")
    (tmp_path / "a" / "asset.yaml").write_text("{", "utf-8")
    assert [one.key for one in read(tmp_path) if isinstance(one, Entry)] == ["a/spec.yaml"]
    assert len(read(tmp_path)) == 1


@pytest.mark.parametrize(
    "text", ["", "\x00\x01", "{", "[1]", SCHEMA, SCHEMA + "name: [a]", "name: x"]
)
def test_what_is_no_model_is_named(tmp_path: Path, text: str) -> None:
    assert isinstance(one(tmp_path / "spec.yaml", text), Broken)


def test_values_of_wrong_types_are_left_out(tmp_path: Path) -> None:
    text = "name: Tiny\ntags: {task: [1], languages: {a: b}, maxInputTokens: many}\nproperties: 3\n"
    found = one(tmp_path / "spec.yaml", SCHEMA + text)
    assert isinstance(found, Entry) and found.values == {Column.NAME: "Tiny"}


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read(tmp_path / "none")
