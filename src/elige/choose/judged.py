"""What is told of a judge, in words."""

from elige.choose.amounts import money, score
from elige.evaluate.judge import JudgeReport
from elige.stats import Agreement
from elige.text import human_seconds


def judge_lines(report: JudgeReport) -> list[str]:
    """What the judge took, how it leaned, and how far people agree with it."""
    cost = "no price is known" if report.cost is None else f"it cost {money(report.cost)}"
    lines = [
        f"The judge {report.name} gave {report.answers:,} answers, {report.asked:,} of them now: "
        f"{report.prompt_tokens:,} prompt and {report.completion_tokens:,} completion tokens, "
        f"{human_seconds(report.seconds)}, {cost}."
    ]
    if report.rulings:
        lines.append(
            f"It gave no verdict on {_share(report.unparsed, report.rulings)} of "
            f"{report.rulings:,} answers{_again(report)}."
        )
    if report.pairs:
        lines.append(
            f"In {report.pairs:,} pairs it called {_share(report.tied, report.pairs)} a tie, and "
            f"in {_share(report.by_position, report.pairs)} it took whichever answer stood in the "
            f"same place (counted as ties); {_share(report.first, 2 * report.pairs)} of its "
            "verdicts went to the answer shown first."
        )
    if report.agreement is not None:
        lines.append(agreement_words(report.agreement))
    return lines


def agreement_words(found: Agreement) -> str:
    """How far the judge agrees with people, and whether that is enough."""
    low, high = found.rate_interval
    told = (
        f"It agrees with people on {100 * found.rate:.0f} % of {found.count:,} labelled answers "
        f"(95 % interval {score(low)} to {score(high)}); by chance that would be "
        f"{100 * found.chance:.0f} %."
    )
    if found.kappa is not None and found.kappa_interval is not None:
        kind = "Weighted kappa" if found.weighted else "Kappa"
        low, high = found.kappa_interval
        told += f" {kind} is {found.kappa:.2f} ({low:.2f} to {high:.2f}), {found.word}"
        told += "." if found.spearman is None else f"; ranks correlate by {found.spearman:.2f}."
    return (
        f"{told} This judge is {found.belief}."
        if found.kappa is not None
        else (f"{told} One side always says the same, so these labels cannot tell how good it is.")
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _again(report: JudgeReport) -> str:
    times = "once" if report.retried == 1 else f"{report.retried:,} times"
    return f", and was asked again {times}" if report.retried else ""
