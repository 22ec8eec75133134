from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from jinja2.ext import loopcontrols

from elige.engines.reasoning import ReasoningSplitter, opened_by, split

HARMONY = "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>"
MARKERS = [
    *("<think>", "</think>", "[THINK]", "[/THINK]", "<|channel|>analysis<|message|>", HARMONY),
    *("<|think|>", "<|end|>", "<|START_RESPONSE|>", "◁think▷", "◁/think▷", "<thinking>"),
    *("<think", "</", "<|", "[", " ", "\n", "a", "so 4", "<channel|>", "<|channel|>"),
]
streams = st.lists(st.sampled_from(MARKERS), max_size=12).map("".join)


def streamed(pieces: list[str], *, open_already: bool = False) -> tuple[str, str, bool]:
    splitter = ReasoningSplitter(open_already)
    parts = [part for piece in pieces for part in splitter.feed(piece)] + splitter.finish()
    answer = "".join(text for reasoning, text in parts if not reasoning)
    return answer, "".join(text for reasoning, text in parts if reasoning), splitter.unclosed


@pytest.mark.parametrize(
    ("text", "answer", "reasoning"),
    [
        pytest.param("<think>\nhm\n</think>\n\n4", "4", "\nhm\n", id="think"),
        pytest.param("\n<think>hm</think>4", "4", "hm", id="after white space"),
        pytest.param("<think></think>4", "4", "", id="empty reasoning"),
        pytest.param("[THINK]hm[/THINK]4", "4", "hm", id="mistral"),
        pytest.param("<seed:think>hm</seed:think>4", "4", "hm", id="seed"),
        pytest.param("◁think▷hm◁/think▷4", "4", "hm", id="kimi"),
        pytest.param(f"{HARMONY}4", "4", "hm", id="harmony"),
        pytest.param("<|channel|>final<|message|>4", "4", "", id="harmony without analysis"),
        pytest.param("<|channel>thought\nhm<channel|>4", "4", "\nhm", id="gemma 4"),
        pytest.param("<|START_THINKING|>hm<|END_THINKING|>4", "4", "hm", id="cohere"),
        pytest.param(
            "<|think|>hm<|end|><|begin|>assistant<|content|>4", "4", "hm", id="solar open"
        ),
        pytest.param("<think>a</think><think>b</think>4", "4", "ab", id="twice"),
        pytest.param("<think>a <b> c</think>4", "4", "a <b> c", id="tags inside"),
        pytest.param(" 4 ", " 4 ", "", id="no reasoning keeps its space"),
        pytest.param("Use <think>x</think>.", "Use <think>x</think>.", "", id="talked about"),
        pytest.param("a < b", "a < b", "", id="less than"),
        pytest.param("<thin", "<thin", "", id="half a marker"),
    ],
)
def test_reasoning_is_split_from_the_answer(text: str, answer: str, reasoning: str) -> None:
    assert split(text) == (answer, reasoning, False)


def test_reasoning_that_never_ends_is_unclosed() -> None:
    assert split("<think>hm</thi") == ("", "hm</thi", True)


def test_reasoning_opened_by_the_prompt_is_closed_by_the_answer() -> None:
    assert split("hm</think>4", open_already=True) == ("4", "hm", False)


def test_reasoning_opened_by_the_prompt_may_be_opened_again() -> None:
    assert split("<think>hm</think>4", open_already=True) == ("4", "hm", False)


def test_nothing_after_an_opening_prompt_is_unclosed() -> None:
    assert split("hm", open_already=True) == ("", "hm", True)


def test_a_lone_closer_on_its_line_ends_reasoning() -> None:
    assert split("2 and 2\n</think>\n\n4") == ("4", "2 and 2", False)


def test_a_lone_closer_in_a_sentence_is_talked_about() -> None:
    text = "The tag </think> ends it."
    assert split(text) == (text, "", False)


def test_a_closer_after_a_quoted_opener_is_talked_about() -> None:
    text = "Write <think>\nthen\n</think>\nand the answer."
    assert split(text) == (text, "", False)


@given(text=streams, cuts=st.lists(st.integers(0, 200), max_size=20), opened=st.booleans())
def test_any_chunking_gives_the_same_as_the_whole(text: str, cuts: list[int], opened: bool) -> None:
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[a:b] for a, b in pairwise(places)]
    assert streamed(pieces, open_already=opened) == streamed([text], open_already=opened)


@given(text=streams)
def test_single_characters_give_the_same_as_the_whole(text: str) -> None:
    assert streamed(list(text)) == streamed([text])


@given(text=st.text().filter(lambda text: not any(mark in text for mark in "<[◁H")))
def test_text_without_markers_passes_unchanged(text: str) -> None:
    assert split(text) == (text, "", False)


@pytest.mark.parametrize(
    ("template", "opens"),
    [
        ("Qwen-QwQ-32B", True),
        ("llama-cpp-deepseek-r1", True),
        ("StepFun3.5-Flash", True),
        ("MiniMax-M2", True),
        ("GLM-4.7-Flash", True),
        ("Qwen-Qwen3-0.6B", False),
        ("Qwen-Qwen2.5-7B-Instruct", False),
        ("HuggingFaceTB-SmolLM3-3B", False),
        ("google-gemma-4-31B-it", False),
        ("deepseek-ai-DeepSeek-R1-Distill-Llama-8B", True),
    ],
)
def test_real_templates_say_whether_they_open_reasoning(
    template: str, opens: bool, shared_data: Path
) -> None:
    assert opened_by(rendered(shared_data, template)) is opens


def rendered(shared_data: Path, template: str) -> str:
    source = (shared_data / "configs" / "chat_templates" / f"{template}.jinja").read_text("utf-8")
    environment = Environment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols], autoescape=False
    )
    environment.globals["strftime_now"] = lambda form: "2026-01-01"
    environment.globals["raise_exception"] = pytest.fail
    turns = [{"role": "user", "content": "What does <think> mean?"}]
    enabled = {"enable_thinking": True} if template == "Qwen-QwQ-32B" else {}
    return environment.from_string(source).render(
        messages=turns, add_generation_prompt=True, bos_token="", eos_token="", **enabled
    )
