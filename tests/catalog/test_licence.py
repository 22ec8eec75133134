"""Licences: which one a text names, and whether it allows commercial use."""

import csv
import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.catalog.licence import LicenceId, May, identify, may_commercial, table


def test_every_entry_has_a_source_and_dates_are_dates() -> None:
    for entry in table().values():
        assert entry.source.startswith("https://"), entry.id
        assert entry.checked is None or re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", entry.checked)
        assert entry.why and entry.name and entry.id == entry.id.lower()


def test_every_answer_but_unknown_names_its_clause() -> None:
    vague = {entry.id for entry in table().values() if not entry.clause}
    assert {entry.id for entry in table().values() if entry.commercial == "unknown"} <= vague
    assert vague <= {
        "cc", "falcon-llm", "falcon-mamba-7b", "h-research", "intel-research", "modified-mit",
    }  # fmt: skip


def test_no_two_entries_go_by_the_same_name() -> None:
    for entry in table().values():
        for name in (*entry.aliases, entry.name, entry.spdx, entry.id):
            if name:
                assert identify(name).key == entry.id, name


@pytest.mark.parametrize(
    ("text", "key", "spdx"),
    [
        ("apache-2.0", "apache-2.0", "Apache-2.0"),
        ("Apache 2.0", "apache-2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "apache-2.0", "Apache-2.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0", "apache-2.0", "Apache-2.0"),
        ("MIT License", "mit", "MIT"),
        ("bsd-3-clause", "bsd-3-clause", "BSD-3-Clause"),
        ("CC BY-NC 4.0", "cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("cc-by-nc", "cc-by-nc", ""),
        ("cc0-1.0", "cc0-1.0", "CC0-1.0"),
        ("llama2", "llama2", ""),
        ("Llama 3.1 Community License Agreement", "llama3.1", ""),
        ("llama3.3", "llama3.3", ""),
        ("llama3", "llama3", ""),
        ("Gemma Terms of Use", "gemma", ""),
        ("GPLv3", "gpl-3.0", "GPL-3.0"),
        ("agpl-3.0", "agpl-3.0", "AGPL-3.0"),
        ("openrail++", "openrail++", ""),
        ("bigscience-bloom-rail-1.0", "bigscience-bloom-rail-1.0", ""),
        ("mrl", "mrl", ""),
        ("openmdw-1.1", "openmdw-1.1", ""),
        ("nvidia-open-model-agreement", "nvidia-open-model-license", ""),
        ("lfm-open-license-v1.0", "lfm1.0", ""),
    ],
)
def test_identity(text: str, key: str, spdx: str) -> None:
    found = identify(text)
    assert (found.key, found.spdx, found.is_known) == (key, spdx, True)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("apache 2", "apache-2.0"),
        ("APACHE 2.0 License", "apache-2.0"),
        ("apache license v2", "apache-2.0"),
        ("The Apache Software License, Version 2.0", "apache-2.0"),
        ("Apache-2.0 WITH LLVM-exception", "apache-2.0"),
        ("The MIT License (MIT)", "mit"),
        ("MIT Licence", "mit"),
        ("Licensed under the MIT license", "mit"),
        ("MIT License (modified)", "modified-mit"),
        ("mit (modified)", "modified-mit"),
        ("Modified MIT License", "modified-mit"),
        ('BSD 3-Clause "New" or "Revised" License', "bsd-3-clause"),
        ("3-clause BSD", "bsd-3-clause"),
        ('BSD 2-Clause "Simplified" License', "bsd-2-clause"),
        ("GNU AGPLv3", "agpl-3.0"),
        ("GNU General Public License v3.0", "gpl-3.0"),
        ("Creative Commons Attribution 4.0 International License", "cc-by-4.0"),
        ("CC BY-NC-SA 4.0 International", "cc-by-nc-sa-4.0"),
        ("Creative Commons Attribution-ShareAlike 3.0 Unported", "cc-by-sa-3.0"),
        ("cc-by-nc-sa-4.0", "cc-by-nc-sa-4.0"),
        ("CC-BY-NC with Acceptable Use Addendum", "c4ai"),
        ("llama-2-community-license", "llama2"),
        ("META LLAMA 3 COMMUNITY LICENSE AGREEMENT", "llama3"),
        ("Llama 3.1 Community Licensed", "llama3.1"),
        ("gemma-terms-of-use", "gemma"),
        ("Mistral AI Research License (MRL)", "mrl"),
        ("Falcon-LLM License 2.0", "falcon-llm-2.0"),
        ("TII Falcon License", "falcon-llm-2.0"),
        ("falcon-mamba-7b-license", "falcon-mamba-7b"),
        ("ChatGLM3-6B License", "chatglm3"),
        ("MiniMax Model License", "minimax-model"),
        ("grok-2", "grok2-community"),
        ("license:apache-2.0", "apache-2.0"),
        ("MIT许可证", "mit"),
        ("Лицензия MIT", "mit"),
        ("Licença Apache 2.0", "apache-2.0"),
        ("llama3_1", "llama3.1"),
        ("https://www.llama.com/llama3_2/license/", "llama3.2"),
        ("Creative Commons Attribution Non Commercial", "cc-by-nc"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike", "cc-by-nc-sa"),
        ("GFDL-1.1-or-later", "gfdl"),
        ("https://spdx.org/licenses/MIT.html", "mit"),
        ("https://choosealicense.com/licenses/apache-2.0/", "apache-2.0"),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "apache-2.0"),
        ("https://opensource.org/license/apache-2-0", "apache-2.0"),
        ("https://www.gnu.org/licenses/agpl-3.0.en.html", "agpl-3.0"),
        ("https://www.gnu.org/licenses/old-licenses/gpl-2.0.txt", "gpl-2.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "cc-by-nc-sa-4.0"),
        ("http://creativecommons.org/licenses/by/3.0/legalcode", "cc-by-3.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.es", "cc-by-sa-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"),
    ],
)  # fmt: skip
def test_names_as_people_write_them(text: str, key: str) -> None:
    found = identify(text)
    assert (found.key, found.is_known) == (key, True)


@pytest.mark.parametrize(
    "text",
    [
        "llama", "commercial", "free", "open source", "Gemma 4", "Apache 2.0 + Commons Clause",
        "MIT + Commons Clause", "apache-2.0 with llm exception", "see LICENSE file", "BSL",
        "CC BY 4.0 (non-commercial)", "MIT (code only)", "NVIDIA License", "AI Pubs Open RAIL-M",
        "https://creativecommons.org/licenses/by/3.0/de/", "https://example.org/licenses/MIT",
        "https://huggingface.co/org/model/blob/main/LICENSE", "apache-2.0 (non-commercial)",
        "microsoft license", "qwen3", "solar-apache-2.0", "MIT 非商用", "MIT（仅限研究）",
        "Лицензия MIT некоммерческая", "mit — nur für Forschung", "MIT non-commercial",
        "license: other", "apache-2.0 for code, cc-by-nc-4.0 for weights", "not MIT", "MIT-like",
        "- mit\n- weights: cc-by-nc-4.0", "MIT OR (Apache-2.0 AND", "mit " * 2500, "(" * 10_000,
    ],
)  # fmt: skip
def test_unknown_is_better_than_wrong(text: str) -> None:
    assert not identify(text).is_known


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("apache-2.0", May.YES),
        ("mit", May.YES),
        ("cc-by-4.0", May.YES),
        ("cc-by-sa-4.0", May.CONDITIONS),
        ("gpl-3.0", May.CONDITIONS),
        ("llama2", May.CONDITIONS),
        ("gemma", May.CONDITIONS),
        ("deepseek", May.CONDITIONS),
        ("bigcode-openrail-m", May.CONDITIONS),
        ("qwen-research", May.NO),
        ("cc-by-nc-sa-4.0", May.NO),
        ("mnpl", May.NO),
        ("llama-license", May.NO),
        ("modified-mit", May.UNKNOWN),
        ("Apache-2.0 OR CC-BY-NC-4.0", May.YES),
        ("Apache-2.0 AND CC-BY-NC-4.0", May.NO),
        ("llama3.3,gemma", May.CONDITIONS),
        ("- mit\n- cc-by-nc-4.0", May.NO),
        ("MIT or Unlicense", May.YES),
        ("0BSD", May.CONDITIONS),
        ("SSPL-1.0", May.UNKNOWN),
        ("mit,cc", May.UNKNOWN),
    ],
)
def test_may_commercial(text: str, answer: May) -> None:
    found, why = may_commercial(identify(text))
    assert found is answer
    assert why


