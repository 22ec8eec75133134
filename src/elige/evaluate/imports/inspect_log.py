"""Inspect's logs: one JSON document, or a ZIP with a file for each sample (.eval)."""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any  # JSON has no narrower type

from elige.errors import BadInput
from elige.evaluate.imports.logfile import LogFile
from elige.evaluate.imports.record import Logged, Origin, Unusable
from elige.evaluate.imports.stream import list_items
from elige.evaluate.imports.values import (
    Namer,
    as_score,
    count_of,
    mapping,
    seconds_of,
    sequence,
    text_of,
)
from elige.records import Answer, Finish

# Inspect's own reading of a score's letter: correct, incorrect, partly, no answer.
_LETTERS = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
_WORDS = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
_EVAL = re.compile(r'"eval"\s*:\s*\{')
_FINISH = {"max_tokens": Finish.LENGTH, "model_length": Finish.LENGTH}
_HEADERS = ("header.json", "_journal/start.json")


class InspectReader:
    """`inspect eval` of any version that writes .json or .eval."""

    name = "Inspect"

    def knows(self, file: LogFile) -> bool:
        """Whether it is a ZIP with Inspect's header, or a document with an `eval`."""
        if not file.is_zip:
            return file.head.lstrip().startswith("{") and bool(_EVAL.search(file.head))
        with zipfile.ZipFile(file.path) as archive:
            return any(name in archive.namelist() for name in _HEADERS)

    def read(self, file: LogFile) -> Iterator[Logged | Unusable]:
        """One answer for each sample and epoch; epochs are repeats."""
        header: dict[str, Any] = {}
        samples = _zipped(file, header) if file.is_zip else _document(file, header)
        origin: Origin | None = None
        names: dict[str, str] = {}
        namer = Namer()
        for place, sample in samples:
            if isinstance(sample, str):
                yield Unusable(place=place, why=sample)
                continue
            origin = origin or _origin(header)
            yield _logged(sample, place, origin, _name(sample, namer, names))


def _document(
    file: LogFile, header: dict[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any] | str]]:
    with file.text() as text:
        try:
            for number, item in enumerate(list_items(text, ("samples",), header), 1):
                known = isinstance(item, Mapping)
                yield f"sample {number}", item if known else "no object"
        except ValueError as error:
            yield "the document's end", f"broken JSON ({error})"


