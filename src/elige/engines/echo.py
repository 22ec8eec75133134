"""An engine without weights: it answers and scores from a hash, to rehearse the plumbing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event
from time import perf_counter

from elige.engines.wrong import wrong_text
from elige.errors import BadInput, EngineDown, EngineRefused
from elige.records import (
    Answer,
    Ask,
    Candidate,
    ContinuationScore,
    EngineInfo,
    EngineSpec,
    Finish,
    Identity,
    Piece,
    Prompt,
    Sampling,
)
from elige.text import digest, nearest

DEFAULT_SKILL = 0.5
_VERSION = "1"  # of the way answers follow from the hash
_KEYS = ("delay", "seed", "skill")
_WORD = re.compile(r"\s*\S+")


def identity(candidate: Candidate) -> Identity:
    """The identity of EchoEngine under the candidate's keys.

    Skill and seed are in it, for they change answers; the delay is not. Raises `BadInput` for
    a key or value that EchoEngine does not know.
    """
    skill, _, seed = _keys(candidate)
    weights = f"echo:skill={skill!r},seed={seed}"
    return Identity(weights=weights, precision="none", engine="echo", engine_version=_VERSION)


class EchoEngine:
    """Answers right with probability `skill`, decided by a hash of the question.

    Keys: `skill` (0 to 1, default 0.5), `delay` (seconds for each answer, default 0), `seed`
    (default 0). The right answer comes in `Prompt.rehearsal`. Engines of different identities
    are right on different questions. At a temperature above 0 the sampling's seed draws anew.
    Tokens are words. A scored answer counts its continuations as prompt tokens, for nothing
    is generated. Prompts are answered one after another.
    """

    def __init__(self, spec: EngineSpec) -> None:
        self._spec = spec
        self._skill, self._delay, _ = _keys(spec.candidate)
        self._closed = Event()

    def describe(self) -> EngineInfo:
        """What it is: nothing but a hash."""
        return EngineInfo(
            identity=self._spec.identity,
            device="none",
            has_template=True,
            parameters=0,
            weight_bytes=0,
            kernel="hash",
            rehearses=True,
        )

    def score(self, asks: Sequence[Ask]) -> list[Answer]:
        """Log-probabilities whose greatest, under any normalisation, is the chosen one.

        A text weighed as a whole gets one between -2 and -1 for each byte.

        Raises `EngineRefused` for a question without continuations.
        """
        if not all(ask.is_choice for ask in asks):
            raise EngineRefused(
                "There are no continuations to weigh.", hint="Ask for a generated answer instead."
            )
        return [self._weigh(ask) for ask in asks]

    def generate(self, prompts: Sequence[Prompt], sampling: Sampling) -> Iterator[Piece]:
        """Stream each answer word by word.

        Raises `EngineDown` when the engine is closed; closed in the middle, it is each
        unfinished prompt's failure.
        """
        self._wait(0.0)
        for index, prompt in enumerate(prompts):
            try:
                yield from self._stream(index, prompt, sampling)
            except EngineDown as error:
                yield Piece(index=index, failure=error)

    def close(self) -> None:
        """Wake whoever sleeps; nothing else to give back."""
        self._closed.set()

    def _stream(self, index: int, prompt: Prompt, sampling: Sampling) -> Iterator[Piece]:
        started = perf_counter()
        self._wait(self._delay)
        text, finish = _cut(self._said(prompt, sampling), sampling)
        seconds = perf_counter() - started  # what the reader of the stream takes is not ours
        for word in _pieces(text):
            self._wait(0.0)
            yield Piece(index=index, text=word)
        answer = Answer(
            text=text,
            finish=finish,
            prompt_tokens=_words(prompt.shown()),
            completion_tokens=_words(text),
            seconds=seconds,
        )
        yield Piece(index=index, answer=self._billed(answer))

    def _said(self, prompt: Prompt, sampling: Sampling) -> str:
        draw = 0 if sampling.is_greedy else sampling.seed
        question = digest([_unrehearsed(prompt), draw])
        if not prompt.rehearsal:
            return f"echo {self._hash('said', question)[:8]}"
        if self._chance("right", question) < self._skill:
            return prompt.rehearsal
        return wrong_text(prompt.rehearsal, self._hash("wrong", question))

    def _weigh(self, ask: Ask) -> Answer:
        started = perf_counter()
        self._wait(self._delay)
        contexts = [ask.contexts] if ask.contexts else []
        question = digest([_unrehearsed(ask.prompt), ask.continuations, *contexts])
        texts = (ask.prompt.text,) if ask.rolling else ask.continuations
        chosen = None if ask.rolling else self._chosen(ask, question)
        weighed = tuple(
            self._weight(text, self._chance(f"weight {i}", question), i == chosen, ask)
            for i, text in enumerate(texts)
        )
        read = () if ask.rolling else ask.contexts or (ask.prompt.shown(),)
        words = sum(map(_words, read)) + sum(w.tokens for w in weighed)
        seconds = perf_counter() - started
        return self._billed(Answer(weighed=weighed, prompt_tokens=words, seconds=seconds))

    def _chosen(self, ask: Ask, question: str) -> int:
        """Index of the continuation that shall be the likeliest."""
        count = len(ask.continuations)
        right = _place(ask.prompt.rehearsal, ask.continuations)
        pick = int(self._chance("pick", question) * (count if right is None else count - 1))
        if right is None:
            return pick
        if count == 1 or self._chance("right", question) < self._skill:
            return right
        return pick if pick < right else pick + 1

    def _weight(self, text: str, chance: float, chosen: bool, ask: Ask) -> ContinuationScore:
        """At least -0.1 in all when chosen, otherwise at most -1 for each byte.

        So the order is the same summed, for each byte, character or token; and it is the same
        relative to the unconditional log-probability, which is 2 lower against at most 1.
        """
        size = len(text.encode("utf-8", "surrogatepass"))
        logprob = -0.1 * chance if chosen else -(1.0 + chance) * max(size, 1)
        gain = 2.0 if chosen else chance
        return ContinuationScore(
            logprob=logprob,
            tokens=max(_words(text), 1),
            characters=len(text),
            utf8_bytes=size,
            greedy=chosen,
            unconditional=logprob - gain if ask.unconditional else None,
        )

    def _billed(self, answer: Answer) -> Answer:
        prices = self._spec.prices
        if prices is None:
            return replace(answer, model="echo")
        cost = prices.cost(answer.prompt_tokens, answer.completion_tokens)
        return replace(answer, model="echo", cost=cost)

    def _hash(self, purpose: str, question: str) -> str:
        return digest([self._spec.identity.weights, purpose, question])

    def _chance(self, purpose: str, question: str) -> float:
        """Evenly distributed in [0, 1), always the same for the same question."""
        return int(self._hash(purpose, question)[:13], 16) / 16**13

    def _wait(self, seconds: float) -> None:
        if self._closed.wait(seconds) if seconds else self._closed.is_set():
            raise EngineDown("The echo engine was closed.", hint="Open the model again.")


def _keys(candidate: Candidate) -> tuple[float, float, int]:
    """Skill, delay and seed; raises `BadInput`."""
    for key, _ in candidate.options:
        if key not in _KEYS:
            hint = nearest(key, _KEYS) or f"Known: {', '.join(_KEYS)}."
            raise BadInput(f"EchoEngine has no key {key!r}.", hint=hint)
    skill = _number(candidate, "skill", DEFAULT_SKILL)
    if skill > 1.0:
        raise BadInput(f"skill={skill:g} is above 1.", hint="Write a number from 0 to 1.")
    seed = _number(candidate, "seed", float(candidate.seed or 0))
    return skill, _number(candidate, "delay", 0.0), int(seed)


def _number(candidate: Candidate, key: str, default: float) -> float:
    """The key's value, finite and not negative."""
    text = candidate.option(key)
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if not 0.0 <= value < float("inf"):
        raise BadInput(
            f"{key}={text} is no number from 0 up.", hint=f"For example: echo,{key}={default:g}."
        )
    return value


def _unrehearsed(prompt: Prompt) -> Prompt:
    return replace(prompt, rehearsal="")


def _place(rehearsal: str, continuations: Sequence[str]) -> int | None:
    """Index of the right continuation; white space around it does not count."""
    texts = [text.strip() for text in continuations]
    if rehearsal in continuations:
        return continuations.index(rehearsal)
    return texts.index(rehearsal.strip()) if rehearsal.strip() in texts else None


def _cut(text: str, sampling: Sampling) -> tuple[str, Finish]:
    """The text up to its first stop string or its last allowed word."""
    words = _pieces(text)
    said = "".join(words[: sampling.max_tokens])
    ends = [at for stop in sampling.stop if stop and (at := said.find(stop)) >= 0]
    if ends:
        return said[: min(ends)], Finish.STOP
    return said, Finish.LENGTH if _words(text) > sampling.max_tokens else Finish.STOP


def _pieces(text: str) -> list[str]:
    """Words with the space before them; they join to the text again."""
    words = _WORD.findall(text)
    rest = text[sum(map(len, words)) :]
    return [*words, rest] if rest else words


def _words(text: str) -> int:
    return len(text.split())
