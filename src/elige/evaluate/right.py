"""Which choice is right: by its text, its letter or its number, decided over the whole file."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from elige.evaluate.cells import Choices, cell_text

Reading = Literal["label", "text", "letter", "number from 0", "number from 1"]

# At a tie the first wins; numbers that are typed as numbers are looked at first.
_ORDER: tuple[Reading, ...] = ("label", "text", "letter", "number from 0", "number from 1")
_TYPED_ORDER: tuple[Reading, ...] = ("number from 0", "number from 1", "label", "text", "letter")
_SAFE: tuple[Reading, ...] = ("label", "text", "letter")
_NUMBERED: tuple[Reading, ...] = ("number from 0", "number from 1")
_LETTER = re.compile(r"\(?([A-Za-z])[).:]?")
_LETTER_AND_TEXT = re.compile(r"\(?([A-Za-z])[).:]\s*\S.*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The right choice of each row (None where the answer is none of them), and on what grounds.

    `base` is the number of the first choice where the answers are numbers.
    """

    places: tuple[int | None, ...]
    why: str
    notice: str = ""
    base: int | None = None


def right_choices(
    answers: Sequence[object], choices: Sequence[Choices], base: int | None = None
) -> Rights:
    """The reading of the answers that explains most rows, and what each row says under it.

    `base` (0 or 1) settles where the count begins; otherwise the file does: a 0 or a number as
    large as the row's count of choices. Without either it is 0, with a notice.
    """
    readings = [_readings(answer, listed) for answer, listed in zip(answers, choices, strict=True)]
    order = _TYPED_ORDER if _mostly_numbers(answers) else _ORDER
    if base is not None:
        order = ("number from 1" if base else "number from 0",)
    counts = Counter(reading for found in readings for reading in found)
    best = max(order, key=lambda reading: counts[reading])  # max keeps the first of equals
    numbered = best if best in _NUMBERED else _number_beside(readings, base)
    # A text or a letter beside others still means itself, and so does a number once it is known
    # where the count begins.
    tried = (best, *_SAFE, *((numbered,) if numbered else ()))
    places = tuple(
        next((found[one] for one in tried if one in found and _counts(one, best, found)), None)
        for found in readings
    )
    unclear = base is None and best == "number from 0" and not _counts_from_zero(readings)
    seen = zip(places, readings, strict=True)
    lost = sum(place is None and _is_number(found) for place, found in seen)
    return Rights(
        places=places,
        why=_why(best, base, readings),
        notice=_NOTICE if unclear else _lost_notice(lost, numbered),
        base={"number from 0": 0, "number from 1": 1}.get(numbered or ""),
    )


def _number_beside(readings: list[dict[Reading, int]], base: int | None) -> Reading | None:
    """How numbers among letters and texts are counted: as said, or as one of them shows."""
    if base is not None:
        return "number from 1" if base else "number from 0"
    alone = [found for found in readings if not found.keys() & {*_SAFE}]
    from_zero = _counts_from_zero(alone)
    from_one = any(found.keys() == {"number from 1"} for found in alone)
    if from_zero == from_one:
        return None
    return "number from 0" if from_zero else "number from 1"


def _counts(reading: Reading, best: Reading, found: dict[Reading, int]) -> bool:
    """Whether `reading` may be used: among numbers a digit is no text of a choice."""
    return not (best in _NUMBERED and reading in _SAFE and _is_number(found))


def _is_number(found: dict[Reading, int]) -> bool:
    return bool(found.keys() & {*_NUMBERED})


def _lost_notice(lost: int, numbered: Reading | None) -> str:
    if not lost or numbered:
        return ""
    return (
        f"{lost} right choices are numbers beside letters or texts, and nothing tells whether "
        "they count from 0 or 1: say --index-base 0 or --index-base 1."
    )


_NOTICE = (
    "The right choices are numbers, but none is 0 and none is as large as the count of choices: "
    "they are read as counted from 0. Say index_base: 1 in a task file if they start at 1."
)


def _readings(answer: object, choices: Choices) -> dict[Reading, int]:
    """Every way in which `answer` can be one of the choices."""
    if isinstance(answer, (list, tuple)) and len(answer) == 1:
        answer = answer[0]
    text = cell_text(answer)
    found: dict[Reading, int] = {}
    if text in choices.labels:
        found["label"] = choices.labels.index(text)
    folded = [" ".join(choice.casefold().split()) for choice in choices.texts]
    same = " ".join(text.casefold().split())
    if same in folded:
        found["text"] = folded.index(same)
    letter = _letter(text, folded)
    if 0 <= letter < len(folded):
        found["letter"] = letter
    if re.fullmatch(r"\d+(\.0)?", text):
        number = int(float(text))
        if number < len(folded):
            found["number from 0"] = number
        if 1 <= number <= len(folded):
            found["number from 1"] = number - 1
    return found


def _letter(text: str, folded: list[str]) -> int:
    """The place that a letter names, also in 'B) the text of choice B'; -1 for none."""
    alone = _LETTER.fullmatch(text)
    if alone:
        return ord(alone.group(1).upper()) - ord("A")
    led = _LETTER_AND_TEXT.fullmatch(text)
    if not led:
        return -1
    place = ord(led.group(1).upper()) - ord("A")
    rest = " ".join(text[led.end(1) :].lstrip(").: ").casefold().split())
    return place if place < len(folded) and folded[place] == rest else -1


def _mostly_numbers(answers: Sequence[object]) -> bool:
    typed = sum(isinstance(one, (int, float)) and not isinstance(one, bool) for one in answers)
    return typed > len(answers) / 2


def _counts_from_zero(readings: list[dict[Reading, int]]) -> bool:
    """Whether some row's number can only be counted from 0 (it is 0)."""
    return any("number from 0" in found and "number from 1" not in found for found in readings)


def _why(best: Reading, base: int | None, readings: list[dict[Reading, int]]) -> str:
    if best in _SAFE:
        return f"the {best} of a choice"
    start = "from 1" if best == "number from 1" else "from 0"
    if base is not None:
        return f"a choice's number, counted {start} as given"
    if best == "number from 1":
        return "a choice's number, counted from 1: some are as large as the count of choices"
    if _counts_from_zero(readings):
        return "a choice's number, counted from 0: some are 0"
    return "a choice's number, taken as counted from 0"
