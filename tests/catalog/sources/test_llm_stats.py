"""llm-stats' folder: models, results and prices."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from elige.catalog.sources.llm_stats import LlmStats
from elige.errors import BadInput
from elige.records import Broken, Column, Entry, Place, PublishedScore

MODEL = {
    "model_id": "some-7b-instruct", "name": "Some 7B Instruct", "organization_id": "lab",
    "license_id": "apache_2_0", "param_count": 7_000_000_000, "release_date": "2025-01-02",
    "source_weights_link": "https://huggingface.co/Lab/Some-7B",
}  # fmt: skip


def result(**changes: object) -> dict[str, object]:
    return {
        "benchmark_id": "gpqa", "benchmark_name": "GPQA", "score": 0.5, "normalized_score": 0.5,
        "is_self_reported": True, "self_reported_source_link": "https://lab.org/blog",
        "verified_by_llmstats": False, "analysis_method": "Diamond, 0-shot CoT, pass@1",
        "updated_at": "2025-07-19T19:56:13+00:00",
    } | changes  # fmt: skip


def folder(at: Path, results: object, **model: object) -> Path:
    write(
        at / "data/organizations/lab/organization.json", {"organization_id": "lab", "name": "Lab"}
    )
    write(at / "data/organizations/lab/models/some/model.json", MODEL | model)
    write(at / "data/organizations/lab/models/some/benchmarks.json", results)
    write(at / "data/benchmarks/cfeval.json", {"benchmark_id": "cfeval", "max_score": 10000.0})
    return at


def write(path: Path, tree: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree), "utf-8")


def read(path: Path) -> tuple[list[Entry], list[Broken]]:
    found = list(LlmStats().read(Place(path=path, fetched="2025-10-16")))
    entries = [one for one in found if isinstance(one, Entry)]
    return entries, [one for one in found if isinstance(one, Broken)]


def test_a_model_with_a_result(tmp_path: Path) -> None:
    (entry,), broken = read(folder(tmp_path, [result()]))
    assert broken == []
    # The link leads to the base, so the name tells which model of that organisation it is.
    assert (entry.key, entry.model) == ("some-7b-instruct", "Lab/Some-7B-Instruct")
    assert entry.names == ("some-7b-instruct", "Some 7B Instruct")
    assert entry.values[Column.LICENCE] == "apache 2.0"
    assert entry.values[Column.PARAMETERS] == 7_000_000_000
    assert (entry.values[Column.WEIGHTS], entry.values[Column.AUTHOR]) == ("open", "Lab")
    assert entry.results == (
        PublishedScore(
            benchmark="gpqa", value=0.5, version="diamond", setting="0-shot, chain of thought",
            metric="pass@1", unit="fraction", self_reported=True, dated="2025-07-19",
            link="https://lab.org/blog",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "value", "unit"),
    [
        pytest.param({"score": "95,3 %"}, 95.3, "percent", id="a text with a sign"),
        pytest.param({"score": 95.3, "normalized_score": 0.953}, 95.3, "percent", id="of 100"),
        pytest.param({"benchmark_id": "cfeval", "score": 2071}, 2071, "points", id="of 10,000"),
        pytest.param({"score": 0}, 0, "fraction", id="nothing right"),
    ],
)
def test_values_keep_the_unit_they_are_in(
    tmp_path: Path, changes: dict[str, object], value: float, unit: str
) -> None:
    (entry,), broken = read(folder(tmp_path, [result(**changes)]))
    assert broken == []
    assert (entry.results[0].value, entry.results[0].unit) == (value, unit)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"score": None}, "no score is given", id="none"),
        pytest.param({"score": float("nan")}, "no score is given", id="NaN"),
        pytest.param({"score": "-"}, "no score is given", id="a dash"),
        pytest.param({"score": 1.03, "normalized_score": 1.03}, "the score 1.03 is beyond 1, the "
                     "best there is", id="103 %"),
        pytest.param({"score": -0.1}, "the score -0.1 is below 0", id="below nothing"),
        pytest.param({"score": "good"}, "'good' is no number", id="words"),
        pytest.param({"score": True}, "True is no number", id="yes"),
        pytest.param({"benchmark_id": None}, "no benchmark is named", id="no benchmark"),
    ],
)  # fmt: skip
def test_a_broken_result_is_named_and_the_others_kept(
    tmp_path: Path, changes: dict[str, object], why: str
) -> None:
    (entry,), broken = read(folder(tmp_path, [result(**changes), result()]))
    assert [one.why for one in broken] == [why]
    assert len(entry.results) == 1


def test_broken_files_are_named(tmp_path: Path) -> None:
    root = folder(tmp_path, "[{]", name="Some")
    write(root / "data/organizations/lab/models/half/model.json", "{")
    write(root / "data/organizations/lab/models/half/benchmarks.json", [])
    write(root / "data/organizations/lab/models/list/model.json", [])
    (entry,), broken = read(root)
    assert entry.results == ()
    assert sorted(one.where for one in broken) == [
        "organizations/lab/models/half/benchmarks.json",
        "organizations/lab/models/half/model.json",
        "organizations/lab/models/list/model.json",
        "organizations/lab/models/some/benchmarks.json",
    ]


def test_cents_become_dollars_and_no_price_stays_none(tmp_path: Path) -> None:
    root = folder(tmp_path, [])
    row = {
        "model_id": "some-7b-instruct",
        "provider_id": "host",
        "max_input_tokens": 8192,
        "input_cents_per_million_tokens": 25,
        "output_cents_per_million_tokens": None,
    }
    write(
        root / "data/providers/host/models.json",
        [row, {}, row | {"input_cents_per_million_tokens": "x"}],
    )
    (entry,), broken = read(root)
    (offer,) = entry.offers
    assert (offer.provider, offer.input, offer.output) == ("host", Decimal("0.25"), None)
    assert (offer.context, offer.dated) == (8192, "2025-10-16")
    assert [one.why for one in broken] == ["no model is named", "'x' is no price"]


def test_verified_results_are_not_self_reported(tmp_path: Path) -> None:
    (entry,), _ = read(
        folder(tmp_path, [result(verified_by_llmstats=True), result(is_self_reported=None)])
    )
    assert [one.self_reported for one in entry.results] == [False, None]


def test_a_folder_without_models_is_refused(tmp_path: Path) -> None:
    for place in (Place(), Place(path=tmp_path), Place(path=tmp_path / "none")):
        with pytest.raises(BadInput):
            list(LlmStats().read(place))


def test_every_record_of_the_real_folder(shared_data: Path) -> None:
    entries, broken = read(shared_data / "scores" / "llmstats")
    assert broken == []
    assert len(entries) == 169
    # One model stands there twice, under two names.
    assert len({one.model.casefold() for one in entries}) == 168
    results = [score for one in entries for score in one.results]
    assert len(results) == 2224
    assert sum(score.self_reported is True for score in results) == 2206
    assert sum(score.self_reported is False for score in results) == 18
    assert all(score.dated for score in results)
    names = {one.key: one.model for one in entries}
    assert names["qwen-2.5-coder-32b-instruct"] == "Qwen/Qwen2.5-Coder-32B-Instruct"
    assert names["gpt-4o-2024-08-06"] == "openai/gpt-4o-2024-08-06"


def test_a_count_may_be_in_billions(tmp_path: Path) -> None:
    (entry,), _ = read(folder(tmp_path, [], param_count=7.2))
    assert entry.values[Column.PARAMETERS] == 7_200_000_000
