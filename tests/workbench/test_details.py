"""What `evaluate` shows besides the score: corpus scores, parts, letters, what was unread."""

import csv
import json
from pathlib import Path

import pytest
import sacrebleu

import elige
from elige.errors import BadInput
from elige.records import Answered, Event, Settled, Status

SENTENCES = [
    {"question": f"Translate {n}.", "answer": f"the old dog number {n} sat on mat {n % 7}"}
    for n in range(60)
]
QUIZ = [
    {"question": f"Which {n}?", "choices": [f"{n} {k}" for k in "wxyz"], "answer": n % 4}
    for n in range(40)
]


def test_the_corpus_score_is_that_of_sacrebleu_on_the_answers_kept() -> None:
    result = elige.evaluate(SENTENCES, "echo,skill=0.6", scorer="bleu")
    rows = result.answers()
    targets = {row["question"]: row["answer"] for row in SENTENCES}
    asked = [prompt.partition("] ")[2] for prompt in rows["prompt"]]
    streams = [[targets[question] for question in asked]]
    known = sacrebleu.BLEU().corpus_score(list(rows["answer"]), streams).score / 100
    corpus = result.details.corpus
    assert corpus is not None and corpus.interval is not None
    assert corpus.value == pytest.approx(known)
    assert corpus.interval[0] < known < corpus.interval[1]
    assert "tok:13a" in corpus.signature and corpus.signature in repr(result)


def test_a_task_that_estimates_a_corpus_score_shows_that_and_the_mean_beside_it() -> None:
    result = elige.evaluate(SENTENCES, "echo,skill=0.6", scorer="bleu", estimates="corpus")
    details, mean = result.details, result.evaluation.figures.overall
    assert details.corpus is not None and mean is not None
    assert (result.score, result.interval) == (details.corpus.value, details.corpus.interval)
    assert mean.mean == pytest.approx(result.answers()["score"].mean())
    assert mean.mean != result.score
    facts = result.facts()
    assert (facts["estimates"], facts["corpus"]["name"]) == ("corpus", "BLEU")
    assert "bootstrap" in facts["interval_method"]


def test_it_is_the_same_when_asked_again() -> None:
    one, two = (elige.evaluate(SENTENCES, "echo,skill=0.6", scorer="chrf") for _ in range(2))
    assert one.details == two.details


def test_parts_have_intervals_and_counts() -> None:
    fields = elige.evaluate(SENTENCES, "echo,skill=0.6", scorer="rouge").facts()["fields"]
    assert list(fields) == ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    for part in fields.values():
        low, high = part["interval"]
        assert low < part["score"] < high
        assert part["samples"] == 60


def test_the_unparsed_share_stands_beside_the_score() -> None:
    rows = [{"question": f"{n}?", "answer": n + 1000} for n in range(20)]
    options = {"extract": "boxed"}
    result = elige.evaluate(rows, "echo,skill=0.6", scorer="number", scorer_options=options)
    assert result.details.unparsed is not None
    assert result.details.unparsed[0] == 1.0
    assert result.facts()["unparsed_interval"][0] > 0.8


def test_letters_are_counted_where_choices_are_letters() -> None:
    letters = elige.evaluate(QUIZ, "echo,skill=0.6").details.letters
    assert letters is not None
    assert [one.right for one in letters.places] == [10, 10, 10, 10]
    assert sum(one.picked for one in letters.places) == 40
    assert elige.evaluate(QUIZ, "echo", choice_format="continuation").details.letters is None


def test_in_every_order_the_score_falls_and_every_question_is_kept() -> None:
    plain = elige.evaluate(QUIZ, "echo,skill=0.8")
    turned = elige.evaluate(QUIZ, "echo,skill=0.8", rotations="all")
    assert turned.score is not None and plain.score is not None
    assert turned.score < plain.score
    assert turned.evaluation.standing.evaluated == 40
    assert turned.details.questions == len(turned.answers()) == 160
    parts = {part.name: part.score for part in turned.evaluation.figures.parts}
    assert parts["mean_of_orders"] == pytest.approx(0.8, abs=0.12)
    letters = turned.details.letters
    assert letters is not None and [one.right for one in letters.places] == [40] * 4


def test_a_race_in_every_order_has_one_score_a_sample(tmp_path: Path) -> None:
    report = tmp_path / "r.html"
    result = elige.choose(QUIZ, ["echo,skill=1", "echo,skill=0.5"], rotations="all", report=report)
    assert result.winner == "echo,skill=1"
    assert result.candidates[0].evaluated <= 40
    assert "right in 4 of 4 orders" in report.read_text("utf-8")


def test_choosing_by_a_corpus_score_asks_everything_and_says_so() -> None:
    heard: list[Event] = []
    result = elige.choose(
        SENTENCES,
        ["echo,skill=0.95", "echo,skill=0.3"],
        scorer="bleu",
        estimates="corpus",
        progress=heard.append,
    )
    assert sum(isinstance(event, Answered) for event in heard) == 120
    assert result.winner == "echo,skill=0.95"
    assert any("paired bootstrap" in notice for notice in result.notices)
    assert "by paired bootstrap" in result.sentences[0]
    statuses = [event.status for event in heard if isinstance(event, Settled)]
    assert statuses == [Status.WINNER, Status.BEATEN]


@pytest.mark.parametrize("verb", ["evaluate", "choose"])
def test_a_scorer_without_a_statistic_of_the_file_is_refused_at_once(verb: str) -> None:
    heard: list[Event] = []
    models = {"evaluate": "echo", "choose": ["echo", "echo,skill=1"]}[verb]
    with pytest.raises(BadInput, match="exact has no statistic"):
        getattr(elige, verb)(
            SENTENCES, models, scorer="exact", estimates="corpus", progress=heard.append
        )
    assert heard == []


def test_several_references_of_a_sample_count(tmp_path: Path) -> None:
    rows = [
        {"question": f"{n}?", "answers": [f"wrong words here {n}", f"the right words are {n}"]}
        for n in range(6)
    ]
    path = tmp_path / "refs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    corpus = elige.evaluate(path, "echo,skill=1", scorer="bleu").details.corpus
    assert corpus is not None
    assert corpus.value == pytest.approx(1.0)
    assert corpus.signature.startswith("nrefs:2")


def test_macro_f1_may_be_what_a_task_estimates(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "label"])
        writer.writerows([f"text {n}", "rare" if n % 8 == 0 else "common"] for n in range(80))
    (tmp_path / "t.yaml").write_text("data: r.csv\nestimates: corpus\n")
    result = elige.evaluate(tmp_path / "t.yaml", "echo,skill=0.8")
    confusion = result.evaluation.confusion
    assert confusion is not None
    assert result.score == pytest.approx(confusion.macro_f1)
