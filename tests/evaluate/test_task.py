"""A user's file becomes the task that a person would have made of it."""

import gzip
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from evaluate.asked import jsonl, written

from elige import plugins
from elige.errors import BadInput, NotFound
from elige.evaluate.options import TaskOptions
from elige.evaluate.task import load_task
from elige.records import ScorerSpec, SetAside, Task


def hellaswag(shared_data: Path) -> Path:
    return shared_data / "benchmarks" / "hellaswag_val_even.jsonl.gz"


def raw_rows(path: Path) -> list[dict[str, object]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.split("\n") if line]


def test_hellaswag_is_continuations_judged_per_character(shared_data: Path) -> None:
    task, rows = load_task(hellaswag(shared_data)), raw_rows(hellaswag(shared_data))
    assert (task.kind, task.form.choice_format) == ("choice", "continuation")
    assert task.scorer == ScorerSpec(name="choice", options=(("normalise", "char"),))
    assert [one.id for one in task.samples] == [row["id"] for row in rows]
    assert [one.right for one in task.samples] == [row["label"] for row in rows]
    assert [one.question for one in task.samples] == [str(row["query"]).strip() for row in rows]
    assert len(task.samples) == 5021 and task.set_aside == () and task.notices == ()


def test_every_mmlu_subject_is_letters(shared_data: Path) -> None:
    paths = sorted((shared_data / "benchmarks" / "mmlu").glob("*_test.jsonl"))
    assert len(paths) == 15
    for path in paths:
        task, rows = load_task(path), raw_rows(path)
        assert (task.kind, task.form.choice_format) == ("choice", "letters")
        assert task.scorer == ScorerSpec(name="choice", options=(("normalise", "plain"),))
        assert [one.right for one in task.samples] == [row["answer"] for row in rows]
        assert {one.group for one in task.samples} == {path.name.removesuffix("_test.jsonl")}
        assert task.set_aside == () and task.notices == ()


@pytest.mark.parametrize("name", ["gsm8k_test_even.jsonl", "gsm8k_train_head.jsonl"])
def test_gsm8k_is_the_number_behind_the_signs(shared_data: Path, name: str) -> None:
    path = shared_data / "benchmarks" / name
    task, rows = load_task(path), raw_rows(path)
    assert (task.kind, task.scorer) == ("text", ScorerSpec(name="last_number"))
    wanted = [str(row["answer"]).rpartition("####")[2].strip().replace(",", "") for row in rows]
    assert [one.target for one in task.samples] == wanted
    assert all(dict(one.fields)["working"].endswith(one.target) for one in task.samples[:9])
    assert task.set_aside == ()


def test_the_dev_file_gives_shots_that_read_its_numbers_as_the_test_file_does(
    shared_data: Path,
) -> None:
    folder = shared_data / "benchmarks" / "mmlu"
    options = TaskOptions(shots_from=str(folder / "college_mathematics_dev.jsonl"))
    task = load_task(folder / "college_mathematics_test.jsonl", options)
    rows = raw_rows(folder / "college_mathematics_dev.jsonl")
    assert [one.right for one in task.shots] == [row["answer"] for row in rows]


def test_a_short_file_of_examples_counts_as_the_tested_file_does(tmp_path: Path) -> None:
    def row(name: str, answer: int) -> dict[str, object]:
        return {"question": name, "choices": ["a", "b", "c"], "answer": answer}

    dev = jsonl(tmp_path, row("d", 2), name="dev.jsonl")
    path = jsonl(tmp_path, row("x", 1), row("y", 3))
    task = load_task(path, TaskOptions(shots_from=str(dev)))
    assert [one.target for one in (*task.samples, *task.shots)] == ["a", "c", "b"]


def made(folder: Path, *targets: object, column: str = "answer") -> Task:
    rows = [{"question": f"q{place}", column: target} for place, target in enumerate(targets)]
    return load_task(jsonl(folder, *rows))


@pytest.mark.parametrize(
    ("targets", "column", "kind", "scorer"),
    [
        pytest.param(["pos", "neg"] * 4, "answer", "classification", "classification", id="labels"),
        pytest.param([True, False] * 4, "answer", "classification", "classification", id="truth"),
        pytest.param([0, 1] * 4, "label", "classification", "classification", id="numbered"),
        pytest.param([3, 4] * 4, "answer", "text", "last_number", id="results that repeat"),
        pytest.param([3, 14, "1,500"], "answer", "text", "last_number", id="numbers"),
        pytest.param(["Paris", "Rome", "New York"], "answer", "text", "contains", id="short"),
        pytest.param([["a", "b"], ["c"]] * 9, "answer", "text", "contains", id="aliases"),
        pytest.param([{"a": 1}, {"a": 2}], "answer", "json", "json_fields", id="objects"),
        pytest.param(['{"a": 1}', '{"a": 2}'], "answer", "json", "json_fields", id="json text"),
        pytest.param(["it is a long " * 3, "one more " * 4], "answer", "text", "token_f1", id="f1"),
    ],
)
def test_the_kind_follows_from_the_answers(
    tmp_path: Path, targets: list[object], column: str, kind: str, scorer: str
) -> None:
    task = made(tmp_path, *targets, column=column)
    assert (task.kind, task.scorer.name) == (kind, scorer)


