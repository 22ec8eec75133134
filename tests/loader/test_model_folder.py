import json
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from elige.errors import BadInput, EligeError, NotAllowed
from elige.loader import digests
from elige.loader.digests import JsonDigests, digest_of
from elige.loader.folder import chat_template, read_folder
from elige.loader.licence import card_licence, folder_licence


def test_a_folder_tells_what_it_holds(tiny_llama: Path, tmp_path: Path) -> None:
    facts = read_folder(tiny_llama, JsonDigests(tmp_path / "d.json"))

    assert facts.context_length == 128
    assert facts.parameters == 26_912
    assert facts.stored_bytes == 4 * 26_912
    assert not facts.half
    assert facts.template
    assert facts.notices == ()


def test_hashes_change_with_weights_tokenizer_and_template(
    model_folder: Path, tmp_path: Path
) -> None:
    cache = JsonDigests(tmp_path / "d.json")
    before = read_folder(model_folder, cache)
    weights = model_folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    (model_folder / "chat_template.jinja").write_text("{{ messages }}", "utf-8")
    again = read_folder(model_folder, cache)

    assert again.weights != before.weights
    assert again.template != before.template
    assert again.tokenizer == before.tokenizer


def test_the_config_is_part_of_the_weights_identity(model_folder: Path, tmp_path: Path) -> None:
    cache = JsonDigests(tmp_path / "d.json")
    before = read_folder(model_folder, cache)
    config = json.loads((model_folder / "config.json").read_text())
    config["rms_norm_eps"] = 0.5
    (model_folder / "config.json").write_text(json.dumps(config))

    assert read_folder(model_folder, cache).weights != before.weights


def test_an_unchanged_file_is_hashed_once(
    tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights, path = tiny_llama / "model.safetensors", tmp_path / "d.json"
    first = digest_of(weights, JsonDigests(path))

    def refuse(_: Path) -> str:
        raise AssertionError("read again")

    monkeypatch.setattr(digests, "file_digest", refuse)
    assert digest_of(weights, JsonDigests(path)) == first


def test_many_writers_lose_no_digest(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    writers = [
        threading.Thread(target=JsonDigests(path).remember_digest, args=(str(n), 1, 2, 3, "d"))
        for n in range(20)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert all(JsonDigests(path).known_digest(str(n), 1, 2, 3) == "d" for n in range(20))


def test_a_template_may_stand_in_the_tokenizer_config(model_folder: Path) -> None:
    (model_folder / "chat_template.jinja").unlink()
    path = model_folder / "tokenizer_config.json"
    several = [{"name": "tools", "template": "T"}, {"name": "default", "template": "D"}]
    path.write_text(json.dumps({"chat_template": several}))

    assert chat_template(model_folder) == "D"


def test_pickles_beside_safetensors_are_ignored_with_a_notice(
    model_folder: Path, tmp_path: Path
) -> None:
    (model_folder / "pytorch_model.bin").touch()

    facts = read_folder(model_folder, JsonDigests(tmp_path / "d.json"))

    assert facts.notices == ("Ignored pickle files beside the safetensors: pytorch_model.bin.",)


def drop_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def break_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": ')


def list_config(folder: Path) -> None:
    (folder / "config.json").write_text("[]")


def cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def cut_header(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:100])


def claim_huge_header(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 1 << 62) + b"{}")


def html_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 20) + b"<html>not found</html>")


def only_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def lacking_shard(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))


def shard_elsewhere(folder: Path) -> None:
    table = {"weight_map": {"a": "../secret.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(table))


def no_tokenizer(folder: Path) -> None:
    for path in folder.glob("*token*"):
        path.unlink()


def own_code(folder: Path) -> None:
    config = {"model_type": "wondernet", "auto_map": {"AutoModelForCausalLM": "m.W"}}
    (folder / "config.json").write_text(json.dumps(config))


def adapter(folder: Path) -> None:
    drop_config(folder)
    (folder / "adapter_config.json").write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        pytest.param(drop_config, BadInput, "no config.json", id="no config"),
        pytest.param(break_config, BadInput, "config.json is no valid JSON", id="broken config"),
        pytest.param(list_config, BadInput, "no JSON object", id="config is a list"),
        pytest.param(cut_weights, BadInput, "model.safetensors is damaged.*bytes", id="cut"),
        pytest.param(cut_header, BadInput, "ends inside its header", id="cut header"),
        pytest.param(claim_huge_header, BadInput, "ends inside its header", id="huge header"),
        pytest.param(html_weights, BadInput, "no safetensors header", id="web page"),
        pytest.param(only_pickle, NotAllowed, "only as pickle .pytorch_model.bin", id="pickle"),
        pytest.param(no_weights, BadInput, "holds no weights", id="no weights"),
        pytest.param(lacking_shard, BadInput, "lacks model-00002-of-00002", id="missing shard"),
        pytest.param(shard_elsewhere, BadInput, "names no shards", id="shard outside"),
        pytest.param(no_tokenizer, BadInput, "no tokenizer", id="no tokenizer"),
        pytest.param(own_code, NotAllowed, "remote code is off", id="own code"),
        pytest.param(adapter, BadInput, "holds an adapter", id="adapter"),
    ],
)
def test_a_bad_folder_gets_one_line(
    spoil: Callable[[Path], None],
    error: type[EligeError],
    says: str,
    model_folder: Path,
    tmp_path: Path,
) -> None:
    spoil(model_folder)

    with pytest.raises(error, match=says) as caught:
        read_folder(model_folder, JsonDigests(tmp_path / "d.json"))
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_own_code_of_a_known_architecture_is_left_aside(model_folder: Path, tmp_path: Path) -> None:
    config = json.loads((model_folder / "config.json").read_text())
    (model_folder / "config.json").write_text(json.dumps({**config, "auto_map": {"A": "b.C"}}))

    facts = read_folder(model_folder, JsonDigests(tmp_path / "d.json"))

    assert "transformers' own llama is used instead" in facts.notices[0]


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        pytest.param("---\nlicense: mit\n---\ntext", "mit", id="plain"),
        pytest.param("---\nlicense: other\nlicense_name: llama3\n---", "llama3", id="named other"),
        pytest.param("---\nlicense: [mit, apache-2.0]\n---", "mit and apache-2.0", id="several"),
        pytest.param("# no front matter", "", id="none"),
        pytest.param("---\nlicense: [\n---", "", id="broken"),
        pytest.param("---\n- a\n---", "", id="a list"),
    ],
)
def test_licence_of_a_card(card: str, licence: str) -> None:
    assert card_licence(card) == licence


def test_licence_of_a_folder_is_declared(tiny_llama: Path) -> None:
    fact = folder_licence(tiny_llama)

    assert fact is not None
    assert (fact.value, fact.kind) == ("mit", "declared")
