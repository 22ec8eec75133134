"""Reports made of invented observations: the same seed makes the same report."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from elige.choose.report import CandidateFacts, Report, SampleRow, Seen
from elige.records import (
    Answer,
    Candidate,
    ContinuationScore,
    EngineInfo,
    FactKind,
    Guess,
    Identity,
    Interval,
    ModelRef,
    Outcome,
    Prices,
    PromptForm,
    RacePoint,
    RefKind,
    Sample,
    Score,
    ScorerSpec,
    SetAside,
    Standing,
    Status,
    Task,
    TaskKind,
    Verdict,
)

LABELS = ("positive", "negative", "neutral")
GROUPS = ("facts", "arithmetic", "sentiment", "Spanish")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One invented candidate: how it ends, how good and fast it is, when it leaves."""

    name: str
    status: Status
    skill: float = 0.0
    seconds: float = 0.0
    left: int = 0
    price: str = ""
    more: int | None = None
    reason: str = ""


WINNER = Entry(
    name="smollm2-135m-instruct,shots=5", status=Status.WINNER, skill=0.74, seconds=0.81, left=400
)
SIX = (
    WINNER,
    Entry(name="gemma-3-270m,shots=5", status=Status.WITHIN, skill=0.74, seconds=1.62, left=400),
    Entry(name="smollm2-135m-instruct", status=Status.BEATEN, skill=0.61, seconds=0.22, left=268),
    Entry(name="gemma-3-270m", status=Status.BEATEN, skill=0.43, seconds=0.45, left=84),
    Entry(
        name="http://localhost:8000/v1#qwen3-8b",
        status=Status.OPEN,
        skill=0.72,
        seconds=0.95,
        left=400,
        price="0.05",
        more=1873,
    ),
    Entry(
        name="smollm2-135m-instruct,dtype=bf16",
        status=Status.REJECTED,
        reason="it needs 5.1 GB, more than --max-memory 4 GB allows",
    ),
)


def made_report(
    entries: Sequence[Entry] = SIX,
    *,
    samples: int = 400,
    seed: int = 7,
    kind: TaskKind = "classification",
) -> Report:
    """A report on `samples` invented samples."""
    dice = random.Random(seed)
    task = made_task(dice, samples, kind)
    rows = [
        SampleRow(
            sample=sample,
            position=at,
            seen={
                entry.name: made_seen(dice, sample, entry, kind)
                for entry in entries
                if at < entry.left
            },
        )
        for at, sample in enumerate(task.samples)
    ]
    return Report(
        verdict=made_verdict(entries, rows, samples),
        task=task,
        candidates=tuple(made_facts(entry) for entry in entries),
        rows=rows,
        elige_version="0.1.0",
        created="2026-11-23 18:05 UTC",
        machine="Linux x86_64, 2 cores of AMD EPYC 9554, 24 GB, no GPU",
        looks=2,
        seed=seed,
        command="elige choose reviews.csv --candidate smollm2-135m-instruct --tolerance 0.03",
    )


def made_task(dice: random.Random, samples: int, kind: TaskKind) -> Task:
    """A task of sentences whose feeling is to be told."""
    return Task(
        name="reviews",
        kind=kind,
        samples=tuple(made_sample(dice, at, kind) for at in range(samples)),
        form=PromptForm(
            instruction="Say how the writer feels.", question="Review: {question}\nFeeling:"
        ),
        scorer=ScorerSpec(name="classification", options=(("case", "ignore"),)),
        labels=LABELS,
        data_hash="9f2c" * 16,
        source="reviews.csv.gz",
        set_aside=(
            SetAside(row=17, why="no answer"),
            SetAside(row=203, why="the question is empty"),
        ),
        guesses=(
            Guess(role="question", column="text", why="its name, and the longest texts"),
            Guess(role="answer", column="label", why="its name; 3 values"),
        ),
    )


def made_sample(dice: random.Random, at: int, kind: TaskKind) -> Sample:
    """A sentence with its feeling, and choices where the task is one of choice."""
    target = dice.choice(LABELS)
    thing = dice.choice(["The battery", "Este libro", "My third visit", "The second season"])
    felt = {"positive": "was a delight", "negative": "let me down", "neutral": "was what it was"}
    tail = " ".join(dice.choices(["and", "really", "so", "I", "would", "tell", "anyone"], k=9))
    return Sample(
        id=f"r{at:04}",
        question=f"{thing} {felt[target]}, {tail}.",
        target=target,
        choices=LABELS if kind == "choice" else (),
        right=LABELS.index(target) if kind == "choice" else None,
        group=dice.choice(GROUPS),
    )


