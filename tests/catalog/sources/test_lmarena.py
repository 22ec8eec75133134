"""LMArena's boards: ratings with intervals, an arena and a day each."""

from pathlib import Path

import pytest

from elige.catalog.sources.hub_link import hub_name
from elige.catalog.sources.lmarena import LmArena
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, Place, PublishedScore

HEAD = (
    "rank,rank_stylectrl,model,arena_score,95_pct_ci,votes,organization,license,"
    "knowledge_cutoff,url\n"
)


def read(path: Path, text: str, fetched: str = "2025-08-10") -> list[Entry | Broken]:
    path.write_text(text, "utf-8")
    return list(LmArena().read(Place(path=path, fetched=fetched)))


def test_rating_with_its_interval_votes_and_day(tmp_path: Path) -> None:
    row = (
        '1,2,Some Model (thinking),"1,470",+5/-4,"26,019",Some Lab,Propretary,2023/10,https://x.y\n'
    )
    (entry,) = read(tmp_path / "lmarena_vision_20250704.csv", HEAD + row)
    assert isinstance(entry, Entry)
    assert entry.model == "Some-Lab/Some-Model-thinking"
    assert entry.names == ("Some Model (thinking)",)
    assert entry.values[Column.WEIGHTS] == "closed"
    assert entry.values[Column.KNOWLEDGE_CUTOFF] == "2023-10"
    assert entry.results == (
        PublishedScore(
            benchmark="lmarena-vision", value=1470, version="2025-07-04",
            setting="no style control", metric="rating", unit="rating", low=1466, high=1475,
            self_reported=False, dated="2025-07-04", link="https://lmarena.ai/leaderboard",
            samples=26019,
        ),
    )  # fmt: skip


def test_arenas_are_benchmarks_of_their_own(tmp_path: Path) -> None:
    names = ["lmarena_text.csv", "lmarena_image.csv", "text_style_control.csv", "board.csv"]
    found = []
    for name in names:
        (entry,) = read(tmp_path / name, "model,rating,ci\nA,1000,±7\n")
        assert isinstance(entry, Entry)
        found.append((entry.results[0].benchmark, entry.results[0].setting, entry.results[0].high))
    assert found == [
        ("lmarena-text", "", 1007), ("lmarena-image", "", 1007),
        ("lmarena-text", "style control", 1007), ("lmarena", "", 1007),
    ]  # fmt: skip


def test_a_bad_interval_is_named_and_the_model_kept(tmp_path: Path) -> None:
    broken, entry = read(tmp_path / "text.csv", "model,rating,95_pct_ci\nA,1000,wide\n")
    assert broken == Broken(
        where="text.csv, line 2, A", why="the interval 'wide' is not like +5/-5"
    )
    assert isinstance(entry, Entry)
    assert entry.results == ()


@pytest.mark.parametrize("bounds", ["1001,1005", "995,999"], ids=["above", "below"])
def test_a_rating_outside_its_interval_is_named(tmp_path: Path, bounds: str) -> None:
    text = f"model,rating,rating_lower,rating_upper\nA,1000,{bounds}\n"
    broken, entry = read(tmp_path / "text.csv", text)
    assert isinstance(broken, Broken) and "outside its interval" in broken.why
    assert isinstance(entry, Entry) and entry.results == ()


def test_a_table_without_ratings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no column of ratings"):
        read(tmp_path / "x.csv", "model,price\nA,1\n")


@pytest.mark.parametrize(
    ("name", "also", "link", "model"),
    [
        pytest.param("Qwen3-32B", "", "https://huggingface.co/Qwen/Qwen3-32B", "Qwen/Qwen3-32B",
                     id="the same"),
        pytest.param("Qwen2 72B Instruct", "", "https://huggingface.co/Qwen/Qwen2-72B",
                     "Qwen/Qwen2-72B-Instruct", id="linked to its base"),
        pytest.param("DeepSeek-R1-0528", "", "https://huggingface.co/deepseek-ai/DeepSeek-R1",
                     "deepseek-ai/DeepSeek-R1-0528", id="linked to the first release"),
        pytest.param("Devstral Small 1.1", "devstral-small-2507",
                     "https://huggingface.co/mistralai/Devstral-Small-2507/blob/main/x.json",
                     "mistralai/Devstral-Small-2507", id="by its other name"),
        pytest.param("K2 0905", "", "https://huggingface.co/MoonshotAI", "MoonshotAI/K2-0905",
                     id="linked to the organisation"),
        pytest.param("A B", "", "https://huggingface.co/blog/a-b", "Maker/A-B", id="a blog"),
        pytest.param("A B", "", "https://example.org/a/b", "Maker/A-B", id="elsewhere"),
    ],
)  # fmt: skip
def test_names_on_the_hub(name: str, also: str, link: str, model: str) -> None:
    assert hub_name(name, also=also, link=link, author="Maker") == model


@pytest.mark.parametrize(
    ("arena", "rows"),
    [("text", 266), ("vision", 86), ("image", 19)],
    ids=["text", "vision", "image"],
)
def test_every_row_of_the_real_boards(shared_data: Path, arena: str, rows: int) -> None:
    path = shared_data / "scores" / f"lmarena_{arena}.csv"
    found = list(LmArena().read(Place(path=path, fetched="2025-08-10")))
    entries = [one for one in found if isinstance(one, Entry)]
    assert (len(found), len(entries)) == (rows, rows)
    assert len({one.key for one in entries}) == rows
    for one in entries:
        (score,) = one.results
        assert score.low is not None
        assert score.high is not None
        assert score.low <= score.value <= score.high
        assert score.benchmark == f"lmarena-{arena}"


def test_in_a_folder_what_is_no_board_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "prices.csv").write_text("model,price\nA,1\n", "utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "text.csv").write_text("model,rating\nB,1000\n", "utf-8")
    (tmp_path / "torn.parquet").write_bytes(b"PAR1")
    found = list(LmArena().read(Place(path=tmp_path, fetched="2025-08-10")))
    broken = {one.where: one.why for one in found if isinstance(one, Broken)}
    assert {one.names for one in found if isinstance(one, Entry)} == {("B",)}
    assert broken.pop("torn.parquet").startswith("it is no parquet file")
    assert broken == {
        "deeper/prices.csv": "it has no column of ratings or of models",
        "empty.csv": "it is empty",
    }


def test_a_folder_without_any_board_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("model,price\nA,1\n", "utf-8")
    with pytest.raises(BadInput, match="No table in the folder .* is of LMArena"):
        list(LmArena().read(Place(path=tmp_path, fetched="2025-08-10")))
