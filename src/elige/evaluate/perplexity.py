"""Perplexity: how likely a model finds whole texts, per token, byte and word.

Each text is weighed in windows that cover it once (rolling, as lm-evaluation-harness does):

    perplexity per unit = exp(-sum of log-probabilities / sum of units)

over all texts. Units are the model's tokens, bytes of UTF-8, or words parted by white space. Only
bytes and words compare models of different tokenizers (lm-eval's docs, `byte_perplexity`).
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from elige.errors import BadInput
from elige.evaluate.options import NO_COLUMN, TaskOptions
from elige.evaluate.rows import Row, Table
from elige.evaluate.rows.content import read_content
from elige.evaluate.rows.decode import decoded
from elige.evaluate.samples import set_aside_notice
from elige.records import (
    Answer,
    Ask,
    Candidate,
    EngineInfo,
    Figure,
    Guess,
    Prompt,
    PromptForm,
    Sample,
    Score,
    ScorerSpec,
    SetAside,
    Task,
)
from elige.stats import Indexes, bootstrap_interval
from elige.text import digest, nearest

PERPLEXITY = "perplexity"
_PROSE = {".txt", ".md", ".text", ".rst"}
_NAMES = ("text", "texts", "content", "document", "page", "body", "question")
_ADJUSTABLE = {"name", "question", "answer", "id", "group", "cluster", "scorer", "encoding"} | {
    "columns",
    "estimates",
}
_DRAWS, _ID, _LOOKED_AT = 1000, 16, 200
_LARGEST = 700.0  # exp of more is no float any more
_SPACE = re.compile(r"\s+")


def perplexity() -> "Perplexity":
    """How likely the model finds whole texts; there are no right answers."""
    return Perplexity()


class Perplexity:
    """Asks for each text's log-probability, and sums up."""

    def __call__(self, sample: Sample, answer: Answer) -> Score:
        """As `score`."""
        return self.score(sample, answer)

    def ask(self, candidate: Candidate, info: EngineInfo, sample: Sample) -> Ask:
        """The whole text, to be weighed; raises `BadInput` for a candidate that cannot do it."""
        if not info.can_score:
            raise BadInput(
                f"{candidate.name} gives no log-probabilities of a text, and perplexity is made "
                "of them.",
                hint="Use a model that is loaded here.",
            )
        told = {"shots": candidate.shots, "system": candidate.system}
        said = next((name for name, value in told.items() if value), "")
        if said or candidate.prompt == "chat":
            raise BadInput(
                f"{candidate.name} has {said or 'prompt=chat'}, and for perplexity texts are read "
                "as they are.",
                hint="Leave it out.",
            )
        return Ask(prompt=Prompt(text=sample.question), rolling=True)

    def score(self, sample: Sample, answer: Answer) -> Score:
        """The geometric mean of the probability of the text's bytes, which lies in [0, 1]."""
        (whole,) = answer.weighed
        size = max(1, len(sample.question.encode()))
        bits = -whole.logprob / size / math.log(2)
        each = _exp(-whole.logprob / max(1, whole.tokens))
        return Score(
            min(1.0, math.exp(whole.logprob / size)),
            f"{bits:.4f} bits per byte, perplexity {each:,.4g} over {whole.tokens:,} tokens",
        )

    def figures(
        self, answered: Sequence[tuple[Sample, Answer]], *, confidence: float, seed: int
    ) -> tuple[Figure, ...]:
        """Bits per byte, and perplexity per byte, word and token, over all texts."""
        texts = [sample.question for sample, _ in answered]
        nats = -np.array([answer.weighed[0].logprob for _, answer in answered])
        units = {
            "byte": np.array([len(text.encode()) for text in texts]),
            "word": np.array([len(_SPACE.split(text)) for text in texts]),
            "token": np.array([answer.weighed[0].tokens for _, answer in answered]),
        }
        rates = [_Rate("bits_per_byte", nats / math.log(2), units["byte"], float)]
        rates += [_Rate(f"{unit}_perplexity", nats, units[unit], _exp) for unit in units]
        return tuple(_figure(rate, confidence, seed) for rate in rates)


