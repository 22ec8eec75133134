"""The built-in tasks: their answers, their balance, and that the script makes them again."""

import ast
import json
import operator
import re
import runpy
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from elige.evaluate import builtin
from elige.evaluate.scorers import build_scorer
from elige.records import Answer, Sample, Task

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "src" / "elige" / "evaluate" / "builtin" / "data"
NAMES = ("facts", "arithmetic", "sentiment")
FACTORIES = (builtin.demo, builtin.facts, builtin.arithmetic, builtin.sentiment)
OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
# Checked by hand against an atlas, the periodic table and the calendar, apart from the script.
CHECKED = {
    "What is the capital of Australia?": "Canberra",
    "What is the capital of Canada?": "Ottawa",
    "What is the chemical symbol for sodium?": "Na",
    "Which planet is farthest from the Sun?": "Neptune",
    "What is a young horse called?": "foal",
    "Which month comes before October?": "September",
    "How many legs does an insect have?": "six",
    "¿Cuántas patas tiene una araña?": "ocho",
    "¿Cuál es la capital de Tailandia?": "Bangkok",
    "¿Qué día viene después del martes?": "miércoles",
    "¿Cuál es el símbolo químico del hierro?": "Fe",
}


def rows(name: str) -> list[dict[str, str]]:
    text = (DATA / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def calculated(expression: str) -> int:
    def value(node: ast.expr) -> int:
        if isinstance(node, ast.BinOp):
            return OPERATORS[type(node.op)](value(node.left), value(node.right))
        assert isinstance(node, ast.Constant)
        return int(str(node.value))

    return value(ast.parse(expression, mode="eval").body)


def test_running_the_script_again_gives_the_same_bytes(tmp_path: Path) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "make_demo_tasks.py"))
    script["main"](tmp_path)
    for name in NAMES:
        made = (tmp_path / f"{name}.jsonl").read_bytes()
        assert made == (DATA / f"{name}.jsonl").read_bytes()


def test_every_sum_comes_out_and_uses_the_numbers_of_its_question() -> None:
    for row in rows("arithmetic"):
        assert str(calculated(row["expression"])) == row["target"]
        assert re.findall(r"\d+", row["question"]) == re.findall(r"\d+", row["expression"])


@pytest.mark.parametrize("question", CHECKED)
def test_facts_checked_by_hand(question: str) -> None:
    found = {row["question"]: row["target"] for row in rows("facts")}
    assert found[question] == CHECKED[question]


def test_every_fact_has_its_spanish_twin_with_proper_signs() -> None:
    counts = Counter(row["language"] for row in rows("facts"))
    assert counts["en"] == counts["es"]
    assert all(
        row["question"].startswith("¿") and row["question"].endswith("?")
        for row in rows("facts")
        if row["language"] == "es"
    )


def test_the_demo_holds_over_three_hundred_samples_of_six_groups() -> None:
    groups = Counter(sample.group for sample in builtin.demo().samples)
    assert len(builtin.demo().samples) >= 300
    assert set(groups) == {f"{name}-{language}" for name in NAMES for language in ("en", "es")}
    assert min(groups.values()) >= 30


@pytest.mark.parametrize("make", FACTORIES, ids=lambda make: make.__name__)
def test_samples_are_unique_and_apart_from_the_examples(make: Callable[[], Task]) -> None:
    task = make()
    everyone = [*task.samples, *task.shots]
    assert len({sample.id for sample in everyone}) == len(everyone)
    assert len({(sample.question, sample.group) for sample in everyone}) == len(everyone)
    assert len(task.shots) >= 5
    assert len(task.data_hash) == 64


@pytest.mark.parametrize("make", FACTORIES, ids=lambda make: make.__name__)
def test_every_form_names_only_fields_that_every_sample_has(make: Callable[[], Task]) -> None:
    task = make()
    wanted = set(re.findall(r"{(\w+)}", task.form.question + task.form.chat))
    for sample in (*task.samples, *task.shots):
        assert wanted <= {"question", *dict(sample.fields)}


@pytest.mark.parametrize("make", [builtin.demo, builtin.facts], ids=["demo", "facts"])
def test_each_question_has_exactly_one_right_choice(make: Callable[[], Task]) -> None:
    for sample in (*make().samples, *make().shots):
        assert sample.right is not None
        assert sample.choices[sample.right] == sample.target
        folded = {choice.casefold() for choice in sample.choices}
        assert len(folded) == len(sample.choices)


@pytest.mark.parametrize(("name", "choices"), [("facts", 4), ("arithmetic", 4), ("sentiment", 2)])
def test_every_position_is_right_about_equally_often(name: str, choices: int) -> None:
    right = Counter(row["right"] for row in rows(name))
    assert len(right) == choices
    assert max(right.values()) - min(right.values()) <= 2


def test_no_kind_of_choice_is_right_by_its_size() -> None:
    ranks = Counter(
        sorted(map(int, row["choices"])).index(int(row["target"])) for row in rows("arithmetic")
    )
    assert max(ranks.values()) < 0.5 * ranks.total()


def test_sentiment_is_balanced_in_each_language_and_never_repeats() -> None:
    task = builtin.sentiment()
    counts = Counter((sample.group, sample.target) for sample in task.samples)
    assert set(counts.values()) == {30}
    assert len({sample.question for sample in task.samples}) == 120


@pytest.mark.parametrize("make", FACTORIES, ids=lambda make: make.__name__)
def test_the_right_answer_is_right_by_the_task_s_own_scorer(make: Callable[[], Task]) -> None:
    task = make()
    scorer = build_scorer(task.scorer, task.labels)
    assert all(scorer(sample, spoken(sample)).value == 1.0 for sample in task.samples)


@pytest.mark.parametrize("make", FACTORIES, ids=lambda make: make.__name__)
def test_a_wrong_answer_is_wrong_by_the_task_s_own_scorer(make: Callable[[], Task]) -> None:
    task = make()
    scorer = build_scorer(task.scorer, task.labels)
    assert not any(scorer(sample, Answer(text=wrong(sample))).value for sample in task.samples)


def spoken(sample: Sample) -> Answer:
    return Answer(text=f" {sample.target}.\n")


def wrong(sample: Sample) -> str:
    if not sample.choices:
        return str(int(sample.target) + 1)
    return next(choice for choice in sample.choices if choice != sample.target)
