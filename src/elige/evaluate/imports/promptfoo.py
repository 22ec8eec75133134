"""promptfoo's results.json: `results.results` (version 3 and 2), or `results` at the top."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any  # JSON has no narrower type

from elige.evaluate.imports.logfile import LogFile
from elige.evaluate.imports.record import Logged, Origin, Unusable
from elige.evaluate.imports.stream import list_items
from elige.evaluate.imports.values import as_score, count_of, mapping, seconds_of, text_of
from elige.evaluate.samples import sample_name
from elige.records import Answer

_RESULTS = re.compile(r'"results"\s*:\s*[\[{]')
_TELLING = re.compile(r'"(?:promptIdx|gradingResult|namedScores|latencyMs|vars)"\s*:')
_NESTED = re.compile(r'\A\s*\{.*?"results"\s*:\s*\{', re.DOTALL)
# promptfoo's failureReason for a call that failed, which is no answer.
_CALL_FAILED = 2
_ARGUMENTS = ("temperature", "max_tokens", "top_p")


class PromptfooReader:
    """`promptfoo eval -o results.json`."""

    name = "promptfoo"

    def knows(self, file: LogFile) -> bool:
        """Whether graded results with providers stand there."""
        return bool(_RESULTS.search(file.head) and _TELLING.search(file.head))

    def read(self, file: LogFile) -> Iterator[Logged | Unusable]:
        """One answer for each result; the same test asked again is a repeat."""
        top: dict[str, Any] = {}
        path = ("results", "results") if _NESTED.match(file.head) else ("results",)
        prompts: dict[str, int] = {}
        seen: Counter[tuple[str, str, str]] = Counter()
        about = _about(file)
        with file.text() as text:
            try:
                for number, item in enumerate(list_items(text, path, top), 1):
                    place = f"result {number}"
                    if not isinstance(item, Mapping):
                        yield Unusable(place=place, why="no object")
                        continue
                    yield _logged(item, place, _origin(item, top, about, prompts), seen)
            except ValueError as error:
                yield Unusable(place="the document's end", why=f"broken JSON ({error})")


def _about(file: LogFile) -> str:
    """The test suite's name: its description where the file's beginning has it, else its file."""
    found = re.search(r'"description"\s*:\s*"([^"\\]{1,80})"', file.head)
    return found[1] if found else re.sub(r"(\.json|\.gz)+\Z", "", file.path.name)


def _origin(
    item: Mapping[str, Any], top: Mapping[str, Any], task: str, prompts: dict[str, int]
) -> Origin:
    provider = item.get("provider")
    known = mapping(provider)
    model = text_of(known.get("label") or known.get("id")) if known else text_of(provider)
    raw, label = _prompt(item)
    named = text_of(mapping(item.get("prompt")).get("label"))
    index = text_of(item.get("promptIdx")) if "promptIdx" in item else named or raw
    number = prompts.setdefault(label or index, len(prompts) + 1)
    config = mapping(known.get("config"))
    settings = {name: text_of(config.get(name)) for name in _ARGUMENTS} | {
        "engine": "promptfoo",
        "template": (label or f"prompt {number}")[:60],
    }
    return Origin(
        tool="promptfoo",
        version=text_of(mapping(top.get("metadata")).get("promptfooVersion")),
        date=text_of(top.get("timestamp"))[:10],
        task=task,
        model=model or "unnamed",
        settings=tuple(sorted((name, value) for name, value in settings.items() if value)),
    )


def _prompt(item: Mapping[str, Any]) -> tuple[str, str]:
    """The prompt as it was sent, and the name of its template where that is not the text itself."""
    prompt = item.get("prompt")
    known = mapping(prompt)
    raw = text_of(known.get("raw")) if known else text_of(prompt)
    label = text_of(known.get("label") or known.get("display"))
    return raw, "" if label == raw else " ".join(label.split())


def _logged(
    item: Mapping[str, Any],
    place: str,
    origin: Origin,
    seen: "Counter[tuple[str, str, str]]",
) -> Logged | Unusable:
    response = item.get("response")
    if item.get("failureReason") == _CALL_FAILED or (item.get("error") and not response):
        told = text_of(item.get("error")).split("\n")[0][:80]
        return Unusable(place=place, why=f"the engine failed: {told}")
    grading = mapping(item.get("gradingResult"))
    named = {name: as_score(value) for name, value in mapping(item.get("namedScores")).items()}
    main = as_score(item.get("score", grading.get("score")))
    passed = as_score(item.get("success", grading.get("pass")))
    read = {"score": passed if main is None else main, "pass": passed} | named
    scores = tuple((name, value) for name, value in read.items() if value is not None)
    if read["score"] is None:
        return Unusable(place=place, why="no score from 0 to 1")
    raw, _ = _prompt(item)
    sample = _question(item, raw)
    key = (origin.model, origin.setting("template"), sample)
    seen[key] += 1
    return Logged(
        origin=origin,
        sample=sample,
        answer=_answer(item, origin.model),
        scores=scores,
        prompt=raw,
        target=_expected(item),
        why=text_of(grading.get("reason"))[:2000],
        repeat=seen[key] - 1,
    )


def _question(item: Mapping[str, Any], raw: str) -> str:
    """The test's name: its only variable is the question, several are one together."""
    given = item.get("vars")
    values = list(given.values()) if isinstance(given, Mapping) else given
    texts = [text_of(one) for one in values] if isinstance(values, list) else []
    return sample_name("\n".join(texts) or raw)


def _expected(item: Mapping[str, Any]) -> str:
    checks = mapping(item.get("testCase")).get("assert")
    first = mapping(checks[0]) if isinstance(checks, list) and checks else {}
    return text_of(first.get("value"))


def _answer(item: Mapping[str, Any], model: str) -> Answer:
    response = mapping(item.get("response"))
    usage = mapping(response.get("tokenUsage")) or mapping(item.get("tokenUsage"))
    return Answer(
        text=text_of(response.get("output")),
        prompt_tokens=count_of(usage.get("prompt")),
        completion_tokens=count_of(usage.get("completion")),
        seconds=seconds_of(item.get("latencyMs")) / 1000.0,
        cost=_money(item.get("cost")),
        model=model,
    )


def _money(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if isinstance(value, (int, float)) else None
    except InvalidOperation:
        return None
