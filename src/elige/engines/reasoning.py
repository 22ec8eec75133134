"""Reasoning split from the answer, in a whole text or while it streams."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

Part = tuple[bool, str]

_TAGS = (
    *("think", "thinking", "thought", "thoughts", "reasoning"),
    *("seed:think", "mm:think", "think:opensource"),  # Seed-OSS, MiniMax M3, Hunyuan 3
)
_FINAL = "<|channel|>final<|message|>"
# The longest comes first: what stands before the channel is part of the marker.
_HARMONY_CLOSERS = (f"<|end|><|start|>assistant{_FINAL}", f"<|start|>assistant{_FINAL}", _FINAL)

# Read from the chat templates of the models named; each opener with what may close it.
_PAIRS: dict[str, tuple[str, ...]] = {
    **{f"<{tag}>": (f"</{tag}>",) for tag in _TAGS},
    "[THINK]": ("[/THINK]",),  # Mistral
    "◁think▷": ("◁/think▷",),  # Kimi-VL
    "<|open|>think<|sep|>": ("<|close|>think<|sep|>",),  # Kimi K3
    "<|START_THINKING|>": ("<|END_THINKING|>",),  # Cohere
    "<|inner_prefix|>": ("<|inner_suffix|>",),  # Apertus
    "<|begin_of_thought|>": ("<|end_of_thought|>",),  # Sky-T1, OpenThinker
    "<|channel>thought": ("<channel|>",),  # Gemma 4
    "<|think|>": ("<|end|>",),  # Solar Open
    "Here are my reasoning steps:": ("[BEGIN FINAL RESPONSE]",),  # Apriel
    **{
        f"{start}<|channel|>{channel}<|message|>": _HARMONY_CLOSERS  # gpt-oss
        for start in ("", "<|start|>assistant")
        for channel in ("analysis", "commentary")
    },
}
_OPENERS = tuple(_PAIRS)
# Headers of an answer without reasoning, or after it; they are not part of the text.
_HEADERS = (
    *_HARMONY_CLOSERS[1:],
    "<|open|>response<|sep|>",
    "<|START_RESPONSE|>",
    "<|START_TEXT|>",
    *("<|content|>", "<|begin|>assistant<|content|>"),
    "<|begin_of_solution|>",
)
# Of reasoning that the prompt opened; `<|end|>` ends too much else.
_CLOSERS = tuple(dict.fromkeys(c for closers in _PAIRS.values() for c in closers if c != "<|end|>"))
_LONE_CLOSERS = tuple(map(re.escape, _CLOSERS))
# A closer inside a sentence is talked about; a real one ends its line or begins it.
_ANY = f"(?:{'|'.join(_LONE_CLOSERS)})"
_LONE = re.compile(rf"(?:(?:\A|\n)[ \t]*{_ANY}|{_ANY}[ \t]*(?=\n|\Z))")


class ReasoningSplitter:
    """Splits a stream into reasoning and answer; markers may be cut at any place.

    Reasoning counts only where the answer begins, so that an answer about `<think>` stays
    whole. `open_already` says that the prompt itself opened the reasoning (`opened_by`).
    The markers belong to neither part, nor does white space between reasoning and answer.
    """

    def __init__(self, open_already: bool = False) -> None:
        self.unclosed = False
        self._state: Literal["start", "reopened", "inside", "answer"] = "start"
        self._closers = _CLOSERS
        self._closed = False
        self._held = ""
        if open_already:
            self._state = "reopened"

    def feed(self, text: str) -> list[Part]:
        """What is certain after `text` came: (is reasoning, text) in order, none empty."""
        self._held += text
        return [(kind, part) for kind, part in self._advance() if part]

    def finish(self) -> list[Part]:
        """What was still held back when the stream ended; sets `unclosed`."""
        self.unclosed = self._state in {"reopened", "inside"}
        rest, self._held = self._held, ""
        if self._state == "start" and self._closed:
            rest = rest.lstrip()
        return [(self.unclosed, rest)] if rest else []

    def _advance(self) -> Iterator[Part]:
        before: str = ""
        while before != self._state:
            before = self._state
            if before in {"start", "reopened"}:
                self._open()
            elif before == "inside":
                yield True, self._until_closed()
            else:
                rest, self._held = self._held, ""
                yield False, rest

    def _open(self) -> None:
        """Leave the beginning as soon as it is known what it is."""
        begun = self._held.lstrip()
        opener = _leading(begun, _OPENERS)
        if opener:
            self._state, self._closers = "inside", _PAIRS[opener]
            self._held = begun.removeprefix(opener)
        elif self._state == "reopened":
            if not _could_begin(begun, _OPENERS):
                self._state = "inside"
        elif header := _leading(begun, _HEADERS):
            self._state, self._held = "answer", begun.removeprefix(header)
        elif not _could_begin(begun, (*_OPENERS, *_HEADERS)):
            self._state = "answer"
            self._held = begun if self._closed else self._held

    def _until_closed(self) -> str:
        """The reasoning that is certain; changes the state where it ends."""
        found = [(at, -len(c), c) for c in self._closers if (at := self._held.find(c)) >= 0]
        if found:
            at, _, closer = min(found)
            reasoning, self._held = self._held[:at], self._held[at + len(closer) :]
            self._state, self._closed = "start", True
            return reasoning
        keep = max(_overlap(self._held, closer) for closer in self._closers)
        cut = len(self._held) - keep
        reasoning, self._held = self._held[:cut], self._held[cut:]
        return reasoning


def split(text: str, *, open_already: bool = False) -> tuple[str, str, bool]:
    """(answer, reasoning, whether the reasoning was left unclosed) of a whole text.

    Unlike a stream it also sees a closing marker that nobody opened, on a line's edge: then
    the prompt had opened the reasoning, and all before the marker is reasoning.
    """
    before = ""
    lone = None if open_already or _leading(text.lstrip(), _OPENERS) else _LONE.search(text)
    if lone and not any(opener in text[: lone.start()] for opener in _OPENERS):
        before, text = text[: lone.start()], text[lone.end() :].lstrip()
    splitter = ReasoningSplitter(open_already)
    parts = [*splitter.feed(text), *splitter.finish()]
    answer = "".join(part for kind, part in parts if not kind)
    reasoning = before + "".join(part for kind, part in parts if kind)
    return answer, reasoning, splitter.unclosed


def opened_by(template_tail: str) -> bool:
    """Whether a generation prompt that ends with `template_tail` ends inside reasoning."""
    return template_tail.rstrip().endswith(_OPENERS)


def _leading(text: str, markers: Iterable[str]) -> str:
    """The marker that `text` begins with, or ''."""
    return next((marker for marker in markers if text.startswith(marker)), "")


def _could_begin(text: str, markers: Iterable[str]) -> bool:
    """Whether more text could turn `text` into one of the markers."""
    return any(marker.startswith(text) for marker in markers)


def _overlap(text: str, marker: str) -> int:
    """How many of the last characters of `text` may be the beginning of `marker`."""
    longest = min(len(text), len(marker) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(marker[:n])), 0)
