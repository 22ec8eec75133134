"""What prompts begin with alike, found as a tree so that each such beginning is read once."""

from collections.abc import Sequence
from dataclasses import dataclass

from elige.engines.torch.slab import Slab

# A shared beginning takes a pass of its own, so it must be this long and save this many tokens.
WORTH_SHARING = 16
WORTH_SAVING = 48

Ids = Sequence[int]


@dataclass(slots=True, kw_only=True)
class Beginning:
    """Tokens that `users` prompts begin with; those of `parent` are its first ones.

    `slab` holds their keys and values from the first reading until the last user is read.
    """

    ids: Ids
    parent: "Beginning | None"
    users: int
    slab: Slab | None = None

    @property
    def held(self) -> int:
        """Tokens held for it, those of the beginnings it goes on from included."""
        return len(self.ids) + (self.parent.held if self.parent else 0)

    def release(self) -> None:
        """One user less, here and above."""
        self.users -= 1
        if self.users == 0:
            self.slab = None
        if self.parent is not None:
            self.parent.release()


def beginnings(prompts: Sequence[Ids]) -> list[tuple[int, Beginning | None]]:
    """Each prompt's place, with the longest beginning that it is worth sharing.

    Prompts that share one come together. Each keeps at least one token of its own, for its next
    token comes from reading that.
    """
    order = sorted(range(len(prompts)), key=lambda at: tuple(prompts[at]))
    found: list[tuple[int, Beginning | None]] = []
    groups: list[tuple[list[int], Beginning | None]] = [(order, None)]
    while groups:
        group, above = groups.pop()
        if len(group) < 2:
            found += [(at, above) for at in group]
            continue
        same = _same([prompts[at] for at in group])
        above = _worth(prompts[group[0]][:same], above, len(group))
        found += [(at, above) for at in group if len(prompts[at]) == same + 1]
        parts: dict[int, list[int]] = {}
        for at in group:
            if len(prompts[at]) > same + 1:
                parts.setdefault(prompts[at][same], []).append(at)
        groups += [(part, above) for part in reversed(parts.values())]
    return found


def _worth(ids: Ids, above: Beginning | None, users: int) -> Beginning | None:
    """These tokens as a beginning when they are worth sharing, else the one above."""
    more = len(ids) - (len(above.ids) if above else 0)
    if more < WORTH_SHARING or more * (users - 1) < WORTH_SAVING:
        return above
    return Beginning(ids=ids, parent=above, users=users)


def _same(group: Sequence[Ids]) -> int:
    """Tokens that all begin with; the first and the last of a sorted group differ the most."""
    low, high = group[0], group[-1]
    most = min(map(len, group)) - 1
    return next((at for at in range(most) if low[at] != high[at]), most)