def test_the_guess_of_the_kind_says_why(tmp_path: Path) -> None:
    guess = made(tmp_path, *["pos", "neg"] * 4).guesses[-1]
    assert (guess.role, guess.why) == ("kind", "2 short answers repeat over 8 rows")


def test_messy_rows_are_counted_and_set_aside(tmp_path: Path) -> None:
    rows = [
        {"question": "a", "choices": ["x", "y"], "answer": 0},
        {"question": "b", "choices": ["x", "y"], "answer": None},
        {"question": " ", "choices": ["x", "y"], "answer": 1},
        {"question": "d", "choices": ["x", "y"], "answer": 2},
        {"question": "e", "choices": [], "answer": 0},
        {"question": "f", "choices": ["x", "", "z"], "answer": 0},
        {"question": "g\ud83d", "choices": ["x", "y"], "answer": 1},
        {"question": "h", "choices": ["x", "y"], "answer": 1},
    ]
    task = load_task(jsonl(tmp_path, *rows))
    assert [one.question for one in task.samples] == ["a", "h"]
    assert task.set_aside == (
        SetAside(row=2, why="without an answer"),
        SetAside(row=3, why="without a question"),
        SetAside(row=4, why="with an answer outside the choices: '2'"),
        SetAside(row=5, why="with fewer than two choices"),
        SetAside(row=6, why="with an empty choice"),
        SetAside(row=7, why="with half of a surrogate pair (a broken emoji)"),
    )
    assert task.notices[0].startswith("6 of 8 rows set aside: 1 without an answer, 1 without")


def test_answers_that_are_no_number_among_numbers_are_set_aside(tmp_path: Path) -> None:
    task = made(tmp_path, *range(20), "unknown")
    assert task.set_aside == (SetAside(row=21, why="with an answer that is no number: 'unknown'"),)


def test_the_right_answer_beside_wrong_ones_is_not_always_the_first(tmp_path: Path) -> None:
    rows = [
        {"question": f"q{n}", "correct_answer": "yes", "distractor1": "no", "distractor2": "maybe"}
        for n in range(60)
    ]
    task = load_task(jsonl(tmp_path, *rows))
    counts = Counter(one.right for one in task.samples)
    assert set(counts) == {0, 1, 2} and min(counts.values()) > 8
    assert {one.target for one in task.samples} == {"yes"}


def test_conversations_are_taken_apart(tmp_path: Path) -> None:
    turns = [("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello")]
    turns += [("user", "2+2?"), ("assistant", "It is four.")]
    row = {"messages": [{"role": role, "content": text} for role, text in turns]}
    task = load_task(jsonl(tmp_path, row, row))
    assert (task.samples[0].question, task.samples[0].target) == ("2+2?", "It is four.")
    assert dict(task.samples[0].fields)["context"] == "Be kind.\nUser: Hi\nAssistant: Hello"


def test_ids_stay_when_rows_are_added_and_moved(tmp_path: Path) -> None:
    first, second, third = ({"question": f"q{n}", "answer": f"a{n}"} for n in range(3))
    fewer = load_task(jsonl(tmp_path, first, second))
    before = {one.question: one.id for one in fewer.samples}
    after = {
        one.question: one.id for one in load_task(jsonl(tmp_path, third, second, first)).samples
    }
    assert before.items() <= after.items() and len(set(after.values())) == 3


def test_choices_in_another_order_are_the_same_question(tmp_path: Path) -> None:
    def row(*choices: str) -> dict[str, object]:
        return {"question": "q", "choices": choices, "answer": "a"}

    one = load_task(jsonl(tmp_path, row("a", "b"))).samples[0]
    turned = load_task(jsonl(tmp_path, row("b", "a"))).samples[0]
    assert (one.id, one.right, turned.right) == (turned.id, 0, 1)


def test_a_mended_label_keeps_the_id(tmp_path: Path) -> None:
    wrong = load_task(jsonl(tmp_path, *[{"question": "q", "answer": "a", "n": 1}] * 2))
    mended = load_task(jsonl(tmp_path, *[{"question": "q", "answer": "b", "n": 1}] * 2))
    assert [one.id for one in wrong.samples] == [one.id for one in mended.samples]
    assert "1 rows repeat a question" in wrong.notices[0]


