"""What to be careful about: answers drawn at random, a file looked at often."""

from collections.abc import Sequence

from elige.choose.amounts import among, points
from elige.records import Standing, Verdict

LOOKS_ALLOWED = 3
_SHOWN_NAMES = 3


def draw_words(verdict: Verdict) -> tuple[str, ...]:
    """Whose answers were drawn, what is shown of that, and how far other draws would move it.

    Nothing where every answer was the likeliest one.
    """
    drawn = [one for one in verdict.candidates if one.draws and one.evaluated]
    if not drawn:
        return ()
    return f"{_whose(drawn)} {_covered(verdict)}", _moved(drawn)


def looks_warning(looks: int) -> str:
    """A warning once a file has been looked at more than three times, else ''."""
    if looks <= LOOKS_ALLOWED:
        return ""
    return (
        f"This file has been looked at {looks:,} times. Scores on it are now optimistic: each look "
        "invites choices that fit the file. Bring new samples, or keep some back (--lock-test 30%)."
    )


def _whose(drawn: Sequence[Standing]) -> str:
    names = [one.name for one in drawn[:_SHOWN_NAMES]]
    if more := len(drawn) - len(names):
        names.append(f"{more} more")
    repeats = max(one.repeats for one in drawn)
    often = "one to each sample" if repeats == 1 else f"{repeats} to each sample, whose mean counts"
    return f"Answers of {among(names)} are drawn at random, {often}."


def _covered(verdict: Verdict) -> str:
    """What the statements are about; in scope `future` the noise is part of what they cover."""
    if verdict.scope == "list" or verdict.confidence >= 1:
        return "What is shown is of these answers; other draws may come out differently."
    return (
        "What is shown of new samples is of the mean over such draws; what is said of this list "
        "is of these answers."
    )


def _moved(drawn: Sequence[Standing]) -> str:
    known = [(one.name, one.draw_stderr) for one in drawn if one.draw_stderr is not None]
    if not known:
        return (
            "How far other draws would move a score is not known from one draw: "
            "--repeats 4 measures it."
        )
    told = [f"{name} by {points(round(error, 3))}" for name, error in known[:_SHOWN_NAMES]]
    rest = f" and {len(known) - len(told)} more likewise" if len(known) > len(told) else ""
    return f"Other draws would typically move {among(told)}{rest} (standard error, measured)."
