"""Runs whose scores are a judge's: what is kept, what it cost, how far people agree."""

from pathlib import Path

import pytest
from evaluate.sandboxed import needs_sandbox

import elige
from elige.errors import BadInput, EligeError
from elige.workbench import EvaluateOptions, Workbench, plan_evaluation

QUESTIONS = "id,question,answer\n" + "".join(f"q{n},What is {n} + 1?,{n + 1}\n" for n in range(12))
PAIRWISE = {"judge": "echo,skill=0.8", "mode": "pairwise"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "sums.csv"
    path.write_text(QUESTIONS)
    return path


def graded(data: Path, judge: str = "echo,skill=1", **options: object) -> elige.EvaluateResult:
    said = {"scorer": "judge", "scorer_options": {"judge": judge}} | options
    return elige.evaluate(data, "echo,skill=0.5", **said)  # type: ignore[arg-type]


def test_a_perfect_judge_scores_as_the_usual_scorer_does(data: Path) -> None:
    usual = elige.evaluate(data, "echo,skill=0.5", scorer="exact", instruction="")
    assert graded(data, instruction="").score == usual.score


def test_a_judge_is_never_asked_twice(data: Path) -> None:
    first = graded(data).facts()["judge"]
    again = graded(data).facts()["judge"]
    assert (first["answers"], first["judged"]) == (12, 12)
    assert again == first  # the same run: what it asked stays its own
    other = graded(data, normalise="", limit=None, seed=1).facts()["judge"]
    assert (other["answers"], other["asked"]) == (12, 0)


def test_another_judge_or_rubric_is_another_score(data: Path) -> None:
    one, other = graded(data, "echo,skill=1"), graded(data, "echo,skill=0")
    assert one.score != other.score
    stern = graded(data, scorer_options={"judge": "echo,skill=1", "rubric": "Be stern."})
    assert stern.facts()["judge"]["asked"] == 12


def test_a_judge_is_paid_for_apart(data: Path) -> None:
    priced = "echo,skill=1,input_price=1000000,output_price=0"
    facts = graded(data, priced).facts()
    assert facts["cost"] is None
    assert float(facts["judge"]["cost"]) == facts["judge"]["prompt_tokens"] > 0
    assert facts["judge"]["completion_tokens"] == 24  # 'VERDICT: n' twelve times


def test_pairs_are_asked_in_both_orders(data: Path) -> None:
    found = graded(data, scorer_options=PAIRWISE).facts()["judge"]
    # An answer equal to the other one makes one question of the two.
    assert 12 < found["answers"] <= 24 + found["retried"]
    assert found["pairs"] + found["unparsed"] == 12
    assert 0 <= found["position_bias_rate"] <= 1 - found["tie_rate"]


def labelled(folder: Path, rows: str) -> str:
    path = folder / "labels.csv"
    path.write_text(rows)
    return str(path)


def test_agreement_with_people_on_answers_of_their_own(data: Path, tmp_path: Path) -> None:
    rows = "".join(f"q{n},{n + 1 if n % 2 else 'no'},{5 if n % 2 else 1}\n" for n in range(12))
    path = labelled(tmp_path, "id,answer,human\n" + rows)
    found = graded(data, judge_labels=path).facts()["judge"]
    assert found["agreement"]["labels"] == 12
    assert (found["agreement"]["accuracy"], found["agreement"]["kappa"]) == (1.0, 1.0)
    assert found["judged"] == 12 < found["answers"]  # the labelled ones are paid for too


def test_agreement_with_people_on_the_answers_of_the_run(data: Path, tmp_path: Path) -> None:
    rows = "question,label\n" + "".join(f"What is {n} + 1?,1\n" for n in range(12))
    found = graded(data, judge_labels=labelled(tmp_path, rows)).facts()
    agreement = found["judge"]["agreement"]
    assert agreement["accuracy"] == pytest.approx(1 - found["score"])
    assert agreement["kappa"] == 0.0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("id,human\nq1,6\n", "line 2 is '6'"),
        ("id,human\nzz,5\n", "none of its 1 rows"),
        ("id,note\nq1,5\n", "looks like the label"),
        ("note,human\nq1,5\n", "id or question"),
    ],
    ids=["no such grade", "no such sample", "no labels", "no samples"],
)
def test_labels_that_cannot_be_used_are_told_before_anything_is_asked(
    data: Path, tmp_path: Path, rows: str, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        graded(data, judge_labels=labelled(tmp_path, rows))


def test_labels_without_a_judge_are_refused(data: Path) -> None:
    with pytest.raises(BadInput, match="is for the scorer judge"):
        elige.evaluate(data, "echo", judge_labels="labels.csv")


def test_a_judge_that_does_not_answer_is_no_score(data: Path) -> None:
    dead = "http://127.0.0.1:9/v1#m,retries=0,name=dead"
    with pytest.raises(EligeError, match="The judge dead did not answer"):
        graded(data, dead)
    assert graded(data).facts()["asked"] == 0  # the answers were kept


def planned(data: Path, model: str, judge: str) -> tuple[str, ...]:
    task = elige.TaskOptions(scorer="judge", scorer_options=(("judge", judge),))
    with Workbench.open() as bench:
        options = EvaluateOptions(model=model, task=task)
        return plan_evaluation(bench, data, options).notices


@pytest.mark.parametrize(
    ("model", "judge", "is_kin"),
    [("qwen3-8b", "Qwen3-32B", True), ("gemma-3", "qwen3-32b", False), ("m", "m", True)],
    ids=["one family", "two families", "itself"],
)
def test_a_judge_of_its_own_family_is_told(
    data: Path, model: str, judge: str, is_kin: bool
) -> None:
    server = "http://127.0.0.1:9/v1#"
    notices = planned(data, server + model, server + judge)
    assert any("judges its own family" in one for one in notices) is is_kin


def test_a_judge_is_shown_no_examples(data: Path) -> None:
    with pytest.raises(BadInput, match="shots=2"):
        planned(data, "echo", "echo,shots=2")


@needs_sandbox
def test_pass_at_k_has_an_interval_around_it(tmp_path: Path) -> None:
    rows = "".join(
        f'{{"text": "Add {n}.", "code": "def f(x): return x + {n}", '
        f'"test_list": ["assert f(1) == {n + 1}"]}}\n'
        for n in range(3)
    )
    (tmp_path / "t.jsonl").write_text(rows)
    model = "echo,skill=0.5,temperature=1"
    found = elige.evaluate(tmp_path / "t.jsonl", model, scorer="python_tests", repeats=4)
    repeats = found.facts()["repeats"]
    assert list(repeats["pass_at"]) == list(repeats["pass_at_interval"]) == ["1", "2", "4"]
    assert repeats["pass_at"]["1"] == pytest.approx(found.score)
    for k, value in repeats["pass_at"].items():
        low, high = repeats["pass_at_interval"][k]
        assert 0.0 <= low <= value <= high <= 1.0


def test_a_race_says_that_a_judge_decides(data: Path) -> None:
    result = elige.choose(
        data,
        ["echo,skill=0.9", "echo,skill=0.1"],
        scorer="judge",
        scorer_options={"judge": "echo,skill=1"},
    )
    assert result.leader == "echo,skill=0.9"
    told = " ".join(result.notices)
    assert "not a judge that is wrong or biased" in told
    assert "The judge echo,skill=1 gave" in told


@pytest.mark.parametrize(
    ("judge", "told"), [("echo,skill=1,temperature=0.7", True), ("echo", False)]
)
def test_a_judge_that_draws_its_judgements_is_told(data: Path, judge: str, told: bool) -> None:
    notices = graded(data, judge).facts()["notices"]
    assert any("draws its judgements at random" in text for text in notices) is told
