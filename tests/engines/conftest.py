from collections.abc import Callable
from pathlib import Path

import pytest

TinyFolder = Callable[[str], Path]


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> TinyFolder:
    """The folder of a tiny model by name, built when it is first asked for."""
    torch = pytest.importorskip("torch")
    from engines.tiny import build

    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("tiny")

    def folder(name: str) -> Path:
        path = root / name
        return path if path.is_dir() else build(name, path)

    return folder
