import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from foreign_logs import (
    QUESTIONS,
    inspect_header,
    inspect_samples,
    inspect_zip,
    lm_eval_folder,
    lm_eval_lines,
    promptfoo_facts,
    results_beside,
    rows,
    written,
)
from hypothesis import given
from hypothesis import strategies as st

from elige.errors import BadInput
from elige.evaluate.imports import Logged, Unusable, log_files, recognised
from elige.evaluate.imports.stream import list_items
from elige.evaluate.rows.memory import table_of
from elige.evaluate.samples import sample_name
from elige.evaluate.task import task_from

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def read(path: Path) -> tuple[list[Logged], list[Unusable]]:
    file, reader = recognised(path)
    found = list(reader.read(file))
    return (
        [one for one in found if isinstance(one, Logged)],
        [one for one in found if isinstance(one, Unusable)],
    )


def test_a_log_that_lm_eval_wrote_is_read_whole(tmp_path: Path) -> None:
    out = lm_eval_folder(tmp_path)
    (path,) = log_files([out])
    logged, unusable = read(path)
    totals = json.loads(next(out.glob("results_*.json")).read_text("utf-8"))
    assert unusable == [] and len(logged) == len(QUESTIONS)
    for metric in ("acc", "acc_norm"):
        mean = sum(dict(one.scores)[metric] for one in logged) / len(logged)
        assert mean == pytest.approx(totals["results"]["sums"][f"{metric},none"])
    origin = logged[0].origin
    assert (origin.tool, origin.version, origin.task) == ("lm-eval", "0.4.13", "sums")
    assert (origin.model, origin.setting("shots")) == ("toy/model-1", "2")
    assert [len(one.answer.weighed) for one in logged] == [2] * len(QUESTIONS)


def test_imported_samples_are_named_as_those_of_a_file(tmp_path: Path) -> None:
    logged, _ = read(log_files([lm_eval_folder(tmp_path)])[0])
    task = task_from(table_of(rows()))
    assert {one.sample for one in logged} == {sample.id for sample in task.samples}


def test_filters_are_told_apart(tmp_path: Path) -> None:
    lines = lm_eval_lines([1.0, 0.0], "exact_match", "strict-match")
    lines += lm_eval_lines([1.0, 1.0], "exact_match", "flexible-extract")
    logged, _ = read(written(tmp_path / "samples_gsm8k_2026-01-02T03-04-05.jsonl", lines))
    assert [one.origin.variant for one in logged] == ["strict-match"] * 2 + ["flexible-extract"] * 2
    assert logged[0].sample == logged[2].sample


def test_the_list_of_an_old_lm_eval_is_read(tmp_path: Path) -> None:
    old = [
        {"doc_id": n, "doc": {"question": "q"}, "target": 1, "resps": [[["-1.5", "True"]]],
         "arguments": [["q", " a"]], "filtered_resps": [["-1.5", "True"]], "acc": 1.0}
        for n in range(3)
    ]  # fmt: skip
    path = tmp_path / "pretrained__x_arc.jsonl"
    path.write_text(json.dumps(old, indent=2), "utf-8")
    logged, _ = read(path)
    assert [dict(one.scores) for one in logged] == [{"acc": 1.0}] * 3
    assert logged[0].answer.weighed[0].logprob == -1.5


def test_settings_come_from_the_totals_beside(tmp_path: Path) -> None:
    path = written(tmp_path / "samples_arc_2026-01-02T03-04-05.1.jsonl", lm_eval_lines([1.0]))
    results_beside(path, "arc", 25)
    logged, _ = read(path)
    settings = dict(logged[0].origin.settings)
    assert (settings["shots"], settings["precision"], settings["engine"]) == ("25", "float32", "hf")


def as_document(path: Path) -> Path:
    path.write_text(json.dumps(inspect_header() | {"samples": inspect_samples()}), "utf-8")
    return path


