"""What every engine keeps, whatever stands behind it. A new engine joins ENGINES."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engines.openai_server import OpenAIServer, ServedModel
from engines.tiny import spec

from elige.config import Settings
from elige.engines.combined import SIZE, CombinedEngine, Router, combined_info
from elige.errors import EngineDown, EngineError, EngineRefused
from elige.loader.candidate import parse_candidate
from elige.loader.opener import Loader
from elige.plugins import load
from elige.records import (
    Answer,
    Ask,
    Candidate,
    Engine,
    EngineSpec,
    Finish,
    Identity,
    Member,
    Message,
    ModelRef,
    Piece,
    Prompt,
    RefKind,
    Sampling,
)

# One of each kind: trees, windows, experts, shared contexts, ALiBi, no cache of keys and values.
TINY = ("llama", "mistral", "mixtral", "falcon-7b", "falcon-rw", "gemma-3", "gpt-2", "mamba")
PACKAGED = ("smollm2-135m-instruct", "gemma-3-270m")
ENGINES = [
    *(pytest.param(name, id=name) for name in ("echo", "remote", "combined", *TINY)),
    *(pytest.param(name, id=name, marks=pytest.mark.slow) for name in PACKAGED),
]
QUESTIONS = (
    "The capital of France is",
    "Question: what is the colour of the sky? Answer:",
    "1 + 1 =",
)
CHOICES = (" Paris", " Paris and", " blue", " 東京 é🙂")
Open = Callable[[], Engine]


@pytest.fixture(scope="module", params=ENGINES)
def opener(
    request: pytest.FixtureRequest,
    tiny_folder: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Open]:
    """Opens the engine under test anew."""
    name: str = request.param
    if name == "echo":
        yield lambda: made(echo_spec())
    elif name == "combined":
        yield router
    elif name == "remote":
        told = ServedModel(answer=lambda prompt: f"You said {prompt}\nand so on")
        with OpenAIServer({"m": told}) as server:
            yield lambda: made(server.spec("m"))
    elif name in TINY:
        yield lambda: made(spec(tiny_folder(name)))
    else:
        yield packaged_opener(name, tmp_path_factory)


@pytest.fixture(scope="module")
def engine(opener: Open) -> Iterator[Engine]:
    """The engine under test, for tests that leave it open."""
    opened = opener()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def scoring(engine: Engine) -> Engine:
    """The engine under test where it can score."""
    if not engine.describe().can_score:
        pytest.skip("this engine cannot score, and says so")
    return engine


def made(spec: EngineSpec) -> Engine:
    factory = {RefKind.ECHO: "echo", RefKind.ENDPOINT: "remote"}
    opened = load("engines", factory.get(spec.candidate.ref.kind, "torch"))(spec)
    assert isinstance(opened, Engine)
    return opened


def echo_spec(weights: str = "echo") -> EngineSpec:
    ref = ModelRef(text="echo", kind=RefKind.ECHO, location="echo")
    candidate = Candidate(name="echo", ref=ref, engine="echo")
    return EngineSpec(candidate=candidate, identity=Identity(weights=weights, engine="echo"))


def router() -> Engine:
    """Two EchoEngines, of which the question decides who is asked."""
    first, second = made(echo_spec()), made(echo_spec("other"))
    half = (0.0, 1.0, *(0.0,) * (SIZE - 2))
    rule = Router(weights=(half, tuple(-one for one in half)))
    identity = Identity(weights="router", engine="combined")
    candidate = echo_spec().candidate
    members = [Member(candidate=candidate, info=one.describe()) for one in (first, second)]
    return CombinedEngine([first, second], rule, combined_info(members, identity))


def packaged_opener(name: str, folders: pytest.TempPathFactory) -> Open:
    loader = Loader(Settings(home=folders.getbasetemp() / "packaged"))
    return lambda: loader.open(parse_candidate(f"{name},dtype=fp32"))


def plain(*texts: str) -> list[Prompt]:
    return [Prompt(text=text) for text in texts]


def prompts_of(engine: Engine) -> list[Prompt]:
    """Plain prompts, and a chat where the model knows how."""
    chat = Prompt(messages=(Message("system", "Be brief."), Message("user", "Say something.")))
    return [*plain(*QUESTIONS), *([chat] if engine.describe().has_template else [])]


def choices(*texts: str, question: str = QUESTIONS[0], unconditional: bool = False) -> Ask:
    return Ask(
        prompt=Prompt(text=question), continuations=tuple(texts), unconditional=unconditional
    )


def ended(engine: Engine, prompts: list[Prompt], sampling: Sampling) -> list[Answer]:
    """Every prompt's answer, in order."""
    answers = {p.index: p.answer for p in engine.generate(prompts, sampling) if p.answer}
    return [answers[index] for index in range(len(prompts))]


