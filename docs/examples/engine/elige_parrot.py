"""An engine for elige that repeats the question: copy it, and change what it replies."""

from collections.abc import Iterator, Sequence
from time import perf_counter

from elige import EngineDown, EngineRefused
from elige.records import Answer, Ask, EngineInfo, EngineSpec, Finish, Piece, Prompt, Sampling


class ParrotEngine:
    """Repeats what it was asked, one prompt after another."""

    def __init__(self, spec: EngineSpec) -> None:
        self._spec = spec
        self._closed = False
        # change: open the model here, from spec.folder or spec.base_url and spec.api_key

    def describe(self) -> EngineInfo:
        """Say what this engine is; the identity is handed in."""
        return EngineInfo(
            identity=self._spec.identity,
            can_score=False,  # change: True when `score` is written
            has_template=True,  # change: False when it takes plain text alone
            concurrency=1,
        )

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        """Refuse; an engine that can score fills `weighed` of each answer."""
        raise EngineRefused("The parrot cannot score.", hint="Ask for a generated answer.")

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        """Yield the text of each prompt's answer, then the answer; a failure is no answer."""
        for index, prompt in enumerate(prompts):
            if self._closed:
                yield Piece(index=index, failure=EngineDown("The parrot was closed."))
                continue
            started = perf_counter()
            words = self._reply(prompt).split()
            said = " ".join(words[: sampling.max_tokens])
            yield Piece(index=index, text=said)
            yield Piece(
                index=index,
                answer=Answer(
                    text=said,
                    finish=Finish.STOP if len(words) <= sampling.max_tokens else Finish.LENGTH,
                    prompt_tokens=len(prompt.shown().split()),
                    completion_tokens=len(said.split()),
                    seconds=perf_counter() - started,
                    model="parrot",
                ),
            )

    def close(self) -> None:
        """Give everything back. Safe to call twice."""
        self._closed = True

    def _reply(self, prompt: Prompt) -> str:
        """What is said to `prompt`."""
        return prompt.shown()  # change: ask the model
