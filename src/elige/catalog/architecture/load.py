"""From an architecture to the numbers that memory and speed are reckoned with."""

from elige.catalog.architecture.record import Architecture
from elige.machine.cache import Kept, values_kept
from elige.machine.speed import Work, passed_values


def kept_of(architecture: Architecture) -> list[Kept] | None:
    """What each layer keeps of the tokens read, None where that is not known."""
    if not architecture.cache_known:
        return None
    return [
        Kept(token=layer.cached + layer.indexed, window=layer.window, sequence=layer.state)
        for layer in architecture.layers
    ]


def work_of(architecture: Architecture, *, context: int) -> Work | None:
    """What a token costs after `context` others, None where the weights are not known.

    The table of tokens is looked up, not multiplied, unless it serves as the head too.
    """
    kept, active = kept_of(architecture), architecture.active_parameters
    if kept is None or active is None or not architecture.layers:
        return None
    hidden, layers = architecture.hidden or 0, architecture.layers
    head = (architecture.vocabulary or 0) * hidden
    inner = architecture.inner or 4 * hidden
    return Work(
        weights=max(0, active - architecture.table + (head if architecture.tied else 0)),
        head=head,
        layers=len(layers),
        norms=sum(layer.norms for layer in layers) / len(layers),
        kept=values_kept(kept, context=context),
        look=sum(4 * layer.heads * layer.head_dim for layer in layers),
        passed=sum(
            passed_values(
                norms=layer.norms,
                hidden=hidden,
                heads=(layer.heads + layer.kv_heads) * layer.head_dim,
                inner=inner,
            )
            for layer in layers
        ),
    )
