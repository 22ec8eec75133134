"""Where a score's noise comes from, in sentences."""

from typing import TYPE_CHECKING

from elige.choose.amounts import score
from elige.cli.verdict import interval_words

if TYPE_CHECKING:
    from elige.stats import ErrorBars, Noise
    from elige.workbench.figures import Figures, Repeats

_CLUSTERED = {
    "cluster": "clustered",
    "group": "clustered by group",
    "identical question": "identical questions taken as one",
}


def noise_lines(figures: "Figures") -> list[str]:
    """A line on the standard error, and one or two on what repeats showed."""
    bars = figures.overall
    if bars is None or not bars.stderr:  # of equal scores there is nothing to tell
        return []
    told = f"Standard error {points(bars.stderr)} points"
    if figures.clustered_by:
        told += (
            f", {_CLUSTERED[figures.clustered_by]}: {bars.samples:,} samples in "
            f"{bars.clusters:,} clusters ({_unclustered(bars)} if they were unrelated)"
        )
    lines = [f"{told}."]
    if figures.by_group is not None and figures.by_group.stderr:
        lines.append(
            f"Taken as draws of {figures.by_group.clusters} groups it would be "
            f"{points(figures.by_group.stderr)} points, which so few groups cannot tell reliably."
        )
    if figures.repeats is not None:
        lines += _repeats(figures.repeats)
    return lines


def points(value: float) -> str:
    """A share in points of 100, with two digits where it is small."""
    return f"{100 * value:.2f}" if value < 0.01 else f"{100 * value:.1f}"


def _unclustered(bars: "ErrorBars") -> str:
    return "unknown" if bars.simple_stderr is None else points(bars.simple_stderr)


def _repeats(one: "Repeats") -> list[str]:
    lines = []
    if one.always is not None and one.ever is not None:
        lines.append(
            f"Asked {one.asked} times each, {score(one.always.mean)} % of the samples were right "
            f"every time ({interval_words(one.always.interval)}) and {score(one.ever.mean)} % at "
            f"least once ({interval_words(one.ever.interval)})."
        )
    if one.of_code and one.pass_at:
        shown = zip(one.pass_at, one.pass_intervals, strict=True)
        told = (f"pass@{k} {score(v)} ({interval_words(pair)})" for (k, v), (_, pair) in shown)
        lines.append(f"{', '.join(told)}.")
    if one.noise is not None:
        lines.append(_sources(one.noise, one.asked))
    return lines


def _sources(noise: "Noise", asked: int) -> str:
    return (
        f"Of the standard error {points(noise.from_samples)} points are due to which samples were "
        f"drawn and {points(noise.from_sampling)} to how answers were drawn (they add as squares): "
        f"{2 * asked} repeats would narrow it to {points(noise.with_repeats(2 * asked))}, no "
        f"number of them below {points(noise.from_samples)}."
    )
