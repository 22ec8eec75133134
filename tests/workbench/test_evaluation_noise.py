"""An evaluation with repeats and with clusters, from the plan to the figures."""

from pathlib import Path

import pytest
from workbench.races import answers, sums

from elige.config import Settings
from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.workbench import EvaluateOptions, Workbench, plan_evaluation, run_evaluation
from elige.workbench.evaluate import Evaluated, Evaluation

WARM = "echo,skill=0.6,temperature=1"


def evaluated(home: Path, data: Path, model: str = WARM, **options: object) -> Evaluation:
    said = EvaluateOptions(model=model, **options)  # type: ignore[arg-type]
    with Workbench.open(Settings(home=home)) as bench:
        last = list(run_evaluation(bench, plan_evaluation(bench, str(data), said)))[-1]
    assert isinstance(last, Evaluated)
    return last.evaluation


def test_repeats_are_asked_kept_and_averaged(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv", 60)
    found = evaluated(tmp_path, data, repeats=4)
    kept = answers(tmp_path)
    assert sorted({repeat for _, _, repeat in kept}) == [0, 1, 2, 3]
    assert (len(kept), found.answers, found.standing.evaluated) == (240, 240, 60)
    repeats = found.figures.repeats
    assert repeats is not None and repeats.always is not None and repeats.ever is not None
    assert repeats.always.mean < (found.standing.score or 0.0) < repeats.ever.mean
    assert dict(repeats.pass_at)[1] == pytest.approx(found.standing.score)
    assert [k for k, _ in repeats.pass_at] == [1, 2, 4]


def test_one_repeat_is_the_run_that_it_always_was(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv", 30)
    plain, once = evaluated(tmp_path, data), evaluated(tmp_path, data, repeats=1)
    assert plain.run == once.run
    more = evaluated(tmp_path, data, repeats=2)
    assert (more.standing.asked, more.answers) == (30, 60)
    assert plain.figures.repeats is None


@pytest.mark.parametrize("model", ["echo", "echo,temperature=0"])
def test_at_temperature_0_each_sample_is_asked_once_with_a_notice(
    tmp_path: Path, model: str
) -> None:
    found = evaluated(tmp_path, sums(tmp_path / "sums.csv", 10), model, repeats=3)
    assert len(answers(tmp_path)) == found.answers == 10
    assert [text for text in found.notices if text.startswith("Repeats measure nothing here")]


def test_weighed_choices_are_not_repeated(tmp_path: Path) -> None:
    rows = [f"{n} plus 1?,{n}|{n + 1}|{n + 2},{n + 1}" for n in range(10)]
    (tmp_path / "c.csv").write_text("\n".join(["question,choices,answer", *rows]))
    found = evaluated(tmp_path, tmp_path / "c.csv", repeats=3)
    assert found.answers == 10
    assert "weighed" in found.notices[0]


def test_fewer_than_one_repeat_is_refused() -> None:
    with pytest.raises(BadInput, match="--repeats is 0"):
        EvaluateOptions(model=WARM, repeats=0)


def test_the_noise_of_sampling_is_told_apart(tmp_path: Path) -> None:
    """An echo is right by luck alone: its noise is that of sampling, and repeats take it away."""
    found = evaluated(tmp_path, sums(tmp_path / "sums.csv", 200), repeats=4)
    assert found.figures.repeats is not None
    noise = found.figures.repeats.noise
    assert noise is not None
    assert noise.within == pytest.approx(0.24, abs=0.03)
    assert noise.between < 0.03
    assert noise.with_repeats(16) < 0.75 * noise.stderr


def test_identical_rows_count_as_one_cluster(tmp_path: Path) -> None:
    lines = [f"What is {n} plus 1?,{n + 1}" for n in range(40)]
    (tmp_path / "once.csv").write_text("\n".join(["question,answer", *lines]))
    (tmp_path / "thrice.csv").write_text("\n".join(["question,answer", *lines * 3]))
    once = evaluated(tmp_path, tmp_path / "once.csv", "echo,skill=0.7")
    thrice = evaluated(tmp_path, tmp_path / "thrice.csv", "echo,skill=0.7")
    assert thrice.figures.clustered_by == "identical question"
    assert thrice.figures.overall is not None
    assert (thrice.figures.overall.samples, thrice.figures.overall.clusters) == (120, 40)
    assert thrice.standing.interval == pytest.approx(once.standing.interval, abs=0.02)


def test_samples_of_one_passage_are_a_cluster(tmp_path: Path) -> None:
    rows = [f"Passage {n // 5}.,{n} plus 1?,{n + 1}" for n in range(100)]
    (tmp_path / "p.csv").write_text("\n".join(["context,question,answer", *rows]))
    found = evaluated(tmp_path, tmp_path / "p.csv", "echo,skill=0.7")
    assert found.figures.clustered_by == "cluster"
    assert found.figures.overall is not None
    assert found.figures.overall.clusters == 20
    said = TaskOptions(cluster="-")
    assert evaluated(tmp_path, tmp_path / "p.csv", "echo,skill=0.7", task=said).interval_method == (
        "Wilson"
    )


@pytest.mark.parametrize(("groups", "by"), [(25, "group"), (4, "")], ids=["many", "few"])
def test_groups_are_clusters_when_they_are_many(tmp_path: Path, groups: int, by: str) -> None:
    rows = [f"subject {n % groups},{n} plus 1?,{n + 1}" for n in range(100)]
    (tmp_path / "g.csv").write_text("\n".join(["subject,question,answer", *rows]))
    found = evaluated(tmp_path, tmp_path / "g.csv", "echo,skill=0.7")
    assert found.figures.clustered_by == by
    assert (found.figures.by_group is None) == (by == "group")
    assert len(found.groups) == groups


def test_few_clusters_make_a_notice(tmp_path: Path) -> None:
    rows = [f"doc {n % 4},{n} plus 1?,{n + 1}" for n in range(40)]
    (tmp_path / "d.csv").write_text("\n".join(["document_id,question,answer", *rows]))
    found = evaluated(tmp_path, tmp_path / "d.csv", "echo,skill=0.7")
    assert [text for text in found.notices if "only 4 clusters" in text]


def test_fields_of_json_answers_have_intervals(tmp_path: Path) -> None:
    rows = [f'Who is {n}?,"{{""name"": ""n{n}"", ""age"": {n}}}"' for n in range(30)]
    (tmp_path / "j.csv").write_text("\n".join(["question,answer", *rows]))
    found = evaluated(tmp_path, tmp_path / "j.csv", "echo,skill=0.7")
    assert {one.name for one in found.figures.parts} == {"name", "age"}
    for one in found.figures.parts:
        assert one.interval[0] < one.score < one.interval[1]
        assert one.samples == 30


def test_a_limit_draws_the_same_samples_for_every_model(tmp_path: Path) -> None:
    rows = [f"subject {n % 3},{n} plus 1?,{n + 1}" for n in range(90)]
    (tmp_path / "g.csv").write_text("\n".join(["subject,question,answer", *rows]))
    said = [EvaluateOptions(model=model, limit=30) for model in ("echo", "echo,seed=4,skill=1")]
    with Workbench.open(Settings(home=tmp_path)) as bench:
        plans = [plan_evaluation(bench, str(tmp_path / "g.csv"), one) for one in said]
    first, second = ([sample.id for sample in plan.task.samples] for plan in plans)
    assert first == second
    groups = [sample.group for sample in plans[0].task.samples]
    assert sorted(map(groups.count, set(groups))) == [10, 10, 10]
