"""Records of hubs: their dumps, their API, llmfit's list and bare configurations."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hub_server import Hub, serving
from hypothesis import given, settings
from hypothesis import strategies as st

from elige.catalog.sources import source
from elige.catalog.sources.hub_record import entry_of
from elige.catalog.sources.reading import day, hub_name, text, whole
from elige.errors import BadInput, EligeError
from elige.records import Broken, Column, Entry, FactKind, Place, RelationKind

ROW: dict[str, object] = {
    "id": "org/Model-7B",
    "author": "org",
    "createdAt": datetime(2025, 3, 1, 23, tzinfo=UTC),
    "lastModified": "2025-04-02T10:00:00.000Z",
    "gated": "manual",
    "downloads": 12,
    "likes": 3,
    "library_name": "transformers",
    "pipeline_tag": "text-generation",
    "tags": [
        *("transformers", "safetensors", "es", "medical", "license:mit", "dataset:org/notes"),
        *("base_model:org/Base", "base_model:finetune:org/Base", "arxiv:2401.00001", "region:us"),
    ],
    "config": '{"model_type": "llama"}',
    "cardData": '{"license": "mit"}',
    "baseModels": {"relation": "finetune", "models": [{"id": "org/Base"}]},
    "safetensors": {"parameters": {"BF16": 7}, "total": 7_000_000_000},
    "gguf": None,
}


def entries(found: Iterator[Entry | Broken]) -> list[Entry]:
    return [one for one in found if isinstance(one, Entry)]


def test_a_hub_record_becomes_an_entry() -> None:
    entry = entry_of(ROW, "hub")
    values = entry.values
    assert entry.model == "org/Model-7B"
    assert values[Column.RELEASED] == "2025-03-01"
    assert values[Column.UPDATED] == "2025-04-02"
    assert values[Column.WEIGHTS] == "gated"
    assert values[Column.LANGUAGES] == ("es",)
    assert values[Column.LICENCE] == "mit"
    assert values[Column.DATASETS] == ("org/notes",)
    assert values[Column.PARAMETERS] == 7_000_000_000
    assert values[Column.ARCHITECTURE] == "llama"
    assert values[Column.TAGS] == ("transformers", "safetensors", "medical")
    assert values[Column.PAPER] == "https://arxiv.org/abs/2401.00001"


def test_a_parent_is_named_once_however_often_it_is_said() -> None:
    relations = entry_of(ROW, "hub").relations
    assert [(one.kind, one.parent) for one in relations] == [(RelationKind.FINETUNE, "org/Base")]


def test_a_parent_without_a_kind_is_kept_as_derived() -> None:
    record = {"id": "a/b", "card_data": "base_model: c/d\nlicense: mit"}
    (relation,) = entry_of(record, "hub").relations
    assert (relation.kind, relation.parent) == (RelationKind.UNSAID, "c/d")


def test_a_licence_called_other_gives_its_name() -> None:
    record = {"id": "a/b", "tags": ["license:other"], "cardData": {"license_name": "falcon-llm"}}
    assert entry_of(record, "hub").values[Column.LICENCE] == "falcon-llm"


@pytest.mark.parametrize(
    ("tags", "card", "licence"),
    [
        pytest.param(["mit", "cc-by-nc-4.0"], {}, "mit and cc-by-nc-4.0", id="two tags"),
        pytest.param([], {"license": ["mit", "llama2"]}, "mit and llama2", id="two in the card"),
        pytest.param(
            ["mit", "other"], {"license_name": "falcon-llm"}, "mit and falcon-llm", id="one named"
        ),
        pytest.param(["mit", "other"], {}, "mit and other", id="one without a name"),
        pytest.param([""], {"license_name": "x-1"}, "x-1", id="an empty tag"),
    ],
)
def test_of_several_licences_all_hold(
    tags: list[str], card: dict[str, object], licence: str
) -> None:
    record = {"id": "a/b", "tags": [f"license:{tag}" for tag in tags], "cardData": card}
    assert entry_of(record, "hub").values[Column.LICENCE] == licence


@pytest.mark.parametrize(
    ("said", "parent"),
    [
        pytest.param("https://huggingface.co/org/Base", "org/Base", id="an address"),
        pytest.param("https://hf.co/org/Base/tree/main?x=1", "org/Base", id="a page of it"),
        pytest.param("huggingface.co/org/Base/", "org/Base", id="without a scheme"),
        pytest.param("/home/me/llama-2", "/home/me/llama-2", id="a path"),
        pytest.param("./merges/step_3", "./merges/step_3", id="a path from here"),
        pytest.param("https://example.org/model", "https://example.org/model", id="elsewhere"),
    ],
)
def test_a_parent_that_is_no_name_is_still_a_parent(said: str, parent: str) -> None:
    record = {"id": "a/b", "cardData": {"base_model": said}}
    assert [one.parent for one in entry_of(record, "hub").relations] == [parent]


def test_nothing_said_is_left_out_and_zero_is_kept() -> None:
    values = entry_of({"id": "a/b", "downloads": 0, "pipeline_tag": None}, "hub").values
    assert values[Column.DOWNLOADS] == 0
    assert Column.TASK not in values
    assert Column.WEIGHTS not in values


@pytest.mark.parametrize("name", [None, 3, "", "a/b/c", "x" * 500, "a\nb"])
def test_a_record_without_a_name_is_refused(name: object) -> None:
    with pytest.raises(ValueError, match="names no model"):
        entry_of({"id": name}, "hub")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(ROW)), JUNK))
def test_odd_values_are_left_out_and_never_fatal(odd: dict[str, object]) -> None:
    entry = entry_of({**ROW, **odd, "id": "org/Model-7B"}, "hub")
    for column, value in entry.values.items():
        assert value not in (None, "", ()), column


@pytest.mark.parametrize(
    ("value", "found"),
    [("7", 7), (7.0, 7), ("1e3", 1000), (True, None), (-1, None), (float("nan"), None)],
)
def test_whole_numbers_are_read_and_nothing_is_guessed(value: object, found: int | None) -> None:
    assert whole(value) == found
    assert whole("7.5") is whole(10**40) is whole("many") is None


def test_texts_are_one_clean_line() -> None:
    assert text(" a\x00b\n c ") == "a b c"
    assert text("None") == text(None) == text(4) == ""
    assert day("2025-02-30") == day(None) == ""
    assert hub_name(" org/name ") == "org/name"


def parquet(path: Path, rows: list[dict[str, object]]) -> Path:
    import pyarrow
    from pyarrow import parquet as files

    files.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


def test_hub_stats_is_read_row_by_row_and_a_bad_row_is_named(tmp_path: Path) -> None:
    path = parquet(tmp_path / "models.parquet", [ROW, {**ROW, "id": None}, {**ROW, "id": "x/y"}])
    first, broken, last = source("hub-stats").read(Place(path=path))
    assert isinstance(first, Entry)
    assert first.values == entry_of(ROW, "hub").values
    assert isinstance(broken, Broken)
    assert broken.where == "models.parquet, row 2"
    assert isinstance(last, Entry)
    assert last.model == "x/y"


def test_a_moment_that_no_calendar_has_costs_no_row(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet as files

    moments = pyarrow.array([2**62, 0], pyarrow.timestamp("ms"))
    table = pyarrow.table({"id": ["a/b", "c/d"], "createdAt": moments})
    files.write_table(table, tmp_path / "m.parquet", version="2.6")
    found = entries(source("hub-stats").read(Place(path=tmp_path / "m.parquet")))
    assert [one.model for one in found] == ["a/b", "c/d"]
    assert found[1].values[Column.RELEASED] == "1970-01-01"


def test_a_file_that_is_no_hub_stats_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(BadInput, match="cannot be read as Parquet"):
        list(source("hub-stats").read(Place(path=tmp_path / "m.parquet")))
    path = parquet(tmp_path / "n.parquet", [{"name": "x"}])
    with pytest.raises(BadInput, match="no column id"):
        list(source("hub-stats").read(Place(path=path)))
    with pytest.raises(BadInput, match="cannot be read"):
        list(source("hub-stats").read(Place(path=tmp_path / "none.parquet")))


LISTED: list[dict[str, object]] = [
    {"id": f"org/m{n}", "downloads": n, "lastModified": f"2025-01-0{n}T00:00:00.000Z"}
    for n in range(1, 6)
] + [{"id": "else/x", "downloads": 9, "lastModified": "2024-01-01T00:00:00.000Z"}]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    from huggingface_hub import constants

    # The scrubbed environment switches the library's network off when it is imported.
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with serving() as found:
        found.listed = LISTED
        yield found


def test_the_hub_is_asked_page_by_page_the_most_downloaded_first(hub: Hub) -> None:
    found = entries(source("hub").read(Place(address=hub.url)))
    assert [one.model for one in found] == ["else/x", *(f"org/m{n}" for n in (5, 4, 3, 2, 1))]
    assert len(hub.asked) == 3


def test_the_hub_is_asked_only_for_what_changed_since(hub: Hub) -> None:
    place = Place(address=hub.url, since="2025-01-04")
    found = entries(source("hub").read(place))
    assert [one.model for one in found] == ["org/m5", "org/m4"]
    assert len(hub.asked) == 2


def test_one_organisation_can_be_asked_for(hub: Hub) -> None:
    found = entries(source("hub").read(Place(address=f"{hub.url}/else")))
    assert [one.model for one in found] == ["else/x"]


def test_a_hub_that_is_not_there_is_told_in_one_line() -> None:
    with serving() as gone:
        address = gone.url
    with pytest.raises(EligeError, match=r"http://127.0.0.1:\d+ cannot be reached"):
        list(source("hub").read(Place(address=address)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one.json", json.dumps({"id": "a/b"})),
        ("many.json", json.dumps([{"id": "a/b"}])),
        ("many.jsonl", '{"id": "a/b"}\n\n'),
        ("separators.jsonl", '{"id": "a/b", "author": "x\u2028y\u0085z"}\n'),
        ("marked.json", '\ufeff{"id": "a/b"}'),
        ("tree.csv", 'model_id,metadata\na/b,"{""id"": ""a/b""}"\n'),
    ],
)
def test_hub_records_are_read_from_files(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    (entry,) = source("hub").read(Place(path=tmp_path / name))
    assert isinstance(entry, Entry)
    assert entry.model == "a/b"


@pytest.mark.parametrize("address", ["hub.local:8080", "https://", "https://hub/a/b", "ftp://x"])
def test_an_address_that_is_no_hub_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match="is no hub"):
        list(source("hub").read(Place(address=address)))


@pytest.mark.parametrize(
    "content",
    [b"", b"\x1f\x8b\x08\x00junkjunkjunk", b"\xff\xfe\x00", b"3", b"hello", b"name,x\n1,2\n"],
)
@pytest.mark.parametrize("name", ["x.json", "x.csv"])
def test_a_file_without_records_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput):
        list(source("hub").read(Place(path=tmp_path / name)))


def test_llmfit_counts_as_an_estimate_and_bad_records_are_named(tmp_path: Path) -> None:
    one = {"name": "a/b", "parameters_raw": 5, "license": "mit", "hf_downloads": 0}
    rows = [one | {"languages": ["tf", "en", "fon", "on-device"]}, 7, {}]
    path = tmp_path / "models.json.gz"
    path.write_bytes(gzip.compress(json.dumps(rows).encode()))
    llmfit = source("llmfit")
    first, *broken = llmfit.read(Place(path=path))
    assert isinstance(first, Entry)
    assert first.values[Column.PARAMETERS] == 5
    assert Column.DOWNLOADS not in first.values
    assert first.values[Column.LANGUAGES] == ("en", "fon")
    assert llmfit.kind is FactKind.ESTIMATED
    assert llmfit.kinds[Column.LICENCE] is FactKind.DECLARED
    assert [type(one) for one in broken] == [Broken, Broken]


def test_bare_configurations_are_read_and_broken_ones_named(tmp_path: Path) -> None:
    config = {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 99}
    config |= {"num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 128}
    (tmp_path / "org--tiny_config.json").write_text(json.dumps(config))
    (tmp_path / "org" / "other").mkdir(parents=True)
    (tmp_path / "org" / "other" / "config.json").write_text(json.dumps(config))
    (tmp_path / "z.json").write_text("[")
    found = list(source("configs").read(Place(path=tmp_path)))
    names = {one.model: one.values for one in found if isinstance(one, Entry)}
    assert set(names) == {"org/tiny", "org/other"}
    assert names["org/tiny"][Column.KV_HEADS] == 2
    assert names["org/tiny"][Column.LAYERS] == 2
    assert [one.where for one in found if isinstance(one, Broken)] == [str(tmp_path / "z.json")]


def test_every_record_at_hand_is_read(shared_data: Path) -> None:
    places = {
        "llmfit": (shared_data / "catalog/llmfit/hf_models_16849.json.gz", 16_849),
        "hub": (shared_data / "catalog/mistral_small_24b_finetunes_tree.csv", 67),
        "configs": (shared_data / "configs", 81),
    }
    for name, (path, count) in places.items():
        found = list(source(name).read(Place(path=path)))
        assert len(found) == count, name
        assert not [one for one in found if isinstance(one, Broken)], name


@pytest.mark.parametrize(
    ("record", "formats"),
    [
        ({"tags": ["gguf"], "siblings": ["a.safetensors"]}, ("gguf",)),
        ({"siblings": [{"rfilename": "x/model-Q4.GGUF"}, {"rfilename": "README.md"}]}, ("gguf",)),
        ({"siblings": ["model.safetensors", "onnx/model.onnx"]}, ("safetensors", "onnx")),
        ({"siblings": '["pytorch_model-00001-of-00002.bin"]'}, ("pytorch",)),
        ({"siblings": ["training_args.bin", "optimizer.pt", "rng_state_0.pth", "a.md"]}, None),
        ({"siblings": ["consolidated.00.pth", "adapter_model.bin"]}, ("pytorch",)),
        ({"siblings": ["openvino_model.xml", 3, None, {"rfilename": 7}]}, ("openvino",)),
        ({"safetensors": {"total": 7}}, ("safetensors",)),
        ({"gguf": '{"total": 7}', "siblings": None}, ("gguf",)),
        ({"safetensors": {"total": None}, "siblings": {}}, None),
    ],
    ids=range(10),
)
def test_formats_come_of_the_files_where_the_tags_name_none(
    record: dict[str, object], formats: tuple[str, ...] | None
) -> None:
    assert entry_of({"id": "a/b", **record}, "hub").values.get(Column.FORMATS) == formats


def test_hub_stats_looks_at_the_files_where_the_tags_name_no_format(tmp_path: Path) -> None:
    files = [{"rfilename": "model.gguf"}]
    rows: list[dict[str, object]] = [{"id": "a/b", "tags": ["mlx"], "siblings": files}]
    rows += [{"id": "c/d", "tags": ["en"], "siblings": files}, {"id": "e/f"}]
    found = entries(source("hub-stats").read(Place(path=parquet(tmp_path / "m.parquet", rows))))
    assert [one.values.get(Column.FORMATS) for one in found] == [("mlx",), ("gguf",), None]


def test_llmfits_filler_is_no_context(tmp_path: Path) -> None:
    said = [("a/filled", 4096, None), ("a/seen", 4096, 32), ("a/told", 8192, None)]
    records = [
        {"name": name, "context_length": context, "num_hidden_layers": layers}
        for name, context, layers in said
    ]
    (tmp_path / "models.json").write_text(json.dumps(records))
    found = entries(source("llmfit").read(Place(path=tmp_path / "models.json")))
    contexts = {one.model: one.values.get(Column.CONTEXT) for one in found}
    assert contexts == {"a/filled": None, "a/seen": 4096, "a/told": 8192}
