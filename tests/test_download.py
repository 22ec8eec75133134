"""A download that was cut off or killed at a bad moment ends with the file as it is now."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from elige.fetch.download import Downloaded, download

OLD, NEW = b"old " * 5000, b"new!" * 6000


@dataclass
class Page:
    """One file on the web; `cuts` are after how many bytes the next answers break off."""

    content: bytes = OLD
    cuts: list[int] = field(default_factory=list)
    address: str = ""
    answered: list[int] = field(default_factory=list)

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:8]}"'


@pytest.fixture
def page() -> Iterator[Page]:
    page = Page()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, start = status_of(page, dict(self.headers.items()))
            page.answered.append(status)
            body = page.content[start:] if status < 300 else b""
            self.send_response(status)
            self.send_header("ETag", page.tag)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: page.cuts.pop(0)] if page.cuts and body else body)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    page.address = f"http://127.0.0.1:{server.server_address[1]}/models.json"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield page
    server.shutdown()
    server.server_close()
    thread.join()


def status_of(page: Page, asked: dict[str, str]) -> tuple[int, int]:
    """The status and the first byte of the answer, as RFC 9110 has them."""
    if asked.get("If-None-Match") == page.tag:
        return 304, 0
    if "Range" not in asked or asked.get("If-Range", page.tag) != page.tag:
        return 200, 0
    start = int(asked["Range"].removeprefix("bytes=").removesuffix("-"))
    return (206, start) if start < len(page.content) else (416, 0)


def fetched(page: Page, folder: Path) -> Downloaded:
    found = download(page.address, folder, say=lambda _: None)
    assert found is not None
    return found


def test_an_answer_that_breaks_before_its_first_byte_leaves_no_old_file_for_new(
    page: Page, tmp_path: Path
) -> None:
    fetched(page, tmp_path)
    page.content, page.cuts = NEW, [0]
    found = fetched(page, tmp_path)
    assert (found.path.read_bytes(), found.etag, found.is_new) == (NEW, page.tag, True)


def test_a_process_killed_when_all_was_there_goes_on(page: Page, tmp_path: Path) -> None:
    path = fetched(page, tmp_path).path
    tag = path.with_name(f"{path.name}.etag")
    path.rename(path.with_name(f"{path.name}.part"))
    tag.rename(path.with_name(f"{path.name}.part.etag"))
    assert fetched(page, tmp_path).path.read_bytes() == OLD
    assert page.answered == [200, 416, 200]


def test_half_a_file_is_not_joined_to_half_of_another(page: Page, tmp_path: Path) -> None:
    page.cuts = [9_000] + [0] * 3
    with pytest.raises(Exception, match="cannot be reached"):
        fetched(page, tmp_path)
    page.content, page.cuts = NEW, []
    assert fetched(page, tmp_path).path.read_bytes() == NEW


def test_a_file_that_is_the_same_is_not_sent_again(page: Page, tmp_path: Path) -> None:
    found = [fetched(page, tmp_path).is_new for _ in range(2)]
    assert (found, page.answered) == ([True, False], [200, 304])