@pytest.mark.parametrize("kind", ["json", "eval"])
def test_an_inspect_log_is_read_with_its_epochs(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"log.{kind}"
    logged, unusable = read(inspect_zip(path) if kind == "eval" else as_document(path))
    assert sorted((one.repeat, one.scores[0][1]) for one in logged) == [
        (epoch, value) for epoch in (0, 1) for value in (0.0, 0.0, 0.5, 1.0)
    ]
    assert [one.why for one in unusable] == ["the engine failed: timeout"]
    origin = logged[0].origin
    assert (origin.task, origin.model, origin.version) == ("sums", "openai/gpt", "0.3.200")
    assert {one.sample for one in logged} == {sample_name(text) for text in QUESTIONS[:4]}
    assert logged[0].answer.text == "It is 0." and logged[0].answer.completion_tokens == 4


@pytest.mark.parametrize("layout", ["version 3", "results at the top"])
def test_promptfoo_results_are_read(layout: str, tmp_path: Path) -> None:
    facts = promptfoo_facts()
    if layout != "version 3":
        facts = {"results": facts["results"]["results"], "description": "sums"}
    path = tmp_path / "results.json"
    path.write_text(json.dumps(facts), "utf-8")
    logged, unusable = read(path)
    assert {one.origin.model for one in logged} == {"openai:a", "openai:b"}
    assert len(logged) == 12 and len(unusable) == 1
    assert [one.scores[0][1] for one in logged[:3]] == [0.0, 1.0, 1.0]
    assert str(logged[0].answer.cost) == "0.0001" and logged[0].answer.seconds == 0.25
    assert logged[0].sample == sample_name(QUESTIONS[0])


def test_packed_logs_are_known_by_content(tmp_path: Path) -> None:
    lines = "".join(json.dumps(one) + "\n" for one in lm_eval_lines([1.0, 0.0]))
    path = tmp_path / "anything"
    path.write_bytes(gzip.compress(lines.encode()))
    assert len(read(path)[0]) == 2


def test_broken_records_are_named_and_others_kept(tmp_path: Path) -> None:
    good = lm_eval_lines([1.0, 0.0, 7.0])
    path = tmp_path / "samples_x.jsonl"
    text = [json.dumps(one) for one in good]
    path.write_text("\n".join([text[0], '{"doc": ', "[1]", *text[1:]]) + "\n", "utf-8")
    logged, unusable = read(path)
    assert [one.scores[0][1] for one in logged] == [1.0, 0.0]
    assert [(one.place, one.why) for one in unusable] == [
        ("line 2", "broken JSON"),
        ("line 3", "no object"),
        ("line 5", "no metric from 0 to 1 (metrics: acc)"),
    ]


def test_a_document_that_is_cut_off_gives_what_it_holds(tmp_path: Path) -> None:
    path = as_document(tmp_path / "log.json")
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex('"explanation"')], "utf-8")
    logged, unusable = read(path)
    assert len(logged) == 7 and unusable[-1].why.startswith("broken JSON")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"a,b\n1,2\n", "no log of a known kind", id="a table"),
        pytest.param(
            b'{"results": {}, "n-shot": {"a": 1}}', "totals, not the samples", id="totals"
        ),
        pytest.param(gzip.compress(b"x" * 99)[:-9], "broken gzip", id="cut gzip"),
    ],
)
def test_other_files_are_refused_in_a_line(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=told):
        recognised(path)


def test_a_packing_that_python_lacks_is_named(tmp_path: Path) -> None:
    path = inspect_zip(tmp_path / "log.eval")
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] = 93
            place = data.find(mark, place + 1)
    path.write_bytes(data)
    with pytest.raises(BadInput, match="Zstandard"):
        read(path)


@given(st.lists(json_values, max_size=5), json_values, st.integers(0, 3))
def test_a_list_is_read_as_it_comes(items: list[Any], other: object, indent: int) -> None:
    document = {"before": other, "a": {"b": items, "c": other}, "after": other}
    around: dict[str, Any] = {}
    text = io.StringIO(json.dumps(document, indent=indent or None))
    assert list(list_items(text, ("a", "b"), around)) == items
    assert around == {"before": other, "c": other, "after": other}