def test_the_reason_names_the_licence_and_the_clause() -> None:
    _, why = may_commercial(identify("llama2"))
    assert "Llama 2 Community License, sections 1(b) and 2" in why
    assert "700 million" in why


@pytest.mark.parametrize("text", [None, "", "other", "unknown", "None", "my-own-license-1.0"])
def test_unknown_is_neither_yes_nor_no(text: str | None) -> None:
    found = identify(text)
    assert (found.is_known, may_commercial(found)[0]) == (False, May.UNKNOWN)


@pytest.mark.parametrize(
    "text", ["apache-2.0-with-upstream-kimi-k3", "eva-llama3.3", "glm-9.9", "kimi-k9", "falcon-9"]
)
def test_a_licence_that_only_resembles_a_known_one_is_not_it(text: str) -> None:
    assert not identify(text).is_known


def test_a_text_that_was_not_read_is_said_to_be_unread() -> None:
    unread = {entry.id for entry in table().values() if entry.checked is None}
    assert unread and "falcon-llm-2.0" not in unread
    for key in unread:
        assert "not read" in may_commercial(identify(key))[1], key


def test_a_doubtful_name_is_told_but_decides_nothing() -> None:
    answer, why = may_commercial(identify("acme-noncommercial-1.0"))
    assert answer is May.UNKNOWN
    assert "suggests" in why


