"""Texts made comparable: case, spaces, punctuation, Unicode forms, articles and accents."""

import re
import string
import unicodedata
from dataclasses import dataclass

# Scripts written without spaces between words: Han, kana, and their extensions.
_SPACELESS = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003134f"
)
SPACELESS = re.compile(f"[{_SPACELESS}]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_ASCII_PUNCTUATION = frozenset(string.punctuation)
# A line that opens another question: a base model goes on writing the file it thinks it is in.
_NEXT_QUESTION = re.compile(
    r"\n[ \t]*(?:#+[ \t]*)?(?:question|problem|q|user|human|pregunta|problema|frage|domanda"
    r"|pergunta|вопрос|问题|問題|質問|질문)[ \t]*\d*[ \t]*[::]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Normaliser:
    """What is made equal before two texts are compared."""

    ignore_case: bool = True
    ignore_space: bool = True
    ignore_punctuation: bool = True
    ignore_articles: bool = False
    ignore_accents: bool = False
    unicode: bool = True

    def __call__(self, text: str) -> str:
        """`text` in the form that is compared; its letters alone where punctuation is ignored.

        A text of nothing but punctuation keeps it, so that '+' and '-' stay different.
        """
        plain = self._characters(text)
        if self.ignore_punctuation:
            plain = without_punctuation(plain) or plain
        if self.ignore_articles:
            plain = _ARTICLES.sub(" ", plain)
        return " ".join(plain.split()) if self.ignore_space else plain

    def _characters(self, text: str) -> str:
        if self.unicode:
            text = unicodedata.normalize("NFKC", text)
        if self.ignore_accents:
            text = without_accents(text)
        if not self.ignore_case:
            return text
        folded = text.casefold()
        return unicodedata.normalize("NFKC", folded) if self.unicode else folded


def without_punctuation(text: str) -> str:
    """`text` without punctuation, of ASCII or of any other script; '' when nothing is left."""
    kept = "".join(one for one in text if not is_punctuation(one))
    return kept if kept.strip() else ""


def is_punctuation(character: str) -> bool:
    """Whether SQuAD's rule (ASCII punctuation and symbols) or Unicode calls it punctuation."""
    return character in _ASCII_PUNCTUATION or unicodedata.category(character).startswith("P")


def without_accents(text: str) -> str:
    """`text` with combining marks removed: 'año' becomes 'ano'."""
    apart = unicodedata.normalize("NFD", text)
    kept = "".join(one for one in apart if unicodedata.category(one) != "Mn")
    return unicodedata.normalize("NFC", kept)


def own_answer(text: str) -> str:
    """`text` up to where the model begins to write another question of its own."""
    found = _NEXT_QUESTION.search(text)
    if found is None or not text[: found.start()].strip():
        return text
    return text[: found.start()]


def mentions(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where `wanted` stands in `text` as words of its own: (start, end), in order.

    In scripts without spaces any occurrence counts. Both texts must be normalised alike.
    """
    if not wanted:
        return []
    before = r"(?<![^\W_])" if _needs_edge(wanted[0]) else ""
    after = r"(?![^\W_])" if _needs_edge(wanted[-1]) else ""
    loose = f"(?:(?<=[{_SPACELESS}])|{before})" if before else ""
    tight = f"(?:(?=[{_SPACELESS}])|{after})" if after else ""
    pattern = re.compile(loose + re.escape(wanted) + tight)
    return [found.span() for found in pattern.finditer(text)]


def shortened(text: str, limit: int = 80) -> str:
    """`text` on one line, cut to `limit` characters, for a reason that a person reads."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _needs_edge(character: str) -> bool:
    return character.isalnum() and not SPACELESS.match(character)
