"""An event loop in a thread of its own, so that waiting requests can be called off at once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from threading import Event, Lock, Thread, current_thread

from elige.errors import EngineDown


class LoopThread:
    """Runs coroutines for threads that know nothing of them; starts with the first one."""

    def __init__(self, at_end: Callable[[], Awaitable[None]]) -> None:
        self._at_end = at_end
        self._lock = Lock()
        self._ready = Event()
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._closed = False

    def submit(self, work: Callable[[], Coroutine[object, object, None]]) -> Future[None]:
        """Start the work; cancelling the future calls it off. Raises `EngineDown` once closed."""
        with self._lock:
            if self._closed:
                raise EngineDown("The remote engine was closed.", hint="Open the model again.")
            if self._thread is None:
                self._thread = Thread(target=self._run, name="elige-remote", daemon=True)
                self._thread.start()
                self._ready.wait()
            assert self._loop is not None
            return asyncio.run_coroutine_threadsafe(work(), self._loop)

    def close(self) -> None:
        """Call off all work, and wait until connections are closed. Safe to call twice."""
        with self._lock:
            self._closed = True
            if self._loop is None or self._ended is None or self._thread is None:
                return
            if self._thread.is_alive():
                self._loop.call_soon_threadsafe(self._ended.set)
            if self._thread is not current_thread():  # the collector may run in any thread
                self._thread.join(timeout=5.0)

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._ended.wait()
        working = asyncio.all_tasks() - {asyncio.current_task()}
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await self._at_end()
