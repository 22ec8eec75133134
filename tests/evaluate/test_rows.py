"""Every format gives the same rows, however it is packed, named and encoded."""

import bz2
import csv
import gzip
import hashlib
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.rows import Table, read_table

ROWS = [{"question": "1 + 1?", "answer": "2"}, {"question": "¿Qué?\n¡Sí!", "answer": "a, b; c"}]


def values(table: Table) -> list[dict[str, object]]:
    return [dict(row.values) for row in table.rows]


def as_csv(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_jsonl(rows: list[dict[str, str]]) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("d.csv", as_csv(ROWS), id="csv"),
        pytest.param("d.csv", as_csv(ROWS, ";"), id="semicolons"),
        pytest.param("d.csv", as_csv(ROWS, "|"), id="bars"),
        pytest.param("d.csv", as_csv(ROWS, "\t"), id="tabs in a csv"),
        pytest.param("d.tsv", as_csv(ROWS, "\t"), id="tsv"),
        pytest.param("d.txt", as_csv(ROWS), id="any name"),
        pytest.param("d.csv", as_csv(ROWS).replace("\r\n", "\n"), id="unix lines"),
        pytest.param("d.csv", "\ufeff" + as_csv(ROWS), id="byte-order mark"),
        pytest.param("d.csv", as_csv(ROWS) + "\r\n,\r\n", id="blank rows at the end"),
        pytest.param("d.jsonl", as_jsonl(ROWS), id="jsonl"),
        pytest.param("d.json", as_jsonl(ROWS), id="lines called json"),
        pytest.param("d.csv", as_jsonl(ROWS), id="lines called csv"),
        pytest.param("d", as_jsonl(ROWS) + "\n\n", id="lines without a suffix"),
        pytest.param("d.json", json.dumps(ROWS, indent=2), id="list of objects"),
        pytest.param("d.jsonl", json.dumps(ROWS, indent=2), id="a list called jsonl"),
        pytest.param("d.json", json.dumps({"v": 1, "data": ROWS}), id="under a key"),
        pytest.param(
            "d.json", json.dumps({k: [r[k] for r in ROWS] for k in ROWS[0]}), id="columns"
        ),
        pytest.param(
            "d.json",
            json.dumps({k: {"0": ROWS[0][k], "1": ROWS[1][k]} for k in ROWS[0]}),
            id="as pandas writes it",
        ),
        pytest.param(
            "d.json",
            json.dumps({"rows": [{"row_idx": i, "row": row} for i, row in enumerate(ROWS)]}),
            id="as the hub's rows service gives it",
        ),
    ],
)
def test_a_format_is_read_by_what_is_inside(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_bytes(text.encode())
    table = read_table(tmp_path / name)
    assert (table.columns, values(table)) == (("question", "answer"), ROWS)


@pytest.mark.parametrize("name", ["d.csv", "d.csv.gz"])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_is_unpacked_whatever_its_name(
    tmp_path: Path, pack: Callable[[bytes], bytes], name: str
) -> None:
    (tmp_path / name).write_bytes(pack(as_csv(ROWS).encode()))
    assert values(read_table(tmp_path / name)) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "d.csv").write_bytes(as_csv(ROWS).encode(encoding))
    assert values(read_table(tmp_path / "d.csv")) == ROWS


def test_an_encoding_that_is_named_is_used(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_bytes(as_csv(ROWS).encode("windows-1252"))
    assert values(read_table(tmp_path / "d.csv", "windows-1252")) == ROWS


def test_a_mark_is_no_part_of_the_first_name_under_a_named_encoding(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_bytes(as_csv(ROWS).encode("utf-8-sig"))
    assert read_table(tmp_path / "d.csv", "utf-8").columns == ("question", "answer")


def test_parquet_keeps_lists_and_makes_nan_nothing(tmp_path: Path) -> None:
    frame = {"question": ["a", "b"], "choices": [["x", "y"], ["z"]], "label": [1.0, float("nan")]}
    pyarrow.parquet.write_table(pyarrow.table(frame), tmp_path / "d.bin")
    assert values(read_table(tmp_path / "d.bin")) == [
        {"question": "a", "choices": ["x", "y"], "label": 1.0},
        {"question": "b", "choices": ["z"], "label": None},
    ]


def test_a_line_separator_inside_a_string_ends_no_json_line(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text('{"q": "a\u2028b\x85c"}\n{"q": "d"}', "utf-8")
    assert [row.line for row in read_table(tmp_path / "d.jsonl").rows] == [1, 2]


def test_quotes_in_a_tsv_that_knows_no_quoting_are_letters(tmp_path: Path) -> None:
    (tmp_path / "d.tsv").write_text('question\tanswer\n"Hi" he said\tyes\nx\t"\n', "utf-8")
    assert values(read_table(tmp_path / "d.tsv")) == [
        {"question": '"Hi" he said', "answer": "yes"},
        {"question": "x", "answer": '"'},
    ]


def test_rows_know_the_line_where_they_begin(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_bytes(as_csv([*ROWS, ROWS[0]]).encode())
    assert [row.line for row in read_table(tmp_path / "d.csv").rows] == [2, 3, 5]


def test_the_hash_is_that_of_the_file_as_it_lies_there(tmp_path: Path) -> None:
    data = gzip.compress(as_csv(ROWS).encode(), mtime=0)
    (tmp_path / "d.gz").write_bytes(data)
    assert read_table(tmp_path / "d.gz").data_hash == hashlib.sha256(data).hexdigest()


def test_huge_lines_are_refused_with_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elige.evaluate.rows.delimited.MAX_LINE", 1000)
    (tmp_path / "d.jsonl").write_text('{"q": "a"}\n{"q": "' + "x" * 2000 + '"}\n', "utf-8")
    with pytest.raises(BadInput, match=r"line 2 is 2,009 characters long"):
        read_table(tmp_path / "d.jsonl")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
CELL = TEXT.filter(str.strip)
RECORDS = st.lists(
    st.fixed_dictionaries({"question": CELL, "answer": CELL}), min_size=1, max_size=6
)


@settings(max_examples=80, deadline=None)
@given(records=RECORDS, delimiter=st.sampled_from(",;\t|"))
def test_csv_keeps_every_sample(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, str]], delimiter: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / ("d.tsv" if delimiter == "\t" else "d.csv")
    path.write_bytes(as_csv(records, delimiter).encode())
    assert values(read_table(path)) == records


@settings(max_examples=80, deadline=None)
@given(records=RECORDS, escaped=st.booleans())
def test_jsonl_keeps_every_sample(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, str]], escaped: bool
) -> None:
    path = tmp_path_factory.mktemp("jsonl") / "d.jsonl"
    text = "\n".join(json.dumps(record, ensure_ascii=escaped) for record in records)
    path.write_bytes(text.encode())
    assert values(read_table(path)) == records
