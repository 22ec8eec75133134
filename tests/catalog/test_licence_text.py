"""Licences by their full texts: as they are, edited, and in longer texts."""

import json
import random
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elige.catalog.fingerprint import _prints, match_text, shingles
from elige.catalog.licence_terms import key_by_text
from elige.catalog.licence_text import recognise


@pytest.fixture(scope="module")
def texts(shared_data: Path) -> dict[str, str]:
    rows = json.loads((shared_data / "licences" / "licence_texts.json").read_text("utf-8"))
    return {row["key"]: row["text"] for row in rows}


def edited(text: str, share: float, dice: random.Random) -> str:
    """`text` with a share of its words left out, replaced or followed by another one."""
    words = []
    for word in text.split(" "):
        cast = dice.random()
        if cast < share / 3:
            continue
        words.append("other" if cast < 2 * share / 3 else word)
        if 2 * share / 3 <= cast < share:
            words.append("more")
    return " ".join(words)


def test_every_text_at_hand_is_recognised(texts: dict[str, str]) -> None:
    for key, text in texts.items():
        found = recognise(text)
        assert found.scancode == key
        assert found.licence.key == key_by_text().get(key, found.licence.key)
        assert found.licence.is_known and (found.how, found.likeness) == ("text", 1.0)


def test_small_edits_change_nothing(texts: dict[str, str]) -> None:
    dice = random.Random(20261126)
    for key, text in texts.items():
        whole = recognise(text).licence
        for share in (0.01, 0.03):
            found = recognise(edited(text, share, dice))
            assert found.licence == whole, (key, share, found)
            assert found.how == "text" and "wording" in found.remark or (found.likeness or 0) > 0.97


@pytest.mark.parametrize("shape", ["shouted", "one word a line", "quoted", "other holder"])
def test_layout_and_holder_change_nothing(texts: dict[str, str], shape: str) -> None:
    for key, text in texts.items():
        changed = {
            "shouted": text.upper(),
            "one word a line": "\n".join(text.split()),
            "quoted": "> " + text.replace("\n", "\n> "),
            "other holder": f"Copyright (c) 2026 Somebody Else\n\n{text}",
        }[shape]
        assert recognise(changed).scancode == key


def test_a_licence_in_a_longer_text_is_found(texts: dict[str, str]) -> None:
    prose = " ".join(
        f"Chapter {number} tells how model {number} was made." for number in range(600)
    )
    found = recognise(f"{prose}\n\n{texts['bigcode-open-rail-m-v1']}\n\n{prose}")
    assert found.licence.key == "bigcode-openrail-m"
    assert "longer text" in found.remark


def test_versions_of_a_family_are_told_apart(texts: dict[str, str]) -> None:
    text = texts["llama-3.3-license-2024"]
    assert recognise(text).licence.key == "llama3.3"
    as_llama_3 = text.replace("LLAMA 3.3", "META LLAMA 3").replace("3.3", "3")
    found = recognise(as_llama_3)
    assert (found.licence.key, found.how) == ("llama3", "title")
    future = recognise(text.replace("3.3", "9.1"))
    assert not future.licence.is_known and "another version" in future.remark


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("TII Falcon LLM License Version 1.0\nMay 2023", "falcon-llm-1.0"),
        ("# Mistral AI Research License", "mrl"),
        ("Mistral AI Non-Production License", "mnpl"),
        ("Yi Series Models Community License Agreement\nVersion: 2.1", "yi"),
        ("The GLM-4-9B License", "glm-4"),
        ("Falcon 180B TII License Version 1.0\nSeptember 2023", "falcon-180b"),
        ("Jamba Open Model License Agreement", "jamba"),
        ("# TII Falcon License\n\nDecember 2024", "falcon-llm-2.0"),
        ("Falcon Mamba 7B TII License Version 1.0", "falcon-mamba-7b"),
        ("Qwen RESEARCH LICENSE AGREEMENT", "qwen-research"),
        ("TENCENT HUNYUAN COMMUNITY LICENSE AGREEMENT", "tencent-hunyuan-community"),
        ("The ChatGLM3-6B License", "chatglm3"),
        ("The GLM-130B License", "glm-130b"),
        ("MINIMAX MODEL LICENSE\n\nModel Release Date: 15 January 2025", "minimax-model"),
    ],
)
def test_a_title_tells_where_the_wording_is_not_known(title: str, key: str) -> None:
    body = " ".join(f"Clause {number} of it says what is new." for number in range(100))
    found = recognise(f"{title}\n\n{body}")
    assert (found.licence.key, found.how) == (key, "title")


