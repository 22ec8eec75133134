r"""Numbers read out of text: which one an answer gives, and whether two are the same.

Understood: signs, thousands separators (comma, thin space, apostrophe), decimals, percent,
fractions and mixed numbers, 1.2e3 and 1.2 x 10^3, currency signs, LaTeX's \frac, GSM8K's
`#### 42` and \boxed{42}, full-width and other scripts' digits. Values are exact fractions.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from elige.evaluate.scorers.phrases import STATED

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
_EMPHASIS = re.compile(r"\*\*|__")
# A statement ends with its line or its sentence; the dot of 3.5 ends nothing.
_SENTENCE = re.compile(r"\n|[.!?](?=\s|$)|[;。]")
# "Answer 2: 7" states 7.
_ORDINAL = re.compile(r"^\s*(?:\d{1,2}[ ]?:)?\s*")
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
        return self.boxed(text) or self.hashed(text) or self.last(text)

    def boxed(self, text: str) -> Number | None:
        r"""The last number in the last \boxed{} that holds one."""
        return self._last_in(reversed(_BOXED.findall(text)))

    def hashed(self, text: str) -> Number | None:
        """The first number after the last #### that has one in its line."""
        return self._first_in(reversed(_MARKED.findall(text)))

    def stated(self, text: str) -> Number | None:
        """The number of the last "the answer is ...": behind its '=', else its first one."""
        plain = _EMPHASIS.sub("", text)
        rests = [_ORDINAL.sub("", plain[found.end() :]) for found in STATED.finditer(plain)]
        lines = [_SENTENCE.split(rest, maxsplit=1)[0] for rest in rests if rest]
        both = [part for line in reversed(lines) for part in (line.rpartition("=")[2], line)]
        return self._first_in(both)

    def first(self, text: str) -> Number | None:
        """The first number of all."""
        return self._first_in([text])

    def last(self, text: str) -> Number | None:
        """The last number of all."""
        return self._last_in([text])

    def _first_in(self, parts: Iterable[str]) -> Number | None:
        return next((found[0] for part in parts if (found := self.all(part))), None)

    def _last_in(self, parts: Iterable[str]) -> Number | None:
        return next((found[-1] for part in parts if (found := self.all(part))), None)

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


def same_number(seen: Number, target: Number, slack: Fraction = Fraction(0)) -> bool:
    """Whether two numbers differ by no more than `slack`.

    Where one of them alone is marked as percent, 25 % is taken for 25 as well as for 0.25.
    """
    values = [seen.value]
    if seen.is_percent != target.is_percent:
        values.append(seen.value / 100 if seen.is_percent else seen.value * 100)
    return any(abs(value - target.value) <= slack for value in values)


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
