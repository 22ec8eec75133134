"""Hold what elige reads off configurations against what transformers builds from them.

python scripts/survey_architectures.py [KIND ...] [--only-bad]

Every kind of language model that transformers knows is tried with its defaults and with sizes
changed, each written in full and as its files are, without what goes without saying.
"""

import argparse
import copy
import json
import logging
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from time import perf_counter
from typing import Any  # transformers carries no types

from elige.catalog.architecture import Architecture, read_architecture
from elige.catalog.architecture.defaults import defaults_of
from elige.errors import BadInput
from elige.loader.blueprint import built

FLAGS = (
    *("attention_bias", "mlp_bias", "use_bias", "qkv_bias", "bias", "use_qkv_bias", "use_qk_norm"),
    *("add_qkv_bias", "attention_out_bias", "qk_layernorm", "use_qk_layernorm", "enable_bias"),
    *("use_parallel_residual", "parallel_attn", "multi_query", "new_decoder_architecture"),
    *("use_sliding_window", "norm_topk_prob", "lm_head_bias", "use_conv_bias", "use_mem_rope"),
)
EXPERTS = ("num_local_experts", "n_routed_experts", "num_experts", "moe_num_experts")
INNER = ("intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size", "moe_intermediate_size")
LISTS = ("layer_types", "mlp_layer_types", "layers_block_type", "no_rope_layers", "_block_types")
PARTS = ("text_config", "llm_config", "language_config")


def main() -> None:
    """Print what differs, and how many kinds agree."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--only-bad", action="store_true")
    parser.add_argument("--write", help="add what transformers counts to this file, a line each")
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    ends: Counter[str] = Counter()
    for kind in asked.kinds or kinds():
        start = perf_counter()
        try:
            found = list(differences(kind, asked.write))
        except Exception as error:  # a survey goes on
            found = [f"default cannot be built: {' '.join(str(error).split())[:150]}"]
        state = state_of(found)
        ends[state] += 1
        if found or not asked.only_bad:
            print(f"{state:9} {kind} ({perf_counter() - start:.1f} s)", flush=True)  # noqa: T201
            for line in found:
                print(f"    {line}", flush=True)  # noqa: T201
    print(dict(ends), file=sys.stderr)  # noqa: T201


def state_of(found: list[str]) -> str:
    """One word for what was found."""
    told = [one for one in found if "skipped" not in one]
    if not told:
        return "agrees"
    if any("cannot be built" in one for one in told):
        return "unbuilt"
    if all("parameters None" in one for one in told):
        return "unknown"
    if all("not counted" in one or "parameters None" in one for one in told):
        return "partial"
    close = all("parameters" in one and abs(off(one)) < CLOSE for one in told)
    return "close" if close else "DIFFERS"


def off(line: str) -> float:
    """By how much of a percent the weights are off, in such a line."""
    return float(next((part[:-1] for part in line.split() if part.endswith("%")), "100"))


def kinds() -> list[str]:
    """Every kind that writes text after text, sorted."""
    from transformers.models.auto import modeling_auto as auto

    tables = (
        auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES,
        auto.MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES,
        auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
    )
    return sorted({kind for table in tables for kind in table})


def differences(kind: str, target: str | None) -> Iterator[str]:
    """What differs, in words."""
    import transformers

    config_class = transformers.CONFIG_MAPPING[kind]
    plain = config_class()
    for name, changed in variants(plain.to_dict()):
        try:
            config = config_class.from_dict(copy.deepcopy(changed))
            real = built(config.to_dict())
        except Exception as error:  # a combination that this kind does not allow
            if name == "default":
                raise
            yield f"{name}: skipped ({type(error).__name__} {str(error)[:70]!r})"
            continue
        short = {"model_type": kind, **bare(config.to_dict(), plain.to_dict())}
        if target:
            kept = sum(one["token"] for one in real["layers"]) if real["layers"] else None
            row = [short, real["parameters"], kept]
            with open(target, "a", encoding="utf-8") as file:  # noqa: PTH123 - a line at a time
                file.write(json.dumps(row) + "\n")
        forms = {"full": config.to_dict(), "diff": config.to_diff_dict(), "bare": short}
        for form, written in forms.items():
            yield from compared(f"{name}/{form}", {**written, "architectures": None}, real, config)


CLOSE = 0.1
NO_SIZES = ("transformers_version", "return_dict", "chunk_size_feed_forward", "_name_or_path")
SIZES = (
    *("num_hidden_layers", "n_layer", "n_layers", "num_layers", "hidden_size", "n_embd"),
    *("d_model", "model_type"),
)


def bare(written: dict[str, Any], plain: dict[str, Any]) -> dict[str, Any]:
    """All but what goes without saying."""
    found = {}
    usual = defaults_of(str(plain.get("model_type")))
    silent = usual.keys() - {*SIZES, *usual.get("_may_lack", ())}
    for key, value in written.items():
        if isinstance(value, dict) and isinstance(plain.get(key), dict) and key.endswith("_config"):
            found[key] = bare(value, plain[key])
        elif value != plain.get(key) or (key not in silent and value is not None):
            found[key] = value
    return {key: value for key, value in found.items() if key not in NO_SIZES}


def variants(plain: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The default and changes of it."""
    yield "default", plain
    for name, change in (("grouped", grouped), ("flags", flipped), ("sizes", resized)):
        changed = copy.deepcopy(plain)
        parts = [changed, *(changed[one] for one in PARTS if isinstance(changed.get(one), dict))]
        if any([change(part) for part in parts]):
            yield name, changed


