"""A model as people name it: its card, or names that may be meant."""

from elige.catalog.identity import identify_model
from elige.catalog.search import Query
from elige.catalog.search import search as search_index
from elige.catalog.sources.run_models import model_of
from elige.errors import BadInput, EligeError, NotFound
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
    near: list[str] = []
    try:
        query = Query(text=name, limit=_SHOWN, facets=False)
        near = [hit.model for hit in with_index(bench, lambda i: search_index(i, query), []).hits]
    except BadInput:
        pass
    hint = f"Did you mean {' or '.join(near)}?" if near else ""
    hint = hint or nearest(name.casefold(), bench.catalogue.near(name))
    return NotFound("model", name, hint=hint or _LOOK)
