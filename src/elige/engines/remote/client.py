"""The `openai` client, seen as streams of plain chunks; the only place that knows its types."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from elige.engines.remote.limits import wait_asked
from elige.engines.remote.options import RemoteOptions
from elige.engines.remote.secret import Secret

if TYPE_CHECKING:
    from openai import APIError, AsyncOpenAI, AsyncStream
    from openai._types import RequestOptions

_PASSING = frozenset({408, 409, 425, 429})


class Broken(Exception):
    """An attempt that brought no complete answer; the next one may."""


class Rejected(Exception):
    """An error status: what the endpoint said of it, free of the key.

    `message` is one short line, `body` all it said, `param` the parameter it names. `wait` is
    how many seconds it asks to wait, None when it does not say.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        body: str = "",
        param: str = "",
        wait: float | None = None,
    ) -> None:
        super().__init__(f"{status} {message}".strip())
        self.status = status
        self.message = message
        self.body = body
        self.param = param
        self.wait = wait

    @property
    def passes(self) -> bool:
        """Whether asking the same again later may work."""
        if "insufficient_quota" in self.body:
            return False
        return self.status in _PASSING or (self.status >= 500 and self.status != 501)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One endpoint; belongs to the event loop that first uses it."""

    inner: "AsyncOpenAI"
    secret: Secret

    async def stream(self, path: str, body: Mapping[str, object]) -> AsyncGenerator[object, None]:
        """The chunks of one streamed answer as they come, decoded but not checked.

        Raises `Rejected` or `Broken`; neither remembers the request, which holds the key.
        An endpoint that does not stream gives its whole answer as the only chunk.
        """
        from openai import APIError, AsyncStream

        failure: Exception
        try:
            stream: AsyncStream[object] = await self.inner.post(
                path,
                cast_to=object,
                body=body,
                options=self._options(),
                stream=True,
                stream_cls=AsyncStream[object],
            )
            try:
                async for chunk in _chunks(stream):
                    yield chunk
            finally:
                await stream.close()
            return
        except APIError as error:
            failure = self._told(error)
        except (json.JSONDecodeError, UnicodeDecodeError):
            failure = Broken("it sent a chunk that is no JSON")
        except (Rejected, Broken) as error:
            failure = error
        failure.__context__ = None
        raise failure

    async def model_names(self) -> list[str]:
        """The models that the endpoint lists; none when it lists nothing."""
        from openai import OpenAIError

        try:
            listed = await self.inner.get("/models", cast_to=object, options=self._options())
        except (OpenAIError, ValueError):
            return []
        entries = cast("dict[str, Any]", listed).get("data") if isinstance(listed, dict) else None
        entries = entries if isinstance(entries, list) else []
        return sorted(
            one["id"] for one in entries if isinstance(one, dict) and isinstance(one.get("id"), str)
        )

    async def close(self) -> None:
        """Close every connection."""
        await self.inner.close()

    def _options(self) -> "RequestOptions":
        """Of each request: without a key, no Authorization header."""
        from openai import Omit

        return {} if self.secret.value else {"headers": {"Authorization": Omit()}}

    def _told(self, error: "APIError") -> Exception:
        from openai import APIStatusError, APITimeoutError

        if isinstance(error, APIStatusError):
            body = self.secret.scrubbed(error.response.text)
            message = self.secret.line(_message(error.body) or error.response.text)
            wait = wait_asked(error.response.headers)
            param = error.param or ""
            return Rejected(error.status_code, message, body=body, param=param, wait=wait)
        if isinstance(error, APITimeoutError):
            return Broken("it did not answer in time")
        why = str(error.__cause__ or "") or error.message
        return Broken(self.secret.line(why))


def open_client(url: str, secret: Secret, options: RemoteOptions) -> Client:
    """A client that never retries by itself and takes no key or account from the environment."""
    from openai import AsyncOpenAI, Omit, Timeout

    authorization = f"Bearer {secret.value}" if secret.value else Omit()
    headers = {
        "Authorization": authorization,
        "OpenAI-Organization": Omit(),
        "OpenAI-Project": Omit(),
    }
    inner = AsyncOpenAI(
        api_key=secret.value or "none",
        admin_api_key="",
        base_url=url,
        max_retries=0,
        timeout=Timeout(options.timeout, connect=options.connect_timeout),
        default_headers=cast("Mapping[str, str]", headers),
    )
    return Client(inner=inner, secret=secret)


async def _chunks(stream: "AsyncStream[object]") -> AsyncIterator[object]:
    kind = stream.response.headers.get("content-type", "")
    if kind.startswith("application/json"):
        yield json.loads(await stream.response.aread())
        return
    if kind.startswith("text/html"):
        raise Rejected(404, "a web page instead of an answer")
    async for chunk in stream:
        yield chunk


def _message(body: object) -> str:
    """The message within an error's JSON body, as OpenAI, vLLM and FastAPI write it."""
    if not isinstance(body, dict):
        return ""
    for key in ("message", "error", "detail"):
        found = body.get(key)
        if isinstance(found, str):
            return found
        if isinstance(found, dict) and (inner := _message(found)):
            return inner
        if found:
            return json.dumps(found, ensure_ascii=False)
    return ""
