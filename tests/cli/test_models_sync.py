"""`elige models sync` and `show`: files, archives and addresses onto the shelf, and one card."""

import hashlib
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cli.conftest import Run

from elige.errors import EligeError
from elige.fetch.download import download

MODELS = [
    {"name": "org/Big-7B", "parameters_raw": 7_000_000_000, "license": "mit"},
    {"name": "org/Small-1B", "parameters_raw": 1_000_000_000, "license": "llama2"},
]
CONFIG = {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 99}
CONFIG |= {"num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 128}


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "models.json"
    path.write_text(json.dumps(MODELS))
    return path


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


@contextmanager
def serving(content: bytes, asked: list[str], *, cut: int = 0) -> Iterator[str]:
    """A web server with one file, its ETag and ranges; the first `cut` answers break off."""
    tag, left = f'"{hashlib.sha256(content).hexdigest()[:8]}"', [cut]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("Range") or self.headers.get("If-None-Match") or "all")
            if not self.path.endswith(".json"):
                self.send_error(404)
                return
            if self.headers.get("If-None-Match") == tag:
                self.send_response(304)
                self.end_headers()
                return
            start = int((self.headers.get("Range") or "bytes=0-").split("=")[1].rstrip("-"))
            self.send_response(206 if start else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            part = content[start:]
            if left[0]:
                left[0] -= 1
                part = part[: len(part) // 2]
            self.wfile.write(part)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/models.json"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_file_is_read_and_read_again_without_change(elige: Run, listed: Path) -> None:
    first = elige("models", "sync", "llmfit", "--from", str(listed))
    assert first.code == 0
    assert "llmfit: 2 added, 0 changed, 0 removed, 0 as before." in first.out
    assert "0 added, 0 changed, 0 removed, 2 as before." in elige("models", "sync", "llmfit").out


def test_what_a_source_no_longer_lists_is_removed(elige: Run, listed: Path) -> None:
    elige("models", "sync", "llmfit", "--from", str(listed))
    listed.write_text(json.dumps(MODELS[:1]))
    done = elige("models", "sync", "llmfit", "--json")
    (told,) = json.loads(done.out)
    assert (told["removed"], told["unchanged"]) == (1, 1)
    assert elige("models", "show", "org/Small-1B").code == 1


def test_the_sources_are_listed_with_their_last_reading(elige: Run, listed: Path) -> None:
    elige("models", "sync", "llmfit", "--from", str(listed))
    known = {one["source"]: one for one in json.loads(elige("models", "sync", "--json").out)}
    assert known["llmfit"]["entries"] == 2
    assert known["llmfit"]["place"] == str(listed)
    assert known["hub-stats"]["synced"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("models", "sync", "nothing"), "No source is called 'nothing'"),
        (("models", "sync", "llmfit"), "Where llmfit is to be read from is not known."),
        (("models", "sync", "llmfit", "--from", "gone.json"), "There is no file or folder gone."),
        (("models", "sync", "llmfit", "mof", "--from", "x"), "--from is for one source, not 2."),
        (("models", "sync", "--from", "x"), "--from x says where to read, but not what"),
        (("models", "sync", "openrouter"), "The network is switched off (HF_HUB_OFFLINE)"),
        (("models", "sync", "hub"), "The network is switched off (HF_HUB_OFFLINE)"),
        (("models", "show", "nobody/nothing"), "No model is called 'nobody/nothing'"),
        (("models", "show", " "), "No model is named."),
    ],
)
def test_what_cannot_be_done_is_one_line(elige: Run, words: tuple[str, ...], told: str) -> None:
    done = elige(*words)
    assert done.code == 1
    assert told in done.err
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"\x00\xff", b'{"a": 1}', b"PK\x03\x04"])
def test_a_file_of_another_kind_changes_nothing(
    elige: Run, listed: Path, content: bytes, tmp_path: Path
) -> None:
    elige("models", "sync", "llmfit", "--from", str(listed))
    bad = tmp_path / "bad.json"
    bad.write_bytes(content)
    done = elige("models", "sync", "llmfit", "--from", str(bad))
    assert done.code == 1
    assert elige("models", "show", "org/Big-7B").code == 0


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_an_archive_is_unpacked_for_a_source_of_folders(
    elige: Run, tmp_path: Path, kind: str
) -> None:
    config = tmp_path / "org--tiny.json"
    config.write_text(json.dumps(CONFIG))
    packed = tmp_path / f"packed.{kind}"
    if kind == "tar":
        with tarfile.open(packed, "w:gz") as archive:
            archive.add(config, "configs/org--tiny.json")
            link = tarfile.TarInfo("configs/link.json")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
    else:
        with zipfile.ZipFile(packed, "w") as zipped:
            zipped.write(config, "configs/org--tiny.json")
    assert "1 added" in elige("models", "sync", "configs", "--from", str(packed)).out
    facts = json.loads(elige("models", "show", "org/tiny", "--json").out)["facts"]
    assert facts["kv_heads"][0]["value"] == 2


