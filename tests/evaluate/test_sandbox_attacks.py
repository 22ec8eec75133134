"""Code that attacks the sandbox or its tests: none passes, none gets out, none hangs."""

import os
import subprocess
from pathlib import Path

import pytest
from evaluate.sandboxed import needs_sandbox

from elige.evaluate.sandbox import Ended, Limits, Trial, run_python, run_tests

pytestmark = needs_sandbox

SHORT = Limits(seconds=0.5, memory_bytes=256 * 2**20)
# Nothing but working code can know this result.
TESTS = """
def check(candidate):
    assert candidate(21) == 42
    assert candidate(-4) == -8
"""

CHEATS = {
    "exit with success": "import sys\nsys.exit(0)",
    "leave at once": "import os\nos._exit(0)",
    "leave when called": "import os\ndef double(x):\n    os._exit(0)",
    "raise SystemExit when called": "def double(x):\n    raise SystemExit(0)",
    "end by a signal": "import os, signal\ndef double(x):\n    os.kill(os.getpid(), 9)",
    "run another program": "import os\nos.execv('/bin/true', ['true'])",
    "equal to everything": (
        "class Any(int):\n    def __eq__(self, other): return True\n"
        "    def __ne__(self, other): return False\n    __hash__ = None\n"
        "def double(x):\n    return Any()"
    ),
    "an object equal to everything": (
        "class Any:\n    def __eq__(self, other): return True\ndef double(x):\n    return Any()"
    ),
    "true in every comparison": (
        "class Any(float):\n    __lt__ = __gt__ = __le__ = __ge__ = __eq__ = lambda *_: True\n"
        "def double(x):\n    return Any('nan')"
    ),
    "no assertions": (
        "import builtins\nclass Quiet(Exception):\n    pass\nbuiltins.AssertionError = Quiet\n"
        "__debug__2 = False\ndef double(x):\n    return 0"
    ),
    "replaced builtins": (
        "import builtins\nbuiltins.int = builtins.len = lambda *_: 42\n"
        "builtins.compile = builtins.exec = lambda *_, **__: None\ndef double(x):\n    return 0"
    ),
    "words of success": (
        "import os\nfor fd in range(64):\n    try:\n"
        '        os.write(fd, b\'{"end": "passed"}\\n["reply", 42]\\n\')\n'
        "    except OSError:\n        pass\ndef double(x):\n    return 0"
    ),
    "words of success when called": (
        "import os\ndef double(x):\n    for fd in range(64):\n        try:\n"
        '            os.write(fd, b\'{"end": "passed"}\\n\')\n'
        "        except OSError:\n            pass\n    return 0"
    ),
    "replies in advance": (
        'import os\nfor fd in range(3, 64):\n    try:\n        os.write(fd, b\'["loaded", 1]\\n'
        '["reply", ["dict", ["double", ["builtin", "bool"]]]]\\n["reply", 1]\\n\' * 9)\n'
        "    except OSError:\n        pass\ndef double(x):\n    return 0"
    ),
    "a check of its own": "def check(candidate):\n    pass\ndef double(x):\n    return 0",
    "a test that was not written": "def double(x):\n    return 0\ndef test_it():\n    pass",
    "a look for the tests": (
        "import gc\ndef double(x):\n"
        "    for one in gc.get_objects():\n"
        "        if isinstance(one, dict) and 'tests' in one and 'entry_point' in one:\n"
        "            return 42 if x == 21 else -8\n    return 0"
    ),
    "a look up the stack": (
        "import sys\ndef double(x):\n    frame = sys._getframe()\n    while frame:\n"
        "        if 'tests' in frame.f_locals.get('job', {}):\n            return 2 * x\n"
        "        frame = frame.f_back\n    return 0"
    ),
    "a class made on the other side": (
        "import sys\nchannel_of = lambda: next(f.f_locals['self'] for f in frames()\n"
        "    if type(f.f_locals.get('self')).__name__ == 'Channel')\n"
        "def frames():\n    frame = sys._getframe()\n    while frame:\n        yield frame\n"
        "        frame = frame.f_back\n"
        "def double(x):\n    return channel_of().ask('call', type, 'X', (object,), "
        "{'__eq__': bool}, {})()"
    ),
    "a recursion without end": "def double(x):\n    return double(x)",
    "an endless object": (
        "class Endless(list):\n    pass\ndef double(x):\n    one = []\n    one.append(one)\n"
        "    return one"
    ),
    "a very long result": "def double(x):\n    return 'x' * 100_000_000",
    "all memory": "held = []\ndef double(x):\n    while True:\n        held.append(bytes(10**7))",
    "memory when it is loaded": "held = bytes(2**34)",
    "a syntax error": "def double(x) return 2 * x",
    "an endless loop": "def double(x):\n    while True:\n        pass",
    "an endless loop that hears no signal": (
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True:\n    pass"
    ),
    "a long sleep": "import time\ndef double(x):\n    time.sleep(600)",
    "a fork bomb": (
        "import os\ndef double(x):\n    while True:\n        if os.fork() == 0:\n"
        "            while True: pass"
    ),
    "threads without end": (
        "import threading, time\ndef double(x):\n    while True:\n"
        "        threading.Thread(target=time.sleep, args=(60,)).start()"
    ),
    "output without end": "def double(x):\n    while True:\n        print('x' * 10**6)",
}


