"""The text of a search as a query: all words, names first; near spellings where none has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elige.catalog.search.filters import count_of
from elige.catalog.search.schema import POPULAR, key, schema
from elige.catalog.search.words import compact, words

if TYPE_CHECKING:
    from tantivy import Query as Asked
    from tantivy import Searcher

MOST_WORDS = 16
# A word that fewer models have may be a slip.
_FEW = 3
_SHORTEST_FUZZY = 4
_LONG_WORD = 8
# What an exact name with its author counts, a word in a name, and one that begins so.
_EXACT, IN_NAME, _PREFIX = 1000.0, 2.0, 0.5
# In units of a rank before popularity, of some ten for each word: what a name counts that begins
# with the whole text, and what one counts that is the whole text, for each word of it up to the
# fourth. Anybody can give a model of theirs a name without its author: 'llama' means a family, and
# its makers' models if they are loaded a thousand times as often; a name of four words one model.
START, _CALLED, _MOST_CALLED = 8.0, 3.0, 12.0


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text: `terms` in their order.

    `slips` are those of them that hardly any model has, and how many letters are changed to find
    another.
    """

    text: str
    terms: tuple[str, ...]
    slips: Mapping[str, int]
    cut: int = 0


def read(text: str, searcher: "Searcher") -> Wording:
    """What `text` asks for; more than MOST_WORDS words are cut off and counted."""
    found = list(dict.fromkeys(words(text)))
    terms = tuple(found[:MOST_WORDS])
    slips = {
        term: _distance(term, searcher)
        for term in terms
        if len(term) >= _SHORTEST_FUZZY
        and term.isalpha()
        and searcher.doc_freq("text", term) < _FEW
    }
    return Wording(text=text, terms=terms, slips=slips, cut=len(found) - len(terms))


def asked_of(wording: Wording, *, least: int | None = None) -> "Asked":
    """Models that have all the words, or at least `least` of them; the exact name far in front."""
    from tantivy import Occur
    from tantivy import Query as Asked

    # Who has a word has it once, so among all words' holders only the length of their text would
    # rank: of names that is worth something, of tags it is not.
    each = [
        _term(term, wording.slips[term])
        if term in wording.slips
        else Asked.const_score_query(_term(term, 0), 1.0)
        for term in wording.terms
    ]
    if least is None:
        must = [(Occur.Must, one) for one in each]
    else:
        some = Asked.boolean_query([(Occur.Should, one) for one in each], least)
        must = [(Occur.Must, some)]
    named = [
        (Occur.Should, Asked.boost_query(_field("name", term), IN_NAME)) for term in wording.terms
    ]
    whole = [
        Asked.const_score_query(_field("key", key(wording.text)), _EXACT),
        Asked.const_score_query(_called(wording), min(_MOST_CALLED, _CALLED * len(wording.terms))),
        Asked.const_score_query(_field("start", compact(wording.text)), START),
    ]
    return Asked.boolean_query([*must, *named, *((Occur.Should, one) for one in whole)])


def counted(wording: Wording, *, least: int | None = None) -> "Asked":
    """The same models without the parts that only rank them."""
    from tantivy import Occur
    from tantivy import Query as Asked

    each = [_term(term, wording.slips.get(term, 0)) for term in wording.terms]
    occur = Occur.Must if least is None else Occur.Should
    return Asked.boolean_query([(occur, one) for one in each], least)


def most_with_text(wording: Wording, searcher: "Searcher") -> int:
    """A number that those who have all the words cannot pass: the rarest word's."""
    known = (searcher.doc_freq("text", term) for term in wording.terms if term not in wording.slips)
    return min(known, default=searcher.num_docs)


def in_name(wording: Wording) -> "Asked":
    """Models with one of the words in their name, or called so exactly; it counts no rank."""
    return _any([*(_field("name", term) for term in wording.terms), _called(wording)])


def popular_or_called(wording: Wording) -> "Asked":
    """Models that many load, or that are called so exactly; it counts no rank."""
    return _any([_field("mark", POPULAR), _called(wording)])


def _any(asked: "list[Asked]") -> "Asked":
    from tantivy import Occur
    from tantivy import Query as Asked

    some = Asked.boolean_query([(Occur.Should, one) for one in asked])
    return Asked.const_score_query(some, 0.0)


def _called(wording: Wording) -> "Asked":
    return _field("exact", compact(wording.text))


def _distance(term: str, searcher: "Searcher") -> int:
    """Two only in long words, and only where no name is one letter away."""
    from tantivy import Query as Asked

    if len(term) < _LONG_WORD:
        return 1
    near = Asked.fuzzy_term_query(schema(), "name", term, 1)
    return 1 if count_of(near, searcher) else 2


def _term(term: str, distance: int) -> "Asked":
    if not distance:
        return _field("text", term)
    from tantivy import Occur
    from tantivy import Query as Asked

    spelt = Asked.fuzzy_term_query(schema(), "name", term, distance)
    begun = Asked.fuzzy_term_query(schema(), "name", term, 0, prefix=True)
    kinds: Sequence[Asked] = (
        Asked.boost_query(_field("text", term), IN_NAME),
        spelt,
        Asked.boost_query(begun, _PREFIX),
    )
    return Asked.boolean_query([(Occur.Should, one) for one in kinds])


def _field(name: str, value: str) -> "Asked":
    from tantivy import Query as Asked

    return Asked.term_query(schema(), name, value, "basic")
