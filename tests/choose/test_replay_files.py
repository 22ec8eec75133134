"""Matrices and costs out of files: the same scores from every format, and what is refused."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elige.choose.replay import Matrix, matrix_of, read_costs, read_matrix
from elige.errors import BadInput

MODELS = ["small one", "ñandú, 日本", "org/large@1"]
SCORES = np.array([[1.0, 0.0, 0.25], [0.0, 1.0, 1.0], [0.5, 0.125, 1.0]])
CSV = (
    "model,q1,q2,q3\n"
    + "small one,1,0,0.25\n"
    + '"ñandú, 日本",False,True,1.0\n'
    + "org/large@1,0.5,.125,1\n"
)


def npz(path: Path, **arrays: Any) -> Path:  # noqa: ANN401 - whatever NumPy saves
    np.savez_compressed(path, **arrays)
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content, "utf-8")
    return path


def assert_read(found: Matrix) -> None:
    assert list(found.models) == MODELS
    assert found.scores.tolist() == SCORES.tolist()


@pytest.mark.parametrize("kind", ["float64", "float32", "float16"])
def test_an_npz_is_read_whatever_its_numbers(kind: str, tmp_path: Path) -> None:
    scores = SCORES.astype(kind)
    assert_read(read_matrix(npz(tmp_path / "m.npz", X=scores, models=MODELS, items=[1, 2, 3])))


@pytest.mark.parametrize("kind", ["uint8", "int64", "bool"])
def test_right_and_wrong_may_be_whole_numbers_or_truths(kind: str, tmp_path: Path) -> None:
    scores = np.eye(3).astype(kind)
    found = read_matrix(npz(tmp_path / "m.npz", X=scores, models=np.array([b"a", b"b", b"c"])))
    assert found.models == ("a", "b", "c")
    assert found.scores.tolist() == np.eye(3).tolist()


def test_what_is_inside_decides_not_the_suffix(tmp_path: Path) -> None:
    made = npz(tmp_path / "m.npz", X=SCORES, models=MODELS)
    assert_read(read_matrix(made.rename(tmp_path / "scores.bin")))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("m.csv", CSV, id="csv"),
        pytest.param("m.csv", "\ufeff" + CSV.replace("\n", "\r\n"), id="csv of a spreadsheet"),
        pytest.param("m.csv", CSV.replace("model,", ",", 1), id="csv of pandas"),
        pytest.param(
            "m.tsv",
            "model\tq1\tq2\tq3\n"
            + "".join(
                "\t".join([model, *map(str, row)]) + "\n"
                for model, row in zip(MODELS, SCORES.tolist(), strict=True)
            ),
            id="tsv",
        ),
        pytest.param(
            "m.jsonl",
            "".join(
                json.dumps({"model": model} | dict(zip("abc", row, strict=True))) + "\n"
                for model, row in zip(MODELS, SCORES.tolist(), strict=True)
            ),
            id="jsonl",
        ),
    ],
)
def test_a_table_has_a_row_a_model_and_its_name_first(
    name: str, content: str, tmp_path: Path
) -> None:
    assert_read(read_matrix(text(tmp_path / name, content)))


def test_a_parquet_has_its_names_first_or_where_pandas_puts_them(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(SCORES, index=MODELS, columns=["q1", "q2", "q3"])
    frame.to_parquet(tmp_path / "index.parquet")
    frame.reset_index(names="model").to_parquet(tmp_path / "first.parquet", index=False)
    assert_read(read_matrix(tmp_path / "index.parquet"))
    assert_read(read_matrix(tmp_path / "first.parquet"))


def test_the_real_matrices_are_read(shared_data: Path) -> None:
    found = read_matrix(shared_data / "items" / "zeroeval_math-l5.npz")
    assert found.scores.shape == (41, 721)
    assert found.models[0] == "Athene-70B"


@given(
    st.lists(
        st.lists(st.floats(0.0, 1.0, allow_subnormal=False), min_size=3, max_size=3),
        min_size=2,
        max_size=4,
    )
)
@settings(max_examples=30, deadline=None)
def test_csv_and_npz_of_the_same_scores_are_the_same_matrix(rows: list[list[float]]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        names = [f"m{place}" for place in range(len(rows))]
        lines = [",".join([name, *map(repr, row)]) for name, row in zip(names, rows, strict=True)]
        one = read_matrix(text(Path(folder) / "m.csv", "\n".join(["n,a,b,c", *lines])))
        two = read_matrix(npz(Path(folder) / "m.npz", X=np.array(rows), models=names))
    assert one.models == two.models
    assert one.scores.tolist() == two.scores.tolist()


class Evil:
    """Unpickled, it would leave a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_pickles_in_an_npz_are_never_opened(tmp_path: Path) -> None:
    trap = np.array([Evil(tmp_path / "opened"), None], dtype=object)
    np.savez(tmp_path / "m.npz", X=np.eye(2), models=trap)
    with pytest.raises(BadInput, match="cannot be read"):
        read_matrix(tmp_path / "m.npz")
    assert not (tmp_path / "opened").exists()