def made_seen(dice: random.Random, sample: Sample, entry: Entry, kind: TaskKind) -> Seen:
    """An answer that is right as often as the candidate's skill says."""
    shots = 5 if "shots" in entry.name else 0
    examples = "Review: It was fine.\nFeeling: neutral\n\n" * shots
    right = dice.random() < entry.skill
    said = sample.target if right else dice.choice([one for one in LABELS if one != sample.target])
    unread = not right and dice.random() < 0.06
    answer = Answer(
        text="" if kind == "choice" else "Hm!" if unread else f"I would say it is {said}.",
        weighed=made_weights(dice, said) if kind == "choice" else (),
        prompt_tokens=40 + 12 * shots,
        completion_tokens=7,
        seconds=entry.seconds * dice.lognormvariate(0, 0.3),
        bos=1,
        template="ab" * 32,
    )
    return Seen(
        prompt=f"Say how the writer feels.\n\n{examples}Review: {sample.question}\nFeeling:",
        answer=answer,
        score=Score.unparsed("no known label in the answer")
        if unread
        else made_score(dice, sample, said, kind),
    )


def made_score(dice: random.Random, sample: Sample, said: str, kind: TaskKind) -> Score:
    """What the answer `said` is worth."""
    right = float(said == sample.target)
    if kind != "json":
        return Score(right, f"saw {said}", Outcome.SCORED, said, said)
    parts = (("feeling", right), ("place", float(dice.random() < 0.8)))
    mean = sum(value for _, value in parts) / 2
    return Score(mean, f"saw {said}", Outcome.SCORED, said, "", parts)


def made_weights(dice: random.Random, said: str) -> tuple[ContinuationScore, ...]:
    """Log-probabilities that favour what was said."""
    return tuple(
        ContinuationScore(
            logprob=-dice.random() if label == said else -2 - dice.random(),
            tokens=1,
            characters=len(label),
            utf8_bytes=len(label),
        )
        for label in LABELS
    )


def made_facts(entry: Entry) -> CandidateFacts:
    """The candidate's identity."""
    remote = entry.name.startswith("http")
    text = entry.name.split(",")[0]
    kind = RefKind.ENDPOINT if remote else RefKind.PACKAGED
    candidate = Candidate(
        name=entry.name,
        ref=ModelRef(text=text, kind=kind, location=text),
        shots=5 if "shots" in entry.name else 0,
    )
    who = Identity(
        weights=text if remote else "4e" * 32,
        tokenizer="" if remote else "77" * 32,
        template="" if remote else "ab" * 32,
        precision="" if remote else "float32",
        engine="remote" if remote else "torch",
        engine_version="5.23.0",
    )
    info = EngineInfo(
        identity=who,
        context_length=8192,
        device="" if remote else "cpu",
        parameters=None if remote else 134_515_008,
    )
    price = Decimal(entry.price) if entry.price else None
    return CandidateFacts(
        candidate=candidate,
        info=info if entry.left else None,
        digest="c0ffee" * 10,
        prices=Prices(input=price, output=price) if price is not None else None,
        prices_kind=FactKind.DECLARED,
        prices_source="--candidate",
    )


def made_verdict(entries: Sequence[Entry], rows: Sequence[SampleRow], samples: int) -> Verdict:
    """The verdict that these rows would give, with intervals of about the right width."""
    won = next((one.name for one in entries if one.status is Status.WINNER), "")
    return Verdict(
        winner=won,
        within=tuple(one.name for one in entries if one.status in {Status.WINNER, Status.WITHIN}),
        candidates=tuple(made_standing(entry, rows, won) for entry in entries),
        tolerance=0.03,
        confidence=0.95,
        scope="future",
        evaluations=sum(len(row.seen) for row in rows),
        full_evaluations=samples * len([one for one in entries if one.left]),
        samples=samples,
        decided=bool(won),
        course=tuple(
            point
            for entry in entries
            if won and entry.name != won and entry.left
            for point in made_course(entry, rows, won)
        ),
        run="20261123-180500-k3f9",
    )


