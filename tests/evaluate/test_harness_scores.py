"""Scores of lm-eval's tasks are what lm-eval's own HF backend finds with the same model."""

import warnings
from functools import cache
from pathlib import Path
from typing import Any  # lm-eval has no types

import pytest
from engines import tiny
from evaluate import harness_files as files
from evaluate.harness_files import task_file

import elige

pytest.importorskip("lm_eval")

KINDS = [
    pytest.param(files.CHOICE, {"acc", "acc_norm"}, id="choice"),
    pytest.param(files.LETTERS, {"acc", "mcc"}, id="letters"),
    pytest.param(
        files.GENERATES,
        {"exact_match,strict", "exact_match,loose", "bleu,strict", "bleu,loose"},
        id="generation",
    ),
    pytest.param(files.LAST_WORD, {"perplexity", "acc"}, id="one continuation"),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.build("llama", tmp_path_factory.mktemp("harness") / "llama")


@cache
def backend(folder: Path) -> Any:  # noqa: ANN401 - a class of lm-eval
    from lm_eval.models.huggingface import HFLM

    return HFLM(pretrained=str(folder), device="cpu", dtype="float32", batch_size=4)


def by_lm_eval(folder: Path, path: Path) -> dict[str, float]:
    """lm-eval's figures, without the filter that does nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lm_eval
        from lm_eval.tasks import TaskManager

        found = lm_eval.simple_evaluate(
            backend(folder),
            tasks=[str(path)],
            task_manager=TaskManager(include_defaults=False),
            bootstrap_iters=0,
        )
    (figures,) = found["results"].values()
    return {
        name.removesuffix(",none"): float(value)
        for name, value in figures.items()
        if "," in name and "stderr" not in name
    }


def figures(result: elige.EvaluateResult) -> dict[str, float]:
    return {one.name: one.value for one in result.evaluation.details.figures}


@pytest.mark.parametrize(("text", "names"), KINDS)
def test_figures_equal_those_of_lm_eval(
    text: str, names: set[str], model: Path, tmp_path: Path
) -> None:
    path = task_file(tmp_path, text)
    result = elige.evaluate(f"harness:{path}", f"{model},dtype=fp32")
    found = figures(result)
    assert found.keys() == names
    assert found == pytest.approx(by_lm_eval(model, path), rel=1e-4)
    first = result.evaluation.details.figures[0]
    assert result.score == pytest.approx(first.value) and first.samples == len(files.ROWS)
