"""Two boxes that call each other's functions: one line of JSON for each question and reply.

Runs inside the sandbox: beside its neighbour `values` it imports the standard library alone.
"""

from __future__ import annotations

import json
import operator

from elige.evaluate.sandbox.values import Values, builtin_base

TYPE_CHECKING = False  # as in `typing`, which is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, BinaryIO, NoReturn  # values of any type travel

    from elige.evaluate.sandbox.values import Wire

# Longer lines than this are no answer of a test.
LONGEST_LINE = 32_000_000
_CONTAINERS = (list, dict, set, bytearray)


class Channel:
    """Asks the other side and serves it, in turn, over two streams.

    `operations` are what the other side may ask for, each a function of its operands. `gone` is
    called when the other side has ended or broken the rules; it must not return, for a test
    could catch an exception.
    """

    def __init__(
        self,
        streams: tuple[BinaryIO, BinaryIO],
        *,
        operations: Mapping[str, Callable[..., Any]],
        gone: Callable[[], NoReturn],
    ) -> None:
        self._reader, self._writer = streams
        self._operations = operations
        self._gone = gone
        self._exports: list[object] = []
        self._places: dict[int, int] = {}
        self.values = Values(export=self._exported, fetch=self._fetched)

    def ask(self, operation: str, *operands: object) -> Any:  # noqa: ANN401
        """What the other side's `operation` gave; raises what it raised there.

        Lists, dicts and sets among the operands of a call are changed as they were there.
        """
        self.send(["ask", operation, [self.values.encode(one) for one in operands]])
        while True:
            kind, *rest = self.receive()
            if kind == "ask":
                self.send(self._served(*rest))
            elif kind == "reply":
                _take_over(operands, [self.values.decode(one) for one in rest[1:]])
                return self.values.decode(rest[0])
            else:
                raise self._raised(*rest)

    def serve(self) -> None:
        """Do what the other side asks, until it ends."""
        while True:
            kind, *rest = self.receive()
            if kind == "ask":
                self.send(self._served(*rest))

    def send(self, message: Wire) -> None:
        """Write one message."""
        try:
            self._writer.write(json.dumps(message).encode() + b"\n")
            self._writer.flush()
        except OSError:
            self._gone()

    def receive(self) -> list[Any]:
        """The next message."""
        try:
            line = self._reader.readline(LONGEST_LINE)
            message = json.loads(line) if line.endswith(b"\n") else None
        except (OSError, ValueError, RecursionError, MemoryError):
            message = None
        if not isinstance(message, list) or len(message) < 2:
            self._gone()
        return message

    def owns(self, value: object) -> bool:
        """Whether `value` is an object of this side that the other one was handed."""
        return self._places.get(id(value)) is not None

    def raised(self, error: BaseException) -> Wire:
        """`error` as a message."""
        kind = type(error)
        try:
            args = [self.values.encode(one) for one in error.args]
            said = ["raise", kind.__name__, builtin_base(kind), str(error), args]
            json.dumps(said)
        except Exception:
            return ["raise", "Exception", "Exception", f"{kind.__name__} (without a text)", []]
        return said

    def _raised(self, name: str, base: str, text: str, args: list[Wire]) -> BaseException:
        kind = self.values.error(name, base)
        try:
            return kind(*(self.values.decode(one) for one in args))
        except Exception:  # some, UnicodeDecodeError for one, want arguments of their own
            return RuntimeError(f"{name}: {text}")

    def _served(self, operation: str, operands: list[Wire]) -> Wire:
        try:
            given = [self.values.decode(one) for one in operands]
            found = self._operations[operation](*given)
            changed = [self.values.encode(one) for one in _containers(given)]
            return ["reply", self.values.encode(found), *changed]
        except BaseException as error:
            return self.raised(error)

    def _exported(self, value: object) -> Wire:
        if isinstance(value, Remote):
            channel, place = _parts(value)
            if channel is self:
                return ["yours", place]
        place = self._places.setdefault(id(value), len(self._exports))
        if place == len(self._exports):
            self._exports.append(value)
        return ["mine", place]

    def _fetched(self, name: str, place: int) -> object:
        if name == "yours":
            return self._exports[place]
        if name == "mine":
            return Remote(self, place)
        raise ValueError("not a value")


class Remote:
    """An object of the other side. With plain values it is equal to none and adds to none."""

    def __init__(self, channel: Channel, place: int) -> None:
        object.__setattr__(self, "_parts", (channel, place))

    def __call__(self, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
        """What the object of the other side gives when it is called there."""
        return _parts(self)[0].ask("call", self, *args, kwargs)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if name.startswith("__"):
            raise AttributeError(name)
        return _parts(self)[0].ask("getattr", self, name)

    def __setattr__(self, name: str, value: object) -> None:
        _parts(self)[0].ask("setattr", self, name, value)

    def __getitem__(self, key: object) -> Any:  # noqa: ANN401
        return _parts(self)[0].ask("getitem", self, key)

    def __setitem__(self, key: object, value: object) -> None:
        _parts(self)[0].ask("setitem", self, key, value)

    def __len__(self) -> int:
        return int(_parts(self)[0].ask("len", self))

    def __bool__(self) -> bool:
        return bool(_parts(self)[0].ask("bool", self))

    def __iter__(self) -> Iterator[Any]:
        iterator = _parts(self)[0].ask("iter", self)
        if isinstance(iterator, Remote):
            return iterator
        raise TypeError("not an iterator")

    def __next__(self) -> Any:  # noqa: ANN401
        return _parts(self)[0].ask("next", self)

    def __str__(self) -> str:
        return str(_parts(self)[0].ask("str", self))

    def __repr__(self) -> str:
        return str(_parts(self)[0].ask("repr", self))

    def __hash__(self) -> int:
        return hash(_parts(self)[1])


def _parts(remote: Remote) -> tuple[Channel, int]:
    found: tuple[Channel, int] = object.__getattribute__(remote, "_parts")
    return found


def _together(name: str) -> Callable[[Remote, object], Any]:
    """An operator between two objects of the other side: then it is that side's own affair."""

    def operate(self: Remote, other: object) -> Any:  # noqa: ANN401
        if not isinstance(other, Remote):
            return NotImplemented
        return _parts(self)[0].ask(name, self, other)

    return operate


_TOGETHER = ("eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "truediv", "matmul")
for _name in _TOGETHER:
    setattr(Remote, f"__{_name}__", _together(_name))


def _call(called: Callable[..., Any], *operands: Any) -> Any:  # noqa: ANN401
    *args, kwargs = operands
    return called(*args, **kwargs)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "getattr": getattr,
    "setattr": setattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "len": len,
    "bool": bool,
    "iter": iter,
    "next": next,
    "str": str,
    "repr": repr,
    **{name: getattr(operator, name) for name in _TOGETHER},
}


def _containers(operands: object) -> list[Any]:
    """What a call may have changed: the lists, dicts and sets among its arguments."""
    *args, last = operands if isinstance(operands, (list, tuple)) else ()
    named = last.values() if isinstance(last, dict) else (last,)
    return [one for one in (*args, *named) if isinstance(one, _CONTAINERS)]


def _take_over(operands: tuple[object, ...], changed: list[Any]) -> None:
    for old, new in zip(_containers(operands), changed, strict=False):
        if type(old) is not type(new):
            continue
        if isinstance(old, (list, bytearray)):
            old[:] = new
        else:
            old.clear()
            old.update(new)
