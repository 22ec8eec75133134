"""Searching the catalogue: an index beside the store, questions to it, and how it keeps up."""

from elige.catalog.search.find import search
from elige.catalog.search.follow import Followed, Following, follow
from elige.catalog.search.index import IndexBroken, SearchIndex
from elige.catalog.search.query import Found, Hit, Query

__all__ = [
    "Followed",
    "Following",
    "Found",
    "Hit",
    "IndexBroken",
    "Query",
    "SearchIndex",
    "follow",
    "search",
]
