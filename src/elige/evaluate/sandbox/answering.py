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
    """Run the program as one that is started by itself; what it prints is its output.

    With `show_last` the value of a last line that is an expression is printed, as in a notebook.
    """
    main_module = sys.modules["__main__"]
    vars(main_module).clear()
    vars(main_module).update({"__name__": "__main__", "__builtins__": __builtins__})
    names = vars(main_module)
    if not job["show_last"]:
        exec(compile(job["program"], "<answer>", "exec", dont_inherit=True), names)
        return
    import ast

    tree = ast.parse(job["program"])
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<answer>", "exec", dont_inherit=True), names)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), "<answer>", "eval"), names)
        if value is not None:
            sys.stdout.write(f"{value}\n")
