"""Which process this is, and whether another one still lives."""

import os
import platform
import socket
from pathlib import Path

import psutil

from elige.store.record import Owner

_IS_LINUX = platform.system() == "Linux"


def this_process() -> Owner:
    """The owner that this process is."""
    return process(os.getpid())


def process(pid: int) -> Owner:
    """The owner that the running process `pid` of this host is."""
    return Owner(host=_host(), pid=pid, started=_started(pid))


def is_dead(other: Owner, *, seen_from: Owner) -> bool:
    """Whether `other` has certainly ended; False for processes on hosts that cannot be seen."""
    if other.host != seen_from.host:
        return False
    try:
        return _is_zombie(other.pid) or abs(_started(other.pid) - other.started) > 0.5
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        # Linux can hide other users' processes (hidepid); a signal still finds them.
        return not psutil.pid_exists(other.pid)
    except (psutil.AccessDenied, PermissionError):
        return False


def _host() -> str:
    """The machine, its boot and its process namespace: within it a process id is unique.

    Containers may share a host name without seeing each other's processes, and after a reboot
    process ids begin anew.
    """
    name = socket.gethostname()
    if not _IS_LINUX:
        return name
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return name
    return f"{name} {boot} {space}"


def _started(pid: int) -> float:
    """When process `pid` started, to be compared on this host alone.

    Linux counts in ticks since boot (proc(5), field 22 of stat), which setting the clock does
    not move; psutil's public time of creation would move with it.
    """
    if not _IS_LINUX:
        return psutil.Process(pid).create_time()
    stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    return float(stat.rpartition(")")[2].split()[19])


def _is_zombie(pid: int) -> bool:
    """Whether the process has ended and only its parent has not noticed yet."""
    return psutil.Process(pid).status() in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
