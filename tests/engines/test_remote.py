import contextlib
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from decimal import Decimal
from time import monotonic, perf_counter, sleep

import pytest
from engines.openai_server import OpenAIServer, ServedModel

from elige.engines.remote import RemoteEngine
from elige.errors import BadInput, EngineDown, EngineRefused
from elige.records import Answer, Ask, Engine, Finish, Message, Prices, Prompt, Sampling

KEY = "sk-very-secret-0123456789"
Serve = Callable[..., OpenAIServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server with one model called m."""
    with contextlib.ExitStack() as running:

        def start(*, api_key: str = "", **behaviour: object) -> OpenAIServer:
            model = ServedModel(**behaviour)  # type: ignore[arg-type]
            return running.enter_context(OpenAIServer({"m": model}, api_key=api_key))

        yield start


def chat(text: str) -> Prompt:
    return Prompt(messages=(Message("user", text),))


def outcomes(
    engine: Engine, prompts: list[Prompt], sampling: Sampling | None = None
) -> list[Answer | Exception]:
    """Each prompt's answer or failure, in order."""
    found: dict[int, Answer | Exception] = {}
    for piece in engine.generate(prompts, sampling or Sampling()):
        if end := piece.answer or piece.failure:
            found[piece.index] = end
    return [found[index] for index in sorted(found)]


def answer(engine: Engine, prompt: Prompt, sampling: Sampling | None = None) -> Answer:
    (found,) = outcomes(engine, [prompt], sampling)
    assert isinstance(found, Answer), found
    return found


def failure(engine: Engine, prompt: Prompt) -> Exception:
    (found,) = outcomes(engine, [prompt])
    assert isinstance(found, Exception), found
    return found


def until(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    ends = monotonic() + seconds
    while not holds() and monotonic() < ends:
        sleep(0.01)
    return holds()


def test_a_chat_is_answered_with_its_usage_and_cost(serve: Serve) -> None:
    server = serve(answer=lambda prompt: "one two three")
    prices = Prices(input=Decimal(1), output=Decimal(10))
    found = answer(RemoteEngine(server.spec("m", prices=prices)), chat("how many"))
    assert (found.text, found.finish, found.model) == ("one two three", Finish.STOP, "m")
    assert (found.prompt_tokens, found.completion_tokens) == (2, 3)
    assert found.cost == Decimal("0.000032")
    assert found.seconds > 0


def test_every_sampling_field_is_sent(serve: Serve) -> None:
    server = serve()
    sampling = Sampling(
        temperature=0.5, top_p=0.9, top_k=7, repetition_penalty=1.1, max_tokens=9, seed=3
    )
    answer(RemoteEngine(server.spec("m")), chat("hi"), sampling)
    body = server.received[0].body
    sent = {name: body[name] for name in ("temperature", "top_p", "top_k", "max_tokens", "seed")}
    assert sent == {"temperature": 0.5, "top_p": 0.9, "top_k": 7, "max_tokens": 9, "seed": 3}
    assert body["repetition_penalty"] == 1.1


def test_filters_that_are_off_are_not_sent(serve: Serve) -> None:
    server = serve()
    answer(RemoteEngine(server.spec("m")), chat("hi"))
    assert not {"top_k", "repetition_penalty", "stop"} & server.received[0].body.keys()


def test_pieces_of_an_undisturbed_stream_join_to_the_answer(serve: Serve) -> None:
    server = serve(answer=lambda prompt: "one two three", reasoning="hm so")
    pieces = list(RemoteEngine(server.spec("m")).generate([chat("hi")], Sampling()))
    assert "".join(p.text for p in pieces if not p.reasoning) == "one two three"
    assert "".join(p.text for p in pieces if p.reasoning) == "hm so"


@pytest.mark.parametrize("where", ["reasoning_content", "reasoning", "<think>{}</think>\n\n"])
def test_reasoning_is_split_off(serve: Serve, where: str) -> None:
    server = serve(answer=lambda prompt: "4", reasoning="hm so", reasoning_in=where)
    found = answer(RemoteEngine(server.spec("m")), chat("2+2"))
    assert (found.text, found.reasoning, found.unclosed) == ("4", "hm so", False)


def test_reasoning_tokens_are_counted_when_told(serve: Serve) -> None:
    found = answer(RemoteEngine(serve(reasoning="hm so").spec("m")), chat("a b"))
    assert found.reasoning_tokens == 2
    assert found.completion_tokens == 6


@pytest.mark.parametrize("where", ["reasoning_content", "<think>{}</think>"])
def test_an_answer_that_ends_inside_its_reasoning_is_unclosed(serve: Serve, where: str) -> None:
    server = serve(reasoning="a b c d e f", reasoning_in=where)
    found = answer(RemoteEngine(server.spec("m")), chat("2+2"), Sampling(max_tokens=3))
    assert (found.text, found.finish, found.unclosed) == ("", Finish.LENGTH, True)


@pytest.mark.parametrize(
    ("told", "finish"),
    [
        ("stop", Finish.STOP),
        ("length", Finish.LENGTH),
        ("content_filter", Finish.REFUSED),
        ("eos", Finish.STOP),
    ],
)
def test_finish_reasons_are_understood(serve: Serve, told: str, finish: Finish) -> None:
    assert answer(RemoteEngine(serve(finish=told).spec("m")), chat("hi")).finish is finish


def test_an_unknown_finish_reason_is_told_as_a_notice(serve: Serve) -> None:
    engine = RemoteEngine(serve(finish="bored").spec("m"))
    assert answer(engine, chat("hi")).finish is Finish.STOP
    assert "bored" in engine.describe().notices[0]


def test_a_refusal_is_refused(serve: Serve) -> None:
    found = answer(RemoteEngine(serve(refusal="I will not.").spec("m")), chat("hi"))
    assert (found.text, found.finish) == ("I will not.", Finish.REFUSED)


def test_missing_usage_means_no_cost_and_a_notice(serve: Serve) -> None:
    server = serve(usage=False)
    prices = Prices(input=Decimal(1), output=Decimal(1))
    engine = RemoteEngine(server.spec("m", prices=prices))
    found = answer(engine, chat("hi"))
    assert (found.cost, found.completion_tokens) == (None, 0)
    assert "counts no tokens" in engine.describe().notices[0]


def test_an_endpoint_that_does_not_stream_answers_too(serve: Serve) -> None:
    server = serve(answer=lambda prompt: "one two", streams=False, reasoning="hm")
    found = answer(RemoteEngine(server.spec("m")), chat("hi"))
    assert (found.text, found.reasoning, found.completion_tokens) == ("one two", "hm", 3)


def test_plain_text_is_continued_as_it_is(serve: Serve) -> None:
    server = serve()
    answer(RemoteEngine(server.spec("m")), Prompt(text="Once upon"))
    assert server.received[0].path == "/v1/completions"


def test_plain_text_becomes_a_message_where_only_chat_is_served(serve: Serve) -> None:
    server = serve(completions=False)
    engine = RemoteEngine(server.spec("m"))
    for text in ("Once", "upon"):
        answer(engine, Prompt(text=text))
    paths = [one.path.removeprefix("/v1") for one in server.received]
    assert paths == ["/completions", "/chat/completions", "/chat/completions"]
    assert "only chats" in engine.describe().notices[0]


@pytest.mark.parametrize("rejected", ["max_tokens", "temperature", "seed", "stream_options"])
def test_a_parameter_that_is_not_taken_is_left_out_from_then_on(
    serve: Serve, rejected: str
) -> None:
    server = serve(rejects=frozenset({rejected}))
    engine = RemoteEngine(server.spec("m"))
    assert answer(engine, chat("hi")).text == answer(engine, chat("hi")).text
    assert [rejected in one.body for one in server.received] == [True, False, False]
    assert ("max_completion_tokens" in server.received[1].body) is (rejected == "max_tokens")


def test_several_parameters_not_taken_are_learnt_by_requests_side_by_side(serve: Serve) -> None:
    rejected = frozenset({"max_tokens", "temperature", "seed", "stop"})
    engine = RemoteEngine(serve(rejects=rejected).spec("m"))
    found = outcomes(engine, [chat(f"q{i}") for i in range(8)], Sampling(stop=("q",)))
    assert [one.text for one in found if isinstance(one, Answer)] == ["You said: "] * 8
    assert len(engine.describe().notices) == 3


def test_more_stop_strings_than_an_endpoint_takes_are_cut_here(serve: Serve) -> None:
    server = serve(answer=lambda prompt: "one two three")
    sampling = Sampling(stop=("v", "w1", "x", "y", "three"))
    found = answer(RemoteEngine(server.spec("m")), chat("hi"), sampling)
    assert len(server.received[0].body["stop"]) == 4
    assert (found.text, found.finish) == ("one two ", Finish.STOP)


def test_at_most_the_given_number_of_requests_is_open(serve: Serve) -> None:
    server = serve(delay=0.05)
    engine = RemoteEngine(server.spec("m", concurrency="3"))
    threads = [
        threading.Thread(target=outcomes, args=(engine, [chat(f"{i} {j}") for j in range(4)]))
        for i in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.peak == 3
    assert server.finished.total() == 12


def test_closing_the_iterator_calls_its_requests_off(serve: Serve) -> None:
    server = serve(answer=lambda prompt: "word " * 500, token_delay=0.01)
    engine = RemoteEngine(server.spec("m"))
    pieces = engine.generate([chat(f"q{i}") for i in range(20)], Sampling(max_tokens=500))
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert until(lambda: server.active == 0)
    assert server.aborted == 8
    assert not server.finished


def test_another_call_goes_on_when_one_is_closed(serve: Serve) -> None:
    server = serve(delay=0.1)
    engine = RemoteEngine(server.spec("m"))
    one = engine.generate([chat("one")], Sampling())
    other = engine.generate([chat("other")], Sampling())
    threading.Timer(0.02, one.close).start()  # type: ignore[attr-defined]
    assert [piece.answer for piece in other][-1] is not None


def test_closing_the_engine_fails_what_is_in_flight(serve: Serve) -> None:
    server = serve(delay=30.0)
    engine = RemoteEngine(server.spec("m"))
    threading.Timer(0.2, engine.close).start()
    started = perf_counter()
    found = outcomes(engine, [chat(f"q{i}") for i in range(10)])
    assert [type(one) for one in found] == [EngineDown] * 10
    assert perf_counter() - started < 5
    assert until(lambda: server.active == 0)


def test_a_closed_engine_answers_nothing(serve: Serve) -> None:
    engine = RemoteEngine(serve().spec("m"))
    answer(engine, chat("hi"))
    engine.close()
    engine.close()
    with pytest.raises(EngineDown):
        next(engine.generate([chat("hi")], Sampling()))


def test_an_engine_never_used_closes(serve: Serve) -> None:
    RemoteEngine(serve().spec("m")).close()


def test_no_prompts_give_no_pieces(serve: Serve) -> None:
    assert list(RemoteEngine(serve().spec("m")).generate([], Sampling())) == []


def test_choices_cannot_be_weighed(serve: Serve) -> None:
    engine = RemoteEngine(serve().spec("m"))
    assert engine.describe().can_score is False
    with pytest.raises(EngineRefused):
        engine.score([Ask(prompt=chat("hi"), continuations=("a", "b"))])


def test_describing_asks_the_endpoint_for_nothing(serve: Serve) -> None:
    server = serve()
    RemoteEngine(server.spec("m")).describe()
    assert not server.received


def test_the_key_is_sent(serve: Serve) -> None:
    server = serve(api_key=KEY)
    answer(RemoteEngine(server.spec("m", api_key=KEY)), chat("hi"))
    assert server.received[0].authorization == f"Bearer {KEY}"


def test_without_a_key_no_authorization_and_no_account_is_sent(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"Authorization: Bearer {KEY}")
    server = serve()
    answer(RemoteEngine(server.spec("m")), chat("hi"))
    assert server.received[0].authorization == ""


def test_a_wrong_key_is_told_once_in_one_line_without_the_key(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(api_key="another")
    engine = RemoteEngine(server.spec("m", api_key=KEY))
    refused = failure(engine, chat("hi"))
    assert isinstance(refused, EngineRefused)
    assert "401" in str(refused)
    assert "Incorrect API key provided: Bearer ***" in str(refused)
    assert "API key" in refused.hint
    seen = "".join(traceback.format_exception(refused)) + caplog.text + refused.hint
    chain = repr([engine, server.spec("m", api_key=KEY), refused, refused.__context__])
    assert KEY not in seen + chain


def test_a_refusal_to_all_is_not_asked_for_each_prompt(serve: Serve) -> None:
    server = serve(status=403, message="no access")
    engine = RemoteEngine(server.spec("m", concurrency="2"))
    found = outcomes(engine, [chat(f"q{i}") for i in range(50)])
    assert [type(one) for one in found] == [EngineRefused] * 50
    assert len(server.received) <= 4


def test_half_a_character_is_refused(serve: Serve) -> None:
    refused = failure(RemoteEngine(serve().spec("m")), chat("half \ud83d"))
    assert isinstance(refused, EngineRefused)
    assert "ud83d" in str(refused)


def test_an_unknown_model_names_the_near_ones() -> None:
    models = {"llama-3.1-8b": ServedModel(), "qwen3-4b": ServedModel()}
    with OpenAIServer(models) as server:
        refused = failure(RemoteEngine(server.spec("llama-3-8b")), chat("hi"))
    assert isinstance(refused, EngineRefused)
    assert refused.hint == "Did you mean llama-3.1-8b?"


def test_a_wrong_address_is_told(serve: Serve) -> None:
    server = serve()
    spec = server.spec("m")
    wrong = type(spec)(
        candidate=spec.candidate, identity=spec.identity, base_url=server.url.removesuffix("/v1")
    )
    refused = failure(RemoteEngine(wrong), chat("hi"))
    assert isinstance(refused, EngineRefused)
    assert "/v1" in refused.hint


def test_a_prompt_too_long_is_refused_alone(serve: Serve) -> None:
    server = serve(status=400, message="maximum context length is 8 tokens")
    refused = failure(RemoteEngine(server.spec("m")), chat("hi"))
    assert isinstance(refused, EngineRefused)
    assert "shorter" in refused.hint
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"timout": "3"}, id="unknown key"),
        pytest.param({"retries": "2.5"}, id="no whole number"),
        pytest.param({"concurrency": "0"}, id="nobody may ask"),
        pytest.param({"timeout": "nan"}, id="no number"),
    ],
)
def test_bad_keys_are_refused(serve: Serve, options: dict[str, str]) -> None:
    with pytest.raises(BadInput) as refused:
        RemoteEngine(serve().spec("m", **options))  # type: ignore[arg-type]
    assert refused.value.hint


def test_an_address_that_is_none_is_refused(serve: Serve) -> None:
    spec = serve().spec("m")
    wrong = type(spec)(candidate=spec.candidate, identity=spec.identity, base_url="localhost:80")
    with pytest.raises(BadInput):
        RemoteEngine(wrong)
