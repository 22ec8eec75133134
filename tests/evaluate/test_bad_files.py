"""What cannot be read is told in one clear line, with the place and the next step."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from elige.errors import EligeError
from elige.evaluate.task import check_raceable, load_task

CSV = "question,answer\n1+1?,2\n2+2?,4\n"


def parquet(path: Path) -> bytes:
    pyarrow.parquet.write_table(pyarrow.table({"question": ["a"] * 99, "answer": ["b"] * 99}), path)
    return path.read_bytes()


def empty_parquet(path: Path) -> bytes:
    pyarrow.parquet.write_table(pyarrow.table({"question": [], "answer": []}), path)
    return path.read_bytes()


Content = str | bytes | Callable[[Path], bytes]

BAD: list[tuple[str, Content, str, str]] = [
    ("d.csv", "", "is empty", "header and rows"),
    ("d.csv", " \n \n", "is empty", "header and rows"),
    ("d.csv", gzip.compress(b"", mtime=0), "is empty", "header and rows"),
    ("d.csv", "question,answer\n", "has a header (question, answer) but no rows", "Add rows"),
    ("d.csv", "question,answer\n,\n,\n", "but no rows", "Add rows"),
    ("d.csv", CSV + "a,b,c\n", "line 4: 3 fields, more than the 2", "quotes"),
    ("d.csv", CSV + "alone\n", "line 4: 1 fields, fewer than the 2", "quotes"),
    ("d.csv", CSV + '"open,2\n3,4\n', 'line 4: a quote (") opens here', 'twice ("")'),
    ("d.csv", CSV + '"a" b,2\n', "line 4: the quotes are broken", 'twice ("")'),
    ("d.csv", "question,question\n1,2\n", "the column 'question' is there 2 times", "own name"),
    ("d.csv", CSV.encode() + b"caf\xe9,1\n", "line 4: byte 34 (0xE9) is not UTF-8", "iconv -f"),
    ("d.csv", CSV.encode() + b"a\x00b,1\n", "line 4: byte 32 is NUL", "tr -d"),
    ("d.csv", CSV.encode("utf-16-le"), "UTF-16 without a byte-order", "--encoding utf-16-le"),
    ("d.csv", CSV.encode("utf-16-be"), "UTF-16 without a byte-order", "--encoding utf-16-be"),
    ("d.csv", bytes(range(256)) * 9, "is a binary file of no known kind", "Give CSV"),
    ("d.csv", b"\x89PNG\r\n\x1a\n" + bytes(99), "is a binary file", "Give CSV"),
    ("d.xlsx", b"PK\x03\x04" + bytes(99), "is a ZIP archive", "save the sheet as CSV"),
    ("d.db", b"SQLite format 3\x00" + bytes(99), "is an SQLite database", "Export"),
    ("d.pdf", b"%PDF-1.7 ...", "is a PDF", "Give a CSV"),
    ("d.csv", b"GGUF" + bytes(99), "is a model, not data", "--candidate"),
    ("d.feather", b"ARROW1" + bytes(99), "is an Arrow", "Parquet"),
    ("d.csv.gz", gzip.compress(CSV.encode() * 99, mtime=0)[:-20], "is gzip, but damaged", "again"),
    ("d.csv.xz", b"\xfd7zXZ\x00" + b"junk" * 9, "is xz, but damaged", "again"),
    ("d.zst", b"\x28\xb5\x2f\xfd" + b"junk" * 9, "zst", ""),
    ("d.parquet", CSV, "is called Parquet but does not begin like it", "suffix"),
    ("d.parquet", lambda p: parquet(p)[:-30], "is Parquet, but damaged", "again"),
    ("d.parquet", empty_parquet, "has columns (question, answer) but no rows", "Add rows"),
    ("d.jsonl", '{"q": 1}\n{"q": 2,}\n', "line 2: broken JSON at column", "Mend"),
    ("d.jsonl", '{"q": 1}\n{"q": 2', "line 2: broken JSON at column", "Mend"),
    ("d.jsonl", '{"q": 1}\n[1, 2]\n', "line 2 is a list, not an object: [1, 2]", "Each line"),
    ("d.jsonl", '"a"\n', "line 1 is a text, not an object", "Each line"),
    ("d.jsonl", '{"q": 1, "q": 2}\n', "line 1: the key 'q' occurs twice", "Mend"),
    ("d.jsonl", '{"q": ' + "[" * 5000 + "]" * 5000 + "}\n", "nested too deeply", "Flatten"),
    ("d.jsonl", '{"q": ' + "9" * 5000 + "}\n", "line 1: ", "Mend"),
    ("d.json", '[{"q": 1},\n {"q": 2]', "line 2: broken JSON at column", "Mend"),
    ("d.json", "[]", "holds an empty list", "at least one"),
    ("d.json", "[1, 2]", "entry 1 is a number, not an object: 1", "Each entry"),
    ("d.json", '{"q": [1, 2], "a": [1]}', "not equally long (q 2, a 1)", "same length"),
    ("d.json", '{"q": 1}', "no column looks like the question", "--question"),
    ("d.json", "3", "is a number, in which no rows are found", "list of objects"),
    ("d.docx", "just some words", "(.docx) is in no format that is known", "Give CSV"),
    ("d.csv", "a,b,c\n1,2,3\n", "no column looks like the question; there are a, b, c", "--que"),
    ("d.csv", "question,b,c\n1,2,3\n", "no column looks like the answer", "--answer COLUMN"),
    ("d.csv", "id,question,answer\n1,a,b\n1,c,d\n", "'1' is on line 2 and on line 3", "--id -"),
    ("d.csv", "question,answer\na,\nb,\n", "none of the 2 rows can be used; 2 are without", "--a"),
    ("d.csv", "question,answer\n,a\n,b\n", "2 are without a question", "--question"),
    ("d.csv", "question,A,B,answer\nq,x,y,C\nr,x,y,E\n", "outside the choices (row 1: 'C')", "--c"),
    ("d.csv", "question,A,B,answer\nq,x,,A\nr,z,,A\n", "2 are with fewer than two choices", "--c"),
    ("d.csv", "question,answer\n1+1?,2\n", "holds 1 usable sample; a race needs", "Add examples"),
]


@pytest.mark.parametrize(("name", "content", "told", "next_step"), BAD)
def test_a_bad_file_is_told_in_one_line(
    tmp_path: Path, name: str, content: Content, told: str, next_step: str
) -> None:
    path = tmp_path / name
    data = content(path) if callable(content) else content
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(EligeError) as caught:
        check_raceable(load_task(path))
    message = str(caught.value)
    assert told in message and "\n" not in message and next_step in caught.value.hint


def test_a_missing_file_names_those_near_it(tmp_path: Path) -> None:
    (tmp_path / "examples.csv").write_text(CSV)
    with pytest.raises(EligeError, match="There is no file") as caught:
        load_task(tmp_path / "exmples.csv")
    assert "Near it: examples.csv" in caught.value.hint


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(EligeError) as caught:
        load_task(tmp_path / "no" / "examples.csv")
    assert "There is no folder" in caught.value.hint


def test_a_folder_is_no_file_but_its_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    with pytest.raises(EligeError, match="is a folder, not a file") as caught:
        load_task(tmp_path)
    assert "a.csv" in caught.value.hint


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(EligeError, match="cannot be read"):
        load_task(tmp_path / ("x" * 400))
    with pytest.raises(EligeError, match="cannot be read"):
        load_task("a\x00b")
