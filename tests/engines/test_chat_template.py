"""Chat templates are programs by strangers: they render as in transformers, and cannot hang us."""

from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from elige.engines.chat_template import ChatTemplate
from elige.engines.jinja import FIXED_DAY
from elige.errors import EngineRefused
from elige.records import Message

TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
TALK = (
    Message("user", 'What is 2+2? {"a": "ü"}'),
    Message("assistant", "Four."),
    Message("user", "And 3+3?"),
)
# These want functions to call, and fail without them.
FOR_TOOLS = (
    *("CohereForAI-c4ai-command-r-plus-tool_use", "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use"),
    *("NousResearch-Hermes-3-Llama-3.1-8B-tool_use", "fireworks-ai-llama-3-firefunction-v2"),
)


def rendered(text: str, *, seconds: float = 10.0) -> str:
    template = ChatTemplate(text, TOKENS, seconds=seconds)
    try:
        return template.render(TALK)
    finally:
        template.close()


def test_real_templates_render_as_in_transformers(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers.utils import chat_template_utils

    reference: Any = chat_template_utils

    class Still(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Still":
            return cls(FIXED_DAY.year, FIXED_DAY.month, FIXED_DAY.day)

    monkeypatch.setattr(reference, "datetime", Still)
    turns = [{"role": turn.role, "content": turn.content} for turn in TALK]
    files = sorted((shared_data / "configs" / "chat_templates").rglob("*.jinja"))
    texts = {path.stem: path.read_text("utf-8") for path in files if path.stem not in FOR_TOOLS}
    assert len(texts) >= 60
    for name, text in texts.items():
        wanted = reference.render_jinja_template(
            [turns], chat_template=text, add_generation_prompt=True, **TOKENS
        )
        assert rendered(text) == wanted[0][0], name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("{{ raise_exception('no system') }}", "no system", id="refuses"),
        pytest.param("{% if %}", "Expected an expression", id="broken"),
        pytest.param("{{ 'a' * 10000000000 }}", "more memory", id="memory"),
        pytest.param("{{ 'a' * 20000000 }}", "wrote too much", id="output"),
        pytest.param("{{ ''.__class__.__mro__ }}", "unsafe", id="sandbox"),
        pytest.param("{% set n = namespace(_x=1) %}", "_x", id="namespace"),
        pytest.param("{% for t in tools %}{% endfor %}", "not iterable", id="wants tools"),
    ],
)
def test_a_template_that_fails_says_why(text: str, why: str) -> None:
    with pytest.raises(EngineRefused, match=why):
        rendered(text)


def test_an_endless_template_is_stopped_and_not_tried_again() -> None:
    loops = "{% for i in range(99999) %}"
    template = ChatTemplate(loops * 3 + "{% endfor %}" * 3, TOKENS, seconds=1.0)
    with pytest.raises(EngineRefused, match="more than 1 s"):
        template.render(TALK)
    start = perf_counter()
    with pytest.raises(EngineRefused, match="more than 1 s"):
        template.render(TALK)
    assert perf_counter() - start < 0.5


def test_one_refusal_does_not_spoil_the_next_conversation() -> None:
    template = ChatTemplate(
        "{% if messages|length > 1 %}{{ raise_exception('one turn') }}{% endif %}"
        "{{ messages[0].content }}{{ eos_token }}",
        TOKENS,
    )
    with pytest.raises(EngineRefused, match="one turn"):
        template.render(TALK)
    assert template.render(TALK[:1]) == f"{TALK[0].content}</s>"
    template.close()


def test_a_closed_template_opens_again() -> None:
    template = ChatTemplate("{{ messages[0].content }}", TOKENS)
    first = template.render(TALK)
    template.close()
    template.close()
    assert template.render(TALK) == first
    template.close()


def test_half_a_surrogate_pair_goes_through() -> None:
    template = ChatTemplate("{{ messages[0].content }}", TOKENS)
    assert template.render([Message("user", "\ud83d")]) == "\ud83d"
    template.close()


def test_the_child_sees_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    from elige.config import bare_environment

    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert "OPENAI_API_KEY" not in bare_environment()
