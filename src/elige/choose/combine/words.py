"""What a trial of combinations says, in words."""

from elige.choose.amounts import count, points, score
from elige.choose.combine.table import Unit
from elige.choose.combine.trial import Trial


def sentences(found: Trial) -> tuple[str, ...]:
    """The verdict first, then what it rests on."""
    fit, choose, judge = found.sizes
    how = (
        f"Fitted on {count(fit, 'sample')}, chosen on {choose:,} others, judged once on "
        f"{judge:,} more that neither had seen."
    )
    if found.chosen is None or found.gap is None:
        return ("No combination can be made of these answers.", how)
    return (_verdict(found), _difference(found), how)


def _verdict(found: Trial) -> str:
    chosen, single = found.chosen, found.single
    if chosen is None or found.gap is None:
        return ""
    name = f"The {chosen.name} ({chosen.what})"
    if found.pays:
        if found.aim.by == "accuracy":
            return (
                f"{name} pays: it is shown to be better than {single.name} alone, the best model "
                "on the first two parts."
            )
        return (
            f"{name} pays: it saves {100 * found.saving:.0f} % of what {single.name} costs, and is "
            f"shown to be at most {points(found.aim.tolerance)} worse."
        )
    return f"{name} does not pay: {_why(found)}."


def _why(found: Trial) -> str:
    single, gap = found.single, found.gap
    if not found.preferred:
        return "on the second part a single model did no worse"
    if found.rival:
        return f"{found.rival} alone scores no less for no more"
    if gap is None:
        return ""
    if found.aim.by == "accuracy":
        return f"that it is better than {single.name} alone is not shown"
    if gap.interval[0] < -found.aim.tolerance:
        return f"that it is at most {points(found.aim.tolerance)} worse is not shown"
    return f"it saves only {max(0.0, 100 * found.saving):.0f} % of what {single.name} costs"


def _difference(found: Trial) -> str:
    chosen, gap = found.chosen, found.gap
    if chosen is None or gap is None:
        return ""
    low, high = gap.interval
    told = (
        f"On the third part it scores {score(chosen.score)}, {found.single.name} "
        f"{score(found.single.score)}: a difference of {100 * gap.difference:+.1f} points (95 % "
        f"interval {100 * low:+.1f} to {100 * high:+.1f}, {gap.method}), at "
        f"{amount(chosen.cost, found.unit)} against {amount(found.single.cost, found.unit)} for "
        "an answer."
    )
    if not found.pays and high > found.aim.tolerance and low <= 0.0:
        told += (
            f" A gain of up to {points(round(high, 3))} is not excluded: more samples would tell."
        )
    return told


def amount(cost: float, unit: Unit) -> str:
    """The cost of an answer as people read it."""
    return f"${cost:.3g}" if unit == "usd" else f"{cost:.3g} s"
