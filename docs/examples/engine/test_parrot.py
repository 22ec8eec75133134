"""What every engine keeps; change the import and PROMPTS, and add what is special to yours."""

from elige_parrot import ParrotEngine

from elige.loader.candidate import parse_candidate
from elige.records import Engine, EngineSpec, Identity, Message, Prompt, Sampling

PROMPTS = [
    Prompt(text="Say blue."),
    Prompt(messages=(Message("system", "Be brief."), Message("user", "Say red."))),
]


def opened() -> Engine:
    """The engine under test."""
    candidate = parse_candidate("http://localhost/v1#anything,engine=parrot")
    identity = Identity(weights="anything", engine="parrot", engine_version="0.1.0")
    return ParrotEngine(EngineSpec(candidate=candidate, identity=identity))


def test_it_keeps_the_protocol() -> None:
    """The workbench can hold it."""
    assert isinstance(opened(), Engine)


def test_each_prompt_ends_with_one_answer_whose_text_was_streamed() -> None:
    """Pieces come first; the last one carries the whole answer."""
    pieces = list(opened().generate(PROMPTS, Sampling()))
    for index in range(len(PROMPTS)):
        own = [piece for piece in pieces if piece.index == index]
        assert [piece.is_last for piece in own] == [False] * (len(own) - 1) + [True]
        answer = own[-1].answer
        assert answer is not None and answer.text == "".join(piece.text for piece in own)
        assert answer.completion_tokens > 0 and answer.seconds >= 0


def test_an_answer_is_no_longer_than_allowed() -> None:
    """Tokens are counted, and the limit is kept."""
    (*_, last) = opened().generate(PROMPTS[:1], Sampling(max_tokens=1))
    assert last.answer is not None and last.answer.completion_tokens == 1


def test_a_closed_engine_fails_and_closing_twice_is_safe() -> None:
    """A failure is no answer."""
    engine = opened()
    engine.close()
    engine.close()
    assert all(piece.failure is not None for piece in engine.generate(PROMPTS, Sampling()))
