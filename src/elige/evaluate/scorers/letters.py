r"""The choice that a text names: by letter, by number or by the choice's own text.

What is read, the more explicit first: an answer that is a choice's text; the content of a
\boxed{}; the last statement such as "the answer is B"; the first line when it opens with a
letter; the one choice that is mentioned at all. Where two choices could be meant, nothing is
read: a guess would be counted as an opinion of the model. Whoever wants the first or the last
letter, as some benchmarks do, says so.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from elige.evaluate.scorers.normalisation import Normaliser, mentions, own_answer
from elige.evaluate.scorers.phrases import (
    CHOSEN,
    ENDED,
    NEGATED,
    OR_LOWER,
    OR_UPPER,
    STATED,
    STATED_BEHIND,
)

_LETTER = re.compile(r"[(\[{<\"'“‘«]*\s*(?P<letter>[A-Za-z])(?![^\W_]|['’][A-Za-z])")
_CJK_LETTER = re.compile(r"[(\[{<「]*\s*(?P<letter>[A-Z])(?=[\u3040-\u9fff\uac00-\ud7af])")
_NUMBER = re.compile(r"[(\[]?(?P<number>\d{1,2})(?![^\W_]|[%/]|[.,]\d)")
_STANDING = re.compile(r"(?<![^\W_])(?<!['’])(?P<letter>[A-Z])(?![^\W_]|['’][A-Za-z])")
# A capital letter on its own, or any letter in brackets.
_ALONE = re.compile(
    r"[(\[](?P<bracketed>[A-Za-z])[)\]]"
    r"|(?<![^\W_])(?<!['’])(?P<letter>[A-Z])(?![^\W_]|['’][A-Za-z])"
)
_BOXED = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\}){0,400})\}")
_WRAPPED = re.compile(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}")
_MARKUP = re.compile(r"\*+|`+|__|\$")
_LISTED = re.compile(r"\s*(?:[,/&]|\bor\b|\band\b|\bo\b|\by\b)+\s*")
# Letters that are also words in upper case; English "A" and "I".
_WORDS = frozenset("AI")
_EDGES = " .!?,;:\"'“”‘’«»()[]"
_same = Normaliser(ignore_punctuation=False)

# Each way to find the choice, with what a reason says of it.
WAYS = {
    "boxed": "in a box",
    "whole": "the whole answer",
    "stated": "stated",
    "line": "the first line",
    "mentioned": "mentioned",
    "first": "the first letter",
    "last": "the last letter",
}
AUTO = ("boxed", "whole", "stated", "line", "mentioned")


@dataclass(frozen=True, slots=True)
class Reading:
    """The index of the choice that was read, or None, and what spoke for it."""

    index: int | None
    why: str


class ChoiceReader:
    """Reads which of `choices` a text names."""

    def __init__(self, choices: Sequence[str]) -> None:
        self._texts = tuple(_same(_plain(choice)).strip(_EDGES) for choice in choices)
        self._numbered = not any(re.search(r"\d", text) for text in self._texts)

    def read(self, text: str, ways: Sequence[str] = AUTO) -> Reading:
        """The choice that `text` names; the first of `ways` that finds anything decides."""
        boxed = _BOXED.findall(text)
        plain = _plain(own_answer(text))
        if not plain.strip():
            return Reading(None, "the answer is empty")
        for way in ways:
            if way == "boxed" and boxed:
                return self._of(self._whole(_plain(boxed[-1])), WAYS[way])
            if way != "boxed" and (found := self._by(way, plain)):
                return self._of(found, WAYS[way])
        return Reading(None, "no choice is named")

    def _by(self, way: str, plain: str) -> set[int]:
        """The choices that one way finds in the text."""
        if way == "whole":
            return self._whole(plain)
        if way == "stated":
            stated = [found for found in self._statements(plain) if found]
            return stated[-1] if stated else set()
        if way == "line":
            first = plain.strip().splitlines()[0].strip()
            return self._whole(first) or self._named(first, strict=True)
        if way == "mentioned":
            return self._mentioned(plain)
        standing = self._standing(plain)
        return set(standing[-1:] if way == "last" else standing[:1])

    def _standing(self, plain: str) -> list[int]:
        """Every choice whose letter stands alone, in order; never a letter within a word."""
        found: list[int] = []
        for one in _ALONE.finditer(plain):
            mark = one["letter"] or one["bracketed"]
            is_word = one["letter"] in _WORDS and not ENDED.match(plain[one.end() :])
            if not is_word and not NEGATED.search(plain[: one.start()][-40:]):
                found += self._lettered(mark)
        return found

    def _of(self, found: set[int], how: str) -> Reading:
        if len(found) == 1:
            return Reading(next(iter(found)), how)
        if found:
            names = " or ".join(_letter(index) for index in sorted(found))
            return Reading(None, f"{how}: could be {names}")
        return Reading(None, f"{how}: no choice")

    def _whole(self, text: str) -> set[int]:
        """The choices that are `text` as a whole: by their text, or as a bare letter."""
        bare = _same(text).strip(_EDGES)
        if not bare:
            return set()
        by_text = {index for index, choice in enumerate(self._texts) if choice == bare}
        alone = re.fullmatch(r"[a-z]|\d{1,2}", bare)
        return by_text | (self._lettered(bare) if alone else set())

    def _lettered(self, mark: str) -> set[int]:
        """The choice with this letter or, where no choice holds a digit, with this number."""
        if mark.isdigit():
            index = int(mark) - 1 if self._numbered else -1
        else:
            index = ord(mark.upper()) - ord("A")
        return {index} if 0 <= index < len(self._texts) else set()

    def _statements(self, plain: str) -> Iterator[set[int]]:
        """What each "the answer is ..." names, in the order of the text."""
        found = [(one.end(), self._named(plain[one.end() :])) for one in STATED.finditer(plain)]
        found += [(one.end(), self._lettered(one["letter"])) for one in _behind(plain)]
        for _, named in sorted(found, key=lambda pair: pair[0]):
            yield named

    def _named(self, rest: str, *, strict: bool = False) -> set[int]:
        """What `rest` opens with; both where its letter and its text disagree.

        `strict` wants a letter to be followed by punctuation, by nothing, or by its own text.
        """
        by_text = self._alone(rest) if strict else self._opening(rest)
        found = _LETTER.match(rest) or _CJK_LETTER.match(rest) or _NUMBER.match(rest)
        mark = found.group(found.lastgroup or 0) if found else ""
        by_mark = self._lettered(mark) if mark else set()
        if not found or not by_mark:
            return by_text
        after = rest[found.end() :]
        either = OR_LOWER if mark.islower() else OR_UPPER
        if either.match(after):
            return set()
        own_text = self._opening(after.lstrip(_EDGES + "-–—\t"))
        if any(len(self._texts[index]) > 1 for index in by_text):
            return by_text
        is_word = strict or mark.islower() or mark in _WORDS or mark.isdigit()
        is_cjk = found.re is _CJK_LETTER
        if is_word and not is_cjk and not own_text and not ENDED.match(after):
            return by_text
        return by_mark | by_text | own_text

    def _alone(self, rest: str) -> set[int]:
        """The choice whose text `rest` opens with, if neither prose nor another choice follows."""
        found = self._opening(rest)
        folded = _same(rest).lstrip(_EDGES)
        after = folded[max((len(self._texts[index]) for index in found), default=0) :]
        if not ENDED.match(after):
            return set()
        listed = _LISTED.match(after)
        return set() if listed and self._opening(after[listed.end() :]) else found

    def _opening(self, rest: str) -> set[int]:
        """The choices whose text `rest` opens with, the longest alone."""
        folded = _same(rest[:4000]).lstrip(_EDGES)
        fitting = {
            index: len(text)
            for index, text in enumerate(self._texts)
            if text and folded.startswith(text) and mentions(folded[: len(text) + 1], text)
        }
        longest = max(fitting.values(), default=0)
        return {index for index, length in fitting.items() if length == longest}

    def _mentioned(self, plain: str) -> set[int]:
        """Every choice that `plain` mentions by its text or as a chosen letter, denied ones out."""
        folded = _same(plain)
        spans = [
            (start, end, index)
            for index, text in enumerate(self._texts)
            if len(text) > 1 or (text and not text.isalpha())
            for start, end in mentions(folded, text)
        ]
        named = {
            index
            for start, _, index in outermost(spans)
            if not NEGATED.search(folded[:start][-40:])
        }
        for found in _STANDING.finditer(plain):
            if _is_chosen(plain, found.start(), found.end()):
                named |= self._lettered(found["letter"])
        return named


def outermost(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The (start, end, index) that lie in no longer one: 'New York' hides its 'York'."""
    return [
        one
        for one in spans
        if not any(
            other[0] <= one[0] and one[1] <= other[1] and other[1] - other[0] > one[1] - one[0]
            for other in spans
        )
    ]


def _behind(plain: str) -> Iterator[re.Match[str]]:
    """Each "B is correct" that nothing denies."""
    for found in STATED_BEHIND.finditer(plain):
        if "not " not in found.group() and not NEGATED.search(plain[: found.start()][-40:]):
            yield found


def _is_chosen(plain: str, start: int, end: int) -> bool:
    """Whether the capital letter there stands for a choice: (B), or after "I choose"."""
    before, after = plain[:start][-40:], plain[end:]
    if NEGATED.search(before):
        return False
    if before.endswith(("(", "[")) and after.startswith((")", "]")):
        return True
    is_listed = bool(OR_UPPER.match(after)) or bool(
        re.search(r"\b[A-Z]\s*(?:,|/|or|o|y|and)\s*$", before)
    )
    if is_listed:
        return True
    return bool(CHOSEN.search(before)) and (plain[start] not in _WORDS or bool(ENDED.match(after)))


def _letter(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def _plain(text: str) -> str:
    """`text` in compatibility form (full-width letters become plain), without markup."""
    return _MARKUP.sub("", _WRAPPED.sub(r"\1", unicodedata.normalize("NFKC", text)))
