"""Prompts of lm-eval's tasks are lm-eval's own, to the letter."""

from pathlib import Path

import pytest
from evaluate import harness_files as files
from evaluate.harness_files import elige_task, sent_by_elige, sent_by_lm_eval, task_file

pytest.importorskip("lm_eval")

KINDS = [
    pytest.param(files.CHOICE, id="choice with random examples"),
    pytest.param(files.LETTERS, id="letters with the first examples"),
    pytest.param(files.GENERATES, id="generation"),
    pytest.param(files.LAST_WORD, id="one continuation"),
]


@pytest.mark.parametrize("text", KINDS)
def test_prompts_equal_those_of_lm_eval(text: str, tmp_path: Path) -> None:
    path = task_file(tmp_path, text)
    task = elige_task(path, tmp_path)
    assert sent_by_elige(task) == sent_by_lm_eval(path)
    assert [sample.id for sample in task.samples] == [str(at) for at in range(len(files.ROWS))]


def test_a_limit_takes_the_first_samples_with_the_same_prompts(tmp_path: Path) -> None:
    path = task_file(tmp_path, files.CHOICE)
    assert sent_by_elige(elige_task(path, tmp_path, limit=5)) == sent_by_lm_eval(path)[:5]
    assert sent_by_lm_eval(path, limit=5) == sent_by_lm_eval(path)[:5]


@pytest.mark.parametrize("shots", [0, 1, 4])
def test_shots_of_a_candidate_go_before_the_task_file(shots: int, tmp_path: Path) -> None:
    path = task_file(tmp_path, files.GENERATES)
    found = sent_by_elige(elige_task(path, tmp_path), f"echo,shots={shots}")
    assert found == sent_by_lm_eval(path, shots=shots)


def test_who_is_asked_first_changes_nobodys_prompts(tmp_path: Path) -> None:
    path = task_file(tmp_path, files.CHOICE)
    task = elige_task(path, tmp_path)
    backwards = sent_by_elige(task, "echo,shots=1")[::-1] and sent_by_elige(task)
    assert backwards == sent_by_lm_eval(path)
    assert sent_by_elige(task, "echo,shots=1") == sent_by_lm_eval(path, shots=1)


def test_local_rows_give_the_prompts_that_the_data_set_gives(tmp_path: Path) -> None:
    path = task_file(tmp_path, files.CHOICE)
    rows, shown = str(tmp_path / "rows.jsonl"), str(tmp_path / "shown.jsonl")
    task = elige_task(path, tmp_path, rows_from=rows, shots_from=shown)
    assert sent_by_elige(task) == sent_by_lm_eval(path)
