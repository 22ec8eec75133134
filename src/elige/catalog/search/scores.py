"""Scores by which models are filtered and sorted: published ones, and those of one's own runs.

Each benchmark, version and setting has a key of its own, and so has each task of own runs with its
data and the way it was put. Keys never meet, so no two numbers are compared that were not taken
alike.
"""

import math
from collections.abc import Sequence

from elige.catalog.own_results import by_weight
from elige.records import RunResult
from elige.records.card import PublishedScore

# Begins the version of a key that holds what runs here measured.
OWN = "@own-"
_LONGEST = 200


def best_scores(results: Sequence[PublishedScore]) -> dict[str, float]:
    """The best published value by benchmark and version; percents count as fractions.

    Scores of different versions or settings are different keys and never meet.
    """
    found: dict[str, float] = {}
    for one in results:
        value = one.value / 100 if one.unit == "percent" else one.value
        if not math.isfinite(value):
            continue
        key = score_key(one)
        if key:
            found[key] = max(value, found.get(key, -math.inf))
    return found


def own_scores(measured: Sequence[RunResult]) -> dict[str, float]:
    """What runs here measured, by task, data and way of asking; a race apart from an evaluation.

    Of several runs alike the newest counts, not the best, which would be luck in part. A run that
    was broken off says nothing yet.
    """
    found: dict[str, float] = {}
    for one in by_weight(measured):
        key = own_key(one)
        if key and one.score is not None and one.is_finished:
            found.setdefault(key, one.score)
    return found


def score_key(one: PublishedScore) -> str:
    """What a score is asked for by: 'mmlu', 'mmlu@version', 'mmlu@version:setting'."""
    version = f"@{plain_words(one.version)}" if one.version.strip() else ""
    setting = f":{plain_words(one.setting)}" if one.setting.strip() else ""
    name = plain_words(one.benchmark)
    return f"{name}{version}{setting}"[:_LONGEST] if name else ""


def own_key(one: RunResult) -> str:
    """The same of an own result: 'sums@own-DATA:ASKED', 'sums@own-DATA:race-ASKED'."""
    name = plain_words(one.task)
    kind = "race-" if one.is_race else ""
    return f"{name}{OWN}{one.data}:{kind}{one.asked}"[:_LONGEST] if name else ""


def plain_words(text: str) -> str:
    """Letters, numbers, '.', '+' of a name: 'MMLU-Pro (5 shot)' is 'mmlu-pro-5-shot'."""
    kept = "".join(one if one.isalnum() or one in ".+" else "-" for one in text.casefold())
    return "-".join(part for part in kept.split("-") if part)
