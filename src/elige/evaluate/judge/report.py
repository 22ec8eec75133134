"""What is to be known of a judge: what it cost, how it leans, how often it said nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any  # JSON-like values have no better static type

from elige.evaluate.entrant import Entrant
from elige.evaluate.judge.desk import answer_key
from elige.evaluate.judge.scorer import Judged, JudgeScorer, Ruling
from elige.evaluate.judge.words import Verdict, read_verdict
from elige.records import Answer, AnswerKey, Prompt, Sample
from elige.stats import Agreement
from elige.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeReport:
    """One judge in one run.

    `answers` counts what it was asked for these answers, in this run (`asked`) or before.
    `rulings` are answers judged, `unparsed` those without a verdict. In pairs `tied` were called
    a tie in both orders and `by_position` won by standing in the same place in both; `first` is
    how many of all verdicts went to the answer shown first. `cost` is in US dollars, None when
    no price is known.
    """

    name: str
    mode: str
    answers: int = 0
    asked: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    cost: Decimal | None = None
    rulings: int = 0
    unparsed: int = 0
    retried: int = 0
    pairs: int = 0
    tied: int = 0
    by_position: int = 0
    first: int = 0
    agreement: Agreement | None = None

    def facts(self) -> dict[str, Any]:
        """The report as an object of JSON."""
        pairs = self.pairs
        return {
            "name": self.name,
            "mode": self.mode,
            "answers": self.answers,
            "asked": self.asked,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "seconds": self.seconds,
            "cost": None if self.cost is None else str(self.cost),
            "judged": self.rulings,
            "unparsed": self.unparsed,
            "retried": self.retried,
            "pairs": pairs,
            "tie_rate": self.tied / pairs if pairs else None,
            "position_bias_rate": self.by_position / pairs if pairs else None,
            "first_rate": self.first / (2 * pairs) if pairs else None,
            "agreement": None if self.agreement is None else self.agreement.facts(),
        }


@dataclass(slots=True)
class _Bill:
    """What is summed up over a judge's answers, each counted once."""

    seen: set[AnswerKey] = field(default_factory=set)
    tokens: list[int] = field(default_factory=lambda: [0, 0])
    seconds: float = 0.0
    cost: Decimal | None = Decimal(0)

    def add(self, key: AnswerKey, answer: Answer) -> None:
        if key in self.seen:
            return
        self.seen.add(key)
        self.tokens[0] += answer.prompt_tokens
        self.tokens[1] += answer.completion_tokens
        self.seconds += answer.seconds
        if self.cost is not None:
            self.cost = None if answer.cost is None else self.cost + answer.cost


class Clerk:
    """Reads in the store what a judge said of answers; asks nothing."""

    def __init__(self, judge: Entrant, scorer: JudgeScorer, store: Store) -> None:
        self._judge = judge
        self._scorer = scorer
        self._store = store
        self._bill = _Bill()
        self._retried = 0

    def report(
        self, judged: Iterable[Judged], *, run: str, besides: Iterable[Judged] = ()
    ) -> JudgeReport:
        """What the judge of `run` said of all the answers in `judged`.

        Those `besides` were judged to compare the judge with people: they are paid for too.
        """
        rulings = [found for pair in judged if (found := self._ruling(*pair)) is not None]
        for pair in besides:
            self._ruling(*pair)
        whole = [one.verdicts for one in rulings if None not in one.verdicts]
        pairs = [verdicts for verdicts in whole if len(verdicts) == 2]
        bill = self._bill
        return JudgeReport(
            name=self._judge.name,
            mode=self._scorer.settings.mode,
            answers=len(bill.seen),
            asked=self._store.asked_in(run, bill.seen),
            prompt_tokens=bill.tokens[0],
            completion_tokens=bill.tokens[1],
            seconds=bill.seconds,
            cost=bill.cost if bill.seen else None,
            rulings=len(rulings),
            unparsed=sum(one.value is None for one in rulings),
            retried=self._retried,
            pairs=len(pairs),
            tied=sum(one == ("tie", "tie") for one in pairs),
            by_position=sum(one in {("a", "a"), ("b", "b")} for one in pairs),
            first=sum(verdict == "a" for one in pairs for verdict in one),
        )

    def _ruling(self, sample: Sample, answer: Answer) -> Ruling | None:
        """What was said of one answer; None where it was not judged yet."""
        if not answer.text.strip():
            return None
        prompts = self._scorer.prompts(sample, answer)
        said = self._said(prompts)
        if len(said) < len(prompts):
            return None
        verdicts = [self._verdict(*pair) for pair in zip(prompts, said, strict=True)]
        return Ruling(verdicts=tuple(verdicts))

    def _verdict(self, prompt: Prompt, said: Answer) -> Verdict | None:
        second = self._scorer.retry(prompt, said)
        if second is not None:
            self._retried += 1
            said = next(iter(self._said([second])), said)
        return read_verdict(said.text, self._scorer.settings.verdicts)

    def _said(self, prompts: list[Prompt]) -> list[Answer]:
        keys = [answer_key(self._judge, prompt) for prompt in prompts]
        known = self._store.answers(keys)
        for key, answer in known.items():
            self._bill.add(key, answer)
        return [known[key] for key in keys if key in known]
