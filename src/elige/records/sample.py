"""One example of the user's task."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A question and its right answer.

    `right` is the index of the right choice where there are `choices`. `target` is the right
    answer as text; `aliases` are other texts that are right too. `group` ties samples of one
    kind, a subject say; `cluster` those that share more, such as the passage they ask about, so
    that one tells something of the next. `fields` holds the row's other columns as text, for
    templates.
    """

    id: str
    question: str
    target: str
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    right: int | None = None
    group: str = ""
    cluster: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Every text that counts as right."""
        return (self.target, *self.aliases)
