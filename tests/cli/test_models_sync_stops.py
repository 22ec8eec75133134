"""`elige models sync` broken off, killed, or run twice at once: what it says then is true."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cli.conftest import Run

MODELS = [{"name": f"org/m-{number}", "license": "mit"} for number in range(5_000)]
# Padded, for a download is written a mebibyte at a time.
CONTENT = json.dumps(MODELS).encode().ljust(4 << 20)
HALF = 2 << 20


@dataclass
class Page:
    """A list of models on the web. After its first half an answer waits until it `may_go_on`."""

    address: str = ""
    tag: str = '"one"'
    content: bytes = CONTENT
    asked: list[str] = field(default_factory=list)
    half: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    page = Page()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range") or self.headers.get("If-None-Match") or "all"
            page.asked.append(asked)
            is_same = asked == page.tag
            start = int(asked[6:-1]) if asked.startswith("bytes=") else 0
            self.send_response(304 if is_same else 206 if start else 200)
            self.send_header("ETag", page.tag)
            if not is_same:
                self.send_header("Content-Length", str(len(page.content) - start))
            self.end_headers()
            if not is_same:
                self.send(start)

        def send(self, start: int) -> None:
            try:
                self.wfile.write(page.content[start:HALF])
                self.wfile.flush()
                page.half.set()
                page.may_go_on.wait(30)
                self.wfile.write(page.content[max(start, HALF) :])
            except OSError:  # who asked has been killed
                pass

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    page.address = f"http://127.0.0.1:{server.server_address[1]}/models.json"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield page
    page.may_go_on.set()
    server.shutdown()
    server.server_close()
    thread.join()


def started(*words: str) -> "subprocess.Popen[str]":
    """`elige models sync` in a process of its own."""
    command = [sys.executable, "-m", "elige", "models", "sync", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(child: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = child.communicate(timeout=60)
    return child.returncode, out, err


def downloads() -> list[Path]:
    folder = Path(os.environ["ELIGE_HOME"]) / "downloads"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def wait_for_half(page: Page) -> None:
    assert page.half.wait(30)
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        if [one.stat().st_size for one in downloads() if one.suffix == ".part"] == [HALF]:
            return
        time.sleep(0.02)
    raise AssertionError("half of it never came")


def test_ctrl_c_in_a_download_says_what_is_kept_and_the_next_goes_on(
    elige: Run, page: Page
) -> None:
    child = started("llmfit", "--from", page.address)
    wait_for_half(page)
    child.send_signal(signal.SIGINT)
    code, out, err = ended(child)
    told = next(line for line in err.splitlines() if line.startswith("elige:"))
    assert (code, out) == (130, "")
    assert "Of llmfit nothing was changed: 0 entries, as before." in told
    assert re.search(r"goes on after the first 2\.1 MB of its download\.$", told)
    assert "answer" not in err and "Traceback" not in err

    page.may_go_on.set()
    assert "5,000 added" in elige("models", "sync", "llmfit", "--from", page.address).out
    assert page.asked == ["all", f"bytes={HALF}-"]
    assert downloads() == []


def test_killed_in_a_download_nothing_is_lost_and_the_next_goes_on(elige: Run, page: Page) -> None:
    child = started("llmfit", "--from", page.address)
    wait_for_half(page)
    child.kill()
    ended(child)
    assert elige("models", "show", "org/m-1").code == 1
    page.may_go_on.set()
    assert "5,000 added" in elige("models", "sync", "llmfit", "--from", page.address).out
    assert (page.asked[1:], downloads()) == ([f"bytes={HALF}-"], [])


def test_of_two_that_want_the_same_file_one_waits_and_nothing_is_mixed(
    elige: Run, page: Page
) -> None:
    first = started("llmfit", "--from", page.address)
    wait_for_half(page)
    second = started("llmfit", "--from", page.address)
    assert second.stderr is not None
    assert second.stderr.readline().startswith("Another elige is reading http://127.0.0.1")
    page.may_go_on.set()
    assert "5,000 added" in ended(first)[1]
    code, out, _ = ended(second)
    assert (code, "5,000 as before" in out) == (0, True)
    assert downloads() == []
    assert elige("models", "show", "org/m-4999").code == 0


def test_what_was_read_is_taken_away_and_not_fetched_again_while_it_is_the_same(
    elige: Run, page: Page
) -> None:
    page.may_go_on.set()
    elige("models", "sync", "llmfit", "--from", page.address)
    again = elige("models", "sync", "llmfit")
    assert "5,000 as before" in again.out
    assert "is what was read on" in again.err
    assert (page.asked, downloads()) == (["all", page.tag], [])

    page.tag, page.content = '"two"', json.dumps(MODELS[:4_000]).encode()
    assert "1,000 removed" in elige("models", "sync", "llmfit").out
    assert downloads() == []


def test_asked_for_by_name_an_address_is_read_again(elige: Run, page: Page) -> None:
    page.may_go_on.set()
    for _ in range(2):
        elige("models", "sync", "llmfit", "--from", page.address)
    assert page.asked == ["all", "all"]


def test_what_could_not_be_read_stays_to_be_read_again(elige: Run, page: Page) -> None:
    page.may_go_on.set()
    page.content = b"{}" + b" " * len(CONTENT)
    assert elige("models", "sync", "llmfit", "--from", page.address).code == 1
    assert [one.suffix for one in downloads()] == [".json", ".etag"]
    assert elige("models", "sync", "llmfit", "--from", page.address).code == 1
    assert page.asked == ["all", page.tag]


def test_parts_that_nobody_went_on_with_are_taken_away_in_the_end(elige: Run, page: Page) -> None:
    page.may_go_on.set()
    folder = Path(os.environ["ELIGE_HOME"]) / "downloads"
    folder.mkdir(parents=True)
    for name, days in (("old.part", 31), ("young.part", 29)):
        (folder / name).write_text("x")
        os.utime(folder / name, (time.time() - days * 86_400,) * 2)
    elige("models", "sync", "llmfit", "--from", page.address)
    assert [one.name for one in downloads()] == ["young.part"]


def test_ctrl_c_says_which_sources_are_in(page: Page, tmp_path: Path) -> None:
    """The second source is read at an address that it was read at before."""
    config = {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 99}
    config |= {"num_attention_heads": 4, "intermediate_size": 128}
    (tmp_path / "org--tiny.json").write_text(json.dumps(config))
    page.may_go_on.set()
    assert ended(started("llmfit", "--from", page.address))[0] == 0
    assert ended(started("configs", "--from", str(tmp_path / "org--tiny.json")))[0] == 0
    page.tag = '"two"'
    page.half.clear()
    page.may_go_on.clear()
    child = started("configs", "llmfit")
    wait_for_half(page)
    child.send_signal(signal.SIGINT)
    code, out, err = ended(child)
    assert (code, out) == (130, "configs: 0 added, 0 changed, 0 removed, 1 as before.\n")
    assert "elige: Interrupted. configs is in, with 1 entry. Of llmfit nothing was changed:" in err
    assert "5,000 entries, as before." in err
