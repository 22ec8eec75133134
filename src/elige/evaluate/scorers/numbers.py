r"""Numbers read out of text, and the scorer that compares the last one.

Understood: signs, thousands separators (comma, thin space, apostrophe), decimals, percent,
fractions and mixed numbers, 1.2e3 and 1.2 x 10^3, currency signs, LaTeX's \frac, GSM8K's
`#### 42` and \boxed{42}, full-width and other scripts' digits. Values are exact fractions.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from elige.errors import BadInput
from elige.evaluate.scorers.normalisation import own_answer, shortened
from elige.evaluate.scorers.options import amount, one_of
from elige.evaluate.scorers.strings import filled_targets
from elige.records import Answer, Finish, Sample, Score, Scorer

# Longer runs of digits are no quantity, and would make the arithmetic slow.
_LONGEST = 300
_LARGEST_EXPONENT = 400

_EXPONENT = r"(?:[eE](?P<power>[-+]?\d+))?"
# 1,200 and the Indian 12,00,000.
_POINT = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_COMMA = r"(?:\d{1,3}(?:\.\d{3})+(?![\d])|\d+)(?:,\d+)?|,\d+"
# Two dots or a comma after a dot can only be European: 1.200.000 and 1.200,50.
_EUROPEAN = r"\d{1,3}(?:\.\d{3})+,\d+(?![\d,.]\d)|\d{1,3}(?:\.\d{3}){2,}(?![\d.,]\d)"
_CURRENCY = r"[$€£¥₹₩₽฿¢]"
_HEAD = (
    rf"(?<![A-Za-z_\d])(?<!\d\.)(?P<sign>[-+])?"
    rf"(?:{_CURRENCY}[ ]?)?(?P<inner>(?<={_CURRENCY})[-+])?"
)
# A minus after one of these takes away: 5 - 3, x-3, (a) -3.
_OPERAND_END = re.compile(r"[A-Za-z\d_)\]%}]$")
_SPACED_OPERAND_END = re.compile(r"[\d)\]%}][ \t]+$")
_TAIL = rf"{_EXPONENT}(?P<percent>[ ]?%)?"

_FRACTION = re.compile(
    r"(?<![\w./,])(?P<sign>[-+])?(?:(?P<whole>\d{1,9})[ ]+)?(?P<top>\d{1,30})[ ]?/[ ]?"
    r"(?P<bottom>\d{1,30})(?![\w/]|[.,]\d)"
)
_BOXED = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\}){0,400})\}")
_MARKED = re.compile(r"####[ \t]*([^\n]*)")
_TEX_FRACTION = re.compile(r"\\[dt]?frac\s*\{\s*(-?\d{1,30})\s*\}\s*\{\s*(\d{1,30})\s*\}")
_TIMES_TEN = re.compile(r"(?<=\d)[ ]?(?:[x×·*]|\\times|\\cdot)[ ]?10\s?\^\s?\{?([-+]?\d{1,4})\}?")
_UNIT_POWER = re.compile(r"(?<=[A-Za-z])\^\{?-?\d+\}?")
_CODE = re.compile(r"\b(?:US\$|R\$|USD|EUR|GBP|CHF|JPY|Rs\.?)[ ]?(?=[-+]?\d)")
_LONE_MINUS = dict.fromkeys(map(ord, "\u2212\u2012\u2013\ufe63\uff0d"), "-")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+")
_VULGAR = re.compile("[¼-¾⅐-⅞]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number as read: its exact value (before percent is applied), and how it was written."""

    value: Fraction
    text: str
    is_percent: bool = False
    end: int = 0


class NumberReader:
    """Reads numbers written with a decimal point, or with a decimal comma."""

    def __init__(self, decimal: str = "point") -> None:
        self._comma = decimal == "comma"
        plain = _COMMA if self._comma else _POINT
        body = plain if self._comma else f"{_EUROPEAN}|{plain}"
        self._number = re.compile(f"{_HEAD}(?P<body>{body}){_TAIL}")

    def final(self, text: str) -> Number | None:
        """The number that an answer ends in; one in a box or after #### comes first."""
        for pattern in (_BOXED, _MARKED):
            for marked in reversed(pattern.findall(text)):
                found = self.all(marked)
                if found:
                    return found[-1] if pattern is _BOXED else found[0]
        found = self.all(text)
        return found[-1] if found else None

    def all(self, text: str) -> list[Number]:
        """Every number in `text`, in order."""
        plain = _plain(text)
        fractions = [one for one in map(_fraction, _FRACTION.finditer(plain)) if one is not None]
        found = []
        for match in self._number.finditer(_blanked(plain, fractions)):
            number = self._number_of(match)
            if number is not None:
                found.append(number)
        return sorted([number for number, _ in fractions] + found, key=lambda one: one.end)

    def _number_of(self, match: re.Match[str]) -> Number | None:
        body, exponent = match["body"], match["power"] or "0"
        if len(body) > _LONGEST or len(exponent) > 4 or abs(int(exponent)) > _LARGEST_EXPONENT:
            return None
        value = Fraction(self._pointed(body)) * Fraction(10) ** int(exponent)
        if _is_negative(match) or match["inner"] == "-":
            value = -value
        return Number(
            value=value,
            text=match.group().strip(),
            is_percent=match["percent"] is not None,
            end=match.end(),
        )

    def _pointed(self, body: str) -> str:
        if self._comma or body.count(".") > 1 or -1 < body.find(".") < body.find(","):
            return body.replace(".", "").replace(",", ".")
        return body.replace(",", "")