def test_examples_that_are_tested_are_not_shown(tmp_path: Path) -> None:
    data = [{"question": f"q{n}", "answer": f"a{n}"} for n in range(4)]
    path = jsonl(tmp_path, *data)
    new = {"question": "n", "answer": "y"}
    dev = jsonl(tmp_path, data[0], {"question": "Q1 ", "answer": "x"}, new, name="dev.jsonl")
    task = load_task(path, TaskOptions(shots_from=str(dev)))
    assert [one.question for one in task.shots] == ["n"]
    assert "2 examples" in task.notices[-1]
    with pytest.raises(BadInput, match="is also a tested sample"):
        load_task(path, TaskOptions(shots_from=str(path)))


def test_what_is_said_goes_before_the_guess(tmp_path: Path) -> None:
    path = written(tmp_path, "question,answer\n1+1?,2\n2+2?,4\n")
    options = TaskOptions(
        name="sums",
        scorer="exact",
        instruction="",
        question_template="{question} =",
        answer_template=" {answer};",
        max_tokens=7,
        stop=(";",),
    )
    task = load_task(path, options)
    assert (task.name, task.scorer.name, task.max_tokens, task.stop) == ("sums", "exact", 7, (";",))
    assert task.form == replace(
        task.form, instruction="", question="{question} =", answer=" {answer};", chat=""
    )


def test_a_kind_without_choices_leaves_the_choices_alone(tmp_path: Path) -> None:
    rows = [{"question": f"q{n}", "choices": ["a", "b"], "answer": "a"} for n in range(4)]
    task = load_task(jsonl(tmp_path, *rows), TaskOptions(kind="text"))
    assert (task.kind, task.scorer.name, task.samples[0].choices) == ("text", "contains", ())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(TaskOptions(kind="choice"), "no column looks like the choices", id="choices"),
        pytest.param(TaskOptions(kind="json"), "with an answer that is no JSON object", id="json"),
        pytest.param(
            TaskOptions(labels=("x", "y")), "a label that is not in the list", id="labels"
        ),
        pytest.param(TaskOptions(normalise="char"), "normalise is for choices", id="normalise"),
        pytest.param(TaskOptions(question_template="{qestion}"), "no column here", id="template"),
        pytest.param(TaskOptions(question_template="{answer}"), "gives the answer away", id="leak"),
        pytest.param(TaskOptions(scorer="s.py:mine"), "There is no file s.py", id="own scorer"),
        pytest.param(TaskOptions(encoding="latin-9000"), "There is no encoding", id="encoding"),
        pytest.param(TaskOptions(encoding="rot13"), "There is no encoding", id="no text encoding"),
        pytest.param(TaskOptions(encoding="ascii"), "is not ascii", id="wrong encoding"),
        pytest.param(TaskOptions(shots_from="none.csv"), "There is no file none.csv", id="shots"),
    ],
)
def test_options_that_do_not_go_with_the_file_are_refused(
    tmp_path: Path, options: TaskOptions, told: str
) -> None:
    path = written(tmp_path, "question,answer\nx,Paris\ny,Romé!\n")
    with pytest.raises(BadInput) as caught:
        load_task(path, options)
    assert told in str(caught.value) and caught.value.hint and "\n" not in str(caught.value)


def test_an_unknown_normalisation_names_the_nearest(tmp_path: Path) -> None:
    path = jsonl(tmp_path, *[{"question": "q", "choices": ["a", "b"], "answer": 0}] * 2)
    with pytest.raises(BadInput, match="normalise is 'chars'") as caught:
        load_task(path, TaskOptions(normalise="chars"))
    assert caught.value.hint == "Did you mean char?"


def test_an_unknown_scorer_names_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, "question,answer\nx,Paris\ny,Rome\n")
    with pytest.raises(NotFound, match="No scorer is called 'exat'") as caught:
        load_task(path, TaskOptions(scorer="exat"))
    assert "exact" in caught.value.hint


def test_an_unknown_built_in_task_is_told() -> None:
    with pytest.raises(NotFound, match="No task is called 'nothing'"):
        load_task("builtin:nothing")


@pytest.mark.skipif("facts" not in plugins.names("tasks"), reason="built-in tasks not installed")
def test_a_built_in_task_takes_what_goes_with_it_and_refuses_the_rest() -> None:
    task = load_task("builtin:facts", TaskOptions(name="mine", normalise="char"))
    assert (task.name, dict(task.scorer.options)["normalise"]) == ("mine", "char")
    with pytest.raises(BadInput, match="cannot be told 'question'"):
        load_task("builtin:facts", TaskOptions(question="q"))
