import csv
import json
from pathlib import Path

import pytest
from cli.conftest import Run
from foreign_logs import lm_eval_lines, results_beside, written

import elige as elige_

ROWS = "question,answer\n" + "".join(f"What is {n} plus {n + 1}?,{2 * n + 1}\n" for n in range(30))


def log(folder: Path, model: str, values: list[float], task: str = "sums") -> Path:
    path = folder / model / f"samples_{task}_2026-01-02T03-04-05.1.jsonl"
    written(path, lm_eval_lines(values, "exact"))
    results_beside(path, task, 0, f"org/{model}")
    return path


def test_importing_twice_changes_nothing(elige: Run, here: Path) -> None:
    path = log(here, "small", [1.0, 0.0])
    first = json.loads(elige("import", str(path), "--json").out)
    again = json.loads(elige("import", str(path), "--json").out)
    assert [one["runs"][0]["known"] for one in (first[0], again[0])] == [False, True]
    (run,) = json.loads(elige("runs", "--json").out)
    assert (run["kind"], run["status"]) == ("import", "finished")
    assert "imported from samples_sums" in run["result"] and "lm-eval 0.4.13" in run["result"]


def test_an_imported_run_is_shown_with_its_samples(elige: Run, here: Path) -> None:
    (one,) = json.loads(elige("import", str(log(here, "small", [1.0, 0.0])), "--json").out)
    shown = json.loads(elige("runs", "show", one["runs"][0]["run"], "--samples", "--json").out)
    assert shown["verdict"]["kind_of_value"] == "declared by the file"
    assert [sample["score"] for sample in shown["samples"]] == [1.0, 0.0]
    assert shown["samples"][0]["answer"] == "I say 3"


def test_own_and_imported_runs_of_the_same_questions_are_paired(elige: Run, here: Path) -> None:
    (here / "sums.csv").write_text(ROWS, "utf-8")
    assert elige("evaluate", "sums.csv", "-m", "echo,skill=1", "--scorer", "exact").code == 0
    elige("import", str(log(here, "small", [0.0] * 30)))
    facts = json.loads(elige("leaderboard", "--task", "sums", "--json").out)
    (pair,) = facts["differences"]
    assert (pair["samples"], pair["significant"]) == (30, True)
    assert {one["kind"] for one in facts["evaluated"]} == {"measured", "declared by the file"}


def test_one_bad_file_stops_no_other(elige: Run, here: Path) -> None:
    (here / "notes.txt").write_text("nothing", "utf-8")
    told = elige("import", "notes.txt", "absent.jsonl", str(log(here, "small", [1.0])))
    assert told.code == 1 and "exact 100.0" in told.out
    assert told.err.count("\n") == 2 and "no log of a known kind" in told.err


def test_broken_records_are_counted_in_the_output(elige: Run, here: Path) -> None:
    path = log(here, "small", [1.0, 9.0])
    assert "1 records left out: no metric from 0 to 1" in elige("import", str(path)).out


def test_the_board_is_written_as_page_and_lines(elige: Run, here: Path) -> None:
    for name, values in {"a": [1.0] * 20, "b": [0.0] * 20}.items():
        elige("import", str(log(here, name, values, "hellaswag")))
    told = elige("leaderboard", "--html", "b.html", "--csv", "b.csv")
    assert told.code == 0 and "worse" in told.out
    assert (here / "b.html").read_text("utf-8").startswith("<!doctype html>")
    lines = list(csv.DictReader((here / "b.csv").read_text("utf-8").splitlines()))
    assert [line["mark"] for line in lines] == ["best", "worse"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param([], "no finished runs", id="empty store"),
        pytest.param(["--run", "abc"], "No run is called 'abc'", id="unknown run"),
    ],
)
def test_a_board_of_nothing_is_told_in_a_line(elige: Run, words: list[str], told: str) -> None:
    found = elige("leaderboard", *words)
    assert found.code == 1 and told in found.err and found.err.count("\n") == 1


def test_a_task_that_no_run_has_is_told(elige: Run, here: Path) -> None:
    elige("import", str(log(here, "small", [1.0, 0.0])))
    found = elige("leaderboard", "--task", "sum")
    assert found.code == 1 and "Did you mean sums?" in found.err


def test_a_program_imports_and_reads_the_same_board(elige: Run, here: Path) -> None:
    (run,) = elige_.import_results(log(here, "small", [1.0, 0.0]))
    board = elige_.leaderboard(tasks=["sums"])
    assert board.facts()["rows"][0]["cells"]["sums | exact | 0 | "]["runs"] == [run["run"]]
    assert json.loads(board.to_json()) == json.loads(elige("leaderboard", "--json").out)
    assert board.to_csv().splitlines()[1].startswith("org/small,sums")
    with pytest.raises(elige_.BadInput, match="no file"):
        elige_.import_results("absent.jsonl")


def test_the_newer_evaluation_counts_whenever_it_was_imported(elige: Run, here: Path) -> None:
    new, old = log(here, "small", [1.0, 1.0]), log(here / "old", "small", [0.0, 0.0])
    totals = next(old.parent.glob("results_*.json"))
    facts = json.loads(totals.read_text("utf-8")) | {"date": 1_600_000_000.0}
    totals.write_text(json.dumps(facts), "utf-8")
    elige("import", str(new), str(old))
    (row,) = elige_.leaderboard().facts()["rows"]
    assert [one["score"] for one in row["cells"].values()] == [1.0]
