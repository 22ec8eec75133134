"""An exported model answers like the one it was made from, in transformers too."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra torch is not installed")

from engines.tiny import CONTEXT, SENTENCES, build

import elige
from elige.errors import BadInput


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return build("llama", tmp_path / "tiny")


def test_exported_model_gives_the_same_tokens_and_logits(tiny: Path, tmp_path: Path) -> None:
    import torch
    import transformers

    made = elige.export_model(str(tiny), tmp_path / "made")
    logits = []
    tokenizer = None
    for folder in (tiny, made):
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        model = transformers.AutoModelForCausalLM.from_pretrained(folder)
        ids = tokenizer(SENTENCES[4], return_tensors="pt")
        logits.append(model(**ids).logits.detach())
    assert torch.equal(*logits)
    assert tokenizer is not None
    assert tokenizer.chat_template
    assert tokenizer.model_max_length == CONTEXT
    assert tokenizer("a").input_ids[0] == tokenizer.bos_token_id


def test_weights_are_written_in_the_precision_asked_for(tiny: Path, tmp_path: Path) -> None:
    from safetensors import safe_open

    made = elige.export_model(str(tiny), tmp_path / "made", dtype="bf16")
    with safe_open(made / "model.safetensors", framework="pt") as weights:
        kinds = {weights.get_slice(name).get_dtype() for name in weights.keys()}  # noqa: SIM118
    assert kinds == {"BF16"}


def test_an_empty_folder_is_filled(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    assert (elige.export_model(str(tiny), tmp_path / "made") / "config.json").is_file()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_nothing_is_overwritten(kind: str, tiny: Path, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    kept = place / "mine.txt" if kind == "folder" else place
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine", "utf-8")
    with pytest.raises(BadInput, match="nothing is overwritten"):
        elige.export_model(str(tiny), place)
    assert kept.read_text("utf-8") == "mine"


def test_a_model_that_cannot_be_read_leaves_no_folder(tiny: Path, tmp_path: Path) -> None:
    (tiny / "tokenizer.json").write_text("{", "utf-8")
    with pytest.raises(elige.EligeError):
        elige.export_model(str(tiny), tmp_path / "made")
    assert not [path for path in tmp_path.iterdir() if "made" in path.name]


@pytest.mark.parametrize(
    ("model", "dtype", "complaint"),
    [("echo", "auto", "no weights here"), ("smollm2-135m-instruct", "int4", "'int4' cannot")],
    ids=["echo", "dtype"],
)
def test_what_cannot_be_exported_is_named(
    model: str, dtype: str, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=complaint):
        elige.export_model(model, tmp_path / "made", dtype=dtype)  # type: ignore[arg-type]
