"""A text without what a web page, a terminal or a program wrapped it in."""

import html
import re

# Only tags of HTML: "<name of author>" and "<http://fsf.org/>" stand in licences themselves.
_BLOCK = re.compile(
    r"</?(?:html|head|body|title|meta|link|div|p|br|hr|pre|h[1-6]|[uod]l|li|dt|dd|table|tbody|t[rdh]"
    r"|section|article|header|footer|main|nav|blockquote|center)\b(?:[^<>\"]|\"[^\"]*\")*>",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|small|code|tt|sup|sub|abbr|cite)"
    r"(?:\s(?:[^<>\"]|\"[^\"]*\")*)?/?>",
    re.IGNORECASE,
)
_UNREAD = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<!doctype[^>]*>", re.I | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)
_BREAK = re.compile(r"\r\n?")
# Soft hyphens, spaces of no width and byte-order marks.
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def without_markup(text: str) -> str:
    """`text` in lines, without HTML, entities, escapes of JSON, and letters that nobody sees."""
    plain = _BREAK.sub("\n", text)
    if "\\n" in plain and "\n" not in plain.strip():
        plain = plain.replace("\\n", "\n").replace('\\"', '"')
    for _ in range(2):  # a page may show the source of a page
        plain = _without_tags(plain) if "<" in plain else plain
        plain = _ENTITY.sub(lambda found: html.unescape(found[0]), plain) if "&" in plain else plain
    return _UNSEEN.sub("", plain)


def _without_tags(text: str) -> str:
    return _INLINE.sub("", _BLOCK.sub("\n", _UNREAD.sub(" ", text)))
