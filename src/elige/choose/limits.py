"""Hard limits: what a candidate must fulfil whatever its quality."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from elige.errors import BadInput
from elige.text import human_bytes, nearest

Permission = Literal["commercial", "redistribute", "train-others", "host"]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_USED: Mapping[Permission, str] = {
    "commercial": "commercial use",
    "redistribute": "passing it on",
    "train-others": "training other models with it",
    "host": "offering it as a service",
}

# Facts that `--require` can name, and the unit each is measured in.
MEASURED = {
    "p95_seconds": "s",
    "seconds": "s",
    "cost_per_1000": "usd",
    "unparsed": "share",
    "truncated": "share",
    "refused": "share",
    "failed": "share",
}
_UNITS = {
    "": ("any", 1.0),
    "s": ("s", 1.0),
    "ms": ("s", 0.001),
    "usd": ("usd", 1.0),
    "$": ("usd", 1.0),
    "%": ("share", 0.01),
}
_EXPRESSION = re.compile(
    r"\s*(?P<name>\w+)\s*(?P<sign><=|>=|<|>)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z$%]*)\s*",
    re.IGNORECASE,
)
_BYTES = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b?)\s*", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A bound on a measured fact, in seconds, US dollars, or a share in [0, 1]."""

    text: str
    name: str
    sign: str
    bound: float

    def holds(self, value: float) -> bool:
        """Whether `value` keeps the bound."""
        return {
            "<": value < self.bound,
            "<=": value <= self.bound,
            ">": value > self.bound,
            ">=": value >= self.bound,
        }[self.sign]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What every candidate must fulfil. `max_memory` is in bytes, `min_context` in tokens."""

    max_memory: int | None = None
    min_context: int | None = None
    may: tuple[Permission, ...] = ()
    require: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFacts:
    """What is known of a candidate before it is asked anything; None is unknown.

    `memory` is the estimated peak in bytes, `free` the bytes it may take here.
    `may` says yes, no, conditions or unknown for each use that was asked about, and why.
    """

    memory: int | None = None
    free: int | None = None
    context: int | None = None
    may: Mapping[Permission, tuple[str, str]] = field(default_factory=dict)
    runs_here: bool = True


def rejection(facts: KnownFacts, limits: Limits) -> str:
    """Why a candidate is out before it is asked, or '' when it is not.

    An unknown fact never passes a limit: what cannot be shown is not assumed.
    """
    reasons = (_memory(facts, limits), _context(facts, limits), _licence(facts, limits))
    return "; ".join(reason for reason in reasons if reason)


def broken_requirement(
    measured: Mapping[str, float | None], limits: Limits, *, answers: int
) -> str:
    """Why a candidate's measured facts reject it, or ''; `answers` is what they rest on."""
    for requirement in limits.require:
        value = measured.get(requirement.name)
        if value is None:
            return f"{requirement.text} is required, and its {requirement.name} is unknown"
        if not requirement.holds(value):
            shown = _shown(value, MEASURED[requirement.name])
            return (
                f"{requirement.text} is required, measured {shown} "
                f"on {answers} answer{'s' if answers != 1 else ''}"
            )
    return ""


def parse_requirement(text: str) -> Requirement:
    """A requirement from text such as 'p95_seconds<2', 'cost_per_1000<2usd', 'unparsed<1%'.

    Raises `BadInput` with the value and an example.
    """
    found = _EXPRESSION.fullmatch(text)
    if found is None:
        raise BadInput(
            f"The requirement {text!r} cannot be read.",
            hint="Write a name, a sign and a number: --require 'p95_seconds<2'.",
        )
    name = found["name"].lower()
    if name not in MEASURED:
        hint = nearest(name, MEASURED) or f"Known: {', '.join(sorted(MEASURED))}."
        raise BadInput(f"The requirement {text!r} names {name!r}, not a measured fact.", hint=hint)
    kind, factor = _UNITS.get(found["unit"].lower(), ("", 0.0))
    if kind not in {"any", MEASURED[name]}:
        raise BadInput(
            f"The requirement {text!r} has the unit {found['unit']!r}; {name} is in "
            f"{_unit_words(MEASURED[name])}.",
            hint=f"Write for example {name}<{_example(MEASURED[name])}.",
        )
    bound = float(found["number"]) * factor
    return Requirement(text=text.strip(), name=name, sign=found["sign"], bound=bound)


def parse_bytes(text: str) -> int:
    """Bytes from '24GB', '512 MiB' or a plain number of bytes.

    Raises `BadInput` for anything else.
    """
    found = _BYTES.fullmatch(text)
    unit = found[2].lower() if found else ""
    if found is None or unit == "i" or unit == "ib":
        raise BadInput(
            f"{text!r} is no amount of memory.", hint="Write it like --max-memory 24GB or 512MiB."
        )
    step = 1024 if "i" in unit else 1000
    return int(float(found[1]) * step ** _POWERS[unit.rstrip("b").rstrip("i")])


def parse_permission(text: str) -> Permission:
    """A use the licence must allow.

    Raises `BadInput` for a use that is not known.
    """
    for known in PERMISSIONS:
        if text.strip().lower() == known:
            return known
    raise BadInput(f"--may {text!r} is not known.", hint=f"Known uses: {', '.join(PERMISSIONS)}.")


def _memory(facts: KnownFacts, limits: Limits) -> str:
    if not facts.runs_here:
        return ""
    if facts.memory is not None and facts.free is not None and facts.memory > facts.free:
        need, free = human_bytes(facts.memory), human_bytes(facts.free)
        return f"it needs about {need} of memory (estimated), and {free} are free here"
    if limits.max_memory is None:
        return ""
    if facts.memory is None:
        return "its need for memory is unknown"
    if facts.memory <= limits.max_memory:
        return ""
    need, bound = human_bytes(facts.memory), human_bytes(limits.max_memory)
    return f"it needs about {need} of memory (estimated), more than {bound}"


def _context(facts: KnownFacts, limits: Limits) -> str:
    if limits.min_context is None:
        return ""
    if facts.context is None:
        return "its context length is unknown"
    if facts.context >= limits.min_context:
        return ""
    return f"its context is {facts.context} tokens, fewer than {limits.min_context}"


def _licence(facts: KnownFacts, limits: Limits) -> str:
    reasons = []
    for use in limits.may:
        answer, why = facts.may.get(use, ("unknown", "its licence is unknown"))
        if answer not in {"yes", "conditions"}:
            shown = "is not allowed" if answer == "no" else "cannot be shown to be allowed"
            reasons.append(f"{_USED[use]} {shown}: {why}")
    return "; ".join(reasons)


def _shown(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:.3g} {'USD' if unit == 'usd' else unit}"


def _unit_words(unit: str) -> str:
    return {"s": "seconds", "usd": "US dollars", "share": "percent"}[unit]


def _example(unit: str) -> str:
    return {"s": "2s", "usd": "2usd", "share": "1%"}[unit]
