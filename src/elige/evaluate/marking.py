"""From answers to observations: kept, scored, and noted as belonging to the run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from elige.evaluate.asking import Question
from elige.evaluate.entrant import Entrant
from elige.evaluate.scorers import judge, target_digest
from elige.records import Answer, AnswerKey, Observation, Sample, Scorer
from elige.store import RunEntry, Store

_Marked = list[tuple[Question, Observation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How answers become scores: the scorer, and the digest its scores are kept under.

    `ahead` is told of answers that are about to be scored, so that a judge can be asked of all
    of them at once.
    """

    scorer: Scorer
    digest: str
    ahead: Callable[[Sequence[tuple[Sample, Answer]]], None] = lambda _: None


class Marker:
    """Scores answers for one run. A score that is kept already is not made again."""

    def __init__(self, run: str, judging: Judging, store: Store) -> None:
        self._run = run
        self._judging = judging
        self._store = store

    def fresh(self, entrant: Entrant, answered: Sequence[tuple[Question, Answer]]) -> _Marked:
        """What came back whole from an engine, once it is safely kept."""
        items = [(question.key, answer) for question, answer in answered]
        kept = self._store.keep_answers(items, run=self._run)
        return self._marked(entrant, [question for question, _ in answered], kept, cached=False)

    def known(
        self, entrant: Entrant, questions: Sequence[Question], answers: Mapping[AnswerKey, Answer]
    ) -> _Marked:
        """Those of `questions` that were answered before."""
        found = [question for question in questions if question.key in answers]
        return self._marked(entrant, found, answers, cached=True) if found else []

    def _marked(
        self,
        entrant: Entrant,
        questions: Sequence[Question],
        answers: Mapping[AnswerKey, Answer],
        *,
        cached: bool,
    ) -> _Marked:
        entries = [self._entry(entrant, question) for question in questions]
        keys = [entry.score_key for entry in entries]
        scores = self._store.scores(keys) if cached else {}
        unscored = [q for q, key in zip(questions, keys, strict=True) if key not in scores]
        self._judging.ahead([(question.sample, answers[question.key]) for question in unscored])
        new = {
            key: judge(self._judging.scorer, question.sample, answers[question.key])
            for question, key in zip(questions, keys, strict=True)
            if key not in scores
        }
        self._store.link(self._run, entries, list(new.items()))
        scores |= new
        return [
            (
                question,
                Observation(
                    candidate=entrant.name,
                    sample=question.sample.id,
                    key=question.key,
                    answer=answers[question.key],
                    score=scores[key],
                    cached=cached,
                ),
            )
            for question, key in zip(questions, keys, strict=True)
        ]

    def _entry(self, entrant: Entrant, question: Question) -> RunEntry:
        return RunEntry(
            candidate=entrant.name,
            sample=question.sample.id,
            position=question.index,
            key=question.key,
            scorer=self._judging.digest,
            target=target_digest(question.sample),
            prompt=question.ask.prompt.shown(),
        )
