import hashlib
from typing import Any

import pytest
from engines.tiny import CHATML, SENTENCES, WRITES_BOS, Tiny, tokenizer_for
from tokenizers import processors

from elige.engines.torch.detokenise import Detokeniser
from elige.engines.torch.tokenise import Tokeniser
from elige.errors import EngineRefused
from elige.records import Message, Prompt

HELLO = (Message("user", "Hello"),)


def tokeniser(*, adds_bos: bool = False, template: str = "") -> Tokeniser:
    return Tokeniser(
        tokenizer_for(Tiny(config="LlamaConfig", fields={}, adds_bos=adds_bos, template=template))
    )


def inner(tokeniser: Tokeniser) -> Any:  # noqa: ANN401 - a class of transformers
    return tokeniser._tokenizer


@pytest.mark.parametrize(
    ("adds_bos", "template", "prompt", "count"),
    [
        pytest.param(True, "", Prompt(text="Hello"), 1, id="added to plain text"),
        pytest.param(True, "", Prompt(text="<|begin|>Hello"), 1, id="already in the text"),
        pytest.param(True, "", Prompt(text="<|begin|><|begin|>Hi"), 1, id="twice in the text"),
        pytest.param(False, "", Prompt(text="Hello"), 0, id="not wanted"),
        pytest.param(True, WRITES_BOS, Prompt(messages=HELLO), 1, id="the template writes it"),
        pytest.param(True, CHATML, Prompt(messages=HELLO), 1, id="the template leaves it out"),
        pytest.param(False, WRITES_BOS, Prompt(messages=HELLO), 1, id="only the template"),
        pytest.param(False, CHATML, Prompt(messages=HELLO), 0, id="nobody wants it in a chat"),
    ],
)
def test_text_begins_once(adds_bos: bool, template: str, prompt: Prompt, count: int) -> None:
    made = tokeniser(adds_bos=adds_bos, template=template)
    encoded = made.encode(prompt)
    bos = inner(made).bos_token_id
    assert encoded.bos == count
    assert encoded.ids.count(bos) == count


def test_a_beginning_of_two_tokens_stands_once() -> None:
    tokenizer = tokenizer_for(Tiny(config="LlamaConfig", fields={}))
    ids = tokenizer.convert_tokens_to_ids(["<|im_start|>", "<|begin|>"])
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="<|im_start|> <|begin|> $A",
        special_tokens=[("<|im_start|>", ids[0]), ("<|begin|>", ids[1])],
    )
    made = Tokeniser(tokenizer)
    wanted = (*ids, *tokenizer("Hello", add_special_tokens=False)["input_ids"])
    assert made.encode(Prompt(text="Hello")).ids == wanted
    assert made.encode(Prompt(text="<|im_start|><|begin|>Hello")).ids == wanted


def test_the_template_is_known_by_its_hash() -> None:
    made = tokeniser(template=CHATML)
    wanted = hashlib.sha256(CHATML.encode()).hexdigest()
    assert made.encode(Prompt(messages=HELLO)).template == wanted
    assert made.encode(Prompt(text="Hello")).template == ""


def test_a_chat_ends_with_the_models_turn() -> None:
    made = tokeniser(template=CHATML)
    ids = made.encode(Prompt(messages=HELLO)).ids
    assert inner(made).decode(ids).endswith("<|im_end|>\n<|im_start|>assistant\n")


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(WRITES_BOS, id="refused by the template"),
        pytest.param(
            "{% for m in messages %}{% if m['role'] == 'user' %}{{ m['content'] }}"
            "{% endif %}{% endfor %}",
            id="left out by the template",
        ),
    ],
)
def test_a_system_message_without_a_place_opens_the_first_question(template: str) -> None:
    made = tokeniser(template=template)
    messages = (Message("system", "Be brief."), *HELLO)
    text = inner(made).decode(made.encode(Prompt(messages=messages)).ids)
    assert "Be brief.\n\nHello" in text


