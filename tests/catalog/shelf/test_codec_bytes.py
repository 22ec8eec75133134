"""Texts packed against the words that they share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.shelf.codec_bytes import VERSION, is_known, packed, unpacked


@given(st.binary(max_size=2_000))
def test_every_text_comes_back(text: bytes) -> None:
    data = packed(text)
    assert is_known(data)
    assert unpacked(data) == text


def test_what_entries_share_takes_few_bytes() -> None:
    text = (
        b'["o/m",{"tags":["transformers","safetensors","text-generation"],"licence":"apache-2.0"}]'
    )
    assert len(packed(text)) < len(text) / 2


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bytes((VERSION,)) + b"\xff\xff\xff\xff1234", id="longer than anything"),
        pytest.param(bytes((VERSION,)) + b"\x09\0\0\0\xf0", id="cut short"),
        pytest.param(b"\x01\xff\xff", id="no deflate"),
    ],
)
def test_other_bytes_are_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpacked(data)
