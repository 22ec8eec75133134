"""What is sent to a model: messages or plain text, and the continuations to weigh."""

from dataclasses import asdict, dataclass, replace
from typing import Literal

from elige.records.sampling import Sampling
from elige.text import digest

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Chat messages, or plain text when there are none.

    `rehearsal` is the right answer; it is filled only for engines that declare `rehearses`
    (EchoEngine), is never sent anywhere and is no part of `Ask.key`.
    """

    messages: tuple[Message, ...] = ()
    text: str = ""
    rehearsal: str = ""

    @property
    def is_chat(self) -> bool:
        """Whether the model's chat template is to be applied."""
        return bool(self.messages)

    def shown(self) -> str:
        """The prompt as a person reads it, before the chat template."""
        if not self.is_chat:
            return self.text
        return "\n".join(f"[{turn.role}] {turn.content}" for turn in self.messages)

    def bare(self) -> "Prompt":
        """The same without the right answer: what is sent."""
        return replace(self, rehearsal="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedPrompt(Prompt):
    """One question as each member of a combination is asked it, in the members' order.

    The prompt's own fields are the first member's. `question` and `group` are the sample's, for
    whoever decides by them which member is asked.
    """

    variants: tuple["Ask", ...]
    question: str = ""
    group: str = ""

    def bare(self) -> "CombinedPrompt":
        """The same without the right answer, in the variants neither."""
        variants = tuple(replace(one, prompt=one.prompt.bare()) for one in self.variants)
        return replace(self, rehearsal="", variants=variants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to an engine: weigh `continuations`, or generate when there are none.

    `unconditional` asks for each continuation's log-probability without the context too. Where
    `contexts` are given, continuation i is weighed after contexts[i] instead of the prompt's
    text. `rolling` weighs all of the prompt's text, in windows where it is longer than the
    model reads; the answer then holds one weight. Both want a plain prompt: `ValueError`.
    """

    prompt: Prompt
    continuations: tuple[str, ...] = ()
    unconditional: bool = False
    sampling: Sampling | None = None
    contexts: tuple[str, ...] = ()
    rolling: bool = False

    def __post_init__(self) -> None:
        if self.contexts and len(self.contexts) != len(self.continuations):
            counts = f"{len(self.contexts)} contexts for {len(self.continuations)} continuations"
            raise ValueError(f"each continuation needs its own context: {counts}")
        if self.rolling and self.continuations:
            raise ValueError("a text weighed as a whole has no continuations")
        if self.prompt.is_chat and (self.contexts or self.rolling):
            raise ValueError("contexts and whole texts are plain text, not chat messages")

    @property
    def is_choice(self) -> bool:
        """Whether text is weighed rather than generated."""
        return bool(self.continuations) or self.rolling

    @property
    def key(self) -> str:
        """Hash of what is sent: equal for equal questions, whatever the right answer is.

        Fields that came later count only where they are filled, so that older answers are found.
        """
        said = asdict(replace(self, prompt=self.prompt.bare()))
        return digest({name: said[name] for name in said if name not in _LATER or said[name]})


_LATER = frozenset({"contexts", "rolling"})
