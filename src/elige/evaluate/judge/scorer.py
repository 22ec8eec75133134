"""The scorer `judge`: a model grades answers, or compares them with others in both orders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from elige.errors import BadInput
from elige.evaluate.judge.words import (
    GRADES,
    PASSES,
    SIDES,
    Verdict,
    again,
    grade_text,
    pair_text,
    prompt_of,
    read_verdict,
)
from elige.evaluate.scorers.options import flag, one_of
from elige.evaluate.scorers.strings import contains
from elige.records import Answer, Prompt, Sample, Score

Mode = Literal["grade", "pairwise"]
Asking = Callable[[Sequence[Prompt]], list[Answer]]
Judged = tuple[Sample, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a judge is to do. `reference` is the judge's own reference with its keys."""

    reference: str
    mode: Mode = "grade"
    verdicts: tuple[Verdict, ...] = GRADES
    rubric: str = ""
    baseline: str = ""
    shows_target: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a judge said of one answer: a verdict for each order, None where it has none.

    `value` is the score they come to, None without one.
    """

    verdicts: tuple[Verdict | None, ...]

    @property
    def value(self) -> float | None:
        """A grade on [0, 1]; in pairs 1 when both orders prefer the answer, 0 when neither does."""
        found = [one for one in self.verdicts if one is not None]
        if len(found) < len(self.verdicts) or not found:
            return None
        if len(found) == 1:
            return _grade(found[0])
        wins = (found[0] == "a", found[1] == "b")
        losses = (found[0] == "b", found[1] == "a")
        return 1.0 if all(wins) else 0.0 if all(losses) else 0.5


def by_judge(
    *,
    judge: str,
    mode: str = "grade",
    scale: str = "1-5",
    rubric: str = "",
    baseline: str = "",
    target: str | bool = True,
) -> "JudgeScorer":
    """The grade that a judging model gives, or whether it prefers the answer to another one.

    `judge` is a candidate, REF[,key=value...]. `mode=grade` gives `scale` 1-5 or pass;
    `mode=pairwise` compares with the target, or the column `baseline`, in both orders: 1 when
    both prefer the answer, 0 when both prefer the other, else 0.5. `rubric` says what counts;
    with `target=false` a grading judge is not shown the right answer.
    """
    if not judge.strip():
        raise BadInput(
            "The scorer judge needs a model that judges.",
            hint="Say --scorer-option judge=REF, for example judge=smollm2-135m-instruct.",
        )
    how = cast(Mode, one_of("mode", mode, get_args(Mode)))
    passing = one_of("scale", scale, ("1-5", "pass")) == "pass"
    if baseline and how != "pairwise":
        raise BadInput(
            "The scorer option baseline is for mode=pairwise.", hint="Add mode=pairwise."
        )
    return JudgeScorer(
        Settings(
            reference=judge,
            mode=how,
            verdicts=SIDES if how == "pairwise" else PASSES if passing else GRADES,
            rubric=rubric,
            baseline=baseline,
            shows_target=flag("target", target),
        )
    )


class JudgeScorer:
    """Scores by asking a judge. Whoever opens the judge's engine hands it over with `asking`."""

    def __init__(
        self,
        settings: Settings,
        asking: Asking | None = None,
        *,
        chat: bool = True,
        rehearses: bool = False,
    ) -> None:
        self.settings = settings
        self._asking = asking
        self._chat = chat
        self._rehearses = rehearses

    def asked_by(self, asking: Asking | None, *, chat: bool, rehearses: bool) -> "JudgeScorer":
        """The same scorer with a judge that can be asked."""
        return JudgeScorer(self.settings, asking, chat=chat, rehearses=rehearses)

    def __call__(self, sample: Sample, answer: Answer) -> Score:
        """The score of `answer`; unparsed when the judge gives no verdict twice."""
        if not answer.text.strip():
            return Score.unparsed("the answer is empty")
        ruling = self.ruling(sample, answer)
        said = ", then ".join(one or "nothing" for one in ruling.verdicts)
        if ruling.value is None:
            return Score.unparsed(f"the judge gave no verdict: {said}")
        words = "the judge said" if len(ruling.verdicts) == 1 else "in both orders the judge said"
        return Score(ruling.value, f"{words} {said}", extracted=said)

    def ahead(self, judged: Sequence[Judged]) -> None:
        """Ask about many answers at once; what is said is kept and found when each is scored."""
        wanted = [pair for pair in judged if pair[1].text.strip()]
        if wanted:
            self._ask([prompt for pair in wanted for prompt in self.prompts(*pair)])

    def ruling(self, sample: Sample, answer: Answer) -> Ruling:
        """What the judge says of `answer`; asked a second time where it gave no verdict."""
        prompts = self.prompts(sample, answer)
        verdicts = [
            self._verdict(prompt, said)
            for prompt, said in zip(prompts, self._ask(prompts), strict=True)
        ]
        return Ruling(verdicts=tuple(verdicts))

    def prompts(self, sample: Sample, answer: Answer) -> list[Prompt]:
        """What the judge is asked about `answer` at first: once, or once in each order."""
        settings, text = self.settings, answer.text.strip()
        if settings.mode == "grade":
            asked = grade_text(
                sample.question,
                text,
                reference=sample.target if settings.shows_target else "",
                rubric=settings.rubric,
                verdicts=settings.verdicts,
            )
            return [self._prompt(asked, self._rehearsed(sample, answer))]
        other = self.baseline(sample)
        pairs = ((text, other), (other, text))
        texts = [pair_text(sample.question, *pair, rubric=settings.rubric) for pair in pairs]
        right = self._rehearsed(sample, answer)
        swapped = {"VERDICT: A": "VERDICT: B", "VERDICT: B": "VERDICT: A"}.get(right, right)
        return [self._prompt(one, said) for one, said in zip(texts, (right, swapped), strict=True)]

    def retry(self, prompt: Prompt, said: Answer) -> Prompt | None:
        """What the judge is asked after an answer without a verdict; None after one with it."""
        if read_verdict(said.text, self.settings.verdicts) is not None:
            return None
        return again(prompt, said.text, self.settings.verdicts)

    def baseline(self, sample: Sample) -> str:
        """The answer that others are compared with. Raises `BadInput` for a missing column."""
        column = self.settings.baseline
        found = dict(sample.fields).get(column, "") if column else sample.target
        if found.strip():
            return found.strip()
        raise BadInput(
            f"Sample {sample.id!r} has nothing in the column {column!r} to compare answers with.",
            hint="Name another column with --scorer-option baseline=COLUMN.",
        )

    def _verdict(self, prompt: Prompt, said: Answer) -> Verdict | None:
        if (second := self.retry(prompt, said)) is not None:
            (said,) = self._ask([second])
        return read_verdict(said.text, self.settings.verdicts)

    def _ask(self, prompts: Sequence[Prompt]) -> list[Answer]:
        if self._asking is None:
            raise ValueError("this judge was not opened")
        return self._asking(prompts)

    def _prompt(self, text: str, rehearsal: str) -> Prompt:
        prompt = prompt_of(text, chat=self._chat)
        return replace(prompt, rehearsal=rehearsal) if self._rehearses else prompt

    def _rehearsed(self, sample: Sample, answer: Answer) -> str:
        """What EchoEngine takes for the right verdict: whether the target is in the answer."""
        if not self._rehearses:
            return ""
        right = contains()(sample, answer).value == 1.0
        best = {GRADES: ("5", "1"), PASSES: ("pass", "fail")}.get(
            self.settings.verdicts, ("tie", "B")
        )
        return f"VERDICT: {best[not right]}"


def _grade(verdict: Verdict) -> float:
    return float(verdict == "pass") if verdict in PASSES else (int(verdict) - 1) / 4
