"""What every reader of foreign logs gives: answers with their scores, and who made them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from elige.evaluate.imports.logfile import LogFile
from elige.records import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who answered what, and how, as the file says it; '' for what it does not say.

    `variant` is the part of a file with scores of its own: lm-eval's filter. `settings` are
    known facts by name (shots, precision, engine, template), sorted.
    """

    tool: str
    version: str = ""
    date: str = ""
    task: str
    model: str
    variant: str = ""
    settings: tuple[tuple[str, str], ...] = ()

    def setting(self, name: str) -> str:
        """One of the settings, '' when it is not known."""
        return dict(self.settings).get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One answer of a foreign log. `scores` are by metric, each in [0, 1], the main one first.

    `sample` is the question's name, the same in every log that asked it. `notes` are numbers
    that are no scores.
    """

    origin: Origin
    sample: str
    answer: Answer
    scores: tuple[tuple[str, float], ...]
    prompt: str = ""
    target: str = ""
    why: str = ""
    extracted: str = ""
    repeat: int = 0
    notes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A record that gives no answer with a score: where it stands, and why."""

    place: str
    why: str


class LogReader(Protocol):
    """One kind of log."""

    name: str

    def knows(self, file: LogFile) -> bool:
        """Whether the file's content is of this kind."""
        ...

    def read(self, file: LogFile) -> Iterator[Logged | Unusable]:
        """The file's records in their order, never more than a few held at once."""
        ...
