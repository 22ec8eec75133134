"""What is known without any sync."""

from cli.conftest import Run


def test_the_collection_is_found_without_any_sync(elige: Run) -> None:
    done = elige("models", "search", "--collection", "lesson-16", "--limit", "50")
    assert done.code == 0
    assert "allenai/OLMo-7B" in done.out
    assert "15 models" in done.out
    assert elige("models", "show", "elyza/ELYZA-japanese-Llama-2-7b-fast").code == 0
