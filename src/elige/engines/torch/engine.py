"""The engine itself: one loaded model behind the protocol `Engine`."""

import gc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import RLock
from time import perf_counter

import torch

from elige.engines.torch import facts
from elige.engines.torch.generation import Row, batches, write
from elige.engines.torch.network import Limits, Network
from elige.engines.torch.sampler import dice
from elige.engines.torch.scorer import Scorer
from elige.engines.torch.tokenise import Encoded, Question, Tokeniser
from elige.engines.torch.weight import Weight
from elige.engines.torch.weights import load, quiet
from elige.engines.torch.writer import Writer
from elige.errors import BadInput, EligeError, EngineDown, EngineRefused
from elige.records import (
    Answer,
    Ask,
    ContinuationScore,
    EngineInfo,
    EngineSpec,
    Piece,
    Prompt,
    Sampling,
)


class TorchEngine:
    """A model of a local folder, on CUDA when there is one and on the CPU otherwise.

    Calls from several threads take turns. Raises on opening what `weights.load` raises.
    """

    def __init__(self, spec: EngineSpec) -> None:
        loaded = load(spec)
        self._spec = spec
        self._lock = RLock()
        self._tokeniser = Tokeniser(loaded.tokenizer)
        self._network: Network | None = Network(loaded.model, loaded.device)
        with quiet():
            kv_bytes = facts.probe(self._network, self._tokeniser)
            vocabulary = int(loaded.model.config.get_text_config(decoder=True).vocab_size)
            self._limits: Limits = facts.limits(self._network, kv_bytes, vocabulary)
            self._scorer = Scorer(self._network, self._limits, torch.get_num_threads())
        info = facts.info(spec, loaded, self._tokeniser, kv_bytes)
        self._info = replace(info, kernel=self._scorer.kernel, notices=self._scorer.notices)
        self._ends = self._declared_ends(loaded.model)

    def describe(self) -> EngineInfo:
        """What this engine is."""
        return self._info

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        """One answer for each ask, its continuations weighed.

        Raises `EngineRefused` for a question that does not fit the context or has nothing to
        weigh, `EngineDown` after `close`.
        """
        with self._lock:
            self._opened()
            start = perf_counter()
            questions = [self._tokeniser.question(ask.prompt, ask.continuations) for ask in asks]
            for question in questions:
                self._refuse_longer(len(question.context.ids) + max(map(len, question.tails)) - 1)
            if not questions:
                return []
            weights = self._scorer.score(questions, self._limits)
            alone = self._unconditional(asks, questions)
            seconds = perf_counter() - start
        total = sum(map(_tokens, questions))
        return [
            self._weighed(ask, question, weighed, alone, seconds * _tokens(question) / total)
            for ask, question, weighed in zip(asks, questions, weights, strict=True)
        ]

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        """Pieces of all prompts mixed, as they come; each prompt ends with its answer.

        A prompt that does not fit the context ends with a failure, the others go on. The text
        is shorter than `max_tokens` where the context ends first.
        """
        self._opened()
        _refuse_nonsense(sampling)
        return self._generate(prompts, sampling)

    def close(self) -> None:
        """Give the memory back. Safe to call twice."""
        with self._lock:
            if self._network is None:
                return
            self._tokeniser.close()
            self._scorer.close()
            device = self._network.device
            self._network.forget()
            self._network = None
            gc.collect()
            if device.type == "cuda":
                torch.cuda.empty_cache()

    def _generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        rows = []
        for index, prompt in enumerate(prompts):
            try:
                rows.append(self._row(index, prompt, sampling))
            except EligeError as error:
                yield Piece(index=index, failure=error)
        network = self._opened()
        for batch in batches(network, rows, self._limits):
            yield from self._write(batch, write(network, batch, sampling, self._limits))

    def _write(
        self, batch: list[Row], stream: Iterator[tuple[Row, Piece | None]]
    ) -> Iterator[Piece]:
        """One batch's pieces. The lock is held while the model works, never while others do."""
        waiting = {row.index for row in batch}
        while waiting:
            with self._lock:
                found = self._next_or_error(stream)
            if isinstance(found, EligeError):
                for index in sorted(waiting):
                    yield Piece(index=index, failure=found)
                return
            row, piece = found
            if piece is None:
                waiting.discard(row.index)
            yield piece or Piece(index=row.index, answer=self._finished(row.answer()))

    def _next_or_error(
        self, stream: Iterator[tuple[Row, Piece | None]]
    ) -> tuple[Row, Piece | None] | EligeError:
        try:
            self._opened()
            return next(stream)
        except EligeError as error:
            return error

    def _row(self, index: int, prompt: Prompt, sampling: Sampling) -> Row:
        encoded = self._tokeniser.encode(prompt)
        self._refuse_longer(len(encoded.ids) + 1)
        room = (self._info.context_length or 10**9) - len(encoded.ids)
        return Row(
            index=index,
            prompt=encoded,
            writer=Writer(self._tokeniser, encoded, sampling.stop),
            roll=dice(sampling.seed, encoded.ids),
            budget=min(sampling.max_tokens, room),
            ends=self._ends | (self._tokeniser.turn_ends if prompt.is_chat else frozenset()),
        )

    def _unconditional(
        self, asks: Sequence[Ask], questions: Sequence[Question]
    ) -> dict[tuple[int, ...], Weight]:
        """What each tail asked for weighs after nothing but the beginning of text."""
        pairs = zip(asks, questions, strict=True)
        tails = dict.fromkeys(t for ask, q in pairs if ask.unconditional for t in q.tails)
        if not tails:
            return {}
        if not self._tokeniser.start:
            raise EngineRefused(
                "This model has no token that begins or ends a text, so nothing can be weighed "
                "without a context.",
                hint="Choose a scorer that is not relative to the unconditional answer.",
            )
        start = Encoded(ids=self._tokeniser.start, bos=0)
        question = Question(context=start, tails=tuple(tails))
        return dict(zip(tails, self._scorer.score([question], self._limits)[0], strict=True))

    def _weighed(
        self,
        ask: Ask,
        question: Question,
        weights: Sequence[Weight],
        alone: dict[tuple[int, ...], Weight],
        seconds: float,
    ) -> Answer:
        scores = tuple(
            ContinuationScore(
                logprob=min(weight.logprob, 0.0),
                tokens=len(tail),
                characters=len(text),
                utf8_bytes=len(text.encode("utf-8", "surrogatepass")),
                greedy=weight.greedy,
                unconditional=min(alone[tail].logprob, 0.0) if ask.unconditional else None,
            )
            for text, tail, weight in zip(ask.continuations, question.tails, weights, strict=True)
        )
        answer = Answer(
            weighed=scores,
            prompt_tokens=_tokens(question),
            seconds=seconds,
            bos=question.context.bos,
            template=question.context.template,
        )
        return self._finished(answer)

    def _finished(self, answer: Answer) -> Answer:
        prices = self._spec.prices
        cost = prices.cost(answer.prompt_tokens, answer.completion_tokens) if prices else None
        return replace(answer, cost=cost, model=self._spec.candidate.ref.text)

    def _refuse_longer(self, tokens: int) -> None:
        most = self._info.context_length
        if most is not None and tokens > most:
            raise EngineRefused(
                f"The question needs {tokens} tokens, and this model reads {most} at most.",
                hint="Use fewer shots, shorter samples or a model with a longer context.",
            )

    def _opened(self) -> Network:
        network = self._network
        if network is None:
            raise EngineDown("This engine was closed.", hint="Open it again.")
        return network

    def _declared_ends(self, model: object) -> frozenset[int]:
        """Tokens that end a text: as generation config, config and tokenizer say together."""
        ends: set[int | None] = set(self._tokeniser.ends)
        for config in (getattr(model, "generation_config", None), getattr(model, "config", None)):
            declared = getattr(config, "eos_token_id", None)
            ends |= set(declared) if isinstance(declared, (list, tuple)) else {declared}
        return frozenset(end for end in ends if end is not None)


def _tokens(question: Question) -> int:
    """Tokens read for a question: its context once, and each continuation."""
    return len(question.context.ids) + sum(map(len, question.tails))


def _refuse_nonsense(sampling: Sampling) -> None:
    bounds = {
        "temperature": sampling.temperature >= 0,
        "top_p": 0 < sampling.top_p <= 1,
        "top_k": sampling.top_k >= 0,
        "repetition_penalty": sampling.repetition_penalty > 0,
        "max_tokens": sampling.max_tokens > 0,
    }
    wrong = [name for name, fine in bounds.items() if not fine]
    if wrong:
        raise BadInput(f"{wrong[0]} cannot be {getattr(sampling, wrong[0])!r}.")
