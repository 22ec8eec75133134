"""What a model is called, as its words, as whole names, and as names begin."""

from elige.catalog.search.described import Described
from elige.catalog.search.words import compact, name_words, words
from elige.records import Column

_MOST_NAMES = 20
_MOST_LETTERS = 300
# So many words from the beginning of a name.
_STARTING = 4


def name_text(one: Described) -> str:
    """The words of all names; without the author, who is no part of a model's name."""
    last, name = one.model.rpartition("/")[2], one.text(Column.NAME)
    if not one.names and name in (last, ""):
        return " ".join(dict.fromkeys(name_words(last)))
    texts = [last, name, *one.names[:_MOST_NAMES]]
    several = dict.fromkeys(texts)
    return " ".join(dict.fromkeys(word for text in several if text for word in name_words(text)))


def exact_names(one: Described) -> list[str]:
    """Each whole name, with its author and without, in letters and numbers alone."""
    last, name = one.model.rpartition("/")[2], one.text(Column.NAME)
    if not one.names and name in (last, ""):
        whole, short = compact(one.model), compact(last)
        return [whole, short] if whole != short else [whole]
    names = (one.model, last, name, *one.names)
    several = dict.fromkeys(names[:_MOST_NAMES])
    return list(dict.fromkeys([compact(name) for name in several if name]))


def name_starts(model: str) -> list[str]:
    """How its name may begin, from the first word on: 'mixtral', 'mixtral8x7b', ...

    A name may open with its author's ('Meta-Llama-3'), which few people say.
    """
    author, _, name = model.rpartition("/")
    said = words(name[:_MOST_LETTERS])
    is_signed = len(said) > 1 and said[1].isalpha() and said[0] in words(author)
    begins = [0, 1] if is_signed else [0]
    ends = range(1, _STARTING + 1)
    found = [compact("".join(said[begin : begin + end])) for begin in begins for end in ends]
    return [one for one in dict.fromkeys(found) if one]
