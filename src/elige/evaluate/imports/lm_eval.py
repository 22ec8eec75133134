"""lm-evaluation-harness: samples_TASK_DATE.jsonl, with results_DATE.json beside it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # JSON has no narrower type

from elige.evaluate.imports.logfile import LogFile
from elige.evaluate.imports.record import Logged, Origin, Unusable
from elige.evaluate.imports.stream import JsonStream
from elige.evaluate.imports.values import (
    Namer,
    as_score,
    count_of,
    mapping,
    sequence,
    text_of,
)
from elige.records import Answer, ContinuationScore

# What a record holds besides its metrics, in any version.
_FIELDS = {
    "arguments", "doc", "doc_hash", "doc_id", "filter", "filtered_resps", "metrics", "prompt_hash",
    "resps", "target", "target_hash", "task_hash", "prompt_0", "logit_0", "truth", "schedule",
}  # fmt: skip
_RECORD = re.compile(r'"doc"\s*:')
_ANSWERED = re.compile(r'"(?:filtered_)?resps"\s*:')
_NAMED = re.compile(r"(?:samples_)?(?P<task>.+?)_(?P<date>\d{4}-\d\d-\d\dT[\d.:-]+)\Z")
_RESULTS = 256_000_000


class LmEvalReader:
    """`--log_samples` of lm-eval 0.4, and the lists that its first versions wrote."""

    name = "lm-eval"

    def knows(self, file: LogFile) -> bool:
        """Whether records of documents and responses stand there."""
        begins = file.head.lstrip()[:1] in {"{", "["}
        return begins and bool(_RECORD.search(file.head) and _ANSWERED.search(file.head))

    def read(self, file: LogFile) -> Iterator[Logged | Unusable]:
        """One answer for each record; scores of each filter apart."""
        about = _about(file.path)
        namers: dict[str, Namer] = {}
        for place, record in _records(file):
            if isinstance(record, str):
                yield Unusable(place=place, why=record)
                continue
            variant = text_of(record.get("filter"))
            namer = namers.setdefault(variant, Namer())
            yield _logged(record, place, _origin(about, variant), namer)


def _records(file: LogFile) -> Iterator[tuple[str, Mapping[str, Any] | str]]:
    """Each record, or what is wrong with it, by its place."""
    with file.text() as text:
        if file.head.lstrip().startswith("["):
            try:
                for number, item in enumerate(JsonStream(text).items(), 1):
                    yield f"record {number}", _record(item)
            except ValueError as error:
                yield "the list's end", f"broken JSON ({error})"
            return
        for number, line in enumerate(text, 1):
            if line.strip():
                yield f"line {number}", _parsed(line)


def _parsed(line: str) -> Mapping[str, Any] | str:
    try:
        return _record(json.loads(line))
    except (ValueError, RecursionError):
        return "broken JSON"


def _record(value: object) -> Mapping[str, Any] | str:
    return value if isinstance(value, Mapping) else "no object"


def _logged(
    record: Mapping[str, Any], place: str, origin: Origin, namer: Namer
) -> Logged | Unusable:
    names = [text_of(name) for name in sequence(record.get("metrics"))]
    names = names or [name for name in record if name not in _FIELDS]
    read = {name: as_score(record.get(name)) for name in names}
    scores = tuple((name, value) for name, value in read.items() if value is not None)
    if not scores:
        told = ", ".join(names) or "none"
        return Unusable(place=place, why=f"no metric from 0 to 1 (metrics: {told})")
    doc = mapping(record.get("doc"))
    asked = _arguments(record.get("arguments"))
    prompt = asked[0][0] if asked else ""
    otherwise = text_of(record.get("doc_hash")) or text_of(record.get("doc")) or prompt
    sample, _ = namer.of_row(doc, otherwise)
    listed = [(name, sequence(record.get(name))) for name in names]
    return Logged(
        origin=origin,
        sample=sample,
        answer=_answer(record, asked, origin.model),
        scores=scores,
        prompt=prompt,
        target=text_of(record.get("target")),
        why=f"lm-eval: {', '.join(f'{name} {value:g}' for name, value in scores)}",
        extracted=_extracted(record),
        notes=tuple((f"{name}, parts", float(len(one))) for name, one in listed if one),
    )


def _arguments(value: object) -> list[tuple[str, str]]:
    """Context and continuation of each request, in either layout."""
    items = [mapping(one) for one in mapping(value).values()]
    pairs = [(one.get("arg_0"), one.get("arg_1")) for one in items]
    if not pairs:
        lists = [sequence(one) for one in sequence(value)]
        pairs = [(one[0], one[1] if len(one) > 1 else "") for one in lists if one]
    return [(text_of(first), second if isinstance(second, str) else "") for first, second in pairs]


def _answer(record: Mapping[str, Any], asked: list[tuple[str, str]], model: str) -> Answer:
    responses = [_single(one) for one in sequence(record.get("resps"))]
    weighed = [_weight(one) for one in responses]
    known = [one for one in weighed if one is not None]
    if known and len(known) == len(responses):
        texts = [text for _, text in asked] + [""] * len(known)
        return Answer(
            model=model,
            weighed=tuple(
                ContinuationScore(
                    logprob=logprob,
                    tokens=0,
                    characters=len(text),
                    utf8_bytes=len(text.encode("utf-8", "replace")),
                    greedy=greedy,
                )
                for (logprob, greedy), text in zip(known, texts, strict=False)
            ),
        )
    return Answer(text=text_of(responses[0]) if responses else "", model=model)


def _single(value: object) -> object:
    """What a list of one holds, however deep."""
    while isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    return value


def _weight(value: object) -> tuple[float, bool] | None:
    """Log-probability and greediness; both are texts where lm-eval cleaned them."""
    pair = sequence(value)
    if len(pair) != 2 or str(pair[1]) not in {"True", "False"}:
        return None
    try:
        return float(pair[0]), str(pair[1]) == "True"
    except (TypeError, ValueError):
        return None


def _extracted(record: Mapping[str, Any]) -> str:
    kept = [_single(one) for one in sequence(record.get("filtered_resps"))]
    return text_of(kept[0]) if len(kept) == 1 and isinstance(kept[0], str) else ""


def _origin(about: Origin, variant: str) -> Origin:
    return Origin(
        tool=about.tool,
        version=about.version,
        date=about.date,
        task=about.task,
        model=about.model,
        variant="" if variant in {"", "none"} else variant,
        settings=about.settings,
    )


def _about(path: Path) -> Origin:
    """What the names and the file of results beside it say."""
    stem = re.sub(r"(\.jsonl?|\.gz)+\Z", "", path.name)
    found = _NAMED.match(stem)
    task = found["task"] if found else stem.removeprefix("samples_")
    date = found["date"] if found else ""
    results = _results(path, date, task)
    model = text_of(results.get("model_name")) or text_of(_config(results).get("model"))
    folder = path.absolute().parent.name
    return Origin(
        tool="lm-eval",
        version=text_of(results.get("lm_eval_version")),
        date=_date(results) or date.partition("T")[0],
        task=task,
        model=model or folder,
        settings=_settings(results, task),
    )


def _results(path: Path, date: str, task: str) -> Mapping[str, Any]:
    """The results of the same date, or the only ones beside the file that know its task."""
    named = f"results_{date}.json"
    beside = sorted(path.absolute().parent.glob("results*.json"))
    exact = [one for one in beside if date and one.name == named]
    read = [_loaded(one) for one in (exact or beside[-8:])]
    knowing = [one for one in read if task in mapping(one.get("configs") or one.get("results"))]
    return knowing[0] if len(knowing) == 1 else {}


def _loaded(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _RESULTS:
            return {}
        return mapping(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, RecursionError):
        return {}


def _settings(results: Mapping[str, Any], task: str) -> tuple[tuple[str, str], ...]:
    config, own = _config(results), mapping(mapping(results.get("configs")).get(task))
    given = config.get("model_args")
    arguments = (
        mapping(given)
        if isinstance(given, Mapping)
        else dict(part.partition("=")[::2] for part in text_of(given).split(","))
    )
    shots = mapping(results.get("n-shot")).get(task, own.get("num_fewshot"))
    template = results.get("chat_template_sha") or results.get("chat_template")
    system = text_of(results.get("system_instruction"))
    known = {
        "shots": text_of(shots) if shots is not None else "",
        "precision": text_of(arguments.get("dtype") or config.get("model_dtype")),
        "engine": text_of(results.get("model_source") or config.get("model")),
        "template": text_of(template)[:12],
        "system": system[:60],
        "peft": text_of(arguments.get("peft")),
        "limit": text_of(config.get("limit")),
        "task version": text_of(mapping(results.get("versions")).get(task)),
    }
    return tuple(sorted((name, value) for name, value in known.items() if value))


def _config(results: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(results.get("config"))


def _date(results: Mapping[str, Any]) -> str:
    seconds = results.get("date")
    if not count_of(seconds):
        return ""
    return datetime.fromtimestamp(float(count_of(seconds)), UTC).date().isoformat()
