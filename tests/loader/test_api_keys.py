from pathlib import Path

import pytest

from elige.errors import BadInput, NotAllowed
from elige.loader.keys import key_for

URL = "http://host:8000/v1"


def keep(home: Path, name: str, mode: int) -> Path:
    path = home / "keys" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("from-file\n")
    path.chmod(mode)
    return path


def test_the_named_variable_comes_first(tmp_path: Path) -> None:
    environment = {"MINE": "a", "ELIGE_API_KEY": "b"}

    assert key_for(URL, environment=environment, home=tmp_path, variable="MINE") == "a"
    assert key_for(URL, environment=environment, home=tmp_path) == "b"


def test_openai_s_key_goes_to_openai_alone(tmp_path: Path) -> None:
    environment = {"OPENAI_API_KEY": "o"}

    assert key_for("https://api.openai.com/v1", environment=environment, home=tmp_path) == "o"
    assert key_for("https://api.openai.com.evil/v1", environment=environment, home=tmp_path) == ""


@pytest.mark.parametrize("name", ["host:8000", "host"])
def test_a_private_file_is_read(name: str, tmp_path: Path) -> None:
    keep(tmp_path, name, 0o600)

    assert key_for(URL, environment={"ELIGE_API_KEY": "x"}, home=tmp_path) == "from-file"


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = keep(tmp_path, "host", 0o640)

    with pytest.raises(NotAllowed) as caught:
        key_for(URL, environment={}, home=tmp_path)
    assert caught.value.hint == f"Run: chmod 600 {path}"
    assert "from-file" not in str(caught.value)


def test_an_unset_variable_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'MINE', which is not set"):
        key_for(URL, environment={}, home=tmp_path, variable="MINE")
