"""Local and remote candidates in one race; the endpoint's own books are the proof."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from engines.openai_server import Fault, OpenAIServer, ServedModel
from workbench.races import GOOD, POOR, named, raced, sums

from elige.config import Settings
from elige.records import Status
from elige.store import RunObservation
from elige.text import digest
from elige.workbench import Workbench

FAULTS: dict[Fault, float] = {
    "server_error": 0.04,
    "overloaded": 0.02,
    "rate_limited": 0.04,
    "reset": 0.04,
    "cut": 0.08,
    "garbage": 0.04,
    "error_event": 0.04,
}
PATIENT = "timeout=5,retries=8"


def adds(skill: float, seed: int = 0) -> ServedModel:
    """A model that adds the two numbers right with this probability."""
    return ServedModel(answer=lambda prompt: added(prompt, skill, seed))


def added(prompt: str, skill: float, seed: int) -> str:
    first, second = map(int, re.findall(r"What is (\d+) plus (\d+)", prompt)[-1])
    drawn = int(digest([prompt, seed])[:13], 16) / 16**13
    return str(first + second if drawn < skill else first + second + 1)


def served(good: float, bad: float) -> dict[str, ServedModel]:
    """A sound model, and one that is slow and fails at random."""
    flaky = adds(bad, 1)
    return {
        "sound": adds(good),
        "flaky": ServedModel(
            answer=flaky.answer, delay=0.02, faults=FAULTS, fault_limit=2, retry_after="0.01"
        ),
    }


def entries(server: OpenAIServer, *keys: str) -> list[str]:
    rest = ",".join([PATIENT, *keys])
    return [f"{server.url}#{name},{rest},name={name}" for name in ("sound", "flaky")]


def observations(home: Path, run: str) -> list[RunObservation]:
    with Workbench.open(Settings(home=home)) as bench:
        return list(bench.store.observations(run))


def check_the_books(server: OpenAIServer, home: Path, run: str) -> None:
    """No answer was paid for twice, and each one kept is what the model said to the end."""
    assert set(server.finished.values()) == {1}
    kept: Counter[str] = Counter()
    for found in observations(home, run):
        name = found.entry.candidate
        if name not in server.models:
            continue
        assert found.answer is not None
        assert found.score is not None
        prompt = re.sub(r"^\[\w+\] ", "", found.entry.prompt, flags=re.MULTILINE)
        assert found.answer.text == server.models[name].answer(prompt)
        assert server.finished[name, prompt] == 1
        kept[name] += 1
    finished = Counter(name for name, _ in server.finished)
    assert kept == finished


@pytest.mark.parametrize(
    ("good", "bad", "winner"),
    [
        pytest.param(0.98, 0.5, "sound", id="the sound one is best"),
        pytest.param(0.3, 0.97, "flaky", id="the flaky one is best"),
    ],
)
def test_the_right_one_wins_and_nothing_is_paid_twice(
    tmp_path: Path, good: float, bad: float, winner: str
) -> None:
    data = sums(tmp_path / "sums.csv", 100)
    with OpenAIServer(served(good, bad)) as server:
        verdict = raced(tmp_path, data, POOR, *entries(server), scope="list", tolerance=0.02)
        assert (verdict.winner, verdict.decided) == (winner, True)
        assert {one.failed for one in verdict.candidates} == {0}
        assert server.faulted.total() > 3
        check_the_books(server, tmp_path, verdict.run)


def test_the_same_command_again_pays_nothing(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv", 60)
    with OpenAIServer(served(0.95, 0.5)) as server:
        first = raced(tmp_path, data, GOOD, *entries(server))
        paid = len(server.received)
        assert raced(tmp_path, data, GOOD, *entries(server)) == first
        assert raced(tmp_path, data, *entries(server), tolerance=0.1).evaluations > 0
        assert len(server.received) == paid


def test_a_broken_answer_is_never_scored(tmp_path: Path) -> None:
    """Every stream of one model breaks off in the middle: it has no score, the others race on."""
    models = {"sound": adds(0.9), "flaky": ServedModel(answer=adds(1.0).answer, faults={"cut": 1})}
    data = sums(tmp_path / "sums.csv", 80)
    with OpenAIServer(models) as server:
        flaky = f"{server.url}#flaky,retries=1,name=flaky"
        sound = f"{server.url}#sound,name=sound"
        verdict = raced(tmp_path, data, "echo,skill=0.1,name=poor", sound, flaky)
    broken = named(verdict)["flaky"]
    assert (broken.status, broken.score, broken.evaluated) == (Status.OPEN, None, 0)
    assert "keeps failing" in broken.reason
    assert (verdict.winner, verdict.decided) == ("sound", True)
    with closing(sqlite3.connect(tmp_path / "elige.db")) as database:
        owners = database.execute("SELECT DISTINCT body FROM answers").fetchall()
    assert all('"model":"flaky"' not in body for (body,) in owners)


def test_prices_add_up_over_the_answers_that_count(tmp_path: Path) -> None:
    data = sums(tmp_path / "sums.csv", 40)
    with OpenAIServer(served(0.95, 0.5)) as server:
        priced = entries(server, "input_price=1", "output_price=2")
        verdict = raced(tmp_path, data, *priced, confidence=1.0)
        standing = named(verdict)["flaky"]
    assert standing.cost is not None
    tokens = standing.prompt_tokens + 2 * standing.completion_tokens
    assert float(standing.cost) == pytest.approx(tokens / 1e6)
    assert (standing.asked, standing.evaluated) == (40, 40)


def test_a_model_on_this_machine_races_against_endpoints(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from engines.tiny import build

    folder = build("llama", tmp_path / "tiny")
    data = sums(tmp_path / "sums.csv", 60)
    local = f"{folder},max_tokens=3,prompt=plain,name=local"
    with OpenAIServer(served(0.98, 0.5)) as server:
        verdict = raced(tmp_path, data, local, *entries(server), scope="list", tolerance=0.05)
        assert (verdict.winner, verdict.decided) == ("sound", True)
        standing = named(verdict)["local"]
        assert (standing.failed, standing.score) == (0, 0.0)
        assert standing.evaluated >= 10
        check_the_books(server, tmp_path, verdict.run)


@pytest.mark.parametrize("limit", [11, 60])
def test_eight_lines_to_endpoints_that_fail_stay_within_the_budget(
    tmp_path: Path, limit: int
) -> None:
    with OpenAIServer(served(0.7, 0.65)) as server:
        home, data = tmp_path / "home", sums(tmp_path / "sums.csv", 120)
        said = (f"evaluations={limit}", "usd=10")
        prices = ("concurrency=8", "input_price=1000", "output_price=1000")
        verdict = raced(home, data, *entries(server, *prices), budget=said)
        assert server.finished.total() <= limit
        check_the_books(server, home, verdict.run)
    evaluations, usd = verdict.budget
    assert evaluations.ended and evaluations.spent == server.finished.total() > limit - 2
    assert sum(one.cost or 0 for one in verdict.candidates) <= usd.spent <= 10
