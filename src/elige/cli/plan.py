"""The plan told on stderr before anything is asked."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from elige.choose.amounts import money
from elige.choose.spending import limits_words
from elige.cli.screen import stderr_console
from elige.text import human_seconds, one_line

if TYPE_CHECKING:
    from elige.records import Task
    from elige.workbench import ChooseOptions, Estimate, Plan

# Of a prompt longer than this (few-shot ones are) the middle is left out; the question is last.
_PROMPT_CHARACTERS, _HEAD, _TAIL = 1600, 600, 900


def tell_plan(plan: "Plan", options: "ChooseOptions | None", estimate: "Estimate") -> None:
    """What was read out of the file, prompts of each kind, what can be shown and what it takes."""
    console = stderr_console()
    task = plan.task
    often = f", each asked {_often(plan)}" if plan.repeats > 1 else ""
    console.print(
        f"[bold]{escape(task.name)}[/bold]: {len(task.samples):,} samples, {task.kind}{often}"
    )
    for guess in task.guesses:
        console.print(f"  {guess.role}: {escape(guess.column)} [dim]({escape(guess.why)})[/dim]")
    console.print(f"  scorer: {escape(_scorer_words(task))}")
    for notice in plan.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")
    _tell_prompts(console, plan)
    if options is not None:
        console.print(_power(plan, options))
    console.print(escape(estimate_words(estimate)))
    if told := limits_words(plan.budget):
        console.print(escape(told))


def _often(plan: "Plan") -> str:
    """'4 times', and of whom where others are asked once."""
    some = f" of {', '.join(plan.draws)}" if len(plan.draws) < len(plan.entrants) else ""
    return f"{plan.repeats} times{some}"


def shortened(prompt: str) -> str:
    """A long prompt with its middle left out, and how much that was."""
    if len(prompt) <= _PROMPT_CHARACTERS:
        return prompt
    left_out = len(prompt) - _HEAD - _TAIL
    return f"{prompt[:_HEAD]}\n[... {left_out:,} characters left out ...]\n{prompt[-_TAIL:]}"


def estimate_words(estimate: "Estimate") -> str:
    """Time and money at most, in a sentence or two."""
    known = [one for one in estimate.candidates if one.seconds is not None]
    if not estimate.to_ask:
        return "Every answer is known already: nothing has to be asked."
    unknown = [one.name for one in estimate.candidates if one.seconds is None and one.to_ask]
    told = []
    if known and estimate.seconds:
        cost = "" if estimate.cost is None else f" and {money(estimate.cost)}"
        whom = "" if not unknown else f" for {len(known)} of {len(estimate.candidates)} candidates"
        told.append(
            f"It takes at most about {human_seconds(max(0.1, estimate.seconds))}{cost}{whom} "
            "(estimated from earlier answers)."
        )
    if unknown:
        names = ", ".join(unknown[:3]) + (f" and {len(unknown) - 3} more" if unknown[3:] else "")
        told.append(f"How long {names} will take, the first answers will tell.")
    return " ".join(told)


def _scorer_words(task: "Task") -> str:
    """The scorer with its options, and what it is taken of."""
    options = [f"{key}={one_line(value)}" for key, value in task.scorer.options]
    words = " ".join([task.scorer.name, *options])
    if task.estimates == "corpus":
        words += ", of the whole file"
    if task.rotations != 1:
        orders = "every order" if task.rotations == "all" else f"{task.rotations} orders"
        words += f", right only if right in {orders} of the choices"
    return words


def _tell_prompts(console: Console, plan: "Plan") -> None:
    """Each different way of asking once, with the names of those who are asked so."""
    asked: dict[tuple[str, ...], list[str]] = {}
    for preview in plan.previews():
        asked.setdefault((preview.style, *preview.prompts), []).append(preview.candidate)
    for (style, *prompts), names in asked.items():
        text = "\n\n---\n\n".join(map(shortened, prompts))
        title = f"{style} prompt, first {len(prompts)} samples"
        console.print(f"[bold]{escape(', '.join(names))}[/bold]:")
        console.print(Panel(escape(text), title=title, title_align="left"))


def _power(plan: "Plan", options: "ChooseOptions") -> str:
    from elige.stats import visible_gap

    count = len(plan.task.samples)
    gap = visible_gap(
        count,
        confidence=options.confidence,
        candidates=len(plan.entrants),
        size=count if options.scope == "list" else None,
    )
    if plan.task.estimates == "corpus":
        return (
            f"The score is a statistic of the whole file: everybody answers all {count:,} samples, "
            "and differences are compared by paired bootstrap."
        )
    if gap <= 0.0:
        return f"Asking all {count:,} samples settles every difference on this list."
    if gap >= 1.0:
        return f"With {count:,} samples hardly any difference can be shown (estimated)."
    return f"With {count:,} samples a gap of about {100 * gap:.0f} points can be shown (estimated)."
