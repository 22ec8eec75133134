"""How a race goes, in plain words."""

from elige.records import Estimates, Verdict

_SOURCE = (
    "The bets are those of Waudby-Smith and Ramdas, “Estimating means of bounded random variables "
    "by betting” (2023); the proof is in elige’s documentation, docs/race.md."
)


def method_words(verdict: Verdict, *, estimates: Estimates = "mean") -> tuple[str, ...]:
    """What was done, a paragraph each."""
    if estimates == "corpus":
        return (
            "The score is one figure of the whole file, so every candidate answered every sample. "
            "Then the samples were drawn anew many times, alike for all candidates, to see how "
            "far the differences between the figures depend on which samples there are.",
        )
    if verdict.confidence >= 1:
        return (
            "Every candidate answered every sample, and the scores were counted. Nothing was "
            "estimated, and nobody was left out early.",
        )
    return (
        "All candidates get the same samples in the same shuffled order, in rounds that grow by a "
        "quarter. As the answers come in, the one ahead is compared with each rival on the samples "
        "that both answered.",
        f"A comparison is a bet: play money is put on {_stake(verdict)}. If that were false, the "
        "money would hardly ever grow; once it has grown so much that luck is no explanation "
        "any more, the statement counts as shown. The money may be counted after every single "
        "answer, so a race can stop at any time and still be right.",
        "Who is shown to be worse, or to be no threat, is asked no more, and the race ends as "
        "soon as the question is answered. The answers never asked for are what is saved.",
        _SOURCE,
    )


def _stake(verdict: Verdict) -> str:
    near = f"“A is at most {100 * verdict.tolerance:g} points below B”"
    return (
        f"“A is worse than B”, and some on {near if verdict.tolerance else '“A is as good as B”'}"
    )
