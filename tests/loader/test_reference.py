from pathlib import Path

import pytest

from elige.errors import BadInput, EligeError, NotAllowed, NotFound
from elige.loader.reference import parse_ref
from elige.records import RefKind


@pytest.mark.parametrize(
    ("text", "kind", "location", "model", "revision"),
    [
        pytest.param("echo", RefKind.ECHO, "echo", "", "", id="echo"),
        pytest.param("Gemma-3-270m", RefKind.PACKAGED, "gemma-3-270m", "", "", id="packaged"),
        pytest.param("org/name", RefKind.HUB, "org/name", "", "", id="hub"),
        pytest.param("o/n@refs/pr/1", RefKind.HUB, "o/n", "", "refs/pr/1", id="revision"),
        pytest.param("http://h:8/v1/#a/b", RefKind.ENDPOINT, "http://h:8/v1", "a/b", "", id="url"),
        pytest.param("local:mine", RefKind.LOCAL, "mine", "", "", id="local"),
        pytest.param("combo:two", RefKind.COMBO, "two", "", "", id="combo"),
    ],
)
def test_each_form_is_understood(
    text: str, kind: RefKind, location: str, model: str, revision: str
) -> None:
    ref = parse_ref(text)

    assert (ref.kind, ref.location, ref.model, ref.revision) == (kind, location, model, revision)
    assert ref.text == text


def test_an_existing_folder_wins_over_a_hub_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "org" / "name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    assert parse_ref("org/name").kind is RefKind.FOLDER


def test_tilde_is_the_home_folder(tmp_path: Path) -> None:
    (tmp_path / "home" / "m").mkdir(parents=True)

    assert parse_ref("~/m").location == str(tmp_path / "home" / "m")


def test_a_gguf_file_is_told_from_a_pickle(tmp_path: Path) -> None:
    (tmp_path / "a.GGUF").touch()
    (tmp_path / "a.bin").touch()

    assert parse_ref(str(tmp_path / "a.GGUF")).kind is RefKind.GGUF
    with pytest.raises(NotAllowed, match="pickle"):
        parse_ref(str(tmp_path / "a.bin"))


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        pytest.param("", BadInput, "empty", id="empty"),
        pytest.param("gema-3-270m", NotFound, "No model", id="near a packaged one"),
        pytest.param("./nowhere", BadInput, "no file or folder", id="missing path"),
        pytest.param("gone.gguf", BadInput, "no file or folder", id="missing gguf"),
        pytest.param("http://host/v1", BadInput, "which model", id="no model name"),
        pytest.param("https://me:pw@host/v1#m", BadInput, "password", id="password in the url"),
        pytest.param("http://host:port/v1#m", BadInput, "no web address", id="bad port"),
        pytest.param("http:///v1#m", BadInput, "no host", id="no host"),
        pytest.param("local:../x", BadInput, "no name", id="path as local name"),
        pytest.param("a/b/c", NotFound, "No model", id="too many slashes"),
        pytest.param("a/../b", NotFound, "No model", id="dots"),
        pytest.param("x\0y", NotFound, "No model", id="nul byte"),
    ],
)
def test_what_is_no_reference_gets_one_line(text: str, error: type[EligeError], says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        parse_ref(text)

    assert caught.value.hint
    assert "\n" not in str(caught.value)
    assert "pw" not in str(caught.value).replace("password", "")


def test_an_unknown_name_gets_the_nearest_and_all_forms() -> None:
    with pytest.raises(NotFound) as caught:
        parse_ref("gema-3-270m")

    assert "Did you mean gemma-3-270m?" in caught.value.hint
    assert "http(s)://host/v1#model" in caught.value.hint
