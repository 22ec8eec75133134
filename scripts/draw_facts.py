"""Draw facts of the starter set for a second look at their sources.

    python scripts/draw_facts.py [SEED] [HOW MANY]

The same seed draws the same facts as long as the set does not change.
"""

import random
import sys

from elige.catalog.starter.source import Starter
from elige.records import Column, Entry, Place


def main(seed: int, many: int) -> None:
    """Print `many` facts, one a line: model, column, value, source."""
    entries = [one for one in Starter().read(Place()) if isinstance(one, Entry)]
    facts = sorted(
        (one.model, str(column), str(value), one.origins[column].source)
        for one in entries
        for column, value in one.values.items()
        if column is not Column.COLLECTIONS
    )
    sys.stdout.write(f"{many} of {len(facts):,} facts on {len(entries)} models, seed {seed}\n")
    for fact in random.Random(seed).sample(facts, many):
        sys.stdout.write(" | ".join(fact) + "\n")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:3]]
    main(*given, *(20261126, 20)[len(given) :])
