"""`fit`: what a model is built of, what memory it needs here, and how fast it would be."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from elige.catalog.architecture import Architecture
from elige.catalog.architecture.load import kept_of
from elige.catalog.architecture.source import (
    Described,
    described_file,
    described_folder,
    described_gguf,
)
from elige.errors import BadInput, EligeError
from elige.loader.candidate import parse_candidate
from elige.machine.cache import values_kept
from elige.machine.measures import BATCHED, PEAK, READ, SCORED, WRITTEN
from elige.machine.precision import SHOWN, Precision, cache_precision, precision
from elige.records import Candidate, RefKind
from elige.workbench.bench import Workbench
from elige.workbench.measured import (
    Measured,
    here,
    measured_machine,
    measured_model,
    model_key,
    note,
)
from elige.workbench.reckoning import READ_TOKENS, FitOptions, FitRow, Reckoning
from elige.workbench.trial import run_trial

USUAL_CONTEXT = 2048
_MOST_CONTEXT, _MOST_USERS = 100_000_000, 1_000_000
_NEW_TOKENS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a model is and needs. `memory` is what it is held against, in bytes."""

    model: str
    source: str
    architecture: Architecture
    context: int
    users: int
    memory: int
    cache: Precision | None
    rows: tuple[FitRow, ...]
    machine: str = ""
    notes: tuple[str, ...] = ()

    @property
    def parameters(self) -> int | None:
        """All weights; None where that is not known."""
        return self.architecture.parameters

    @property
    def active_parameters(self) -> int | None:
        """The weights that work on one token; None where that is not known."""
        return self.architecture.active_parameters

    @property
    def kv_bytes_per_token(self) -> int | None:
        """Bytes of keys and values of a token, every layer counted: at two bytes a value.

        Where the cache's precision was given, in that.
        """
        values = self.architecture.kv_values_per_token
        if values is None or self.cache is None:
            return self.architecture.kv_bytes_per_token
        return self.cache.bytes_of(values)

    def cache_bytes(self, kind: Precision) -> int | None:
        """Bytes that the cache of all users takes in `kind`, windows considered."""
        kept = kept_of(self.architecture)
        if kept is None:
            return None
        return kind.bytes_of(values_kept(kept, context=self.context) * self.users)


def fit_model(bench: Workbench, model: str, options: FitOptions | None = None) -> Fit:
    """Whether `model` (a reference, a config.json, a folder, a GGUF) fits, and how fast it is.

    Raises `BadInput` for what cannot be read and for options that make no sense, `NotFound` for a
    model that is not there.
    """
    asked = _checked(options or FitOptions())
    chosen = [precision(name) for name in asked.precisions or SHOWN]
    cache = cache_precision(asked.cache) if asked.cache else None
    candidate, described = _described(bench, model)
    if described.stored is not None and not asked.precisions:
        chosen.insert(0, described.stored)
    found = described.architecture
    context = asked.context or min(USUAL_CONTEXT, found.context or USUAL_CONTEXT)
    use = replace(asked, context=context)
    machine = here(bench)
    speeds = _speeds(bench, machine)
    estimated = Reckoning(bench, described, use, speeds)
    notes = [*found.notes, *_context_note(found, context)]
    if speeds is None:
        notes.append("Speeds are unknown: measure this machine once with: elige doctor --measure")
    if asked.measure:
        _measure(bench, candidate, chosen, machine)
    rows = [estimated.row(one, cache) for one in chosen]
    if candidate is not None:
        rows = [_replaced(bench, candidate, machine, row) for row in rows]
    return Fit(
        model=model,
        source=described.source,
        architecture=found,
        context=context,
        users=asked.users,
        memory=estimated.memory,
        cache=cache,
        rows=tuple(rows),
        machine=machine,
        notes=tuple(notes),
    )


def _checked(options: FitOptions) -> FitOptions:
    if not 0 <= options.context <= _MOST_CONTEXT:
        raise BadInput(
            f"A context of {options.context} tokens makes no sense.",
            hint=f"Give between 1 and {_MOST_CONTEXT:,}.",
        )
    if not 1 <= options.users <= _MOST_USERS:
        raise BadInput(
            f"{options.users} users make no sense.", hint=f"Give between 1 and {_MOST_USERS:,}."
        )
    return options


def _described(bench: Workbench, model: str) -> tuple[Candidate | None, Described]:
    """The candidate that `model` names, None for a bare configuration, and what describes it."""
    path, environment = _file(model), bench.settings.environment
    if path is not None:
        return None, described_file(path, environment)
    candidate = parse_candidate(model)
    place = bench.loader.models.place(candidate.ref)
    if candidate.ref.kind is RefKind.HUB:
        return candidate, replace(
            described_file(place, environment), source=f"{model}: config.json"
        )
    if place.is_dir():
        return candidate, described_folder(place, environment)
    if place.suffix.lower() != ".gguf":
        return None, described_file(place, environment)
    described = described_gguf(place, environment)
    dense = 4 * (described.architecture.parameters or 0)  # it is kept here as dense fp32
    return candidate, replace(described, stored_bytes=dense)


def _file(model: str) -> Path | None:
    """The configuration file that `model` is the path of, if it is one."""
    with suppress(OSError, ValueError, RuntimeError):
        path = Path(model).expanduser()
        if path.is_file() and path.suffix.lower() not in {".gguf", ".safetensors"}:
            return path
        is_missing = path.suffix.lower() == ".json" and not path.exists()
        if is_missing:
            raise BadInput(f"There is no file {model}.", hint="Check its name, or name a model.")
    return None


def _context_note(found: Architecture, context: int) -> list[str]:
    if found.context is not None and context > found.context:
        return [f"It was made for {found.context:,} tokens of context, fewer than {context:,}."]
    return []


def _speeds(bench: Workbench, machine: str) -> Measured | None:
    with suppress(EligeError):  # without a store nothing was ever measured
        return measured_machine(bench, machine)
    return None


def _measure(
    bench: Workbench, candidate: Candidate | None, chosen: list[Precision], machine: str
) -> None:
    if candidate is None:
        raise BadInput(
            "A bare configuration has no weights that could be run.",
            hint="Leave --measure out, or give a model with weights.",
        )
    for kind in chosen:
        if not kind.engine:
            continue
        bench.say(f"running {candidate.ref.text} in {kind.name}")
        text = f"{candidate.ref.text},dtype={kind.name}"
        trial = run_trial(bench, text, tokens=READ_TOKENS, new=_NEW_TOKENS)
        info = bench.loader.describe(replace(candidate, dtype=kind.name))
        values = {PEAK: float(trial.peak_bytes), READ: trial.read, WRITTEN: trial.written}
        note(bench, model_key(info), machine, values)


def _replaced(bench: Workbench, candidate: Candidate, machine: str, row: FitRow) -> FitRow:
    """The row with what was measured in place of what is estimated."""
    if not row.precision.engine:
        return row
    with suppress(EligeError):
        known = measured_model(bench, replace(candidate, dtype=row.precision.name), machine)
        return replace(
            row,
            peak=known.get(PEAK, row.peak),
            prefill=known.get(READ) or known.get(SCORED, row.prefill),
            decode=known.get(WRITTEN) or known.get(BATCHED, row.decode),
        )
    return row
