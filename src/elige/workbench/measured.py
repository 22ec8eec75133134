"""Speeds and peaks that were measured on this machine, kept in the store and found again."""

from collections.abc import Iterable
from dataclasses import dataclass

from elige.config import today
from elige.errors import EligeError
from elige.evaluate.entrant import Entrant
from elige.machine.facts import MachineFacts, machine_facts, usable_cores
from elige.machine.measures import BATCHED, BY_TRIAL, IN_RUNS, SCORED
from elige.machine.speed import PROBE_HIDDEN, PROBE_TOKENS, MachineSpeed, machine_speed
from elige.records import Candidate, EngineInfo, Fact, FactKind, RefKind
from elige.text import digest
from elige.workbench.bench import Workbench

_MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rates and times of this machine by name (`bandwidth`, `read.fp32`, ...), and when."""

    values: dict[str, float]
    date: str

    @property
    def bandwidth(self) -> float:
        """Bytes read a second."""
        return self.values.get("bandwidth", 0.0)

    def speed(self, precision: str) -> MachineSpeed | None:
        """What estimates in a precision are made of, None where it was not measured."""
        return machine_speed(self.values, precision)

    def facts(self) -> dict[str, object]:
        """The two numbers that people ask for, in GB/s and GFLOP/s, and all of them."""
        arithmetic = {
            name.partition(".")[2]: value / 1e9
            for name, value in self.values.items()
            if name.startswith("operations.")
        }
        return {
            "bandwidth_gb_per_second": self.bandwidth / 1e9,
            "gflop_per_second": arithmetic,
            "measured": self.values,
            "date": self.date,
        }


def machine_name(machine: MachineFacts) -> str:
    """What measurements on this machine are kept under: its processors, those of graphics too."""
    return " + ".join(
        [f"{machine.cpu}, {machine.cores} cores", *(one.name for one in machine.gpus)]
    )


def here(bench: Workbench) -> str:
    """The name of this machine."""
    return machine_name(machine_facts(bench.settings.home, bench.settings.environment))


def measure_machine(bench: Workbench) -> Measured:
    """Measure the machine and keep the numbers; what was kept before stays beside them."""
    try:
        from elige.engines.torch.speed import measure

        values = measure(usable_cores(), hidden=PROBE_HIDDEN, tokens=PROBE_TOKENS, say=bench.say)
    except ModuleNotFoundError:
        from elige.machine.arithmetic import measure_plain

        values = measure_plain()
    machine, date = here(bench), today()
    for name, value in values.items():
        bench.store.save_measure(_MACHINE, machine, name, value, date)
    return Measured(values=values, date=date)


def measured_machine(bench: Workbench, machine: str) -> Measured | None:
    """What was measured of this machine last, None when it never was."""
    if not bench.settings.has_store:
        return None
    newest: dict[str, float] = {}
    date = ""
    for one in bench.store.measures(_MACHINE):
        if one.machine == machine and one.name not in newest:
            newest[one.name] = one.value
            date = max(date, one.date)
    return Measured(values=newest, date=date) if newest else None


def model_key(info: EngineInfo) -> str:
    """What measurements of a model are kept under: its weights, precision and engine."""
    identity = info.identity
    return digest([identity.weights, identity.precision, identity.engine])


def note(bench: Workbench, key: str, machine: str, values: dict[str, float]) -> None:
    """Keep what was measured of a model."""
    for name, value in values.items():
        if value > 0:
            bench.store.save_measure(key, machine, name, value, today())


def note_paces(bench: Workbench, entrants: Iterable[Entrant]) -> None:
    """Keep how fast the models that ran here read and wrote, from the answers of their runs."""
    local = [one for one in entrants if one.info.identity.engine not in {"echo", "remote"}]
    machine = here(bench) if local else ""
    for one in local:
        wrote = bench.store.pace(one.hash, weighed=False)
        weighed = bench.store.pace(one.hash, weighed=True)
        values = {}
        if wrote.seconds:
            values[BATCHED] = wrote.completion_tokens / wrote.seconds
        if weighed.seconds:
            values[SCORED] = weighed.prompt_tokens / weighed.seconds
        note(bench, model_key(one.info), machine, values)


def measured_model(bench: Workbench, candidate: Candidate, machine: str) -> dict[str, Fact]:
    """What was measured of a model on this machine, by name; nothing for one that cannot run.

    Its files are hashed only where anything was measured at all.
    """
    is_known = bench.settings.has_store and candidate.ref.kind is not RefKind.HUB
    if not is_known or not bench.store.has_measures(machine):
        return {}
    try:
        key = model_key(bench.loader.describe(candidate))
    except EligeError:
        return {}
    found: dict[str, Fact] = {}
    for one in bench.store.measures(key):
        if one.machine == machine and one.name not in found:
            how = IN_RUNS.get(one.name, BY_TRIAL)
            found[one.name] = Fact(
                value=one.value,
                kind=FactKind.MEASURED,
                source=f"{how} ({machine})",
                checked=one.date,
            )
    return found
