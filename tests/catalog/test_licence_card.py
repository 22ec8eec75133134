"""Licences along a lineage: what a parent asks for holds for the model, whatever its tag says."""

import csv
import gzip
import json
import sys
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from lineages import LLAMA2, catalogue, hub_tree, model

from elige.catalog.licence import May, identify, may_commercial
from elige.catalog.licence_card import card_licence, may_of, stated_licence
from elige.catalog.licence_terms import USES, Use
from elige.catalog.lineage import parents_of
from elige.catalog.listed import Listed
from elige.records import Card, Column, FactKind, Origin

WORLD = catalogue(
    model("meta-llama/Llama-2-7b-hf", licence="llama2", shape=LLAMA2),
    model("mistralai/Codestral-22B-v0.1", licence="mnpl"),
    model("CohereForAI/aya-101", licence="cc-by-nc-4.0"),
    model("org/open", licence="apache-2.0"),
    model("org/secret", licence="other"),
    model("x/llama-tune", ("finetune", "meta-llama/Llama-2-7b-hf"), licence="apache-2.0"),
    model("x/llama-grandchild", ("quantized", "x/llama-tune"), licence="mit"),
    model("x/codestral-tune", ("finetune", "mistralai/Codestral-22B-v0.1"), licence="apache-2.0"),
    model("x/aya-merge", ("merge", "org/open"), ("merge", "CohereForAI/aya-101"), licence="mit"),
    model("x/open-tune", ("finetune", "org/open"), licence="mit"),
    model("x/strict-tune", ("finetune", "org/open"), licence="cc-by-nc-4.0"),
    model("x/secret-tune", ("finetune", "org/secret"), licence="apache-2.0"),
    model("x/orphan", ("finetune", "gone/missing"), licence="apache-2.0"),
    model("x/root", licence="apache-2.0"),
    model("x/silent", ("finetune", "org/open")),
    model("x/silent-copy-GGUF", ("quantized", "org/open")),
    model("x/lora", ("adapter", "CohereForAI/aya-101"), licence="apache-2.0"),
    model("x/deep", ("finetune", "x/llama-grandchild"), licence="mit"),
    model("x/hidden-merge", ("merge", "x/Codestral-22B-v0.1-GGUF"), ("merge", "x/codestral-tune")),
    model("x/Codestral-22B-v0.1-GGUF", licence="apache-2.0"),
    model("loop/a", ("finetune", "loop/b"), licence="mit"),
    model("loop/b", ("finetune", "loop/a"), licence="cc-by-nc-4.0"),
)


def card(name: str, world: Listed = WORLD) -> Card:
    found = world.card(name)
    assert found is not None, name
    return found


@pytest.mark.parametrize(
    ("name", "use", "answer"),
    [
        pytest.param("x/llama-tune", "commercial", "conditions", id="a tag freer than Llama 2"),
        pytest.param("x/llama-tune", "train-others", "no", id="not to improve others"),
        pytest.param("x/llama-grandchild", "train-others", "no", id="from the grandparent"),
        pytest.param("x/codestral-tune", "commercial", "no", id="of a research model"),
        pytest.param("x/aya-merge", "commercial", "no", id="one parent of a merge"),
        pytest.param("x/open-tune", "commercial", "yes", id="both free"),
        pytest.param("x/strict-tune", "commercial", "no", id="its own is stricter"),
        pytest.param("x/secret-tune", "commercial", "unknown", id="a licence called other"),
        pytest.param("x/orphan", "commercial", "unknown", id="a parent that is not known"),
        pytest.param("x/root", "commercial", "yes", id="no parent"),
        pytest.param("x/silent", "commercial", "unknown", id="states none itself"),
        pytest.param(
            "x/Codestral-22B-v0.1-GGUF", "commercial", "unknown", id="a guess forbids not"
        ),
        pytest.param("loop/a", "commercial", "no", id="a loop"),
        pytest.param("x/silent-copy-GGUF", "commercial", "unknown", id="a copy that states none"),
        pytest.param("x/lora", "commercial", "no", id="an adapter of a research model"),
        pytest.param("x/hidden-merge", "host", "no", id="guessed by one parent, told by the other"),
    ],
)
def test_what_a_model_may_be_used_for(name: str, use: Use, answer: str) -> None:
    found, why = may_of(card(name), WORLD, use)
    assert (str(found), bool(why)) == (answer, True)
    assert card_licence(card(name), WORLD).may(use) == (found, why)


