"""`elige.choose` and `elige.evaluate`: the same as the command line, from Python."""

import json
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import elige
from elige.evaluate.options import TaskOptions
from elige.evaluate.rows import table_of
from elige.loader.candidate import parse_candidate
from elige.records import Answered, Event, Finished, RunStarted
from elige.workbench.keywords import ChooseKeywords, EvaluateKeywords, candidate_texts
from elige.workbench.options import ChooseOptions, EvaluateOptions

ROWS = [
    {"question": f"What is {a} plus {b}?", "answer": a + b, "group": "odd" if b % 2 else "even"}
    for a in range(10)
    for b in range(10)
]
TWO = ["echo,skill=0.95", "echo,skill=0.2"]
Make = Callable[[Path], Any]


def as_file(folder: Path) -> Path:
    path = folder / "sums.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return path


def as_frame(_: Path) -> Any:  # noqa: ANN401 - pandas may be absent
    return pytest.importorskip("pandas").DataFrame(ROWS)


def cached(heard: list[Event]) -> list[bool]:
    """Of each answer that was told, whether it was paid for before."""
    found = [event.cached for event in heard if isinstance(event, Answered)]
    assert found
    return found


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(as_file, id="path"),
        pytest.param(lambda folder: str(as_file(folder)), id="text"),
        pytest.param(lambda _: ROWS, id="dicts"),
        pytest.param(lambda _: iter(ROWS), id="iterator"),
        pytest.param(as_frame, id="frame"),
    ],
)
def test_choose_takes_data_of_every_form(make: Make, tmp_path: Path) -> None:
    result = elige.choose(make(tmp_path), TWO)
    assert result.winner == result.leader == "echo,skill=0.95"
    assert result.decided and "echo,skill=0.95" in result.within


def test_choose_and_the_command_line_are_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from elige.cli.app import app

    path = as_file(tmp_path)
    with pytest.raises(SystemExit):
        app(["choose", str(path), "-c", TWO[0], "-c", TWO[1], "--tolerance", "0.05", "--json"])
    told = json.loads(capsys.readouterr().out)
    heard: list[Event] = []
    facts = elige.choose(path, TWO, tolerance=0.05, progress=heard.append).facts()
    assert facts["run"] == told["run"]
    assert facts.keys() == told.keys()
    assert all(cached(heard))  # nothing is paid for twice


def test_equal_rows_are_the_same_data_whatever_holds_them(tmp_path: Path) -> None:
    frame = as_frame(tmp_path)
    assert table_of(frame).data_hash == table_of(ROWS).data_hash
    assert table_of(ROWS[1:]).data_hash != table_of(ROWS).data_hash


def test_a_frame_gives_plain_values() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "n": pandas.array([1, None], dtype="Int64"),
            "x": [1.5, float("nan")],
            "when": [pandas.Timestamp("2026-01-02"), pandas.NaT],
            "list": [["a", "b"], None],
        }
    )
    first, second = (dict(row.values) for row in table_of(frame).rows)
    assert first == {"n": 1, "x": 1.5, "when": "2026-01-02T00:00:00", "list": ["a", "b"]}
    assert second == {"n": None, "x": None, "when": None, "list": None}


def test_data_that_holds_no_rows_is_refused_in_one_line() -> None:
    none: tuple[Any, ...] = ([], {"question": ["a"]}, [1], 5, b"question,answer", [{}])
    for data in none:
        with pytest.raises(elige.BadInput) as refused:
            elige.choose(data, TWO)
        assert refused.value.hint and "\n" not in str(refused.value)


def test_a_frame_with_a_column_twice_is_refused() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([["a", "b"]], columns=["question", "question"])
    with pytest.raises(elige.BadInput, match="the column 'question' is there 2 times"):
        elige.choose(frame, TWO)


def test_the_result_tells_itself_as_text_json_frame_and_html() -> None:
    result = elige.choose(ROWS, TWO)
    assert result.headline in repr(result) and result.sentences[0] in repr(result)
    assert json.loads(result.to_json())["winner"] == "echo,skill=0.95"
    frame = result.to_frame()
    assert list(frame["name"]) == [one.name for one in result.candidates]
    assert {"status", "score", "low", "high", "difference_low", "cost", "reason"} <= {*frame}
    html = result._repr_html_()
    assert result.headline in html and "<script" not in html and "http" not in html


def test_the_notebook_view_escapes_what_others_wrote() -> None:
    html = elige.choose(ROWS, ["echo,skill=1,name=<b>&x", "echo,skill=0.1"])._repr_html_()
    assert "<b>&x" not in html and "&lt;b&gt;&amp;x" in html


def test_every_answer_can_be_read_afterwards() -> None:
    result = elige.evaluate(ROWS, "echo,skill=0.7")
    answers = result.answers()
    assert len(answers) == len(ROWS)
    assert answers["score"].mean() == pytest.approx(result.score)
    assert {"prompt", "answer", "why", "outcome"} <= {*answers}


