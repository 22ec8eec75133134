"""What models are for, by their names, tags, languages and parents."""

import gzip
import json
from pathlib import Path

import pytest

from elige.catalog.search.domains import domain_texts, domains_in, known_domains, language_code
from elige.records import Column, Relation, RelationKind


@pytest.mark.parametrize(
    ("name", "domains"),
    [
        pytest.param("BioMistral/BioMistral-7B", ("medicine",), id="BioMistral"),
        pytest.param("google/medgemma-4b-it", ("medicine",), id="MedGemma"),
        pytest.param("epfl-llm/meditron-7b", ("medicine",), id="Meditron"),
        pytest.param("Equall/Saul-7B-Instruct-v1", ("law",), id="Saul"),
        pytest.param("nlpaueb/legal-bert-base-uncased", ("law",), id="legal BERT"),
        pytest.param("nvidia/OpenMath-Mistral-7B-v0.1-hf", ("mathematics",), id="OpenMath"),
        pytest.param("WizardLMTeam/WizardMath-7B-V1.1", ("mathematics",), id="WizardMath"),
        pytest.param("deepseek-ai/deepseek-math-7b-base", ("mathematics",), id="DeepSeekMath"),
        pytest.param("Qwen/Qwen2.5-Coder-7B", ("code",), id="Qwen Coder"),
        pytest.param("codellama/CodeLlama-7b-Python-hf", ("code",), id="CodeLlama"),
        pytest.param("bigcode/starcoder2-3b", ("code",), id="StarCoder"),
        pytest.param("ProsusAI/finbert", ("finance",), id="FinBERT"),
        pytest.param("FinGPT/fingpt-mt_llama2-7b_lora", ("finance",), id="FinGPT"),
        pytest.param("elyza/ELYZA-japanese-Llama-2-7b", ("japanese",), id="ELYZA"),
        pytest.param("LeoLM/leo-hessianai-13b-german", ("german",), id="a German one"),
        pytest.param("projecte-aina/Spanish-legal-7b", ("spanish", "law"), id="two domains"),
        pytest.param("mistralai/Mistral-Medium-3", (), id="Medium is no medicine"),
        pytest.param("google/bert2bert_encoder-decoder", (), id="an encoder is no code"),
        pytest.param("facebook/encodec_24khz", (), id="a codec is no code"),
        pytest.param("x/merged-model_stock-8b", (), id="a model stock is no share"),
        pytest.param("lawrence/llama-7b", (), id="Lawrence is no law"),
        pytest.param("x/aftermath-7b", (), id="aftermath is no mathematics"),
        pytest.param("meta-llama/Llama-2-7b-hf", (), id="a general one"),
    ],
)
def test_domains_of_a_name(name: str, domains: tuple[str, ...]) -> None:
    assert domains_in(domain_texts(name, {}, ()), ()) == domains


def test_tags_data_sets_and_parents_tell_too() -> None:
    values = {Column.TAGS: ("legal",), Column.DATASETS: ("openai/gsm8k",)}
    parents = [Relation(kind=RelationKind.FINETUNE, parent="BioMistral/BioMistral-7B")]
    found = domains_in(domain_texts("x/y", values, parents), ())
    assert set(found) == {"medicine", "law", "mathematics"}


@pytest.mark.parametrize(
    ("languages", "domains"),
    [
        pytest.param(("ja",), ("japanese",), id="one language"),
        pytest.param(("en", "ja"), ("japanese",), id="one besides English"),
        pytest.param(("ja", "ko"), (), id="two"),
        pytest.param(("en",), (), id="English"),
        pytest.param(("pt-BR",), ("portuguese",), id="with a region"),
        pytest.param(("en", "code"), ("code",), id="code as a language"),
        pytest.param(("xx",), (), id="no language"),
        pytest.param(("fr", "multilingual"), ("french",), id="a word that says nothing"),
    ],
)
def test_one_language_besides_english_is_a_domain(
    languages: tuple[str, ...], domains: tuple[str, ...]
) -> None:
    assert domains_in([], languages) == domains


def test_languages_go_by_name_and_code() -> None:
    assert [language_code(text) for text in ("Spanish", "es", " English", "xx")] == [
        *("es", "es", "en", "xx")
    ]
    assert {"medicine", "law", "mathematics", "code", "finance", "spanish"} <= set(known_domains())


# A name among the real ones, by domain, that has to be there, and one that must not.
REAL = [
    pytest.param(
        "medicine", "BioMistral/BioMistral-7B", "mistralai/Mistral-7B-v0.1", id="medicine"
    ),
    pytest.param("law", "Equall/Saul-7B-Instruct-v1", "openai-community/gpt2", id="law"),
    pytest.param("mathematics", "deepseek-ai/DeepSeek-Math-V2", "Qwen/Qwen3-8B", id="mathematics"),
    pytest.param("code", "Qwen/Qwen2.5-Coder-7B-Instruct", "Qwen/Qwen2.5-7B", id="code"),
    pytest.param("finance", "AdaptLLM/finance-chat", "AdaptLLM/law-chat", id="finance"),
    pytest.param("japanese", "llm-jp/llm-jp-3-150m", "openai-community/gpt2", id="japanese"),
]


@pytest.mark.parametrize(("domain", "inside", "outside"), REAL)
def test_domains_of_real_models(shared_data: Path, domain: str, inside: str, outside: str) -> None:
    with gzip.open(shared_data / "catalog" / "llmfit" / "hf_models_16849.json.gz") as stream:
        records = json.load(stream)
    found = {
        record["name"]
        for record in records
        if domain in domains_in([record["name"].rpartition("/")[2]], record.get("languages") or ())
    }
    assert inside in found and outside not in found
    assert 20 < len(found) < 1000
