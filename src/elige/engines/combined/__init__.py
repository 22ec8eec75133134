"""Several opened engines as one: a cascade, a router, an ensemble."""

from elige.engines.combined.cascade import Cascade
from elige.engines.combined.engine import CombinedEngine, combined_info
from elige.engines.combined.ensemble import Ensemble
from elige.engines.combined.features import SIZE, features
from elige.engines.combined.reading import Reading, margin, said
from elige.engines.combined.router import Router
from elige.engines.combined.rule import Question, Rule, billed

__all__ = [
    "SIZE",
    "Cascade",
    "CombinedEngine",
    "Ensemble",
    "Question",
    "Reading",
    "Router",
    "Rule",
    "billed",
    "combined_info",
    "features",
    "margin",
    "said",
]
