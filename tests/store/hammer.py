"""A worker that claims, asks and saves until everything is answered; made to be killed.

Each asking and each saving is one line in a journal, so that a test can tell what happened.
"""

import os
import random
import sys
import time
from pathlib import Path

from store.kept import keys, said

from elige.store import Store


def work(url: str, journal: str, count: int) -> None:
    everything = keys(count)
    with (
        Store.open(url) as store,
        Path(journal).open("ab", buffering=0) as lines,
    ):
        while open_keys := set(everything) - set(store.answers(everything)):
            wanted = random.sample(sorted(open_keys, key=str), min(10, len(open_keys)))
            granted = store.claim(wanted, now=time.time(), ttl=600)
            if not granted:
                time.sleep(0.01)
            for one in granted:
                lines.write(f"asked {one.sent} {os.getpid()}\n".encode())
                time.sleep(0.002)
            store.save_answers([(one, said(str(os.getpid()))) for one in granted])
            for one in granted:
                lines.write(f"saved {one.sent} {os.getpid()}\n".encode())


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]))
