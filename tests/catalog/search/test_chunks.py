"""Names read chunk by chunk say what they say when read whole."""

from hypothesis import example, given
from hypothesis import strategies as st

from elige.catalog.search.domains import _chunk_domains, _text_domains
from elige.catalog.search.words import _chunk_words, chunks, name_words

PARTS = st.sampled_from(
    ["Qwen2.5", "7B", "BioMistral", "8x7b", "gsm8k", "law", "v0.3", "coder", "Q4_K_M", "1.5x2.1b"]
)
NAMES = st.lists(PARTS | st.text(st.characters(max_codepoint=127), max_size=6), max_size=8).map(
    "-".join
)


@given(NAMES)
@example("a.1.5b..2x3.x")
@example("x" * 301)
def test_words_do_not_reach_beyond_a_chunk(name: str) -> None:
    assert sorted(name_words(name)) == sorted(_chunk_words(name[:300]))


@given(NAMES.filter(lambda name: "tock" not in name))
def test_nor_do_domains(name: str) -> None:
    assert set(_text_domains(name)) == set(_chunk_domains(name[:300]))


def test_other_letters_are_read_whole() -> None:
    assert chunks("Ärzte-LLM") is None
    assert name_words("Ärzte-LLM") == ("arzte", "llm")