def last_number(
    *, tolerance: str | float = 0.0, relative: str | float = 0.0, decimal: str = "point"
) -> Scorer:
    """Right when the last number of the answer is the target's number.

    A number in a box or after #### comes before a merely last one; in an answer that was cut
    at its token limit only such a number is an answer, unless the last one is right: the
    working was still going on. `tolerance` is absolute,
    `relative` a share of the target; `decimal` says how decimals are written, point or comma.
    """
    reader = NumberReader(one_of("decimal", decimal, ("point", "comma")))
    absolute = Fraction(amount("tolerance", tolerance))
    share = Fraction(amount("relative", relative))

    def score(sample: Sample, answer: Answer) -> Score:
        seen = reader.final(own_answer(answer.text))
        if seen is None:
            return Score.unparsed("no number in the answer")
        targets = [_target(reader, sample, target) for target in filled_targets(sample)]
        right = any(same_number(seen, one, absolute + share * abs(one.value)) for one in targets)
        why = f"saw {seen.text}"
        if not right and answer.finish is Finish.LENGTH and not is_marked(answer.text):
            return Score.unparsed(f"no final answer yet, last number {seen.text}")
        if not right:
            why += f", wanted {' or '.join(one.text for one in targets)}"
        return Score(float(right), why, extracted=seen.text)

    return score


def is_marked(text: str) -> bool:
    """Whether `text` marks its final answer, by a box or after ####."""
    return _BOXED.search(text) is not None or _MARKED.search(text) is not None


def same_number(seen: Number, target: Number, slack: Fraction = Fraction(0)) -> bool:
    """Whether two numbers differ by no more than `slack`.

    Where one of them alone is marked as percent, 25 % is taken for 25 as well as for 0.25.
    """
    values = [seen.value]
    if seen.is_percent != target.is_percent:
        values.append(seen.value / 100 if seen.is_percent else seen.value * 100)
    return any(abs(value - target.value) <= slack for value in values)


def _target(reader: NumberReader, sample: Sample, text: str) -> Number:
    found = reader.final(text)
    if found is None:
        raise BadInput(
            f"Sample {sample.id!r} has the right answer {shortened(text)!r}, which is no number.",
            hint="Use another scorer, for example --scorer exact.",
        )
    return found


def _plain(text: str) -> str:
    """`text` with every way of writing a number reduced to ASCII."""
    text = _TIMES_TEN.sub(r"e\1", _RAISED.sub(_raised, text.translate(_LONE_MINUS)))
    text = _VULGAR.sub(lambda one: " " + unicodedata.normalize("NFKC", one.group()), text)
    text = re.sub(r"(?<=\d)[\u00a0\u2009\u202f'’](?=\d{3}(?!\d))", "", text)
    text = unicodedata.normalize("NFKC", text).replace("\u2044", "/").translate(_LONE_MINUS)
    text = re.sub(r"(?<=\d)(?:\{,\}|\\,)(?=\d{3})", "", text).replace(r"\%", "%")
    text = _TEX_FRACTION.sub(r" \1/\2 ", text).replace(r"\$", "$").replace("*", " ")
    return _CODE.sub("", _UNIT_POWER.sub("", text))


def _raised(found: re.Match[str]) -> str:
    """A power of ten keeps its exponent; any other raised number (cm², 5²) is dropped."""
    before = found.string[: found.start()]
    return "^" + found.group().translate(_SUPERSCRIPT) if before.endswith("10") else ""


def _fraction(match: re.Match[str]) -> tuple[Number, tuple[int, int]] | None:
    top, bottom = int(match["top"]), int(match["bottom"])
    if bottom == 0 or (match["whole"] and top >= bottom):
        return None
    value = Fraction(top, bottom) + int(match["whole"] or 0)
    if _is_negative(match):
        value = -value
    return Number(value=value, text=match.group().strip(), end=match.end()), match.span()


def _is_negative(match: re.Match[str]) -> bool:
    """Whether the number's own minus is a sign rather than a subtraction."""
    if match["sign"] != "-":
        return False
    before = match.string[max(0, match.start() - 20) : match.start()]
    return not (_OPERAND_END.search(before) or _SPACED_OPERAND_END.search(before))


def _blanked(text: str, fractions: list[tuple[Number, tuple[int, int]]]) -> str:
    """`text` with the fractions blotted out, every other place unmoved."""
    for _, (start, end) in fractions:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
