"""The Open LLM Leaderboards' tables, read cell by cell."""

from collections import Counter
from pathlib import Path

import pytest

from elige.catalog.sources.open_llm_leaderboard import OpenLlmLeaderboard
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, Place, RelationKind

HEAD = (
    "Precision,Type,Model,Average ⬆️,IFEval,IFEval Raw,MATH Lvl 5,MMLU-PRO,Hub License,"
    "#Params (B),Model sha,Submission Date,Chat Template,fullname,Base Model,Merged,"
    "Available on the hub\n"
)
ROW = (
    'bfloat16,🔶 fine-tuned,"<a href=""https://huggingface.co/a/b"">a/b</a>",50.1,"61,5 %",0.615,'
    "-,103,apache-2.0,7.2,abc,2024-09-01,True,a/b,org/base,False,True\n"
)


def read(path: Path, text: str = "", fetched: str = "") -> list[Entry | Broken]:
    if text:
        path.write_text(text, "utf-8")
    return list(OpenLlmLeaderboard().read(Place(path=path, fetched=fetched)))


def test_row_of_the_official_table(tmp_path: Path) -> None:
    broken, entry = read(tmp_path / "contents_2025-03-01.csv", HEAD + ROW)
    assert broken == Broken(
        where="contents_2025-03-01.csv, line 2, a/b, column mmlupro",
        why="103 % is not between 0 and 100 %",
    )
    assert isinstance(entry, Entry)
    assert (entry.model, entry.key) == ("a/b", "a/b|bfloat16|abc")
    assert entry.values[Column.PARAMETERS] == 7_200_000_000
    assert entry.values[Column.LICENCE] == "apache-2.0"
    assert [(one.parent, one.kind) for one in entry.relations] == [
        ("org/base", RelationKind.FINETUNE)
    ]
    scores = {(one.benchmark, one.unit): one for one in entry.results}
    assert set(scores) == {
        ("open-llm-leaderboard-average", "percent"),
        ("ifeval", "percent"),
        ("ifeval", "fraction"),
    }
    one = scores["ifeval", "percent"]
    assert (one.value, one.version) == (61.5, "Open LLM Leaderboard v2")
    assert one.setting == "0-shot, normalised, chat template"
    assert (one.dated, one.self_reported) == ("2024-09-01", False)
    assert scores["ifeval", "fraction"].setting == "0-shot, raw, chat template"


def test_first_board_is_another_version(tmp_path: Path) -> None:
    text = "model_name_for_query,ARC,HellaSwag,MMLU,TruthfulQA,Winogrande,GSM8K,Precision\n"
    (entry,) = read(tmp_path / "old.csv", text + "a/b,60,80.5,55,nan,70,,4bit\n")
    assert isinstance(entry, Entry)
    told = {one.benchmark: (one.value, one.setting) for one in entry.results}
    assert told == {
        "arc-challenge": (60.0, "25-shot, raw, 4bit weights"),
        "hellaswag": (80.5, "10-shot, raw, 4bit weights"),
        "mmlu": (55.0, "5-shot, raw, 4bit weights"),
        "winogrande": (70.0, "5-shot, raw, 4bit weights"),
    }
    assert {one.version for one in entry.results} == {"Open LLM Leaderboard v1"}


def test_a_raw_score_is_a_share_and_an_average_of_both_boards_is_left_out(tmp_path: Path) -> None:
    broken, entry = read(
        tmp_path / "x.csv", "model,Average,IFEval,IFEval Raw,ARC\na/b,50,40,43,60\n"
    )
    assert isinstance(broken, Broken) and "between 0 and 1" in broken.why
    assert isinstance(entry, Entry)
    assert [one.benchmark for one in entry.results] == ["ifeval", "arc-challenge"]


def test_a_model_that_stands_twice_is_two_entries(tmp_path: Path) -> None:
    entries = read(tmp_path / "x.csv", "model;ifeval;params_b\na/b;1,5;-1\na/b;2;7\n")
    assert [entry.key for entry in entries if isinstance(entry, Entry)] == ["a/b", "a/b#2"]
    assert Column.PARAMETERS not in getattr(entries[0], "values", {})


@pytest.mark.parametrize(
    ("rows", "where", "why"),
    [
        pytest.param("a/b\n", "x.csv, line 2", "1 cells under 2 headings", id="short"),
        pytest.param("a/b,1,2\n", "x.csv, line 2", "3 cells under 2 headings", id="long"),
        pytest.param(",5\n", "x.csv, line 2", "no model is named", id="no name"),
        pytest.param('"a/b,1\nc/d,2\n', "x.csv, lines 2 to 3", "one cell goes over lines: a "
                     "quotation mark is not closed", id="open quotation mark"),
        pytest.param("a/b,good\n", "x.csv, line 2, a/b, column ifeval", "'good' is no number",
                     id="words"),
    ],
)  # fmt: skip
def test_broken_rows_are_named(tmp_path: Path, rows: str, where: str, why: str) -> None:
    found = read(tmp_path / "x.csv", "model,ifeval\n" + rows)
    assert [one for one in found if isinstance(one, Broken)] == [Broken(where=where, why=why)]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("x.csv", b"", id="empty"),
        pytest.param("x.csv", b"PK\x03\x04\x00\x00\xff", id="binary"),
        pytest.param("x.csv", b"name,price\nx,1\n", id="another table"),
        pytest.param("x.parquet", b"no parquet", id="no parquet"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(BadInput):
        read(tmp_path / name)


def test_no_file_and_no_folder_are_refused(tmp_path: Path) -> None:
    for place in (Place(), Place(path=tmp_path), Place(path=tmp_path / "none.csv")):
        with pytest.raises(BadInput):
            list(OpenLlmLeaderboard().read(place))


def test_parquet_says_what_csv_says(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = {"fullname": ["a/b", "c/d"], "MUSR": [10.5, None], "Merged": [True, False],
            "Base Model": ["x/y", "c/d"]}  # fmt: skip
    parquet.write_table(arrow.table(rows), tmp_path / "contents.parquet")
    first, second = read(tmp_path / "contents.parquet", fetched="2025-03-01T10:00")
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert [(one.benchmark, one.value, one.dated) for one in first.results] == [
        ("musr", 10.5, "2025-03-01")
    ]
    assert [one.kind for one in first.relations] == [RelationKind.MERGE]
    assert (second.results, second.relations) == ((), ())


def test_every_row_of_the_real_table(shared_data: Path) -> None:
    found = read(shared_data / "scores" / "open_llm_leaderboard_v2_2025-05-09.csv")
    entries = [one for one in found if isinstance(one, Entry)]
    assert (len(found), len(entries)) == (4576, 4576)
    assert len({one.key for one in entries}) == 4576
    assert len({one.model for one in entries}) == 4497
    scores = Counter(score.benchmark for one in entries for score in one.results)
    assert set(scores.values()) == {4576}
    assert len(scores) == 7


def test_in_a_folder_a_table_of_another_kind_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "arena.csv").write_text("model,rating\nA,1000\n", "utf-8")
    (tmp_path / "board.csv").write_text("model,MMLU-PRO\na/b,10\n", "utf-8")
    found = list(OpenLlmLeaderboard().read(Place(path=tmp_path)))
    why = "it has no column of an Open LLM Leaderboard"
    assert [one for one in found if isinstance(one, Broken)] == [Broken(where="arena.csv", why=why)]
    assert [one.model for one in found if isinstance(one, Entry)] == ["a/b"]