def logprobs(answer: Answer) -> list[float]:
    return [weighed.logprob for weighed in answer.weighed]


def test_it_says_what_it_is(engine: Engine) -> None:
    info = engine.describe()
    assert info.identity.weights
    assert info.identity.engine
    assert info.can_generate
    assert info.concurrency >= 1
    assert info.context_length is None or info.context_length > 0


def test_closing_twice_is_safe(opener: Open) -> None:
    opened = opener()
    opened.close()
    opened.close()


def test_a_closed_engine_answers_nothing(opener: Open) -> None:
    opened = opener()
    can_score = opened.describe().can_score
    opened.close()
    with pytest.raises(EngineDown):
        list(opened.generate(plain("Hello"), Sampling(max_tokens=2)))
    with pytest.raises(EngineDown if can_score else EngineError):
        opened.score([choices(" a")])


def test_an_engine_that_cannot_score_refuses_to(engine: Engine) -> None:
    if engine.describe().can_score:
        pytest.skip("this engine can score")
    with pytest.raises(EngineRefused):
        engine.score([choices(" a", " b")])


def test_scores_come_in_the_order_asked(scoring: Engine) -> None:
    asks = [choices(*CHOICES[: 2 + at], question=text) for at, text in enumerate(QUESTIONS)]
    together = scoring.score(asks)
    assert [len(answer.weighed) for answer in together] == [2, 3, 4]
    alone = [scoring.score([ask])[0] for ask in asks]
    assert [logprobs(a) for a in together] == [pytest.approx(logprobs(a), abs=1e-3) for a in alone]


def test_log_probabilities_are_finite_and_not_positive(scoring: Engine) -> None:
    (answer,) = scoring.score([choices(*CHOICES)])
    assert all(value <= 0 and math.isfinite(value) for value in logprobs(answer))


def test_equal_questions_weigh_the_same(scoring: Engine) -> None:
    first, second = (scoring.score([choices(*CHOICES)])[0] for _ in range(2))
    assert logprobs(first) == pytest.approx(logprobs(second), abs=1e-5)


def test_a_choice_may_be_the_beginning_of_another(scoring: Engine) -> None:
    (answer,) = scoring.score([choices(" Paris", " Paris and")])
    short, longer = answer.weighed
    assert short.tokens < longer.tokens
    assert (short.characters, longer.characters) == (6, 10)


def test_characters_and_bytes_count_the_text_as_asked(scoring: Engine) -> None:
    (answer,) = scoring.score([choices(" 東京 é🙂", " x")])
    assert answer.weighed[0].characters == 6
    assert answer.weighed[0].utf8_bytes == 14
    assert answer.weighed[0].tokens >= 1


def test_a_question_without_continuations_is_refused(scoring: Engine) -> None:
    with pytest.raises(EngineRefused):
        scoring.score([choices()])


