"""Engines are opened once, shared, closed once, and never used after that."""

import threading
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from evaluate.asking_engines import Troubled, echo

from elige.errors import EngineDown, EngineRefused
from elige.evaluate.pool import EnginePool, engine_key
from elige.records import Candidate, ModelRef, RefKind


def local(name: str) -> Candidate:
    return Candidate(name=name, ref=ModelRef(text=name, kind=RefKind.FOLDER, location=name))


class Opened:
    """Opens engines and remembers which."""

    def __init__(self, *, seconds: float = 0.0) -> None:
        self.engines: list[tuple[str, Troubled]] = []
        self._seconds = seconds

    def __call__(self, candidate: Candidate) -> Troubled:
        time.sleep(self._seconds)
        engine = Troubled(echo())
        self.engines.append((candidate.name, engine))
        return engine


def test_candidates_that_differ_in_prompt_and_sampling_share_an_engine() -> None:
    opened = Opened()
    pool = EnginePool(opened)
    one = local("m")
    for other in (one, replace(one, name="five", shots=5), replace(one, name="hot", seed=3)):
        with pool.engine(other):
            pass
    pool.close()
    assert [(name, engine.closed) for name, engine in opened.engines] == [("m", 1)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(echo(), seed=1), id="an echo's seed decides its answers"),
        pytest.param(replace(echo(), input_price=Decimal(1)), id="prices decide its costs"),
        pytest.param(echo(skill="0.9"), id="keys of its own"),
        pytest.param(replace(echo(), dtype="bf16"), id="precision"),
    ],
)
def test_what_decides_an_engines_answers_wants_an_engine_of_its_own(other: Candidate) -> None:
    assert engine_key(echo()) != engine_key(other)


def test_two_threads_open_one_engine() -> None:
    opened = Opened(seconds=0.05)
    pool = EnginePool(opened)
    together = threading.Barrier(4, timeout=5)

    def use() -> None:
        together.wait()
        with pool.engine(local("m")):
            pass

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    pool.close()
    assert len(opened.engines) == 1


def test_the_longest_unused_engine_makes_room() -> None:
    opened = Opened()
    pool = EnginePool(opened, bytes_of=lambda _: 4, limit_bytes=10)
    for name in ("a", "b", "a", "c"):
        with pool.engine(local(name)):
            pass
    closed = {name: engine.closed for name, engine in opened.engines}
    pool.close()
    assert closed == {"a": 0, "b": 1, "c": 0}


def test_an_engine_in_use_is_never_closed_for_room() -> None:
    opened = Opened()
    pool = EnginePool(opened, bytes_of=lambda _: 8, limit_bytes=10)
    with pool.engine(local("a")), pool.engine(local("b")):
        assert [engine.closed for _, engine in opened.engines] == [0, 0]
    pool.close()


def test_an_engine_that_went_down_is_opened_anew() -> None:
    opened = Opened()
    pool = EnginePool(opened)
    with pytest.raises(EngineDown), pool.engine(local("m")):
        raise EngineDown("gone")
    with pool.engine(local("m")):
        pass
    pool.close()
    assert [engine.closed for _, engine in opened.engines] == [1, 1]


def test_what_refused_to_open_is_not_opened_again() -> None:
    tries = []

    def refuse(candidate: Candidate) -> Troubled:
        tries.append(candidate.name)
        raise EngineRefused("no weights")

    pool = EnginePool(refuse)
    for _ in range(3):
        with pytest.raises(EngineRefused), pool.engine(local("m")):
            pass
    assert tries == ["m"]


def test_an_engine_that_opens_after_the_end_is_closed_at_once() -> None:
    opened = Opened(seconds=0.2)
    pool = EnginePool(opened)
    errors = []

    def use() -> None:
        try:
            with pool.engine(local("m")):
                pass
        except EngineDown as error:
            errors.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    time.sleep(0.05)
    pool.close()
    thread.join(5)
    assert len(errors) == 1
    assert [engine.closed for _, engine in opened.engines] == [1]


class Stubborn(Troubled):
    """Cannot be closed while it works."""

    def close(self) -> None:
        time.sleep(30)


def test_closing_does_not_wait_for_an_engine_that_computes() -> None:
    pool = EnginePool(lambda _: Stubborn(echo()))
    with pool.engine(local("m")):
        started = time.monotonic()
        pool.close()
        assert time.monotonic() - started < 3
    pool.close()
