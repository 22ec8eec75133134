"""What is sent to an endpoint, and what it turned out not to take."""

import re

from elige.engines.remote.client import Rejected
from elige.records import Prompt, Sampling

CHAT, PLAIN = "/chat/completions", "/completions"
_MOST_STOPS = 4  # OpenAI's limit; what is left over is cut here
_REFUSAL = re.compile(
    r"unsupported|not supported|not support|unrecogni[sz]ed|unknown|not permitted|not allowed"
    r"|unexpected|deprecated|cannot both|only the default|invalid param|no longer|removed",
    re.IGNORECASE,
)
_NOTICES = {
    "temperature": "it chooses its own temperature",
    "top_p": "it chooses its own top_p",
    "top_k": "top_k has no effect",
    "repetition_penalty": "repetition_penalty has no effect",
    "seed": "asking again may give other answers",
    "stop": "stop strings are cut here, and the rest is paid for",
    "stream_options": "token counts may be missing",
}


class Dialect:
    """What one endpoint takes, learnt from its refusals.

    `completions` says whether it continues plain text: None until that is known. `notices`
    tells what it does not take, each once.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._dropped: set[str] = set()
        self._limit = "max_tokens"
        self.completions: bool | None = None
        self.notices: tuple[str, ...] = ()

    def body(self, prompt: Prompt, sampling: Sampling, path: str) -> dict[str, object]:
        """The JSON of a request; every field of sampling that decides the answer is explicit."""
        content: dict[str, object] = (
            {"messages": _messages(prompt)} if path == CHAT else {"prompt": prompt.text}
        )
        fields: dict[str, object] = {
            "stream_options": {"include_usage": True},
            self._limit: sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": sampling.seed,
        }
        if sampling.stop:
            fields["stop"] = list(sampling.stop[:_MOST_STOPS])
        if sampling.top_k:
            fields["top_k"] = sampling.top_k
        if sampling.repetition_penalty != 1.0:
            fields["repetition_penalty"] = sampling.repetition_penalty
        kept = {name: value for name, value in fields.items() if name not in self._dropped}
        return {"model": self._model, **content, "stream": True, **kept}

    def learn(self, rejected: Rejected, body: dict[str, object]) -> bool:
        """Whether the refusal names a parameter of `body` that can be left out from now on."""
        if rejected.status not in {400, 422} or not _REFUSAL.search(rejected.body):
            return False
        known = (*_NOTICES, "max_tokens")
        named = [name for name in known if name in body and _names(rejected.body, name)]
        guilty = rejected.param if rejected.param in named else next(iter(named), "")
        if guilty == "max_tokens":
            self._limit = "max_completion_tokens"
        elif guilty:
            self._drop(guilty)
        return bool(guilty)

    def _drop(self, name: str) -> None:
        if name not in self._dropped:
            self._dropped.add(name)
            self.notice(f"The endpoint does not take {name}: {_NOTICES[name]}.")

    def notice(self, text: str) -> None:
        """Remember something the user should know, once."""
        if text not in self.notices:
            self.notices = (*self.notices, text)

    def knows_completions(self, works: bool) -> None:
        """Remember whether plain text can be continued."""
        if self.completions is None and not works:
            self.notice("The endpoint only chats: plain prompts are sent as a user's message.")
        self.completions = works


def cut_at_stop(text: str, stops: tuple[str, ...]) -> tuple[str, bool]:
    """The text up to its first stop string, and whether there was one."""
    ends = [at for stop in stops if stop and (at := text.find(stop)) >= 0]
    return (text[: min(ends)], True) if ends else (text, False)


def _messages(prompt: Prompt) -> list[dict[str, str]]:
    if not prompt.is_chat:
        return [{"role": "user", "content": prompt.text}]
    return [{"role": turn.role, "content": turn.content} for turn in prompt.messages]


def _names(message: str, name: str) -> bool:
    return re.search(rf"(?<![A-Za-z_]){name}(?![A-Za-z_])", message) is not None
