"""A hub on this machine that speaks Hugging Face's protocol, for tests."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_sesame"


@dataclass
class Hub:
    """Repositories by name; `cut` says how many downloads of a file break off half-way."""

    url: str = ""
    repos: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    cards: dict[str, dict[str, str]] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)
    commit: str = COMMIT
    down: bool = False
    listed: list[dict[str, object]] = field(default_factory=list)
    page: int = 2
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Hub]:
    """Yield a hub that answers until the block ends."""
    hub = Hub()

    class Handler(_Handler):
        pass

    Handler.hub = hub
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, format: str, *args: object) -> None:
        del format, args

    def _answer(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append(f"{self.command} {path}")
        if self.hub.down:
            self._send(503, b"down")
            return
        if path == "/api/models":
            self._list(parse_qs(urlsplit(self.path).query))
            return
        api = re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/(revision|tree)/([^/]+)(?:/.*)?)?", path)
        file = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        found = api or file
        if found is None or found[1] not in self.hub.repos:
            self._refuse(404, "RepoNotFound")
        elif found[1] in self.hub.gated and self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._refuse(403, "GatedRepo")
        elif api:
            self._about(api[1], api[2] or "revision", api[3] or "main")
        elif file:
            self._file(file[1], file[3], body=body)

    def _list(self, query: dict[str, list[str]]) -> None:
        """A page of what is listed, in the order asked for, and a link to the next one."""
        author, sort = query.get("author", [""])[0], query.get("sort", ["downloads"])[0]
        rows = [one for one in self.hub.listed if str(one["id"]).startswith(author)]
        rows.sort(key=lambda one: str(one.get(sort)).zfill(30), reverse=True)
        at = int(query.get("cursor", ["0"])[0])
        headers = {"Content-Type": "application/json"}
        if at + self.hub.page < len(rows):
            more = {name: values for name, values in query.items() if name != "cursor"}
            rest = urlencode({**more, "cursor": [str(at + self.hub.page)]}, doseq=True)
            headers["Link"] = f'<{self.hub.url}/api/models?{rest}>; rel="next"'
        self._send(200, json.dumps(rows[at : at + self.hub.page]).encode(), headers)

    def _about(self, repo: str, what: str, revision: str) -> None:
        if revision not in {"main", self.hub.commit}:
            self._refuse(404, "RevisionNotFound")
            return
        files = self.hub.repos[repo]
        if what == "tree":
            rows = [
                {"type": "file", "path": name, "size": len(data), "oid": _oid(data)}
                for name, data in files.items()
            ]
            self._send(200, json.dumps(rows).encode(), {"Content-Type": "application/json"})
            return
        about = {
            "id": repo,
            "sha": self.hub.commit,
            "cardData": self.hub.cards.get(repo, {}),
            "siblings": [{"rfilename": n, "size": len(d)} for n, d in files.items()],
        }
        self._send(200, json.dumps(about).encode(), {"Content-Type": "application/json"})

    def _file(self, repo: str, name: str, *, body: bool) -> None:
        data = self.hub.repos[repo].get(name)
        if data is None:
            self._refuse(404, "EntryNotFound")
            return
        headers = {"ETag": f'"{_oid(data)}"', "X-Repo-Commit": self.hub.commit}
        headers["Accept-Ranges"] = "bytes"
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(wanted[1]) if wanted else 0
        if wanted:
            self.hub.ranges.append(f"{name} from {start}")
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        part = data[start:]
        breaks = body and self.hub.cut.get(name, 0) > 0
        if breaks:
            self.hub.cut[name] -= 1
        self._send(206 if wanted else 200, part if body else b"", headers, len(part), cut=breaks)

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, b"{}", {"X-Error-Code": code, "X-Error-Message": code})

    def _send(
        self,
        status: int,
        content: bytes,
        headers: dict[str, str] | None = None,
        length: int | None = None,
        *,
        cut: bool = False,
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.wfile.flush()
            self.connection.close()
            self.close_connection = True


def _oid(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
