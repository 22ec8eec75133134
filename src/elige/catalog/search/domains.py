"""What a model is for, from the words of its names, tags, data sets and parents."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from elige.catalog.remembered import Remembered
from elige.catalog.search.words import chunks, folded, name_words
from elige.catalog.shipped import shipped
from elige.records import Column
from elige.records.card import Relation, Value
from elige.text import nearest

# Two languages besides English are no specialisation any more.
_OWN_LANGUAGES = 1
_LONGEST = 300
# A way to merge models, and no shares.
_NO_SIGN = re.compile(r"model[-_ ]?stock", re.IGNORECASE)
_RUN = re.compile(r"[^\W_]+")


def domain_texts(
    model: str, values: Mapping[Column, Value], relations: Iterable[Relation]
) -> Iterator[str]:
    """Where a domain's words are looked for."""
    last = model.rpartition("/")[2]
    yield last
    for one in relations:
        yield one.parent.rpartition("/")[2]
    name = values.get(Column.NAME)
    if isinstance(name, str) and name != last:
        yield name
    for column in (Column.TAGS, Column.DATASETS):
        found = values.get(column)
        if isinstance(found, tuple):
            yield from found


def domains_in(texts: Iterable[str], languages: Iterable[str]) -> tuple[str, ...]:
    """What a model is made for: medicine, law, mathematics, code, finance, or a language's name.

    `texts` are its names, tags, data sets and parents, in whose words `domains.yaml` lists those
    that tell; a model of one language besides English is for that language. Nothing found says
    nothing.
    """
    kept = _BY_TEXT
    found = {domain: None for text in texts for domain in kept[text]}
    if not languages:
        return tuple(found)
    codes = {one.lower().partition("-")[0] for one in languages if isinstance(one, str)}
    if "code" in codes:
        found["code"] = None
    own = codes - {"en", "code", "multilingual"}
    if len(own) == _OWN_LANGUAGES and (named := _by_code().get(next(iter(own)))):
        found[named] = None
    return tuple(found)


def known_domains() -> tuple[str, ...]:
    """Every domain there is a word for."""
    table = shipped("search/domains.yaml")
    return (*table["domains"], *table["languages"])


def domain_named(text: str) -> str:
    """The domain that `text` names: itself, or by a word that tells: 'derecho' is 'law'."""
    plain = folded(text.strip())
    told = _text_domains(plain[:_LONGEST])
    return told[0] if plain not in known_domains() and len(told) == 1 else plain


def language_code(text: str) -> str:
    """The code of a language by its name, in English or its own, or by its code.

    'Spanish' and 'español' are 'es'.
    """
    plain = folded(text.strip())
    rows = shipped("search/domains.yaml")["languages"]
    name = domain_named(plain)
    return "en" if plain == "english" else str(rows[name]["code"]) if name in rows else plain


def nearest_language(text: str) -> str:
    """'Did you mean X?' for the language whose name is nearest; '' where none is near."""
    return nearest(folded(text.strip()), ("english", *shipped("search/domains.yaml")["languages"]))


@cache
def _by_code() -> dict[str, str]:
    rows = shipped("search/domains.yaml")["languages"]
    return {row["code"]: name for name, row in rows.items()}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = shipped("search/domains.yaml")
    rows = {name: "|".join(parts) for name, parts in table["domains"].items()}
    rows |= {name: row["words"] for name, row in table["languages"].items()}
    return tuple((name, re.compile(pattern)) for name, pattern in rows.items())


@cache
def _any_domain() -> re.Pattern[str]:
    """All patterns in one, which most words do not match."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _patterns()))


def _text_domains(text: object) -> tuple[str, ...]:
    if not isinstance(text, str):  # among the tags of somebody's source
        return ()
    text = text[:_LONGEST]
    if "tock" in text:
        text = _NO_SIGN.sub(" ", text)
    parts = chunks(text)
    if parts is None:
        return _chunk_domains(text)
    by_chunk = _BY_CHUNK
    return tuple({domain: None for part in parts for domain in by_chunk[part]})


def _chunk_domains(text: str) -> tuple[str, ...]:
    """The domains of all words of a text, the same whether its parts are read together or apart."""
    kept = _BY_WORD
    several = (*name_words(text), *_RUN.findall(folded(text)))
    return tuple({domain: None for word in several for domain in kept[word]})


def _word_domains(word: str) -> tuple[str, ...]:
    if len(word) < 3 or word.isdecimal() or _any_domain().fullmatch(word) is None:
        return ()
    return tuple(name for name, pattern in _patterns() if pattern.fullmatch(word))


_BY_TEXT = Remembered[object, tuple[str, ...]](_text_domains, 50_000)
_BY_CHUNK = Remembered(_chunk_domains, 50_000)
_BY_WORD = Remembered(_word_domains, 200_000)
