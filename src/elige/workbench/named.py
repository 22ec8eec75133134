"""A model as people name it: its card, or names that may be meant."""

from elige.catalog.identity import identify_model
from elige.catalog.search import Query
from elige.catalog.search import search as search_index
from elige.catalog.sources.run_models import model_of
from elige.errors import EligeError, NotFound
from elige.loader.candidate import parse_candidate
from elige.records import Card, Catalogue
from elige.text import nearest
from elige.workbench.bench import Workbench
from elige.workbench.models_search import with_index

_LOOK = "Look for it: elige models search; or read more: models sync."
_SHOWN = 3


def card_named(catalogue: Catalogue, name: str) -> Card | None:
    """The card of what `name` means: a key, another name of a model, or a reference to one."""
    plain = name.partition("@")[0].strip()
    found = catalogue.card(plain) or catalogue.card(identify_model(plain) or plain)
    return found or card_of_reference(catalogue, name)


def card_of_reference(catalogue: Catalogue, asked: str) -> Card | None:
    """The card of what a candidate's reference runs: a folder, a file, an endpoint's model."""
    try:
        return catalogue.card(model_of(parse_candidate(asked)).model)
    except (EligeError, ValueError):
        return None


def not_known(bench: Workbench, name: str) -> NotFound:
    """That nothing is known of `name`, with the names that a search finds for it."""
    query = Query(text=name, limit=_SHOWN, facets=False)
    found = with_index(bench, lambda index: search_index(index, query), [])
    near = " or ".join(hit.model for hit in found.hits)
    if near and not found.relaxed:
        return NotFound("model", name, hint=f"Did you mean {near}?")
    hint = nearest(name.casefold(), bench.catalogue.near(name))
    return NotFound("model", name, hint=hint or _LOOK)
