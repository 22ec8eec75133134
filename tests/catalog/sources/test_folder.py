"""Models on this machine as a source: folders, GGUFs, the hub's cache, Ollama, LM Studio."""

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from elige.catalog.sources import source
from elige.catalog.sources.caches import path_name
from elige.config import local_model_places
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, FactKind, Place

CONFIG = {"model_type": "llama", "hidden_size": 8, "num_hidden_layers": 1, "vocab_size": 32}
CONFIG |= {"num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 16}


def model_folder(folder: Path, card: str = "---\nlicense: mit\n---\n") -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "README.md").write_text(card)
    tensor = {"dtype": "F32", "shape": [32, 8], "data_offsets": [0, 1024]}
    header = json.dumps({"model.embed_tokens.weight": tensor}).encode()
    content = struct.pack("<Q", len(header)) + header + bytes(1024)
    (folder / "model.safetensors").write_bytes(content)
    return folder


def gguf(path: Path) -> Path:
    from gguf import GGUFWriter

    path.parent.mkdir(parents=True, exist_ok=True)
    writer = GGUFWriter(str(path), "llama")
    for key, value in {"block_count": 1, "embedding_length": 8, "context_length": 64}.items():
        writer.add_uint32(f"llama.{key}", value)
    writer.add_uint32("llama.attention.head_count", 2)
    writer.add_token_list([f"t{at}" for at in range(32)])
    writer.add_tensor("token_embd.weight", np.zeros((32, 8), dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def blob(store: Path, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    (store / "blobs").mkdir(parents=True, exist_ok=True)
    (store / "blobs" / f"sha256-{digest}").write_bytes(content)
    return f"sha256:{digest}"


def ollama(store: Path, weights: bytes) -> Path:
    kind = "application/vnd.ollama.image."
    config = {"model_family": "llama", "model_type": "256", "file_type": "F32"}
    layers = [{"mediaType": f"{kind}model", "digest": blob(store, weights)}]
    layers += [{"mediaType": f"{kind}license", "digest": blob(store, b"MIT")}]
    manifest = {"config": {"digest": blob(store, json.dumps(config).encode())}, "layers": layers}
    path = store / "manifests" / "registry.ollama.ai" / "library" / "tiny" / "1b"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(manifest))
    return path


def read(path: Path) -> list[Entry | Broken]:
    return list(source("folder").read(Place(path=path)))


def only(path: Path) -> Entry:
    (found,) = read(path)
    assert isinstance(found, Entry), found
    return found


def test_a_folder_tells_its_path_size_parameters_and_licence(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "tiny")
    found = only(folder)
    assert found.model == path_name(folder)
    assert found.values[Column.PATH] == str(folder)
    assert found.values[Column.SIZE_BYTES] == sum(one.stat().st_size for one in folder.iterdir())
    assert found.values[Column.PARAMETERS] == 256
    assert found.origins[Column.PARAMETERS].kind is FactKind.MEASURED
    assert found.values[Column.LICENCE] == "mit"
    assert found.values[Column.FORMATS] == ("safetensors",)
    assert found.values[Column.ARCHITECTURE] == "llama"


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{below}, *{below}]\n"
    for name, below in zip("bcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxy", strict=True)
)


@pytest.mark.parametrize(
    ("front", "licence"),
    [
        pytest.param("license: {a: b}", None, id="keys"),
        pytest.param("license: {}\nlicense_name: {a: b}", None, id="keys twice"),
        pytest.param("license: other\nlicense_name: [x]", "other", id="a list as name"),
        pytest.param("license: yes", None, id="no word"),
        pytest.param("license: [mit, {a: b}, 3]", "mit", id="a list with more than words"),
        pytest.param(f"{LAUGHS}license: [mit, *z]", "mit", id="aliases that unfold without end"),
    ],
)
def test_a_card_whose_licence_is_no_word_costs_nothing_else(
    tmp_path: Path, front: str, licence: str | None
) -> None:
    model_folder(tmp_path / "odd", f"---\n{front}\n---\n")
    (found,) = source("folder").read(Place(path=tmp_path))
    assert isinstance(found, Entry)
    assert found.values.get(Column.LICENCE) == licence
    assert found.values[Column.PARAMETERS] == 256


