"""Names that mean the same model get the same key, and others do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.identity import identify_model
from elige.catalog.naming import _everywhere, signature, spelt


@pytest.mark.parametrize(
    ("name", "provider", "key"),
    [
        pytest.param(
            "meta-llama/llama-3.3-70b-instruct:free",
            "openrouter",
            "meta-llama/Llama-3.3-70B-Instruct",
            id="free variant",
        ),
        pytest.param(
            "accounts/fireworks/models/glm-5p2", "fireworks-ai", "zai-org/GLM-5.2", id="fireworks"
        ),
        pytest.param(
            "us.meta.llama3-1-8b-instruct-v1:0",
            "amazon-bedrock",
            "meta-llama/Llama-3.1-8B-Instruct",
            id="bedrock",
        ),
        pytest.param(
            "workers-ai/@cf/meta/llama-3.2-11b-vision-instruct",
            "cloudflare",
            "meta-llama/Llama-3.2-11B-Vision-Instruct",
            id="cloudflare",
        ),
        pytest.param(
            "Meta-Llama-3.1-8B-Instruct-Turbo",
            "togetherai",
            "meta-llama/Llama-3.1-8B-Instruct",
            id="turbo of together",
        ),
        pytest.param("Qwen/Qwen3-32B-FP8", "x", "Qwen/Qwen3-32B", id="fewer bits"),
        pytest.param("qwen/qwen-2.5-72b-instruct", "", "Qwen/Qwen2.5-72B-Instruct", id="dashes"),
        pytest.param("unsloth/gemma-3-27b-it", "", "google/gemma-3-27b-it", id="put up again"),
        pytest.param("gpt-oss:120b", "ollama", "openai/gpt-oss-120b", id="size behind a colon"),
        pytest.param("Pro/deepseek-ai/DeepSeek-V3", "", "deepseek-ai/DeepSeek-V3", id="two words"),
        pytest.param("gpt-5-2025-08-07", "openai", "openai/gpt-5", id="the only edition"),
        pytest.param(
            "eu.anthropic.claude-opus-4-5-20251101-v1:0",
            "amazon-bedrock",
            "anthropic/claude-opus-4.5",
            id="claude of bedrock",
        ),
        pytest.param(
            "anthropic-claude-4.5-haiku", "digitalocean", "anthropic/claude-haiku-4.5", id="order"
        ),
        pytest.param("Gemini-2.5-Pro", "Google", "google/gemini-2.5-pro", id="a leaderboard"),
        pytest.param(
            "Claude Sonnet 4 (20250514)", "Anthropic", "anthropic/claude-sonnet-4", id="brackets"
        ),
        pytest.param(
            "Command R+ (08-2024)", "Cohere", "CohereLabs/c4ai-command-r-plus-08-2024", id="plus"
        ),
        pytest.param("llama-3.1-8b", "cerebras", "cerebras/llama-3.1-8b", id="base or instructed"),
        pytest.param("llama-3.1-8b", "Meta", "meta-llama/Llama-3.1-8B", id="its maker says so"),
        pytest.param("gemma-2-9b", "host", "host/gemma-2-9b", id="base or tuned, called it"),
        pytest.param("llama-2-7b", "host", "host/llama-2-7b", id="base or tuned, called chat"),
        pytest.param(
            "microsoft/gemma-3-27b-it", "", "microsoft/gemma-3-27b-it", id="another maker's own"
        ),
        pytest.param("foo/Bar-7B", "host", "foo/Bar-7B", id="an unknown maker stays"),
        pytest.param("auto-model", "nano-gpt", "nano-gpt/auto-model", id="nothing known"),
        pytest.param("", "host", "", id="nothing said"),
    ],
)
def test_a_name_means_this_model(name: str, provider: str, key: str) -> None:
    assert identify_model(name, provider) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("gpt-4o-2024-05-13", "gpt-4o-2024-11-20", id="two editions"),
        pytest.param("deepseek-v3", "deepseek-v3-0324", id="an update with a date"),
        pytest.param("deepseek-chat", "deepseek-v3", id="a name that moves on"),
        pytest.param("mistral-large-latest", "mistral-large-2411", id="latest"),
        pytest.param("glm-5-turbo", "glm-5", id="a turbo of its own"),
        pytest.param("deepseek-v4-flash", "deepseek-v4-pro", id="flash and pro"),
        pytest.param("qwen3-235b-a22b", "qwen3-235b-a22b-2507", id="2507"),
        pytest.param("llama-3.1-8b", "llama-3.1-8b-instruct", id="base and instruct"),
        pytest.param("llama-3.2-1b-instruct", "llama-3-21b-instruct", id="digits are not glued"),
        pytest.param("command-r-08-2024", "command-r-plus-08-2024", id="r and r plus"),
        pytest.param("deepseek-r1", "deepseek-r1-distill-llama-70b", id="a distillate"),
        pytest.param("claude-3-5-sonnet-20240620", "claude-3-5-sonnet-20241022", id="two sonnets"),
        pytest.param("gemini-2.5-pro", "gemini-2.5-pro-preview-05-06", id="a preview"),
        pytest.param("qwen3-max", "qwen3-max-thinking", id="another mode"),
    ],
)
def test_different_models_keep_apart(one: str, other: str) -> None:
    assert identify_model(one).casefold() != identify_model(other).casefold()


def test_spellings_of_a_closed_model_meet() -> None:
    names = ["anthropic/claude-opus-4.1", "claude-opus-4-1", "Claude Opus 4.1", "claude-4.1-opus"]

    assert {identify_model(name) for name in names} == {"anthropic/claude-opus-4.1"}


@given(st.text(max_size=40), st.text(max_size=10))
def test_letters_never_vanish_from_a_name(name: str, provider: str) -> None:
    assert bool(identify_model(f"x{name}", provider)) or not f"x{name}".strip("/~ ")


@given(st.text(alphabet="abcdefgh0123456789-._ ", max_size=30))
def test_spelling_is_settled_after_once(name: str) -> None:
    assert signature(spelt(name)) == signature(name)


def test_only_fireworks_writes_a_point_as_p() -> None:
    assert identify_model("accounts/fireworks/models/glm-5p2") == "zai-org/GLM-5.2"
    assert identify_model("glm-5p2", "fireworks-ai") == "zai-org/GLM-5.2"
    assert identify_model("glm-5p2", "novita") != "zai-org/GLM-5.2"


def test_a_name_that_two_makers_share_is_nobodys() -> None:
    models = {"a": {"model 7 b": "a/Model-7B"}, "b": {"model 7 b": "b/model-7b", "own": "b/own"}}
    assert _everywhere(models) == {"model 7 b": "", "own": "b/own"}
