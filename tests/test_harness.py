"""elige as a model of lm-eval, beside lm-eval's own model on the same tiny weights."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any  # rows and answers are JSON

import pytest

pytest.importorskip("torch", reason="the extra torch is not installed")
pytest.importorskip("lm_eval", reason="the extra harness is not installed")

from engines.tiny import SENTENCES, build
from lm_eval_tasks import SHAPES, flat, write_tasks

from elige.errors import BadInput

LONG = " ".join(SENTENCES * 4)  # longer than a tiny model reads
ROWS: dict[str, list[dict[str, Any]]] = {
    "endings": [
        {"query": "The capital of ", "endings": ["France is Paris", "Spain  is"], "label": 0},
        {"query": LONG, "endings": ["blue", "of course, blue"], "label": 1},
        {"query": "", "endings": ["The sky", "naïve café 🙂"], "label": 1},
    ],
    "letters": [{"question": "Is it blue?", "choices": ["yes", "no"], "answer": 0}],
    "contexts": [{"contexts": ["The sky", "The grass"], "ending": " is blue", "label": 0}],
    "corpus": [{"text": LONG}, {"text": "El cielo"}],
    "written": [{"question": "1 + 1?", "answer": "2"}, {"question": LONG, "answer": "2"}],
}
# Evaluated in a child: lm-eval's libraries warn as they are imported.
CHILD = """
import json, sys, warnings
warnings.simplefilter("ignore")
import elige.harness, lm_eval
from lm_eval.tasks import TaskManager
asked = json.loads(sys.argv[1])
manager = TaskManager(include_path=asked["folder"], include_defaults=False)
said = []
for model in ("elige", "hf"):
    args = {"pretrained": asked["model"], "dtype": "float32", **asked["args"]}
    done = lm_eval.simple_evaluate(
        model=model, model_args=args, tasks=asked["tasks"], task_manager=manager, device="cpu",
        apply_chat_template=asked["chat"], batch_size=2, bootstrap_iters=0, verbosity="ERROR",
    )
    kept = {task: {k: v for k, v in r.items() if isinstance(v, float) and "," in k}
            for task, r in done["results"].items()}
    samples = {task: [one["resps"] for one in sorted(rows, key=lambda one: one["doc_id"])]
               for task, rows in done["samples"].items()}
    said.append([kept, samples])
print(json.dumps(said))
"""


def evaluated(folder: Path, model: Path, *, chat: bool = False, **args: object) -> Any:  # noqa: ANN401
    import json

    write_tasks(folder / "tasks", ROWS, max_gen_toks=12)
    tasks = ["letters", "written"] if chat else list(SHAPES)
    asked = {"folder": str(folder / "tasks"), "model": str(model), "tasks": tasks}
    offline = dict.fromkeys(("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"), "1")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(asked | {"args": args, "chat": chat})],
        env=os.environ | offline | {"HF_HOME": str(folder / "hf"), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def agree(ours: Any, theirs: Any) -> None:  # noqa: ANN401 - nested results
    assert ours[0].keys() == theirs[0].keys()
    for task, metrics in ours[0].items():
        assert metrics == pytest.approx(theirs[0][task], rel=1e-4), task
    for task, answers in ours[1].items():
        for mine, other in zip(flat(answers), flat(theirs[1][task]), strict=True):
            if isinstance(other, str):
                # bytes of a character that the end cuts off: theirs are shown, ours left out
                other = other.rstrip("\N{REPLACEMENT CHARACTER}")
            assert mine == (pytest.approx(other, abs=2e-3) if isinstance(other, float) else other)


@pytest.mark.parametrize(
    ("name", "args"),
    [("llama", {}), ("gpt-2", {"max_length": 64, "add_bos_token": True})],
    ids=["llama", "gpt-2-short-begun"],
)
def test_every_kind_of_task_agrees_with_the_harness_own_model(
    name: str, args: dict[str, Any], tmp_path: Path
) -> None:
    ours, theirs = evaluated(tmp_path, build(name, tmp_path / name), **args)
    assert set(ours[0]) == set(SHAPES)
    agree(ours, theirs)


def test_chat_templates_agree_with_the_harness_own_model(tmp_path: Path) -> None:
    agree(*evaluated(tmp_path, build("mistral", tmp_path / "writes-bos"), chat=True))


def test_an_unknown_model_argument_is_named() -> None:
    from elige.harness.settings import read_arguments

    with pytest.raises(BadInput, match=r"--model_args load_in_8bit=True cannot be used"):
        read_arguments({"pretrained": "echo", "load_in_8bit": True})


def lm_eval(*args: str) -> "subprocess.CompletedProcess[str]":
    code = f"import sys; sys.argv[1:] = {list(args)!r}; from elige.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_help_is_that_of_the_harness() -> None:
    done = lm_eval("lm-eval", "--help")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "usage: lm-eval [-h] COMMAND ...")


def test_the_exit_code_of_the_harness_is_passed_on() -> None:
    done = lm_eval("lm-eval", "run", "--no-such-option")
    assert done.returncode == 2
    assert "unrecognized arguments: --no-such-option" in done.stderr


def test_an_unknown_task_is_told_in_one_line() -> None:
    done = lm_eval(
        "lm-eval", "--model", "elige", "--model_args", "pretrained=echo", "--tasks", "nö"
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "nö" in done.stderr.splitlines()[-1]


def test_without_lm_eval_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from elige.errors import MissingExtra
    from elige.harness import commandline

    monkeypatch.setattr(commandline, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra) as caught:
        commandline.run([])
    assert "elige[harness]" in caught.value.hint