def test_a_configuration_alone_measures_no_parameters(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "tiny")
    (folder / "model.safetensors").unlink()
    found = only(folder)
    assert not found.origins
    assert Column.FORMATS not in found.values


def test_a_broken_model_leaves_the_others_readable(tmp_path: Path) -> None:
    model_folder(tmp_path / "good")
    (model_folder(tmp_path / "bad") / "config.json").write_text("{")
    (model_folder(tmp_path / "cut") / "model.safetensors").write_bytes(bytes(64))
    (tmp_path / "empty.gguf").write_bytes(b"")
    found = read(tmp_path)
    assert [type(one) for one in found].count(Broken) == 3
    assert [one.model for one in found if isinstance(one, Entry)] == [path_name(tmp_path / "good")]


def test_a_link_that_leads_outside_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(CONFIG))
    folder = model_folder(tmp_path / "models" / "tiny")
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to(secret)
    (found,) = read(folder)
    assert isinstance(found, Broken)
    assert "outside" in found.why


def test_the_cache_is_read_at_the_revision_of_main(tmp_path: Path) -> None:
    cache = tmp_path / "models--org--tiny-1b"
    for revision in ("aaa", "bbb"):
        model_folder(cache / "snapshots" / revision)
    weights = cache / "snapshots" / "bbb" / "model.safetensors"
    (cache / "blobs").mkdir()
    weights.rename(cache / "blobs" / "w")
    weights.symlink_to("../../blobs/w")
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text("bbb")
    found = only(tmp_path)
    assert found.model == "org/tiny-1b"
    assert found.values[Column.PATH] == str(weights.parent)
    assert found.values[Column.PARAMETERS] == 256
    (cache / "refs" / "main").write_text("../../..")
    assert isinstance(read(tmp_path)[0], Broken)


def test_an_ollama_store_names_its_models(tmp_path: Path) -> None:
    manifest = ollama(tmp_path / "models", gguf(tmp_path / "w").read_bytes())
    found = only(tmp_path / "models")
    assert (found.model, found.names) == ("local/tiny-1b", ("tiny:1b",))
    assert found.values[Column.FAMILY] == "llama"
    assert found.values[Column.TAGS] == ("256", "F32")
    assert found.values[Column.LICENCE] == "mit"
    assert found.values[Column.PARAMETERS] == 256
    for text in ("", "[]", '{"layers": 3}', manifest.read_text().replace("sha256:", "../")):
        manifest.write_text(text)
        assert isinstance(read(tmp_path / "models")[0], Broken)


def test_lm_studio_keeps_publisher_and_repository(tmp_path: Path) -> None:
    path = gguf(tmp_path / "org" / "tiny-gguf" / "tiny-f32.gguf")
    found = only(tmp_path)
    assert (found.model, found.values[Column.PATH]) == ("org/tiny-gguf", str(path))
    assert only(path).model == path_name(path)


def test_where_no_model_is_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no model"):
        read(tmp_path)
    with pytest.raises(BadInput, match="neither a folder"):
        read(tmp_path / "absent")


def test_the_usual_places_follow_the_environment() -> None:
    found = local_model_places({"HOME": "/h", "HF_HOME": "/f", "OLLAMA_MODELS": "/o"})
    assert [str(one) for one in found[:3]] == ["/f/hub", "/o", "/h/.lmstudio/models"]
    assert str(local_model_places({"HOME": "/h", "HF_HUB_CACHE": "/c"})[0]) == "/c"


def test_numbers_that_no_model_has_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "huge"
    folder.mkdir()
    sizes = {"hidden_size": 10**11, "vocab_size": 10**11, "num_key_value_heads": 2}
    (folder / "config.json").write_text(json.dumps(CONFIG | sizes))
    (entry,) = source("folder").read(Place(path=folder))
    assert isinstance(entry, Entry)
    too_large = {Column.PARAMETERS, Column.ACTIVE_PARAMETERS, Column.HIDDEN, Column.VOCABULARY}
    assert not too_large & entry.values.keys()
    assert (entry.values[Column.LAYERS], entry.values[Column.KV_HEADS]) == (1, 2)
