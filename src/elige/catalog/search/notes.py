"""What is worth saying of a search: how its text was read, and what left nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from elige.catalog.search.ask import MOST_WORDS, Wording, counted
from elige.catalog.search.filters import Filter, all_of, count_of

if TYPE_CHECKING:
    from tantivy import Searcher


def reading_notes(wording: Wording, *, relaxed: bool) -> list[str]:
    """How the text was read, where not to the letter."""
    notes = []
    if wording.cut:
        notes.append(f"Only the first {MOST_WORDS} words were searched, {wording.cut:,} were not.")
    if wording.slips:
        slips = ", ".join(wording.slips)
        notes.append(f"Hardly any model has {slips}: near spellings among names count too.")
    if relaxed:
        notes.append("No model has all the words; these have most of them.")
    return notes


def removed(wording: Wording, filters: Sequence[Filter], searcher: "Searcher") -> list[str]:
    """Which filter left nothing: the one without which most would be found."""
    if wording.text.strip() and not wording.terms:
        return ["The text has no letter and no number to search for."]
    text = [counted(wording)] if wording.terms else []
    if text and not count_of(all_of(text), searcher):
        return ["No model has these words."]
    if not filters:
        return []
    without = {
        one.said: count_of(
            all_of([*text, *(other.asked for other in filters if other is not one)]), searcher
        )
        for one in filters
    }
    said, count = max(without.items(), key=lambda pair: pair[1])
    if count:
        return [f"{said} removed the most: without it there would be {count:,}."]
    alone = {one.said: count_of(all_of([*text, one.asked]), searcher) for one in filters}
    said, count = min(alone.items(), key=lambda pair: pair[1])
    return [f"{said} removed the most: on its own it leaves {count:,} of those with the text."]
