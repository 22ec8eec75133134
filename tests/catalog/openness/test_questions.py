"""The five questions and the Open Source AI Definition, out of the same evidence."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from catalog.openness.releases import release, system, written
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.openness import Answer, Level, Met, Question, grade_file
from elige.catalog.openness.questions import joined
from elige.catalog.openness.wheel import wheel

OPEN, P, C, U = Level.OPEN, Level.PARTIAL, Level.CLOSED, Level.UNKNOWN
ALL_OPEN = {
    name: "open"
    for name in (
        "datasources_basemodel", "datasources_endmodel", "weights_basemodel", "weights_endmodel",
        "trainingcode", "datasheet", "licenses",
    )
}  # fmt: skip


def levels(path: Path) -> list[Level]:
    return [one.level for one in grade_file(path).answers]


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        pytest.param({}, [U, U, U, U, U], id="nothing found is unknown, never closed"),
        pytest.param({"Datasets": "CC-BY-4.0"}, [OPEN, U, U, U, U], id="open data"),
        pytest.param({"Datasets": "CC-BY-NC-4.0"}, [P, U, U, U, U], id="restricted is partial"),
        pytest.param({"Datasets": "unlicensed"}, [P, U, U, U, U], id="without licence is partial"),
        pytest.param({"Datasets": "Component not include"}, [U, U, U, U, U], id="not included"),
        pytest.param({"Model parameters (Final)": "Proprietary"}, [U, C, U, U, U], id="closed"),
        pytest.param({"Model parameters (Final)": "Apache 2.0"}, [U, OPEN, U, U, U], id="words"),
        pytest.param({"Training code": "MIT", "Evaluation code": "X"}, [U, U, P, OPEN, U], id="2"),
        pytest.param({"Model metadata": "MIT"}, [U, U, U, U, P], id="metadata alone"),
        pytest.param(
            {"Model metadata": "MIT", "Model parameters (Intermediate)": "MIT"},
            [U, U, U, U, OPEN],
            id="metadata and checkpoints",
        ),
    ],
)  # fmt: skip
def test_answers_out_of_a_mof_file(
    tmp_path: Path, components: dict[str, str | None], expected: list[Level]
) -> None:
    assert levels(written(tmp_path, release(components))) == expected


@pytest.mark.parametrize(
    ("changed", "licence", "expected"),
    [
        pytest.param({}, "Apache-2.0", [OPEN, OPEN, U, OPEN, U], id="all open"),
        pytest.param({}, "Apache 2.0", [OPEN, OPEN, U, OPEN, U], id="licence normalised"),
        pytest.param({"licenses": "partial"}, "MIT", [P, OPEN, U, P, U], id="only partly licensed"),
        pytest.param({"licenses": "closed"}, "Llama 3 Community License Agreement",
                     [P, P, U, P, U], id="restricted"),
        pytest.param({"datasources_endmodel": "closed"}, "MIT", [P, OPEN, U, OPEN, U], id="half"),
        pytest.param({"trainingcode": "closed"}, "MIT", [OPEN, OPEN, U, C, U], id="no code"),
        pytest.param({"trainingcode": "who knows"}, "MIT", [OPEN, OPEN, U, U, U], id="not graded"),
    ],
)  # fmt: skip
def test_answers_out_of_an_osai_file(
    tmp_path: Path, changed: dict[str, str], licence: str, expected: list[Level]
) -> None:
    assert levels(written(tmp_path, system(ALL_OPEN | changed, licence=licence))) == expected


@pytest.mark.parametrize(
    ("file", "met"),
    [
        ("mot/models/OLMo-7B.yml", Met.YES),
        ("mot/models/Pythia-12B.yml", Met.YES),
        ("mot/models/Amber.yml", Met.YES),
        ("osai/OLMo.yaml", Met.YES),
        ("osai/Pythia.yaml", Met.YES),
        ("mot/models/Llama-2-7B.yml", Met.NO),
        ("mot/models/Llama-3.1-8B-Instruct.yml", Met.NO),
        ("osai/llama-4.yaml", Met.NO),
        ("osai/Falcon.yaml", Met.NO),
        ("mot/models/Jamba.yml", Met.UNKNOWN),
    ],
)
def test_the_definition_as_the_open_source_initiative_reads_it(
    shared_data: Path, file: str, met: Met
) -> None:
    assert grade_file(shared_data / "openness" / file).definition is met


def test_every_answer_says_what_was_seen_and_open_ones_where(shared_data: Path) -> None:
    found = grade_file(shared_data / "openness" / "osai" / "OLMo.yaml")
    assert all(one.evidence for one in found.answers)
    assert all(one.links for one in found.answers if one.level is OPEN)
    assert found.licence.osi_approved is True


@given(st.lists(st.sampled_from(Level), min_size=1, max_size=4))
def test_a_whole_is_open_or_closed_only_when_all_its_parts_are(parts: list[Level]) -> None:
    found = joined(parts)
    assert (found is OPEN) == all(one is OPEN for one in parts)
    assert (found is C) == all(one is C for one in parts)
    assert (found is P) == (bool({OPEN, P} & set(parts)) and set(parts) != {OPEN})


@given(st.text(max_size=30), st.lists(st.sampled_from(Level), min_size=5, max_size=5))
def test_a_wheel_is_an_svg_that_says_every_answer(name: str, given_levels: list[Level]) -> None:
    name = "".join(letter for letter in name if letter.isprintable())
    answers = [
        Answer(question=question, level=level, evidence="")
        for question, level in zip(Question, given_levels, strict=True)
    ]
    drawn = ElementTree.fromstring(wheel(answers, name=name))
    title = drawn.findtext("{http://www.w3.org/2000/svg}title") or ""
    assert name in title or not name
    for one in answers:
        assert f"{one.question.label}: {one.level}" in title
    words = [part.text for part in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("?") == given_levels.count(U)
