"""JSON of small records, as msgspec and as Python's own writes it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.small_json import dumped, loaded

WHOLE = st.integers(min_value=-(10**30), max_value=10**30)
TREES = st.recursive(
    st.none()
    | st.booleans()
    | WHOLE
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda more: st.lists(more) | st.dictionaries(st.text(), more),
    max_leaves=8,
)


@given(TREES)
def test_what_is_written_is_read_again_here_and_by_anybody(tree: object) -> None:
    written = dumped(tree)
    assert loaded(written) == tree
    assert json.loads(written) == tree


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\U0001f600\ud83d"])
def test_half_a_surrogate_pair_survives(text: str) -> None:
    assert loaded(dumped({"name": text})) == {"name": text}


@pytest.mark.parametrize("data", [b"", b"{", b"[1,", b"\xff\xfe", b"nul"])
def test_what_is_no_json_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        loaded(data)


def test_bytes_are_base64() -> None:
    assert dumped({"shown": b"ab"}) == b'{"shown":"YWI="}'
