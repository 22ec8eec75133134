"""How a score was taken, read out of free words such as "Diamond, 0-shot CoT, pass@1".

What is not understood stays, word by word, as part of the setting: then two scores count as taken
alike only if the same words were said of both. Nothing is guessed.
"""

import re
from dataclasses import dataclass

_APOSTROPHE = re.compile(r"['’`]")
_NO_LETTER = re.compile(r"[^a-z0-9.+@]+")
_ALIASES = {
    "big-bench-hard": "bbh", "ai2-reasoning-challenge-arc": "arc-challenge",
    "arc-c": "arc-challenge", "arc-e": "arc-easy", "math-lvl-5": "math-level-5",
}  # fmt: skip
_SHOTS = re.compile(r"\b(zero|few|\d+(?:-\d+)?)[\s-]*shots?\b")
_VERSIONS = (
    re.compile(r"\bdiamond(?: subset)?\b"),
    re.compile(r"\bv\d+(?:\.\d+)*\b"),
    re.compile(r"\b\d{4}\s*[-–]\s*\d{4}\b|\b\d\d\.\d\d\s*[-–]\s*\d\d\.\d\d\b"),
    re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\s*[-–]\s*\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{4}/\d\d/\d\d\b"),
    re.compile(r"\btext[- ](?:only|based)(?: subset| questions only)?\b|\btext subset\b"),
    re.compile(r"\btest ?mini\b|\b(?:val|validation|dev|test(?![ -]time))(?: set)?\b|\bverified\b"),
)
_WAYS = (
    (re.compile(r"\bchain[- ]of[- ]thought\b|\bcot\b"), "chain of thought"),
    (
        re.compile(r"\b(?:no|without|non-?)[ -]?(?:extended )?(?:thinking|reasoning)(?: mode)?\b"),
        "no thinking",
    ),
    (re.compile(r"\breasoning off\b"), "no thinking"),
    (re.compile(r"\b(?:no|without|w/o)(?: custom)? tools?(?: use)?\b"), "no tools"),
    (re.compile(r"\bthinking(?: mode)?(?: enabled)?\b|\breasoning (?:mode|on)\b"), "thinking"),
    (re.compile(r"(?:^|(?<=, ))reasoning$"), "thinking"),
)
_METRICS = (
    (re.compile(r"\bpass ?@ ?(\d+)\b"), r"pass@\1"),
    (re.compile(r"\b(avg|cons|maj|mean) ?@ ?(\d+)\b"), r"\1@\2"),
    (re.compile(r"\bsingle attempt\b"), "pass@1"),
    (re.compile(r"\b(?:token )?f1(?: score)?\b"), "f1"),
    (re.compile(r"\bexact match\b|\bem\b"), "exact match"),
    (re.compile(r"\baccuracy\b|\bacc\b|\bcorrect\b|\bscores?\b"), "accuracy"),
)
_FILLER = re.compile(
    r"\b(?:standard|standardi[sz]ed|benchmarks?|evaluations?|not specified|unspecified|n/a|none|"
    r"percentage|percent|default|answer|mode|and)\b|[^\w%+]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is said of how a score was taken; '' for what is not said."""

    version: str = ""
    setting: str = ""
    metric: str = ""


def benchmark_key(name: str) -> str:
    """A benchmark's name as a stable key: "Humanity's Last Exam" is `humanitys-last-exam`."""
    key = _NO_LETTER.sub("-", _APOSTROPHE.sub("", name.lower())).strip("-.")
    # A name in other letters than these is its own key.
    return _ALIASES.get(key, key) or "-".join(name.casefold().split())


def taken(words: str, *, known: str = "") -> Taken:
    """The version, setting and metric that `words` say; `known` are names that say nothing new."""
    left = " ".join(words.lower().split())
    versions: list[str] = []
    for pattern in _VERSIONS:
        versions += (" ".join(found[0].split()) for found in pattern.finditer(left))
        left = pattern.sub(" ", left)
    setting = [f"{_count(found[1])}-shot" for found in _SHOTS.finditer(left)]
    left = _SHOTS.sub(" ", left)
    for pattern, name in _WAYS:
        left, count = pattern.subn(" ", left)
        setting += [name] if count else []
    metrics: list[str] = []
    for pattern, name in _METRICS:
        metrics += (found.expand(name) for found in pattern.finditer(left))
        left = pattern.sub(" ", left)
    setting += _rest(left, known)
    return Taken(
        version=", ".join(dict.fromkeys(versions)),
        setting=", ".join(dict.fromkeys(setting)),
        metric=next(iter(metrics), ""),
    )


def _count(shots: str) -> str:
    return {"zero": "0"}.get(shots, shots)


def _rest(left: str, known: str) -> list[str]:
    """What was not understood, without words that say nothing."""
    names = set(re.findall(r"\w+", known.lower()))
    words = [word for word in _FILLER.sub(" ", left).split() if word not in names]
    return [" ".join(words)] if words else []
