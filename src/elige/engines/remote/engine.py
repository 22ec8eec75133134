"""The remote engine: an OpenAI-compatible endpoint behind the `Engine` protocol."""

import asyncio
import weakref
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from urllib.parse import urlsplit

from elige.engines.remote.asking import Endpoint, Round
from elige.engines.remote.client import open_client
from elige.engines.remote.loop import LoopThread
from elige.engines.remote.options import read_options
from elige.engines.remote.request import Dialect
from elige.engines.remote.secret import Secret
from elige.errors import BadInput, EngineDown, EngineRefused
from elige.records import Answer, Ask, EngineInfo, EngineSpec, Piece, Prompt, Sampling


class RemoteEngine:
    """Any OpenAI-compatible endpoint: vLLM, SGLang, llama.cpp, a hosted model.

    Its keys are those of `RemoteOptions`. Requests run side by side in one event loop of its
    own, at most `concurrency` at once over all threads. An answer counts only when the
    endpoint said why it ended and nothing broke before the stream's end; whatever else comes
    is asked again, and in the end a failure of that prompt alone. After a retry the pieces may
    stop early: the answer is what counts. `seconds` of an answer are those of the attempt that
    brought it, without waiting in line. An endpoint that counts no tokens gives 0 of them and
    no cost, and `describe` says so in a notice, as it does of each parameter not taken.
    Opening it asks the endpoint for nothing.
    """

    def __init__(self, spec: EngineSpec) -> None:
        self._spec = spec
        self._options = read_options(spec.candidate)
        self._endpoint = _endpoint(spec)
        self._loop = LoopThread(self._endpoint.client.close)
        self._end = weakref.finalize(self, self._loop.close)

    def describe(self) -> EngineInfo:
        """What is known without asking the endpoint, and what its answers taught."""
        return EngineInfo(
            identity=self._spec.identity,
            device=self._endpoint.host,
            can_score=False,
            has_template=True,
            kernel="endpoint",
            concurrency=self._options.concurrency,
            notices=self._endpoint.dialect.notices,
        )

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        """Nothing: an endpoint tells no log-probability of a given text."""
        raise EngineRefused(
            f"{self._endpoint.host} cannot weigh choices: endpoints do not tell "
            "the log-probability of a given text.",
            hint="Let it answer by letter or in words, or run the model here.",
        )

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        """Yield pieces of all prompts mixed as they come; closing calls every request off.

        A prompt that fails ends in its own `failure`. Raises `EngineDown` once closed.
        """
        feed: SimpleQueue[Piece | None] = SimpleQueue()
        work = _Work(self._endpoint, prompts, sampling, feed.put)
        future = self._loop.submit(work.run)
        future.add_done_callback(lambda _: feed.put(None))
        open_prompts = set(range(len(prompts)))
        try:
            while open_prompts:
                piece = feed.get()
                if piece is None:
                    break
                if piece.is_last:
                    open_prompts.remove(piece.index)
                yield piece
            if open_prompts and not future.cancelled() and (bug := future.exception()):
                raise bug
            for index in sorted(open_prompts):
                yield Piece(index=index, failure=_closed())
        finally:
            future.cancel()

    def close(self) -> None:
        """Call off every request and close the connections."""
        self._end()


class _Work:
    """All prompts of one call, asked side by side."""

    def __init__(
        self,
        endpoint: Endpoint,
        prompts: Sequence[Prompt],
        sampling: Sampling,
        put: Callable[[Piece], None],
    ) -> None:
        self._prompts = prompts
        self._round = Round(endpoint, sampling, put)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for index, prompt in enumerate(self._prompts):
                group.create_task(self._round.ask(index, prompt))


def _endpoint(spec: EngineSpec) -> Endpoint:
    """What the requests share; raises `BadInput` for an address that is none."""
    model = spec.candidate.ref.model
    try:
        parts = urlsplit(spec.base_url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not host:
        raise BadInput(
            f"{spec.base_url!r} is no address of an endpoint.",
            hint="Write it like http://localhost:8000/v1#model.",
        )
    if not model:
        raise BadInput(
            f"{spec.candidate.ref.text!r} names no model.", hint="Write the model behind a '#'."
        )
    options = read_options(spec.candidate)
    return Endpoint(
        client=open_client(spec.base_url, Secret(spec.api_key), options),
        model=model,
        host=host,
        options=options,
        prices=spec.prices,
        dialect=Dialect(model),
        slots=asyncio.Semaphore(options.concurrency),
    )


def _closed() -> EngineDown:
    return EngineDown("The remote engine was closed.", hint="Open the model again.")
