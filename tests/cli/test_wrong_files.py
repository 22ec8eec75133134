"""Wrong, empty and missing files given to commands about the catalogue: told in one line."""

from pathlib import Path

import pytest
from cli.conftest import Run

from elige.workbench import Workbench

SOUND = """
framework: {name: Model Openness Framework, version: '1.0'}
release:
  name: Tiny
  producer: Somebody
  license: {distribution: {name: MIT}}
  components: [{name: Evaluation code}]
"""


def put(folder: Path) -> None:
    (folder / "empty.csv").write_bytes(b"")
    (folder / "two.csv").write_text("a,b\n1,2\n", "utf-8")
    (folder / "bad.yml").write_text("x: [1", "utf-8")
    (folder / "dir").mkdir()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(
            "models sync --from two.csv",
            "--from two.csv says where to read, but not what. Name the source: elige models sync "
            "SOURCE --from two.csv",
            id="a place and no source",
        ),
        pytest.param("models sync hub --from empty.csv", "empty.csv is empty.", id="an empty list"),
        pytest.param(
            "models sync hub --from two.csv", "two.csv has no column metadata.", id="another list"
        ),
        pytest.param("models search x --fits 0", "With its unit: --fits 24GB.", id="no memory"),
        pytest.param("models search x --fits 8", "With its unit: --fits 8GB.", id="no unit"),
        pytest.param("cost a/b --from empty.csv", "empty.csv is empty.", id="no offers"),
        pytest.param(
            "cost a/b --from two.csv",
            "two.csv holds no offers that can be read (it is no archive that can be read).",
            id="other offers",
        ),
        pytest.param("fit nope.json", "There is no file nope.json.", id="no configuration"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(elige: Run, here: Path, line: str, words: str) -> None:
    put(here)
    told = elige(*line.split())
    assert (told.code, told.out) == (1, "")
    assert words in told.err and told.err.count("\n") == 1


def test_a_wrong_parquet_file_is_told_with_what_is_wanted(elige: Run, here: Path) -> None:
    pytest.importorskip("pyarrow")
    put(here)
    told = elige("models", "sync", "hub-stats", "--from", "two.csv")
    assert told.code == 1 and ".." not in told.err
    assert "Give the models.parquet of hub-stats" in told.err


def entries() -> dict[str, int]:
    with Workbench.open() as bench:
        return {one.source: one.entries for one in bench.catalogue.states()}


def test_a_file_that_cannot_be_read_takes_nothing_off_the_catalogue(elige: Run, here: Path) -> None:
    put(here)
    (here / "good.yml").write_text(SOUND, "utf-8")
    assert elige("models", "sync", "mof", "--from", "good.yml").code == 0
    told = elige("models", "sync", "mof", "--from", "bad.yml")
    assert told.code == 1 and told.err.count("\n") == 1
    assert "(bad.yml, line 2" in told.err
    assert entries()["mof"] == 1


def test_one_broken_file_of_several_is_named_and_the_others_are_read(
    elige: Run, here: Path
) -> None:
    put(here)
    (here / "good.yml").write_text(SOUND, "utf-8")
    told = elige("models", "sync", "mof", "--from", ".")
    assert told.code == 0 and "1 record could not be read" in told.out
    assert entries()["mof"] == 1
