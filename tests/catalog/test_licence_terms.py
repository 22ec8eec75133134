"""What licences say, term by term, and what comes down a lineage."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.licence import May, identify, may_commercial, table
from elige.catalog.licence_lineage import inherited_terms
from elige.catalog.licence_report import licence_facts, report_licence
from elige.catalog.licence_terms import DUTIES, USES, Applies, Use, may, terms_of
from elige.catalog.licence_text import recognise

NAMES = st.sampled_from(sorted(table()))


@pytest.mark.parametrize(
    ("text", "commercial", "redistribute", "train", "host"),
    [
        ("apache-2.0", "yes", "yes", "yes", "yes"),
        ("mit", "yes", "yes", "yes", "yes"),
        ("cc0-1.0", "yes", "yes", "yes", "yes"),
        ("openmdw-1.0", "yes", "yes", "yes", "yes"),
        ("gpl-3.0", "conditions", "conditions", "yes", "yes"),
        ("agpl-3.0", "conditions", "conditions", "yes", "conditions"),
        ("cc-by-sa-4.0", "conditions", "conditions", "yes", "yes"),
        ("cc-by-nc-4.0", "no", "conditions", "conditions", "conditions"),
        ("llama2", "conditions", "conditions", "no", "conditions"),
        ("llama3", "conditions", "conditions", "no", "conditions"),
        ("llama3.1", "conditions", "conditions", "conditions", "conditions"),
        ("llama4", "conditions", "conditions", "conditions", "conditions"),
        ("gemma", "conditions", "conditions", "conditions", "conditions"),
        ("Falcon LLM License 1.0", "conditions", "conditions", "unknown", "conditions"),
        ("TII Falcon LLM License 1.0", "conditions", "conditions", "unknown", "conditions"),
        ("falcon-llm-2.0", "conditions", "conditions", "conditions", "conditions"),
        ("falcon-mamba-7b-license", "unknown", "unknown", "unknown", "unknown"),
        ("qwen-research", "no", "conditions", "conditions", "conditions"),
        ("apple-amlr", "no", "conditions", "conditions", "no"),
        ("chatglm3-6b", "conditions", "conditions", "yes", "conditions"),
        ("glm-130b", "no", "conditions", "conditions", "no"),
        ("minimax-m2.7", "no", "conditions", "conditions", "no"),
        ("minimax-model-license", "conditions", "conditions", "yes", "conditions"),
        ("c4ai", "no", "conditions", "conditions", "conditions"),
        ("falcon-180b", "conditions", "conditions", "conditions", "conditions"),
        ("bigscience-openrail-m", "conditions", "conditions", "conditions", "conditions"),
        ("mrl", "no", "conditions", "conditions", "conditions"),
        ("flux-nc", "no", "conditions", "conditions", "conditions"),
        ("stability-nc-research", "no", "conditions", "conditions", "no"),
        ("hai-def", "conditions", "conditions", "conditions", "conditions"),
        ("glm-4", "conditions", "conditions", "conditions", "conditions"),
        ("minimax-community", "conditions", "unknown", "unknown", "conditions"),
        ("jamba", "conditions", "conditions", "unknown", "conditions"),
        ("mnpl", "no", "conditions", "conditions", "no"),
        ("tongyi-qianwen", "conditions", "conditions", "no", "conditions"),
        ("qwen", "conditions", "conditions", "conditions", "conditions"),
        ("deepseek", "conditions", "conditions", "conditions", "conditions"),
        ("kimi-k2-community", "conditions", "yes", "yes", "conditions"),
        ("stabilityai-ai-community", "conditions", "conditions", "no", "conditions"),
        ("exaone", "no", "conditions", "no", "no"),
        ("kimi-k3-license", "conditions", "yes", "yes", "conditions"),
        ("qwen-community-license-1.0", "conditions", "yes", "yes", "conditions"),
        ("nvidia-nemotron-open-model-license", "yes", "yes", "yes", "yes"),
        ("proprietary", "no", "no", "no", "no"),
        ("upstage-solar-license", "unknown", "unknown", "unknown", "unknown"),
        ("0BSD", "conditions", "conditions", "conditions", "conditions"),
        ("BUSL-1.1", "unknown", "unknown", "unknown", "unknown"),
    ],
)
def test_the_four_uses(
    text: str, commercial: str, redistribute: str, train: str, host: str
) -> None:
    answers = [str(may(identify(text), use)[0]) for use in USES]
    assert answers == [commercial, redistribute, train, host]


@pytest.mark.parametrize(
    ("text", "duty", "words", "clause"),
    [
        ("llama2", "user-limit", "700 million", "section 2"),
        ("llama3.3", "naming", "begin their name with Llama", "section 1.b.i"),
        ("llama4", "territory", "European Union", "acceptable-use policy"),
        ("llama3.2", "territory", "European Union", "acceptable-use policy"),
        ("falcon-llm-1.0", "royalties", "ten percent", "commercial use"),
        ("qwen", "user-limit", "100 million", "section 4"),
        ("gemma", "use-policy", "Prohibited Use Policy", "section 3.2"),
        ("deepseek", "use-policy", "Attachment A", "section 5"),
        ("cc-by-sa-4.0", "share-alike", "same licence", "section 3(b)"),
        ("apache-2.0", "attribution", "NOTICE", "section 4"),
        ("tencent-hunyuan-community", "territory", "United Kingdom", "definitions"),
        ("stability-community", "user-limit", "one million US dollars", "section III"),
        ("kimi-modified-mit", "naming", "Kimi K2", "closing paragraph"),
        ("falcon-llm-2.0", "naming", "built using artificial intelligence", "section 6.1"),
        ("falcon-2-11b", "use-policy", "may change", "sections 5.1 and 5.3"),
        ("qwen-research", "naming", "Built with Qwen", "section 4.b"),
        ("tencent-hunyuan-community", "territory", "worldwide", "section 5.c"),
        ("tencent-hunyuan-community", "attribution", "Notice file", "section 3.d"),
        ("c4ai", "use-policy", "Cohere Labs", "acceptable-use addendum"),
        ("baichuan", "user-limit", "one million", "condition 1"),
        ("chatglm3", "use-policy", "military", "section 3"),
        ("minimax-m2.7", "use-policy", "prohibited uses", "appendix"),
        ("minimax-community", "use-policy", "military", "appendix"),
        ("exaone", "use-policy", "harmful uses", "sections 3.3 and 3.4"),
        ("exaone", "attribution", "publications", "4.3"),
        ("chameleon-research", "use-policy", "acceptable-use policy", "2.2.4"),
        ("chameleon-research", "share-alike", "stay under", "section 2.2.1"),
        ("fair-noncommercial-research", "use-policy", "FAIR's", "definitions"),
        ("stability-nc-research", "share-alike", "stay under", "section 1.c"),
        ("nvidia-open-model", "naming", "Cosmos", "section 3.2"),
        ("glm-5.3", "user-limit", "10 billion", "section 2"),
        ("glm-4", "naming", "Built with glm-4", "section 2"),
        ("hai-def", "use-policy", "medical device", "section 3.2"),
        ("bigcode-openrail-m", "attribution", "documentation", "section 5.2"),
        ("mrl", "attribution", "Notice file", "2.2"),
        ("faipl-1.0", "share-alike", "allows as much", "section Notices"),
    ],
)
def test_a_duty_is_told_with_its_clause(text: str, duty: str, words: str, clause: str) -> None:
    term = terms_of(identify(text))[duty]
    assert term.answer is Applies.APPLIES
    assert words in term.words and clause in term.clause


@pytest.mark.parametrize("key", [key for key in sorted(table()) if not table()[key].checked])
def test_what_was_not_read_is_free_of_nothing(key: str) -> None:
    found = {name: str(term.answer) for name, term in terms_of(identify(key)).items()}
    assert not {name for name, answer in found.items() if answer in ("yes", "none")}


def test_hosting_falcon_180b_names_the_clause_on_hosting() -> None:
    answer, why = may(identify("falcon-180b"), "host")
    assert answer is May.CONDITIONS
    assert "section 9" in why and "background" in why


def test_not_improving_other_models_names_the_clause() -> None:
    answer, why = may(identify("llama-2-community-license"), "train-others")
    assert answer is May.NO
    assert "Llama 2 Community License, section 1.b.v" in why and "improve" in why


@given(NAMES)
def test_every_licence_answers_every_term(name: str) -> None:
    found = terms_of(identify(name))
    assert tuple(found) == (*USES, *DUTIES)
    assert all(isinstance(found[use].answer, May) for use in USES)
    assert all(isinstance(found[duty].answer, Applies) for duty in DUTIES)
    assert all(term.words and term.licence for term in found.values())


@given(NAMES, st.sampled_from(USES))
def test_commercial_and_the_other_uses_agree_with_the_terms(name: str, use: Use) -> None:
    licence = identify(name)
    assert may(licence, use)[0] == terms_of(licence)[use].answer
    assert may(licence, "commercial") == may_commercial(licence)


@given(NAMES, NAMES)
def test_of_licences_together_the_stricter_holds_and_of_a_choice_the_freer(
    one: str, other: str
) -> None:
    pair = [terms_of(identify(name)) for name in (one, other)]
    both = terms_of(identify(f"{one} AND {other}"))
    either = terms_of(identify(f"{one} OR {other}"))
    for name in (*USES, *DUTIES):
        ranks = [part[name].strictness for part in pair]
        assert (both[name].strictness, either[name].strictness) == (min(ranks), max(ranks)), name


@pytest.mark.parametrize(
    ("lineage", "use", "answer"),
    [
        pytest.param(["apache-2.0", "llama2"], "commercial", "conditions", id="tag freer"),
        pytest.param(["apache-2.0", "llama2"], "train-others", "no", id="not to improve others"),
        pytest.param(["mit", "cc-by-nc-4.0"], "commercial", "no", id="research only below"),
        pytest.param(["apache-2.0", "mit", "mrl"], "commercial", "no", id="from the root"),
        pytest.param(["cc-by-nc-4.0", "apache-2.0"], "commercial", "no", id="its own is stricter"),
        pytest.param(["apache-2.0", "apache-2.0"], "commercial", "yes", id="the same"),
        pytest.param(["mit", "kimi-k9"], "commercial", "unknown", id="unknown below"),
        pytest.param(["mit", "kimi-k9", "mnpl"], "commercial", "no", id="no beats unknown"),
    ],
)
def test_terms_come_down_the_lineage(lineage: list[str], use: Use, answer: str) -> None:
    found = inherited_terms([identify(name) for name in lineage])
    assert str(found.may(use)[0]) == answer


@pytest.mark.parametrize(
    ("lineage", "named"),
    [
        pytest.param(["apache-2.0", "llama2"], {"commercial", "redistribute", "train-others",
                     "host", "use-policy", "user-limit"}, id="apache on llama"),
        pytest.param(["llama2", "apache-2.0"], set(), id="the child is stricter"),
        pytest.param(["mit", "kimi-k9"], set(), id="unknown is no conflict"),
        pytest.param(["mit", "gpl-3.0"], {"commercial", "redistribute", "share-alike"}, id="gpl"),
    ],
)  # fmt: skip
def test_conflicts_are_named(lineage: list[str], named: set[str]) -> None:
    conflicts = inherited_terms([identify(name) for name in lineage]).conflicts
    assert {one.partition(":")[0] for one in conflicts} == named
    assert all(identify(lineage[1]).name in one for one in conflicts)


def test_a_conflict_names_the_strictest_parent() -> None:
    lineage = [identify(name) for name in ("apache-2.0", "llama2", "cc-by-nc-4.0")]
    conflicts = {one.partition(":")[0]: one for one in inherited_terms(lineage).conflicts}
    assert "Attribution-NonCommercial" in conflicts["commercial"] or "NC" in conflicts["commercial"]
    assert "says no" in conflicts["commercial"]


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_more_parents_never_free_a_term(names: list[str]) -> None:
    lineage = [identify(name) for name in names]
    whole, own = inherited_terms(lineage), terms_of(lineage[0])
    for name in (*USES, *DUTIES):
        assert whole.terms[name][0].strictness <= own[name].strictness
        assert len({term.strictness for term in whole.terms[name]}) == 1


def test_an_empty_lineage_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="lineage"):
        inherited_terms([])


def strings(data: Path) -> Iterator[str]:
    """Every licence string among the data at hand."""
    rows = json.loads(
        gzip.decompress((data / "catalog/llmfit/hf_models_16849.json.gz").read_bytes())
    )
    yield from (str(row.get("license")) for row in rows)
    yield from (
        row["id"]
        for row in json.loads((data / "licences/hf/hf_license_ids.json").read_text("utf-8"))
    )
    for name in ("model_license_other.csv", "model_no_license.csv"):
        with (data / "licences" / "hf" / name).open(encoding="utf-8") as stream:
            yield from (row["suggested_license_name"] for row in csv.DictReader(stream))
    for file in (data / "openness" / "mot" / "models").glob("*.yml"):
        release = yaml.safe_load(file.read_text("utf-8"))["release"]
        yield from (str(one.get("license")) for one in release["components"])
        yield from (str((one or {}).get("name")) for one in (release.get("license") or {}).values())
    for file in (data / "openness" / "osai").glob("*.yaml"):
        yield str(yaml.safe_load(file.read_text("utf-8"))["system"].get("endmodellicense"))
    dump = (data / "catalog/modelsdev/models_metadata.json").read_text("utf-8")
    yield from (
        line.partition(": ")[2].strip('", ') for line in dump.split("\n") if '"license":' in line
    )


def test_every_licence_string_at_hand_has_an_identity_or_says_unknown(shared_data: Path) -> None:
    found = set(strings(shared_data))
    assert len(found) > 260
    unknown = 0
    for text in found:
        told = licence_facts(report_licence(text, recognise(text)))
        assert told["name"] and told["id"], text
        assert all(term["answer"] for term in told["terms"].values()), text
        if not told["known"]:
            unknown += 1
            assert {term["answer"] for term in told["terms"].values()} == {"unknown"}, text
    assert len(found) - unknown >= 170
