"""An answer as it grows out of the chunks of a stream."""

from collections.abc import Iterator
from typing import Any

from elige.engines.reasoning import Part, ReasoningSplitter, split
from elige.engines.remote.client import Broken
from elige.engines.remote.request import cut_at_stop
from elige.records import Answer, Finish

_FINISH = {
    **dict.fromkeys(("length", "max_tokens", "max_output_tokens"), Finish.LENGTH),
    **dict.fromkeys(("content_filter", "refusal", "safety"), Finish.REFUSED),
}
_STOPPED = frozenset(
    {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "tool_calls", "function_call"}
)
_FAILED = frozenset({"error", "abort", "aborted", "cancelled", "network_error"})


class Draft:
    """Gathers chunks; becomes an answer only when the endpoint said why it ended."""

    def __init__(self) -> None:
        self._splitter = ReasoningSplitter()
        self._content: list[str] = []
        self._thought: list[str] = []
        self._refusal: list[str] = []
        self._finish = ""
        self._usage: dict[str, Any] = {}
        self._model = ""

    @property
    def has_usage(self) -> bool:
        """Whether the endpoint counted tokens."""
        return bool(self._usage)

    @property
    def strange_finish(self) -> str:
        """The reason to end when nobody knows it: it is taken for a stop."""
        return "" if self._finish in _FINISH or self._finish in _STOPPED else self._finish[:40]

    def take(self, chunk: object) -> list[Part]:
        """The new text of a chunk as (is reasoning, text); raises `Broken`."""
        if not isinstance(chunk, dict):
            raise Broken("it sent a chunk that is no JSON object")
        if chunk.get("error"):
            raise Broken("it sent an error in the middle of its answer")
        if isinstance(chunk.get("usage"), dict):
            self._usage = chunk["usage"]
        if isinstance(chunk.get("model"), str):
            self._model = chunk["model"]
        choices = chunk.get("choices")
        parts: list[Part] = []
        for choice in choices if isinstance(choices, list) else []:
            if isinstance(choice, dict) and choice.get("index", 0) == 0:
                parts += self._choice(choice)
        return parts

    def finish(self) -> list[Part]:
        """The text still held back at the end of the stream.

        Raises `Broken` when no reason to end was seen: the stream was cut.
        """
        if not self._finish:
            raise Broken("its answer broke off")
        return self._splitter.finish()

    def answer(self, *, stops: tuple[str, ...] = ()) -> Answer:
        """The whole answer, cut at those stop strings the endpoint was not told.

        Without usage its token counts are 0.
        """
        text, inline, unclosed = split("".join(self._content))
        reasoning = "".join(self._thought) + inline
        text, stopped = cut_at_stop(text, stops)
        finish = Finish.STOP if stopped else self._ended()
        if self._refusal:
            text = text or "".join(self._refusal)
        unclosed = unclosed or (bool(reasoning) and not text and finish is Finish.LENGTH)
        prompt, completion, thought = _tokens(self._usage)
        return Answer(
            text=text,
            reasoning=reasoning,
            finish=finish,
            unclosed=unclosed,
            prompt_tokens=prompt,
            completion_tokens=completion,
            reasoning_tokens=thought,
            model=self._model,
        )

    def _choice(self, choice: dict[str, Any]) -> Iterator[Part]:
        finish = choice.get("finish_reason")
        if isinstance(finish, str) and finish:
            if finish.lower() in _FAILED:
                raise Broken(f"it gave up in the middle of its answer ({finish[:40]})")
            self._finish = finish.lower()
        said = choice.get("delta") or choice.get("message") or {"content": choice.get("text")}
        if not isinstance(said, dict):
            raise Broken("it sent a chunk of unknown form")
        if isinstance(said.get("refusal"), str):
            self._refusal.append(said["refusal"])
        for is_reasoning, text in _texts(said):
            if is_reasoning:
                self._thought.append(text)
                yield True, text
            else:
                self._content.append(text)
                yield from self._splitter.feed(text)

    def _ended(self) -> Finish:
        if "".join(self._refusal):
            return Finish.REFUSED
        return _FINISH.get(self._finish, Finish.STOP)


def _texts(said: dict[str, Any]) -> Iterator[Part]:
    """Reasoning in the endpoint's own field (DeepSeek's or OpenRouter's name), then content."""
    own = said.get("reasoning_content") or said.get("reasoning")
    if isinstance(own, str) and own:
        yield True, own
    content = said.get("content")
    if isinstance(content, str) and content:
        yield False, content
    for block in content if isinstance(content, list) else []:
        if isinstance(block, dict):  # Mistral's reasoning models answer in blocks
            yield from _block(block)


def _block(block: dict[str, Any]) -> Iterator[Part]:
    inner = block.get("thinking")
    for one in inner if isinstance(inner, list) else []:
        if isinstance(one, dict) and isinstance(one.get("text"), str):
            yield True, one["text"]
    if isinstance(block.get("text"), str):
        yield False, block["text"]


def _tokens(usage: dict[str, Any]) -> tuple[int, int, int]:
    """Tokens of prompt, completion (reasoning included) and reasoning.

    Some endpoints leave reasoning out of the completion; their total tells.
    """
    details = usage.get("completion_tokens_details")
    thought = _count(details, "reasoning_tokens")
    prompt, completion = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    if thought and _count(usage, "total_tokens") == prompt + completion + thought:
        completion += thought
    return prompt, completion, thought


def _count(counts: object, name: str) -> int:
    value = counts.get(name) if isinstance(counts, dict) else None
    return value if isinstance(value, int) and value > 0 else 0