@pytest.mark.parametrize("code", CHEATS.values(), ids=CHEATS.keys())
def test_no_cheat_passes(code: str) -> None:
    trial = Trial(program=code, tests=TESTS, entry_point="double")
    assert run_tests(trial, limits=SHORT).ended in {Ended.FAILED, Ended.TIMEOUT}


def test_the_same_tests_pass_for_honest_code() -> None:
    trial = Trial(program="def double(x):\n    return 2 * x", tests=TESTS, entry_point="double")
    assert run_tests(trial, limits=SHORT).passed


FORGED = r"""
import os
reply = '["reply", ["dict", ["double", ["builtin", "int"]], ["twice", ["builtin", "int"]]]]'
for fd in range(3, 64):
    try:
        os.write(fd, f'["loaded", 1]\n{reply}\n'.encode())
    except OSError:
        pass
"""


def test_what_the_prompt_defines_is_not_for_the_code_to_change() -> None:
    tests, preamble = "assert double(21) == twice(21)", "def twice(x):\n    return 2 * x"
    trial = Trial(program=FORGED, tests=tests, preamble=preamble)
    assert run_tests(trial, limits=SHORT).ended is Ended.FAILED


ESCAPES = {
    "read the users": "open('/etc/passwd').read()",
    "read the environment of the parent": "open('/proc/1/environ').read()",
    "list the processes": "import os\nos.listdir('/proc')",
    "read a home": "import os\nassert os.listdir(HOME)",
    "write beside Python": "import sys\nopen(sys.base_prefix + '/x', 'w')",
    "write at the root": "open('/x', 'w')",
    "write into shared memory": "open('/dev/shm/x', 'w')",
    "a file in memory": "import os\nos.memfd_create('x')",
    "a large file": "open('/tmp/x', 'wb').write(bytes(2**25))",
    "many files": (
        "for number in range(64):\n    with open(f'/tmp/{number}', 'wb') as out:\n"
        "        out.write(bytes(2**20))"
    ),
    "many open files": "held = [open('/dev/null') for _ in range(1000)]",
    "the network": "import socket\nsocket.create_connection(('127.0.0.1', PORT), 1)",
    "a socket of any kind": "import socket\nsocket.socket(socket.AF_UNIX)",
    "a process": "import subprocess\nsubprocess.run(['/bin/true'])",
    "a fork": "import os\nos.fork()",
    "another user": "import os\nos.setuid(0)",
    "a namespace": (
        "import ctypes\nif ctypes.CDLL(None, use_errno=True).unshare(0x10000000):\n"
        "    raise OSError(ctypes.get_errno())"
    ),
    "a mount": (
        "import ctypes\nif ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None):\n"
        "    raise OSError"
    ),
    "more memory": (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)\n"
        "bytes(2**34)"
    ),
    "elige itself": "import elige.store",
    "installed packages": "import numpy",
}


@pytest.mark.parametrize("code", ESCAPES.values(), ids=ESCAPES.keys())
def test_nothing_is_reached_from_inside(code: str, tmp_path: Path) -> None:
    named = code.replace("HOME", repr(str(tmp_path))).replace("PORT", "9")
    assert run_python(f"{named}\nprint('reached')", limits=SHORT).output == ""


def test_the_environment_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    found = run_python("import os\nprint(sorted(os.environ))", limits=SHORT)
    assert found.output == "['LC_CTYPE', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PWD']\n"


def test_killing_everybody_kills_nobody_outside() -> None:
    run_python("import os\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)", limits=SHORT)
    assert run_python("print(1)", limits=SHORT).output == "1\n"


def test_output_without_end_is_cut_at_its_limit() -> None:
    found = run_python("while True: print('x' * 1000)", limits=SHORT)
    assert found.ended is Ended.OUTPUT
    assert len(found.output) <= SHORT.output_bytes


@pytest.mark.parametrize("last", ["time.sleep(600)", "print('x')"], ids=["sleeping", "ended"])
def test_nothing_goes_on_afterwards(last: str) -> None:
    mark = f"mark{os.getpid()}"
    threads = "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()"
    run_python(f"import threading, time\n{mark} = 1\n{threads}\n{last}", limits=SHORT)
    alive = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True).stdout
    assert not [
        line
        for line in alive.splitlines()
        if line.split()[0] == str(os.getpid()) and "bwrap" in line
    ]


def test_it_runs_as_nobody_even_for_root() -> None:
    assert run_python("import os\nprint(os.getuid(), os.getgid())").output == "65534 65534\n"
