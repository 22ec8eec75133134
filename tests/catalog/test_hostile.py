"""YAML from strangers ends in plain values or in one line that says what is wrong."""

import os
import time
from pathlib import Path

import pytest

from elige.catalog.hostile import MAX_BYTES, read_tree
from elige.errors import BadInput

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 10)}]\n"
    for name, below in zip("bcdefghi", "abcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(BOMB, "unfold", id="billion laughs"),
        pytest.param("a: &a [*a]\n", "stands inside", id="an alias inside itself"),
        pytest.param("a: {b: &x {c: 1}, <<: *x}\n", "merge key", id="merge key"),
        pytest.param("a: 1\nb: 2\na: 3\n", "line 3, column 1: the key 'a', which", id="twice"),
        pytest.param("a: {b: {c: x, c: [x]}}\n", "the key 'c', which", id="twice further in"),
        pytest.param("a: 1\n'a': ~\n", "the key 'a', which", id="twice, once in quotes"),
        pytest.param("a: !!python/object/apply:os.system [ls]\n", "tag", id="python tag"),
        pytest.param("a: !mine 3\n", "tag", id="own tag"),
        pytest.param("a: " + "[" * 500 + "]" * 500, "deep", id="nested lists"),
        pytest.param("".join(f"{' ' * n}k:\n" for n in range(300)), "deep", id="nested keys"),
        pytest.param("a: 1\n b: 2\n", "broken YAML", id="broken"),
        pytest.param("a: 'open\n", "broken YAML", id="unclosed quote"),
        pytest.param("- a\n- b\n", "holds no keys", id="a list"),
        pytest.param("just words", "holds no keys", id="words"),
        pytest.param("", "holds no keys", id="empty"),
        pytest.param("a: 1\n---\nb: 2\n", "broken YAML", id="two documents"),
        pytest.param("? [a, b]\n: 1\n", "no word", id="a list as key"),
        pytest.param("a: \x00", "broken YAML", id="NUL"),
        pytest.param(b"a: \xff\xfe\xff", "no text", id="not UTF-8"),
        pytest.param("a: " + "x" * MAX_BYTES, "bytes long", id="huge"),
    ],
)
def test_what_is_hostile_is_refused_in_one_line_at_once(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    path = tmp_path / "h.yml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    started = time.perf_counter()
    with pytest.raises(BadInput) as refused:
        read_tree(path)
    assert time.perf_counter() - started < 5
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert len(str(refused.value)) < 700 and refused.value.hint


def test_no_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    for name in ("none.yml", "", "pipe.yml"):
        with pytest.raises(BadInput):
            read_tree(tmp_path / name)


def test_words_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "w.yml"
    path.write_text(
        "a: 1.10\nb: no\nc: 2024-13-45\nd:\ne: ~\nf: [yes, 0x1F]\n3: {g: ''}\n", "utf-8"
    )
    assert read_tree(path) == {
        "a": "1.10", "b": "no", "c": "2024-13-45", "d": None, "e": None, "f": ["yes", "0x1F"],
        "3": {"g": ""},
    }  # fmt: skip


def test_aliases_that_stay_small_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: &x {b: c}\nd: [*x, *x]\n", "utf-8")
    assert read_tree(path)["d"] == [{"b": "c"}, {"b": "c"}]


def test_a_key_that_says_the_same_twice_is_read(tmp_path: Path) -> None:
    path = tmp_path / "twice.yml"
    path.write_text("a: {b: 1}\nc: 2\n'a': {b: '1'}\n", "utf-8")
    assert read_tree(path) == {"a": {"b": "1"}, "c": "2"}
