from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hub_server import COMMIT, TOKEN, serving
from hub_server import Hub as Server

from elige.errors import BadInput, EligeError, NotAllowed, NotFound, StoreError
from elige.fetch import Hub, chosen_files, snapshot

REPO = "org/tiny"
FILES = {
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "chat_template.jinja": b"{{ messages }}",
    "README.md": b"# tiny",
    "model.safetensors": b"w" * 1_000_000,
    "pytorch_model.bin": b"pickle",
    "modeling_tiny.py": b"print()",
    "onnx/model.onnx": b"o",
}
TAKEN = {"config.json", "tokenizer.json", "chat_template.jinja", "README.md", "model.safetensors"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    from huggingface_hub import constants

    # The scrubbed environment switches the library's network off when it is imported.
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1 << 16)
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _: None)
    with serving() as running:
        running.repos[REPO] = dict(FILES)
        running.cards[REPO] = {"license": "apache-2.0"}
        yield running


@pytest.fixture
def hub(server: Server, tmp_path: Path) -> Hub:
    return Hub(folder=tmp_path / "hub", endpoint=server.url)


def test_only_what_a_model_needs_is_downloaded(hub: Hub) -> None:
    got = snapshot(REPO, hub=hub)

    assert {path.name for path in got.folder.iterdir()} == TAKEN
    assert (got.folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert (got.commit, got.licence, got.gguf) == (COMMIT, "apache-2.0", None)


def test_a_second_time_downloads_nothing(hub: Hub, server: Server) -> None:
    snapshot(REPO, hub=hub)
    server.asked.clear()
    snapshot(REPO, hub=hub)

    assert not [line for line in server.asked if line.startswith("GET") and "resolve" in line]


def test_offline_uses_what_was_downloaded(hub: Hub, server: Server) -> None:
    first = snapshot(REPO, hub=hub)
    server.asked.clear()

    assert snapshot(REPO, hub=replace(hub, offline=True)).folder == first.folder
    assert server.asked == []


def test_offline_without_a_download_is_told(hub: Hub) -> None:
    with pytest.raises(EligeError, match="switched off .* was not downloaded before"):
        snapshot(REPO, hub=replace(hub, offline=True))


def test_a_hub_that_is_down_falls_back_to_what_is_here(hub: Hub, server: Server) -> None:
    said: list[str] = []
    first = snapshot(REPO, hub=hub)
    server.down = True

    assert snapshot(REPO, hub=hub, say=said.append).folder == first.folder
    assert "HTTP 503" in said[0]


def test_no_network_at_all_is_told(hub: Hub) -> None:
    with pytest.raises(EligeError, match="cannot be reached") as caught:
        snapshot(REPO, hub=replace(hub, endpoint="http://127.0.0.1:9"))
    assert "HF_ENDPOINT" in caught.value.hint


def test_a_broken_connection_is_taken_up_where_it_broke(hub: Hub, server: Server) -> None:
    server.cut["model.safetensors"] = 1

    got = snapshot(REPO, hub=hub)

    assert (got.folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert len(server.ranges) == 1
    assert not server.ranges[0].endswith("from 0")


def test_a_download_that_breaks_for_good_is_told_and_can_be_finished(
    hub: Hub, server: Server
) -> None:
    server.cut["model.safetensors"] = 1000
    with pytest.raises(EligeError, match="cannot be reached") as caught:
        snapshot(REPO, hub=hub)
    assert "\n" not in str(caught.value)
    server.cut.clear()
    server.asked.clear()

    got = snapshot(REPO, hub=hub)

    assert (got.folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert not [line for line in server.asked if line.endswith("/config.json")]


def test_a_commit_can_be_named(hub: Hub) -> None:
    assert snapshot(REPO, revision=COMMIT, hub=hub).commit == COMMIT


def test_an_unknown_model_and_revision_are_told_apart(hub: Hub) -> None:
    with pytest.raises(NotFound, match="No model on the hub is called 'org/nothing'"):
        snapshot("org/nothing", hub=hub)
    with pytest.raises(NotFound, match="No revision of org/tiny is called 'v9'"):
        snapshot(REPO, revision="v9", hub=hub)


def test_a_gated_model_says_what_to_do(hub: Hub, server: Server) -> None:
    server.gated.add(REPO)

    with pytest.raises(NotAllowed, match="gated") as caught:
        snapshot(REPO, hub=replace(hub, token="hf_wrong"))
    assert "HF_TOKEN" in caught.value.hint
    assert "hf_wrong" not in f"{caught.value}{caught.value.hint}{hub!r}"
    assert snapshot(REPO, hub=replace(hub, token=TOKEN)).commit == COMMIT


def test_a_home_that_is_a_file_is_told(hub: Hub) -> None:
    hub.folder.touch()

    with pytest.raises(StoreError, match="cannot be written"):
        snapshot(REPO, hub=hub)


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        pytest.param(["m.Q8_0.gguf", "m.Q4_K_M.gguf"], "m.Q4_K_M.gguf", id="recommended"),
        pytest.param(["m.Q8_0.gguf", "m.Q2_K.gguf"], "m.Q8_0.gguf", id="nearest better"),
        pytest.param(
            ["mmproj-F16.gguf", "m-00001-of-00002.gguf", "m.Q2_K.gguf"], "m.Q2_K.gguf", id="whole"
        ),
    ],
)
def test_one_gguf_is_taken_where_there_is_nothing_else(names: list[str], taken: str) -> None:
    files = chosen_files("r", dict.fromkeys([*names, "README.md"], 10))

    assert set(files) == {taken, "README.md"}


def test_pickle_only_and_no_weights_are_refused() -> None:
    with pytest.raises(NotAllowed, match="only as pickle"):
        chosen_files("r", {"pytorch_model.bin": 1})
    with pytest.raises(BadInput, match="no model weights"):
        chosen_files("r", {"README.md": 1})
