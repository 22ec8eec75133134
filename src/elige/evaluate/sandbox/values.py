"""Values as text between two boxes: plain data travels whole, every other object as a number.

Runs inside the sandbox: it imports the standard library alone, and little of it, for this is
imported anew for every answer. What comes out of `decode` has
none of the sender's behaviour, so that an `__eq__` of tested code never takes part in a test.
"""

from __future__ import annotations

import builtins
import sys

TYPE_CHECKING = False  # as in `typing`, which is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any  # values of any type travel

    Wire = Any

_SAFE_INT = 2**53


class Values:
    """Turns values into JSON-like data and back; `export` and `fetch` know the other objects."""

    def __init__(
        self, *, export: Callable[[object], Wire], fetch: Callable[[str, int], object]
    ) -> None:
        self._export = export
        self._fetch = fetch
        self._errors: dict[str, type[BaseException]] = {}

    def encode(self, value: Any) -> Wire:  # noqa: ANN401 - whatever a test or an answer holds
        """`value` as data that JSON can hold."""
        if value is None or type(value) in {bool, float, str}:
            return value
        if isinstance(value, int):
            whole = int.__pos__(value)
            return whole if abs(whole) < _SAFE_INT else ["int", hex(whole)]
        for kind, encoder in _ENCODERS:
            if isinstance(value, kind):
                return encoder(value, self.encode)
        if isinstance(value, type):
            return self._encoded_type(value)
        known = _encoded_extra(value, self.encode)
        return self._export(value) if known is None else known

    def decode(self, data: Wire) -> Any:  # noqa: ANN401 - as above
        """The value that `data` stands for. Raises `ValueError` for what is no such data."""
        if data is None or isinstance(data, (bool, int, float, str)):
            return data
        if not isinstance(data, list) or not data:
            raise ValueError("not a value")
        name, *rest = data
        if name in _DECODERS:
            return _DECODERS[name](rest, self.decode)
        if name == "error":
            return self.error(str(rest[0]), str(rest[1]))
        return self._fetch(name, int(rest[0]))

    def error(self, name: str, base: str) -> type[BaseException]:
        """The exception class called `name`: a built-in one, or one made here over `base`."""
        for known in (name, base):
            found = getattr(builtins, known, None)
            if isinstance(found, type) and issubclass(found, BaseException):
                break
        else:
            found = Exception
        if found.__name__ == name:
            return found
        return self._errors.setdefault(name, type(name, (found,), {}))

    def _encoded_type(self, kind: type) -> Wire:
        if getattr(builtins, kind.__name__, None) is kind:
            return ["builtin", kind.__name__]
        if issubclass(kind, BaseException):
            return ["error", kind.__name__, builtin_base(kind)]
        return self._export(kind)


def builtin_base(kind: type[BaseException]) -> str:
    """The name of the nearest built-in class that the exception class `kind` comes from."""
    names = (one.__name__ for one in kind.__mro__ if one.__module__ == "builtins")
    return next(names, "Exception")


def _sequence(name: str, each: Callable[[Any], Iterator[Any]]) -> Callable[..., Wire]:
    # The plain type's own iterator: a subclass may say something else of itself.
    return lambda value, encode: [name, *(encode(item) for item in each(value))]


def _encoded_dict(value: Any, encode: Callable[[Any], Wire]) -> Wire:  # noqa: ANN401
    return ["dict", *([encode(key), encode(item)] for key, item in dict.items(value))]


_ENCODERS: tuple[tuple[type, Callable[..., Wire]], ...] = (
    (str, lambda value, _: str.__str__(value)),
    (float, lambda value, _: float.__pos__(value)),
    (list, _sequence("list", list.__iter__)),
    (tuple, _sequence("tuple", tuple.__iter__)),
    (dict, _encoded_dict),
    (set, _sequence("set", set.__iter__)),
    (frozenset, _sequence("frozenset", frozenset.__iter__)),
    (bytes, lambda value, _: ["bytes", memoryview(value).hex()]),
    (bytearray, lambda value, _: ["bytearray", memoryview(value).hex()]),
    (complex, lambda value, _: ["complex", value.real, value.imag]),
    (range, lambda value, encode: ["range", *map(encode, (value.start, value.stop, value.step))]),
    (slice, lambda value, encode: ["slice", *map(encode, (value.start, value.stop, value.step))]),
)