@dataclass(frozen=True, slots=True)
class _Rate:
    """A figure of sums over texts: `shape` of all nats or bits by all units."""

    name: str
    sums: NDArray[np.float64]
    units: NDArray[np.int64]
    shape: Callable[[float], float]

    def at(self, chosen: Indexes) -> float:
        return self.shape(float(self.sums[chosen].sum() / max(1, self.units[chosen].sum())))


def _figure(rate: _Rate, confidence: float, seed: int) -> Figure:
    count = len(rate.sums)
    value = rate.at(np.arange(count))
    low, high = value, value
    if count > 1 and math.isfinite(value):
        low, high = bootstrap_interval(
            rate.at, samples=count, draws=_DRAWS, confidence=confidence, seed=seed
        )
    told = low < high < math.inf  # one text, or texts all alike, tell nothing of others
    return Figure(
        name=rate.name,
        value=value,
        interval=(low, high) if told else None,
        method=f"percentile bootstrap, {_DRAWS:,} resamples" if told else "",
        samples=count,
        higher_is_better=False,
        is_mean=False,
    )


def _exp(value: float) -> float:
    return math.exp(value) if value < _LARGEST else math.inf


def perplexity_task(table: Table, options: TaskOptions, source: str) -> Task:
    """Every text of one column as a sample; raises `BadInput` where there is none to be read."""
    wrong = sorted({*options.said()} - _ADJUSTABLE)
    if options.answer not in {"", NO_COLUMN}:
        wrong.append("answer")
    if wrong:
        raise BadInput(
            f"{wrong[0]} means nothing for perplexity: whole texts are weighed as they are.",
            hint="Leave it out.",
        )
    column = _column(table, options.question)
    texts = [(row, row.values.get(column)) for row in table.rows]
    read = [(row, text) for row, text in texts if isinstance(text, str) and text.strip()]
    if not read:
        raise BadInput(
            f"{table.path}: no row has a text in the column {column!r}.",
            hint=f"Name another with --question; there are {', '.join(table.columns)}.",
        )
    aside = tuple(
        SetAside(row=row.number, why=f"without a text in {column}")
        for row, text in texts
        if not (isinstance(text, str) and text.strip())
    )
    return Task(
        name=options.name or Path(table.path).name.partition(".")[0],
        kind="text",
        samples=tuple(_samples(read, options)),
        form=PromptForm(question="{question}"),
        scorer=ScorerSpec(name=PERPLEXITY),
        estimates=options.estimates or "corpus",
        examiner=Perplexity(),
        data_hash=table.data_hash,
        source=source,
        set_aside=aside,
        guesses=(Guess(role="text", column=column, why=_why(options.question)),),
        notices=(*table.notices, *set_aside_notice(aside, len(table.rows))),
    )


def prose(path: Path) -> Table | None:
    """A file of plain text as one row; None for a file of another kind."""
    if path.suffix.lower() not in _PROSE:
        return None
    content = read_content(path)
    row = Row(1, 0, {"text": decoded(content, "")})
    return Table(
        path=content.path,
        format="text",
        columns=("text",),
        rows=(row,),
        data_hash=content.data_hash,
    )


def _samples(read: Sequence[tuple[Row, str]], options: TaskOptions) -> Iterator[Sample]:
    seen: Counter[str] = Counter()
    for row, text in read:
        said = row.values.get(options.id) if options.id else None
        name = digest(text)[:_ID] if said in {None, ""} else str(said)
        seen[name] += 1
        yield Sample(
            id=name if seen[name] == 1 else f"{name}#{seen[name]}",
            question=text,
            target="",
            group=str(row.values.get(options.group, "")) if options.group else "",
            cluster=str(row.values.get(options.cluster, "")) if options.cluster else "",
        )


def _column(table: Table, said: str) -> str:
    """The column of the texts: the one named, one that is called so, or the longest one."""
    if said:
        if said not in table.columns:
            raise BadInput(
                f"{table.path} has no column {said!r}.",
                hint=nearest(said, table.columns) or f"There are {', '.join(table.columns)}.",
            )
        return said
    for name in _NAMES:
        for column in table.columns:
            if column.casefold() == name:
                return column

    def length(column: str) -> int:
        values = (row.values.get(column) for row in table.rows[:_LOOKED_AT])
        return sum(len(value) for value in values if isinstance(value, str))

    return max(table.columns, key=length)


def _why(said: str) -> str:
    return "given" if said else "it is called so, or holds the longest texts"
