"""The plan told on stderr before anything is asked."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

if TYPE_CHECKING:
    from elige.workbench import ChooseOptions, Plan


def tell_plan(plan: "Plan", options: "ChooseOptions | None") -> None:
    """What was read out of the file, three prompts of each kind, and what can be shown."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    task = plan.task
    console.print(f"[bold]{escape(task.name)}[/bold]: {len(task.samples)} samples, {task.kind}")
    for guess in task.guesses:
        console.print(f"  {guess.role}: {escape(guess.column)} [dim]({escape(guess.why)})[/dim]")
    scorer = " ".join([task.scorer.name, *(f"{key}={value}" for key, value in task.scorer.options)])
    console.print(f"  scorer: {escape(scorer)}")
    for notice in plan.notices:
        console.print(f"[yellow]{escape(notice)}[/yellow]")
    _tell_prompts(console, plan)
    if options is not None:
        console.print(_power(plan, options))


def _tell_prompts(console: Console, plan: "Plan") -> None:
    """Each different way of asking once, with the names of those who are asked so."""
    asked: dict[tuple[str, ...], list[str]] = {}
    for preview in plan.previews():
        asked.setdefault((preview.style, *preview.prompts), []).append(preview.candidate)
    for (style, *prompts), names in asked.items():
        text = "\n\n---\n\n".join(prompts)
        title = f"{', '.join(names)}: {style} prompt, first {len(prompts)} samples"
        console.print(Panel(escape(text), title=escape(title), title_align="left"))


def _power(plan: "Plan", options: "ChooseOptions") -> str:
    from elige.stats import visible_gap

    count = len(plan.task.samples)
    gap = visible_gap(
        count,
        confidence=options.confidence,
        candidates=len(plan.entrants),
        size=count if options.scope == "list" else None,
    )
    if gap <= 0.0:
        return f"Asking all {count} samples settles every difference on this list."
    if gap >= 1.0:
        return f"With {count} samples hardly any difference can be shown (estimated)."
    return f"With {count} samples a gap of about {100 * gap:.0f} points can be shown (estimated)."
