"""`compare`: two candidates on the samples that both answered, out of one run or two."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from elige.choose.comparison import Apart, Comparison, Gap, Seen, Terms, gap_of
from elige.errors import BadInput
from elige.stats import FEW_CLUSTERS
from elige.workbench.answered import Answered, RunAnswers, run_of
from elige.workbench.bench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """What to compare: one run or two, candidate `a` with `b`; '' where there is no choice.

    `samples` is how many samples on which they differ are shown, in either direction.
    """

    runs: tuple[str, ...]
    a: str = ""
    b: str = ""
    samples: int = 3
    confidence: float = 0.95

    def __post_init__(self) -> None:
        """Refuse what makes no sense, with the value and the next step."""
        if not 1 <= len(self.runs) <= 2:
            raise BadInput(
                f"{len(self.runs)} runs were given; it takes one or two.",
                hint="For example: elige compare RUN --a X --b Y",
            )
        if self.samples < 0:
            raise BadInput(f"--samples is {self.samples}; it is at least 0.", hint="Say 3.")
        if not 0.5 <= self.confidence < 1.0:
            raise BadInput(
                f"--confidence is {self.confidence:g}; it lies between 0.5 and 1, less than 1.",
                hint="For example --confidence 0.95.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One of the two: its run, its name there, what it is called here, and its answers."""

    run: RunAnswers
    name: str
    label: str
    answered: Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """The samples of both by their names on either side, in the first one's order."""

    names: tuple[tuple[str, str], ...]
    first: _Side
    second: _Side

    def scores(self, places: Sequence[int]) -> tuple[list[float], list[float]]:
        picked = [self.names[at] for at in places]
        mine, theirs = self.first.answered.scores, self.second.answered.scores
        return [mine[one] for one, _ in picked], [theirs[other] for _, other in picked]


def compare_runs(bench: Workbench, options: CompareOptions) -> Comparison:
    """How two candidates differ on the samples that both answered.

    Raises `NotFound` for a run or candidate that is unknown, `BadInput` where nothing can be
    compared.
    """
    first, second = _sides(bench, options)
    pairs = _paired(first, second)
    terms = _terms(first, second, options.confidence)
    labels, clustered_by = _clusters(pairs)

    def gap(places: Sequence[int], group: str = "") -> Gap:
        own = replace(terms, size=_size(first.run, group)) if group and terms.size else terms
        return gap_of(*pairs.scores(places), [labels[at] for at in places], own)

    ahead, behind = _apart(pairs, options.samples)
    return Comparison(
        first=first.label,
        second=second.label,
        runs=tuple(dict.fromkeys((first.run.id, second.run.id))),
        terms=terms,
        gap=gap(range(len(pairs.names))),
        clustered_by=clustered_by if len(set(labels)) < len(labels) else "",
        groups=tuple((name, gap(places, name)) for name, places in _groups(pairs).items()),
        first_ahead=ahead,
        second_ahead=behind,
        notices=_notices(pairs),
    )


def _sides(bench: Workbench, options: CompareOptions) -> tuple[_Side, _Side]:
    runs = [run_of(bench, one) for one in options.runs]
    one, other = runs[0], runs[-1]
    a, b = _named(one, other, options)
    same = one.id == other.id
    if same and len(one.names) == 1:
        raise BadInput(
            f"Run {one.id} has one candidate, {a}; it takes two to compare.",
            hint=f"Name a second run: elige compare {one.id} OTHER-RUN",
        )
    if same and a == b:
        raise BadInput(f"--a and --b are both {a!r}.", hint=f"Candidates: {', '.join(one.names)}.")
    found = one.answered({a, b} if same else {a})
    theirs = found if same else other.answered({b})
    first, second = (f"{a} ({one.id})", f"{b} ({other.id})") if a == b else (a, b)
    sides = (
        _Side(run=one, name=a, label=first, answered=found[a]),
        _Side(run=other, name=b, label=second, answered=theirs[b]),
    )
    for side in sides:
        if not side.answered.scores:
            raise BadInput(
                f"{side.name} has no scored answer in run {side.run.id}.",
                hint="Run the same command again; it goes on where it stopped.",
            )
    return sides


def _named(one: RunAnswers, other: RunAnswers, options: CompareOptions) -> tuple[str, str]:
    """Who is meant; where a run leaves no choice nobody needs to say it."""
    if one.id == other.id and len(one.names) == 2:
        known = list(one.names)
        if not options.a and not options.b:
            return known[0], known[1]
        said = one.check_name(options.a or options.b)
        rest = next(name for name in known if name != said)
        if options.a and options.b:
            return said, one.check_name(options.b)
        return (said, rest) if options.a else (rest, said)
    return _only(one, options.a, "--a"), _only(other, options.b, "--b")


def _only(run: RunAnswers, said: str, flag: str) -> str:
    if said:
        return run.check_name(said)
    if len(run.names) == 1:
        return run.names[0]
    if not run.names:
        raise BadInput(f"Run {run.id} has no candidates.", hint="List the runs: elige runs")
    raise BadInput(
        f"Run {run.id} has {len(run.names)} candidates; {flag} does not say which one is meant.",
        hint=f"Candidates: {', '.join(run.names)}.",
    )


def _paired(first: _Side, second: _Side) -> _Pairs:
    """The samples of both: of the same name, else whose prompts end in the same paragraph."""
    mine, theirs = first.answered, second.answered
    common = set(mine.scores) & set(theirs.scores)
    names = [(one, one) for one in common]
    if not names:
        ours, others = _by_prompt(mine), _by_prompt(theirs)
        names = [(ours[key], others[key]) for key in set(ours) & set(others)]
    if not names:
        raise BadInput(
            f"{first.label} and {second.label} have no sample in common "
            f"({len(mine.scores):,} and {len(theirs.scores):,} were answered).",
            hint="Evaluate both on the same file, with the same --limit and --seed.",
        )
    names.sort(key=lambda pair: mine.places[pair[0]])
    return _Pairs(names=tuple(names), first=first, second=second)


