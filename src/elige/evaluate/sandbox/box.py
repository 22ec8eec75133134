"""The sandbox itself: what bubblewrap is told, and whether it works on this machine.

A box has its own user, process, network, IPC and host-name namespace, no capability, no way to
make another user namespace, an empty environment, and no /proc. It sees /usr, the Python that
runs elige and an empty /tmp of bounded size; all else is read-only or is not there.
"""

import functools
import marshal
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from types import CodeType

from elige.config import bare_environment
from elige.errors import NoSandbox
from elige.evaluate.sandbox.limits import Limits
from elige.evaluate.sandbox.seccomp import syscall_filter

_ROOM = "elige.evaluate.sandbox"
_PROGRAMS = ("starting", "values", "channel", "answering", "testing")
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_NOBODY = "65534"
_TRIAL_SECONDS = 20
_HEARD = 2000

# Makes the modules that were handed over on stdin, without a file that could be looked for.
_BOOT = """
import marshal, sys
modules, job = marshal.loads(sys.stdin.buffer.read())
for name in ("elige", "elige.evaluate", "elige.evaluate.sandbox"):
    made = sys.modules[name] = type(sys)(name)
    made.__path__ = []
for name, code in modules:
    made = sys.modules[name] = type(sys)(name)
    exec(code, made.__dict__)
sys.modules["elige.evaluate.sandbox.starting"].main(job)
"""
_HINT = (
    "Install bubblewrap 0.8 or newer (apt install bubblewrap, dnf install bubblewrap), and let "
    "it make user namespaces; elige doctor says whether it works."
)


def check_sandbox() -> None:
    """Raise `NoSandbox` when code cannot be run safely here: then it is not run at all."""
    if why := why_unavailable():
        raise NoSandbox(f"Code of models cannot be run here: {why}.", hint=_HINT)


@functools.cache
def why_unavailable() -> str:
    """'' when the sandbox works; else what is missing, found out by a trial."""
    if sys.platform != "linux":
        return "bubblewrap exists for Linux alone"
    bwrap = _bwrap()
    if not bwrap:
        return "bubblewrap (bwrap) is not installed"
    if not Path(_python()).is_file():
        return "the Python that runs elige has no file of its own"
    if syscall_filter(platform.machine()) is None and os.geteuid() == 0:
        return f"as root on {platform.machine()} new processes cannot be bounded"
    try:
        ended = subprocess.run(
            [*command(packages=False), "-c", "pass"],
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TRIAL_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"bubblewrap does not start ({error})"
    said = " ".join(ended.stderr.decode(errors="replace").split())[:300]
    return f"bubblewrap makes no sandbox ({said})" if ended.returncode else ""


class Box:
    """One sandboxed Python with a job; whatever is in it dies with `close`."""

    def __init__(
        self,
        job: Mapping[str, object],
        *,
        limits: Limits,
        streams: Mapping[str, int],
        output: int | None = None,
    ) -> None:
        """`streams` are file descriptors by the name that the job knows them by."""
        whole = {
            **job,
            **streams,
            "limits": limits.resources(),
            "packages": site_packages() if limits.packages else [],
            "kept": [] if output is None else [1, 2],
        }
        self._said = os.memfd_create("said")
        work = _filled(marshal.dumps((_programs(), whole)))
        filter_ = syscall_filter(platform.machine())
        rules = None if filter_ is None else _filled(filter_)
        told = [] if rules is None else ["--seccomp", str(rules)]
        try:
            self._process = subprocess.Popen(
                [*command(packages=limits.packages, more=told), "-c", _BOOT],
                env={},
                stdin=work,
                stdout=subprocess.DEVNULL if output is None else output,
                stderr=self._said,
                pass_fds=[*streams.values(), *([] if rules is None else [rules])],
            )
        except BaseException:
            os.close(self._said)
            raise
        finally:
            os.close(work)
            if rules is not None:
                os.close(rules)

    def ended(self, within: float) -> int | None:
        """The exit status, 128 and the signal for a killed one; None when it goes on."""
        try:
            status = self._process.wait(within)
        except subprocess.TimeoutExpired:
            return None
        return 128 - status if status < 0 else status

    def said(self) -> str:
        """The end of what bubblewrap, or the code that keeps its streams, complained of."""
        size = os.fstat(self._said).st_size
        return os.pread(self._said, _HEARD, max(0, size - _HEARD)).decode(errors="replace").strip()

    def close(self) -> None:
        """Kill all of it. Safe to call once."""
        self._process.kill()
        self._process.wait()
        os.close(self._said)


def command(*, packages: bool, more: Sequence[str] = ()) -> list[str]:
    """The command that starts Python in a box; the program's own arguments come behind it."""
    python = _python()
    return [
        _bwrap(),
        *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"),
        *("--new-session", "--clearenv", "--cap-drop", "ALL", "--hostname", "box"),
        *("--uid", _NOBODY, "--gid", _NOBODY),
        *_system_folders(),
        # Before the folders, for Python and its packages may lie below it.
        *("--size", str(Limits().file_bytes), "--tmpfs", "/tmp", "--chdir", "/tmp"),
        *_folders(python, packages=packages),
        *("--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/"),
        *more,
        *("--", python, "-I", "-S", "-B", "-X", "utf8"),
    ]


def site_packages() -> list[str]:
    """Folders of installed packages, as this process finds them."""
    names = {"site-packages", "dist-packages"}
    return [path for path in sys.path if Path(path).name in names and Path(path).is_dir()]


def _system_folders() -> list[str]:
    told = ["--ro-bind", "/usr", "/usr"]
    for folder in map(Path, _SYSTEM):
        if folder.is_symlink():
            told += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            told += ["--ro-bind", str(folder), str(folder)]
    return [*told, "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]


def _folders(python: str, *, packages: bool) -> list[str]:
    """Python where it is no part of the system, and the installed packages."""
    wanted = [sys.base_prefix, str(Path(python).parent.parent)]
    if python.startswith("/nix/"):
        wanted.append("/nix/store")
    wanted += site_packages() if packages else []
    found: list[str] = []
    for folder in dict.fromkeys(map(os.path.realpath, wanted)):
        if not Path(folder).is_relative_to("/usr"):
            found += ["--ro-bind", folder, folder]
    return found


def _filled(content: bytes) -> int:
    """A file in memory that holds `content`, to be read from its beginning."""
    number = os.memfd_create("elige")
    with os.fdopen(os.dup(number), "wb") as stream:
        stream.write(content)
    os.lseek(number, 0, os.SEEK_SET)
    return number


@functools.cache
def _programs() -> tuple[tuple[str, CodeType], ...]:
    """The programs of a box by their full names, compiled here once for the same Python there."""
    room = resources.files(_ROOM)
    return tuple(
        (f"{_ROOM}.{name}", compile((room / f"{name}.py").read_text("utf-8"), name, "exec"))
        for name in _PROGRAMS
    )


@functools.cache
def _python() -> str:
    """The Python that runs elige, outside any virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable or "")


def _bwrap() -> str:
    return shutil.which("bwrap", path=bare_environment().get("PATH")) or ""
