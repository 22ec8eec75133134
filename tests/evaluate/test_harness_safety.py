"""Nothing in a task file of the user's runs unless that file was allowed as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from evaluate import harness_files as files
from evaluate.harness_files import access, elige_task, task_file

from elige.errors import BadInput, EligeError, NotAllowed
from elige.evaluate.harness import code_digest_of, harness_task
from elige.evaluate.options import TaskOptions

pytest.importorskip("lm_eval")

CODE = """
from pathlib import Path
Path(__file__).with_name("ran").touch()
def text(doc):
    return "Sum: " + doc["q"]
"""


def with_code(folder: Path, where: str = "doc_to_text: !function own.text") -> Path:
    (folder / "own.py").write_text(CODE, "utf-8")
    return task_file(folder, files.CHOICE.replace('doc_to_text: "{{q}}"', where))


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("doc_to_text: !function own.text", id="its own file"),
        pytest.param("doc_to_text: !function os.system", id="an installed module"),
        pytest.param(
            'doc_to_text: "{{q}}"\nfewshot_config: {doc_to_text: !function own.text}', id="inside"
        ),
    ],
)
def test_code_runs_only_when_allowed(where: str, tmp_path: Path) -> None:
    path = with_code(tmp_path, where)
    with pytest.raises(NotAllowed, match="was not allowed") as caught:
        elige_task(path, tmp_path)
    assert f"elige allow task {path}" in caught.value.hint
    assert not (tmp_path / "ran").exists()


def test_an_allowed_file_runs(tmp_path: Path) -> None:
    task = harness_task(
        f"harness:{with_code(tmp_path)}", TaskOptions(), access(tmp_path, allowed=True)
    )
    assert files.sent_by_elige(task)[0].contexts[0].endswith("Sum: 1 + 1?")
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: (folder / "own.py").write_text(CODE + "#", "utf-8"), id="code"),
        pytest.param(
            lambda folder: task_file(folder, "doc_to_text: !function own.text"), id="task file"
        ),
    ],
)
def test_a_change_asks_for_permission_again(
    change: Callable[[Path], object], tmp_path: Path
) -> None:
    before = code_digest_of(with_code(tmp_path))
    change(tmp_path)
    assert code_digest_of(tmp_path / "mine.yaml") not in {before, ""}


def test_what_is_included_must_be_allowed_too(tmp_path: Path) -> None:
    with_code(tmp_path)
    path = tmp_path / "outer.yaml"
    path.write_text("include: mine.yaml\ntask: outer\n", "utf-8")
    with pytest.raises(NotAllowed):
        elige_task(path, tmp_path)


def test_code_that_ships_with_lm_eval_is_allowed(tmp_path: Path) -> None:
    from elige.evaluate.harness.library import tasks_folder

    path = tmp_path / "mine.yaml"
    shipped = tasks_folder() / "hellaswag" / "hellaswag.yaml"
    path.write_text(f"include: {shipped}\ntask: mine\n", "utf-8")
    assert code_digest_of(path) == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            '"{{q}}"',
            "\"{{ cycler.__init__.__globals__.os.system('touch ran') }}\"",
            "unsafe",
            id="a template that reaches for the system",
        ),
        pytest.param(
            '"{{q}}"', "!!python/object/apply:os.system [ls]", "broken YAML", id="a tag of Python"
        ),
        pytest.param("acc_norm", "./evil.py", "no metric of lm-eval", id="a metric to download"),
        pytest.param("num_fewshot", "unsafe_code: true\nnum_fewshot", "models write", id="unsafe"),
        pytest.param(
            "num_fewshot",
            "dataset_kwargs: {trust_remote_code: true}\nnum_fewshot",
            "trust_remote_code",
            id="code of a data set",
        ),
    ],
)
def test_other_ways_to_run_code_are_refused(
    old: str, new: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = task_file(tmp_path, files.CHOICE.replace(old, new))
    with pytest.raises(EligeError, match=told):
        elige_task(path, tmp_path)
    assert not (tmp_path / "ran").exists()


def test_a_file_without_code_needs_no_permission(tmp_path: Path) -> None:
    assert code_digest_of(task_file(tmp_path, files.CHOICE)) == ""


def test_a_missing_own_file_is_told(tmp_path: Path) -> None:
    path = with_code(tmp_path, "doc_to_text: !function nowhere.text")
    with pytest.raises(BadInput, match="nowhere"):
        harness_task(f"harness:{path}", TaskOptions(), access(tmp_path, allowed=True))
