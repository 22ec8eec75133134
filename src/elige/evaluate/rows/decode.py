"""Bytes into text: UTF-8, or what a byte-order mark or the user says."""

import codecs

from elige.errors import BadInput
from elige.evaluate.rows.content import Content

# Longest first: UTF-32's mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_LOOKED_AT = 65_536


def decoded(content: Content, encoding: str = "") -> str:
    """The text of `content`, its byte-order mark removed.

    Raises `BadInput` for binary data, for NUL bytes, and for bytes that are not in the encoding,
    with the place of the first one and the command that converts the file.
    """
    data = content.data
    chosen = _known(encoding) if encoding else _marked(data)
    if not chosen:
        _refuse_nul(content)
    try:
        return data.decode(chosen or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _undecodable(content, error, chosen) from error


def _known(encoding: str) -> str:
    try:
        info = codecs.lookup(encoding)
    except LookupError:
        info = None
    # `rot13` and the like are codecs too, but not of text.
    if info is None or not getattr(info, "_is_text_encoding", True):
        raise BadInput(
            f"There is no encoding {encoding!r}.", hint="For example: utf-8, utf-16, windows-1252."
        )
    return info.name


def _marked(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    return ""


def _undecodable(content: Content, error: UnicodeDecodeError, chosen: str) -> BadInput:
    data = content.data
    line = data.count(b"\n", 0, error.start) + 1
    if not chosen and _looks_binary(data):
        return _binary(content.path)
    if chosen:
        return BadInput(
            f"{content.path} is not {chosen}: byte {error.start + 1} does not belong there.",
            hint="Give the right one with --encoding, for example --encoding windows-1252.",
        )
    return BadInput(
        f"{content.path}, line {line}: byte {error.start + 1} (0x{data[error.start]:02X}) is not "
        "UTF-8; the file may be Latin-1 or Windows-1252.",
        hint=f"Add --encoding windows-1252, or convert it: "
        f"iconv -f WINDOWS-1252 -t UTF-8 {content.path} > utf8{content.suffix}",
    )


def _refuse_nul(content: Content) -> None:
    data = content.data
    place = data.find(b"\x00")
    if place < 0:
        return
    head = data[:_LOOKED_AT]
    zeros = (head[::2].count(0), head[1::2].count(0))
    if max(zeros) > 0.3 * len(head) / 2 and min(zeros) < 0.05 * len(head) / 2:
        order = "le" if zeros[1] > zeros[0] else "be"
        raise BadInput(
            f"{content.path} looks like UTF-16 without a byte-order mark.",
            hint=f"Add --encoding utf-16-{order}.",
        )
    if _looks_binary(data):
        raise _binary(content.path)
    line = data.count(b"\n", 0, place) + 1
    raise BadInput(
        f"{content.path}, line {line}: byte {place + 1} is NUL, which no text holds.",
        hint=f"Remove them: tr -d '\\000' < {content.path} > clean{content.suffix}",
    )


def _looks_binary(data: bytes) -> bool:
    """Whether more than one byte in twenty is a control character (text has next to none)."""
    head = data[:_LOOKED_AT]
    return len(head) - len(head.translate(None, _CONTROL)) > len(head) / 20


def _binary(path: str) -> BadInput:
    return BadInput(
        f"{path} is a binary file of no known kind.",
        hint="Give CSV, TSV, JSONL, JSON or Parquet, packed with gzip or not.",
    )
