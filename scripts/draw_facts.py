"""Draw facts of the starter set for a second look at their sources.

    python scripts/draw_facts.py [SEED]

The same seed draws the same facts as long as the set does not change.
"""

import random
import sys

from elige.catalog.starter.source import Starter
from elige.records import Column, Entry, Place

FACTS = 20


def main(seed: int) -> None:
    """Print the facts, one a line: model, column, value, source."""
    entries = [one for one in Starter().read(Place()) if isinstance(one, Entry)]
    facts = sorted(
        (one.model, str(column), str(value), one.origins[column].source)
        for one in entries
        for column, value in one.values.items()
        if column is not Column.COLLECTIONS
    )
    sys.stdout.write(f"{FACTS} of {len(facts):,} facts on {len(entries)} models, seed {seed}\n")
    for fact in random.Random(seed).sample(facts, FACTS):
        sys.stdout.write(" | ".join(fact) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20261126)
