"""What an evaluation shows besides its score, drawn on stdout."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from elige.choose.amounts import score
from elige.cli.screen import Column, Row, print_rows
from elige.cli.verdict import interval_words
from elige.evaluate.corpus import METHOD

if TYPE_CHECKING:
    from elige.evaluate.corpus import CorpusScore
    from elige.evaluate.positions import Letters
    from elige.records import Estimates, Interval
    from elige.workbench import Evaluation
    from elige.workbench.figures import Part


def scored_besides(evaluation: "Evaluation") -> Iterator[str]:
    """Lines for the figures that belong right under the score."""
    details, estimates = evaluation.details, evaluation.estimates
    if details.questions is not None:
        yield (
            f"Each sample was asked in several orders of its choices ({details.questions:,} "
            "questions) and is right only if it is right in each."
        )
    if details.unparsed is not None:
        share, interval = details.unparsed
        yield f"Unparsed: {score(share)} % of the answers ({_sure(interval)})."
    if details.corpus is not None:
        overall = evaluation.figures.overall
        if estimates == "corpus" and overall is not None:
            sure = _sure(overall.interval)
            yield f"The mean of the samples' scores is {score(overall.mean)} ({sure})."
        yield _corpus(details.corpus, estimates)


def print_details(console: Console, evaluation: "Evaluation") -> None:
    """A task's own figures or the parts of the score, and the histogram of letters."""
    details, parts = evaluation.details, evaluation.figures.parts
    if details.figures:
        rows = [
            Row((one.name, one.shown, one.spread, one.better, f"{one.samples:,}"))
            for one in details.figures
        ]
        print_table(console, ("by lm-eval", "value", "interval", "better", "samples"), rows)
    elif parts:
        columns = ("part of the score", "score", "interval", "samples")
        print_table(console, columns, _part_rows(parts))
    if details.letters is not None:
        _print_letters(console, details.letters)


def interval_told(pair: "Interval | None", method: str) -> str:
    """An interval with its method, or why there is none."""
    if pair is None:
        return "no interval: every resample gives the same"
    return f"95 % interval {interval_words(pair)}, {method}"


def print_table(console: Console, names: tuple[str, ...], rows: list[Row]) -> None:
    """A table after an empty line; all but the first column hold numbers."""
    console.print()
    columns = [Column(name, right=place > 0) for place, name in enumerate(names)]
    print_rows(console, columns, rows)


def _corpus(found: "CorpusScore", estimates: "Estimates") -> str:
    signature = f"[dim]{escape(found.signature)}[/dim]"
    if estimates == "corpus":
        return f"It is {escape(found.name)} of the whole file: {signature}"
    return (
        f"{escape(found.name)} of the whole file is {score(found.value)} "
        f"({interval_told(found.interval, METHOD)}): {signature}"
    )


def _part_rows(parts: "tuple[Part, ...]") -> list[Row]:
    """A row for each part; parts that came out alike share one."""
    alike: dict[tuple[float, tuple[float, float], int], list[str]] = {}
    for one in parts:
        alike.setdefault((one.score, one.interval, one.samples), []).append(one.name)
    return [
        Row((", ".join(names), score(value), interval_words(pair), f"{count:,}"))
        for (value, pair, count), names in alike.items()
    ]


def _sure(pair: "Interval") -> str:
    return f"95 % interval {interval_words(pair)}"


def _print_letters(console: Console, found: "Letters") -> None:
    rows = [
        Row(
            (
                one.letter,
                f"{one.right:,}",
                f"{one.picked:,}",
                score(one.share),
                interval_words(one.share_interval),
                "" if one.score is None else score(one.score),
                interval_words(one.score_interval),
            )
        )
        for one in found.places
    ]
    names = ("letter", "is right", "picked", "% of picks", "interval", "score there", "interval")
    console.print()
    columns = [Column(n, right=at > 0, optional=at in {4, 6}) for at, n in enumerate(names)]
    print_rows(console, columns, rows)
    if found.unread:
        console.print(f"{found.unread:,} of {found.asked:,} answers picked no letter.")
