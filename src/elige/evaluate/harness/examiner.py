"""Asks and judges a task of lm-eval, as `Task.examiner`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import RLock
from typing import Any  # lm-eval's values have many types

from elige.errors import BadInput
from elige.evaluate.harness.asks import SetUp
from elige.evaluate.harness.exam import Exam, Replies
from elige.evaluate.harness.metrics import Values, number
from elige.evaluate.harness.select import Weighing
from elige.evaluate.harness.totals import Part, totals
from elige.records import (
    Answer,
    Ask,
    Candidate,
    EngineInfo,
    Figure,
    Outcome,
    Prompt,
    Sample,
    Sampling,
    Score,
)
from elige.text import one_line

# What lm-eval's filters give where they find nothing.
_NOTHING = "[invalid]"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sample comes from: which task, which of its documents, the how-manyth answer."""

    exam: Exam
    document: int
    repeat: int = 0


class HarnessExaminer:
    """Asks what lm-eval would ask, and judges by lm-eval's own code; calls take turns."""

    def __init__(
        self,
        places: Mapping[str, Place],
        *,
        weighing: Sequence[Weighing] = (),
        max_tokens: int | None = None,
        stop: tuple[str, ...] | None = None,
    ) -> None:
        self._places = places
        self._weighing = weighing
        self._max_tokens = max_tokens
        self._stop = stop
        self._lock = RLock()

    def ask(self, candidate: Candidate, info: EngineInfo, sample: Sample) -> Ask:
        """The question as lm-eval would put it to this candidate.

        Plain text, as lm-eval does by default; a conversation (`--apply_chat_template`) with
        prompt=chat, and for endpoints that take nothing else. Raises `BadInput` for a candidate
        that cannot be asked so.
        """
        place = self._places[sample.id]
        setup = SetUp(
            shots=candidate.shots,
            chat=_is_chat(candidate, info),
            system=candidate.system,
        )
        with self._lock:
            ask = place.exam.asks.ask(setup, place.document)
        if not ask.sampling and not info.can_score:
            raise BadInput(
                f"{candidate.name} cannot weigh continuations, and {place.exam.name} is scored "
                "by their log-probabilities.",
                hint="Use a model that is loaded here, or a task that generates.",
            )
        if ask.sampling:
            ask = replace(ask, sampling=self._sampling(ask.sampling, candidate, place.repeat))
        return self._rehearsed(ask, sample, info)

    def score(self, sample: Sample, answer: Answer) -> Score:
        """The chosen metric of one answer, with the others as parts; it is what lm-eval computes.

        Where the task votes over several answers, each counts as if all of them had been it.
        """
        place = self._places[sample.id]
        exam = place.exam
        replies = Replies(
            place=place.document, responses=[[one] * exam.repeats for one in _responses(answer)]
        )
        with self._lock:
            (values,) = exam.values([replies])
            seen = exam.filtered(replies).get(exam.metric.filter)
        return _scored(exam, values, seen, answer, sample)

    def figures(
        self, answered: Sequence[tuple[Sample, Answer]], *, confidence: float, seed: int
    ) -> tuple[Figure, ...]:
        """Every metric over all these answers, aggregated by lm-eval's own functions."""
        parts = []
        with self._lock:
            for exam, replies in self._by_exam(answered).items():
                parts.append(Part(exam=exam, values=exam.values(replies)))
        return totals(parts, self._weighing, confidence=confidence, seed=seed)

    def _by_exam(self, answered: Sequence[tuple[Sample, Answer]]) -> dict[Exam, list[Replies]]:
        """Answers put together by document, in the tasks' order, as lm-eval sees them."""
        found: dict[Exam, dict[int, dict[int, list[Any]]]] = {}
        for sample, answer in answered:
            place = self._places[sample.id]
            document = found.setdefault(place.exam, {}).setdefault(place.document, {})
            document[place.repeat] = _responses(answer)
        return {
            exam: [
                Replies(place=place, responses=_repeated(exam, documents[place]))
                for place in sorted(documents)
            ]
            for exam, documents in found.items()
        }

    def _sampling(self, said: Sampling, candidate: Candidate, repeat: int) -> Sampling:
        """The task's sampling, with what the command line and the candidate say over it."""
        one = candidate
        return replace(
            said,
            temperature=said.temperature if one.temperature is None else one.temperature,
            top_p=said.top_p if one.top_p is None else one.top_p,
            top_k=said.top_k if one.top_k is None else one.top_k,
            max_tokens=one.max_tokens or self._max_tokens or said.max_tokens,
            stop=said.stop if self._stop is None else self._stop,
            seed=(one.seed or 0) + repeat,
        )

    def _rehearsed(self, ask: Ask, sample: Sample, info: EngineInfo) -> Ask:
        if not info.rehearses:
            return ask
        right = sample.target
        if ask.is_choice and sample.right is not None:
            right = ask.continuations[sample.right]
        prompt = ask.prompt
        return replace(
            ask, prompt=Prompt(messages=prompt.messages, text=prompt.text, rehearsal=right)
        )


