"""`elige cost`: offers from a file, the cheapest, the median, a machine of one's own."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Run

QWEN = "Qwen/Qwen3-32B"


def model(inward: object, outward: object, **more: object) -> dict[str, object]:
    return {"cost": {"input": inward, "output": outward}, "open_weights": True} | more


def closed(name: str, inward: float, outward: float, released: str) -> dict[str, object]:
    told = model(inward, outward, open_weights=False, release_date=released, name=name)
    return told | {"modalities": {"input": ["text"], "output": ["text"]}}


@pytest.fixture
def prices(here: Path) -> Path:
    """Five offers of one model, and closed models of two makers."""
    hosts = {
        "a": {"qwen3-32b": model(0.1, 0.3)},
        "b": {"Qwen/Qwen3-32B": model(0.2, 0.6)},
        "c": {"qwen3-32b-fp8": model(0.4, 0.8, limit={"context": 1000})},
        "free": {"qwen3-32b:free": model(0, 0)},
        "gone": {"qwen3-32b": model(0.01, 0.01, status="deprecated")},
        "silent": {"qwen3-32b": {"name": "Qwen3 32B"}},
        "openai": {
            "gpt-5": closed("GPT-5", 1.25, 10, "2025-08-07"),
            "gpt-4o": closed("GPT-4o", 2.5, 10, "2024-05-13"),
        },
        "anthropic": {"claude-haiku-4-5": closed("Claude Haiku 4.5", 1, 5, "2025-10-15")},
        "odd": {"x": 3},
    }
    path = here / "api.json"
    path.write_text(json.dumps({name: {"models": models} for name, models in hosts.items()}))
    return path


def asked(elige: Run, *arguments: str) -> dict[str, Any]:
    told = elige("cost", *arguments, "--json")
    assert told.code == 0, told.err
    found: dict[str, Any] = json.loads(told.out)
    return found


def test_every_offer_is_shown_with_its_date_and_what_counts(elige: Run, prices: Path) -> None:
    found = asked(elige, "qwen3-32b", "--from", str(prices), "--dated", "2026-11-20")
    (one,) = found["models"]

    assert one["model"] == QWEN
    assert [(each["provider"], each["dated"]) for each in one["offers"]] == [
        ("a", "2026-11-20"),
        ("b", "2026-11-20"),
        ("c", "2026-11-20"),
    ]
    assert one["cheapest"]["provider"] == "a"
    assert (one["median"]["blended"], one["median"]["offers"]) == (0.3, 3)
    assert [each["provider"] for each in one["free"]] == ["free"]
    assert [each["provider"] for each in one["deprecated"]] == ["gone"]
    assert [(each["provider"], each["blended"]) for each in one["unknown"]] == [("silent", None)]
    assert found["workload"]["assumed_ratio"] is True
    assert found["broken"] == [{"where": "odd/x", "why": "it is no object"}]


def test_the_users_volume_decides(elige: Run, prices: Path) -> None:
    use = ("--input", "1500", "--output", "500", "--requests", "1000")
    (one,) = asked(elige, QWEN, "--from", str(prices), *use)["models"]

    assert one["cheapest"]["total"] == pytest.approx(0.3)
    assert one["median"]["total"] == pytest.approx((0.3 + 0.6) / 2)
    assert [each["provider"] for each in one["too_short"]] == ["c"]


def test_the_closed_models_beside_are_chosen_by_a_rule_that_is_told(
    elige: Run, prices: Path
) -> None:
    found = asked(elige, QWEN, "--from", str(prices))

    assert [one["model"] for one in found["proprietary"]] == [
        "anthropic/claude-haiku-4.5",
        "openai/gpt-5",
    ]
    assert found["proprietary"][1]["of_maker"]["provider"] == "openai"
    assert "most hosts offer" in found["proprietary_rule"]
    assert asked(elige, QWEN, "--from", str(prices), "--alone")["proprietary"] == []


def test_a_machine_of_ones_own_breaks_even(elige: Run, prices: Path) -> None:
    own = ("--per-hour", "$0.90", "--tokens-per-second", "2500")
    (one,) = asked(elige, QWEN, "--from", str(prices), *own)["models"]
    told = one["self_hosted"]

    assert told["tokens_per_second"]["kind"] == "declared"
    assert told["per_million"] == pytest.approx(0.1)
    assert told["break_even"][0] == {
        "against": "the cheapest offer",
        "price": 0.15,
        "tokens_a_month": 4_380_000_000,
        "reachable": True,
    }
    assert "730 hours" in told["break_even_formula"]


def test_a_speed_that_nobody_knows_is_told_and_no_number(elige: Run, prices: Path) -> None:
    (one,) = asked(elige, QWEN, "--from", str(prices), "--per-hour", "1")["models"]

    assert list(one["self_hosted"]) == ["why_not"]
    assert "--tokens-per-second" in one["self_hosted"]["why_not"]


def test_the_text_says_what_is_what(elige: Run, prices: Path) -> None:
    told = elige("cost", "qwen3-32b", "--from", str(prices), "--per-hour", "1",
                 "--tokens-per-second", "10")  # fmt: skip

    for words in (
        "Qwen/Qwen3-32B, open weights",
        "3 tokens read to 1 written, a mere default",
        "Cheapest: $0.1500 per million tokens (a, seen at an unknown date).",
        "Median of 3 offers: $0.3000",
        "Free tiers, limited and not counted (1): free.",
        "Deprecated, not counted (1): gone.",
        "Price per token unknown, not counted (1): silent.",
        "26,280,000 at most, so never",
        "Closed models beside",
    ):
        assert words in told.out
    assert "Not read: odd/x: it is no object." in told.err
    assert max(len(line) for line in told.out.splitlines() if "unknown!" in line) <= 80


def test_without_a_file_the_installed_prices_are_used(elige: Run) -> None:
    (one,) = asked(elige, "gpt-4o-mini")["models"]

    assert one["model"] == "openai/gpt-4o-mini"
    assert {each["source"] for each in one["offers"]} == {"genai-prices"}


def test_a_misspelt_name_is_told_with_the_nearest(elige: Run, prices: Path) -> None:
    told = elige("cost", "Qwen/Qwen3-23B", "--from", str(prices))

    assert (told.code, told.out) == (1, "")
    assert "Did you mean qwen/qwen3-32b?" in told.err.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("--input", "-1"), "--input is -1", id="negative"),
        pytest.param(("--requests", "0"), "--requests is 0", id="no request"),
        pytest.param(("--input", "0", "--output", "0"), "Nothing is read", id="nothing"),
        pytest.param(("--per-hour", "much"), "--per-hour is 'much'", id="no number"),
        pytest.param(("--per-hour", "nan"), "--per-hour is 'nan'", id="not a number"),
        pytest.param(("--tokens-per-second", "9"), "Add --per-hour", id="speed without price"),
        pytest.param(("--dated", "soon"), "--dated is 'soon'", id="no date"),
        pytest.param(("--from", "none.json"), "no file none.json", id="no file"),
        pytest.param(("--from", "empty.json"), "empty.json is empty", id="an empty file"),
        pytest.param(("--from", "odd.json"), "holds no offers", id="another file"),
        pytest.param(("--from", "binary.zip"), "holds no offers", id="a binary file"),
    ],
)
def test_bad_input_is_one_line(
    elige: Run, here: Path, arguments: tuple[str, ...], words: str
) -> None:
    (here / "empty.json").write_bytes(b"")
    (here / "odd.json").write_text('{"a": [1]}')
    (here / "binary.zip").write_bytes(bytes(range(256)))
    told = elige("cost", QWEN, *arguments)

    assert (told.code, told.out) == (1, "")
    assert words in " ".join(told.err.split()) and "Traceback" not in told.err


def test_real_offers_of_openrouter(elige: Run, shared_data: Path) -> None:
    path = shared_data / "prices" / "openrouter_models_2026.json"
    (one,) = asked(elige, "llama-3.3-70b-instruct", "--from", str(path))["models"]

    assert (len(one["offers"]), len(one["free"])) == (1, 1)
    assert one["cheapest"]["dated"] is None and one["cheapest"]["stale"] is True
