"""Restate what transformers takes where a configuration leaves a size out.

python scripts/make_defaults.py

Kept are the plain fields (numbers, flags, short texts) of the language models and of the parts
they look with, and of those only the ones whose name the reader knows.
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any  # transformers carries no types

PACKAGE = Path(__file__).parent.parent / "src" / "elige" / "catalog" / "architecture"
TARGET = PACKAGE / "defaults.json"
# They say how a model is trained or run, not what it is built of.
NOT_SIZES = {"model_type", "architectures", "dtype", "use_cache", "type", "output_size"}
PARTS = ("text_config", "llm_config", "language_config", "thinker_config", "vision_config")


def main() -> None:
    """Write defaults.json into the package, one kind of model a line."""
    import transformers

    known = names_read()
    rows = {
        kind: row
        for kind, config in transformers.models.auto.configuration_auto.CONFIG_MAPPING.items()
        if (row := row_of(config, known))
    }
    lines = [f"{json.dumps(kind)}: {json.dumps(rows[kind])}" for kind in sorted(rows)]
    head = json.dumps({"origin": f"transformers {transformers.__version__}"})[1:-1]
    TARGET.write_text("{\n" + ",\n".join([head, *lines]) + "\n}\n", "utf-8")


def names_read() -> set[str]:
    """Every word in quotation marks in the reader's own source."""
    return {
        node.value
        for path in sorted(PACKAGE.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } | flags_read()


def flags_read() -> set[str]:
    """The keys that rows of the table name as 'key=1'."""
    from elige.catalog.architecture.table import FAMILIES

    values = [getattr(row, name) for row in FAMILIES.values() for name in row.__slots__]
    return {one.lstrip("!").partition("=")[0] for one in values if isinstance(one, str)}


def row_of(config: Any, known: set[str]) -> dict[str, Any]:  # noqa: ANN401 - a class of theirs
    """The defaults of one class, empty where it is neither a language model nor sees."""
    own = dict(plain_fields(config, known))
    may_lack = [one.name for one in fields(config) if one.name in own and "None" in str(one.type)]
    own |= {"_may_lack": may_lack} if may_lack else {}
    parts = dict(parts_of(config))
    if parts:
        return {**own, **parts}
    words = {"vocab_size", "padded_vocab_size", "embedding_size"}
    sees = any(part in config.model_type for part in ("vision", "pixtral", "_vit"))
    return own if own.keys() & words or (sees and own.keys() & {"hidden_size", "embed_dim"}) else {}


def plain_fields(config: Any, known: set[str]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """The fields with a default that is plain, under the names that files have."""
    for field in fields(config):
        value = field.default
        if field.default is MISSING or field.name in NOT_SIZES or field.name not in known:
            continue
        plain = isinstance(value, (bool, int, float, str)) and value != ""
        if plain and (field.name, value) != ("is_encoder_decoder", False):
            yield field.name, value


def parts_of(config: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a class of theirs
    """Which kind of model each part is when it does not say."""
    for name, part in config.sub_configs_defaults.items():
        kind = getattr(part, "model_type", "")
        if not kind:
            kind = getattr(getattr(part, "config_class", None), "model_type", "")
        if name in PARTS and kind:
            yield name, {"model_type": kind}


if __name__ == "__main__":
    main()