def _is_chat(candidate: Candidate, info: EngineInfo) -> bool:
    able = info.has_template or candidate.ref.is_remote
    if candidate.prompt == "chat" and not able:
        raise BadInput(
            f"{candidate.name} has no chat template.", hint="Say prompt=plain, or leave it out."
        )
    return candidate.prompt == "chat" or (candidate.prompt == "auto" and candidate.ref.is_remote)


def _responses(answer: Answer) -> list[Any]:
    """An answer as lm-eval's models give it: a text, a sum, or a pair for each continuation."""
    if not answer.weighed:
        return [answer.text]
    return [(one.logprob, one.greedy) for one in answer.weighed]


def _repeated(exam: Exam, answers: Mapping[int, list[Any]]) -> list[list[Any]]:
    """For each request its responses; what never varies was asked once and counts each time."""
    given = [answers[repeat] for repeat in sorted(answers)]
    if not exam.samples_again:
        given = [given[0]] * exam.repeats
    return [list(responses) for responses in zip(*given, strict=True)]


def _scored(exam: Exam, values: Values, seen: object, answer: Answer, sample: Sample) -> Score:
    metric = exam.metric
    value = values.get(metric.place)
    found = number(value)
    if not metric.is_score:
        # A figure of the whole file: what it says of this sample alone is told, not counted.
        return Score(0.0, f"{metric.key} is a figure of the whole file; here {_shown(value)}")
    if found is None or not 0.0 <= found <= 1.0:
        others = ", ".join(one.key for one in exam.metrics if one.is_score and one != metric)
        raise BadInput(
            f"{exam.name} gave {metric.key} {_shown(value)} for sample {sample.id}, "
            "and a score lies from 0 to 1.",
            hint=f"Choose another with --metric: {others}." if others else "Mend the task file.",
        )
    parts = tuple(
        (one.key, part)
        for one in exam.metrics
        if one != metric and (part := number(values.get(one.place))) is not None
        if one.is_score and 0.0 <= part <= 1.0
    )
    read = _read(seen, answer, sample)
    outcome = Outcome.UNPARSED if seen == _NOTHING and found == 0.0 else Outcome.SCORED
    why = f"{metric.key} {found:g}: {read}"
    return Score(found, why, outcome, extracted=read if not answer.weighed else "", parts=parts)


def _read(seen: object, answer: Answer, sample: Sample) -> str:
    """What the answer came to, for people."""
    if seen == _NOTHING:
        return "nothing was found in the answer"
    if not answer.weighed:
        text = seen[0] if isinstance(seen, (list, tuple)) and len(seen) == 1 else seen
        return one_line(text)
    logprobs = [one.logprob for one in answer.weighed[: len(sample.choices) or None]]
    if len(logprobs) < 2 or len(logprobs) != len(sample.choices):
        return f"log-probability {logprobs[0]:.4g}"
    picked = sample.choices[logprobs.index(max(logprobs))]
    return f"the likeliest is {one_line(picked)!r}"


def _shown(value: object) -> str:
    plain = number(value)
    return one_line(value) if plain is None else f"{plain:.4g}"
