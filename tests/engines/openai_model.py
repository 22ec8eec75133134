"""What a model of the local OpenAI-compatible server says, as events or whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Literal

from engines.openai_wire import words_of

Fault = Literal[
    "server_error", "overloaded", "rate_limited", "reset", "cut", "garbage", "error_event", "hang"
]
STATUS = {"server_error": 500, "overloaded": 503, "rate_limited": 429}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """How one model of the server behaves.

    `answer` gets the prompt as text: the messages' contents joined by newlines, or the plain
    prompt. `delay` and `token_delay` are seconds before the first word and before each word.
    `faults` gives each fault a probability, decided by a hash of seed, prompt and attempt;
    each prompt meets at most `fault_limit` faults. `rejects` names parameters that get a 400.
    `reasoning` comes before the answer, in the field or as inline text of `reasoning_in`.
    `status` other than 0 answers every request with this error.
    """

    answer: Callable[[str], str] = lambda prompt: f"You said: {prompt}"
    delay: float = 0.0
    token_delay: float = 0.0
    faults: Mapping[Fault, float] = field(default_factory=dict)
    fault_limit: int = 1_000_000
    seed: int = 0
    retry_after: str = "0"
    rejects: frozenset[str] = frozenset()
    reasoning: str = ""
    reasoning_in: str = "reasoning_content"
    finish: str = ""
    refusal: str = ""
    usage: bool = True
    chat: bool = True
    completions: bool = True
    streams: bool = True
    status: int = 0
    message: str = "The server had an error."


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came in; `at` is in seconds of the monotonic clock."""

    path: str
    model: str
    prompt: str
    body: dict[str, Any]
    authorization: str
    at: float = field(default_factory=monotonic)


class ServedAnswer:
    """One answer as the events of a stream, or whole."""

    def __init__(self, request: Received, model: ServedModel) -> None:
        self.request, self.model = request, model
        self.chat = request.path.endswith("chat/completions")
        body = request.body
        inline = model.reasoning if "{}" in model.reasoning_in else ""
        spoken = model.reasoning_in.format(inline) if inline else ""
        words = words_of(spoken + model.answer(request.prompt))
        limit = body.get("max_tokens", body.get("max_completion_tokens", 1_000_000))
        self.thought = [] if inline else words_of(model.reasoning)[:limit]
        self.words = words[: limit - len(self.thought)]
        self.finish = model.finish or ("length" if len(self.words) < len(words) else "stop")
        text = "".join(self.words)
        ends = [at for stop in body.get("stop") or [] if (at := text.find(stop)) >= 0]
        if ends:
            self.words, self.finish = words_of(text[: min(ends)]), model.finish or "stop"

    def events(self) -> list[dict[str, Any]]:
        field = self.model.reasoning_in
        deltas = [{"role": "assistant", "content": ""}] if self.chat else []
        deltas += [{field: word} for word in self.thought]
        if self.model.refusal:
            deltas += [{"refusal": word} for word in words_of(self.model.refusal)]
        else:
            deltas += [{"content": word} for word in self.words]
        events = [self._event(self._choice(delta, None)) for delta in deltas]
        events.append(self._event(self._choice({}, self.finish)))
        if self.model.usage and (self.request.body.get("stream_options") or {}).get(
            "include_usage"
        ):
            events.append({**self._event(None), "usage": self._usage()})
        return events

    def whole(self) -> dict[str, Any]:
        message = {"role": "assistant", "content": "".join(self.words)}
        if self.thought:
            message[self.model.reasoning_in] = "".join(self.thought)
        choice: dict[str, Any] = {"index": 0, "finish_reason": self.finish}
        choice |= {"message": message} if self.chat else {"text": "".join(self.words)}
        usage = {"usage": self._usage()} if self.model.usage else {}
        return {**self._event(None), "choices": [choice], **usage}

    def _event(self, choice: dict[str, Any] | None) -> dict[str, Any]:
        kind = "chat.completion.chunk" if self.chat else "text_completion"
        return {
            "id": "answer-1",
            "object": kind,
            "created": 1,
            "model": self.request.model,
            "choices": [choice] if choice else [],
        }

    def _choice(self, delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
        if self.chat:
            return {"index": 0, "delta": delta, "finish_reason": finish}
        return {"index": 0, "text": delta.get("content", ""), "finish_reason": finish}

    def _usage(self) -> dict[str, Any]:
        prompt, said = len(self.request.prompt.split()), len(self.words) + len(self.thought)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": said,
            "total_tokens": prompt + said,
            "completion_tokens_details": {"reasoning_tokens": len(self.thought)},
        }


def refused(model: ServedModel, body: dict[str, Any], chat: bool) -> tuple[int, str] | None:
    """Status and message with which the model refuses what it cannot do."""
    if model.status:
        return model.status, model.message
    if not (model.chat if chat else model.completions):
        return 404, "Not Found"
    for name in sorted(model.rejects & body.keys()):
        return 400, f"Unsupported parameter: '{name}' is not supported with this model."
    return None
