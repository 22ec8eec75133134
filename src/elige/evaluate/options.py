"""What a user may say about a task, by flag or in a task file."""

from dataclasses import dataclass, fields, replace

from elige.records import ChoiceFormat, Estimates, Rotations, TaskKind

NO_COLUMN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOptions:
    """Everything that may be said instead of guessed; empty or None leaves it to the guess.

    `question`, `answer`, `choices` (several separated by commas), `context`, `id`, `group` and
    `cluster` name columns; '-' says that there is none. `index_base` says whether the first choice
    is number 0 or 1. `normalise` is how log-probabilities of choices are made comparable.
    `scorer` is a name or `file.py:function`; its options are pairs of texts. `shots_from` names
    a file of examples. `columns` names the columns of a file without a header. `rows_from`
    and `metric` are for tasks of lm-eval: a file with the rows to test (--data), and the metric
    that is the score.
    `estimates` is corpus where the score is a statistic of the whole file.
    `rotations` is in how many orders of its choices a sample is asked. An empty `instruction` is
    none at all; None is the default one.
    """

    name: str = ""
    question: str = ""
    answer: str = ""
    choices: str = ""
    context: str = ""
    id: str = ""
    group: str = ""
    cluster: str = ""
    index_base: int | None = None
    kind: TaskKind | None = None
    labels: tuple[str, ...] = ()
    scorer: str = ""
    scorer_options: tuple[tuple[str, str], ...] = ()
    normalise: str = ""
    instruction: str | None = None
    question_template: str = ""
    answer_template: str = ""
    separator: str | None = None
    choice_format: ChoiceFormat | None = None
    shots_from: str = ""
    encoding: str = ""
    max_tokens: int | None = None
    stop: tuple[str, ...] | None = None
    columns: tuple[str, ...] = ()
    rows_from: str = ""
    metric: str = ""
    estimates: Estimates | None = None
    rotations: Rotations | None = None

    def over(self, other: "TaskOptions") -> "TaskOptions":
        """These options, with what they leave open taken from `other`."""
        return replace(other, **{name: getattr(self, name) for name in self.said()})

    def said(self) -> tuple[str, ...]:
        """The names of what was said at all."""
        blank = TaskOptions()
        names = [field.name for field in fields(self)]
        return tuple(name for name in names if getattr(self, name) != getattr(blank, name))