def test_a_parent_is_found_by_the_name_that_its_author_gave_up() -> None:
    new = model("meta-llama/Llama-3.1-8B", licence="llama3.1")
    world = catalogue(
        new,
        model("x/tune", ("finetune", "meta-llama/Meta-Llama-3.1-8B"), licence="mit"),
        model("x/copy", ("finetune", "somebody/Llama-3.1-8B"), licence="mit"),
    )
    assert may_of(card("x/tune", world), world, "commercial")[0] is May.CONDITIONS
    # Somebody else's may be something else.
    assert may_of(card("x/copy", world), world, "commercial")[0] is May.UNKNOWN


def test_the_reason_names_the_ancestor_and_the_clause() -> None:
    _, why = may_of(card("x/llama-grandchild"), WORLD, "train-others")
    assert "made from meta-llama/Llama-2-7b-hf: Llama 2 Community License, section 1.b.v" in why


def test_each_clause_is_told_once_with_all_the_models_it_comes_through() -> None:
    world = catalogue(
        model("x/a", licence="apache-2.0"),
        model("x/b", ("finetune", "x/a"), ("merge", "x/llama"), licence="apache-2.0"),
        model("x/c", ("finetune", "x/b"), licence="apache-2.0"),
        model("x/llama", licence="llama2"),
        model("x/llama-too", ("quantized", "x/llama"), ("merge", "gone/one"), licence="llama2"),
        model("x/d", ("merge", "x/llama-too"), ("merge", "gone/two"), licence="mit"),
    )
    answer, (llama,) = card_licence(card("x/c", world), world).decided("train-others")
    assert (answer, llama.through) == (May.NO, "made from x/llama")
    answer, (gone,) = card_licence(card("x/d", world), world).decided("host")
    assert (answer, gone.ancestors) == (May.UNKNOWN, ("gone/two", "gone/one"))
    answer, (llama,) = card_licence(card("x/d", world), world).decided("train-others")
    assert llama.ancestors == ("x/llama-too", "x/llama") and not llama.is_own


def test_a_clause_of_its_own_and_of_its_ancestors_is_one_clause() -> None:
    world = catalogue(
        model("x/a", licence="apache-2.0"),
        model("x/b", ("finetune", "x/a"), licence="apache-2.0"),
        model("x/c", ("finetune", "x/b"), licence="apache-2.0"),
    )
    _, (one,) = card_licence(card("x/c", world), world).decided("commercial")
    assert one.through == "its own, and made from x/b and x/a"
    assert may_of(card("x/c", world), world, "commercial")[1] == one.told
    assert one.told.startswith("Apache License 2.0") and one.told.endswith(f"({one.through})")


def test_ancestors_under_one_licence_make_one_conflict() -> None:
    world = catalogue(
        model("CohereForAI/aya-101", licence="cc-by-nc-4.0"),
        model("x/first", ("finetune", "CohereForAI/aya-101"), licence="cc-by-nc-4.0"),
        model("x/second", ("finetune", "x/first"), licence="mit"),
    )
    (told,) = card_licence(card("x/second", world), world).conflicts
    assert "made from x/first and CohereForAI/aya-101, which are under" in told


def test_a_conflict_names_both_licences_in_words() -> None:
    (told,) = card_licence(card("x/codestral-tune"), WORLD).conflicts
    assert told.startswith("it states Apache License 2.0, but is made from mistralai/Codestral")
    assert "commercial no" in told and told.endswith("and that holds")
    assert card_licence(card("x/open-tune"), WORLD).conflicts == ()


def test_a_conflict_by_a_guess_says_that_it_is_one() -> None:
    (told,) = card_licence(card("x/Codestral-22B-v0.1-GGUF"), WORLD).conflicts
    assert "perhaps made from" in told and told.endswith("holds if the guess is right")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x/orphan", "made from gone/missing, of which nothing is known here"),
        ("x/secret-tune", "made from org/secret, which states the licence 'other'"),
        ("x/silent", "no licence is stated"),
        ("loop/a", "its own ancestor"),
    ],
)
def test_what_is_not_known_is_said(name: str, words: str) -> None:
    assert any(words in one for one in card_licence(card(name), WORLD).unsure)


