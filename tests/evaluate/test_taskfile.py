"""Task files say what would be guessed; a mistake in one is told with its place."""

import json
from pathlib import Path

import pytest
from evaluate.asked import written

from elige.errors import BadInput, EligeError
from elige.evaluate.options import TaskOptions
from elige.evaluate.task import load_task
from elige.evaluate.taskfile import is_task_file, read_task_file

FULL = """
data: sub/d.csv
name: mine
kind: text
columns: {question: q, answer: a, id: i, group: g}
scorer: {name: contains, options: {ignore_case: false}}
instruction: "Be brief."
question: "Q: {question}\\nA:"
answer: " {answer}"
separator: "\\n\\n"
shots_from: dev.csv
stop: ["\\n"]
max_tokens: 9
"""


def test_a_task_file_says_everything(tmp_path: Path) -> None:
    path, options = read_task_file(written(tmp_path, FULL, "t.yaml"))
    assert path == tmp_path / "sub/d.csv"
    assert options == TaskOptions(
        name="mine",
        kind="text",
        question="q",
        answer="a",
        id="i",
        group="g",
        scorer="contains",
        scorer_options=(("ignore_case", "false"),),
        instruction="Be brief.",
        question_template="Q: {question}\nA:",
        answer_template=" {answer}",
        separator="\n\n",
        shots_from=str(tmp_path / "dev.csv"),
        stop=("\n",),
        max_tokens=9,
    )


def test_a_flag_goes_before_the_task_file(tmp_path: Path) -> None:
    written(tmp_path, "q,a,b\nx,1,2\ny,3,4\n")
    path = written(tmp_path, "data: data.csv\ncolumns: {question: q, answer: a}", "t.yml")
    targets = [one.target for one in load_task(path, TaskOptions(answer="b")).samples]
    assert targets == ["2", "4"]


def test_json_with_a_path_is_a_task_and_with_rows_is_data(tmp_path: Path) -> None:
    task = written(tmp_path, json.dumps({"data": "d.csv"}), "t.json")
    data = written(tmp_path, json.dumps({"data": [{"question": "a"}]}), "d.json")
    assert (is_task_file(task), is_task_file(data)) == (True, False)


@pytest.mark.parametrize(
    ("text", "told", "hint"),
    [
        pytest.param("data: d.csv\nscoerr: exact", "unknown key 'scoerr'", "scorer", id="key"),
        pytest.param(
            "data: d\ncolumns: {questoin: q}", "unknown key 'columns.questoin'", "question", id="in"
        ),
        pytest.param(
            "data: d\nscorer: {name: x, optons: {}}",
            "unknown key 'scorer.optons'",
            "options",
            id="in a scorer",
        ),
        pytest.param("name: x", "does not say 'data'", "Add a line", id="no data"),
        pytest.param("data: d\nkind: chioce", "kind is 'chioce', but", "Mend", id="kind"),
        pytest.param("data: d\nmax_tokens: many", "max_tokens is 'many'", "Mend", id="number"),
        pytest.param("data: d\nmax_tokens: 0", "max_tokens is 0", "Mend", id="zero"),
        pytest.param("data: d\nname: 3", "name is 3", "Put quotes", id="no text"),
        pytest.param("data: d\nlabels: [yes, no]", "labels.0 is True", "YAML reads", id="yes"),
        pytest.param("data: d\nquestion: q", "template that names no column", "columns:", id="t"),
        pytest.param("data: [", "line 1, column 8: broken YAML", "Indent", id="broken"),
        pytest.param("data: d\nname: a: b", "line 2, column 8: broken YAML", "quotes", id="colon"),
        pytest.param("just words", "is no task file", "data:", id="no mapping"),
        pytest.param("", "is no task file", "data:", id="empty"),
        pytest.param("data: none.csv", "There is no file", "t.yaml", id="no such data"),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, text: str, told: str, hint: str) -> None:
    with pytest.raises(EligeError) as caught:
        load_task(written(tmp_path, text, "t.yaml"))
    message = str(caught.value)
    assert told in message and hint in caught.value.hint and "\n" not in message


def test_a_missing_task_file_names_those_near_it(tmp_path: Path) -> None:
    written(tmp_path, "data: d.csv", "task.yaml")
    with pytest.raises(BadInput) as caught:
        load_task(tmp_path / "tsak.yaml")
    assert "task.yaml" in caught.value.hint
