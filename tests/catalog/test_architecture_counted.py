"""What is read off configurations of every kind beside what transformers counts.

`counted.jsonl` holds what transformers 5.23 builds of each kind by default and with sizes changed,
written by scripts/survey_architectures.py --write: the configuration, weights, values a token.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from elige.catalog.architecture import read_architecture

ROWS: list[tuple[dict[str, Any], int, int | None]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "counted.jsonl").read_text("utf-8").splitlines()
]
KINDS = sorted({config["model_type"] for config, _, _ in ROWS})


@pytest.mark.parametrize("kind", KINDS)
def test_weights_and_cache_are_right_or_unknown(kind: str) -> None:
    for config, weights, values in ROWS:
        if config["model_type"] != kind:
            continue
        found = read_architecture(config)
        if not found.partial:
            assert found.parameters in {weights, None}
        if values is not None:
            assert found.kv_values_per_token in {values, None}


def test_most_kinds_are_known() -> None:
    known = {
        config["model_type"]
        for config, weights, values in ROWS
        if read_architecture(config).parameters == weights
    }
    assert len(known) >= 100
