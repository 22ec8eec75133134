"""What is sent to a model: messages or plain text, and the continuations to weigh."""

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to an engine: weigh `continuations`, or generate when there are none.

    `unconditional` asks for each continuation's log-probability without the context too.
    """

    prompt: Prompt
    continuations: tuple[str, ...] = ()
    unconditional: bool = False
    sampling: Sampling | None = None

    @property
    def is_choice(self) -> bool:
        """Whether continuations are weighed rather than text generated."""
        return bool(self.continuations)

    @property
    def key(self) -> str:
        """Hash of what is sent: equal for equal questions, whatever the right answer is."""
        return digest(replace(self, prompt=replace(self.prompt, rehearsal="")))