def _encoded_extra(value: Any, encode: Callable[[Any], Wire]) -> Wire:  # noqa: ANN401
    """What has a type of a module that is in use; None for any other object."""
    for module, name, encoder in _EXTRAS:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(value, kind):
            found: Wire = encoder(value, encode)
            return found
    return None


# A datetime is a date too, so it comes before.
_EXTRAS: tuple[tuple[str, str, Callable[..., Wire]], ...] = (
    ("collections", "deque", lambda value, encode: ["deque", *map(encode, value)]),
    ("decimal", "Decimal", lambda value, _: ["Decimal", str(value)]),
    ("fractions", "Fraction", lambda value, _: ["Fraction", str(value)]),
    ("datetime", "datetime", lambda value, _: ["datetime", value.isoformat()]),
    ("datetime", "date", lambda value, _: ["date", value.isoformat()]),
    ("datetime", "time", lambda value, _: ["time", value.isoformat()]),
    ("datetime", "timedelta", lambda v, _: ["timedelta", v.days, v.seconds, v.microseconds]),
    ("numpy", "generic", lambda value, encode: encode(value.item())),
    (
        "numpy",
        "ndarray",
        lambda value, encode: ["ndarray", value.dtype.str, encode(value.tolist())],
    ),
)


def _decoded_dict(rest: list[Any], decode: Callable[[Wire], Any]) -> dict[Any, Any]:
    return {decode(key): decode(item) for key, item in rest}


def _decoded_type(rest: list[Any], _: Callable[[Wire], Any]) -> type:
    found = getattr(builtins, rest[0])
    if not isinstance(found, type):  # a function such as eval does not travel
        raise ValueError("not a type")
    return found


def _imported(module: str, name: str) -> Callable[..., Any]:
    """A decoder that calls a class, imported only where such a value comes."""

    def decoded(rest: list[Any], decode: Callable[[Wire], Any]) -> Any:  # noqa: ANN401
        kind = getattr(__import__(module), name)
        if name == "deque":
            return kind(decode(item) for item in rest)
        if name == "array":
            return kind(decode(rest[1]), dtype=str(rest[0]))
        isoformat = name in {"datetime", "date", "time"}
        return kind.fromisoformat(rest[0]) if isoformat else kind(*rest)

    return decoded


def _made(kind: Callable[..., Any]) -> Callable[..., Any]:
    return lambda rest, decode: kind(decode(item) for item in rest)


def _called(kind: Callable[..., Any]) -> Callable[..., Any]:
    return lambda rest, decode: kind(*(decode(item) for item in rest))


_DECODERS: dict[str, Callable[..., Any]] = {
    "int": lambda rest, _: int(rest[0], 16),
    "list": _made(list),
    "tuple": _made(tuple),
    "set": _made(set),
    "frozenset": _made(frozenset),
    "dict": _decoded_dict,
    "bytes": lambda rest, _: bytes.fromhex(rest[0]),
    "bytearray": lambda rest, _: bytearray.fromhex(rest[0]),
    "complex": _called(complex),
    "range": _called(range),
    "slice": _called(slice),
    "builtin": _decoded_type,
    "deque": _imported("collections", "deque"),
    "Decimal": _imported("decimal", "Decimal"),
    "Fraction": _imported("fractions", "Fraction"),
    "datetime": _imported("datetime", "datetime"),
    "date": _imported("datetime", "date"),
    "time": _imported("datetime", "time"),
    "timedelta": _imported("datetime", "timedelta"),
    "ndarray": _imported("numpy", "array"),
}
