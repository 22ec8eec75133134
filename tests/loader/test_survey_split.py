"""A GGUF in several files is surveyed whole, whichever of them is named."""

from pathlib import Path

import numpy as np
import pytest

from elige.errors import BadInput
from elige.loader.survey import surveyed


def split(folder: Path) -> list[Path]:
    """Two files as llama.cpp splits them: the sizes stand in the first one."""
    from gguf import GGUFWriter

    paths = [folder / f"tiny-0000{at}-of-00002.gguf" for at in (1, 2)]
    for at, path in enumerate(paths):
        writer = GGUFWriter(str(path), "llama")
        writer.add_uint32("llama.block_count", 1)
        writer.add_uint16("split.count", 2)
        writer.add_tensor(["token_embd.weight", "output.weight"][at], np.zeros((4, 8), "float32"))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    return paths


def test_all_files_of_a_split_model_are_counted(tmp_path: Path) -> None:
    for path in split(tmp_path):
        found = surveyed(path)
        assert (found["parameters"], found["tied"]) == (64, False)


def test_a_missing_file_of_a_split_model_is_named(tmp_path: Path) -> None:
    first, second = split(tmp_path)
    second.unlink()
    with pytest.raises(BadInput, match="tiny-00002-of-00002.gguf is missing"):
        surveyed(first)
