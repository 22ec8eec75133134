"""Recognises a licence by its text, also after small edits, from hashes alone.

Four words in a row make a shingle. Of each licence the smallest hashes of its shingles are kept,
a fair sample of them; the share of it that a text holds tells how much of the licence stands
there, and with both lengths how alike the two are (Broder, "On the resemblance and containment of
documents", 1997). Made by scripts/make_licence_prints.py; no text is kept.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import groupby

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]

_WORDS_IN_ROW = 4
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
# Who holds the rights, and since when, says nothing of the licence; a longer line says more, and
# "(c)" without a year may be the third item of a list.
_HOLDER = re.compile(
    r"^[^\w\n]*(?:copyright\b(?=[^\n]*(?:\d{4}|\(c\)|©|yyyy|year))"
    r"|(?:\(c\)|©)(?=[^\n]*(?:\d{4}|yyyy|year)))[^\n]{0,200}$",
    re.IGNORECASE | re.MULTILINE,
)
_MASK = np.uint32(0xFFFFFF)
# A text of which this much is like the licence is that licence, edited; measured in the tests.
_ALIKE = 0.5
# From here on nothing but a few words differs; below, a licence of the SPDX list is taken before a
# relative of it that is this little more like.
_SAME, _BEFORE, _TIED, _ALMOST = 0.97, 0.03, 0.001, 0.9
# A relative that stands in the text more fully is taken if it is this nearly as like and as long,
# or if the whole text (but so little) stands in it, which then is so much longer.
_NEAR, _NEARLY, _WHOLE, _LONGER, _SURE, _EXACT = 0.12, 0.8, 0.99, 1.05, 256, 0.98
# A licence of some length that stands in a longer text almost whole.
_HELD, _SHORTEST_HELD = 0.85, 60
# Up to here all hashes of a licence are kept.
_SHORT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMatch:
    """The licence whose text was found; `key` is its id in scancode's licence database.

    `likeness` is the estimated share of shingles that both have; `is_part` says that the licence
    stands in a longer text.
    """

    key: str
    spdx: str
    name: str
    category: str
    likeness: float
    is_part: bool


@dataclass(frozen=True, slots=True)
class _Prints:
    """All licences: their names, how many shingles each has, and the hashes kept of each.

    `sorted` are all hashes, the smallest first, and `rows` of which licence each is: a text looks
    its few hashes up there, instead of each of the many being looked up in the text.
    """

    names: list[list[str]]
    listed: npt.NDArray[np.bool_]
    sizes: npt.NDArray[np.int64]
    kept: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    hashes: Hashes
    sorted: Hashes
    rows: npt.NDArray[np.int64]

    def counts(self, own: Hashes) -> npt.NDArray[np.int64]:
        """How many of `own`, each in it once, are kept of each licence."""
        first = np.searchsorted(self.sorted, own, "left")
        many = np.searchsorted(self.sorted, own, "right") - first
        ends = np.cumsum(many)
        at = np.repeat(first - (ends - many), many) + np.arange(ends[-1] if len(ends) else 0)
        return np.bincount(self.rows[at], minlength=len(self.sizes))

    def places(self, key: str) -> list[int]:
        """Where the wordings of a licence stand."""
        return [at for at, row in enumerate(self.names) if row[0] == key]

    def of(self, at: int) -> Hashes:
        """The hashes kept of one wording."""
        return self.hashes[self.starts[at] : self.starts[at] + self.kept[at]]


def shingles(text: str) -> Hashes:
    """The hashes of all runs of four words of `text`, each once, the smallest first."""
    return np.unique(_in_order(_words(text)))


def _words(text: str) -> list[str]:
    plain = _HOLDER.sub(" ", unicodedata.normalize("NFKC", text)).lower()
    return _WORD.findall(plain)


def _in_order(words: Sequence[str]) -> Hashes:
    """The hash of every four words in a row, in the order of the text."""
    rows = max(1, len(words) - _WORDS_IN_ROW + 1) if words else 0
    found = [zlib.crc32(" ".join(words[at : at + _WORDS_IN_ROW]).encode()) for at in range(rows)]
    mixed = np.array(found, dtype=np.uint64) * np.uint64(2654435761)
    return (mixed >> np.uint64(16)).astype(np.uint32) & _MASK


def added(text: str, *keys: str) -> list[str]:
    """The passages of `text` that stand in no wording of the licences `keys`, in small letters.

    None are told of a licence whose hashes are not all kept, as its words are not known.
    """
    prints = _prints()
    whole = [
        [at for at in prints.places(key) if prints.kept[at] == prints.sizes[at]] for key in keys
    ]
    if not whole or not all(whole):
        return []
    places = [at for each in whole for at in each]
    theirs = np.concatenate([prints.of(at) for at in places])
    words = _words(text)
    known = np.zeros(len(words), dtype=np.bool_)
    for at in np.flatnonzero(np.isin(_in_order(words), theirs)):
        known[at : at + _WORDS_IN_ROW] = True
    runs = groupby(zip(words, known, strict=True), key=lambda pair: bool(pair[1]))
    return [" ".join(word for word, _ in run) for is_known, run in runs if not is_known]


def match_text(text: str) -> TextMatch | None:
    """The licence that `text` is or holds, None when it is none that is known."""
    return match_shingles(shingles(text))


def match_shingles(own: Hashes) -> TextMatch | None:
    """The same of the shingles of a text."""
    if not len(own):
        return None
    prints = _prints()
    held = prints.counts(own) / prints.kept
    # A text holds no more of a licence than it is long, whatever the sample says.
    both = np.minimum(held * prints.sizes, len(own))
    alike = both / (prints.sizes + len(own) - both)
    best = _likeliest(prints, alike, held, len(own))
    if alike[best] >= _ALIKE:
        return _match(prints, best, float(alike[best]), is_part=False)
    # Of all licences that stand in the text the longest says most.
    long = (held >= _HELD) & (prints.sizes >= _SHORTEST_HELD)
    if not long.any():
        return None
    best = int(np.argmax(np.where(long, both, 0)))
    return _match(prints, best, float(held[best]), is_part=True)


def match_several(own: Hashes, whole: TextMatch | None) -> list[TextMatch]:
    """The licences that stand almost whole in a text, one after another, the longest first.

    `own` are its shingles, and `whole` is what they match.

    Of relatives that share their words one is told: that which says most of what no other has
    said and lacks least.
    """
    prints, rest = _prints(), own
    held = prints.counts(own) / prints.kept
    stands = (held >= _HELD) & (prints.sizes >= _SHORTEST_HELD) & (prints.sizes <= len(own))
    # Off the SPDX list only those of the table, which are long and kept whole.
    stands &= prints.listed | ((prints.kept == prints.sizes) & (prints.sizes > _SHORT))
    lacks = (1 - held) + _error(prints, held) - np.where(prints.listed, _BEFORE, 0.0)
    lacks -= np.where(prints.kept == prints.sizes, _NEAR, 0.0)  # of these every word is known
    is_sure = whole is not None and not whole.is_part and whole.likeness >= _ALMOST
    found = [whole] if whole is not None and is_sure else []
    for at in (at for match in found for at in prints.places(match.key)):
        rest, is_apart = _leave_out(prints, at, rest)
        stands &= is_apart
    while stands.any():
        left = prints.counts(rest) / prints.kept
        stands &= left >= _ALIKE
        best = int(np.argmax(np.where(stands, (left - lacks) * prints.sizes, -np.inf)))
        if stands[best]:
            found.append(_match(prints, best, float(held[best]), is_part=True))
            rest, is_apart = _leave_out(prints, best, rest)
            stands &= is_apart
    return found


def _leave_out(prints: _Prints, at: int, rest: Hashes) -> tuple[Hashes, npt.NDArray[np.bool_]]:
    """The words left without a licence's, and which licences do not hold half of it."""
    theirs = prints.of(at)
    is_apart: npt.NDArray[np.bool_] = prints.counts(theirs) < _ALIKE * prints.kept[at]
    return np.setdiff1d(rest, theirs, assume_unique=True), is_apart


