"""The engine itself: one loaded model behind the protocol `Engine`."""

import gc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import RLock
from time import perf_counter

import torch

from elige.engines.torch import facts
from elige.engines.torch.generation import batches, write
from elige.engines.torch.network import Limits, Network
from elige.engines.torch.packing import pack
from elige.engines.torch.questions import Reading, questions_of, scores_of
from elige.engines.torch.row import Row
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
    Message,
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
            info = facts.info(spec, loaded, self._tokeniser, kv_bytes)
            pack(self._network)
            self._scorer = Scorer(self._network, self._limits, torch.get_num_threads())
        self._info = replace(info, kernel=self._scorer.kernel, notices=self._scorer.notices)
        self._ends = self._declared_ends(loaded.model)
        self._reading = Reading(longest=self._info.context_length)

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
            asked = [questions_of(self._tokeniser, ask, self._reading) for ask in asks]
            if not asked:
                return []
            questions = [question for each in asked for question in each]
            weights = iter(self._scorer.score(questions, self._limits))
            weighed = [[one for _ in each for one in next(weights)] for each in asked]
            alone = self._unconditional(asks, asked)
            seconds = (perf_counter() - start) / sum(map(_tokens, asked))
        scores = [scores_of(*each, alone) for each in zip(asks, asked, weighed, strict=True)]
        return [
            self._weighed(each, found, seconds) for each, found in zip(asked, scores, strict=True)
        ]

    def read_as(self, *, longest: int | None = None, bos: bool | None = None) -> None:
        """From now on cut the beginning off a context that is too long, instead of refusing it.

        `longest` is the most tokens read at once (None: what the model reads), `bos` says
        whether every text begins with that token (None: as its tokenizer does).
        """
        with self._lock:
            self._reading = Reading(longest=longest or self._info.context_length, cuts=True)
            if bos is not None:
                self._tokeniser.put_bos(bos)

    @property
    def template(self) -> str:
        """The text of the model's chat template, '' for none."""
        return self._tokeniser.template

    def rendered(self, messages: Sequence[Message]) -> str:
        """The conversation as the model's chat template writes it, ready for the model's turn.

        Raises `EngineRefused` with what the template says against it.
        """
        with self._lock:
            return self._tokeniser.rendered(messages)

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
            self._network.forget()
            self._network = None
            gc.collect()
            torch.cuda.empty_cache()  # does nothing where there is no CUDA

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
        longest = self._reading.longest or 10**9
        if self._reading.cuts:
            kept = longest - sampling.max_tokens
            self._reading.refuse_longer(longest + max(1 - kept, 0))
            encoded = replace(encoded, ids=encoded.ids[-kept:])
        self._reading.refuse_longer(len(encoded.ids) + 1)
        room = longest - len(encoded.ids)
        return Row(
            index=index,
            prompt=encoded,
            writer=Writer(self._tokeniser, encoded, sampling.stop),
            roll=dice(sampling.seed, encoded.ids),
            budget=min(sampling.max_tokens, room),
            ends=self._ends | (self._tokeniser.turn_ends if prompt.is_chat else frozenset()),
        )

    def _unconditional(
        self, asks: Sequence[Ask], asked: Sequence[Sequence[Question]]
    ) -> dict[tuple[int, ...], Weight]:
        """What each tail asked for weighs after nothing but the beginning of text."""
        pairs = zip(asks, asked, strict=True)
        wanted = [each for ask, each in pairs if ask.unconditional and not ask.rolling]
        tails = dict.fromkeys(tail for each in wanted for one in each for tail in one.tails)
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
        self, asked: Sequence[Question], scores: tuple[ContinuationScore, ...], pace: float
    ) -> Answer:
        first, tokens = asked[0].context, _tokens(asked)
        answer = Answer(
            weighed=scores,
            prompt_tokens=tokens,
            seconds=pace * tokens,
            bos=first.bos,
            template=first.template,
        )
        return self._finished(answer)

    def _finished(self, answer: Answer) -> Answer:
        prices = self._spec.prices
        cost = prices.cost(answer.prompt_tokens, answer.completion_tokens) if prices else None
        return replace(answer, cost=cost, model=self._spec.candidate.ref.text)

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


def _tokens(asked: Sequence[Question]) -> int:
    """Tokens read for an ask: each context once, and each continuation."""
    return sum(len(one.context.ids) + sum(map(len, one.tails)) for one in asked)


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
