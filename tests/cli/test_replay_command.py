"""`elige replay`: what is shown, what is in the JSON, and how it ends."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli.bad_inputs import Bad
from cli.bad_replays import REPLAYS
from cli.conftest import Run
from cli.test_bad_input import check_told, lay_out

import elige as elige_
from elige.choose.replay import METHODS

WANTED = {
    "saving",
    "saving_weighted",
    "error",
    "error_upper95",
    "statement_error",
    "open",
    "rounds",
}
SMALL = ("--models", "3", "--draws", "6")


def scores(seed: int, *, models: int = 5, samples: int = 120) -> np.ndarray[Any, Any]:
    generator = np.random.default_rng(seed)
    return (generator.random((models, samples)) < np.linspace(0.2, 0.9, models)[:, None]) * 1.0


def saved(path: Path, seed: int = 0) -> Path:
    rows = scores(seed)
    np.savez(path, X=rows, models=[f"m{place}" for place in range(len(rows))])
    return path


@pytest.fixture
def two(here: Path) -> tuple[str, str]:
    return saved(here / "one.npz").name, saved(here / "two.npz", 1).name


def facts(elige: Run, *arguments: str) -> dict[str, Any]:
    told = elige("replay", *arguments, "--json")
    assert told.code == 0, told.err
    found: dict[str, Any] = json.loads(told.out)
    return found


def test_without_a_method_the_race_alone_runs(elige: Run, two: tuple[str, str]) -> None:
    found = facts(elige, two[0], *SMALL)
    assert [*found["methods"]] == ["race"]
    assert found["methods"]["race"].keys() >= WANTED
    assert found["methods"]["race"]["saving_weighted"] is None
    assert (found["scope"], found["prefer"], found["tolerance"]) == ("list", "quality", 0.01)


def test_all_methods_stand_side_by_side(elige: Run, two: tuple[str, str]) -> None:
    found = facts(elige, two[0], "--method", "all", *SMALL)["methods"]
    assert [*found] == [*METHODS]
    assert all(one.keys() >= WANTED for one in found.values())
    assert found["subset-100"]["saving"] == pytest.approx(1.2)
    assert found["subset-100"]["open"] == 1.0
    assert found["subset-100"]["statement_error"] == 0.0
    assert found["subset-100"]["rounds"] == 3.0


def test_the_same_seed_gives_the_same_output_another_one_another(
    elige: Run, two: tuple[str, str]
) -> None:
    command = (two[0], "--method", "all", *SMALL)
    one, again = facts(elige, *command), facts(elige, *command)
    assert one == again
    assert one["methods"] != facts(elige, *command, "--seed", "1")["methods"]


def test_several_matrices_are_shown_alone_and_together(elige: Run, two: tuple[str, str]) -> None:
    found = facts(elige, *two, *SMALL)
    each = [one["methods"]["race"] for one in found["matrices"]]
    assert [one["name"] for one in found["matrices"]] == [*two]
    assert found["methods"]["race"]["saving"] == pytest.approx(
        np.sqrt(each[0]["saving"] * each[1]["saving"])
    )
    assert found["methods"]["race"]["draws"] == 12
    assert each[1] == facts(elige, two[1], *SMALL)["methods"]["race"]


@pytest.mark.parametrize("scope", ["list", "future"])
def test_the_saving_is_of_all_draws_together(elige: Run, two: tuple[str, str], scope: str) -> None:
    found = facts(elige, two[0], *SMALL, "--scope", scope)["methods"]["race"]
    assert found["saving"] == pytest.approx(3 * 120 / found["evaluations"])


def test_costs_weigh_what_is_saved(elige: Run, two: tuple[str, str], here: Path) -> None:
    (here / "costs.csv").write_text("model,cost\n" + "".join(f"m{n},{n + 1}\n" for n in range(5)))
    (here / "even.csv").write_text("model,cost\n" + "".join(f"m{n},7\n" for n in range(5)))
    found = facts(elige, two[0], *SMALL, "--cost", "costs.csv")["methods"]["race"]
    even = facts(elige, two[0], *SMALL, "--cost", "even.csv")["methods"]["race"]
    assert found["saving_weighted"] != pytest.approx(found["saving"])
    assert even["saving_weighted"] == pytest.approx(even["saving"])


def test_each_unit_of_costs_has_a_column(elige: Run, two: tuple[str, str], here: Path) -> None:
    (here / "c.csv").write_text(
        "m,usd,minutes\n" + "".join(f"m{n},{n},{9 - n}\n" for n in range(5))
    )
    told = elige("replay", two[0], *SMALL, "--method", "all", "--cost", "c.csv")
    assert told.out.splitlines()[1].split()[:4] == ["method", "saving", "usd", "minutes"]
    assert max(map(len, told.out.splitlines())) <= 80
    found = facts(elige, two[0], *SMALL, "--cost", "c.csv")["methods"]["race"]
    assert found["saving_weighted"] == found["savings_weighted"]["usd"]
    assert found["savings_weighted"]["minutes"] != found["saving_weighted"]


def test_models_without_a_cost_are_left_out_and_that_is_told(
    elige: Run, two: tuple[str, str], here: Path
) -> None:
    (here / "costs.csv").write_text("model,cost\nm0,1\nm2,1\nm4,1\n")
    told = elige("replay", two[0], *SMALL, "--cost", "costs.csv", "--json")
    assert "2 models without a cost are left out (m1, m3)" in told.err
    assert json.loads(told.out)["matrices"][0]["models"] == 3


def test_preferring_cost_returns_cheaper_ones(elige: Run, two: tuple[str, str], here: Path) -> None:
    (here / "costs.csv").write_text("".join(f"m{n},{10**n}\n" for n in range(5)))
    command = (two[0], *SMALL, "--tolerance", "0.5", "--cost", "costs.csv")
    cheap = facts(elige, *command, "--prefer", "cost")["methods"]["race"]
    best = facts(elige, *command)["methods"]["race"]
    assert cheap["error"] == 0.0
    assert cheap["saving_weighted"] != best["saving_weighted"]


def test_one_sample_at_a_time_loads_models_more_often(elige: Run, two: tuple[str, str]) -> None:
    command = (two[0], *SMALL, "--method", "hoeffding")
    one, growing = facts(elige, *command, "--batches", "one"), facts(elige, *command)
    assert one["methods"]["hoeffding"]["rounds"] > 2 * growing["methods"]["hoeffding"]["rounds"]


def test_the_table_says_what_its_columns_are(elige: Run, two: tuple[str, str]) -> None:
    told = elige("replay", *two, *SMALL, "--method", "race", "--method", "subset-100")
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0] == "one.npz  5 models, 120 samples; 6 draws of 3"
    assert lines[1].split() == [
        "method",
        "saving",
        "wrong",
        "at",
        "most",
        "false",
        "open",
        "rounds",
    ]
    assert re.fullmatch(r"race +\d+\.\d\dx +0\.0 % +39\.3 % +0\.0 % +\d+ % +\d+\.\d", lines[2])
    assert lines[3].split()[-4:] == ["-", "100", "%", "3.0"]
    assert any(line.startswith("All matrices together") for line in lines)
    for column in ("saving", "wrong", "at most", "false", "open", "rounds"):
        assert any(line.startswith(column) for line in lines[12:]), column
    assert max(map(len, lines)) <= 80


def test_python_gives_what_the_command_line_prints(
    elige: Run, two: tuple[str, str], here: Path
) -> None:
    heard: list[object] = []
    found = elige_.replay(list(two), models=3, draws=6, methods="all", progress=heard.append)
    assert found.facts() == facts(elige, *two, *SMALL, "--method", "all")
    assert len(heard) == 12
    assert "race: " in repr(found)


def test_python_takes_scores_as_they_are(two: tuple[str, str], here: Path) -> None:
    pandas = pytest.importorskip("pandas")
    rows = scores(0)
    named = {f"m{place}": row.tolist() for place, row in enumerate(rows)}
    frame = pandas.DataFrame(rows, index=list(named))
    found = [elige_.replay(one, models=3, draws=6).methods for one in (two[0], named, frame)]
    assert found[0] == found[1] == found[2]
    table = elige_.replay([named, frame], models=3, draws=2, methods=["race", "halving"]).to_frame()
    assert table.shape[0] == 4
    assert set(table["method"]) == {"race", "halving"}


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        pytest.param({"draw": 3}, TypeError, "no option 'draw'. Did you mean draws", id="option"),
        pytest.param({"draws": "ten"}, elige_.BadInput, "draws='ten'", id="draws"),
        pytest.param({"methods": "rase"}, elige_.NotFound, "'rase'", id="method"),
        pytest.param({"cost": {"m0": "x"}}, elige_.BadInput, "cost=", id="cost"),
        pytest.param({"prefer": "speed"}, elige_.BadInput, "'speed'", id="preference"),
        pytest.param({"models": 9}, elige_.BadInput, "5 models", id="too many"),
    ],
)
def test_what_python_cannot_use_is_told(
    said: dict[str, Any], error: type[Exception], words: str, two: tuple[str, str]
) -> None:
    with pytest.raises(error, match=re.escape(words)):
        elige_.replay(two[0], **said)


@pytest.mark.parametrize("given", [[], 7, [7], None], ids=["none", "number", "numbers", "None"])
def test_what_is_no_matrix_is_refused(given: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(elige_.BadInput):
        elige_.replay(given)


@pytest.mark.parametrize("bad", REPLAYS, ids=lambda bad: bad.id)
def test_what_cannot_be_used_is_told_in_one_line(
    bad: Bad, here: Path, elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(bad, here, monkeypatch)
    check_told(elige(*bad.arguments), bad.value, bad.step)


def test_every_matrix_is_looked_at_before_the_first_draw(
    elige: Run, two: tuple[str, str], here: Path
) -> None:
    (here / "few.csv").write_text("model,q\na,1\nb,0\n")
    told = elige("replay", two[0], "few.csv", "--models", "3", "--draws", "100000000")
    assert told.code == 1
    assert told.err.startswith("elige: few.csv has 2 models")


def test_ctrl_c_shows_the_draws_so_far_and_leaves_with_130(
    two: tuple[str, str], here: Path
) -> None:
    command = [sys.executable, "-m", "elige", "replay", *two, "--json"]
    command += ["--models", "3", "--draws", "10000000", "--method", "subset-100"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as replay:
        assert replay.stderr is not None
        line = next(line for line in replay.stderr if b" draws" in line)
        replay.send_signal(signal.SIGINT)
        out, err = replay.communicate(timeout=60)
    assert re.match(rb"one.npz \(1 of 2\): \d+ of 10000000 draws \(\d", line)
    assert replay.returncode == 130, err
    found = json.loads(out)
    assert found["interrupted"] is True
    assert 0 < found["methods"]["subset-100"]["draws"] < 10_000_000
    assert len(found["matrices"]) == 1
    assert b"Traceback" not in err


def test_ctrl_c_from_python_gives_the_draws_so_far(two: tuple[str, str]) -> None:
    def stop(event: Any) -> None:  # noqa: ANN401 - an event
        if event.done == 4:
            signal.raise_signal(signal.SIGINT)

    found = elige_.replay(two, models=3, draws=50, progress=stop)
    assert found.interrupted
    assert found.methods["race"].draws == 4


def test_a_best_guess_is_said_to_be_one(elige: Run, here: Path) -> None:
    rows = [f"m{n},{','.join(str((n + i * 7) % 2) for i in range(30))}" for n in range(4)]
    head = f"name,{','.join(f'i{i}' for i in range(30))}"
    (here / "alike.csv").write_text("\n".join([head, *rows]) + "\n")
    asked = ("alike.csv", "--models", "3", "--draws", "5", "--scope", "future")
    told = elige("replay", *asked).out
    assert "race: 100.0 % of draws ended undecided, returning a best guess." in told
    assert "an undecided race returns its best guess" in told
