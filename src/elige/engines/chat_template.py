"""Renders a chat template, a stranger's program, in a child with bounded time and memory.

`python -m elige.engines.chat_template` is the child. It reads JSON lines on stdin, first the
template, then one conversation a line, and answers each with `{"text": ...}` or `{"error": ...}`.
"""

import contextlib
import json
import math
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import Any, TextIO  # JSON values; templates are handed anything

from elige.config import bare_environment
from elige.errors import EngineRefused
from elige.records import Message

_SECONDS = 10.0
_MEMORY_BYTES = 1_000_000_000
_MOST_CHARACTERS = 50_000_000


class ChatTemplate:
    """One template; its child starts with the first conversation and stays.

    `variables` are the special tokens by transformers' names. A template that took too long,
    too much or died is not tried again.
    """

    def __init__(
        self, text: str, variables: Mapping[str, Any], *, seconds: float = _SECONDS
    ) -> None:
        self._job = {
            "template": text,
            "variables": dict(variables),
            "seconds": seconds,
            "memory_bytes": _MEMORY_BYTES,
        }
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._verdict = ""
        self._end: weakref.finalize[[subprocess.Popen[str]], ChatTemplate] | None = None

    def render(self, messages: Sequence[Message]) -> str:
        """The conversation as the template writes it, ready for the model's turn.

        Raises `EngineRefused` with what the template says, or how it failed.
        """
        turns = [{"role": turn.role, "content": turn.content} for turn in messages]
        with self._lock:
            reply = {"error": self._verdict} if self._verdict else self._asked(turns)
        if "text" in reply:
            return str(reply["text"])
        raise EngineRefused(
            f"The model's chat template refused the conversation: {reply['error']}",
            hint="Use the candidate key prompt=plain, or change the messages.",
        )

    def close(self) -> None:
        """End the child; the next conversation starts another. Safe to call twice."""
        if self._end is not None:
            self._end()
        self._child = None

    def _asked(self, turns: list[dict[str, str]]) -> dict[str, Any]:
        late = threading.Event()
        child = self._child or self._started()
        clock = threading.Timer(self._seconds, _stop, (child, late))
        clock.start()
        try:
            reply = _told(child, {"messages": turns})
        finally:
            clock.cancel()
        if reply is None:
            self._verdict = (
                f"it took more than {self._seconds:.0f} s and was stopped"
                if late.is_set()
                else "it ended the process that rendered it"
            )
            self.close()
        return reply or {"error": self._verdict}

    def _started(self) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "elige.engines.chat_template"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=bare_environment(),
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
        self._child, self._end = child, weakref.finalize(self, _end, child)
        _send(child, self._job)
        return child


def _told(child: subprocess.Popen[str], line: dict[str, Any]) -> dict[str, Any] | None:
    """The child's reply to one line; None when it gave none."""
    _send(child, line)
    try:
        reply = json.loads(child.stdout.readline(_MOST_CHARACTERS) if child.stdout else "")
    except (OSError, ValueError):
        return None
    return reply if isinstance(reply, dict) and reply.keys() & {"text", "error"} else None


def _send(child: subprocess.Popen[str], line: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # it died: the missing reply tells
        if child.stdin is not None:
            child.stdin.write(json.dumps(line) + "\n")
            child.stdin.flush()


def _stop(child: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    child.kill()


def _end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):
            if stream is not None:
                stream.close()


def main(source: TextIO, said: TextIO) -> None:
    """Answer every line of `source`; the first one is the template."""
    job = json.loads(source.readline())
    template: Any = None
    for line in source:
        _bound(job["seconds"], job["memory_bytes"])
        try:
            if template is None:
                from elige.engines.jinja import compiled

                template = compiled(job["template"])
            found = {"messages": json.loads(line)["messages"], "tools": None, "documents": None}
            text = template.render(**job["variables"], **found, add_generation_prompt=True)
            fits = len(text) < _MOST_CHARACTERS // 10
            reply = {"text": text} if fits else {"error": "it wrote too much"}
        except MemoryError:
            reply = {"error": "it took more memory than it may"}
        except Exception as error:  # a template is a program and can raise anything
            why = " ".join(str(error).split()) or type(error).__name__
            reply = {"error": why[:300]}
        said.write(json.dumps(reply) + "\n")
        said.flush()


def _bound(seconds: float, memory_bytes: int) -> None:
    """Let this process live no longer than so many more seconds of work, whoever waits for it."""
    with contextlib.suppress(ImportError, OSError, ValueError):  # a system without limits
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = math.ceil(used.ru_utime + used.ru_stime + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
