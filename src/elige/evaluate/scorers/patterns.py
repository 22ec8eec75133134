"""The scorer that reads the answer with the user's own regular expression."""

from collections.abc import Callable

# The standard library's `re` cannot be stopped inside a pattern that backtracks for ever.
import regex as engine  # type: ignore[import-untyped]

from elige.errors import BadInput
from elige.evaluate.scorers.normalisation import Normaliser, shortened
from elige.evaluate.scorers.numbers import NumberReader, same_number
from elige.evaluate.scorers.options import flag, one_of
from elige.evaluate.scorers.strings import compared, filled_targets, wanted
from elige.records import Answer, Sample, Score, Scorer

SECONDS_A_SAMPLE = 1.0
# A pattern is tried on this many characters at most, its answer standing near one end.
_LONGEST = 200_000

_Compare = Callable[[Sample, str], Score]


def regex(
    *,
    pattern: str,
    group: str = "",
    take: str = "first",
    compare: str = "text",
    ignore_case: str | bool = False,
) -> Scorer:
    """Right when what `pattern` finds in the answer is a target; nothing found is unparsed.

    `group` is a number or a name; by default the first group, or all of the match. `take` is
    the first or the last match. `compare` is text (normalised) or number. Raises `BadInput` for
    a pattern that is none, and while scoring for one that takes over a second on an answer.
    """
    finder = Finder(
        pattern,
        group=group,
        is_last=one_of("take", take, ("first", "last")) == "last",
        ignore_case=flag("ignore_case", ignore_case),
    )
    by = one_of("compare", compare, ("text", "number"))
    compared_by: _Compare = _as_text if by == "text" else _as_number

    def score(sample: Sample, answer: Answer) -> Score:
        seen = finder.find(answer.text, sample.id)
        if seen is None:
            return Score.unparsed(f"nothing in the answer matches {shortened(pattern)}")
        return compared_by(sample, seen)

    return score


class Finder:
    """Finds what a user's pattern captures; one that takes over a second is refused."""

    def __init__(
        self, pattern: str, *, group: str = "", is_last: bool = False, ignore_case: bool = False
    ) -> None:
        self._pattern = _compiled(pattern, ignore_case=ignore_case)
        self._group = _group(self._pattern, group)
        self._is_last = is_last

    def find(self, text: str, sample: str = "") -> str | None:
        """What the group captured in the first or the last match; None for nothing.

        Raises `BadInput`, naming the `sample`, when the pattern does not come to an end.
        """
        text = text[-_LONGEST:] if self._is_last else text[:_LONGEST]
        seen: str | None = None
        try:
            for match in self._pattern.finditer(text, timeout=SECONDS_A_SAMPLE):
                seen = match.group(self._group)
                if seen is not None and not self._is_last:
                    break
        except TimeoutError as error:
            raise _too_slow(self._pattern.pattern, sample) from error
        return seen


def _compiled(pattern: str, *, ignore_case: bool) -> "engine.Pattern[str]":
    try:
        return engine.compile(pattern, engine.IGNORECASE if ignore_case else 0)
    except (engine.error, ValueError, OverflowError, RecursionError) as error:
        raise BadInput(
            f"The pattern {shortened(pattern)!r} is no regular expression: {error}.",
            hint="Mend it, for example pattern='answer is (\\w+)'.",
        ) from error


def _group(pattern: "engine.Pattern[str]", group: str) -> int | str:
    if not group:
        return 1 if pattern.groups else 0
    if group in pattern.groupindex:
        return group
    if group.isdecimal() and int(group) <= pattern.groups:
        return int(group)
    raise BadInput(
        f"The pattern {shortened(pattern.pattern)!r} has no group {group!r}.",
        hint=f"It has {pattern.groups} numbered from 1; 0 is all of the match.",
    )


def _as_text(sample: Sample, seen: str) -> Score:
    return compared(sample, seen, Normaliser())


def _as_number(sample: Sample, seen: str) -> Score:
    reader = NumberReader()
    number = reader.final(seen)
    if number is None:
        return Score.unparsed(f"saw {shortened(seen)!r}, which is no number")
    targets = [reader.final(target) for target in filled_targets(sample)]
    right = any(one is not None and same_number(number, one) for one in targets)
    why = f"saw {number.text}" if right else f"saw {number.text}, wanted {wanted(sample)}"
    return Score(float(right), why, extracted=number.text)


def _too_slow(pattern: str, sample: str) -> BadInput:
    where = f" on the answer to sample {sample!r}" if sample else ""
    return BadInput(
        f"The pattern {shortened(pattern)!r} took over {SECONDS_A_SAMPLE:g} s{where}.",
        hint="Make it simpler: nested repeats such as (a+)+ never end on some texts.",
    )
