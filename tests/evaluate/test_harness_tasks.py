"""Tasks of lm-eval: by name and by file, with data of the hub's or of the user's."""

import json
from pathlib import Path

import pytest
from evaluate import harness_files as files
from evaluate.harness_files import elige_task, sent_by_elige, task_file, written

import elige
from elige.errors import BadInput, EligeError, NotFound
from elige.evaluate.harness.index import Entry, Index
from elige.evaluate.harness.library import library_version, tasks_folder
from elige.text import digest

pytest.importorskip("lm_eval")

WORKED = [
    {"question": f"What is {n} and {n}?", "answer": f"It is {n}+{n}.\n#### {2 * n}"}
    for n in range(1, 9)
]


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """A list of names as elige keeps it, of a few of them: reading all takes seconds."""
    entries = {
        "gsm8k": Entry(kind="task", file="gsm8k/gsm8k.yaml"),
        "mmlu_stem": Entry(kind="group", file="mmlu/default/_mmlu_stem.yaml"),
        "mmlu_stem_tasks": Entry(kind="tag", tasks=("mmlu_anatomy", "mmlu_astronomy")),
        "mmlu_anatomy": Entry(kind="task", file="mmlu/default/mmlu_anatomy.yaml"),
        "mmlu_astronomy": Entry(kind="task", file="mmlu/default/mmlu_astronomy.yaml"),
        "wikitext": Entry(kind="task", file="wikitext/wikitext.yaml"),
    }
    for home in (tmp_path, tmp_path / "elige"):
        place = home / "harness" / f"{digest([library_version(), str(tasks_folder())])[:16]}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        rows = {name: _row(one) for name, one in entries.items()}
        place.write_text(json.dumps(rows), "utf-8")
    return tmp_path


def _row(entry: Entry) -> dict[str, object]:
    return {"kind": entry.kind, "file": entry.file, "tasks": list(entry.tasks)}


def test_the_names_are_those_of_lm_eval(tmp_path: Path) -> None:
    index = Index(tmp_path)
    assert index.find("hellaswag").path.name == "hellaswag.yaml"
    assert index.find("mmlu").kind == "group" and index.find("ai2_arc").kind == "tag"
    assert Index(tmp_path).find("gsm8k") == index.find("gsm8k")  # read from the kept list


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("gsm8kk", "Did you mean gsm8k", id="a slip"),
        pytest.param("mmlu_a", "mmlu_anatomy or mmlu_astronomy", id="a beginning"),
        pytest.param("xyzxyz", "or give a task file", id="near none"),
    ],
)
def test_an_unknown_name_is_told_with_those_near(name: str, hint: str, known: Path) -> None:
    with pytest.raises(NotFound, match="task of lm-eval") as caught:
        elige_task(name, known)
    assert hint in caught.value.hint


def test_an_installed_task_runs_on_local_rows(known: Path) -> None:
    rows, shown = written(known, WORKED[:5]), written(known, WORKED[5:], "shown")
    result = elige.evaluate(
        "harness:gsm8k",
        "echo,skill=1,shots=3",
        rows_from=str(rows),
        shots_from=str(shown),
        limit=4,
    )
    found = {one.name: one.value for one in result.evaluation.details.figures}
    assert found == {"exact_match,strict-match": 1.0, "exact_match,flexible-extract": 1.0}
    assert result.score == 1.0 and result.evaluation.samples == 4
    assert any("lm-eval" in notice for notice in result.notices)


def test_candidates_race_on_the_metric_that_was_chosen(known: Path) -> None:
    rows = [
        {"question": f"What is {n} plus {n}?", "answer": f"#### {2 * n}"} for n in range(10, 110)
    ]
    verdict = elige.choose(
        "harness:gsm8k",
        ["echo,skill=0.95,shots=1", "echo,skill=0.2,shots=1"],
        rows_from=str(written(known, rows)),
        metric="exact_match,flexible-extract",
    )
    assert verdict.winner == "echo,skill=0.95,shots=1"


def test_a_figure_of_the_whole_file_cannot_race(tmp_path: Path) -> None:
    path = task_file(tmp_path, files.LAST_WORD)
    with pytest.raises(BadInput, match="perplexity of harness:.*is a figure of the whole file"):
        elige.choose(f"harness:{path}", ["echo", "echo,skill=1"], metric="perplexity")


def test_a_figure_of_the_whole_file_is_the_result(tmp_path: Path) -> None:
    path = task_file(tmp_path, files.LAST_WORD)
    result = elige.evaluate(f"harness:{path}", "echo", metric="perplexity")
    assert result.score is None
    assert "perplexity 1." in result.headline and "lower is better" in result.headline
    assert result.facts()["figures"][0]["interval"]


