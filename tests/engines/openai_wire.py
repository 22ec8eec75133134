"""The bytes that the local OpenAI-compatible server sends, and how they break off."""

import json
import re
import select
import socket
import struct
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from time import monotonic
from typing import Any


class Aborted(Exception):
    """The client went away, or the server is stopping."""


class Wire:
    """One response on its way to the client."""

    def __init__(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        self._handler = handler
        self._stopping = stopping

    def whole(
        self, body: dict[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send everything at once, as JSON."""
        data = json.dumps(body).encode()
        length = {"Content-Length": str(len(data)), "Content-Type": "application/json"}
        self._head(status, {**length, **(headers or {})})
        self._write(data)

    def begin_stream(self) -> None:
        self._head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})

    def event(self, event: dict[str, Any]) -> None:
        self._chunk(f"data: {json.dumps(event)}\n\n")

    def end_stream(self, *, done: bool = True) -> None:
        if done:
            self._chunk("data: [DONE]\n\n")
        self._write(b"0\r\n\r\n")

    def break_off(self, fault: str) -> None:
        """End the stream in the way that `fault` names."""
        if fault == "garbage":
            self._chunk('data: {"choices": [{"del\n\n')
            self.end_stream()
        elif fault == "error_event":
            self.event({"error": {"message": "the worker died", "code": 500}})
            self.end_stream()
        elif fault == "cut":
            self.end_stream(done=False)
        else:
            self._reset()

    def wait(self, seconds: float) -> None:
        """Sleep, but notice within a blink that the client went away."""
        ends = monotonic() + seconds
        while (left := ends - monotonic()) > 0:
            readable, _, _ = select.select([self._handler.connection], [], [], min(left, 0.02))
            if self._stopping.is_set() or (readable and self._is_gone()):
                self._handler.close_connection = True
                raise Aborted

    def _is_gone(self) -> bool:
        try:
            return not self._handler.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        try:
            self._handler.end_headers()
        except OSError:
            raise Aborted from None

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self._write(b"%x\r\n%s\r\n" % (len(data), data))

    def _write(self, data: bytes) -> None:
        try:
            self._handler.wfile.write(data)
        except OSError:
            self._handler.close_connection = True
            raise Aborted from None

    def _reset(self) -> None:
        """Cut the connection as a crashed server does: with a TCP reset, not an end."""
        connection = self._handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.close_connection = True
        socket.close(connection.detach())


def words_of(text: str) -> list[str]:
    """Words with the space before them: the server's tokens."""
    return re.findall(r"\s*\S+|\s+\Z", text)