def test_a_chat_without_a_template_is_refused() -> None:
    with pytest.raises(EngineRefused, match="no chat template"):
        tokeniser().encode(Prompt(messages=HELLO))


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ raise_exception('roles must\nalternate') }}", id="it refuses"),
        pytest.param("{{ 1 / 0 }}", id="it fails"),
        pytest.param("{% for %}", id="it is broken"),
        pytest.param("{{ ''.__class__.__mro__ }}", id="it reaches out of its sandbox"),
    ],
)
def test_a_template_that_fails_is_told_in_one_line(template: str) -> None:
    with pytest.raises(EngineRefused) as caught:
        tokeniser(template=template).encode(Prompt(messages=HELLO))
    assert "chat template" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_template_sees_a_fixed_day() -> None:
    template = "{% if strftime_now is defined %}\n {{ strftime_now('%d %b %Y') }}{% endif %}"
    made = tokeniser(template=template)
    assert inner(made).decode(made.encode(Prompt(messages=HELLO)).ids) == " 26 Jul 2024"


def test_context_and_continuation_are_encoded_together() -> None:
    made = tokeniser(adds_bos=True)
    question = made.question(Prompt(text="The capital of"), [" France is Paris"])
    whole = made.encode(Prompt(text="The capital of France is Paris")).ids
    assert (*question.context.ids, *question.tails[0]) == whole


def test_white_space_moves_from_the_context_to_the_continuation() -> None:
    made = tokeniser()
    spaced = made.question(Prompt(text="The capital of "), ["France"])
    usual = made.question(Prompt(text="The capital of"), [" France"])
    assert spaced == usual


def test_a_continuation_that_melts_into_the_context_keeps_tokens_of_its_own() -> None:
    made = tokeniser()
    words = inner(made)
    whole = next(word for word in ("The", "Paris", "capital") if len(words(word)["input_ids"]) == 1)
    question = made.question(Prompt(text=whole[0]), [whole[1:]])
    assert question.tails == (tuple(words(whole[1:])["input_ids"]),)


@pytest.mark.parametrize("text", ["", "  "])
def test_without_a_context_the_start_of_text_stands_before(text: str) -> None:
    made = tokeniser()
    question = made.question(Prompt(text=text), ["Paris"])
    assert question.context.ids == made.start
    assert made.text(question.tails[0]).endswith("Paris")


def test_the_model_may_start_inside_its_reasoning() -> None:
    opening = CHATML.replace("assistant\n{% endif", "assistant\n<think>\n{% endif")
    assert tokeniser(template=opening).encode(Prompt(messages=HELLO)).reasoning
    assert not tokeniser(template=CHATML).encode(Prompt(messages=HELLO)).reasoning


def test_special_tokens_stay_out_of_the_text() -> None:
    made = tokeniser(template=CHATML)
    ids = inner(made)("<|im_start|>Paris<|im_end|>")["input_ids"]
    assert made.text(ids) == "Paris"


def test_tokens_that_mark_reasoning_stay_in_the_text() -> None:
    tokenizer = tokenizer_for(Tiny(config="LlamaConfig", fields={}))
    tokenizer.add_special_tokens({"additional_special_tokens": ["<think>", "</think>", "<x>"]})
    ids = tokenizer("<think>so</think><x>Paris")["input_ids"]
    assert Tokeniser(tokenizer).text(ids) == "<think>so</think>Paris"


def test_a_chat_ends_at_the_turns_end_even_where_no_file_says_so() -> None:
    made = tokeniser(adds_bos=True, template=WRITES_BOS)
    known = inner(made).convert_tokens_to_ids(["<|im_end|>", "<|end|>"])
    assert made.ends == {known[1]}
    assert made.turn_ends == set(known)


@pytest.mark.parametrize("text", [*SENTENCES, "日本語 🤖👩‍👩‍👧 tail", " leading", "\n\nlines\n"])
def test_streamed_text_is_the_whole_text(text: str) -> None:
    made = tokeniser()
    prompt = made.encode(Prompt(text="Question: 🙂")).ids
    stream = Detokeniser(made, prompt)
    parts = [stream.feed(token) for token in inner(made)(text)["input_ids"]]
    assert "".join([*parts, stream.finish()]) == text
    assert not any("\ufffd" in part for part in parts)