def test_evaluate_tells_score_interval_and_groups() -> None:
    result = elige.evaluate(ROWS, {"ref": "echo", "skill": 0.7}, limit=60)
    assert result.score is not None and result.interval is not None
    assert result.interval[0] <= result.score <= result.interval[1]
    assert {*result.groups} == {"odd", "even"}
    assert result.model in repr(result) and "odd" in result._repr_html_()
    assert result.to_frame().loc[0, "score"] == result.score
    assert json.loads(result.to_json())["samples"] == 60


def test_progress_hears_every_event_and_is_silent_by_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard: list[Event] = []
    elige.choose(ROWS, TWO, progress=heard.append)
    assert isinstance(heard[-1], Finished)
    assert any(isinstance(event, RunStarted) for event in heard)
    assert any(isinstance(event, Answered) for event in heard)
    shown = capsys.readouterr()
    assert shown.out == shown.err == ""


def test_a_listener_that_fails_ends_the_run_and_loses_no_answer() -> None:
    def fails(event: Event) -> None:
        if isinstance(event, Answered) and event.done >= 5:
            raise RuntimeError("the listener broke")

    with pytest.raises(RuntimeError, match="the listener broke"):
        elige.evaluate(ROWS, "echo", progress=fails)
    heard: list[Event] = []
    elige.evaluate(ROWS, "echo", progress=heard.append)
    assert sum(cached(heard)) >= 5


def test_ctrl_c_gives_the_verdict_so_far() -> None:
    def presses(event: Event) -> None:
        if isinstance(event, Answered) and event.done == 3:
            os.kill(os.getpid(), signal.SIGINT)

    result = elige.choose(ROWS, ["echo,skill=0.5", "echo,skill=0.6"], progress=presses)
    assert result.interrupted and result.winner is None
    assert any("same command goes on" in notice for notice in result.notices)


def test_the_verbs_work_outside_the_main_thread() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(elige.evaluate, ROWS, "echo,skill=1").result().score == 1.0


def test_the_report_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    result = elige.choose(ROWS, TWO, report=tmp_path / "report.html")
    assert result.report == tmp_path / "report.html"
    assert "<html" in result.report.read_text("utf-8")


def test_an_unknown_option_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(TypeError, match=r"no option 'tolerence'. Did you mean tolerance\?"):
        elige.choose(ROWS, TWO, tolerence=0.1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="no option 'tolerance'"):
        elige.evaluate(ROWS, "echo", tolerance=0.1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("tolerance", "a little"),
        ("tolerance", 2),
        ("limit", 1.5),
        ("limit", True),
        ("seed", "one"),
        ("scope", "all"),
        ("prefer", "beauty"),
        ("kind", "choise"),
        ("choice_format", "roman"),
        ("labels", 3),
        ("scorer", print),
        ("scorer_options", ["a"]),
        ("lock_test", "much"),
        ("final", 1),
        ("question", 3),
        ("require", "speed<1"),
        ("may", ["resell"]),
        ("max_memory", "much"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_the_next_step(
    option: str,
    value: Any,  # noqa: ANN401 - whatever a program might hand over
) -> None:
    with pytest.raises(elige.BadInput) as refused:
        elige.choose(ROWS, TWO, **{option: value})
    assert refused.value.hint


def test_options_take_the_forms_that_python_offers(tmp_path: Path) -> None:
    choices = [{"q": "Which is red?", "r": "A", "one": "blood", "two": "grass"}] * 4
    result = elige.evaluate(
        choices, "echo,skill=1", question="q", answer="r", choices=["one", "two"], name="colours"
    )
    assert result.score == 1.0 and result.facts()["task"] == "colours"
    told = TaskOptions(question="q", answer="r", choices="one,two")
    assert elige.evaluate(choices, "echo,skill=1", task=told).score == 1.0
    assert elige.choose(ROWS, TWO, lock_test="30%", limit=None).notices


def test_the_keywords_are_the_fields_of_the_records() -> None:
    task = {field.name for field in fields(TaskOptions)} | {"task"}
    for keywords, record, own in (
        (ChooseKeywords, ChooseOptions, {"candidates", "proposed", "not_raced"}),
        (EvaluateKeywords, EvaluateOptions, {"model"}),
    ):
        assert keywords.__optional_keys__ == task | {f.name for f in fields(record)} - own


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda t: t.strip())
)
def test_a_candidate_as_a_dict_keeps_its_values(system: str) -> None:
    (text,) = candidate_texts([{"ref": "echo", "skill": 0.5, "system": system, "seed": None}])
    candidate = parse_candidate(text)
    assert (candidate.system, candidate.option("skill")) == (system, "0.5")


def test_a_candidate_that_is_none_is_refused() -> None:
    for candidates in (5, [5], [{"skill": 1}]):
        with pytest.raises(elige.BadInput):
            candidate_texts(candidates)
    with pytest.raises(elige.BadInput, match="at least two candidates"):
        elige.choose(ROWS, "echo")


def test_without_pandas_a_frame_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    result = elige.evaluate(ROWS[:5], "echo")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(elige.MissingExtra) as missing:
        result.to_frame()
    assert "elige[data]" in missing.value.hint
