"""The model `elige` of lm-evaluation-harness: any reference of elige behind lm-eval's interface."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any, TypeVar  # Any: lm-eval carries no types

from lm_eval.api.model import LM
from lm_eval.api.registry import register_model

from elige.errors import BadInput, EngineRefused
from elige.harness.settings import ModelArguments, read_arguments, sampling_of
from elige.loader.candidate import parse_candidate
from elige.records import Answer, Ask, Engine, Message, Prompt, Sampling
from elige.text import canonical
from elige.workbench import Workbench

# So many questions are handed to the engine at once: enough to sort them by length.
_CHUNK = 256
Item = TypeVar("Item")


@register_model("elige")
class HarnessModel(LM):  # type: ignore[misc]  # lm-eval carries no types
    """One opened candidate; `arguments` are lm-eval's --model_args.

    Raises `BadInput` for an argument that is unknown or that the reference's engine cannot keep.
    """

    def __init__(self, **arguments: Any) -> None:  # noqa: ANN401 - read_arguments checks them
        super().__init__()
        self._said: ModelArguments = read_arguments(arguments)
        with Workbench.open() as bench:
            self._engine: Engine = bench.loader.open(parse_candidate(self._said.candidate))
        self._info = self._engine.describe()
        self._device = self._info.device
        self._said.check_device(self._info.device)
        self._adapt()

    @property
    def max_length(self) -> int | None:
        """The most tokens read at once, None where that is unknown."""
        return self._said.max_length or self._info.context_length

    @property
    def tokenizer_name(self) -> str:
        """What tells this model's prompts from others' in lm-eval's cache of requests."""
        return self._info.identity.tokenizer or canonical(self._info.identity)

    def chat_template(self, chat_template: bool | str = False) -> str | None:
        """The text of the model's chat template, None where none is to be applied."""
        if isinstance(chat_template, str) and chat_template != "default":
            raise BadInput(f"There is no chat template called {chat_template!r} here.")
        return str(self._torch().template) if chat_template else None

    def apply_chat_template(
        self, chat_history: list[dict[str, str]], add_generation_prompt: bool = True
    ) -> str:
        """The conversation as the model's template writes it; otherwise its last turn stays open.

        A system message that the template refuses is left out, as lm-eval does.
        """
        turns = [Message(turn["role"], turn["content"]) for turn in chat_history]  # type: ignore[arg-type]  # the roles are lm-eval's
        try:
            text = str(self._torch().rendered(turns))
        except EngineRefused:
            text = str(self._torch().rendered([turn for turn in turns if turn.role != "system"]))
        return text if add_generation_prompt else _left_open(text, turns[-1].content)

    def loglikelihood(
        self, requests: Sequence[Any], disable_tqdm: bool = False
    ) -> list[tuple[float, bool]]:
        """Summed log-probability of each continuation, and whether it is the greedy answer."""
        pairs = [request.args for request in requests]
        grouped = [list(group) for _, group in groupby(pairs, key=lambda pair: pair[0])]
        asks = [
            Ask(prompt=Prompt(text=group[0][0]), continuations=tuple(text for _, text in group))
            for group in grouped
        ]
        answers = self._weighed(asks, disable_tqdm)
        found = [(one.logprob, one.greedy) for answer in answers for one in answer.weighed]
        self._remember("loglikelihood", pairs, found)
        return found

    def loglikelihood_rolling(
        self, requests: Sequence[Any], disable_tqdm: bool = False
    ) -> list[float]:
        """Summed log-probability of each whole text; 0.0 of an empty one."""
        texts = [request.args[0] for request in requests]
        asks = [Ask(prompt=Prompt(text=text), rolling=True) for text in texts if text]
        answers = iter(self._weighed(asks, disable_tqdm))
        found = [next(answers).weighed[0].logprob if text else 0.0 for text in texts]
        self._remember("loglikelihood_rolling", [(text,) for text in texts], found)
        return found

    def generate_until(self, requests: Sequence[Any], disable_tqdm: bool = False) -> list[str]:
        """The text written after each context, up to its stop strings.

        The same question asked again at a temperature above 0 is drawn anew.
        """
        pairs = [request.args for request in requests]
        groups: dict[Sampling, list[int]] = {}
        repeats: dict[str, int] = {}
        for index, (context, wanted) in enumerate(pairs):
            asked = canonical([context, wanted])
            repeats[asked] = repeats.get(asked, -1) + 1
            sampling = sampling_of(wanted, self._said, draw=repeats[asked])
            groups.setdefault(sampling, []).append(index)
        bar = _bar(len(pairs), "generate_until", disable_tqdm)
        found = [""] * len(pairs)
        for sampling, indices in groups.items():
            for chunk in _chunks(indices):
                prompts = [Prompt(text=pairs[index][0]) for index in chunk]
                for at, text in self._written(prompts, sampling):
                    found[chunk[at]] = text
                    self._remember("generate_until", [pairs[chunk[at]]], [text])
                    bar.update(1)
        bar.close()
        return found

    def _written(self, prompts: list[Prompt], sampling: Sampling) -> Iterator[tuple[int, str]]:
        for piece in self._engine.generate(prompts, sampling):
            if piece.failure is not None:
                raise piece.failure
            if piece.answer is not None:
                yield piece.index, piece.answer.text

    def _weighed(self, asks: Sequence[Ask], quiet: bool) -> Iterator[Answer]:
        bar = _bar(len(asks), "weighing", quiet)
        for chunk in _chunks(asks):
            answers = self._engine.score(chunk)
            bar.update(len(answers))
            yield from answers
        bar.close()

    def _remember(self, kind: str, asked: Iterable[Any], found: Iterable[Any]) -> None:
        for one, answer in zip(asked, found, strict=True):
            self.cache_hook.add_partial(kind, one, answer)

    def _adapt(self) -> None:
        read_as: Callable[..., None] | None = getattr(self._engine, "read_as", None)
        if read_as is not None:
            read_as(longest=self._said.max_length, bos=self._said.add_bos_token)
        elif self._said.max_length is not None or self._said.add_bos_token is not None:
            raise BadInput(
                f"{self._said.pretrained} reads texts as it likes: max_length and add_bos_token "
                "do not reach it.",
                hint="Leave them out.",
            )

    def _torch(self) -> Any:  # noqa: ANN401 - only TorchEngine has a template to tell
        if not hasattr(self._engine, "rendered"):
            raise BadInput(
                f"{self._said.pretrained} does not tell its chat template.",
                hint="Leave --apply_chat_template out.",
            )
        return self._engine


def _left_open(text: str, last: str) -> str:
    """`text` up to the end of the last turn's words, so that the model goes on with them."""
    at = text.rindex(last.strip())
    whole = at + len(last.lstrip())
    return text[:whole] if text[at:whole] == last.lstrip() else text[: at + len(last.strip())]


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))


def _bar(total: int, title: str, quiet: bool) -> Any:  # noqa: ANN401 - tqdm carries no types
    return import_module("tqdm").tqdm(total=total, desc=title, disable=quiet)
