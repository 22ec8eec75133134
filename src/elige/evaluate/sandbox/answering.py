"""The box of the tested code: runs an answer's code and does what the tests' box asks.

Runs inside the sandbox: beside its neighbours it imports the standard library alone.
"""

from __future__ import annotations

import os
import sys

from elige.evaluate.sandbox.channel import OPERATIONS, Channel

TYPE_CHECKING = False  # as in `typing`, which is slow to import
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any  # what a job holds


def main(job: dict[str, Any]) -> None:
    """Run the program, say how that went, then serve until the tests' box ends."""
    # No `__main__`: what a solution does when it is run as a program is not what is tested.
    module = type(sys)("solution")
    sys.modules["solution"] = module
    channel = Channel(
        (os.fdopen(job["reads"], "rb"), os.fdopen(job["writes"], "wb")),
        operations={**OPERATIONS, "globals": lambda names: _globals(module, names)},
        gone=lambda: os._exit(0),
    )
    channel.send(["ready", 1])
    try:
        exec(compile(job["program"], "<answer>", "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        channel.send(channel.raised(error))
        return
    channel.send(["loaded", 1])
    channel.serve()


def _globals(module: ModuleType, names: list[str]) -> dict[str, Any]:
    """Those of `names` that the answer defines, with their values."""
    return {name: vars(module)[name] for name in names if name in vars(module)}


def run_alone(job: dict[str, Any]) -> None:
    """Run the program as one that is started by itself; what it prints is its output."""
    main_module = sys.modules["__main__"]
    vars(main_module).clear()
    vars(main_module).update({"__name__": "__main__", "__builtins__": __builtins__})
    exec(compile(job["program"], "<answer>", "exec", dont_inherit=True), vars(main_module))
