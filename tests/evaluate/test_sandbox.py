"""Tests as people write them run against code that they cannot see into."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from evaluate.sandboxed import needs_sandbox

from elige.errors import EligeError, NoSandbox
from elige.evaluate.sandbox import (
    Ended,
    Limits,
    Trial,
    box,
    check_sandbox,
    run_python,
    run_tests,
    why_unavailable,
)

HONEST = {
    "plain asserts": ("def f(x): return [x, {x: (x,)}]", "assert f(1) == [1, {1: (1,)}]"),
    "results keep their types": (
        "from collections import Counter, OrderedDict, deque\nfrom decimal import Decimal\n"
        "from fractions import Fraction\nimport datetime\n"
        "def f(): return [Counter('aab'), deque([1]), Decimal('1.5'), Fraction(1, 3), 2**200,\n"
        "    1 + 2j, b'x', {1}, frozenset({2}), range(3), datetime.date(2024, 1, 2), '\\ud800']",
        "from collections import deque\nfrom decimal import Decimal\nimport datetime\n"
        "from fractions import Fraction\n"
        "assert f() == [{'a': 2, 'b': 1}, deque([1]), Decimal('1.5'), Fraction(1, 3), 2**200,\n"
        "    1 + 2j, b'x', {1}, frozenset({2}), range(3), datetime.date(2024, 1, 2), '\\ud800']",
    ),
    "a list is changed in place": (
        "def f(xs): xs.sort()",
        "xs = [3, 1, 2]\nassert f(xs) is None\nassert xs == [1, 2, 3]",
    ),
    "an error is expected": (
        "class Empty(ValueError): pass\ndef f(x):\n    if not x: raise Empty('nothing')\n",
        "try:\n    f(0)\nexcept Empty as error:\n    assert str(error) == 'nothing'\n"
        "else:\n    assert False\ntry:\n    f('')\nexcept ValueError:\n    pass",
    ),
    "a class with state": (
        "class Stack:\n    def __init__(self): self.items = []\n"
        "    def push(self, x): self.items.append(x)\n"
        "    def __len__(self): return len(self.items)",
        "one = Stack()\none.push(4)\none.push(5)\nassert one.items == [4, 5]\nassert len(one) == 2",
    ),
    "objects made by the tests": (
        "class Node:\n    def __init__(self, v): self.v, self.next = v, None\n"
        "def total(n): return n.v + total(n.next) if n else 0",
        "a = Node(1)\na.next = Node(2)\nassert total(a) == 3",
    ),
    "objects that the tests define": (
        "def total(points): return sum(p.x for p in points)",
        "class Point:\n    def __init__(self, x): self.x = x\n"
        "assert total([Point(1), Point(2)]) == 3",
    ),
    "a function is handed over": (
        "def twice(f, x): return f(f(x))",
        "assert twice(lambda x: x + 3, 1) == 7",
    ),
    "a function comes back": ("def adder(n): return lambda x: x + n", "assert adder(2)(3) == 5"),
    "a generator": (
        "def f(n):\n    for i in range(n): yield i",
        "assert list(f(3)) == [0, 1, 2]\nassert next(f(1)) == 0\nassert 2 in f(9)",
    ),
    "functions as pytest finds them": (
        "def f(x): return x + 1",
        "def test_one():\n    assert f(1) == 2\ndef test_two(y=3):\n    assert f(y) == 4",
    ),
    "cases of unittest": (
        "def f(x):\n    if x < 0: raise ValueError('low')\n    return x",
        "import unittest\nclass TestF(unittest.TestCase):\n"
        "    def test_same(self): self.assertEqual(f(2), 2)\n"
        "    def test_low(self):\n        with self.assertRaises(ValueError): f(-1)",
    ),
    "a module that the tests forgot": ("def f(): return 2.0", "assert math.sqrt(4) == f()"),
    "a solution that is also a program": (
        "def f(): return 1\nif __name__ == '__main__':\n    f(input())",
        "assert f() == 1",
    ),
    "a type as an argument": ("def f(x, t): return t(x)", "assert f('3', int) == 3"),
}


@needs_sandbox
@pytest.mark.parametrize(("program", "tests"), HONEST.values(), ids=HONEST.keys())
def test_honest_code_passes(program: str, tests: str) -> None:
    outcome = run_tests(Trial(program=program, tests=tests))
    assert outcome.passed, outcome.why


WRONG = {
    "an assertion": ("def f(x): return x", "assert f(1) == 1\nassert f(2) == 3",
                     "failed: assert f(2) == 3"),
    "an error in the code": ("def f(x): return x[3]", "assert f([1]) == 1", "IndexError"),
    "a syntax error": ("def f(x) return x", "assert f(1)", "SyntaxError"),
    "a name that is not there": ("def g(x): return x", "assert f(1)", "name 'f' is not defined"),
    "a case of unittest": (
        "def f(x): return x",
        "import unittest\nclass TestF(unittest.TestCase):\n"
        "    def test_it(self): self.assertEqual(f(2), 3)",
        "TestF.test_it: AssertionError: 2 != 3",
    ),
    "memory": ("def f():\n    return bytes(2**34)", "assert f()", "MemoryError"),
    "time": ("def f():\n    while True: pass", "assert f()", "1 s of processor time"),
}  # fmt: skip


@needs_sandbox
@pytest.mark.parametrize(("program", "tests", "why"), WRONG.values(), ids=WRONG.keys())
def test_the_reason_is_told(program: str, tests: str, why: str) -> None:
    outcome = run_tests(Trial(program=program, tests=tests), limits=Limits(seconds=1))
    assert not outcome.passed
    assert why in outcome.why


@needs_sandbox
def test_an_entry_point_that_is_not_defined_is_told() -> None:
    trial = Trial(program="x = 1", tests="def check(candidate): pass", entry_point="f")
    assert run_tests(trial).why == "the code defines no f"


@needs_sandbox
def test_a_program_gives_what_it_prints() -> None:
    outcome = run_python("import sys\nprint('ñ', 6 * 7)\nsys.stderr.write('aside')")
    assert (outcome.ended, outcome.output) == (Ended.PASSED, "ñ 42\n")


@needs_sandbox
def test_a_program_that_fails_says_why() -> None:
    outcome = run_python("print(1)\n1 / 0")
    assert (outcome.ended, outcome.why) == (Ended.FAILED, "ZeroDivisionError: division by zero")


@needs_sandbox
def test_installed_packages_are_there_only_when_asked_for() -> None:
    code = "import numpy\nprint(numpy.arange(3).sum())"
    assert run_python(code).why == "ModuleNotFoundError: No module named 'numpy'"
    assert run_python(code, limits=Limits(packages=True, memory_bytes=2**31)).output == "3\n"


@needs_sandbox
def test_a_box_that_cannot_start_is_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "_python", lambda: "/no/python")
    with pytest.raises(EligeError, match="sandbox could not be started.*/no/python"):
        run_tests(Trial(program="", tests=""))
    with pytest.raises(EligeError, match="sandbox could not be started.*/no/python"):
        run_python("")


def test_without_bubblewrap_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    why_unavailable.cache_clear()
    monkeypatch.setattr(box, "_bwrap", lambda: "")
    try:
        with pytest.raises(NoSandbox, match="bubblewrap \\(bwrap\\) is not installed"):
            check_sandbox()
        with pytest.raises(NoSandbox):
            run_python("print(1)")
    finally:
        why_unavailable.cache_clear()


@needs_sandbox
def test_packages_below_the_folder_for_temporary_files_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with TemporaryDirectory(dir="/tmp") as folder:
        packages = Path(folder) / "site-packages"
        packages.mkdir()
        (packages / "planted.py").write_text("found = 7\n")
        monkeypatch.syspath_prepend(str(packages))
        limits = Limits(packages=True, memory_bytes=2**31)
        assert run_python("import planted\nprint(planted.found)", limits=limits).output == "7\n"
