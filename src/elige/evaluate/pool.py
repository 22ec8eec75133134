"""Opened engines, shared by the candidates that need the same one."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Condition

from elige.records import Candidate, Engine

Key = str


class EnginePool:
    """Opens an engine when it is first asked for and keeps it for whoever needs it again.

    `open_engine` loads a candidate's engine, `bytes_of` estimates what it takes. Engines not
    in use are closed, the longest unused first, when the next one would pass `limit_bytes`.
    """

    def __init__(
        self,
        open_engine: Callable[[Candidate], Engine],
        *,
        bytes_of: Callable[[Candidate], int] = lambda _: 0,
        limit_bytes: int | None = None,
    ) -> None:
        self._open_engine = open_engine
        self._bytes_of = bytes_of
        self._limit = limit_bytes
        self._engines: OrderedDict[Key, Engine] = OrderedDict()
        self._bytes: dict[Key, int] = {}
        self._users: dict[Key, int] = {}
        self._opening: set[Key] = set()
        self._changed = Condition()

    @contextmanager
    def engine(self, candidate: Candidate) -> Iterator[Engine]:
        """The candidate's engine, opened now if need be; it stays open while in use."""
        key = engine_key(candidate)
        engine = self._taken(key, candidate)
        try:
            yield engine
        finally:
            with self._changed:
                self._users[key] -= 1
                self._changed.notify_all()

    def is_open(self, candidate: Candidate) -> bool:
        """Whether asking this candidate needs no loading."""
        with self._changed:
            return engine_key(candidate) in self._engines

    def release(self, candidate: Candidate, still_needed: list[Candidate]) -> None:
        """Close the candidate's engine unless one of `still_needed` shares it or it is in use."""
        key = engine_key(candidate)
        if key in {engine_key(other) for other in still_needed}:
            return
        with self._changed:
            idle = not self._users.get(key)
            engine = self._engines.pop(key, None) if idle else None
        if engine is not None:
            engine.close()

    def close(self) -> None:
        """Close every engine. Safe to call twice."""
        with self._changed:
            engines = list(self._engines.values())
            self._engines.clear()
        for engine in engines:
            engine.close()

    def _taken(self, key: Key, candidate: Candidate) -> Engine:
        with self._changed:
            while key in self._opening:
                self._changed.wait()
            self._users[key] = self._users.get(key, 0) + 1
            if key in self._engines:
                self._engines.move_to_end(key)
                return self._engines[key]
            self._opening.add(key)
        return self._opened(key, candidate)

    def _opened(self, key: Key, candidate: Candidate) -> Engine:
        try:
            size = self._bytes_of(candidate)
            self._make_room(size)
            engine = self._open_engine(candidate)
        except BaseException:
            with self._changed:
                self._users[key] -= 1
                self._opening.discard(key)
                self._changed.notify_all()
            raise
        with self._changed:
            self._engines[key], self._bytes[key] = engine, size
            self._opening.discard(key)
            self._changed.notify_all()
        return engine

    def _make_room(self, size: int) -> None:
        if self._limit is None:
            return
        with self._changed:
            idle = [key for key in self._engines if not self._users.get(key)]
            closing = []
            for key in idle:
                if sum(self._bytes[open_] for open_ in self._engines) + size <= self._limit:
                    break
                closing.append(self._engines.pop(key))
        for engine in closing:
            engine.close()


def engine_key(candidate: Candidate) -> Key:
    """Equal for candidates that one loaded engine can serve: prompt and sampling do not count."""
    bare = replace(
        candidate,
        name="",
        prompt="auto",
        system="",
        shots=0,
        temperature=None,
        top_p=None,
        top_k=None,
        max_tokens=None,
        seed=None,
    )
    return repr(bare)
