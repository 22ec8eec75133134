"""One prompt asked until an answer is complete, or it is clear that none will come."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from time import perf_counter
from typing import NoReturn

from elige.engines.remote.client import Broken, Client, Rejected
from elige.engines.remote.draft import Draft
from elige.engines.remote.limits import Pause, backoff
from elige.engines.remote.options import RemoteOptions
from elige.engines.remote.refusal import refusal, unreachable
from elige.engines.remote.relay import Relay
from elige.engines.remote.request import CHAT, PLAIN, Dialect
from elige.errors import EngineError, EngineRefused
from elige.records import Answer, Piece, Prices, Prompt, Sampling
from elige.text import human_seconds

_FOR_ALL = frozenset({401, 402, 403, 404})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What all requests to one endpoint share; used in its event loop only."""

    client: Client
    model: str
    host: str
    options: RemoteOptions
    prices: Prices | None
    dialect: Dialect
    slots: asyncio.Semaphore
    pause: Pause = field(default_factory=Pause)
    chance: Random = field(default_factory=Random)


class Round:
    """The prompts of one call: what is refused to all of them is not asked again."""

    def __init__(
        self, endpoint: Endpoint, sampling: Sampling, put: Callable[[Piece], None]
    ) -> None:
        self._endpoint = endpoint
        self._sampling = sampling
        self._put = put
        self._refused: EngineRefused | None = None

    async def ask(self, index: int, prompt: Prompt) -> None:
        """Put the pieces of one prompt, the last with its answer or failure."""
        relay = Relay(index, self._put)
        deadline = self._endpoint.options.deadline
        try:
            async with asyncio.timeout(None) as limit:
                answer = await self._insist(prompt, relay, limit)
        except TimeoutError:
            why = f"no complete answer within {human_seconds(deadline)}"
            self._put(Piece(index=index, failure=unreachable(self._endpoint.host, why)))
        except EngineError as error:
            self._put(Piece(index=index, failure=error))
        else:
            self._put(Piece(index=index, answer=answer))

    async def _insist(self, prompt: Prompt, relay: Relay, limit: asyncio.Timeout) -> Answer:
        _check_unicode(prompt)
        endpoint, failures = self._endpoint, 0
        chat, path, body = prompt.is_chat, CHAT, dict[str, object]()
        while True:
            try:
                async with endpoint.slots:
                    await self._begin(limit)
                    chat = chat or endpoint.dialect.completions is False
                    path = CHAT if chat else PLAIN
                    body = endpoint.dialect.body(prompt, self._sampling, path)
                    answer = await self._attempt(path, body, relay)
                if not prompt.is_chat:
                    endpoint.dialect.knows_completions(path == PLAIN)
                return answer
            except Broken as broken:
                why, asked = str(broken), None
            except Rejected as rejected:
                if endpoint.dialect.learn(rejected, body):
                    continue
                if not chat and self._lacks_completions(rejected):
                    chat = True
                    continue
                if not rejected.passes:
                    await self._refuse(rejected)
                why, asked = str(rejected), rejected.wait
            failures += 1
            if failures > endpoint.options.retries:
                raise unreachable(endpoint.host, f"{why} ({failures} attempts)")
            await self._wait(failures, asked, limit)

    async def _begin(self, limit: asyncio.Timeout) -> None:
        """Wait for the pause to end; the deadline runs from the first attempt, not in line."""
        await self._endpoint.pause.over()
        if self._refused:
            raise EngineRefused(str(self._refused), hint=self._refused.hint)
        if limit.when() is None:
            now = asyncio.get_running_loop().time()
            limit.reschedule(now + self._endpoint.options.deadline)

    async def _attempt(self, path: str, body: dict[str, object], relay: Relay) -> Answer:
        """One request; raises `Broken` or `Rejected`."""
        endpoint, draft = self._endpoint, Draft()
        relay.begin()
        started = perf_counter()
        async with aclosing(endpoint.client.stream(path, body)) as chunks:
            while True:
                try:
                    async with asyncio.timeout(endpoint.options.timeout):
                        chunk = await anext(chunks)
                except StopAsyncIteration:
                    break
                except TimeoutError:
                    raise Broken("it fell silent") from None
                relay.pass_on(draft.take(chunk))
        relay.pass_on(draft.finish())
        return self._whole(draft, body, perf_counter() - started)

    def _whole(self, draft: Draft, body: dict[str, object], seconds: float) -> Answer:
        sent, dialect = body.get("stop"), self._endpoint.dialect
        told = sent if isinstance(sent, list) else []
        answer = draft.answer(stops=tuple(s for s in self._sampling.stop if s not in told))
        cost: Decimal | None = None
        if not draft.has_usage:
            dialect.notice("The endpoint counts no tokens: its tokens are 0, its costs unknown.")
        elif self._endpoint.prices:
            cost = self._endpoint.prices.cost(answer.prompt_tokens, answer.completion_tokens)
        if draft.strange_finish:
            dialect.notice(f"The end {draft.strange_finish!r} is taken for a stop.")
        model = answer.model or self._endpoint.model
        return replace(answer, seconds=seconds, cost=cost, model=model)

    async def _refuse(self, rejected: Rejected) -> NoReturn:
        """Raise what the user reads; for other prompts too when it is about all of them."""
        endpoint = self._endpoint
        names = await endpoint.client.model_names() if rejected.status == 404 else []
        error = refusal(rejected, host=endpoint.host, model=endpoint.model, known=names)
        if rejected.status in _FOR_ALL:
            self._refused = error
        raise error

    async def _wait(self, failures: int, asked: float | None, limit: asyncio.Timeout) -> None:
        """Sleep before the next attempt; a wait that was asked for holds everybody back."""
        options, chance = self._endpoint.options, self._endpoint.chance
        if asked is None:
            await asyncio.sleep(backoff(failures, options.backoff, chance))
            return
        if asyncio.get_running_loop().time() + asked > (limit.when() or 0.0):
            why = f"it asks to wait {human_seconds(asked)}"
            raise unreachable(self._endpoint.host, why)
        self._endpoint.pause.hold(asked)
        await asyncio.sleep(asked + chance.uniform(0.0, options.backoff))

    def _lacks_completions(self, rejected: Rejected) -> bool:
        """Whether plain text seems to be what was refused: there only chat may be served."""
        if self._endpoint.dialect.completions:
            return False
        return rejected.status in {404, 405, 501} or (
            rejected.status == 400 and "chat" in rejected.body.lower()
        )


def _check_unicode(prompt: Prompt) -> None:
    """Refuse half a surrogate pair, which no JSON can carry."""
    try:
        prompt.shown().encode("utf-8")
    except UnicodeEncodeError as error:
        raise EngineRefused(
            f"The prompt holds {error.object[error.start]!a}, which is no character.",
            hint="Mend the sample's text; a wrong encoding is the usual cause.",
        ) from None
