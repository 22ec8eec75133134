"""The verdict told in plain words: the command line, the report and JSON use the same ones."""

from collections.abc import Sequence

from elige.choose.amounts import among, between, count, points, rough, score
from elige.choose.cautions import draw_words
from elige.choose.leading import LEVEL, level_with, so_far
from elige.choose.spending import budget_words, most_needed, undecided
from elige.records import Estimates, Standing, Status, Verdict
from elige.text import sentence

_SHOWN_NAMES = 3
# How reasons begin: of a broken engine, and those that say no more than `place` itself.
_FAILING = "it keeps failing"
_SAID = ("not settled", "ahead, but not proven", LEVEL)


def error_rate(verdict: Verdict, *, estimates: Estimates = "mean") -> str:
    """How often such statements are wrong at most: 'error rate 5 %'."""
    rate = f"{round((1 - verdict.confidence) * 100, 4):g} %"
    about = estimates == "corpus"
    return f"error rate about {rate}, by paired bootstrap" if about else f"error rate {rate}"


def headline(verdict: Verdict) -> str:
    """The verdict in one sentence; `sentences` says of which samples it holds."""
    runners = _compared(verdict)
    if not runners:
        return "No candidate meets the limits."
    if len(runners) == 1:
        return _alone(runners[0], verdict)
    if not (verdict.winner and verdict.decided):
        return f"{_untold(verdict)}."
    if verdict.confidence >= 1:
        return f"Use {verdict.winner}: on this list it scored {_rank(verdict)}."
    where = "on this list it is " if verdict.scope == "list" else ""
    return f"Use {verdict.winner}: {where}{_proof(verdict)}."


def sentences(
    verdict: Verdict, elsewhere: Verdict | None = None, *, estimates: Estimates = "mean"
) -> tuple[str, str]:
    """Two sentences: what is known of new samples like these, and of this list.

    `elsewhere` is what the same answers prove in the scope that the race did not ask about.
    """
    future = _of_future(verdict, elsewhere, estimates)
    listed = _of_list(verdict, elsewhere, estimates)
    return (
        f"On new samples like these: {future}.",
        f"On this list of {count(verdict.samples, 'sample')}: {listed}.",
    )


def remarks(verdict: Verdict) -> tuple[str, ...]:
    """What else a reader should know: what was preferred, and who is still open."""
    found = [_preferred(verdict)] if verdict.winner and verdict.decided else []
    if not verdict.decided and _is_top(verdict):
        found.append(so_far(verdict))
    still = _with(verdict, Status.OPEN) if verdict.decided else []
    found += [f"Still open: {one.name}. {place(one, verdict)}" for one in still]
    found += draw_words(verdict)
    found += budget_words(verdict)
    return tuple(text for text in found if text)


def place(standing: Standing, verdict: Verdict) -> str:
    """Why this candidate stands where it does, in one sentence."""
    after = f"after {count(standing.evaluated, 'sample')}"
    near = _at_most_below(verdict.tolerance)
    match standing.status:
        case Status.REJECTED:
            return sentence(standing.reason or "It does not meet the limits")
        case Status.WINNER:
            return f"Chosen {after}." if verdict.decided else f"{_leads(standing, verdict, after)}."
        case Status.WITHIN:
            return f"Shown to be {near} {after}{_gap(standing, verdict)}."
        case Status.BEATEN:
            return f"Shown to be worse than the best {after}{_gap(standing, verdict)}."
        case Status.OPEN:
            return _open(standing, verdict, after)


def promised(verdict: Verdict, *, estimates: Estimates = "mean") -> str:
    """What is promised, without formulas."""
    rate = f"{round((1 - verdict.confidence) * 100, 4):g} %"
    if estimates == "corpus":
        return (
            "The score is a statistic of the whole file, so everybody answered everything and "
            f"differences were compared by paired bootstrap: about {rate} of such statements are "
            "wrong. This is an approximation, not a guarantee."
        )
    if verdict.confidence >= 1:
        return (
            "Everybody answered everything, so the scores on this list are counted, not "
            "estimated. Of other samples nothing is promised."
        )
    return (
        f"The chance that anything here called \u201cshown\u201d is wrong is at most {rate}: for "
        "all candidates together, whenever the race stopped, whatever the scores look like and "
        "however alike the candidates are. The intervals of the scores, all together, keep the "
        "same rate, and so do those of the differences."
    )


