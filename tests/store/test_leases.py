import os
import subprocess
from dataclasses import replace

import pytest
from store.kept import key, keys, run_record, said

from elige.store import Owner, Store, this_process
from elige.store.owner import is_dead, process


def ended_process() -> Owner:
    """A process that has ended, and was noticed to have."""
    child = subprocess.Popen(["sleep", "60"])
    owner = process(child.pid)
    child.kill()
    child.wait()
    return owner


def test_a_key_is_granted_once(store: Store, other: Store) -> None:
    assert store.claim(keys(3), now=0, ttl=60) == set(keys(3))
    assert other.claim(keys(5), now=1, ttl=60) == {key(3), key(4)}


def test_what_this_store_holds_is_granted_again(store: Store) -> None:
    store.claim(keys(3), now=0, ttl=60)
    assert store.claim(keys(4), now=1, ttl=60) == set(keys(4))


def test_an_answered_key_is_not_granted(store: Store, other: Store) -> None:
    store.claim(keys(2), now=0, ttl=60)
    store.save_answers([(key(0), said())])
    assert other.claim(keys(3), now=1, ttl=60) == {key(2)}
    assert store.claim(keys(3), now=1, ttl=60) == {key(1)}


def test_a_lease_ends_with_its_answer(store: Store, other: Store) -> None:
    store.claim(keys(2), now=0, ttl=60)
    store.save_answers([(key(0), said())])
    assert other.busy(keys(2), now=1) == {key(1)}
    assert store.renew(now=1, ttl=60) == 1


def test_an_expired_lease_is_taken_over(store: Store, other: Store) -> None:
    store.claim(keys(2), now=0, ttl=60)
    assert other.claim(keys(2), now=59.9, ttl=60) == set()
    assert other.claim([key(0)], now=60, ttl=60) == {key(0)}
    assert store.renew(now=61, ttl=60) == 0
    assert store.claim(keys(2), now=61, ttl=60) == {key(1)}


def test_renewing_keeps_every_lease(store: Store, other: Store) -> None:
    store.claim(keys(2), now=0, ttl=60)
    assert store.renew(now=50, ttl=60) == 2
    assert other.claim(keys(2), now=109, ttl=60) == set()
    assert other.claim(keys(2), now=110, ttl=60) == set(keys(2))


def test_a_shorter_claim_cuts_no_longer_lease(store: Store, other: Store) -> None:
    store.claim([key(0)], now=0, ttl=600)
    store.claim([key(1)], now=0, ttl=6)
    assert other.claim([key(0)], now=500, ttl=60) == set()


def test_a_released_key_is_free(store: Store, other: Store) -> None:
    store.claim(keys(3), now=0, ttl=60)
    other.release(keys(3))
    store.release([key(1)])
    assert other.claim(keys(3), now=1, ttl=60) == {key(1)}


def test_closing_frees_what_was_held(url: str, store: Store) -> None:
    with Store.open(url) as gone:
        gone.claim(keys(2), now=0, ttl=60)
    assert store.claim(keys(2), now=1, ttl=60) == set(keys(2))


def test_busy_keys_are_those_of_living_others(store: Store, other: Store) -> None:
    store.claim([key(0)], now=0, ttl=60)
    other.claim([key(1)], now=30, ttl=60)
    assert store.busy(keys(3), now=31) == {key(1)}
    assert other.busy(keys(3), now=31) == {key(0)}
    assert other.busy(keys(3), now=60) == set()


@pytest.fixture
def dead(url: str, store: Store) -> Store:
    """A store whose process has ended without a word."""
    return Store.open(url, owner=ended_process())


def test_a_dead_owner_is_succeeded_at_once(store: Store, dead: Store) -> None:
    dead.claim(keys(3), now=0, ttl=10_000)
    assert store.busy(keys(3), now=1) == set()
    assert store.claim([key(1)], now=1, ttl=60) == {key(1)}
    dead.close()


def test_a_dead_owner_elsewhere_keeps_its_time(url: str, store: Store) -> None:
    afar = replace(ended_process(), host="afar")
    with Store.open(url, owner=afar) as there:
        there.claim([key()], now=0, ttl=60)
        assert store.busy([key()], now=1) == {key()}
        assert store.claim([key()], now=1, ttl=60) == set()


def test_a_later_process_with_the_same_number_is_another() -> None:
    here = this_process()
    assert is_dead(replace(here, started=here.started - 100), seen_from=here)
    assert not is_dead(here, seen_from=here)


def test_a_killed_process_is_dead_before_its_parent_notices() -> None:
    child = subprocess.Popen(["sleep", "60"])
    owner = process(child.pid)
    assert not is_dead(owner, seen_from=this_process())
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(owner, seen_from=this_process())
    child.wait()


def test_claiming_nothing_grants_nothing(store: Store) -> None:
    assert store.claim([], now=0, ttl=60) == set() == store.busy([], now=0)
    store.release([])


def test_thousands_of_keys_are_claimed_at_once(store: Store, other: Store) -> None:
    assert len(store.claim(keys(3000), now=0, ttl=60)) == 3000
    assert other.claim(keys(3001), now=0, ttl=60) == {key(3000)}


def test_a_holder_lives_until_its_time_or_its_process_ends(store: Store, url: str) -> None:
    store.renew(now=0, ttl=60)
    run = store.start_run(run_record())
    assert store.lives(run.holder, now=59)
    assert not store.lives(run.holder, now=61)
    assert not store.lives("", now=0)
    with Store.open(url, owner=ended_process()) as gone:
        gone.renew(now=0, ttl=60)
        left = gone.start_run(run_record("left"))
        assert not store.lives(left.holder, now=1)


def test_a_store_that_was_closed_holds_nothing(store: Store, url: str) -> None:
    with Store.open(url) as closed:
        closed.renew(now=0, ttl=60)
        holder = closed.start_run(run_record()).holder
        assert store.lives(holder, now=1)
    assert not store.lives(holder, now=1)
