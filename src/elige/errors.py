"""Every error a user of elige can meet.

EligeError              what happened, and what to do next
├── NotFound            a name that nothing answers to
├── BadInput            a file, flag or value that cannot be used as it is
├── NotAllowed          something that must be allowed by name first
├── DoesNotFit          a model larger than the machine
├── MissingExtra        an optional package is not installed
├── NoSandbox           code of models cannot be run safely here
├── StoreError          the database or the cache cannot be read or written
└── EngineError
    ├── EngineDown      the engine stopped or cannot be reached
    └── EngineRefused   the engine answered with an error

Programmer mistakes stay `ValueError` and `TypeError`.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class EligeError(Exception):
    """Base of the tree: what happened, and what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NotFound(EligeError):
    """A name that nothing answers to."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = (), *, hint: str = "") -> None:
        names = sorted(known)
        near = get_close_matches(name, names, n=3)
        if not hint and near:
            hint = f"Did you mean {' or '.join(near)}?"
        elif not hint and names:
            hint = f"Known: {', '.join(names)}."
        super().__init__(f"No {kind} is called {name!r}.", hint=hint)
        self.kind = kind
        self.name = name


class BadInput(EligeError):
    """A file, flag or value that cannot be used as it is."""


class NotAllowed(EligeError):
    """Something that runs only once it was allowed by name."""


class DoesNotFit(EligeError):
    """A model larger than the machine."""


class MissingExtra(EligeError):
    """An optional package is not installed."""

    def __init__(self, purpose: str, *, extra: str) -> None:
        super().__init__(
            f"{purpose} needs packages that are not installed.",
            hint=f"Install them with: pip install 'elige[{extra}]'",
        )
        self.extra = extra


class NoSandbox(EligeError):
    """Code that a model wrote cannot be run safely on this machine."""


class StoreError(EligeError):
    """The database or the cache cannot be read or written."""


class EngineError(EligeError):
    """An engine failed; that is never an answer."""


class EngineDown(EngineError):
    """The engine stopped or cannot be reached; asking again later may work."""


class EngineRefused(EngineError):
    """The engine answered with an error; asking the same again will not help."""
