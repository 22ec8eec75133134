"""The box of the tests: no code of the answer ever runs here, so no answer can forge its verdict.

Runs inside the sandbox: beside its neighbours it imports the standard library alone.
"""

from __future__ import annotations

import builtins
import json
import os
import sys

from elige.evaluate.sandbox.channel import OPERATIONS, Channel

TYPE_CHECKING = False  # as in `typing`, which is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FunctionType, ModuleType
    from typing import Any, NoReturn  # what tests hold

_SHOWN = 300
_MODULE = "tests"


class _Lacking(Exception):
    """The answer does not define what the tests want."""


def main(job: dict[str, Any]) -> None:
    """Run the tests against the code in the other box; write how they ended, once."""
    verdict = os.fdopen(job["verdict"], "wb")
    _tell(verdict, {"end": "ready"})

    def gone() -> NoReturn:
        _tell(verdict, {"end": "gone"})
        os._exit(0)

    guard = _Guard()
    streams = os.fdopen(job["reads"], "rb"), os.fdopen(job["writes"], "wb")
    guard.channel = Channel(streams, operations=guard.operations(), gone=gone)
    _tell(verdict, _verdict(guard.channel, job))
    os._exit(0)  # whatever the tests started is of no interest any more


class _Guard:
    """What the code may do with objects of the tests: call them, go through them, read fields.

    Only with objects that the tests handed over, and nothing that leads from there to the tests
    themselves and the results they expect.
    """

    channel: Channel

    def operations(self) -> dict[str, Callable[..., Any]]:
        """The operations that are open to the code, each behind a check."""
        names = ("call", "iter", "next", "len", "str", "bool", "getattr", "setattr")
        return {name: self._guarded(name) for name in names}

    def _guarded(self, name: str) -> Callable[..., Any]:
        def operate(target: object, *rest: Any) -> Any:  # noqa: ANN401
            if not self.channel.owns(target) or not self._may(name, target, rest):
                raise TypeError(f"{name} is not possible here")
            return OPERATIONS[name](target, *rest)

        return operate

    def _may(self, name: str, target: object, rest: tuple[Any, ...]) -> bool:
        if name not in {"getattr", "setattr"}:
            return True
        own = type(target).__module__ == _MODULE and not isinstance(target, type)
        return own and isinstance(rest[0], str) and not rest[0].startswith("_")


def _verdict(channel: Channel, job: dict[str, Any]) -> dict[str, str]:
    channel.receive()  # that it is ready
    loaded = channel.receive()
    if loaded[0] != "loaded":
        return {"end": "failed", "why": f"the code fails when it is loaded: {_error(loaded)}"}
    try:
        _run(channel, job)
    except BaseException as error:
        return {"end": "failed", "why": _why(error, job["tests"])}
    return {"end": "passed"}


def _run(channel: Channel, job: dict[str, Any]) -> None:
    """Raises what the first failing test raises."""
    module = type(sys)(_MODULE)
    sys.modules[_MODULE] = module
    names = vars(module)
    exec(compile(job["preamble"], "<prompt>", "exec", dont_inherit=True), names)
    tests = compile(job["tests"], "<tests>", "exec", dont_inherit=True)
    wanted = job["entry_point"]
    open_ = set(_names(tests)) - names.keys() - set(vars(builtins))
    for name in [one for one in open_ if _is_module(one, job["tests"])]:
        names[name] = __import__(name)
        open_.discard(name)
    open_ |= {wanted} - {""}
    found = channel.ask("globals", sorted(open_))
    # The reply is the code's: only what was asked for is taken from it.
    names.update({name: found[name] for name in open_ if name in found})
    if wanted and wanted not in found:
        raise _Lacking(f"the code defines no {wanted}")
    exec(tests, names)
    if wanted and _is_function(names.get("check")):
        names["check"](names[wanted])
    for function in list(_test_functions(names)):
        function()
    _run_cases(module)


def _names(code: CodeType) -> Iterator[str]:
    """Every name that the code mentions: as good as the ones it uses, for more do no harm."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, type(code)):
            yield from _names(part)


def _is_module(name: str, tests: str) -> bool:
    """Whether the tests mean a module that they forgot to import; the code's would be no judge."""
    used_as_one = f"{name}." in tests and f"{name}(" not in tests
    return used_as_one and name in sys.stdlib_module_names


def _is_function(value: object) -> bool:
    return isinstance(value, type(_names))


def _test_functions(names: dict[str, Any]) -> Iterator[FunctionType]:
    """Functions as pytest finds them: test_..., with nothing that must be given."""
    for name, value in names.items():
        if name.startswith("test") and _is_function(value):
            code, defaults = value.__code__, value.__defaults__ or ()
            if code.co_argcount <= len(defaults) and code.co_kwonlyargcount == 0:
                yield value


def _run_cases(module: ModuleType) -> None:
    """Run the test cases of unittest, where there are any."""
    unittest = sys.modules.get("unittest")
    if unittest is None:
        return
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    result = unittest.TestResult()
    result.failfast = True
    suite.run(result)
    for case, trace in (*result.errors, *result.failures):
        last = trace.strip().splitlines()[-1]
        raise AssertionError(f"{case.id().partition('.')[2]}: {last}")


def _why(error: BaseException, tests: str) -> str:
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, _Lacking):
        return str(error)
    lines, place, trace = tests.splitlines(), 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<tests>":
            place = trace.tb_lineno
        trace = trace.tb_next
    line = lines[place - 1].strip() if 0 < place <= len(lines) else ""
    if isinstance(error, AssertionError) and line.startswith("assert"):
        return f"failed: {line}"[:_SHOWN]
    return (f"{said} at: {line}" if line else said)[:_SHOWN]


def _error(message: list[Any]) -> str:
    """A message of a failure in words; whatever the other side wrote, it stays a short text."""
    name, text = (str(message[place]) if len(message) > place else "" for place in (1, 3))
    return " ".join(f"{name}: {text}".split())[:_SHOWN]


def _tell(stream: Any, message: dict[str, str]) -> None:  # noqa: ANN401 - a binary stream
    stream.write(json.dumps(message).encode() + b"\n")
    stream.flush()
