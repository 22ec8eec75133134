"""Parents that nobody declared, from names and configurations."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from lineages import (
    FALCON7,
    FALCON40,
    LLAMA2,
    MISTRAL,
    Shape,
    catalogue,
    hub_tree,
    model,
)

from elige.catalog.lineage import ancestors, parents_of, told_parents
from elige.catalog.lineage.names import bare, same_words, stem
from elige.records import FactKind, Relation, RelationKind

ROOTS = (
    model("meta-llama/Llama-2-7b-hf", shape=LLAMA2),
    model("meta-llama/Llama-2-7b-chat-hf", shape=LLAMA2),
    model("mistralai/Mistral-7B-v0.1", shape=MISTRAL),
    model("mistralai/Mistral-7B-Instruct-v0.1", shape=MISTRAL),
    model("mistralai/Mistral-7B-v0.3", shape=("mistral", 32, 4096, 32, 32_768)),
    model("mistralai/Mixtral-8x7B-v0.1", shape=("mixtral", 32, 4096, 32, 32_000)),
    model("mistralai/Mixtral-8x7B-Instruct-v0.1"),
    model("tiiuae/falcon-7b", shape=FALCON7),
    model("tiiuae/falcon-40b", shape=FALCON40),
    model("Qwen/Qwen-7B", shape=("qwen", 32, 4096, 32, 151_936)),
    model("google/gemma-3-1b-pt"),
)


@pytest.mark.parametrize(
    ("name", "shape", "kind", "parent"),
    [
        ("elyza/ELYZA-japanese-Llama-2-7b", LLAMA2, "finetune", "meta-llama/Llama-2-7b-chat-hf"),
        (
            "elyza/ELYZA-japanese-Llama-2-7b-fast",
            ("llama", 32, 4096, 32, 45_043),
            "vocabulary-extended",
            "meta-llama/Llama-2-7b-chat-hf",
        ),
        (
            "TencentARC/LLaMA-Pro-8B",
            ("llama", 40, 4096, 32, 32_000),
            "block-expanded",
            "meta-llama/Llama-2-7b-hf",
        ),
        ("BioMistral/BioMistral-7B", MISTRAL, "finetune", "mistralai/Mistral-7B-Instruct-v0.1"),
        ("nvidia/OpenMath-Mistral-7B-v0.1-hf", MISTRAL, "finetune", "mistralai/Mistral-7B-v0.1"),
        ("OpenAssistant/falcon-40b-sft-mix-1226", FALCON40, "finetune", "tiiuae/falcon-40b"),
        ("OpenAssistant/falcon-40b-sft-top1-560", None, "finetune", "tiiuae/falcon-40b"),
        ("nomic-ai/gpt4all-falcon", FALCON7, "finetune", "tiiuae/falcon-7b"),
    ],
)
def test_the_famous_ones(name: str, shape: Shape | None, kind: str, parent: str) -> None:
    (found,) = parents_of(name, catalogue(*ROOTS, model(name, shape=shape)))
    assert (str(found.kind), found.parent) == (kind, parent)


@pytest.mark.parametrize(
    ("name", "shape", "kind", "parent"),
    [
        pytest.param("x/Japanese-Llama-2-7b", ("llama", 32, 4096, 32, 45_043),
                     "vocabulary-extended", "meta-llama/Llama-2-7b-hf", id="more tokens"),
        pytest.param("x/Llama-2-7b-wide-chat", ("llama", 32, 4096, 32, 32_016), "finetune",
                     "meta-llama/Llama-2-7b-hf", id="a few tokens for a template"),
        pytest.param("x/Llama-2-7b-pro", ("llama", 40, 4096, 32, 32_000), "block-expanded",
                     "meta-llama/Llama-2-7b-hf", id="more layers"),
        pytest.param("TheBloke/Mixtral-8x7B-Instruct-v0.1-GPTQ", None, "quantized",
                     "mistralai/Mixtral-8x7B-Instruct-v0.1", id="GPTQ"),
        pytest.param("x/Mistral-7B-v0.1-4.65bpw-h6-exl2", None, "quantized",
                     "mistralai/Mistral-7B-v0.1", id="two endings"),
        pytest.param("bartowski/tiiuae_falcon-7b-GGUF", None, "quantized", "tiiuae/falcon-7b",
                     id="the author within the name"),
        pytest.param("NousResearch/Nous-Hermes-2-Mixtral-8x7B-DPO", None, "finetune",
                     "mistralai/Mixtral-8x7B-v0.1", id="a family without its version"),
        pytest.param("x/Docs-mistral-7b", ("mistral", 32, 4096, 32, 32_768), "finetune",
                     "mistralai/Mistral-7B-v0.3", id="the version that has its vocabulary"),
        pytest.param("unsloth/Llama-2-7b", None, "derived", "meta-llama/Llama-2-7b-hf",
                     id="passed on"),
        pytest.param("TheBloke/dolphin-2.7-mixtral-8x7b-AWQ", None, "derived",
                     "mistralai/Mixtral-8x7B-v0.1", id="a copy of what is not at hand"),
        pytest.param("google/gemma-3-1b-it", None, "finetune", "google/gemma-3-1b-pt", id="it"),
        pytest.param("x/Mistral-7B-v0.1-slerp", MISTRAL, "merge", "mistralai/Mistral-7B-v0.1",
                     id="a merge"),
    ],
)  # fmt: skip
def test_a_name_and_a_shape_tell_the_parent(
    name: str, shape: Shape | None, kind: str, parent: str
) -> None:
    (found,) = parents_of(name, catalogue(*ROOTS, model(name, shape=shape)))
    assert (str(found.kind), found.parent, found.how) == (kind, parent, FactKind.ESTIMATED)
    assert found.why


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        pytest.param("mistralai/Mistral-7B-v0.1", MISTRAL, id="a root"),
        pytest.param("mistralai/Mistral-7B-v0.3", MISTRAL, id="a later version"),
        pytest.param("x/DeepSeek-R1-Distill-Qwen-7B", ("qwen2", 28, 3584, 28, 152_064),
                     id="another architecture"),
        pytest.param("x/Llama-2-7b-tiny", ("llama", 16, 4096, 32, 32_000), id="fewer layers"),
        pytest.param("x/Llama-2-7b-narrow", ("llama", 32, 2048, 32, 32_000), id="another width"),
        pytest.param("x/Llama-2-7b-to-Mistral-13b", None, id="two sizes"),
        pytest.param("x/Llama-2_1-7b-chat", None, id="another version"),
        pytest.param("tiiuae/falcon-7b-hf", FALCON7, id="the publisher's copy"),
        pytest.param("x/my-own-model", LLAMA2, id="only the shape of another"),
        pytest.param("", None, id="no name"),
    ],
)  # fmt: skip
def test_rather_no_parent_than_a_wrong_one(name: str, shape: Shape | None) -> None:
    assert parents_of(name, catalogue(*ROOTS, model(name, shape=shape))) == ()


def test_guesses_can_be_left_out() -> None:
    assert parents_of("x/falcon-7b-4bit", catalogue(*ROOTS), guess=False) == ()


def test_what_is_declared_wins_and_its_kind_becomes_exact() -> None:
    names = catalogue(
        *ROOTS,
        model(
            "x/a", ("finetune", "meta-llama/Llama-2-7b-hf"), shape=("llama", 32, 4096, 32, 45_043)
        ),
        model("x/b-GGUF", ("derived", "x/b")),
        model("x/c", ("finetune", "x/b"), tags=("mergekit",)),
        model("x/d", ("derived", "x/b"), library="peft"),
        model("x/e", ("derived", "x/b"), ("adapter", "X/B")),
        model("x/f", ("finetune", "x/F"), ("finetune", " ")),
        model("x/g", ("finetune", "x/b"), ("merge", "X/B")),
        model("x/h-GGUF", ("finetune", "x/b"), ("finetune", "x/c")),
    )
    kinds = {
        name: [str(one.kind) for one in parents_of(f"x/{name}", names)]
        for name in ("a", "b-GGUF", "c", "d", "e", "f", "g", "h-GGUF")
    }
    assert kinds == {
        "a": ["vocabulary-extended"],
        "b-GGUF": ["quantized"],
        "c": ["merge"],
        "d": ["adapter"],
        "e": ["adapter"],
        "f": [],
        "g": ["merge"],
        "h-GGUF": ["finetune", "finetune"],
    }
    (first,) = parents_of("x/a", names)
    assert first.how is FactKind.DECLARED and "45,043 tokens" in first.why


def test_a_copy_in_fewer_bits_may_state_another_size_and_a_model_may_not() -> None:
    names = catalogue(
        model("x/base-7b", parameters=7 * 10**9),
        model("y/base-7b-GGUF", parameters=10**9),
        model("y/my-base-7b", parameters=10**9),
    )
    assert [str(one.kind) for one in parents_of("y/base-7b-GGUF", names)] == ["quantized"]
    assert parents_of("y/my-base-7b", names) == ()


def test_what_a_source_guesses_is_no_declaration() -> None:
    guess = Relation(kind=RelationKind.FINETUNE, parent="x/b", how=FactKind.ESTIMATED)
    assert told_parents("x/a", [guess]) == ()
    assert told_parents("x/a", [guess], guess=True) == (guess,)


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("Qwen3-8B-Q4_K_M-GGUF", "Qwen3-8B"),
        ("Llama-3-8B-i1-GGUF", "Llama-3-8B"),
        ("gemma-2b-it-unsloth-bnb-4bit", "gemma-2b-it"),
        ("X-FP8-dynamic", "X"),
        ("X.w4a16", "X"),
        ("X-mlx-8Bit", "X"),
        ("GGUF", "GGUF"),
        ("Phi-4-mini-instruct", "Phi-4-mini-instruct"),
    ],
)
def test_the_endings_of_copies_are_no_part_of_the_name(name: str, rest: str) -> None:
    assert stem(name).text == rest


def test_on_a_real_tree_no_guess_leaves_the_family(shared_data: Path) -> None:
    entries, declared = hub_tree(shared_data, hide=True)
    hidden, told = catalogue(*entries), catalogue(*hub_tree(shared_data, hide=False)[0])
    exact = in_line = guessed = 0
    for name, relations in declared.items():
        for one in parents_of(name, hidden) if relations else ():
            guessed += 1
            line = {kin.model for kin in ancestors(name, told).walk()}
            of_guess = {kin.model for kin in ancestors(one.parent, told).walk()}
            exact += one.parent in {relation.parent for relation in relations}
            in_line += bool(line & of_guess)
    assert in_line == guessed
    assert exact >= 12 and guessed >= 18


def rows(shared_data: Path) -> list[Mapping[str, object]]:
    path = shared_data / "catalog" / "llmfit" / "hf_models_16849.json.gz"
    found: list[Mapping[str, object]] = json.loads(gzip.decompress(path.read_bytes()))
    return found


def guesses(names: Sequence[str]) -> dict[str, Relation]:
    known = catalogue(*(model(name) for name in names))
    found = {name: parents_of(name, known) for name in names}
    return {name: one[0] for name, one in found.items() if one}


def test_a_gguf_file_of_a_model_is_guessed_to_come_from_it(shared_data: Path) -> None:
    """llmfit lists for 2,294 models who offers GGUF files of them."""
    pairs = {
        source["repo"]: str(row["name"])
        for row in rows(shared_data)
        for source in row.get("gguf_sources") or ()  # type: ignore[attr-defined]
    }
    found = guesses([*{*pairs.values()}, *pairs])
    told = {name: one for name, one in found.items() if name in pairs}
    # Where the publisher's own is at hand, the guess takes it, and llmfit at times a copy of it.
    right = sum(same_words(bare(one.parent), bare(pairs[name])) for name, one in told.items())
    assert right >= 0.97 * len(told)
    assert right >= 0.85 * len(pairs)
