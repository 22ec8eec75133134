"""Texts written token by token, many prompts at once.

The main path is *read, pick, write*: read the prompts or the tokens written last, pick each row's
next token, write it into the row's text. Rows that are done leave, and others take their place.
"""

from collections.abc import Iterator, Sequence
from time import perf_counter

from elige.engines.torch.line import MOST_ROWS, Line, Turn
from elige.engines.torch.lockstep import Lockstep
from elige.engines.torch.network import Limits, Network
from elige.engines.torch.reading import movable_up_to
from elige.engines.torch.row import Row
from elige.engines.torch.sampler import pick
from elige.records import Piece, Sampling


def batches(network: Network, rows: Sequence[Row], limits: Limits) -> Iterator[list[Row]]:
    """Rows that are written together: all that can come and go, the others by their length."""
    most = movable_up_to(network)
    moving = [row for row in rows if row.size <= most]
    if moving:
        yield moving
    batch: list[Row] = []
    others = [row for row in rows if row.size > most]
    for row in sorted(others, key=lambda row: len(row.prompt.ids)):
        room = limits.cached // max([row.size, *(other.size for other in batch)])
        room = min(room, limits.logits, MOST_ROWS)
        alike = not batch or len(batch[0].prompt.ids) == len(row.prompt.ids)
        if batch and (len(batch) >= room or not alike):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def write(
    network: Network, rows: list[Row], sampling: Sampling, limits: Limits
) -> Iterator[tuple[Row, Piece | None]]:
    """Every row's pieces as they come; a row that is done comes once more, with None."""
    moving = max(row.size for row in rows) <= movable_up_to(network)
    reader = Line(network, rows, limits) if moving else Lockstep(network, rows, limits)
    while (turn := _next(reader, sampling)) is not None:
        for row, token in zip(*turn, strict=True):
            for piece in row.write(token):
                yield row, piece
            if row.finish is not None:
                yield row, None


def _next(reader: Line | Lockstep, sampling: Sampling) -> tuple[list[Row], list[int]] | None:
    """Rows, and the next token of each; each row bears its share of the time."""
    start = perf_counter()
    turn: Turn | None = reader.read()
    if turn is None:
        return None
    rows, logits = turn
    said = [row.ids for row in rows] if sampling.repetition_penalty != 1.0 else []
    tokens = pick(logits, said, [row.roll for row in rows], sampling)
    seconds = perf_counter() - start
    for row in rows:
        row.seconds += seconds / len(rows)
    return rows, tokens