def test_the_unconditional_weight_comes_when_asked_for(scoring: Engine) -> None:
    asked, unasked = scoring.score(
        [choices(" Paris", " blue", unconditional=True), choices(" Paris", " blue")]
    )
    values = [weighed.unconditional for weighed in asked.weighed]
    assert all(value is not None and math.isfinite(value) and value <= 0 for value in values)
    assert all(weighed.unconditional is None for weighed in unasked.weighed)


def test_scoring_counts_tokens_and_seconds(scoring: Engine) -> None:
    (answer,) = scoring.score([choices(*CHOICES)])
    assert answer.prompt_tokens > 0
    assert answer.seconds >= 0


def test_every_prompt_ends_once(engine: Engine) -> None:
    prompts = prompts_of(engine)
    last = [p.index for p in engine.generate(prompts, Sampling(max_tokens=4)) if p.is_last]
    assert sorted(last) == list(range(len(prompts)))


def test_pieces_join_to_the_answer(engine: Engine) -> None:
    pieces = list(engine.generate(prompts_of(engine), Sampling(max_tokens=12)))
    for end in (piece for piece in pieces if piece.answer):
        own = [piece for piece in pieces if piece.index == end.index]
        assert end.answer is not None
        assert joined(own, reasoning=False) == end.answer.text
        assert joined(own, reasoning=True) == end.answer.reasoning


def joined(pieces: list[Piece], *, reasoning: bool) -> str:
    return "".join(piece.text for piece in pieces if piece.reasoning is reasoning)


def test_answers_count_their_tokens(engine: Engine) -> None:
    for answer in ended(engine, prompts_of(engine), Sampling(max_tokens=4)):
        assert answer.prompt_tokens > 0
        assert 0 < answer.completion_tokens <= 4
        assert answer.seconds >= 0


def test_a_text_cut_short_says_so(engine: Engine) -> None:
    sampling = Sampling(max_tokens=1)
    answers = ended(engine, prompts_of(engine), sampling)
    assert all(answer.completion_tokens <= 1 for answer in answers)
    assert {answer.finish for answer in answers} <= {Finish.LENGTH, Finish.STOP}


def test_a_stop_string_ends_the_text_and_stays_out(engine: Engine) -> None:
    prompts = prompts_of(engine)
    for index, answer in enumerate(ended(engine, prompts, Sampling(max_tokens=12))):
        if len(answer.text) < 4:
            continue
        stop = answer.text[2:4]
        (cut,) = ended(engine, [prompts[index]], Sampling(max_tokens=12, stop=(stop,)))
        assert stop not in cut.text
        assert answer.text.startswith(cut.text)
        assert cut.finish is Finish.STOP


def test_greedy_text_is_repeatable(engine: Engine) -> None:
    prompts = prompts_of(engine)
    first, second = (ended(engine, prompts, Sampling(max_tokens=8)) for _ in range(2))
    assert [answer.text for answer in first] == [answer.text for answer in second]


def test_the_same_seed_gives_the_same_text(engine: Engine) -> None:
    sampling = Sampling(max_tokens=8, temperature=1.0, seed=11)
    first, second = (ended(engine, plain(*QUESTIONS), sampling) for _ in range(2))
    assert [answer.text for answer in first] == [answer.text for answer in second]


def test_closing_the_stream_leaves_the_engine_usable(engine: Engine) -> None:
    stream = engine.generate(plain(*QUESTIONS), Sampling(max_tokens=64))
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert ended(engine, plain("Hello"), Sampling(max_tokens=2))


def test_the_beginning_of_text_is_sent_at_most_once(engine: Engine) -> None:
    answers = ended(engine, prompts_of(engine), Sampling(max_tokens=2))
    assert all(answer.bos in {None, 0, 1} for answer in answers)
    assert {bool(answer.template) for answer in answers[: len(QUESTIONS)]} == {False}


def test_no_prompts_give_no_pieces(engine: Engine) -> None:
    assert list(engine.generate([], Sampling())) == []
