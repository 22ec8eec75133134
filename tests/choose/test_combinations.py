"""Combinations on answers that were made so that it is known whether combining pays."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.choose.combine import Aim, Option, Table, Trial, parts_of, sentences, trial
from elige.choose.combine.fitting import logistic
from elige.choose.combine.option import played
from elige.engines.combined import Cascade, Ensemble, Question
from elige.records import Answer, ContinuationScore

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


def picks(right: bool, margin: float, target: int, wrong: int) -> Answer:
    """A weighed choice among four: the right one, or the wrong one, ahead by so many nats."""
    top = target if right else wrong
    return Answer(
        weighed=tuple(
            ContinuationScore(
                logprob=0.0 if at == top else -margin, tokens=1, characters=1, utf8_bytes=1
            )
            for at in range(4)
        ),
        seconds=0.0,
    )


def made(
    right: list[Flags],
    margins: list["np.ndarray[tuple[int], np.dtype[np.float64]]"],
    costs: tuple[float, ...],
    *,
    questions: list[str] | None = None,
    seed: int = 0,
) -> Table:
    """A table of members that are right where `right` says so."""
    generator = np.random.default_rng(seed)
    count = len(right[0])
    targets = generator.integers(0, 4, count)
    wrongs = [(targets + generator.integers(1, 4, count)) % 4 for _ in right]
    asked = questions or ["What?"] * count
    return Table(
        names=tuple("abcdefgh"[: len(right)]),
        answers=tuple(
            tuple(
                picks(
                    bool(right[m][at]), float(margins[m][at]), int(targets[at]), int(wrongs[m][at])
                )
                for at in range(count)
            )
            for m in range(len(right))
        ),
        scores=np.array(right, dtype=float),
        costs=np.repeat(np.array(costs)[:, None], count, axis=1),
        unit="usd",
        questions=tuple(Question(text=text) for text in asked),
        labels=tuple(map(str, range(count))),
        judge=lambda at, answer: float(
            max(range(4), key=lambda place: answer.weighed[place].logprob) == targets[at]
        ),
    )


def noise(seed: int, skills: tuple[float, ...], count: int) -> Table:
    """Members that are right at random, with margins that say nothing of it."""
    generator = np.random.default_rng(seed)
    common = generator.random(count)
    right = [common < skill for skill in skills]  # the better one is right wherever the other is
    margins = [generator.random(count) + 0.1 for _ in skills]
    return made(right, margins, tuple(10.0**at for at in range(len(skills))), seed=seed)


def tried(table: Table, aim: Aim | None = None) -> Trial:
    return trial(table, parts_of(table.labels), aim or Aim())


def test_a_useless_cascade_is_called_useless() -> None:
    verdicts = [tried(noise(seed, (0.5, 0.8), 300)) for seed in range(20)]
    assert not any(one.pays for one in verdicts)
    for one in verdicts:
        assert one.single.name == "b"
        assert "does not pay" in sentences(one)[0]


def test_a_combination_of_equals_seldom_pays_by_luck() -> None:
    count, hits = 200, 0
    for seed in range(40):
        generator = np.random.default_rng(seed)
        shared = generator.random(count) < 0.7
        flips = [generator.random(count) < 0.05 for _ in range(3)]
        table = made([shared ^ one for one in flips], [np.ones(count)] * 3, (1.0, 2.0, 3.0))
        hits += tried(table).pays
    assert hits <= 5


def test_a_planted_cascade_is_found_and_pays() -> None:
    generator = np.random.default_rng(1)
    count = 400
    easy = generator.random(count) < 0.6
    cheap = np.where(easy, True, generator.random(count) < 0.1)
    dear = np.where(easy, generator.random(count) < 0.75, generator.random(count) < 0.9)
    margins = np.where(cheap, 3.0, 0.5) + 0.4 * generator.random(count)
    table = made([cheap, dear], [margins, np.ones(count)], (1.0, 10.0))
    found = tried(replace(table, judge=None))  # else the mean sees the margins, too
    assert found.pays and found.chosen is not None and found.chosen.option.family == "cascade"
    rule = found.chosen.option.rule
    assert isinstance(rule, Cascade) and 0.5 < rule.threshold <= 3.4
    assert found.gap is not None and found.gap.interval[0] > 0.05
    assert sentences(found)[0].startswith("The cascade (a -> b")
    assert "pays: it is shown to be better than b alone" in sentences(found)[0]


def test_a_cascade_that_is_as_good_for_less_pays_by_cost_alone() -> None:
    generator = np.random.default_rng(2)
    count = 900
    easy = generator.random(count) < 0.7
    dear = generator.random(count) < 0.97
    cheap = dear & easy
    margins = np.where(easy, 4.0, 0.2) + 0.1 * generator.random(count)
    table = made([cheap, dear], [margins, np.ones(count)], (1.0, 20.0))
    by_cost = tried(table, Aim(by="cost", tolerance=0.03))
    assert by_cost.pays and by_cost.saving > 0.5
    assert "saves" in sentences(by_cost)[0] and "3 points worse" in sentences(by_cost)[0]
    assert not tried(table).pays


def test_a_planted_vote_is_found() -> None:
    generator = np.random.default_rng(3)
    count = 500
    right = [generator.random(count) < 0.75 for _ in range(3)]
    table = replace(made(right, [np.ones(count)] * 3, (1.0, 1.0, 1.0)), judge=None)
    found = tried(table)
    assert found.pays and found.chosen is not None
    assert found.chosen.option.family == "ensemble"
    assert found.chosen.score > max(row.score for row in found.rows if row.option.rule is None)


def test_a_planted_router_is_found() -> None:
    generator = np.random.default_rng(4)
    count = 600
    sums = generator.random(count) < 0.5
    questions = [
        f"How much is {n} plus {n + 3}?" if is_sum else f"Which town is the capital, number {n}?"
        for n, is_sum in enumerate(sums)
    ]
    first = np.where(sums, generator.random(count) < 0.95, generator.random(count) < 0.3)
    second = np.where(sums, generator.random(count) < 0.3, generator.random(count) < 0.95)
    # Margins say nothing, and both are wrong in the same way: only the question tells.
    table = made([first, second], [np.ones(count)] * 2, (1.0, 1.0), questions=questions)
    found = tried(table)
    assert found.pays and found.chosen is not None
    assert found.chosen.option.family == "router" and found.chosen.score > 0.9


def test_few_samples_make_no_promise() -> None:
    paid = 0
    for seed in range(30):
        generator = np.random.default_rng(seed)
        right = [generator.random(30) < 0.7 for _ in range(3)]
        paid += tried(made(right, [generator.random(30)] * 3, (1.0, 2.0, 3.0))).pays
    assert paid <= 3


def test_the_chosen_one_saw_nothing_of_the_third_part() -> None:
    table = noise(5, (0.6, 0.7, 0.8), 200)
    parts = parts_of(table.labels)
    scores = table.scores.copy()
    scores[:, parts.judge] = 1.0 - scores[:, parts.judge]
    before, after = trial(table, parts, Aim()), trial(replace(table, scores=scores), parts, Aim())
    assert before.chosen is not None and after.chosen is not None
    assert before.chosen.option == after.chosen.option
    assert before.single.option == after.single.option


@given(st.lists(st.integers(0, 40), min_size=24, max_size=200), st.integers(0, 5))
def test_parts_share_nothing_and_no_cluster(clusters: list[int], seed: int) -> None:
    labels = [str(one) for one in clusters]
    parts = parts_of(labels, seed)
    every = [*parts.fit.tolist(), *parts.choose.tolist(), *parts.judge.tolist()]
    assert sorted(every) == list(range(len(labels)))
    sets = [{labels[at] for at in part.tolist()} for part in (parts.fit, parts.choose, parts.judge)]
    assert not sets[0] & sets[1] and not sets[1] & sets[2] and not sets[0] & sets[2]


def test_what_is_played_costs_whom_it_asks() -> None:
    table = noise(6, (0.5, 0.6, 0.7), 60)
    places = np.arange(60)
    vote = played(table, Option(members=(0, 1, 2), rule=Ensemble(how="vote", members=3)), places)
    assert vote.costs == pytest.approx(np.full(60, 111.0))
    never = Option(members=(0, 2), rule=Cascade(signal="margin", threshold=0.0))
    assert played(table, never, places).costs == pytest.approx(np.full(60, 1.0))
    assert played(table, never, places).scores == pytest.approx(table.scores[0])
    always = Option(members=(0, 2), rule=Cascade(signal="margin", threshold=99.0))
    assert played(table, always, places).costs == pytest.approx(np.full(60, 101.0))
    assert played(table, always, places).scores == pytest.approx(table.scores[2])


def test_the_logistic_fit_finds_what_was_planted() -> None:
    generator = np.random.default_rng(7)
    rows = np.column_stack([np.ones(4000), generator.normal(size=(4000, 2))])
    truth = np.array([0.3, 1.5, -1.0])
    targets = (generator.random(4000) < 1 / (1 + np.exp(-rows @ truth))).astype(float)
    assert logistic(rows, targets) == pytest.approx(truth, abs=0.2)
    assert np.all(np.isfinite(logistic(rows, np.ones(4000))))


def test_a_single_that_does_as_well_for_no_more_is_named() -> None:
    table = noise(8, (0.5, 0.9), 200)
    found = tried(table)
    assert found.chosen is not None and not found.pays
    dearer = replace(found, preferred=True, rival="b")
    assert "b alone scores no less for no more" in sentences(dearer)[0]
