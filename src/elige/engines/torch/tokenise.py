"""Prompts become token ids here and nowhere else."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any  # tokenizers come in many classes without a common typed face

from elige.engines.chat_template import ChatTemplate
from elige.engines.reasoning import _CLOSERS, _HEADERS, _OPENERS, opened_by
from elige.errors import EngineRefused
from elige.records import Message, Prompt

# How chat models end a turn, for folders without generation_config.json (it is lost on the way
# through GGUF); names as in llama.cpp, src/llama-vocab.cpp, where `special_eog_ids` is filled.
END_OF_TURN = frozenset(
    {
        *("<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<end_of_turn>"),
        *(
            "<|endoftext|>",
            "<|eom_id|>",
            "<EOT>",
            "_<EOT>",
            "<|end_of_text|>",
            "<end_of_utterance>",
        ),
        *("<turn|>", "<|end_of_turn|>", "<｜end▁of▁sentence｜>", "<|END_OF_TURN_TOKEN|>"),
    }
)

# Where one of these is known (gpt-oss, Solar Open), `<|end|>` ends the reasoning, not the turn.
ENDS_MESSAGES = ("<|return|>", "<|think|>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A prompt as it is sent.

    `bos` counts the beginning-of-text tokens at its start, `template` is the SHA-256 of the
    chat template's text ('' for plain prompts), `reasoning` says whether the template's
    generation prompt opened the reasoning already.
    """

    ids: tuple[int, ...]
    bos: int
    template: str = ""
    reasoning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A context and the tokens of each continuation after it; no tail is empty."""

    context: Encoded
    tails: tuple[tuple[int, ...], ...]


class Tokeniser:
    """A tokenizer with its chat template; `tokenizer` is one of transformers.

    `start` is what stands before a text that has no context: the token that begins every
    text, or the one that ends texts where there is none (lm-evaluation-harness does the same).
    `begins` is that token alone.
    """

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401 - no common type
        self._tokenizer = tokenizer
        self._bos: int | None = tokenizer.bos_token_id
        self._prefix = self._own_prefix()
        ends = tokenizer.eos_token_id
        starts = [token for token in (self._bos, ends) if token is not None]
        self.begins: tuple[int, ...] = tuple(starts[:1])
        self.start: tuple[int, ...] = self._prefix or self.begins
        self.template = _template_text(tokenizer)
        self._chat = ChatTemplate(self.template, tokenizer.special_tokens_map)
        text = self.template.encode("utf-8", "surrogatepass")
        self.template_hash = hashlib.sha256(text).hexdigest() if self.template else ""
        self.ends: frozenset[int] = frozenset([] if ends is None else [ends])
        self.turn_ends = self.ends | self._known_turn_ends()
        self._hidden = self._special() - self._marking_reasoning()

    @property
    def longest(self) -> int | None:
        """Tokens the tokenizer declares a model can read; None where it declares none."""
        limit = int(self._tokenizer.model_max_length)
        return limit if 0 < limit < 10**9 else None

    def put_bos(self, wanted: bool) -> None:
        """Begin every text with the beginning-of-text token, or leave that to the text itself."""
        self._prefix = self.begins if wanted else ()
        self.start = self.begins

    def whole(self, text: str) -> tuple[int, ...]:
        """All tokens of a text, with what the tokenizer puts before every text."""
        return self._begun(self._ids([text])[0])

    def leading_bos(self, ids: Sequence[int]) -> int:
        """How many beginning-of-text tokens stand at the start: 0 or 1."""
        return int(bool(ids) and ids[0] == self._bos)

    def close(self) -> None:
        """End the process that renders the chat template. Safe to call twice."""
        self._chat.close()

    def encode(self, prompt: Prompt) -> Encoded:
        """The prompt as token ids, the beginning-of-text token once where the model wants it.

        Raises `EngineRefused` when the chat template cannot be applied.
        """
        if prompt.is_chat:
            return self._encode_chat(prompt)[1]
        ids = self.whole(prompt.text) or self.start
        if not ids:
            raise EngineRefused(
                "The prompt is empty and this model has no token that begins a text.",
                hint="Send at least one word.",
            )
        return Encoded(ids=ids, bos=self.leading_bos(ids))

    def question(self, prompt: Prompt, continuations: Sequence[str]) -> Question:
        """The context's tokens, and those of each continuation after it.

        Plain prompts follow lm-evaluation-harness: white space at the context's end moves to
        the continuations; context and continuation are encoded together, and what exceeds the
        length of the context encoded alone is the continuation. Where nothing exceeds it (the
        continuation melted into the context's last token), and after an empty context, the
        continuation is encoded by itself. After a chat prompt the continuation begins right
        behind the generation prompt, without leading spaces.

        Raises `EngineRefused` for an empty continuation and for a chat template that fails.
        """
        if not continuations:
            raise EngineRefused("There is nothing to weigh: the question has no continuations.")
        if prompt.is_chat:
            stem, context = self._encode_chat(prompt)
            ends = [text.lstrip(" ") for text in continuations]
            wholes = [self._begun(ids) for ids in self._ids([stem + end for end in ends])]
            strict = True
        else:
            stem = prompt.text.rstrip()
            ends = [prompt.text[len(stem) :] + text for text in continuations]
            first, *rest = self._ids([stem, *(stem + end for end in ends)])
            ids = self._begun(first) or self.start
            context = Encoded(ids=ids, bos=self.leading_bos(ids))
            wholes = [self._begun(ids) for ids in rest] if stem else [() for _ in rest]
            strict = False
        tails = tuple(
            self._tail(context.ids, whole, end, strict)
            for whole, end in zip(wholes, ends, strict=True)
        )
        if not context.ids:
            raise EngineRefused("The context is empty and no token begins a text here.")
        return Question(context=context, tails=tails)

    def rendered(self, messages: Sequence[Message]) -> str:
        """The conversation as the template writes it, ready for the model's turn.

        Raises `EngineRefused` where there is no template, or it fails.
        """
        if not self.template:
            raise EngineRefused(
                "This model has no chat template, so it cannot be asked in chat messages.",
                hint="Use the candidate key prompt=plain.",
            )
        return self._chat.render(messages)

    def text(self, ids: Sequence[int]) -> str:
        """Tokens as text; special tokens are left out unless they mark reasoning."""
        seen = [token for token in ids if token not in self._hidden]
        text = self._tokenizer.decode(
            seen, skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        return str(text)

    def _tail(
        self, context: tuple[int, ...], whole: tuple[int, ...], end: str, strict: bool
    ) -> tuple[int, ...]:
        size = len(context)
        agrees = whole[:size] == context
        tail = whole[size:] if agrees or not strict else ()
        tail = tail or self._ids([end])[0]
        if not tail:
            raise EngineRefused(
                f"The continuation {end!r} is empty.", hint="Give every choice some text."
            )
        return tail

    def _encode_chat(self, prompt: Prompt) -> tuple[str, Encoded]:
        rendered = self._folding(prompt.messages)
        ids = self._begun(self._ids([rendered])[0])
        return rendered, Encoded(
            ids=ids,
            bos=self.leading_bos(ids),
            template=self.template_hash,
            reasoning=opened_by(rendered),
        )

    def _folding(self, messages: Sequence[Message]) -> str:
        """As `rendered`, but a system message that is refused or left out opens the first turn."""
        folded = _folded(messages)
        try:
            text = self.rendered(messages)
        except EngineRefused:
            if not self.template or folded == tuple(messages):
                raise
            return self._chat.render(folded)
        system = messages[0].content.strip() if messages[0].role == "system" else ""
        return text if system in text else self._chat.render(folded)

    def _ids(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        """Token ids of each text, with nothing put before or behind it."""
        filled = [text for text in texts if text]
        encoded = iter(
            self._tokenizer(filled, add_special_tokens=False)["input_ids"] if filled else []
        )
        return [tuple(next(encoded)) if text else () for text in texts]

    def _own_prefix(self) -> tuple[int, ...]:
        """What the tokenizer itself puts before every text; what it puts behind is left out."""
        bare = self._ids(["a"])[0]
        dressed = tuple(self._tokenizer("a", add_special_tokens=True)["input_ids"])
        for at in range(len(dressed) - len(bare) + 1):
            if dressed[at : at + len(bare)] == bare:
                return dressed[:at]
        return ()

    def _begun(self, ids: tuple[int, ...]) -> tuple[int, ...]:
        """`ids` with the tokenizer's own prefix once, whoever wrote it."""
        if self._prefix and ids[: len(self._prefix)] != self._prefix:
            ids = self._prefix + ids
        while self._bos is not None and ids[:2] == (self._bos, self._bos):
            ids = ids[1:]
        return ids

    def _special(self) -> frozenset[int]:
        added = self._tokenizer.added_tokens_decoder
        special = [token for token, entry in added.items() if entry.special]
        return frozenset([*special, *self._tokenizer.all_special_ids])

    def _marking_reasoning(self) -> frozenset[int]:
        added = self._tokenizer.added_tokens_decoder
        markers = "\n".join((*_OPENERS, *_CLOSERS, *_HEADERS))
        marking = [token for token, entry in added.items() if entry.content in markers]
        return frozenset(marking) - self.turn_ends

    def _known_turn_ends(self) -> frozenset[int]:
        added = self._tokenizer.added_tokens_decoder
        known = {entry.content: token for token, entry in added.items()}
        ends = {known[name] for name in END_OF_TURN & known.keys()}
        if any(name in known for name in ENDS_MESSAGES):
            ends.discard(known.get("<|end|>", -1))
        return frozenset(ends)


def _template_text(tokenizer: Any) -> str:  # noqa: ANN401 - no common type
    if not tokenizer.chat_template:
        return ""
    try:
        return str(tokenizer.get_chat_template())
    except ValueError:  # several templates, none of them the default
        return ""


def _folded(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The messages with the system's words at the head of the first user message."""
    system = "\n\n".join(turn.content for turn in messages if turn.role == "system")
    rest = [turn for turn in messages if turn.role != "system"]
    for at, turn in enumerate(rest):
        if system and turn.role == "user":
            rest[at] = Message("user", f"{system}\n\n{turn.content}")
            break
    return tuple(rest)
