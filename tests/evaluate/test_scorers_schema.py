"""Answers that must be valid JSON of a certain form."""

import json
from pathlib import Path

import pytest
from evaluate.scoring import said, sample

from elige.errors import BadInput
from elige.evaluate.options import TaskOptions
from elige.evaluate.scorers import json_schema, scorer_digest
from elige.evaluate.task import load_task
from elige.records import Outcome

PERSON = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "tags": {"items": {"type": "integer"}}},
}


@pytest.mark.parametrize(
    ("text", "value", "why"),
    [
        pytest.param('{"name": "Ana"}', 1, "valid", id="alone"),
        pytest.param('Sure!\n```json\n{"name": "Éva"}\n```\nSee [1].', 1, "valid", id="fenced"),
        pytest.param('It is {"name": "a{}"}, as in [1].', 1, "valid", id="embedded"),
        pytest.param('{"name": 1} or rather {"name": "b"}', 1, "valid", id="the last one"),
        pytest.param('{"name": "a", "tags": [1, "x"]}', 0, "at $.tags[1]: ", id="path"),
        pytest.param("{}", 0, "at $: 'name' is a required property", id="missing"),
        pytest.param("[]", 0, "at $: ", id="another type"),
        pytest.param("null", 0, "at $: ", id="null"),
    ],
)
def test_json_schema(text: str, value: float, why: str) -> None:
    score = json_schema(schema=json.dumps(PERSON))(sample("whatever"), said(text))
    assert score.value == value
    assert score.why.startswith(why)


@pytest.mark.parametrize(
    "text", ["no idea", '{"name": ', '{"name": NaN}', "[" * 100_000], ids=str.__len__
)
def test_without_json_an_answer_is_unparsed(text: str) -> None:
    score = json_schema(schema=json.dumps(PERSON))(sample("x"), said(text))
    assert score.outcome is Outcome.UNPARSED


def test_alone_allows_nothing_around_the_json() -> None:
    scorer = json_schema(schema="true", alone="yes")
    assert scorer(sample("x"), said(' {"a": 1}\n')).value == 1.0
    assert scorer(sample("x"), said('```\n{"a": 1}\n```')).outcome is Outcome.UNPARSED


def test_the_draft_is_told_by_the_schema() -> None:
    old = {"$schema": "http://json-schema.org/draft-04/schema#", "maximum": 3}
    scorer = json_schema(schema=json.dumps(old | {"exclusiveMaximum": True}))
    assert [scorer(sample("x"), said(text)).value for text in ("2", "3")] == [1.0, 0.0]


def test_formats_are_checked_when_asked_for() -> None:
    schema = '{"format": "date"}'
    plain, strict = json_schema(schema=schema), json_schema(schema=schema, formats=True)
    wrong = said('"2020-31-31"')
    assert (plain(sample("x"), wrong).value, strict(sample("x"), wrong).value) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        pytest.param('{"type": "objet"}', r"no JSON Schema: 'objet' .*at \$\.type", id="bad type"),
        pytest.param('{"type":', "no JSON", id="no JSON"),
        pytest.param("[1]", "no object", id="a list"),
        pytest.param("absent.json", "'absent.json' cannot be read", id="no file"),
    ],
)
def test_what_is_no_schema_is_refused(schema: str, told: str) -> None:
    with pytest.raises(BadInput, match=told) as caught:
        json_schema(schema=schema)
    assert caught.value.hint


@pytest.mark.parametrize("ref", ["http://127.0.0.1:9/s.json", "#/$defs/x"])
def test_a_reference_out_of_the_schema_opens_nothing(ref: str) -> None:
    with pytest.raises(BadInput, match="which is not in it"):
        json_schema(schema=json.dumps({"$ref": ref}))(sample("x"), said("{}"))


def test_a_task_file_holds_the_schema_or_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("text\nAna is 31\nBob is 22\n")
    (tmp_path / "s.json").write_text(json.dumps(PERSON))
    head = "data: d.csv\ncolumns: {question: text, answer: '-'}\nscorer:\n  name: json_schema\n"
    (tmp_path / "one.yaml").write_text(head + "  options: {schema: s.json}\n")
    (tmp_path / "two.yaml").write_text(head + f"  options: {{schema: {json.dumps(PERSON)}}}\n")
    tasks = [load_task(tmp_path / name) for name in ("one.yaml", "two.yaml")]
    schemas = [json.loads(dict(task.scorer.options)["schema"]) for task in tasks]
    assert schemas == [PERSON, PERSON]
    assert json.dumps(PERSON) in tasks[0].form.instruction


def test_a_changed_schema_file_changes_the_scorers_digest(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("q,a\nx,1\ny,2\n")
    said_ = TaskOptions(
        scorer="json_schema", scorer_options=(("schema", str(tmp_path / "s.json")),)
    )
    digests = set()
    for schema in ("true", "false"):
        (tmp_path / "s.json").write_text(schema)
        digests.add(scorer_digest(load_task(tmp_path / "d.csv", said_).scorer))
    assert len(digests) == 2


def test_no_right_answers_is_refused_for_a_scorer_that_compares(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("text\nAna\nBob\n")
    with pytest.raises(BadInput, match="contains compares with right answers"):
        load_task(tmp_path / "d.csv", TaskOptions(question="text", answer="-"))
