r"""The scorers of numbers: which number of the answer counts, and whether it is the target's."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from elige.errors import BadInput
from elige.evaluate.scorers.normalisation import own_answer, shortened
from elige.evaluate.scorers.numbers import Number, NumberReader, same_number
from elige.evaluate.scorers.options import amount, one_of, ways_of
from elige.evaluate.scorers.patterns import Finder
from elige.evaluate.scorers.strings import filled_targets
from elige.records import Answer, Finish, Sample, Score, Scorer

Way = Callable[[str], Number | None]

# Each way to find the number, with what a reason says of it.
WAYS = {
    "boxed": "in a box",
    "hash": "after ####",
    "answer": "stated as the answer",
    "pattern": "found by the pattern",
    "first": "the first number",
    "last": "the last number",
}
AUTO = ("boxed", "hash", "answer", "last")


def number(
    *,
    extract: str | Sequence[str] = "auto",
    pattern: str = "",
    tolerance: str | float = 0.0,
    relative: str | float = 0.0,
    decimal: str = "point",
) -> Scorer:
    r"""Right when the number that the answer gives is the target's number.

    `extract` is a list of ways, tried in this order: boxed (\\boxed{42}), hash (#### 42), answer
    ("the answer is 42", "Answer: 42"), first, last, and pattern (the first group of your own
    `pattern`); auto is boxed,hash,answer,last. Percent, fractions, thousands, units and
    currencies are understood. `tolerance` is absolute, `relative` a share of the target;
    `decimal` says how decimals are written, point or comma. In an answer that was cut at its
    token limit a merely last number counts only if it is right: the working was going on.
    """
    reader = NumberReader(one_of("decimal", decimal, ("point", "comma")))
    slack = Fraction(amount("tolerance", tolerance)), Fraction(amount("relative", relative))
    asked = ways_of("extract", extract, known=tuple(WAYS), auto=AUTO)
    ways = _ways(reader, asked, pattern)

    def score(sample: Sample, answer: Answer) -> Score:
        text = own_answer(answer.text)
        found = ((how, way(text)) for how, way in ways.items())
        how, seen = next(((how, one) for how, one in found if one is not None), ("", None))
        if seen is None:
            return Score.unparsed(_nothing(asked))
        targets = [_target(reader, sample, target) for target in filled_targets(sample)]
        right = any(same_number(seen, one, slack[0] + slack[1] * abs(one.value)) for one in targets)
        if not right and answer.finish is Finish.LENGTH and how == "last":
            return Score.unparsed(f"no final answer yet, last number {seen.text}")
        why = f"saw {seen.text} ({WAYS[how]})"
        if not right:
            why += f", wanted {' or '.join(one.text for one in targets)}"
        return Score(float(right), why, extracted=seen.text)

    return score


def last_number(
    *, tolerance: str | float = 0.0, relative: str | float = 0.0, decimal: str = "point"
) -> Scorer:
    """Right when the last number of the answer is the target's number.

    A number in a box or after #### comes before a merely last one: it is the scorer `number`
    with extract=boxed,hash,last, and takes its other options.
    """
    return number(
        extract=("boxed", "hash", "last"), tolerance=tolerance, relative=relative, decimal=decimal
    )


def _ways(reader: NumberReader, asked: Sequence[str], pattern: str) -> Mapping[str, Way]:
    known: dict[str, Way] = {
        "boxed": reader.boxed,
        "hash": reader.hashed,
        "answer": reader.stated,
        "first": reader.first,
        "last": reader.last,
    }
    if bool(pattern) != ("pattern" in asked):
        raise BadInput(
            "The scorer option pattern goes with extract=pattern, and one of them is missing.",
            hint="For example extract=pattern,last with pattern='total: (\\S+)'.",
        )
    if pattern:
        finder = Finder(pattern)

        def by_pattern(text: str) -> Number | None:
            seen = finder.find(text)
            return None if seen is None else reader.final(seen)

        known["pattern"] = by_pattern
    return {name: known[name] for name in asked}


def _nothing(asked: Sequence[str]) -> str:
    if {"first", "last"} & {*asked}:
        return "no number in the answer"
    return f"no number {' or '.join(WAYS[way] for way in asked)}"


def _target(reader: NumberReader, sample: Sample, text: str) -> Number:
    found = reader.final(text)
    if found is None:
        raise BadInput(
            f"Sample {sample.id!r} has the right answer {shortened(text)!r}, which is no number.",
            hint="Use another scorer, for example --scorer exact.",
        )
    return found
