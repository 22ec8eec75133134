"""The methods that can be compared, by name."""

import re
from collections.abc import Iterable, Mapping

from elige.choose.replay.bernstein import bernstein
from elige.choose.replay.halving import halving
from elige.choose.replay.hoeffding import hoeffding
from elige.choose.replay.posterior import posterior
from elige.choose.replay.race import race
from elige.choose.replay.subset import subset
from elige.choose.replay.terms import Method
from elige.choose.replay.ucb_e import ucb_e
from elige.errors import NotFound

METHODS: Mapping[str, Method] = {
    "race": race(),
    "hoeffding": hoeffding,
    "bernstein": bernstein,
    "subset-100": subset(100),
    "subset-400": subset(400),
    "halving": halving,
    "ucb-e": ucb_e,
    "posterior": posterior,
}

EVERY = "all"
_SUBSET = re.compile(r"subset-([1-9]\d{0,8})")


def chosen_methods(names: Iterable[str]) -> dict[str, Method]:
    """The methods of these names, each once; `all` stands for every one, none for the race.

    A subset may have any size: subset-250. Raises `NotFound` for a name that nothing answers to.
    """
    found: dict[str, Method] = {}
    for name in names:
        if name == EVERY:
            found |= METHODS
        elif name in METHODS:
            found[name] = METHODS[name]
        elif sized := _SUBSET.fullmatch(name):
            found[name] = subset(int(sized[1]))
        else:
            raise NotFound("method", name, (*METHODS, EVERY))
    return found or {"race": METHODS["race"]}
