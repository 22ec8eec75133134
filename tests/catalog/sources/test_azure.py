"""Specs of Azure's model catalogue as a source of the catalogue."""

from pathlib import Path

import pytest

from elige.catalog.sources import source
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, Place, RelationKind

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


NEWER = (
    SCHEMA
    + """
name: Tiny-2-1B-cuda-gpu
path: ./
isArchived: true
properties: {languages: "AR, EN", inference-recommended-sku: "Standard_Old"}
tags: {contextLength: 8192, supportsReasoning: '', supportsToolCalling: 'true', capabilities: '',
  Preview: ''}
system_metadata:
  publisher: Org Lab
  license: MIT
  licenseDescription: The terms are at <https://example.org/tiny/LICENSE>.
  inputModalities: [text, image]
  outputModalities: [text]
  maxOutputTokens: 2048
  summary: A tiny model for small machines.
  featured: true
  sharedComputeCapacityEnabled: true
  SKU: {inferenceRecommendedSkus: [Standard_A]}
  tasks: {inferenceTasks: [chat-completion, embeddings]}
variantInfo:
  parents: [{assetId: azureml://registries/azureml/models/Tiny-2-1B/versions/7}]
  variantMetadata: {modelType: ONNX, quantization: [RTN]}
version: 2
"""
)


def test_a_spec_of_the_newer_shape(tmp_path: Path) -> None:
    found = one(tmp_path / "spec.yaml", NEWER)
    assert isinstance(found, Entry)
    assert found.values == {
        Column.NAME: "Tiny-2-1B-cuda-gpu",
        Column.DESCRIPTION: "A tiny model for small machines.",
        Column.TASK: "text-generation",
        Column.LICENCE: "MIT",
        Column.LICENCE_LINK: "https://example.org/tiny/LICENSE",
        Column.AUTHOR: "Org Lab",
        Column.MODALITIES_IN: ("text", "image"),
        Column.MODALITIES_OUT: ("text",),
        Column.CONTEXT: 8192,
        Column.MAX_OUTPUT: 2048,
        Column.TOOL_CALL: True,
        Column.LANGUAGES: ("ar", "en"),
        Column.TAGS: (
            "Preview",
            "SharedComputeCapacityEnabled",
            "Featured",
            "archived",
            "chat-completion",
            "embeddings",
            "inference-recommended-sku:Standard_A",
        ),
    }


def test_a_variant_names_its_parent_by_the_link_to_it(tmp_path: Path) -> None:
    (tmp_path / "description.md").write_text(
        "Made from [Tiny-2 1B](https://huggingface.co/org/tiny-2-1b) for one machine.\n", "utf-8"
    )
    found = one(tmp_path / "spec.yaml", NEWER)
    assert isinstance(found, Entry)
    (relation,) = found.relations
    assert (relation.kind, relation.parent) == (RelationKind.QUANTIZED, "org/tiny-2-1b")


def test_a_model_is_not_its_own_parent(tmp_path: Path) -> None:
    own = "[{assetId: azureml://registries/azureml/models/Tiny-2-1B/versions/7}]"
    text = f"{SCHEMA}name: Tiny-2-1B\nvariantInfo: {{parents: {own}}}\n"
    found = one(tmp_path / "spec.yaml", text)
    assert isinstance(found, Entry) and found.relations == ()


@pytest.mark.parametrize(
    "parents", ["x", "[x]", "[{assetId: [a]}]", "[{assetId: 'https://x/models/y'}]", "{}"]
)
def test_parents_that_name_no_model_are_left_out(tmp_path: Path, parents: str) -> None:
    text = f"{SCHEMA}name: Tiny\nvariantInfo: {{parents: {parents}}}\n"
    found = one(tmp_path / "spec.yaml", text)
    assert isinstance(found, Entry) and found.relations == ()


DESCRIBED = """# Description

![a picture](x.png)

**Tiny** is a [small model](https://huggingface.co/org/base) of `one` layer,
tuned with max_new_tokens in mind.

## More
See the <a href="https://huggingface.co/org/tiny-1b" target="_blank">card</a>.
"""


@pytest.mark.parametrize(
    ("named", "file"),
    [(None, "description.md"), ("about.md", "about.md"), ("[a]", "description.md")],
)
def test_the_description_stands_in_a_file_beside_the_spec(
    tmp_path: Path, named: str | None, file: str
) -> None:
    if named is not None:
        (tmp_path / "model.yaml").write_text(f"publish: {{description: {named}}}\n", "utf-8")
    (tmp_path / file).write_text(DESCRIBED, "utf-8")
    found = one(tmp_path / "spec.yaml", f"{SCHEMA}name: Tiny-1B\n")
    assert isinstance(found, Entry) and found.model == "org/tiny-1b"
    assert found.values[Column.DESCRIPTION] == (
        "Tiny is a small model of one layer, tuned with max_new_tokens in mind."
    )


@pytest.mark.parametrize("named", ["../secret.md", "/etc/passwd", "..", "none.md"])
def test_no_description_is_read_from_elsewhere(tmp_path: Path, named: str) -> None:
    (tmp_path / "secret.md").write_text("What is told here is not for you to read.\n", "utf-8")
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "model.yaml").write_text(f"publish: {{description: {named}}}\n", "utf-8")
    found = one(tmp_path / "m" / "spec.yaml", f"{SCHEMA}name: Tiny\n")
    assert isinstance(found, Entry) and found.values == {Column.NAME: "Tiny"}


@pytest.mark.parametrize(
    "data", [b"\x00\xff\xfe", b"", b"# Only\n\n|a|b|\n\n```\nfive words of code are none\n```\n"]
)
def test_a_description_without_prose_is_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "description.md").write_bytes(data)
    found = one(tmp_path / "spec.yaml", f"{SCHEMA}name: Tiny\n")
    assert isinstance(found, Entry) and Column.DESCRIPTION not in found.values
