"""What an ask is, and that older answers are still found by its key."""

from typing import Any  # fields of Ask

import pytest

from elige.records import Ask, Message, Prompt, Sampling

CHOICE = Ask(prompt=Prompt(text="The sky is"), continuations=(" blue", " red"), unconditional=True)
CHAT = Ask(prompt=Prompt(messages=(Message("user", "Hi"),)), sampling=Sampling())


@pytest.mark.parametrize(
    ("ask", "key"),
    [
        (CHOICE, "d7c6a83e9b861194a43e6c027d461761d2fa137cfa995846ab6c722348978b9a"),
        (CHAT, "3420a14acf9e3738a474b8181d9f2f78ea43ae7d52b84b06192fb1f8354f40fb"),
    ],
    ids=["choice", "chat"],
)
def test_key_of_an_older_ask_is_what_it_always_was(ask: Ask, key: str) -> None:
    assert ask.key == key


def test_contexts_and_rolling_are_part_of_the_key() -> None:
    text = Prompt(text="The sky is")
    asks = [
        Ask(prompt=text, continuations=(" blue", " red")),
        Ask(prompt=text, continuations=(" blue", " red"), contexts=("It is", "They are")),
        Ask(prompt=text, continuations=(" blue", " red"), contexts=("They are", "It is")),
        Ask(prompt=text, rolling=True),
        Ask(prompt=text),
    ]
    assert len({ask.key for ask in asks}) == len(asks)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"continuations": ("a", "b"), "contexts": ("c",)}, "1 contexts for 2 continuations"),
        ({"continuations": ("a",), "rolling": True}, "no continuations"),
        ({"prompt": CHAT.prompt, "rolling": True}, "plain text"),
        (
            {"prompt": CHAT.prompt, "continuations": ("a",), "contexts": ("c",)},
            "plain text",
        ),
    ],
    ids=["lengths", "rolling-choice", "rolling-chat", "contexts-chat"],
)
def test_nonsense_is_no_ask(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Ask(**{"prompt": Prompt(text="x")} | fields)


def test_a_rolling_ask_is_weighed() -> None:
    assert Ask(prompt=Prompt(text="The sky"), rolling=True).is_choice