def test_sources_that_disagree_hold_together_and_other_says_nothing() -> None:
    one = model("x/m", licence="other")
    two = model("x/m", licence="apache-2.0")
    three = model("x/m", licence="cc-by-nc-4.0")
    guessed = model("x/m", licence="mit")
    origin = {Column.LICENCE: Origin(source="guess", kind=FactKind.ESTIMATED)}
    rows = [(one, "1"), (two, "2"), (three, "3"), (replace(guessed, origins=origin), "4")]
    world = Listed(rows, {})
    stated, licence = stated_licence(card("x/m", world))
    assert {part.key for part in licence.parts} == {"apache-2.0", "cc-by-nc-4.0"}
    assert "other" not in stated and "mit" not in stated
    assert may_of(card("x/m", world), world, "commercial")[0] is May.NO
    assert stated_licence(None)[1].key == "unknown"


def test_terms_come_down_a_real_tree(shared_data: Path) -> None:
    """67 models of one family: Apache at the root, so each one's own licence decides."""
    entries, declared = hub_tree(shared_data, hide=False)
    world = catalogue(*entries)
    order = [May.NO, May.UNKNOWN, May.CONDITIONS, May.YES]
    for name in declared:
        answer, why = may_of(card(name, world), world, "commercial")
        above = [may_of(card(one.parent, world), world, "commercial")[0] for one in declared[name]]
        own = may_commercial(stated_licence(card(name, world))[1])[0]
        assert answer is min([own, *above], key=order.index) and why


def llmfit(shared_data: Path) -> Listed:
    path = shared_data / "catalog" / "llmfit" / "hf_models_16849.json.gz"
    rows = json.loads(gzip.decompress(path.read_bytes()))
    return catalogue(*(model(row["name"], licence=row.get("license") or "") for row in rows))


def test_no_child_of_a_real_model_is_freer_than_it(shared_data: Path) -> None:
    world = llmfit(shared_data)
    order = [May.NO, May.UNKNOWN, May.CONDITIONS, May.YES]
    met: Counter[str] = Counter()
    for one in islice(world.cards(), 0, None, 4):
        for parent in parents_of(one.model, world):
            above = world.card(parent.parent)
            if above is None:
                continue
            for use in USES:
                mine, theirs = (may_of(each, world, use)[0] for each in (one, above))
                # A guess may not forbid, so a no above is at most an unknown here.
                assert order.index(mine) <= max(order.index(theirs), order.index(May.UNKNOWN))
            met[identify(stated_licence(above)[0]).key] += 1
    assert met["llama3.1"] >= 5 and sum(met.values()) > 800, met


def test_every_licence_string_at_hand_has_an_identity_or_says_unknown(shared_data: Path) -> None:
    """The strings of llmfit, the leaderboards' and the hub's lists, each once."""
    texts = licence_strings(shared_data)
    unknown = sorted(text for text in texts if not identify(text).is_known)
    assert len(texts) >= 200
    sys.stdout.write(f"of {len(texts)} these say unknown: {', '.join(unknown)}\n")  # with -rP
    assert len(unknown) <= 0.55 * len(texts)
    for text in unknown:
        world = catalogue(model("x/y", licence=text))
        assert may_of(card("x/y", world), world, "commercial")[0] is May.UNKNOWN, text


def licence_strings(shared_data: Path) -> set[str]:
    path = shared_data / "catalog" / "llmfit" / "hf_models_16849.json.gz"
    found = {row.get("license") for row in json.loads(gzip.decompress(path.read_bytes()))}
    folder = shared_data / "licences" / "hf"
    found |= {row["id"] for row in json.loads((folder / "hf_license_ids.json").read_text("utf-8"))}
    for name in ("model_license_other.csv", "model_no_license.csv"):
        with (folder / name).open(encoding="utf-8") as stream:
            found |= {row["suggested_license_name"] for row in csv.DictReader(stream)}
    return {text for text in found if text}