def made_standing(entry: Entry, rows: Sequence[SampleRow], won: str) -> Standing:
    """Where the candidate ended, with its counts."""
    seen = [row.seen[entry.name] for row in rows if entry.name in row.seen]
    if not seen:
        return Standing(name=entry.name, status=entry.status, reason=entry.reason)
    score = sum(one.score.value for one in seen) / len(seen)
    course = made_course(entry, rows, won) if won and entry.name != won else []
    tokens = sum(one.answer.prompt_tokens for one in seen), 7 * len(seen)
    cost = Decimal(entry.price) * sum(tokens) / 1_000_000 if entry.price else None
    seconds = sorted(one.answer.seconds for one in seen)
    return Standing(
        name=entry.name,
        status=entry.status,
        reason=entry.reason,
        score=score,
        interval=around(score, len(seen), 1.5),
        difference=course[-1].difference if course else 0.0,
        difference_interval=(course[-1].low, course[-1].high) if course else None,
        evaluated=len(seen),
        asked=len(seen),
        seconds=sum(seconds),
        seconds_each=seconds[len(seconds) // 2],
        p95_seconds=seconds[int(len(seconds) * 0.95)],
        cost=cost,
        cost_per_1000=cost * 1000 / len(seen) if cost is not None else None,
        prompt_tokens=tokens[0],
        completion_tokens=tokens[1],
        unparsed=sum(one.score.outcome is Outcome.UNPARSED for one in seen),
        more_needed=entry.more,
    )


def made_course(entry: Entry, rows: Sequence[SampleRow], won: str) -> list[RacePoint]:
    """The difference to the winner after each batch; batches grow by a quarter."""
    points, at = [], 20
    while at < min(entry.left, len(rows)):
        points.append(made_point(entry, rows[:at], won))
        at = int(at * 1.25)
    return [*points, made_point(entry, rows[: entry.left], won)]


def made_point(entry: Entry, rows: Sequence[SampleRow], won: str) -> RacePoint:
    """The difference over `rows`."""
    values = [value_of(row.seen, entry.name) - value_of(row.seen, won) for row in rows]
    middle = sum(values) / len(values) * (0.3 if entry.status is Status.WITHIN else 1.0)
    width = 0.35 if entry.status is Status.WITHIN else 1.5
    low, high = around(middle, len(values), width, least=-1.0)
    return RacePoint(name=entry.name, samples=len(rows), difference=middle, low=low, high=high)


def value_of(seen: Mapping[str, Seen], name: str) -> float:
    """The score of one answer."""
    return seen[name].score.value


def around(middle: float, count: int, width: float, *, least: float = 0.0) -> Interval:
    """An interval that narrows with the square root of the count."""
    half = width / count**0.5
    return max(least, middle - half), min(1.0, middle + half)


def with_texts(report: Report, text: str) -> Report:
    """The same report with `text` wherever somebody else's words may stand."""
    first = report.verdict.candidates[0].name
    named = {one.name: text if one.name == first else one.name for one in report.standings}
    verdict = replace(
        report.verdict,
        winner=text,
        candidates=tuple(
            replace(one, name=named[one.name], reason=text) for one in report.verdict.candidates
        ),
        notices=(text,),
        run=text,
    )
    task = replace(
        report.task,
        name=text,
        source=text,
        notices=(text,),
        form=replace(report.task.form, instruction=text),
        set_aside=(SetAside(row=1, why=text),),
    )
    return replace(
        report,
        rows=[_row_with(row, text, named) for row in report.rows],
        candidates=tuple(
            replace(one, candidate=replace(one.candidate, name=named[one.candidate.name]))
            for one in report.candidates
        ),
        verdict=verdict,
        task=task,
        command=text,
        machine=text,
    )


def _row_with(row: SampleRow, text: str, named: Mapping[str, str]) -> SampleRow:
    sample = replace(
        row.sample, id=text, question=text, target=text, group=f"{text}{row.position % 2}"
    )
    seen = {
        named[name]: Seen(
            prompt=f"{text}{row.position}",
            answer=replace(one.answer, text=text, reasoning=text),
            score=replace(one.score, why=text, extracted=text, predicted=text),
        )
        for name, one in row.seen.items()
    }
    return replace(row, sample=sample, seen=seen)