def test_a_group_runs_its_tasks_from_a_folder(known: Path) -> None:
    rows = [
        {"question": f"Which is {n}?", "choices": [str(n), "x", "y", "z"], "answer": 0}
        for n in range(6)
    ]
    for name in ("anatomy", "astronomy"):
        written(known, rows, f"{name}_test")
        written(known, rows[:2], f"{name}_dev")
    folder = str(known)
    task = elige_task("mmlu_stem_tasks", known, rows_from=folder, shots_from=folder, limit=3)
    assert [sample.id for sample in task.samples[:2]] == ["mmlu_anatomy:0", "mmlu_anatomy:1"]
    assert [sample.group for sample in task.samples] == ["mmlu_anatomy"] * 3 + [
        "mmlu_astronomy"
    ] * 3
    assert "about astronomy" in sent_by_elige(task, "echo,shots=1")[-1].contexts[0]


def test_one_file_cannot_serve_a_group(known: Path) -> None:
    with pytest.raises(BadInput, match="is 2 tasks"):
        elige_task("mmlu_stem_tasks", known, rows_from=str(written(known, WORKED)))


def test_a_data_set_out_of_reach_is_told(known: Path) -> None:
    with pytest.raises(BadInput, match=r"gsm8k wants the data set openai/gsm8k \(main\)") as caught:
        elige_task("gsm8k", known)
    assert "--data FILE" in caught.value.hint


def test_missing_columns_are_named(known: Path) -> None:
    with pytest.raises(BadInput, match="reads the column 'question'") as caught:
        elige_task("gsm8k", known, rows_from=str(written(known, [{"q": "x", "answer": "y"}] * 3)))
    assert "has q, answer" in str(caught.value)


def test_too_few_rows_for_the_examples_are_told(known: Path) -> None:
    task = elige_task("gsm8k", known, rows_from=str(written(known, WORKED[:3])))
    with pytest.raises(BadInput, match="is to show 5 examples, and there are 3 rows"):
        sent_by_elige(task)


def test_a_csv_file_without_a_header_gets_its_columns_named(tmp_path: Path) -> None:
    data = tmp_path / "rows.csv"
    data.write_text("1+1?,2,3\n1+2?,3,4\n", "utf-8")
    text = files.CHOICE.replace("options", '"{{[a|string, b|string]}}"').replace("gold", "0")
    path = task_file(tmp_path, text)
    task = elige_task(path, tmp_path, rows_from=str(data), columns=("q", "a", "b"))
    sent = sent_by_elige(task, "echo,shots=0")
    assert [one.contexts[0] for one in sent] == ["Sums.\n\n1+1?", "Sums.\n\n1+2?"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("task: [a", "broken YAML", id="broken"),
        pytest.param("- 1\n", "no task file of lm-eval", id="a list"),
        pytest.param("a: 1\n", "does not say 'task:'", id="no task"),
        pytest.param("task: t\noutput_type: nonsense\n", "names no data set", id="no data"),
        pytest.param("include: mine.yaml\ntask: t\n", "includes itself", id="a circle"),
        pytest.param("group: g\ntask: []\n", "names no tasks", id="an empty group"),
        pytest.param("group: g\ntask: [mine]\n", "No task of lm-eval", id="not a member"),
    ],
)
def test_a_broken_task_file_is_told_in_a_line(text: str, told: str, known: Path) -> None:
    path = known / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(EligeError, match=told) as caught:
        elige_task(path, known)
    assert "\n" not in str(caught.value) + caught.value.hint and caught.value.hint


def test_a_group_of_the_users_takes_the_tasks_beside_it(tmp_path: Path) -> None:
    task_file(tmp_path, files.CHOICE, name="first")
    task_file(tmp_path, files.LETTERS, name="second")
    path = tmp_path / "both.yaml"
    path.write_text(
        "group: both\ntask: [first, {task: second, num_fewshot: 0}]\n"
        "aggregate_metric_list: [{metric: acc, weight_by_size: false}]\n",
        "utf-8",
    )
    result = elige.evaluate(f"harness:{path}", "echo,skill=1")
    assert set(result.groups) == {"first", "second"}
    assert [one.name for one in result.evaluation.details.figures] == ["acc"]


@pytest.mark.parametrize("metric", ["", "acc_norm"])
def test_the_metric_decides_the_run(metric: str, tmp_path: Path) -> None:
    path = task_file(tmp_path, files.CHOICE)
    task = elige_task(path, tmp_path, metric=metric)
    assert dict(task.scorer.options)["metric"] == (metric or "acc")


def test_an_unknown_metric_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="metric of this task") as caught:
        elige_task(task_file(tmp_path, files.CHOICE), tmp_path, metric="accnorm")
    assert "acc_norm" in caught.value.hint