def grouped(part: dict[str, Any]) -> bool:
    """Half as many heads of keys, a head of its own, another vocabulary."""
    done = False
    heads = part.get("num_attention_heads")
    for name in ("num_key_value_heads", "num_kv_heads"):
        if name in part and isinstance(heads, int):
            part[name] = heads // 2 if part[name] != heads // 2 else heads
            done = True
    if isinstance(part.get("vocab_size"), int):
        part["vocab_size"] += 128
        done = True
    if part.get("tie_word_embeddings"):  # some kinds never tie, whatever their file says
        part["tie_word_embeddings"] = False
    return done


def flipped(part: dict[str, Any]) -> bool:
    """Every flag the other way round."""
    done = False
    for name in FLAGS:
        if isinstance(part.get(name), bool):
            part[name] = not part[name]
            done = True
    return done


def resized(part: dict[str, Any]) -> bool:
    """Half the layers, another inner width, half the experts."""
    done = False
    for name in ("num_hidden_layers", "n_layer", "n_layers", "num_layers"):
        if isinstance(part.get(name), int) and part[name] > 3:
            part[name] //= 2
            done = True
    for name in LISTS:
        if part.get(name) is not None:
            part.pop(name, None)
    for name in (*EXPERTS, *INNER):
        if isinstance(part.get(name), int) and part[name] > 7:
            part[name] = part[name] // 2
            done = True
    return done


def compared(
    name: str,
    written: dict[str, Any],
    real: dict[str, Any],
    config: Any,  # noqa: ANN401 - a class of theirs
) -> Iterator[str]:
    """What of one configuration is read otherwise than it is."""
    try:
        found = read_architecture(written)
    except BadInput as error:
        yield f"{name}: refused: {error}"
        return
    notes = " ".join(found.notes)[:160]
    if found.parameters != real["parameters"]:
        off = (found.parameters or 0) / real["parameters"] - 1
        about = notes if found.parameters is None or found.partial else ""
        yield f"{name}: parameters {found.parameters} not {real['parameters']} {off:+.3%} {about}"
    if found.parameters is None and not found.cache_known:
        return
    yield from cached(name, found, real, config)
    text = config.get_text_config(decoder=True)
    for label, seen, wanted in (
        ("vocabulary", found.vocabulary, getattr(text, "vocab_size", None)),
        ("context", found.context, getattr(text, "max_position_embeddings", None)),
        ("layers", len(found.layers), getattr(text, "num_hidden_layers", None)),
        ("tied", found.tied, real["tied"]),
    ):
        if wanted is not None and seen != wanted:
            yield f"{name}: {label} {seen} not {wanted}"
    experts = next((getattr(text, one, None) for one in EXPERTS if getattr(text, one, 0)), None)
    if experts and real["expert_parameters"] and found.parameters is not None:
        used = getattr(text, "num_experts_per_tok", None) or found.experts_active or 0
        idle = real["expert_parameters"] * (experts - used) / experts
        active = real["parameters"] - idle
        if found.experts != experts or abs((found.active_parameters or 0) / active - 1) > 0.003:
            yield f"{name}: active {found.active_parameters} not {active:.0f} of {experts}/{used}"


def cached(
    name: str,
    found: Architecture,
    real: dict[str, Any],
    config: Any,  # noqa: ANN401 - a class of theirs
) -> Iterator[str]:
    """Where the cache differs; MLA's is kept unfolded in transformers, so its size is a formula."""
    if not real["layers"]:
        yield f"{name}: cache skipped, elige reads {found.kv_values_per_token}"
        return
    text = config.get_text_config(decoder=True)
    rank = getattr(text, "kv_lora_rank", None)
    wanted = {sum(layer["token"] for layer in real["layers"])}
    if rank:  # some kinds still keep it unfolded
        looking = sum(layer["token"] > 0 for layer in real["layers"])
        wanted.add(looking * (rank + text.qk_rope_head_dim))
    if found.kv_values_per_token not in wanted:
        yield f"{name}: cache {found.kv_values_per_token} not {wanted}"
    seen = [one for one in found.windows if one]
    kept = [layer["window"] for layer in real["layers"] if layer["window"]]
    if seen != kept and found.cache_known:
        yield f"{name}: windows {len(seen)}x{set(seen)} not {len(kept)}x{set(kept)}"


if __name__ == "__main__":
    main()