def test_an_archive_cannot_write_elsewhere(elige: Run, tmp_path: Path) -> None:
    packed = tmp_path / "evil.tar"
    with tarfile.open(packed, "w") as archive:
        archive.add(__file__, "../../outside.json")
    done = elige("models", "sync", "configs", "--from", str(packed))
    assert done.code == 1
    assert "cannot be unpacked" in done.err


@pytest.mark.usefixtures("online")
def test_an_address_is_fetched_once_while_it_is_the_same(elige: Run) -> None:
    asked: list[str] = []
    with serving(json.dumps(MODELS).encode(), asked) as address:
        assert "2 added" in elige("models", "sync", "llmfit", "--from", address).out
        assert "2 as before" in elige("models", "sync", "llmfit").out
    assert asked[0] == "all"
    assert asked[1].startswith('"')


def test_a_broken_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    asked: list[str] = []
    content = bytes(range(256)) * 9000
    with serving(content, asked, cut=2) as address:
        found = download(address, tmp_path, say=lambda _: None)
    assert found is not None
    assert found.path.read_bytes() == content
    assert [one.startswith("bytes=") for one in asked] == [False, True, True]


def test_a_download_that_is_missing_or_too_large_is_told(tmp_path: Path) -> None:
    with serving(b"x" * 1000, []) as address:
        with pytest.raises(EligeError, match="larger than"):
            download(address, tmp_path, most=999, say=lambda _: None)
        with pytest.raises(EligeError, match=r"No file is called .*gone"):
            download(address.replace("models.json", "gone"), tmp_path, say=lambda _: None)
    with pytest.raises(EligeError, match="cannot be reached"):
        download(address, tmp_path / "other", say=lambda _: None)


def test_a_card_shows_values_origins_and_terms(elige: Run, listed: Path) -> None:
    elige("models", "sync", "llmfit", "--from", str(listed))
    told = elige("models", "show", "ORG/small-1b")
    assert told.code == 0
    for word in ("org/Small-1B", "1,000,000,000", "estimated", "llmfit", "conditions", "unknown"):
        assert word in told.out
    facts = json.loads(elige("models", "show", "org/Small-1B", "--json").out)
    assert facts["licence"]["id"] == "llama2"
    assert facts["facts"]["parameters"][0]["kind"] == "estimated"
    assert facts["offers"]["cheapest_per_million"] is None


def test_sources_that_differ_are_all_shown(elige: Run, listed: Path, tmp_path: Path) -> None:
    elige("models", "sync", "llmfit", "--from", str(listed))
    record = {"id": "org/Small-1B", "safetensors": {"total": 1_100_000_000}, "tags": []}
    (tmp_path / "hub.json").write_text(json.dumps(record))
    elige("models", "sync", "hub", "--from", str(tmp_path / "hub.json"))
    facts = json.loads(elige("models", "show", "org/Small-1B", "--json").out)
    values = [(one["value"], one["kind"]) for one in facts["facts"]["parameters"]]
    assert values == [(1_100_000_000, "declared"), (1_000_000_000, "estimated")]
    assert "parameters" in facts["differ"]
    assert "Sources differ: 1,000,000,000" in elige("models", "show", "org/Small-1B").out


def test_a_folder_of_this_machine_is_synced_and_shown(elige: Run, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    assert elige("models", "sync", "folder", "--from", str(folder.parent)).code == 0
    shown = elige("models", "show", str(folder), "--json")
    assert str(folder) in shown.out