def test_an_npz_that_would_unpack_to_more_than_allowed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from elige.choose.replay import files

    path = npz(tmp_path / "m.npz", X=np.zeros((2, 100_000)), models=["a", "b"])
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(files, "MAX_BYTES", 1_000_000)
    with pytest.raises(BadInput, match=r"1\.6 MB"):
        read_matrix(path)


def header(shape: str) -> bytes:
    """An .npy whose header promises `shape` and whose data are not there."""
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(header("(3, 10000000000000)"), id="more than any memory"),
        pytest.param(header("(3, 10)"), id="cut short"),
        pytest.param(header("(-1, 10)"), id="negative"),
        pytest.param(header("__import__('os')"), id="code"),
        pytest.param(b"no array", id="no array"),
    ],
)
def test_a_broken_array_is_told_in_one_line(content: bytes, tmp_path: Path) -> None:
    names = io.BytesIO()
    np.save(names, np.array(["a", "b", "c"]))
    with zipfile.ZipFile(tmp_path / "m.npz", "w") as archive:
        archive.writestr("X.npy", content)
        archive.writestr("models.npy", names.getvalue())
    with pytest.raises(BadInput) as told:
        read_matrix(tmp_path / "m.npz")
    assert "m.npz" in str(told.value) and "models" in told.value.hint
    assert "\n" not in str(told.value)


def test_an_npz_cut_anywhere_is_told(tmp_path: Path) -> None:
    whole = npz(tmp_path / "m.npz", X=SCORES, models=MODELS).read_bytes()
    for place in range(1, len(whole), 37):
        (tmp_path / "cut.npz").write_bytes(whole[:place])
        with pytest.raises(BadInput):
            read_matrix(tmp_path / "cut.npz")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        pytest.param({"a": [1.0, 0.0], "b": [1.0]}, "'b' has 1", id="ragged"),
        pytest.param({"a": [1.0], "b": [float("nan")]}, "'b' on sample 1 is nan", id="NaN"),
        pytest.param({"a": [1.0], "b": [-0.1]}, "'b' on sample 1 is -0.1", id="negative"),
        pytest.param({"a": [1.0], "b": ["x"]}, "'b' is no number", id="text"),
        pytest.param({"a": [1.0], "b": [10**400]}, "'b' is no number", id="huge"),
        pytest.param({"a": [1.0], "b": 7}, "'b' is no number", id="no row"),
        pytest.param({"a": [1.0]}, "1 model and 1 sample", id="one model"),
        pytest.param({"a": [], "b": []}, "2 models and 0 samples", id="no samples"),
        pytest.param({}, "0 models", id="nothing"),
        pytest.param({"a": [1.0], " a": [1.0]}, "2 models called 'a'", id="one name twice"),
        pytest.param({"a": [1.0], "": [1.0]}, "number 2 has no name", id="no name"),
    ],
)
def test_rows_that_are_no_matrix_are_refused(rows: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        matrix_of(rows.items(), "mine")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("c.csv", "model,usd\na,1\nb,0.5\n", id="csv"),
        pytest.param("c.csv", "a,1\nb,0.5\n", id="without a header"),
        pytest.param("c.csv", "model,size,cost\na,7B,1\nb,70B,0.5\n", id="among others"),
        pytest.param("c.json", '{"a": 1, "b": 0.5}', id="one object"),
        pytest.param("c.json", '[{"m": "a", "cost": 1}, {"m": "b", "cost": "0.5"}]', id="json"),
    ],
)
def test_costs_are_read(name: str, content: str, tmp_path: Path) -> None:
    (found,) = read_costs(text(tmp_path / name, content)).values()
    assert found == {"a": 1.0, "b": 0.5}


def test_costs_may_be_told_in_several_units(tmp_path: Path) -> None:
    path = text(tmp_path / "c.csv", "model,size,usd,minutes\na,7B,1,0\nb,70B,0.5,3\n")
    assert read_costs(path) == {"usd": {"a": 1.0, "b": 0.5}, "minutes": {"a": 0.0, "b": 3.0}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("model,cost\na,1\na,2\n", "line 3: 'a' has a cost already", id="twice"),
        pytest.param("model,cost\na,much\n", "line 2: 'much' is no cost of 'a'", id="words"),
        pytest.param("model,cost\na,-1\n", "'-1' is no cost", id="negative"),
        pytest.param("model,cost\na,inf\n", "'inf' is no cost", id="infinite"),
        pytest.param("model,cost\na,1e999\n", "'1e999' is no cost", id="too large"),
        pytest.param("model,cost\na,\n", "'' is no cost", id="empty"),
        pytest.param("model,in,out\na,1,2\n", "model, in, out", id="which column"),
        pytest.param("model\na\n", "model; which is the cost", id="names alone"),
    ],
)
def test_costs_that_are_none_are_refused(content: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=words):
        read_costs(text(tmp_path / "c.csv", content))
