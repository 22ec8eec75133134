"""A budget read from what was said, and told in plain words once it is spent."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from elige.choose.amounts import among, count, money, rough
from elige.errors import BadInput
from elige.records import Allowance, Budget, Candidate, RefKind, Standing, Status, Verdict
from elige.text import nearest

UNITS = ("evaluations", "usd", "minutes")
_EXAMPLE = "Write --budget evaluations=500, --budget usd=2.50 or --budget minutes=10."
_SHOWN_NAMES = 3
_MOST = 10**12


def parse_budget(texts: Iterable[str]) -> Budget:
    """A budget from texts such as 'evaluations=500', 'usd=2.50', 'minutes=10'.

    Raises `BadInput` for a unit that is unknown or said twice, and for no number.
    """
    said: dict[str, Decimal] = {}
    for text in texts:
        unit, sign, number = (part.strip() for part in text.partition("="))
        if not sign:
            raise BadInput(f"--budget {text!r} has no '='.", hint=_EXAMPLE)
        if unit not in UNITS:
            raise BadInput(
                f"--budget {text!r}: {unit!r} is no unit of a budget.",
                hint=nearest(unit, UNITS) or f"Known: {', '.join(UNITS)}.",
            )
        if unit in said:
            raise BadInput(f"--budget says {unit} twice.", hint="Say each unit once.")
        said[unit] = _amount(unit, number)
    evaluations = said.get("evaluations")
    return Budget(
        evaluations=None if evaluations is None else int(evaluations),
        usd=said.get("usd"),
        minutes=said.get("minutes"),
    )


def check_prices(budget: Budget, candidates: Iterable[Candidate]) -> None:
    """Raise `BadInput` when US dollars are limited and a model has no price.

    Nor has a combination: its members have, and how many of them it asks is not known before.
    """
    if budget.usd is None:
        return
    for one in candidates:
        if one.ref.kind is RefKind.COMBO:
            raise BadInput(
                f"--budget usd={budget.usd} needs the price of every model, and {one.name} is a "
                "combination of several.",
                hint="Say --budget evaluations=N instead.",
            )
        if one.prices is None:
            raise BadInput(
                f"--budget usd={budget.usd} needs the price of every model, and {one.name} has "
                "none.",
                hint=f"Write {one.ref.text},input_price=0.5,output_price=1.5: US dollars for a "
                "million tokens, 0 if it is free.",
            )


def undecided(verdict: Verdict) -> str:
    """Between whom it is undecided because the budget ended; '' where that is not so."""
    if verdict.decided or not any(one.ended for one in verdict.budget):
        return ""
    seen = max((one.evaluated for one in verdict.candidates), default=0)
    if not seen:
        return "Undecided: the budget ended before anything was answered"
    names = [one.name for one in _unsettled(verdict)]
    more = len(names) - _SHOWN_NAMES
    told = among(names) if more < 1 else among([*names[:_SHOWN_NAMES], f"{more} more"])
    between = f" between {told}" if len(names) > 1 else ""
    return f"Undecided{between} with {count(seen, 'sample')}, for the budget ended"


def budget_words(verdict: Verdict) -> tuple[str, ...]:
    """What was spent of the budget, and where it ended the race what more would be needed."""
    if not verdict.budget:
        return ()
    spent = f"Budget: {among([_spent(one) for one in verdict.budget])} spent."
    ended = [one for one in verdict.budget if one.ended]
    if not ended:
        return (spent,)
    by = among([one.unit for one in ended])
    told = f"{spent} The next questions would pass the {by} allowed, so the race ended there."
    if verdict.decided:
        return (told,)
    return told, f"{_needed(verdict)} The same command with a larger budget goes on."


def most_needed(verdict: Verdict) -> int:
    """How many more samples would settle the last of the open ones, 0 where that is not known.

    The leader is settled with the last of its rivals, not before.
    """
    return max((one.more_needed or 0 for one in _unsettled(verdict)), default=0)


def limits_words(budget: Budget) -> str:
    """The bounds in a line, as they are told before the start; '' without any."""
    limits = [_limit(unit, limit) for unit, limit in budget.limits().items()]
    return f"Budget: at most {among(limits)}." if limits else ""


def _amount(unit: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite():
        number = Decimal(-1)
    is_whole = unit != "evaluations" or number == number.to_integral_value()
    least = {"evaluations": 1, "usd": 0}.get(unit, Decimal("0.001"))
    if not least <= number <= _MOST or not is_whole:
        what = {"evaluations": "whole number from 1 up", "usd": "amount from 0 up"}
        what_for = what.get(unit, f"number from {least} up")
        raise BadInput(f"--budget {unit}={text} is no {what_for}.", hint=_EXAMPLE)
    return number


def _unsettled(verdict: Verdict) -> list[Standing]:
    """Those of whom it is still open whether they are to be used."""
    return [
        one
        for one in verdict.candidates
        if one.status is Status.OPEN or (one.name == verdict.winner and not verdict.decided)
    ]


def _needed(verdict: Verdict) -> str:
    """About how much more it would take, in samples and in the units of the budget."""
    open_ = _unsettled(verdict)
    wanted = [one.more_needed for one in open_ if one.more_needed]
    rest = verdict.full_evaluations - verdict.evaluations
    if not wanted:
        return f"Asking everybody everything would take {count(rest, 'more evaluation')} at most."
    samples = max(wanted)
    each = f" of each of the {len(open_)}" if len(open_) > 1 else ""
    amounts = [_more(one.unit, open_, samples) for one in verdict.budget]
    told = f"About {rough(samples)} more samples{each} would be needed (estimated)"
    if costs := [text for text in amounts if text]:
        told += f", that is {among(costs)}"
    left = verdict.samples - max(one.evaluated for one in open_)
    return f"{told}." if samples <= left else f"{told}; the file holds {left:,} more."


def _more(unit: str, open_: Sequence[Standing], samples: int) -> str:
    """What so many samples of each take of a unit; '' where that is not known."""
    if unit == "evaluations":
        return f"{rough(samples * len(open_))} evaluations"
    if unit == "usd":
        costs = [one.cost_per_1000 for one in open_]
        known = [cost for cost in costs if cost is not None]
        return money(sum(known, Decimal(0)) * samples / 1000) if len(known) == len(costs) else ""
    seconds = [one.seconds_each for one in open_ if one.seconds_each is not None]
    return f"{sum(seconds) * samples / 60:.2g} minutes in turn" if seconds else ""


def _spent(one: Allowance) -> str:
    if one.unit == "evaluations":
        return f"{int(one.spent):,} of {int(one.limit):,} evaluations"
    if one.unit == "usd":
        return f"{money(one.spent)} of {money(one.limit)}"
    return f"{float(one.spent):.3g} of {float(one.limit):g} minutes"


def _limit(unit: str, limit: Decimal) -> str:
    if unit == "usd":
        return money(limit)
    return count(int(limit), "evaluation") if unit == "evaluations" else f"{limit:g} minutes"
