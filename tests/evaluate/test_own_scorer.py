"""The user's own scorer."""

import hashlib
from pathlib import Path

import pytest
from evaluate.scoring import said, sample

from elige.errors import BadInput, EligeError, NotAllowed, NotFound
from elige.evaluate.own_scorer import own_reference, own_scorer
from elige.records import Outcome, Scorer

HEAD = "from elige.records import Score, Outcome\n"


def written(folder: Path, body: str) -> Path:
    path = folder / "mine.py"
    path.write_text(HEAD + body, "utf-8")
    return path


def scorer_of(folder: Path, result: str) -> Scorer:
    path = written(folder, f"def rate(sample, answer):\n    return {result}\n")
    return own_scorer(path, "rate", lambda _: True)[0]


@pytest.mark.parametrize(
    ("result", "value"),
    [
        ("answer.text == sample.target", 1.0),
        ("0.25", 0.25),
        ("1", 1.0),
        ("(0.5, 'half')", 0.5),
        ("Score(0.75, 'mine')", 0.75),
        ("__import__('numpy').float32(0.5)", 0.5),
        ("__import__('numpy').bool_(True)", 1.0),
    ],
)
def test_what_a_function_may_return(tmp_path: Path, result: str, value: float) -> None:
    assert scorer_of(tmp_path, result)(sample("x"), said("x")).value == value


def test_a_reason_and_an_outcome_are_kept(tmp_path: Path) -> None:
    assert scorer_of(tmp_path, "(0.5, 'half')")(sample("x"), said("x")).why == "half"
    score = scorer_of(tmp_path, "Score.unparsed('none')")(sample("x"), said("x"))
    assert score.outcome is Outcome.UNPARSED


@pytest.mark.parametrize(
    "result",
    ["2", "-0.1", "float('nan')", "'good'", "None", "(0.5, 1)", "1 / 0", "exit()", "Score(3.0)"],
)
def test_anything_else_is_an_error_naming_function_and_sample(tmp_path: Path, result: str) -> None:
    with pytest.raises(BadInput, match=r"rate of mine\.py .*'s1'") as caught:
        scorer_of(tmp_path, result)(sample("x"), said("x"))
    assert caught.value.hint


def test_nothing_runs_before_the_hash_was_allowed(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    path = written(tmp_path, f"open({str(mark)!r}, 'w').close()\ndef rate(s, a): return 1\n")
    asked: list[str] = []

    def refuse(digest: str) -> bool:
        asked.append(digest)
        return False

    with pytest.raises(NotAllowed) as caught:
        own_scorer(path, "rate", refuse)
    assert asked == [hashlib.sha256(path.read_bytes()).hexdigest()]
    assert f"elige allow scorer {path}" in caught.value.hint
    assert not mark.exists()


def test_the_bytes_that_run_are_the_bytes_that_were_hashed(tmp_path: Path) -> None:
    path = written(tmp_path, "def rate(s, a): return 1.0\n")
    first = hashlib.sha256(path.read_bytes()).hexdigest()

    def swap(digest: str) -> bool:
        path.write_text("def rate(s, a): return 0.0\n", "utf-8")
        return digest == first

    scorer, digest = own_scorer(path, "rate", swap)
    assert (scorer(sample("x"), said("x")).value, digest) == (1.0, first)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("def rate(:\n", "line 2"),
        ("import no_such_module\n", "no_such_module"),
        ("raise SystemExit(3)\n", "SystemExit"),
    ],
)
def test_a_broken_file_is_told_in_one_line(tmp_path: Path, body: str, told: str) -> None:
    with pytest.raises(BadInput, match=told) as caught:
        own_scorer(written(tmp_path, body), "rate", lambda _: True)
    assert "\n" not in str(caught.value)


def test_a_missing_function_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, "def rate(s, a): return 1\n")
    with pytest.raises(NotFound) as caught:
        own_scorer(path, "rat", lambda _: True)
    assert "rate" in caught.value.hint


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EligeError, match="cannot be read"):
        own_scorer(tmp_path / "none.py", "rate", lambda _: True)


def test_dataclasses_in_the_file_work(tmp_path: Path) -> None:
    body = (
        "from dataclasses import dataclass\n@dataclass\nclass Two:\n    x: 'float' = 1.0\n"
        "def rate(s, a): return Two().x\n"
    )
    scorer, _ = own_scorer(written(tmp_path, body), "rate", lambda _: True)
    assert scorer(sample("x"), said("x")).value == 1.0


def test_a_reference_names_file_and_function() -> None:
    assert own_reference("a/b.py:rate") == (Path("a/b.py"), "rate")
    assert own_reference("exact") is None
    with pytest.raises(BadInput, match="which function"):
        own_reference("b.py")
