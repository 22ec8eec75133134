"""The samples as compact JSON for the page's own script."""

import json
from collections.abc import Mapping, Sequence
from os.path import commonprefix

from elige.choose.report.data import Report, SampleRow, Seen
from elige.choose.report.view import colour_of

MAX_BYTES = 20_000_000
MAX_TEXT = 20_000

Plain = str | int | float | None | Sequence["Plain"] | Mapping[str, "Plain"]


class Texts:
    """Every text once: a text becomes its index, and equal texts the same one."""

    def __init__(self) -> None:
        self.all: list[str] = [""]
        self._at: dict[str, int] = {"": 0}
        self.bytes = 0

    def at(self, text: str) -> int:
        """The index of `text`, cut when it is very long."""
        text = _cut(text)
        if text not in self._at:
            self._at[text] = len(self.all)
            self.all.append(text)
            self.bytes += len(encoded(text).encode("utf-8", "surrogatepass"))
        return self._at[text]


def samples_json(report: Report, *, max_bytes: int = MAX_BYTES) -> tuple[str, int]:
    """JSON that is safe inside a script element, and how many samples had to be left out.

    Rows are taken in the race's order until the whole would pass `max_bytes`; since that order
    is shuffled, the ones kept are no special ones.
    """
    letters = report.letters
    asked = [name for name in letters if any(name in row.seen for row in report.rows)]
    opened = {name: _opening(report.rows, name) for name in asked}
    texts, rows, used = Texts(), list[str](), 0
    openings: Plain = [texts.at(opened[name]) for name in asked]
    for row in sorted(report.rows, key=lambda row: row.position):
        line = encoded(_packed(row, opened, texts))
        used += len(line) + 1
        if used + texts.bytes > max_bytes:
            break
        rows.append(line)
    names: Plain = [
        {"letter": letters[name], "name": name, "colour": colour_of(report, name)} for name in asked
    ]
    head = encoded({"candidates": names, "openings": openings})[:-1]
    body = f'{head},"rows":[{",".join(rows)}],"texts":{encoded(texts.all)}}}'
    return body, len(report.rows) - len(rows)


def differing(rows: Sequence[SampleRow]) -> int:
    """How many samples did not get the same score from everybody who answered them."""
    return sum(len({round(one.score.value, 4) for one in row.seen.values()}) > 1 for row in rows)


def encoded(value: Plain) -> str:
    """JSON without any character that could end a script element or a comment in HTML."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for bad in "<>&\u2028\u2029":
        text = text.replace(bad, f"\\u{ord(bad):04x}")
    return text


def _packed(row: SampleRow, opened: Mapping[str, str], texts: Texts) -> Plain:
    """One sample as a list; report.js reads it in this order."""
    sample = row.sample
    return [
        texts.at(sample.id),
        row.position + 1,
        texts.at(sample.group),
        texts.at(sample.question),
        texts.at(sample.target),
        [texts.at(choice) for choice in sample.choices],
        [_packed_seen(row.seen.get(name), opening, texts) for name, opening in opened.items()],
    ]


def _packed_seen(seen: Seen | None, opening: str, texts: Texts) -> Plain:
    """One answer as a list; report.js reads it in this order."""
    if seen is None:
        return None
    answer, score = seen.answer, seen.score
    return [
        round(score.value, 4),
        score.outcome.value,
        texts.at(seen.prompt[len(opening) :]),
        texts.at(answer.text),
        texts.at(answer.reasoning),
        texts.at(score.extracted),
        texts.at(score.why),
        [_finite(weighed.logprob) for weighed in answer.weighed],
        round(answer.seconds, 3),
        answer.prompt_tokens,
        answer.completion_tokens,
        answer.finish.value,
    ]


def _finite(value: float) -> float | None:
    return round(value, 3) if abs(value) < float("inf") else None


def _opening(rows: Sequence[SampleRow], name: str) -> str:
    """What all prompts of a candidate begin with (instruction and examples), kept once."""
    prompts = [row.seen[name].prompt for row in rows if name in row.seen]
    if len(prompts) < 2:
        return ""
    # The common prefix of all is that of the smallest and the largest (lexicographic order).
    return commonprefix([min(prompts), max(prompts)])


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}\u2026 [{len(text) - MAX_TEXT:,} more characters left out]"
