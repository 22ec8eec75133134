import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from store.kept import keys

from elige.store import Store

TESTS = Path(__file__).parent.parent
COUNT, KILLS, BATCH = 800, 8, 10


def start(url: str, journal: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "store.hammer", url, str(journal), str(COUNT)]
    return subprocess.Popen(command, cwd=TESTS, stderr=subprocess.PIPE)


def hammer_and_kill(url: str, journal: Path, workers: int) -> set[str]:
    """Let workers answer everything, killing and replacing one now and then: who was killed."""
    crew = [start(url, journal) for _ in range(workers)]
    killed = []
    for _ in range(KILLS):
        lines = len(journal.read_bytes().splitlines())
        while len(journal.read_bytes().splitlines()) < lines + 100 + random.randrange(40):
            assert any(one.poll() is None for one in crew)
            time.sleep(0.001)
        victim = crew.pop(random.randrange(len(crew)))
        victim.kill()
        killed.append(victim)
        crew.append(start(url, journal))
    assert [one.communicate(timeout=60)[1] for one in crew] == [b""] * workers
    for one in killed:
        one.communicate()
    return {str(one.pid) for one in killed}


def test_killed_workers_lose_nothing_and_double_nothing(url: str, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    journal.touch()
    killed = hammer_and_kill(url, journal, workers=3)
    lines = [line.split() for line in journal.read_text().splitlines()]
    with Store.open(url) as store:
        kept = {one.sent: answer.text for one, answer in store.answers(keys(COUNT)).items()}
        assert store.busy(keys(COUNT), now=time.time()) == set()
    assert len(kept) == COUNT
    for sent, worker in ((sent, worker) for verb, sent, worker in lines if verb == "saved"):
        assert kept[sent] == worker
    asked = Counter(sent for verb, sent, _ in lines if verb == "asked")
    again = {sent for sent, times in asked.items() if times > 1}
    askers = [(sent, worker) for verb, sent, worker in lines if verb == "asked" and sent in again]
    # Whatever was asked twice had been in the hands of a worker that was killed.
    assert again == {sent for sent, worker in askers if worker in killed}
    assert sum(asked.values()) - COUNT <= KILLS * BATCH


def test_a_successor_takes_over_at_once(url: str, tmp_path: Path) -> None:
    code = (
        "import sys, time; from store.kept import keys; from elige.store import Store;"
        "store = Store.open(sys.argv[1]);"
        "print(len(store.claim(keys(50), now=time.time(), ttl=3600)), flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=TESTS,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"50\n"
    with Store.open(url) as store:
        assert store.claim(keys(50), now=time.time(), ttl=60) == set()
        holder.kill()
        holder.wait()
        assert store.claim(keys(50), now=time.time(), ttl=60) == set(keys(50))
    holder.communicate()
