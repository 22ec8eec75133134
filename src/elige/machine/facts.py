"""What this computer is, as far as running models goes; found without importing torch."""

import math
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

_CPUINFO = Path("/proc/cpuinfo")
_CGROUPS = Path("/sys/fs/cgroup")
_NO_LIMIT = 1 << 60
_FLAGS = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8", "asimd", "bf16")
_SMI_FIELDS = "name,memory.total,memory.free,compute_cap,driver_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One CUDA device. Memory in bytes; `capability` as (major, minor)."""

    name: str
    memory_bytes: int
    free_bytes: int
    capability: tuple[int, int]
    driver: str

    @property
    def computes_bf16(self) -> bool:
        """Whether bf16 is native: since Ampere, compute capability 8.0."""
        return self.capability >= (8, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFacts:
    """A computer. Memory and disk in bytes; `cores` are those this process may use.

    Memory honours the limits of the container or the service that we run in.
    """

    system: str
    cpu: str
    cores: int
    flags: tuple[str, ...]
    memory_bytes: int
    available_bytes: int
    disk_free_bytes: int
    gpus: tuple[Gpu, ...] = ()

    @property
    def computes_bf16(self) -> bool:
        """Whether the processor multiplies bf16 natively."""
        return bool({"avx512_bf16", "amx_bf16", "bf16"} & set(self.flags))


def machine_facts(home: Path, environment: Mapping[str, str] | None = None) -> MachineFacts:
    """What the computer is now; `home` is the folder whose disk counts.

    CUDA_VISIBLE_DEVICES in `environment` hides devices, as it does for torch.
    """
    total, available = memory_bytes()
    return MachineFacts(
        system=f"{platform.system()} {platform.release()} ({platform.machine()})",
        cpu=_cpu_name(),
        cores=usable_cores(),
        flags=_cpu_flags(),
        memory_bytes=total,
        available_bytes=available,
        disk_free_bytes=_disk_free(home),
        gpus=cuda_gpus((environment or {}).get("CUDA_VISIBLE_DEVICES")),
    )


def usable_cores(cgroups: Path = _CGROUPS, own: Path = Path("/proc/self/cgroup")) -> int:
    """Processor cores that this process may run on, a container's share of them rounded up."""
    affine = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if affine else os.cpu_count() or 1
    v1 = cgroups / "cpu"
    shares = [f"{_text(v1 / 'cpu.cfs_quota_us').strip()} {_text(v1 / 'cpu.cfs_period_us')}"]
    shares += [_text(folder / "cpu.max") for folder in _cgroup_folders(cgroups, own)]
    for share in shares:
        quota, _, period = share.strip().partition(" ")
        if quota.isdigit() and period.strip().isdigit():
            cores = min(cores, max(1, math.ceil(int(quota) / int(period))))
    return cores


def memory_bytes(
    cgroups: Path = _CGROUPS, own: Path = Path("/proc/self/cgroup")
) -> tuple[int, int]:
    """Total and available memory in bytes, the smallest of the machine's and each cgroup's."""
    memory = psutil.virtual_memory()
    total, available = memory.total, memory.available
    for limit, used in _cgroup_limits(cgroups, own):
        total = min(total, limit)
        available = min(available, max(0, limit - used))
    return total, available


def cuda_gpus(visible: str | None = None) -> tuple[Gpu, ...]:
    """The CUDA devices that nvidia-smi tells of; none when it is absent or fails."""
    smi = shutil.which("nvidia-smi")
    if smi is None or (visible is not None and visible.strip() in {"", "-1"}):
        return ()
    command = [smi, f"--query-gpu={_SMI_FIELDS}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return _visible(read_smi(done.stdout), visible)


def read_smi(text: str) -> tuple[Gpu, ...]:
    """The devices in nvidia-smi's CSV answer; rows that cannot be read are left out."""
    gpus = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        try:
            name, total, free, capability, driver = cells
            major, minor = (int(part) for part in capability.split("."))
            gpu = Gpu(
                name=name,
                memory_bytes=int(total) << 20,
                free_bytes=int(free) << 20,
                capability=(major, minor),
                driver=driver,
            )
        except ValueError:
            continue
        gpus.append(gpu)
    return tuple(gpus)


def _visible(gpus: tuple[Gpu, ...], visible: str | None) -> tuple[Gpu, ...]:
    if visible is None:
        return gpus
    wanted = [part.strip() for part in visible.split(",")]
    if not all(part.isdigit() for part in wanted):
        return gpus[: len(wanted)]  # named by UUID: only their number is known here
    return tuple(gpus[int(part)] for part in wanted if int(part) < len(gpus))


def _cgroup_limits(cgroups: Path, own: Path) -> list[tuple[int, int]]:
    """Limit and use of the groups that this process stands in, the outer ones too."""
    folders = [(cgroups / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes")]
    for folder in _cgroup_folders(cgroups, own):
        folders.append((folder, "memory.max", "memory.current"))
    found = []
    for folder, limit_name, used_name in dict.fromkeys(folders):
        limit, used = _text(folder / limit_name).strip(), _text(folder / used_name).strip()
        if limit.isdigit() and int(limit) < _NO_LIMIT:
            found.append((int(limit), int(used) if used.isdigit() else 0))
    return found


def _cgroup_folders(cgroups: Path, own: Path) -> list[Path]:
    paths = [line.rpartition(":")[2].lstrip("/") for line in _text(own).splitlines()]
    found = [folder for path in paths for folder in (cgroups / path, *(cgroups / path).parents)]
    return [folder for folder in dict.fromkeys(found) if folder.is_relative_to(cgroups)]


def _cpu_name() -> str:
    found = re.search(r"^(?:model name|Model)\s*:\s*(.+)$", _text(_CPUINFO), re.MULTILINE)
    return found[1].strip() if found else platform.processor() or platform.machine()


def _cpu_flags() -> tuple[str, ...]:
    found = re.search(r"^(?:flags|Features)\s*:\s*(.+)$", _text(_CPUINFO), re.MULTILINE)
    have = set(found[1].split()) if found else set()
    return tuple(flag for flag in _FLAGS if flag in have)


def _disk_free(folder: Path) -> int:
    for place in [folder, *folder.parents]:
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