def intervals_in_words(verdict: Verdict, *, estimates: Estimates = "mean") -> str:
    """What the intervals beside the scores are."""
    if verdict.confidence >= 1:
        return "Scores and differences are counted on this list: everybody answered everything."
    sure = f"{round(verdict.confidence * 100, 4):g} %"
    if estimates == "corpus":
        return f"Ranges are {sure} bootstrap intervals, an approximation."
    return f"Ranges are {sure} intervals that hold for all candidates at once, at any moment."


def not_promised(verdict: Verdict) -> tuple[str, ...]:
    """What the promise does not cover, one short line each."""
    scoped = (
        "Other samples. This race asked about this list only."
        if verdict.scope == "list"
        else "Work that does not look like this file. \u201cLike these\u201d means: drawn the same "
        "way, independently of each other. Copies and many questions on one text count for less."
    )
    return (
        scoped,
        "A wrong ruler. If the scorer, a judge or the labels are wrong, so is the verdict.",
        "A file used many times. Whoever tries prompts until one wins on this file has fitted "
        "the file; its scores are then too good.",
        "Models that saw these samples in training. They look better here than at work.",
        "Numbers marked descriptive. The winner\u2019s own average is a little too good, because "
        "it was picked for being high. Scores by group, speed and cost are not tested either.",
    )


def _compared(verdict: Verdict) -> list[Standing]:
    return [one for one in verdict.candidates if one.status is not Status.REJECTED]


def _measured(verdict: Verdict) -> list[Standing]:
    """Who the proofs are about: not those whose engine kept failing."""
    return [one for one in _compared(verdict) if not one.reason.startswith(_FAILING)]


def _with(verdict: Verdict, status: Status) -> list[Standing]:
    return [one for one in verdict.candidates if one.status is status]


def _at_most_below(tolerance: float) -> str:
    return f"at most {points(tolerance)} below the best" if tolerance else "as good as the best"


def _proof(verdict: Verdict) -> str:
    """What was shown of the winner."""
    runners, beaten = _measured(verdict), _with(verdict, Status.BEATEN)
    if len(runners) == 1:
        return "the only candidate that could be measured"
    if len(runners) == 2 and beaten:
        return f"shown to be better than {beaten[0].name}"
    if len(beaten) == len(runners) - 1:
        return f"shown to be the best of {len(runners)} candidates"
    return f"shown to be {_at_most_below(verdict.tolerance)} of {len(runners)} candidates"


def _rank(verdict: Verdict) -> str:
    """The winner's place where every score is counted."""
    rank = "highest" if _is_top(verdict) else _at_most_below(verdict.tolerance)
    return f"{rank} of {len(_compared(verdict))} candidates"


def _is_top(verdict: Verdict) -> bool:
    """Whether there is a winner, rivals, and none of them scored higher."""
    scores = {one.name: one.score or 0.0 for one in _compared(verdict)}
    return len(scores) > 1 and scores.get(verdict.winner, -1.0) >= max(scores.values())


def _alone(only: Standing, verdict: Verdict) -> str:
    if not only.evaluated:
        return f"Cannot tell: {only.name} could not be measured."
    if len(verdict.candidates) > 1:
        return f"Use {only.name}: it is the only candidate that meets the limits."
    return f"{only.name} is the only candidate: there is nothing to compare it with."


def _untold(verdict: Verdict) -> str:
    """That it cannot be told, between whom, and after how many samples."""
    if ended := undecided(verdict):
        return ended
    runners = _compared(verdict)
    unsettled = [one for one in runners if one.status is Status.OPEN or one.name == verdict.winner]
    seen = max((one.evaluated for one in runners), default=0)
    if not seen:
        return "Cannot tell: no candidate could be measured"
    used = f"with {count(seen, 'sample')}"
    if len(unsettled) < 2:
        return f"Cannot tell {used} which candidate is best"
    if len(unsettled) <= _SHOWN_NAMES:
        return f"Cannot tell {among([one.name for one in unsettled])} apart {used}"
    return f"Cannot tell {len(unsettled)} of the {len(runners)} candidates apart {used}"


