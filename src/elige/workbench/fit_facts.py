"""A fit as an object of JSON."""

from dataclasses import asdict
from typing import Any  # JSON-like values have no better static type

from elige.catalog.architecture import Architecture
from elige.machine.cache import FORMULA as CACHE_FORMULA
from elige.machine.precision import precision
from elige.records import Fact
from elige.workbench.fit import Fit
from elige.workbench.reckoning import FitRow


def fit_facts(found: Fit) -> dict[str, Any]:
    """All that is known; unknown numbers are null, estimated ones carry their formula."""
    one = found.architecture
    kind = found.cache or precision("bf16")
    return {
        "model": found.model,
        "source": found.source,
        "parameters": one.parameters,
        "active_parameters": one.active_parameters,
        "parameters_complete": None if one.parameters is None else not one.partial,
        "kv_bytes_per_token": found.kv_bytes_per_token,
        "cache": {
            "precision": kind.name,
            "context": found.context,
            "users": found.users,
            "bytes": found.cache_bytes(kind),
            "kind": "estimated",
            "source": CACHE_FORMULA,
        },
        "architecture": architecture_facts(one),
        "memory_bytes": found.memory,
        "machine": found.machine,
        "precisions": [_row(row) for row in found.rows],
        "notes": list(found.notes),
    }


def architecture_facts(one: Architecture) -> dict[str, Any]:
    """The architecture, and each layer of it."""
    layers = [
        {
            "attention": layer.attention.value,
            "heads": layer.heads,
            "kv_heads": layer.kv_heads,
            "head_dim": layer.head_dim,
            "window": layer.window or None,
            "kv_values_per_token": layer.cached if one.cache_known else None,
            "index_values_per_token": layer.indexed,
            "state_values": layer.state,
        }
        for layer in one.layers
    ]
    looking = [layer for layer in one.layers if layer.kv_heads]
    return {
        "name": one.name,
        "layers": len(one.layers),
        "attention": one.attention.value,
        "heads": looking[0].heads if looking else None,
        "kv_heads": looking[0].kv_heads if looking else None,
        "head_dim": looking[0].head_dim if looking else None,
        "hidden": one.hidden,
        "inner": one.inner,
        "vocabulary": one.vocabulary,
        "tied_embeddings": one.tied,
        "context": one.context,
        "trained_context": one.trained_context,
        "rope_scaling": one.rope_scaling or None,
        "windows": [window or None for window in one.windows],
        "experts": one.experts,
        "experts_active": one.experts_active,
        "draft_layers": one.draft_layers,
        "per_layer": layers,
    }


def _row(row: FitRow) -> dict[str, Any]:
    need = row.need
    return {
        "precision": row.precision.name,
        "bits_per_weight": row.precision.bits,
        "bits_source": row.precision.source,
        "engine": row.precision.engine or None,
        "verdict": row.verdict.value,
        "longest_context": row.longest,
        "memory": None if need is None else {**asdict(need), "total": need.total},
        "peak_bytes": _fact(row.peak),
        "read_tokens_per_second": _fact(row.prefill),
        "written_tokens_per_second": _fact(row.decode),
    }


def _fact(fact: Fact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {
        "value": fact.value,
        "kind": fact.kind.value,
        "source": fact.source,
        "checked": fact.checked or None,
    }
