"""Licence texts as pages, programs and editors hand them over."""

import html
import json
import textwrap
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.licence_text import recognise
from elige.catalog.markup import without_markup

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")
MIT = next(
    Path(str(file.locate())).read_text("utf-8")
    for file in distribution("pytest").files or []
    if file.name == "LICENSE"
)


def page(text: str) -> str:
    lines = "<br/>\n".join(html.escape(text).splitlines())
    return (
        f"<!DOCTYPE html><html><head><title>x</title><style>p {{ color: red }}</style></head>"
        f'<body class="a"><!-- only a comment --><p>{lines}</p></body></html>'
    )


SHAPES: dict[str, Callable[[str], str]] = {
    "old line ends": lambda text: text.replace("\n", "\r"),
    "byte-order mark": lambda text: f"\ufeff{text}",
    "one line": lambda text: " ".join(text.split()),
    "narrow": lambda text: "\n\n".join(
        textwrap.fill(part, 40, break_on_hyphens=False) for part in text.split("\n\n")
    ),
    "escaped": html.escape,
    "escaped twice": lambda text: html.escape(html.escape(text)),
    "a page": page,
    "bold words": lambda text: html.escape(text).replace("the ", '<b class="x">the</b> '),
    "json": json.dumps,
    "soft hyphens": lambda text: text.replace("oftware", "oft\u00adware"),
    "a comment": lambda text: "/*\n" + "".join(f" * {x}\n" for x in text.splitlines()) + " */",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("text", "key"), [(MIT, "mit"), (APACHE, "apache-2.0")])
def test_the_shape_of_a_text_changes_no_licence(shape: str, text: str, key: str) -> None:
    found = recognise(SHAPES[shape](text))
    assert (found.licence.key, found.how) == (key, "text")


def test_only_tags_of_html_are_taken_out() -> None:
    text = "Copyright <year> <name of author>, see <http://example.org/> if a < b and b > c & d"
    assert without_markup(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("a&nbsp;&#34;b&quot;", 'a\xa0"b"', id="entities"),
        pytest.param("a<br>b", "a\nb", id="a break is a line"),
        pytest.param("no<i>n</i>commercial", "noncommercial", id="no space inside a word"),
        pytest.param("a<script>not sold</script>b", "a b", id="what a browser hides"),
        pytest.param("&#99999999; &bogus; AT&T", "&#99999999; &bogus; AT&T", id="no entities"),
    ],
)
def test_what_is_left(text: str, plain: str) -> None:
    assert without_markup(text) == plain


@given(st.text(max_size=300))
def test_any_text_comes_out(text: str) -> None:
    assert isinstance(without_markup(text), str)
