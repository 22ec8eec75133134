"""Pages of mapped weights go back before the whole file does."""

import re
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from elige.engines.torch.pages import MappedWeights

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mappings are told by /proc")


def mapped_bytes() -> int:
    status = Path("/proc/self/status").read_text("utf-8")
    return 1024 * int(re.findall(r"RssFile:\s+(\d+)", status)[0])


def test_a_forgotten_weight_leaves_memory_and_its_neighbours_stay(tmp_path: Path) -> None:
    torch.manual_seed(1)
    saved = {"a": torch.randn(4_000_000), "b": torch.randn(4_000_000)}
    save_file(saved, tmp_path / "w.safetensors")
    found = load_file(tmp_path / "w.safetensors")
    assert all(torch.equal(found[name], saved[name]) for name in saved)
    before = mapped_bytes()
    MappedWeights().forget(found["a"])
    assert before - mapped_bytes() > 15_000_000
    assert torch.equal(found["b"], saved["b"])
    assert torch.equal(found["a"], saved["a"])  # read from the file again


def test_what_lies_in_no_file_is_left_alone() -> None:
    weight = torch.ones(1_000_000)
    MappedWeights().forget(weight)
    assert float(weight.sum()) == 1_000_000