def _by_prompt(side: Answered) -> dict[str, str]:
    count = Counter(side.prompts.values())
    return {key: name for name, key in side.prompts.items() if key and count[key] == 1}


def _terms(first: _Side, second: _Side, confidence: float) -> Terms:
    runs = {one.run.id: one.run for one in (first, second)}
    raced = [one for one in runs.values() if one.is_raced]
    if not raced:
        return Terms(raced=False, confidence=confidence)
    run = first.run
    of_list = len(runs) == 1 and run.spec.get("scope") == "list"
    count = len(run.names) if len(runs) == 1 else 2
    return Terms(
        raced=True,
        confidence=confidence,
        scope="list" if of_list else "future",
        size=int(run.spec["samples"]) if of_list else None,
        pairs=count * (count - 1) // 2,
    )


def _size(run: RunAnswers, group: str) -> int:
    """How many samples of the run's list are of this group."""
    return sum(one.group == group for one in run.kept.samples.values())


def _clusters(pairs: _Pairs) -> tuple[list[str], str]:
    """Which samples belong together: by cluster, by many groups, else as the same question."""
    known = [pairs.first.run.sample(one) for one, _ in pairs.names]
    questions = [pairs.first.answered.questions[one] for one, _ in pairs.names]
    clusters = [one.cluster if one else "" for one in known]
    groups = [one.group if one else "" for one in known]
    if any(clusters):
        return [c or q for c, q in zip(clusters, questions, strict=True)], "cluster"
    if len(set(groups) - {""}) >= FEW_CLUSTERS:
        return [g or q for g, q in zip(groups, questions, strict=True)], "group"
    return questions, "identical question"


def _groups(pairs: _Pairs) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, (one, _) in enumerate(pairs.names):
        sample = pairs.first.run.sample(one)
        if sample is not None and sample.group:
            found.setdefault(sample.group, []).append(at)
    return dict(sorted(found.items())) if len(found) > 1 else {}


def _apart(pairs: _Pairs, most: int) -> tuple[tuple[Apart, ...], tuple[Apart, ...]]:
    """The samples on which the first, and those on which the second is ahead, farthest first."""
    first, second = pairs.scores(range(len(pairs.names)))
    gaps = [a - b for a, b in zip(first, second, strict=True)]
    order = sorted(range(len(gaps)), key=lambda at: (-abs(gaps[at]), at))
    ahead = [at for at in order if gaps[at] > 0][:most]
    behind = [at for at in order if gaps[at] < 0][:most]
    mine = _said(pairs.first, {pairs.names[at][0] for at in (*ahead, *behind)})
    theirs = _said(pairs.second, {pairs.names[at][1] for at in (*ahead, *behind)})

    def apart(at: int) -> Apart:
        one, other = pairs.names[at]
        sample = pairs.first.run.sample(one)
        prompt, said = mine[one]
        return Apart(
            sample=one,
            group=sample.group if sample else "",
            prompt=prompt,
            target=sample.target if sample else "",
            first=said,
            second=theirs[other][1],
        )

    return tuple(map(apart, ahead)), tuple(map(apart, behind))


def _said(side: _Side, samples: set[str]) -> dict[str, tuple[str, Seen]]:
    """The prompt and the answer to each of `samples`: of several, the worst."""
    found: dict[str, tuple[str, Seen]] = {}
    if not samples:
        return found
    for sample, one in side.run.observations([side.name]):
        if sample not in samples or one.answer is None or one.score is None:
            continue
        before = found.get(sample)
        if before is None or one.score.value < before[1].score:
            answer = one.answer.text or one.score.extracted
            seen = Seen(answer=answer, score=one.score.value, why=one.score.why)
            found[sample] = (one.entry.prompt, seen)
    return found


def _notices(pairs: _Pairs) -> tuple[str, ...]:
    runs = {one.run.id: one.run for one in (pairs.first, pairs.second)}
    found = [
        f"Run {run.id} {run.ended}: compared are the answers that it has so far."
        for run in runs.values()
        if run.ended
    ]
    if any(run.kept.estimates == "corpus" for run in runs.values()):
        found.append(
            "The task is about a statistic of the whole file; compared here are the means of the "
            "samples' own scores."
        )
    if len(runs) == 2:
        found += _between_runs(pairs)
    shares = [len(one.answered.scores) for one in (pairs.first, pairs.second)]
    if max(shares) > len(pairs.names):
        found.append(
            f"Only the {len(pairs.names):,} samples that both answered count, of {shares[0]:,} "
            f"and {shares[1]:,}."
        )
    return tuple(found)


def _between_runs(pairs: _Pairs) -> list[str]:
    one, other = pairs.first.run, pairs.second.run
    found = []
    order = [pairs.second.answered.places[name] for _, name in pairs.names]
    if one.is_raced and other.is_raced and order != sorted(order):
        found.append(
            "Both runs stopped by what they saw, in orders of their own: interval and e-value are "
            "approximate. With one --seed they would share an order."
        )
    if one.metric != other.metric:
        found.append(
            f"The runs were scored differently: {one.metric or 'unknown'} and "
            f"{other.metric or 'unknown'}. What differs may be the ruler."
        )
    if one.record.data_hash != other.record.data_hash:
        found.append("The runs are of different files; samples were paired by name or question.")
    return found