def _error(prints: _Prints, held: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The standard error of the share that a text holds of each licence, 0 of those kept whole."""
    error: npt.NDArray[np.float64] = np.sqrt(held * (1 - np.minimum(held, 1)) / prints.kept)
    return np.where(prints.kept == prints.sizes, 0.0, error)


def _likeliest(
    prints: _Prints,
    alike: npt.NDArray[np.float64],
    held: npt.NDArray[np.float64],
    length: int,
) -> int:
    """The place of the licence that is most like the text of `length` shingles.

    Of an edited text, whose likenesses are close together, the one that is surely as like: one
    standard error of the sample off, and the licences of the SPDX list before their relatives.
    """
    best = int(np.argmax(alike))
    is_exact = prints.kept == prints.sizes
    if alike[best] >= (_SAME if is_exact[best] else _WHOLE):
        # Two versions of a licence may be alike in the whole sample: the larger sample is surer.
        return int(np.argmax(np.where(alike >= alike[best] - _TIED, prints.kept, 0)))
    sure = alike - _error(prints, held)
    best = int(np.argmax(sure + np.where(prints.listed, _BEFORE, 0.0)))
    # A text with a heading is as long as a relative with one clause more, and so more like it; one
    # without its appendix is more like a relative that never had one.
    near = prints.listed & (alike >= alike[best] - _NEAR)
    fuller = near & (held >= held[best]) & (prints.sizes >= _NEARLY * prints.sizes[best])
    fuller &= prints.kept[best] < prints.sizes[best]
    best = int(np.argmax(np.where(fuller, held, 0.0))) if fuller.any() else best
    share = held * prints.sizes / length
    whole = near & (share >= _WHOLE) & (prints.sizes >= _LONGER * length)
    whole &= prints.kept >= _SURE  # of a small sample shares so close cannot be told apart
    # Of a long one whose words are all known, a share is no estimate.
    is_known = is_exact & (prints.sizes > _SHORT)
    whole |= near & is_known & (share >= _EXACT) & (prints.sizes >= length)
    return int(np.argmax(np.where(whole, alike, 0.0))) if whole.any() else best


@cache
def _prints() -> _Prints:
    with (
        as_file(files("elige.catalog") / "licence_prints.npz") as path,
        np.load(path, allow_pickle=False) as data,
    ):
        kept, hashes = data["kept"].astype(np.int64), _unpacked(data["hashes"])
        places = np.repeat(np.arange(len(kept), dtype=np.uint64), kept)
        pairs = np.sort((hashes.astype(np.uint64) << np.uint64(32)) | places)
        names = [line.split("\t") for line in bytes(data["names"]).decode().split("\n")]
        return _Prints(
            names=names,
            listed=np.array([not row[1].startswith("LicenseRef-") for row in names]),
            sizes=data["sizes"].astype(np.int64),
            kept=kept,
            starts=np.concatenate(([0], np.cumsum(kept)[:-1])),
            hashes=hashes,
            sorted=(pairs >> np.uint64(32)).astype(np.uint32),
            rows=(pairs & np.uint64(0xFFFFFFFF)).astype(np.int64),
        )


def _unpacked(packed: npt.NDArray[np.uint8]) -> Hashes:
    """Hashes of three bytes each, the smallest byte first."""
    bytes_each = packed.reshape(-1, 3).astype(np.uint32)
    high = np.left_shift(bytes_each[:, 2], 16) | np.left_shift(bytes_each[:, 1], 8)
    return (bytes_each[:, 0] | high).astype(np.uint32)


def _match(prints: _Prints, place: int, likeness: float, *, is_part: bool) -> TextMatch:
    key, spdx, name, category = prints.names[place]
    return TextMatch(
        key=key,
        spdx=spdx,
        name=name,
        category=category,
        likeness=round(min(likeness, 1.0), 4),
        is_part=is_part,
    )
