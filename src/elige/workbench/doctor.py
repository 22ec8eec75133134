"""What this machine has, which engines work, what is missing and the line that installs it."""

from contextlib import suppress
from dataclasses import dataclass

from elige.errors import EligeError
from elige.evaluate.sandbox import why_unavailable
from elige.loader.packages import PACKAGED, is_installed
from elige.machine.facts import MachineFacts, machine_facts
from elige.machine.packages import Extra, extras
from elige.text import human_bytes
from elige.workbench.bench import Workbench
from elige.workbench.measured import Measured, machine_name, measured_machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: whether it is well, what was found, and the line that mends it.

    What is `optional` may well be missing: nothing that was asked for needs it.
    """

    name: str
    ok: bool
    found: str
    mend: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The machine, every check in the order of importance, and its speed where it was measured."""

    machine: MachineFacts
    checks: tuple[Check, ...]
    measured: Measured | None = None

    @property
    def healthy(self) -> bool:
        """Whether nothing is missing that is needed."""
        return all(check.ok or check.optional for check in self.checks)


def diagnose(bench: Workbench) -> Diagnosis:
    """Everything `elige doctor` tells; nothing is loaded, downloaded or changed but the home."""
    machine = machine_facts(bench.settings.home, bench.settings.environment)
    checks = [
        _home(bench, machine),
        *(_extra(one, bench) for one in extras()),
        *(_packaged(name) for name in PACKAGED),
        _gpu(machine),
        _sandbox(),
    ]
    with suppress(EligeError):  # the check of the home says what is wrong with it
        measured = measured_machine(bench, machine_name(machine))
        return Diagnosis(machine=machine, checks=tuple(checks), measured=measured)
    return Diagnosis(machine=machine, checks=tuple(checks))


def _home(bench: Workbench, machine: MachineFacts) -> Check:
    try:
        bench.store.runs(1)
    except EligeError as error:
        return Check(name="home", ok=False, found=str(error), mend=error.hint)
    free = human_bytes(machine.disk_free_bytes)
    return Check(name="home", ok=True, found=f"{bench.settings.home} ({free} free)")


def _extra(one: Extra, bench: Workbench) -> Check:
    if one.is_installed:
        versions = ", ".join(f"{name} {version}" for name, version in one.versions.items())
        return Check(name=one.name, ok=True, found=f"{one.purpose}: {versions}")
    missing = ", ".join(one.missing)
    return Check(
        name=one.name,
        ok=False,
        found=f"{one.purpose}: missing {missing}",
        mend=one.install_line,
        optional=one.name != "postgres" or not bench.settings.database_url,
    )


def _packaged(name: str) -> Check:
    return Check(
        name=name,
        ok=is_installed(name),
        found="installed" if is_installed(name) else "not installed",
        mend=PACKAGED[name].install_line,
        optional=True,
    )


def _sandbox() -> Check:
    why = why_unavailable()
    found = f"code of models cannot be run: {why}" if why else "code of models is run in bubblewrap"
    return Check(name="sandbox", ok=not why, found=found, mend="apt install bubblewrap")


def _gpu(machine: MachineFacts) -> Check:
    if not machine.gpus:
        return Check(name="gpu", ok=True, found="none; local models run on the processor")
    names = ", ".join(f"{gpu.name}, {human_bytes(gpu.memory_bytes)}" for gpu in machine.gpus)
    return Check(name="gpu", ok=True, found=names)