def _zipped(file: LogFile, header: dict[str, Any]) -> Iterator[tuple[str, Mapping[str, Any] | str]]:
    with zipfile.ZipFile(file.path) as archive:
        names = archive.namelist()
        first = next(name for name in _HEADERS if name in names)
        try:
            header.update(mapping(json.loads(archive.read(first))))
        except NotImplementedError as error:
            raise _packed(file) from error
        except (ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise BadInput(
                f"{file.path}: {first} is broken ({error}).", hint="Copy the log again."
            ) from error
        for name in names:
            if name.startswith("samples/") and name.endswith(".json"):
                yield name, _member(archive, name, file)


def _member(archive: zipfile.ZipFile, name: str, file: LogFile) -> Mapping[str, Any] | str:
    try:
        value = json.loads(archive.read(name))
    except NotImplementedError as error:
        raise _packed(file) from error
    except (ValueError, RecursionError, zipfile.BadZipFile, zlib.error, EOFError):
        return "broken JSON"
    return value if isinstance(value, Mapping) else "no object"


def _packed(file: LogFile) -> BadInput:
    return BadInput(
        f"{file.path} is packed in a way that this Python cannot read (Zstandard).",
        hint="Write it as JSON with: inspect log convert --to json --output-dir json "
        f"{file.path.name}",
    )


def _origin(header: Mapping[str, Any]) -> Origin:
    spec, plan = mapping(header.get("eval")), mapping(header.get("plan"))
    packages, config = mapping(spec.get("packages")), mapping(spec.get("config"))
    generate = mapping(spec.get("model_generate_config")) or mapping(plan.get("config"))
    arguments = mapping(spec.get("task_args"))
    known = {
        "engine": "Inspect",
        "shots": text_of(arguments.get("fewshot", arguments.get("num_fewshot"))),
        "temperature": text_of(generate.get("temperature")),
        "max tokens": text_of(generate.get("max_tokens")),
        "system": text_of(generate.get("system_message"))[:60],
        "task arguments": ", ".join(f"{k}={text_of(v)}" for k, v in sorted(arguments.items()))[:80],
        "limit": text_of(config.get("limit")),
        "data set": text_of(mapping(spec.get("dataset")).get("name")),
    }
    return Origin(
        tool="Inspect",
        version=text_of(packages.get("inspect_ai")),
        date=text_of(spec.get("created"))[:10],
        task=text_of(spec.get("task")).rpartition("/")[2] or "unnamed",
        model=text_of(spec.get("model")) or "unnamed",
        settings=tuple(sorted((name, value) for name, value in known.items() if value)),
    )


def _name(sample: Mapping[str, Any], namer: Namer, names: dict[str, str]) -> str:
    """The sample's name, the same in each epoch."""
    own = text_of(sample.get("id"))
    if own not in names or not own:
        choices = tuple(text_of(one) for one in sequence(sample.get("choices")))
        names[own] = namer.of_question(_asked(sample), choices)
    return names[own]


def _asked(sample: Mapping[str, Any]) -> str:
    given = sample.get("input")
    if isinstance(given, str):
        return given.strip()
    said = [mapping(one) for one in sequence(given)]
    return "\n\n".join(_content(one.get("content")) for one in said if one.get("role") == "user")


def _content(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return "\n".join(text_of(mapping(part).get("text")) for part in sequence(value)).strip()


def _logged(sample: Mapping[str, Any], place: str, origin: Origin, name: str) -> Logged | Unusable:
    if mapping(sample.get("error")):
        told = text_of(mapping(sample["error"]).get("message"))[:80]
        return Unusable(place=place, why=f"the engine failed: {told}")
    found = dict(mapping(sample.get("scores")))
    if not found and sample.get("score"):
        found = {"score": sample["score"]}
    scores, why, extracted = _scores(found)
    if not scores:
        return Unusable(place=place, why="no score from 0 to 1")
    asked = [mapping(one) for one in sequence(sample.get("messages"))]
    prompt = "\n\n".join(
        _content(one.get("content")) for one in asked if one.get("role") in {"system", "user"}
    )
    target = sample.get("target")
    return Logged(
        origin=origin,
        sample=name,
        answer=_answer(sample, origin.model),
        scores=scores,
        prompt=prompt or _asked(sample),
        target=text_of(target),
        why=why,
        extracted=extracted,
        repeat=max(0, count_of(sample.get("epoch")) - 1),
    )


def _scores(found: Mapping[str, Any]) -> tuple[tuple[tuple[str, float], ...], str, str]:
    """Every scorer's value, why, and what the first one read out of the answer."""
    scores: list[tuple[str, float]] = []
    why, extracted = "", ""
    for name, one in found.items():
        score = mapping(one)
        values = score.get("value")
        parts = values.items() if isinstance(values, Mapping) else [("", values)]
        for part, value in parts:
            read = _value(value)
            if read is not None:
                scores.append((f"{name}/{part}" if part else name, read))
        why = why or text_of(score.get("explanation"))
        extracted = extracted or text_of(score.get("answer"))
    return tuple(scores), why[:2000], extracted


def _value(value: object) -> float | None:
    if isinstance(value, str):
        letter = _LETTERS.get(value, _WORDS.get(value.lower()))
        if letter is not None:
            return letter
        try:
            value = float(value)
        except ValueError:
            return None
    return as_score(value)


def _answer(sample: Mapping[str, Any], model: str) -> Answer:
    output = mapping(sample.get("output"))
    usage = mapping(output.get("usage"))
    first = mapping(next(iter(sequence(output.get("choices"))), None))
    text = output.get("completion")
    if not isinstance(text, str):
        text = _content(mapping(first.get("message")).get("content"))
    stop = text_of(first.get("stop_reason"))
    refused = stop == "content_filter"
    return Answer(
        text=text,
        finish=Finish.REFUSED if refused else _FINISH.get(stop, Finish.STOP),
        prompt_tokens=count_of(usage.get("input_tokens")),
        completion_tokens=count_of(usage.get("output_tokens")),
        reasoning_tokens=count_of(usage.get("reasoning_tokens")),
        seconds=seconds_of(output.get("time")),
        model=text_of(output.get("model")) or model,
    )
