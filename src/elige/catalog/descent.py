"""From whom a model descends, as far as its licence goes: each ancestor once, the nearest first."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from elige.catalog.licence import LicenceId
from elige.records import FactKind, Relation

_DEEPEST = 30
_MOST = 300


@dataclass(frozen=True, slots=True)
class Stated:
    """A model, the licence it states, as written ('' for none) and as identified, and its parents.

    `is_known` is False where nothing at all is known of the model.
    """

    model: str
    text: str
    licence: LicenceId
    parents: tuple[Relation, ...] = ()
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """The licence that one model of a lineage states; `stated` is '' where it states none.

    `relation` joins the model's child to it, None for the model itself. `is_guess` says that it
    is an ancestor only if a guess is right; `is_known` whether anything is known of the model.
    """

    model: str
    stated: str
    licence: LicenceId
    relation: Relation | None = None
    is_guess: bool = False
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Descent:
    """A model and its ancestors, each once, the nearest first.

    `is_cut` says that there are more than were followed. `links` are the keys of the parents that
    nobody guessed, by the key of their child; a key is a name without case.
    """

    held: tuple[Held, ...]
    is_cut: bool
    links: dict[str, tuple[str, ...]]

    def loops(self) -> tuple[str, ...]:
        """The models that are declared their own ancestors, by their names."""
        return tuple(one.model for one in self.held if self._returns(one.model.casefold()))

    def _returns(self, start: str) -> bool:
        open_, seen = [*self.links.get(start, ())], set[str]()
        while open_:
            key = open_.pop()
            if key == start:
                return True
            if key not in seen:
                seen.add(key)
                open_.extend(self.links.get(key, ()))
        return False


def descent(start: Stated, look: Callable[[str], Stated]) -> Descent:
    """The descent of `start`; `look` finds what is stated of a parent by its name.

    Whoever is an ancestor by a declared way is no guess, and nor are its own ancestors, whatever
    else leads there. Parents are followed for 30 generations, and 300 models in all.
    """
    first = start.model.casefold()
    found = {first: Held(start.model, start.text, start.licence)}
    links: dict[str, tuple[str, ...]] = {}
    waiting = deque([(first, start, 0)])
    is_cut = False
    while waiting:
        key, child, depth = waiting.popleft()
        if depth == _DEEPEST and child.parents:
            is_cut = True
            continue
        for relation in child.parents:
            parent = look(relation.parent)
            above = parent.model.casefold()
            if above == key:  # by another of its names
                continue
            is_guess = relation.how is FactKind.ESTIMATED
            if not is_guess:
                links[key] = (*links.get(key, ()), above)
            is_guess = is_guess or found[key].is_guess
            known = found.get(above)
            if known is not None and (is_guess or not known.is_guess):
                continue
            if known is None and len(found) >= _MOST:
                is_cut = True
                continue
            found[above] = Held(
                parent.model, parent.text, parent.licence, relation, is_guess, parent.is_known
            )
            waiting.append((above, parent, depth + 1))
    return Descent(tuple(found.values()), is_cut, links)
