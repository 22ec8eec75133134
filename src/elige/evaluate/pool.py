"""Opened engines, shared by the candidates that need the same one."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread

from elige.errors import EngineDown, EngineRefused
from elige.loader.identity import engine_key
from elige.records import Candidate, Engine

__all__ = ["EnginePool", "engine_key"]

Key = str

# How long `close` waits for engines that are in use: one may compute for minutes.
_CLOSE_SECONDS = 1.0


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
        self._refused: dict[Key, EngineRefused] = {}
        self._closed = False
        self._changed = Condition()

    @contextmanager
    def engine(self, candidate: Candidate) -> Iterator[Engine]:
        """The candidate's engine, opened now if need be; it stays open while in use.

        One that went down is closed and opened anew for whoever asks next. Raises what opening
        it raises, `EngineDown` once the pool is closed.
        """
        key = engine_key(candidate)
        engine = self._taken(key, candidate)
        try:
            yield engine
        except EngineDown:
            self._drop(key, engine)
            raise
        finally:
            with self._changed:
                self._users[key] -= 1
                self._changed.notify_all()

    def is_open(self, candidate: Candidate) -> bool:
        """Whether asking this candidate needs no loading."""
        with self._changed:
            return engine_key(candidate) in self._engines

    def close(self) -> None:
        """Close every engine. Safe to call twice.

        One that is in use, and cannot be closed within a moment, is closed when its work ends.
        """
        with self._changed:
            self._closed = True
            busy = [one for key, one in self._engines.items() if self._users.get(key)]
            idle = [one for key, one in self._engines.items() if not self._users.get(key)]
            self._engines.clear()
            self._changed.notify_all()
        threads = [Thread(target=engine.close, daemon=True) for engine in busy]
        for thread in threads:
            thread.start()
        for engine in idle:
            engine.close()
        until = time.monotonic() + _CLOSE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _taken(self, key: Key, candidate: Candidate) -> Engine:
        with self._changed:
            while key in self._opening and not self._closed:
                self._changed.wait()
            if self._closed:
                raise _gone()
            if key in self._refused:
                raise self._refused[key]
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
        except BaseException as error:
            with self._changed:
                if isinstance(error, EngineRefused):
                    self._refused[key] = error
                self._users[key] -= 1
                self._opening.discard(key)
                self._changed.notify_all()
            raise
        with self._changed:
            closed = self._closed
            self._opening.discard(key)
            if closed:
                self._users[key] -= 1
            else:
                self._engines[key], self._bytes[key] = engine, size
            self._changed.notify_all()
        if closed:
            engine.close()
            raise _gone()
        return engine

    def _drop(self, key: Key, engine: Engine) -> None:
        """Forget an engine that went down."""
        with self._changed:
            known = self._engines.get(key) is engine
            if known:
                del self._engines[key]
        if known:
            engine.close()

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


def _gone() -> EngineDown:
    return EngineDown("The engines were closed.", hint="Run the same command again.")
