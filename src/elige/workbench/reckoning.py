"""Reckons what a model needs and does in one precision, from its architecture and the machine."""

from dataclasses import dataclass

from elige.catalog.architecture.load import work_of
from elige.catalog.architecture.sizes import sizes_of
from elige.catalog.architecture.source import Described
from elige.loader.opener import usable_gpus
from elige.machine.memory import FORMULA, MemoryNeed
from elige.machine.need import Fits, Sizes, Use, need_of, verdict
from elige.machine.precision import Precision, precision
from elige.machine.speed import (
    DECODE_FORMULA,
    MATRIX_FORMULA,
    PREFILL_FORMULA,
    STREAM_FORMULA,
    Work,
    decode_rate,
    matrix_rate,
    prefill_rate,
    stream_rate,
)
from elige.records import Fact, FactKind
from elige.workbench.bench import Workbench
from elige.workbench.measured import Measured

READ_TOKENS = 512  # of the text whose reading is timed
PEAK_FORMULA = f"{FORMULA} + mapped files of the weights"
_MOST_CONTEXT = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """What is asked: tokens of context for each of `users` at once, in `memory` bytes (0: free).

    `precisions` are names, none for the usual ones; `cache` is what keys and values are kept in,
    '' for what the precision would keep them in.
    """

    context: int = 0
    users: int = 1
    memory: int = 0
    precisions: tuple[str, ...] = ()
    cache: str = ""
    measure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRow:
    """One precision. Numbers are None where they cannot be told; each fact says how it is known.

    `longest` is the longest context that fits for so many users. `prefill` and `decode` are tokens
    a second, read and written, of one text.
    """

    precision: Precision
    verdict: Fits
    need: MemoryNeed | None = None
    longest: int | None = None
    peak: Fact | None = None
    prefill: Fact | None = None
    decode: Fact | None = None


class Reckoning:
    """What one model needs and does in any precision, reckoned from its architecture."""

    def __init__(
        self, bench: Workbench, described: Described, asked: FitOptions, speeds: Measured | None
    ) -> None:
        self._found = described.architecture
        self._asked = asked
        self._speeds = speeds
        self._on_cpu = not usable_gpus(bench.settings)
        self.memory = asked.memory or bench.loader.free_bytes()
        self._sizes = _sizes(described)
        self._work = work_of(self._found, context=asked.context)

    def row(self, kind: Precision, cache: Precision | None) -> FitRow:
        """Memory and speed in one precision."""
        kept = cache or (kind if kind.name == "fp32" else precision("bf16"))
        if self._sizes is None:
            return FitRow(precision=kind, verdict=Fits.UNKNOWN)
        use = Use(context=self._asked.context, users=self._asked.users, cache=kept)
        need = need_of(self._sizes, kind, use, on_cpu=self._on_cpu)
        most = self._found.context or _MOST_CONTEXT
        fits, longest = verdict(self._sizes, need, use, memory=self.memory, most=most)
        peak = Fact(value=need.peak, kind=FactKind.ESTIMATED, source=PEAK_FORMULA)
        prefill, decode = self._rates(kind, kept)
        return FitRow(
            precision=kind,
            verdict=fits,
            need=need,
            longest=longest,
            peak=peak,
            prefill=prefill,
            decode=decode,
        )

    def _rates(self, kind: Precision, kept: Precision) -> tuple[Fact | None, Fact | None]:
        if self._work is None or self._speeds is None or not self._work.weights:
            return None, None
        tokens = min(READ_TOKENS, self._asked.context)
        bytes_each, value = kind.bits / 8, kept.bits / 8
        machine = self._speeds.speed(kind.name) if kind.engine else None
        if machine is not None:
            return (
                _estimated(prefill_rate(machine, self._work, tokens=tokens), PREFILL_FORMULA),
                _estimated(
                    decode_rate(machine, self._work, weight_bytes=bytes_each, value_bytes=value),
                    DECODE_FORMULA,
                ),
            )
        return self._streamed(self._work, bytes_each, value, tokens)

    def _streamed(
        self, work: Work, weight_bytes: float, value_bytes: float, tokens: int
    ) -> tuple[Fact | None, Fact | None]:
        """For engines that are not elige's: bounded by memory and by matrix products alone."""
        speeds = self._speeds
        if speeds is None or not speeds.bandwidth:
            return None, None
        operations = speeds.values.get("operations.fp32", 0.0)
        read = matrix_rate(operations, work, tokens=tokens) if operations else None
        wrote = stream_rate(
            speeds.bandwidth, work, weight_bytes=weight_bytes, value_bytes=value_bytes
        )
        return (
            None if read is None else _estimated(read, MATRIX_FORMULA),
            _estimated(wrote, STREAM_FORMULA),
        )


def _estimated(value: float, formula: str) -> Fact:
    return Fact(value=value, kind=FactKind.ESTIMATED, source=formula)


def _sizes(described: Described) -> Sizes | None:
    found = described.architecture
    if found.parameters is None or not found.cache_known:
        return None
    return sizes_of(found, parameters=found.parameters, stored_bytes=described.stored_bytes)
