"""torch's idle threads sleep, unless the user says how they wait."""

import os

import pytest

from elige.config import let_idle_threads_sleep


def test_idle_threads_sleep() -> None:
    let_idle_threads_sleep()
    assert os.environ.pop("OMP_WAIT_POLICY") == "PASSIVE"


@pytest.mark.parametrize("name", ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"])
def test_what_the_user_says_of_waiting_is_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "0")
    let_idle_threads_sleep()
    found = {one: os.environ[one] for one in os.environ if one.startswith(("OMP", "GOMP", "KMP"))}
    assert found == {name: "0"}
