"""One model's scores on one task, as one run has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from elige.text import digest

# Settings that belong to the task and not to the way in which a model is run.
_OF_TASK = {"shots", "limit", "task version", "task arguments", "data set", "scorer", "filter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Scores by metric and sample; repeats are averaged.

    `measured` says that elige asked the model itself; else the file that was imported declares
    it. `raced` says that a race decided how many samples were asked. `prompts` gives each
    sample's last paragraph by its hash, to find a sample that others call by another name.
    """

    run: str
    task: str
    model: str
    settings: tuple[tuple[str, str], ...] = ()
    scores: Mapping[str, Mapping[str, float]]
    prompts: Mapping[str, str] = field(default_factory=dict)
    variant: str = ""
    measured: bool = True
    raced: bool = False
    origin: str = ""
    date: str = ""
    data_hash: str = ""
    unusable: int = 0

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of its scores, the main one first."""
        return tuple(self.scores)

    @property
    def shots(self) -> str:
        """How many examples were shown, '' when that is not known."""
        return dict(self.settings).get("shots", "")

    @property
    def way(self) -> tuple[tuple[str, str], ...]:
        """How the model was run, apart from what belongs to the task."""
        return tuple(pair for pair in self.settings if pair[0] not in _OF_TASK)


def last_paragraph(prompt: str) -> str:
    """A hash of a prompt's last paragraph, which asks the question; '' for no prompt."""
    text = " ".join(prompt.strip().rpartition("\n\n")[2].split())
    return digest(text)[:16] if text else ""


def task_name(name: str) -> str:
    """The task's name without the prefix that says who defines it."""
    return name.removeprefix("harness:")
