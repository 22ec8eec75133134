import subprocess
import sys
import threading
from pathlib import Path

import pytest

from elige.errors import StoreError
from elige.loader.cache import ModelCache, check_space
from elige.loader.lock import hold


class Build:
    """Writes `size` bytes, and counts how often it was asked to."""

    def __init__(self, size: int = 100) -> None:
        self.size = size
        self.times = 0

    def __call__(self, folder: Path) -> None:
        self.times += 1
        (folder / "data").write_bytes(b"x" * self.size)


def test_an_entry_is_made_once(tmp_path: Path) -> None:
    cache, build = ModelCache(tmp_path / "c", 1000), Build()

    assert cache.find("a") is None
    assert cache.make("a", build) == cache.make("a", build) == cache.find("a")
    assert build.times == 1


def test_two_threads_make_an_entry_once(tmp_path: Path) -> None:
    build = Build()
    makers = [
        threading.Thread(target=ModelCache(tmp_path / "c", 1000).make, args=("a", build))
        for _ in range(4)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()

    assert build.times == 1


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    cache = ModelCache(tmp_path / "c", 1000)

    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise StoreError("no")

    with pytest.raises(StoreError):
        cache.make("a", fail)

    assert cache.find("a") is None
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["locks"]


def test_kill_in_the_middle_leaves_nothing_that_counts_and_is_swept(tmp_path: Path) -> None:
    root = tmp_path / "c"
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from elige.loader.cache import ModelCache\n"
        "def build(folder):\n"
        "    (folder / 'half').write_text('x'); os.kill(os.getpid(), signal.SIGKILL)\n"
        "ModelCache(Path(sys.argv[1]), 1000).make('a', build)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(root)], check=False)
    assert done.returncode == -9
    assert (root / ".part-a" / "half").exists()

    cache = ModelCache(root, 1000)
    assert cache.find("a") is None
    cache.make("b", Build())

    assert not (root / ".part-a").exists()
    assert cache.make("a", Build(10)).is_dir()


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    root = tmp_path / "c"
    for key in ("a", "b", "c"):
        maker = ModelCache(root, 10_000)
        maker.make(key, Build(100))
        maker.close()
    user = ModelCache(root, 10_000)
    user.find("a")
    user.close()

    ModelCache(root, 250).evict()

    assert {path.name for path in root.iterdir()} == {"a", "c", "locks"}


def test_what_is_in_use_or_just_made_stays(tmp_path: Path) -> None:
    root = tmp_path / "c"
    user = ModelCache(root, 10_000)
    user.make("a", Build(100))

    made = ModelCache(root, 50).make("b", Build(100))

    assert made.is_dir()
    assert (root / "a").is_dir()
    user.close()
    ModelCache(root, 50).evict()
    assert not (root / "a").exists()


def test_a_file_in_place_of_the_home_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "home").touch()

    with pytest.raises(StoreError, match="cannot be written") as caught:
        ModelCache(tmp_path / "home" / "models", 10).make("a", Build())
    assert "ELIGE_HOME" in caught.value.hint


def test_too_small_a_disk_is_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"Converting x needs .* but only"):
        check_space(tmp_path, 10**18, purpose="Converting x")


def test_a_lock_is_exclusive_unless_shared(tmp_path: Path) -> None:
    first = hold(tmp_path / "l", shared=True)
    second = hold(tmp_path / "l", shared=True, wait=False)

    assert first is not None
    assert second is not None
    assert hold(tmp_path / "l", wait=False) is None
