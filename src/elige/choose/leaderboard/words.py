"""What a board says beside its numbers."""

from collections.abc import Sequence

from elige.choose.leaderboard.series import Series, task_name

HOW_TESTED = (
    "Differences are tested on the samples that both answered (exact McNemar for right and wrong, "
    "else paired sign flips), corrected by Holm over the column's pairs at 5 %."
)
MARKS: Sequence[tuple[str, str]] = (
    ("best", "highest of the column"),
    ("level", "not shown to differ from the best"),
    ("worse", "shown to differ from the best"),
    ("not compared", "asked in another way, or on other samples"),
)


def way_words(one: Series) -> str:
    """One run in a line: model, task, settings, samples, where from."""
    settings = ", ".join(f"{name} {value}" for name, value in one.settings)
    metric = one.metrics[0]
    parts = [
        f"{one.model} on {task_name(one.task)}: {metric}{f' ({one.variant})' * bool(one.variant)}",
        settings,
        f"{len(one.scores[metric]):,} samples",
        f"data {one.data_hash[:12]}",
        "measured here" if one.measured else f"declared by file, {one.origin}",
        f"run {one.run} of {one.date[:10]}",
    ]
    return "; ".join(filter(None, parts))


def marks_words() -> str:
    """What the marks mean, in a line."""
    return "; ".join(f"{name}: {what}" for name, what in MARKS) + "."