OWN = (Path(__file__).parent.parent.parent / "LICENSE").read_text("utf-8")


@pytest.mark.parametrize(
    "more",
    [
        "Additional terms: commercial use requires a written agreement with the authors.",
        "The grant does not include the right to sell the software (Commons Clause).",
        "This licence is granted for non-commercial purposes.",
        "Products with over 100 million monthly active users ask us first.",
        "You may use the weights for research purposes only.",
        "Use is subject to our Acceptable Use Policy.",
        "You must not use its output to improve any other large language model.",
        "Organisations with an annual revenue above one million dollars pay.",
        "The user interface shall prominently display the name of the model.",
        "It is not for military purposes.",
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_an_open_licence_with_a_limit_is_another_licence(more: str, place: str) -> None:
    assert recognise(OWN).licence.key == "apache-2.0"
    padding = "What stands here is ours, and was added to it. " * 12
    text = f"{more} {padding}\n\n{OWN}" if place == "before" else f"{OWN}\n\n{more} {padding}"
    found = recognise(text)
    assert not found.licence.is_known and found.how == "unknown"
    assert "terms of its own" in found.remark and "Apache License 2.0" in found.remark


def test_an_open_licence_with_harmless_words_stays_what_it_is() -> None:
    more = "Copyright 2031 Somebody Else\n\nThis product uses parts of others; thank you all.\n"
    found = recognise(f"{more}\n{OWN}\n\nContact us for support, commercial or not.")
    assert (found.licence.key, found.how) == ("apache-2.0", "text")


@pytest.mark.parametrize("first", ["MIT License", "The MIT License (MIT)", "# MIT License"])
def test_a_title_does_not_hide_a_limit(first: str) -> None:
    body = " ".join(f"Clause {number} of it says what is new." for number in range(60))
    found = recognise(f"{first}\n\n{body}\nCommercial use requires our permission.")
    assert not found.licence.is_known and "Commercial use requires" in found.remark


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("This Apple Machine Learning Research Model is specifically developed and released by "
         "Apple Inc. for research.", "apple-amlr"),
        ("The grant is subject to your compliance with Cohere Labs acceptable use policy.", "c4ai"),
        ('You shall prominently display "Built with MiniMax M2.7" on a website.', "minimax-m2.7"),
    ],
)  # fmt: skip
def test_a_phrase_of_its_own_tells_a_text_without_title(words: str, key: str) -> None:
    body = " ".join(f"Clause {number} of it says what is new." for number in range(60))
    found = recognise(f"LICENCE\n{body}\n{words}\n{body}")
    assert (found.licence.key, found.how) == (key, "title")


def test_prose_is_no_licence() -> None:
    prose = Path(__file__).parent.parent.parent / "README.md"
    assert recognise(prose.read_text("utf-8")).how == "unknown"
    assert match_text("") is None and match_text("  \n!!") is None
    words = random.Random(1)
    noise = " ".join(str(words.randrange(10**6)) for _ in range(5000))
    assert not recognise(noise).licence.is_known


def test_a_name_is_read_as_a_name() -> None:
    assert recognise("llama2").how == "name"
    assert recognise("no such licence").how == "unknown"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 2**24 - 1), max_size=60), st.integers(0, 10**6))
def test_the_index_counts_what_a_look_at_every_hash_counts(some: list[int], seed: int) -> None:
    prints = _prints()
    dice = np.random.default_rng(seed)
    theirs = prints.of(int(dice.integers(len(prints.names))))
    own = np.unique(np.concatenate([np.array(some, dtype=np.uint32), theirs[:40]]))
    counted = np.add.reduceat(np.isin(prints.hashes, own), prints.starts)
    assert list(prints.counts(own)) == list(counted)


def test_shingles_do_not_see_case_breaks_and_rights_holders() -> None:
    one = shingles("Copyright (c) 2020 A\nThis licence grants every right to you.")
    assert list(one) == list(shingles("THIS  licence\ngrants every,  right to YOU"))


def test_apache_without_its_appendix_is_apache() -> None:
    whole = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")
    found = match_text(whole[: whole.index("APPENDIX")])
    assert found is not None and found.spdx == "Apache-2.0"


def test_a_heading_before_bsd_adds_no_clause_to_it() -> None:
    files = distribution("networkx").files or []
    text = next(one for one in files if one.name.startswith("LICENSE")).read_text()
    found = match_text(f"{text}\nOf the makers, their friends and all who have sent in a patch.\n")
    assert found is not None and found.spdx == "BSD-3-Clause"
