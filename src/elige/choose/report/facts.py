"""How it was done, as labelled facts: the run, and each candidate's identity."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from elige.choose.amounts import count
from elige.choose.report.data import CandidateFacts, Report
from elige.records import EngineInfo
from elige.text import human_bytes

_HASH = re.compile("[0-9a-f]{32,}")
_SHORT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A label and what stands behind it; `code` asks for fixed-width letters."""

    label: str
    text: str
    code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One property with its value for each candidate in the order shown ('' for unknown)."""

    label: str
    values: tuple[str, ...]

    @property
    def short(self) -> tuple[str, ...]:
        """The values with hashes cut to what tells them apart."""
        return tuple(
            f"{value[:_SHORT]}…" if _HASH.fullmatch(value) else value for value in self.values
        )

    @property
    def has_hashes(self) -> bool:
        """Whether `short` cuts anything."""
        return self.short != self.values


def run_facts(report: Report) -> tuple[Labelled, ...]:
    """What was done, on what, where and when."""
    task, verdict = report.task, report.verdict
    scorer = ", ".join(
        [task.scorer.name, *(f"{key}={value}" for key, value in task.scorer.options)]
    )
    asked = "new samples like these" if verdict.scope == "future" else "exactly these samples"
    kept = f"; {count(report.kept_back, 'sample')} kept back" if report.kept_back else ""
    listed = [
        Labelled(label="Command", text=report.command, code=True),
        Labelled(label="Run", text=verdict.run, code=True),
        Labelled(label="Data", text=task.source or task.name, code=True),
        Labelled(label="SHA-256 of the data", text=task.data_hash, code=True),
        Labelled(label="Task", text=f"{task.name}: {_kind(report)}"),
        Labelled(label="Scorer", text=scorer, code=True),
        Labelled(label="Samples", text=f"{len(task.samples):,}{kept}"),
        Labelled(label="Looks at this file", text=f"{report.looks:,}, this one included"),
        Labelled(label="Question asked", text=asked),
        Labelled(label="Tolerance", text=f"{verdict.tolerance * 100:g} points"),
        Labelled(label="Confidence", text=f"{verdict.confidence * 100:g} %"),
        Labelled(label="Preferred among the good", text=verdict.prefer),
        Labelled(label="Seed", text=str(report.seed)),
        Labelled(label="Machine", text=report.machine),
        Labelled(label="elige", text=report.elige_version),
        Labelled(label="Made", text=report.created),
    ]
    return tuple(one for one in listed if one.text)


def identity(report: Report) -> tuple[Line, ...]:
    """What each candidate is: reference, engine, hashes, prompt set-up, sampling."""
    columns = [_known(report, one.name) for one in report.standings]
    labels = list(dict.fromkeys(label for column in columns for label in column))
    lines = [
        Line(label=label, values=tuple(column.get(label, "") for column in columns))
        for label in labels
    ]
    return tuple(line for line in lines if any(line.values))


def form_facts(report: Report) -> tuple[Labelled, ...]:
    """The words around each sample."""
    form = report.task.form
    listed = [
        Labelled(label="Instruction", text=form.instruction, code=True),
        Labelled(label="Question", text=form.question, code=True),
        Labelled(label="Answer", text=form.answer, code=True),
        Labelled(label="Stops at", text=" ".join(map(repr, report.task.stop)), code=True),
    ]
    if report.task.kind == "choice":
        listed.append(Labelled(label="Choices", text=f"put as {form.choice_format}"))
    return tuple(one for one in listed if one.text.strip())


def _kind(report: Report) -> str:
    task = report.task
    whole = "" if task.estimates == "mean" else ", scored as a whole file"
    return f"{task.kind}{whole}"


def _known(report: Report, name: str) -> dict[str, str]:
    facts = report.facts(name)
    if facts is None:
        return {}
    return {**_asked_for(facts), **_engine(facts.info), **_sent(report, name), **_rest(facts)}


def _asked_for(facts: CandidateFacts) -> dict[str, str]:
    one = facts.candidate
    return {
        "Model": one.ref.text,
        "Adapter": one.adapter,
        "Examples in the prompt": "as the task says" if one.shots is None else str(one.shots),
        "Prompt": one.prompt,
        "System prompt": one.system,
        "Temperature": _text(one.temperature),
        "Top-p": _text(one.top_p),
        "Top-k": _text(one.top_k),
        "Tokens at most": _text(one.max_tokens),
        "Sampling seed": _text(one.seed),
        "Options": ", ".join(f"{key}={value}" for key, value in one.options),
    }


def _engine(info: EngineInfo | None) -> dict[str, str]:
    if info is None:
        return {}
    who = info.identity
    return {
        "Engine": f"{who.engine} {who.engine_version}".strip(),
        "Precision": who.precision,
        "Device": info.device,
        "Attention": info.kernel,
        "Parameters": f"{info.parameters:,}" if info.parameters else "",
        "Weights in memory": human_bytes(info.weight_bytes) if info.weight_bytes else "",
        "Context (tokens)": f"{info.context_length:,}" if info.context_length else "",
        "Weights": who.weights,
        "Tokenizer": who.tokenizer,
        "Chat template": who.template,
        "Notices": " ".join(info.notices),
    }


def _sent(report: Report, name: str) -> dict[str, str]:
    """What the answers say of how prompts became tokens."""
    answers = [row.seen[name].answer for row in report.rows if name in row.seen]
    return {
        "BOS tokens sent": _each(str(one.bos) for one in answers if one.bos is not None),
        "Template used": _each(one.template for one in answers if one.template),
        "Answered as": _each(one.model for one in answers if one.model),
    }


def _rest(facts: CandidateFacts) -> dict[str, str]:
    price = facts.prices
    source = f", {facts.prices_source}" if facts.prices_source else ""
    told = (
        f"${price.input} in, ${price.output} out per million tokens "
        f"({facts.prices_kind.value}{source})"
        if price
        else ""
    )
    return {"Price": told, "Candidate hash": facts.digest}


def _each(values: Iterable[str]) -> str:
    return ", ".join(sorted(set(values)))


def _text(value: float | int | None) -> str:
    return "" if value is None else f"{value:g}"
