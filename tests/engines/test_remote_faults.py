import threading
from time import perf_counter

import pytest
from engines.openai_server import Fault, OpenAIServer, ServedModel
from hypothesis import given
from hypothesis import strategies as st

from elige.engines.remote import RemoteEngine
from elige.engines.remote.relay import Relay
from elige.errors import EngineDown, EngineRefused
from elige.records import Answer, Message, Piece, Prompt, Sampling

FAULTS: tuple[Fault, ...] = (
    *("server_error", "overloaded", "rate_limited"),
    *("reset", "cut", "garbage", "error_event", "hang"),
)


def spoken(prompt: str) -> str:
    return f"the answer to {prompt} is long enough to break off in the middle"


def ask(
    model: ServedModel, count: int = 1, **options: str
) -> tuple[list[Answer | Exception], OpenAIServer]:
    """Outcomes of `count` chats in order, and the server that was asked."""
    prompts = [Prompt(messages=(Message("user", f"q{i}"),)) for i in range(count)]
    found: dict[int, Answer | Exception] = {}
    with OpenAIServer({"m": model}) as server:
        engine = RemoteEngine(server.spec("m", **options))  # type: ignore[arg-type]
        for piece in engine.generate(prompts, Sampling()):
            if end := piece.answer or piece.failure:
                assert piece.index not in found
                found[piece.index] = end
        engine.close()
    return [found[index] for index in range(count)], server


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_asked_again_and_never_an_answer(fault: Fault) -> None:
    model = ServedModel(answer=spoken, faults={fault: 1.0}, fault_limit=2)
    (found,), server = ask(model, timeout="0.3")
    assert isinstance(found, Answer)
    assert found.text == spoken("q0")
    assert server.asked("m")["q0"] == 3
    assert server.faulted == {fault: 2}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stays_is_this_prompts_failure(fault: Fault) -> None:
    (found,), server = ask(ServedModel(faults={fault: 1.0}), retries="2", timeout="0.1")
    assert isinstance(found, EngineDown)
    assert server.asked("m")["q0"] == 3
    assert found.hint


def test_faults_at_random_lose_and_double_nothing() -> None:
    rates: dict[Fault, float] = {fault: 0.06 for fault in FAULTS if fault != "hang"}
    model = ServedModel(answer=spoken, faults=rates, fault_limit=6, token_delay=0.0005)
    found, server = ask(model, 80)
    assert [one.text for one in found if isinstance(one, Answer)] == [
        spoken(f"q{i}") for i in range(80)
    ]
    assert set(server.finished.values()) == {1}
    assert len(server.faulted) == 7


def test_only_the_prompt_that_fails_fails() -> None:
    model = ServedModel(answer=spoken, faults={"cut": 0.5}, seed=1)
    found, _ = ask(model, 30, retries="0")
    kinds = {type(one) for one in found}
    assert kinds == {Answer, EngineDown}
    assert all(one.text.endswith("middle") for one in found if isinstance(one, Answer))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422])
def test_a_refusal_is_not_asked_again(status: int) -> None:
    (found,), server = ask(ServedModel(status=status, message="no"))
    assert isinstance(found, EngineRefused)
    assert str(status) in str(found)
    assert len(server.received) == 1


def test_used_up_credit_is_not_asked_again() -> None:
    (found,), server = ask(ServedModel(status=429, message="insufficient_quota"))
    assert isinstance(found, EngineRefused)
    assert "credit" in found.hint
    assert len(server.received) == 1


def test_a_rate_limit_holds_every_request_back() -> None:
    model = ServedModel(faults={"rate_limited": 1.0}, fault_limit=1, retry_after="0.3")
    found, server = ask(model, 2, concurrency="1")
    assert all(isinstance(one, Answer) for one in found)
    first, second = server.received[:2]
    assert first.prompt != second.prompt
    assert second.at - first.at >= 0.3


def test_a_wait_longer_than_the_deadline_fails_at_once() -> None:
    model = ServedModel(faults={"rate_limited": 1.0}, retry_after="3600")
    started = perf_counter()
    (found,), _ = ask(model, deadline="20")
    assert isinstance(found, EngineDown)
    assert "1 h" in str(found)
    assert perf_counter() - started < 10


def test_the_deadline_ends_a_prompt() -> None:
    model = ServedModel(answer=lambda prompt: "word " * 1000, token_delay=0.01)
    (found,), _ = ask(model, deadline="0.3")
    assert isinstance(found, EngineDown)
    assert "0.3 s" in str(found)


def test_waiting_in_line_does_not_count_for_the_deadline() -> None:
    found, _ = ask(ServedModel(delay=0.05), 30, deadline="0.5", concurrency="1")
    assert {type(one) for one in found} == {Answer}


def test_a_stream_that_stalls_in_the_middle_is_broken() -> None:
    (found,), _ = ask(ServedModel(token_delay=5.0), timeout="0.1", retries="0")
    assert isinstance(found, EngineDown)
    assert "silent" in str(found)


def test_an_endpoint_that_is_not_there_is_told() -> None:
    with OpenAIServer() as server:
        spec = server.spec("parrot", retries="1")
    prompt = Prompt(messages=(Message("user", "hi"),))
    (piece,) = RemoteEngine(spec).generate([prompt], Sampling())
    assert isinstance(piece.failure, EngineDown)
    assert spec.base_url.split("/")[2] in str(piece.failure)


def test_threads_share_one_engine() -> None:
    model = ServedModel(answer=spoken, faults={"reset": 0.2, "server_error": 0.2}, fault_limit=4)
    found: list[str] = []
    with OpenAIServer({"m": model}) as server:
        engine = RemoteEngine(server.spec("m"))

        def work(name: str) -> None:
            prompts = [Prompt(messages=(Message("user", f"{name} {i}"),)) for i in range(8)]
            pieces = engine.generate(prompts, Sampling())
            found.extend(piece.answer.text for piece in pieces if piece.answer)

        threads = [threading.Thread(target=work, args=(f"t{i}",)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        engine.close()
    assert sorted(found) == sorted(spoken(f"t{t} {i}") for t in range(4) for i in range(8))


def relayed(attempts: list[list[str]]) -> str:
    pieces: list[Piece] = []
    relay = Relay(0, pieces.append)
    for words in attempts:
        relay.begin()
        relay.pass_on((False, word) for word in words)
    return "".join(piece.text for piece in pieces)


@given(
    text=st.text(alphabet="abc ", max_size=12),
    cuts=st.lists(st.lists(st.integers(0, 12), max_size=4), min_size=1, max_size=4),
)
def test_an_attempt_that_says_the_same_is_passed_on_once(text: str, cuts: list[list[int]]) -> None:
    attempts = []
    for places in cuts:
        edges = [0, *sorted(min(place, len(text)) for place in places), len(text)]
        attempts.append([text[a:b] for a, b in zip(edges, edges[1:], strict=False)])
    broken = [words[: len(words) // 2] for words in attempts]
    assert relayed([*broken, attempts[-1]]) == text


def test_an_attempt_that_says_something_else_is_not_mixed_in() -> None:
    assert relayed([["one ", "two "], ["one ", "three ", "four"]]) == "one two "
