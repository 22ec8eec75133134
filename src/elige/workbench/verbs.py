"""The verbs as functions: what `elige.choose` and `elige.evaluate` do."""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Unpack  # rows hold anything

from elige.choose.limits import parse_bytes
from elige.evaluate.rows import table_of
from elige.records import Event, Finished
from elige.workbench.bench import Workbench
from elige.workbench.choose import run_race
from elige.workbench.evaluate import Evaluated, run_evaluation
from elige.workbench.export import export_candidate
from elige.workbench.fit import Fit, fit_model
from elige.workbench.keywords import (
    ChooseKeywords,
    EvaluateKeywords,
    choose_options,
    evaluate_options,
)
from elige.workbench.prepare import Source, plan_evaluation, plan_race
from elige.workbench.reckoning import FitOptions
from elige.workbench.report import report_run
from elige.workbench.results import ChooseResult, EvaluateResult

if TYPE_CHECKING:
    import pandas

Listener = Callable[[Event], object]


def choose(
    data: "str | PathLike[str] | Iterable[Mapping[str, Any]] | pandas.DataFrame",
    candidates: Iterable[str | Mapping[str, object]],
    *,
    report: str | PathLike[str] | None = None,
    progress: Listener | None = None,
    **options: Unpack[ChooseKeywords],
) -> ChooseResult:
    """The verdict on which candidate to use on `data`, how sure that is, and why.

    `data` is a file, a task file, the name of a built-in task, a list of dicts or a pandas
    DataFrame. A candidate is written "REF,key=value" or {"ref": "REF", "key": value}. `report`
    is where the HTML report goes. `progress` hears every event of `elige.records`. The options
    are those of `elige choose`, with underscores. Ctrl-C gives the verdict so far.

    Raises `EligeError` for whatever cannot be used or goes wrong, with the next step in its
    `hint`; `TypeError` for an option that does not exist.
    """
    said = choose_options(candidates, options)
    with Workbench.open() as bench:
        plan = plan_race(bench, _source(data), said)
        finished = _finished(run_race(bench, plan, said), progress)
        path = None if report is None else Path(report).absolute()
        if path is not None:
            report_run(bench, plan, finished.verdict, path)
    return ChooseResult(
        verdict=finished.verdict,
        task=plan.task.name,
        report=path,
        interrupted=finished.interrupted,
    )


def evaluate(
    data: "str | PathLike[str] | Iterable[Mapping[str, Any]] | pandas.DataFrame",
    model: str | Mapping[str, object],
    *,
    progress: Listener | None = None,
    **options: Unpack[EvaluateKeywords],
) -> EvaluateResult:
    """The score of `model` on every sample of `data`, with an interval.

    `data`, `model`, `progress` and the options are as for `elige.choose` and
    `elige evaluate`; so are the errors. Ctrl-C gives the score so far.
    """
    said = evaluate_options(model, options)
    with Workbench.open() as bench:
        plan = plan_evaluation(bench, _source(data), said)
        evaluated = _evaluated(run_evaluation(bench, plan), progress)
    return EvaluateResult(evaluation=evaluated.evaluation)


def export_model(
    model: str, folder: str | PathLike[str], *, dtype: Literal["auto", "fp32", "bf16"] = "auto"
) -> Path:
    """The folder that `model` was saved to, in the layout that transformers reads.

    It holds the weights as safetensors, the tokenizer, the chat template and the settings; so
    GGUF models become readable everywhere. The folder is new or empty and appears whole or not at
    all. Raises `EligeError` for whatever cannot be exported, with the next step in its `hint`.
    """
    with Workbench.open() as bench:
        return export_candidate(bench, model, Path(fspath(folder)), dtype=dtype).folder


def fit(
    model: str | PathLike[str],
    *,
    context: int | None = None,
    users: int = 1,
    memory: int | str = 0,
    precisions: Iterable[str] = (),
    cache_dtype: str = "",
) -> Fit:
    """What `model` is built of, whether it fits this machine, and how fast it would be.

    `model` is any reference, a config.json, a model folder or a GGUF file. `memory` is bytes or a
    text such as "24GB"; else what is free. Estimated numbers say so with their formula; those that
    were measured here stand in their place. Raises `EligeError` for whatever cannot be read, with
    the next step in its `hint`.
    """
    options = FitOptions(
        context=context or 0,
        users=users,
        memory=parse_bytes(memory) if isinstance(memory, str) else memory,
        precisions=tuple(precisions),
        cache=cache_dtype,
    )
    with Workbench.open() as bench:
        return fit_model(bench, fspath(model), options)


def _source(data: object) -> Source:
    if isinstance(data, str):
        return data
    return fspath(data) if isinstance(data, PathLike) else table_of(data)


def _finished(events: Generator[Event], progress: Listener | None) -> Finished:
    """The last event of a race, the others told to `progress`; runs to the very end."""
    last: Finished | None = None
    with closing(events):
        for event in events:
            if progress is not None:
                progress(event)
            if isinstance(event, Finished):
                last = event
    if last is None:
        raise RuntimeError("a race ended without a verdict")
    return last


def _evaluated(events: Generator[Event | Evaluated], progress: Listener | None) -> Evaluated:
    last: Evaluated | None = None
    with closing(events):
        for event in events:
            if isinstance(event, Evaluated):
                last = event
            elif progress is not None:
                progress(event)
    if last is None:
        raise RuntimeError("an evaluation ended without a result")
    return last