@given(st.text(max_size=80))
def test_any_text_has_an_identity_and_an_answer(text: str) -> None:
    found = identify(text)
    answer, why = may_commercial(found)
    assert isinstance(found, LicenceId) and found.key is not None
    assert answer in May and why


@given(st.sampled_from(sorted(table())), st.sampled_from(sorted(table())))
def test_both_licences_together_are_as_strict_as_the_stricter(one: str, other: str) -> None:
    order = [May.NO, May.UNKNOWN, May.CONDITIONS, May.YES]
    ranks = [order.index(may_commercial(identify(key))[0]) for key in (one, other)]
    both, _ = may_commercial(identify(f"{one} AND {other}"))
    either, _ = may_commercial(identify(f"{one} OR {other}"))
    assert (order.index(both), order.index(either)) == (min(ranks), max(ranks))


def test_every_licence_tag_of_real_models_gets_an_answer(shared_data: Path) -> None:
    path = shared_data / "catalog" / "llmfit" / "hf_models_16849.json.gz"
    tags = [row.get("license") for row in json.loads(gzip.decompress(path.read_bytes()))]
    known = [tag for tag in tags if tag and identify(tag).is_known]
    stated = [tag for tag in tags if identify(tag).key != "unknown"]
    assert len(known) > 0.9 * len(stated)
    assert all(may_commercial(identify(tag))[1] for tag in set(tags))


def test_most_licence_ids_of_the_hub_are_known(shared_data: Path) -> None:
    path = shared_data / "licences" / "hf" / "hf_license_ids.json"
    ids = [entry["id"] for entry in json.loads(path.read_text("utf-8"))]
    unknown = {name for name in ids if not identify(name).is_known}
    assert unknown <= {
        "unknown", "other", "apple-ascl", "c-uda", "deepfloyd-if-license", "epl-1.0", "etalab-2.0",
        "eupl-1.1", "gfdl", "grok2-community", "h-research", "intel-research", "lgpl-lr",
        "lppl-1.3c", "ofl-1.1",
    }  # fmt: skip


def test_suggested_names_of_untagged_models_are_identified(shared_data: Path) -> None:
    for name in ("model_license_other.csv", "model_no_license.csv"):
        with (shared_data / "licences" / "hf" / name).open(encoding="utf-8") as stream:
            names = {row["suggested_license_name"] for row in csv.DictReader(stream)} - {""}
        assert {identify(name).key for name in names} <= {"llama1", "llama2"} | {
            identify(name).key for name in names if not identify(name).is_known
        }
        assert {"llama1", "llama2"} <= {identify(name).key for name in names}
