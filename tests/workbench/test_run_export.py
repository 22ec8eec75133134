"""A run's outcome in the forms of other programs."""

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from cli.conftest import Run, elige, here  # noqa: F401 - fixtures of the command line
from huggingface_hub import EvalResultEntry
from huggingface_hub._eval_results import parse_eval_result_entries
from workbench.races import GOOD, POOR, sums

import elige as package
from elige.errors import BadInput, NotFound
from elige.workbench import ExportOptions, Workbench, export_run

HUB = {"dataset": "openai/gsm8k", "task_id": "gsm8k"}


def exported(run: str, **options: str) -> str:
    with Workbench.open() as bench:
        return export_run(bench, ExportOptions(run=run, **options))  # type: ignore[arg-type]


@pytest.fixture
def race(tmp_path: Path) -> package.ChooseResult:
    result: package.ChooseResult = package.choose(str(sums(tmp_path / "sums.csv")), [GOOD, POOR])
    return result


def test_csv_has_a_row_for_each_candidate(race: package.ChooseResult) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(race.run, form="csv"))))
    assert [row["name"] for row in rows] == [one.name for one in race.candidates]
    for row, one in zip(rows, race.candidates, strict=True):
        assert one.interval is not None
        assert float(row["score"]) == one.score and float(row["low"]) == one.interval[0]
        low, high = one.difference_interval or ("", "")
        assert (row["difference_low"], row["difference_high"]) == (str(low), str(high))
        assert row["run"] == race.run and int(row["prompt_tokens"]) == one.prompt_tokens
        assert row["status"] == one.status.value and int(row["evaluated"]) == one.evaluated


def test_json_is_the_run_with_its_rows(race: package.ChooseResult) -> None:
    facts = json.loads(exported(race.run))
    assert facts["run"] == race.run and facts["verdict"]["winner"] == "good"
    assert [row["name"] for row in facts["candidates"]] == ["good", "poor"]


def test_markdown_tells_the_verdict_and_a_table(race: package.ChooseResult) -> None:
    text = exported(race.run, form="markdown")
    assert race.headline in text and race.sentences[0] in text
    rows = [line for line in text.splitlines() if line.startswith("| good")]
    assert len(rows) == 1 and "| winner |" in rows[0]
    assert "to the winner" in text and "measured; the winner's own score is descriptive" in text


def test_the_results_file_is_what_the_hub_reads(race: package.ChooseResult) -> None:
    (entry,) = parse_eval_result_entries(
        yaml.safe_load(exported(race.run, form="eval-results", **HUB))
    )
    assert isinstance(entry, EvalResultEntry)
    assert (entry.dataset_id, entry.task_id) == ("openai/gsm8k", "gsm8k")
    assert entry.value == race.candidates[0].score
    assert entry.notes and f"{race.candidates[0].evaluated} of 200 samples" in entry.notes
    assert "which stops early" in entry.notes and "too good" in entry.notes


def test_another_candidate_can_be_named(race: package.ChooseResult) -> None:
    (entry,) = yaml.safe_load(exported(race.run, form="eval-results", candidate="poor", **HUB))
    assert entry["value"] == race.candidates[1].score
    assert "too good" not in entry["notes"]


def test_the_card_lines_hold_the_result(race: package.ChooseResult) -> None:
    (model,) = yaml.safe_load(exported(race.run, form="model-card"))["model-index"]
    (metric,) = model["results"][0]["metrics"]
    assert model["name"] == "good" and metric["value"] == race.candidates[0].score
    assert metric["type"] == "last_number"


def test_an_evaluation_has_one_row(tmp_path: Path) -> None:
    result = package.evaluate(str(sums(tmp_path / "sums.csv", 40)), GOOD)
    rows = list(csv.DictReader(io.StringIO(exported("last", form="csv"))))
    assert [(row["name"], float(row["score"])) for row in rows] == [("good", result.score)]
    (entry,) = yaml.safe_load(exported(result.run, form="eval-results", **HUB))
    assert entry["value"] == result.score and "race" not in entry["notes"]
    assert "evaluated" in exported(result.run, form="markdown")


@pytest.mark.parametrize(
    ("said", "error", "told"),
    [
        pytest.param({"form": "xml"}, BadInput, "'xml'", id="an unknown form"),
        pytest.param({"form": "eval-results"}, BadInput, "your own file", id="no benchmark"),
        pytest.param({"dataset": "gsm8k"}, BadInput, "'gsm8k'", id="no dataset of a hub"),
        pytest.param({"form": "model-card", "candidate": "x"}, NotFound, "'x'", id="a stranger"),
    ],
)
def test_what_cannot_be_exported_says_so(
    said: dict[str, str], error: type[package.EligeError], told: str, race: package.ChooseResult
) -> None:
    with pytest.raises(error, match=told):
        exported(race.run, **said)


def test_a_run_without_an_outcome_is_told(race: package.ChooseResult, elige: Run) -> None:  # noqa: F811
    import sqlite3
    from contextlib import closing

    from elige.config import read_settings

    with closing(sqlite3.connect(read_settings().home / "elige.db")) as database, database:
        database.execute("UPDATE runs SET verdict = NULL")
    told = elige("runs", "export", race.run)
    assert told.code == 1 and "has no outcome yet" in told.err