def _more(verdict: Verdict) -> str:
    wanted = most_needed(verdict)
    return f"; about {rough(wanted)} more would be needed (estimated)" if wanted else ""


def _of_future(verdict: Verdict, elsewhere: Verdict | None, estimates: Estimates) -> str:
    if verdict.confidence >= 1:
        return "nothing can be shown without any risk of error"
    if verdict.scope == "future":
        return _asked(verdict, estimates)
    if elsewhere is not None:
        return _asked(elsewhere, estimates)
    return "not tested (--scope future asks this; no answer is paid for twice)"


def _of_list(verdict: Verdict, elsewhere: Verdict | None, estimates: Estimates) -> str:
    runners = _compared(verdict)
    if runners and all(one.evaluated >= verdict.samples > 0 for one in runners):
        return _counted(verdict, runners)
    if verdict.scope == "list":
        return _asked(verdict, estimates)
    if elsewhere is not None:
        return _asked(elsewhere, estimates)
    return "not tested, for not everybody answered all of it (--scope list asks this)"


def _counted(verdict: Verdict, runners: Sequence[Standing]) -> str:
    """The outcome on a list that everybody answered in full: known, not estimated."""
    scored = [one for one in runners if one.score is not None]
    if not scored:
        return "no candidate could be measured"
    top = max(one.score or 0.0 for one in scored)
    best = [one for one in scored if one.score == top]
    ahead = f"{among([one.name for one in best])} scored {score(top)}"
    if len(scored) == 1:
        return f"{ahead} (counted)"
    most = f"highest of {len(scored)}"
    told = f"{ahead}, the {most}" if len(best) == 1 else f"{ahead} each, the {most}"
    chosen = next((one for one in scored if one.name == verdict.winner), None)
    if chosen is not None and chosen not in best:
        told += f"; {chosen.name} scored {score(chosen.score or 0.0)}"
    return f"{told} (counted: everybody answered every sample)"


def _asked(verdict: Verdict, estimates: Estimates) -> str:
    """The answer to the question that the race asked."""
    runners = _compared(verdict)
    if not runners:
        return "nothing is known, for no candidate meets the limits"
    rate = error_rate(verdict, estimates=estimates)
    if len(runners) == 1:
        return _alone_scored(runners[0], rate)
    if verdict.winner and verdict.decided:
        return f"{verdict.winner} is {_proof(verdict)} ({rate})"
    told = _untold(verdict)
    return f"{told[0].lower()}{told[1:]}{_more(verdict)}"


def _alone_scored(only: Standing, rate: str) -> str:
    if only.interval is None:
        return f"nothing is known of {only.name}"
    low, high = only.interval
    return f"{only.name} scores between {score(low)} and {score(high)} out of 100 ({rate})"


def _preferred(verdict: Verdict) -> str:
    good = {*verdict.within, verdict.winner}
    if verdict.prefer == "quality" or len(good) < 2:
        return ""
    which = {"cost": "cheapest", "speed": "fastest"}[verdict.prefer]
    shown = f"{len(good)} candidates shown to be {_at_most_below(verdict.tolerance)}"
    return f"{verdict.winner} is the {which} of the {shown}."


def _gap(standing: Standing, verdict: Verdict) -> str:
    if standing.difference_interval is None or standing.name == verdict.winner:
        return ""
    who = "the winner" if verdict.decided else "the leader"
    return f", {between(standing.difference_interval)} {who}"


def _leads(leader: Standing, verdict: Verdict, after: str) -> str:
    others = level_with(leader, verdict.candidates)
    return f"Level with {among(others)} {after}" if others else f"Ahead {after}, not proven"


def _open(standing: Standing, verdict: Verdict, after: str) -> str:
    if not standing.evaluated:
        return sentence(standing.reason or "It could not be measured")
    leads = standing.name == verdict.winner
    told = _leads(standing, verdict, after) if leads else f"Not settled {after}"
    told += _gap(standing, verdict)
    wanted = most_needed(verdict) if leads else standing.more_needed
    if wanted:
        told += f"; about {rough(wanted)} more would settle it (estimated)"
    news = "" if standing.reason.startswith(_SAID) else sentence(standing.reason)
    return f"{told}. {news}".strip()
