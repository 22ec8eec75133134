"""Comparing two candidates on answers that are kept already."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import elige
from elige.choose.comparison import Comparison
from elige.config import read_settings
from elige.errors import BadInput, NotFound
from elige.workbench import CompareOptions, Workbench, compare_runs

GOOD, POOR = "echo,skill=0.9,name=good", "echo,skill=0.4,seed=2,name=poor"


def table(path: Path, *, count: int = 120, groups: int = 3, passages: int = 0) -> Path:
    """Sums with a group, and the passage that they ask about where there are passages."""
    lines = [
        f"What is {n} plus {n % 7}?,{n + n % 7},g{n % groups}"
        + (f",p{n % passages}" if passages else "")
        for n in range(count)
    ]
    head = "question,answer,subject" + ",passage" * bool(passages)
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def compared(*runs: str, **options: object) -> Comparison:
    with Workbench.open() as bench:
        return compare_runs(bench, CompareOptions(runs=runs, **options))  # type: ignore[arg-type]


def evaluated(data: Path, model: str, **options: object) -> str:
    return elige.evaluate(str(data), model, **options).run  # type: ignore[arg-type]


def scores_of(run: str) -> dict[str, float]:
    with closing(sqlite3.connect(read_settings().home / "elige.db")) as database:
        rows = database.execute(
            "SELECT e.sample, s.value FROM entries e JOIN scores s USING (candidate, sent, repeat)"
            " WHERE e.run = ? AND s.scorer = e.scorer",
            (run,),
        ).fetchall()
    return dict(rows)


def test_two_evaluations_are_paired_and_tested(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv")
    first, second = evaluated(data, GOOD, group="subject"), evaluated(data, POOR, group="subject")
    found = compared(first, second)
    mine, theirs = scores_of(first), scores_of(second)
    ahead = sum(mine[one] > theirs[one] for one in mine)
    behind = sum(mine[one] < theirs[one] for one in mine)
    assert (found.gap.samples, found.gap.ahead, found.gap.behind) == (120, ahead, behind)
    assert found.gap.difference == pytest.approx((ahead - behind) / 120)
    assert found.gap.bars is not None and found.gap.e is None
    assert found.gap.bars.mcnemar is not None and found.gap.bars.mcnemar < 0.001
    assert found.headline.startswith("good is better than poor")
    assert [name for name, _ in found.groups] == ["g0", "g1", "g2"]
    assert sum(gap.samples for _, gap in found.groups) == 120


def test_the_samples_that_differ_are_shown_in_both_directions(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv")
    first, second = evaluated(data, GOOD), evaluated(data, POOR)
    found = compared(first, second, samples=2)
    assert len(found.first_ahead) == 2 and 1 <= len(found.second_ahead) <= 2
    for one in found.first_ahead:
        assert one.first.score == 1.0 and one.second.score == 0.0
        assert one.target in one.first.answer and one.target != one.second.answer
        assert "plus" in one.prompt and one.second.why
    assert all(one.second.score == 1.0 for one in found.second_ahead)
    assert compared(first, second, samples=0).first_ahead == ()
    assert len(compared(first, second, samples=500).first_ahead) == found.gap.ahead


def test_clusters_take_the_place_of_mcnemar(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv", passages=15)
    runs = [evaluated(data, one, cluster="passage") for one in (GOOD, POOR)]
    found = compared(*runs)
    assert found.clustered_by == "cluster"
    assert found.gap.bars is not None
    assert (found.gap.bars.clusters, found.gap.bars.mcnemar) == (15, None)
    assert found.facts()["p_permutation"] < 0.01


def test_a_race_gets_e_values_and_no_p_values(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv")
    third = "echo,skill=0.85,seed=3,name=third"
    run = elige.choose(str(data), [GOOD, POOR, third], tolerance=0.3).run
    found = compared(run, a="good", b="poor")
    facts = found.facts()
    assert (facts["kind"], facts["scope"]) == ("raced", "future")
    assert facts["p_mcnemar"] is None and facts["p_permutation"] is None
    assert facts["e_value"] > 20
    low, high = facts["interval_of_all_pairs"]
    assert low < facts["interval"][0] < facts["difference"] < facts["interval"][1] < high
    assert found.terms.pairs == 3


def test_a_race_on_a_list_that_everybody_answered_leaves_no_doubt(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv", count=40)
    near = "echo,skill=0.85,seed=5,name=near"
    run = elige.choose(str(data), [GOOD, near], scope="list", tolerance=0.0, group="subject").run
    found = compared(run)
    if found.gap.samples == 40:
        assert found.gap.interval == pytest.approx((found.gap.difference,) * 2)
    for _, gap in found.groups:
        assert gap.interval[0] - 1e-9 <= gap.difference <= gap.interval[1] + 1e-9


def test_a_race_without_room_for_error_is_of_a_fixed_size(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv", count=40)
    run = elige.choose(str(data), [GOOD, POOR], confidence=1.0).run
    found = compared(run)
    assert not found.terms.raced and found.gap.bars is not None
    assert found.gap.samples == 40


def test_turned_sides_turn_the_difference(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv", count=60)
    first, second = evaluated(data, GOOD), evaluated(data, POOR)
    one, other = compared(first, second), compared(second, first)
    assert one.gap.difference == pytest.approx(-other.gap.difference)
    assert one.gap.interval == pytest.approx([-end for end in reversed(other.gap.interval)])
    assert [x.sample for x in one.first_ahead] == [x.sample for x in other.second_ahead]


def test_an_interrupted_run_is_compared_as_far_as_it_got(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv", count=40)
    first, second = evaluated(data, GOOD), evaluated(data, POOR)
    with Workbench.open() as bench:
        bench.store.finish_run(first, "interrupted", None, "2026-01-01T00:00:00+00:00")
    found = compared(first, second)
    assert f"Run {first} was interrupted" in found.notices[0]
    assert found.terms.raced and found.gap.bars is None


def test_runs_of_one_candidate_each_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    before = evaluated(table(tmp_path / "a.csv", count=40), GOOD)
    after = evaluated(table(tmp_path / "b.csv", count=60), GOOD)
    found = compared(before, after)
    assert found.first == f"good ({before})" and found.second == f"good ({after})"
    assert found.gap.samples == 40 and found.gap.difference == 0.0
    assert any("different files" in one for one in found.notices)


def test_one_candidate_is_told_to_find_another_run(tmp_path: Path) -> None:
    run = evaluated(table(tmp_path / "a.csv", count=10), GOOD)
    with pytest.raises(BadInput, match="has one candidate, good; it takes two") as told:
        compared(run)
    assert f"elige compare {run} OTHER-RUN" in told.value.hint


def test_races_in_orders_of_their_own_are_approximate(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", count=60)
    runs = [elige.choose(str(data), [GOOD, POOR], seed=seed, tolerance=0.2).run for seed in (1, 2)]
    found = compared(*runs, a="good", b="poor")
    assert any("in orders of their own" in one for one in found.notices)
    same = compared(runs[0], a="good", b="poor")
    assert not any("in orders of their own" in one for one in same.notices)


def test_repeats_are_averaged(tmp_path: Path) -> None:
    data = table(tmp_path / "sums.csv", count=30)
    first = evaluated(data, f"{GOOD},temperature=1", repeats=3)
    second = evaluated(data, POOR)
    found = compared(first, second)
    assert found.gap.samples == 30
    assert found.gap.first == pytest.approx(
        elige.evaluate(str(data), f"{GOOD},temperature=1", repeats=3).score
    )


@pytest.mark.parametrize(
    ("said", "error", "told"),
    [
        pytest.param({"a": "goud"}, NotFound, "Did you mean good", id="a misspelt name"),
        pytest.param({"a": "good", "b": "x"}, NotFound, "Known: good, poor", id="an unknown name"),
        pytest.param({"a": "good", "b": "good"}, BadInput, "good, poor", id="twice the same"),
        pytest.param({"samples": -1}, BadInput, "Say 3", id="less than no samples"),
        pytest.param({"confidence": 1.0}, BadInput, "0.95", id="no room for error"),
    ],
)
def test_what_cannot_be_compared_says_so(
    said: dict[str, object], error: type[elige.EligeError], told: str, tmp_path: Path
) -> None:
    run = elige.choose(str(table(tmp_path / "sums.csv", count=40)), [GOOD, POOR]).run
    with pytest.raises(error) as raised:
        compared(run, **said)
    assert told in raised.value.hint


def test_several_candidates_must_be_named(tmp_path: Path) -> None:
    third = "echo,skill=0.85,seed=3,name=third"
    run = elige.choose(str(table(tmp_path / "s.csv", count=30)), [GOOD, POOR, third]).run
    with pytest.raises(BadInput, match="--a does not say") as raised:
        compared(run)
    assert "good, poor, third" in raised.value.hint


def test_runs_without_a_common_sample_are_refused(tmp_path: Path) -> None:
    first = evaluated(table(tmp_path / "a.csv", count=20), GOOD)
    other = tmp_path / "b.csv"
    other.write_text("question,answer\n" + "".join(f"Spell {n},{n}\n" for n in range(9)))
    with pytest.raises(BadInput, match="no sample in common"):
        compared(first, evaluated(other, POOR))


def test_an_unknown_run_and_an_empty_store_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no run yet"):
        compared("last")
    run = evaluated(table(tmp_path / "a.csv", count=8), GOOD)
    with pytest.raises(NotFound, match="'zzz'"):
        compared("zzz", run)


def test_a_run_without_answers_is_told(tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", count=8)
    run = elige.choose(str(data), [GOOD, POOR]).run
    with Workbench.open() as bench:
        path = bench.settings.home / "elige.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM entries WHERE name = 'poor'")
    with pytest.raises(BadInput, match="poor has no scored answer"):
        compared(run)


def test_from_python_the_newest_run_can_be_meant(tmp_path: Path) -> None:
    elige.choose(str(table(tmp_path / "sums.csv")), [GOOD, POOR])
    found = elige.compare("last", a="good", b="poor")
    assert found.difference > 0.2 and found.interval[0] > 0
    assert found.facts()["a"] == "good" and "is better than" in repr(found)
