"""How much time, memory and output code in the sandbox may take."""

import math
import os
import platform
from dataclasses import dataclass

from elige.errors import BadInput

_MEGABYTE = 2**20
_LEAST_MEMORY_MB = 64
# Threads; new processes are refused by the filter of system calls.
_MOST_PROCESSES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What code may take. `seconds` are of processor time, `memory_bytes` of address space.

    `output_bytes` bounds what it prints, `file_bytes` all that it writes into its own empty
    /tmp. `packages` lets it import what is installed beside elige.
    """

    seconds: float = 5.0
    memory_bytes: int = 512 * _MEGABYTE
    output_bytes: int = 65_536
    file_bytes: int = 16 * _MEGABYTE
    open_files: int = 64
    packages: bool = False

    @property
    def wall_seconds(self) -> float:
        """After so long everything is killed, whatever it waits for."""
        return 2 * self.seconds + 1

    def resources(self) -> dict[str, int]:
        """The limits as names and values of `setrlimit`."""
        bounds = {
            "RLIMIT_CPU": math.ceil(self.seconds),
            "RLIMIT_AS": self.memory_bytes,
            "RLIMIT_FSIZE": self.file_bytes,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_CORE": 0,
        }
        return bounds | ({"RLIMIT_NPROC": _MOST_PROCESSES} if _counts_by_namespace() else {})


def limits_from(seconds: float, memory: float, *, packages: bool = False) -> Limits:
    """Limits from a scorer's options: processor seconds, and memory in megabytes.

    Raises `BadInput` for what nothing could run in.
    """
    if seconds <= 0:
        raise BadInput(
            f"The scorer option seconds is {seconds:g}; code needs some.",
            hint="Write for example seconds=5.",
        )
    if memory < _LEAST_MEMORY_MB:
        raise BadInput(
            f"The scorer option memory is {memory:g} MB; Python itself needs {_LEAST_MEMORY_MB}.",
            hint="Write for example memory=512.",
        )
    return Limits(seconds=seconds, memory_bytes=int(memory * _MEGABYTE), packages=packages)


def _counts_by_namespace() -> bool:
    """Whether processes are counted for each user namespace (Linux 5.14), and not for the user.

    For root they are not counted at all.
    """
    release = platform.release().split(".")
    numbers = [int("".join(filter(str.isdigit, part)) or 0) for part in release[:2]]
    return os.geteuid() != 0 and numbers >= [5, 14]
