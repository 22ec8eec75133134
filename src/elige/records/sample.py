"""One example of the user's task."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A question and its right answer.

    `right` is the index of the right choice where there are `choices`. `target` is the right
    answer as text; `aliases` are other texts that are right too. `group` ties samples that
    belong together. `fields` holds the row's other columns as text, for templates.
    """

    id: str
    question: str
    target: str
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    right: int | None = None
    group: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Every text that counts as right."""
        return (self.target, *self.aliases)
