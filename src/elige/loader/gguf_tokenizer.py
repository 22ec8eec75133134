"""The tokenizer inside a GGUF file, split the way llama.cpp splits it.

Only the converting child imports this.
"""

from pathlib import Path
from typing import Any  # tokenizers carry no types

# What llama.cpp's names for ways to split text mean; src/llama-vocab.cpp, `regex_exprs`.
_GPT2 = frozenset(
    {"gpt-2", "phi-2", "jina-es", "jina-de", "gigachat", "jina-v2-es", "jina-v2-de", "a.x-4.0"}
    | {"mellum", "modern-bert", "jina-v1-en", "jina-v2-code", "roberta-bpe", "mpt", "olmo"}
    | {"jais", "trillion", "granite-docling", "gpt-neox", "phi", "exaone4"}
)
_DIGITS = frozenset(
    {"starcoder", "refact", "command-r", "codeshell", "smollm", "exaone", "minerva-7b"}
)
_FALCON = frozenset({"falcon"})


def read_tokenizer(path: Path, metadata: dict[str, Any]) -> tuple[Any, str]:
    """The tokenizer of the GGUF at `path`, and a notice ('' when all is known)."""
    from transformers import AutoTokenizer
    from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_PRE_TOKENIZER_SPLITS

    model = str(metadata.get("tokenizer.ggml.model", ""))
    pre = str(metadata.get("tokenizer.ggml.pre", ""))
    tokenizer = AutoTokenizer.from_pretrained(str(path.parent), gguf_file=path.name)
    if model == "llama" and tokenizer.backend_tokenizer.pre_tokenizer is not None:
        _keep_leading_space(tokenizer, metadata.get("tokenizer.ggml.add_space_prefix", True))
    if model != "gpt2" or pre in GGUF_PRE_TOKENIZER_SPLITS or pre in _GPT2:
        return tokenizer, ""
    split = _splitter(pre)
    if split is None:
        return tokenizer, (
            f"The way this GGUF splits text ({pre or 'unnamed'}) is not known here; "
            "GPT-2's is used, which can differ for digits, blanks and punctuation."
        )
    tokenizer.backend_tokenizer.pre_tokenizer = split
    return tokenizer, ""


def _keep_leading_space(tokenizer: Any, wanted: bool) -> None:  # noqa: ANN401 - as above
    """Put the blank that SentencePiece asks for before every text, also before one that has one.

    `Metaspace` would put none before a text that starts with a blank, SentencePiece does.
    """
    from tokenizers import normalizers, pre_tokenizers

    backend = tokenizer.backend_tokenizer
    if not isinstance(backend.pre_tokenizer, pre_tokenizers.Metaspace):
        return
    prefix = [normalizers.Prepend("\u2581")] if wanted else []
    backend.normalizer = normalizers.Sequence([*prefix, normalizers.Replace(" ", "\u2581")])
    backend.pre_tokenizer = None


def _splitter(pre: str) -> Any:  # noqa: ANN401 - tokenizers carry no types
    from tokenizers import Regex, pre_tokenizers

    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    if pre in _DIGITS:
        digits = pre_tokenizers.Digits(individual_digits=True)
        return pre_tokenizers.Sequence([digits, byte_level])
    if pre in _FALCON:
        return pre_tokenizers.Sequence(
            [
                pre_tokenizers.Punctuation(behavior="contiguous"),
                byte_level,
                pre_tokenizers.Digits(individual_digits=False),
                pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), behavior="isolated"),
            ]
        )
    return None
