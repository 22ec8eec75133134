"""What the parts of a model weigh that look at pictures."""

from collections.abc import Callable

from elige.catalog.architecture.defaults import filled, part_kind
from elige.catalog.architecture.keys import HIDDEN, INNER, LAYERS, Keys
from elige.catalog.architecture.parts import linear

_DEPTH = (*LAYERS, "depth", "vt_num_hidden_layers")
_WIDTH = ("embed_dim", "vt_hidden_size", *HIDDEN)
_WIDE = ("vt_intermediate_size", *INNER)


def vision_weights(config: Keys, hidden: int) -> int | None:
    """Weights of the vision part and of what joins it to a text stream of `hidden`.

    0 without such a part, None for one whose weights cannot be told from the configuration.
    """
    whole = config.text("model_type")
    given = config.within("vision_config")
    if not isinstance(config.values.get("vision_config"), dict):
        # Fuyu has no tower: a patch of pixels becomes a token by one product.
        return patches(_fuyu(config, hidden), bias=True) if whole == "fuyu" else 0
    kind = given.text("model_type") or part_kind(whole, "vision_config")
    tower = Keys({**filled(given.values, kind), "model_type": kind}, config.name)
    count = next((TOWERS[one] for one in (kind, whole) if one in TOWERS), None)
    config = Keys(filled(config.values, whole), config.name)
    return None if count is None else count(config, tower, hidden) or None


def encoder(tower: Keys, *, bias: bool = True, norm: int = 2, gated: bool = False) -> int:
    """Layers of a plain vision transformer, 0 where a size is missing."""
    depth, width = tower.size(*_DEPTH), tower.size(*_WIDTH)
    wide = tower.size(*_WIDE) or tower.size("mlp_ratio") * width
    if not (depth and width and wide):
        return 0
    up = linear(width, wide, bias) * (2 if gated else 1)
    layer = 4 * linear(width, width, bias) + up + linear(wide, width, bias) + 2 * norm * width
    return depth * layer


def patches(tower: Keys, *, bias: bool) -> int:
    """The product that turns a patch of pixels into a token."""
    width, side = tower.size(*_WIDTH), _side(tower, "patch_size")
    colours = tower.size("num_channels", "in_channels", "in_chans", default=3)
    frames = tower.size("temporal_patch_size", default=1)
    return linear(colours * frames * side * side, width, bias)


def places(tower: Keys) -> int:
    """How many patches a picture has."""
    side = _side(tower, "patch_size")
    return (_side(tower, "image_size") // side) ** 2 if side else 0


def siglip(config: Keys, tower: Keys, hidden: int) -> int:
    """SigLIP, in Gemma 3, PaliGemma and the SmolVLM family."""
    width, layers = tower.size(*_WIDTH), encoder(tower)
    made = layers + patches(tower, bias=True) + places(tower) * width + 2 * width
    if tower.text("model_type") == "siglip_vision_model" and tower.flag("vision_use_head", True):
        wide = tower.size(*_WIDE)
        made += width + 4 * linear(width, width, True) + 2 * width
        made += linear(width, wide, True) + linear(wide, width, True)
    return _whole(made, joined(config, tower, hidden, width)) if layers else 0


def clip(config: Keys, tower: Keys, hidden: int) -> int:
    """CLIP, in the LLaVA family."""
    width, layers = tower.size(*_WIDTH), encoder(tower)
    made = layers + patches(tower, bias=False) + (places(tower) + 2) * width + 4 * width
    return _whole(made, joined(config, tower, hidden, width)) if layers else 0


def pixtral(config: Keys, tower: Keys, hidden: int) -> int:
    """Pixtral: gated, RMS norms, no biases."""
    width, layers = tower.size(*_WIDTH), encoder(tower, bias=False, norm=1, gated=True)
    made = layers + patches(tower, bias=False) + width
    return _whole(made, joined(config, tower, hidden, width)) if layers else 0


def _whole(made: int, join: int) -> int:
    return made + join if join else 0


def joined(config: Keys, tower: Keys, hidden: int, width: int) -> int:
    """What joins the two parts, by the whole model's kind; 0 for kinds that are not known."""
    kind = config.text("model_type")
    two = linear(width, hidden, True) + linear(hidden, hidden, True)
    merge = config.size("spatial_merge_size", default=2) ** 2
    scale = config.size("scale_factor", default=2) ** 2
    bias = config.flag("multimodal_projector_bias")
    pixtral_join = width + merge * width * width
    pixtral_join += linear(width, hidden, bias) + linear(hidden, hidden, bias)
    return {
        "gemma3": width * hidden + width,
        "shieldgemma2": width * hidden + width,
        "paligemma": linear(width, config.size("projection_dim", default=hidden), True),
        "idefics3": scale * width * hidden,
        "smolvlm": scale * width * hidden,
        "mistral3": pixtral_join,
        "llava": two,
        "llava_next": two + hidden,
        "llava_next_video": two + hidden,
        "llava_onevision": two + hidden,
    }.get(kind, 0)


def qwen(config: Keys, tower: Keys, hidden: int) -> int:
    """The towers of Qwen2-VL, Qwen2.5-VL, Qwen3-VL and Qwen3.5."""
    kind = tower.text("model_type") or config.text("model_type")
    width = tower.size(*_WIDTH)
    lean = kind.startswith("qwen2_5")
    norm = 1 if lean else 2
    layers = encoder(tower, norm=norm, gated=lean)
    merged = tower.size("spatial_merge_size", default=2) ** 2 * width
    out = tower.size("out_hidden_size") or (tower.size("hidden_size") if not lean else hidden)
    merger = linear(merged, merged, True) + linear(merged, out, True)
    made = layers + patches(tower, bias=kind.startswith("qwen3")) + merger + norm * width
    made += tower.size("num_position_embeddings") * width
    made += len(tower.items("deepstack_visual_indexes")) * (merger + 2 * merged)
    if config.text("model_type") == "hyperclovax_vision_v2":  # one product more joins it
        made += linear(out, hidden, True)
    return made if layers else 0


def kimi(config: Keys, tower: Keys, hidden: int) -> int:
    """MoonViT, in Kimi K2.5."""
    width, layers = tower.size(*_WIDTH), encoder(tower)
    side = tower.size("init_pos_emb_height", "pos_emb_height")
    side *= tower.size("init_pos_emb_width", "pos_emb_width")
    merged = 4 * width
    made = layers + patches(tower, bias=True) + side * width + 4 * width
    return made + linear(merged, merged, True) + linear(merged, hidden, True) if layers else 0


def gemma4(config: Keys, tower: Keys, hidden: int) -> int:
    """Gemma 4's tower: four norms a layer, normed queries and keys, gated."""
    width, depth = tower.size(*_WIDTH), tower.size(*_DEPTH)
    layers = encoder(tower, bias=False, norm=2, gated=True)
    made = layers + depth * 2 * tower.size("head_dim") + patches(tower, bias=False)
    made += 2 * tower.size("position_embedding_size") * width + width * hidden
    return made if layers else 0


def llama4(config: Keys, tower: Keys, hidden: int) -> int:
    """Llama 4's tower and its adapter."""
    width, layers, wide = tower.size(*_WIDTH), encoder(tower), tower.size(*_WIDE)
    out, narrow = tower.size("vision_output_dim"), tower.size("projector_output_dim")
    made = layers + patches(tower, bias=False) + (places(tower) + 2) * width + 4 * width
    made += wide * tower.size("projector_input_dim") + narrow * narrow + out * hidden
    return made if layers else 0


def mllama(config: Keys, tower: Keys, hidden: int) -> int:
    """Llama 3.2's tower: local layers, global layers with gates, tables for tiles."""
    width, local = tower.size(*_WIDTH), tower.size("num_hidden_layers")
    layers, tiles = encoder(tower), tower.size("max_num_tiles", default=4)
    if not (layers and local):
        return 0
    one = layers // local - 4 * width  # its attention has no biases
    whole = tower.size("num_global_layers", default=8)
    shapes = len(tower.items("supported_aspect_ratios")) + 1
    places_ = places(tower) + 1
    made = (local + whole) * one + 2 * whole + patches(tower, bias=False) + width + 4 * width
    made += places_ * width + shapes * tiles * places_ * width + 2 * shapes * tiles * width + 3
    return made + linear(tower.size("vision_output_dim"), hidden, True)


def internvl(config: Keys, tower: Keys, hidden: int) -> int:
    """InternViT: a scale on each part of a layer."""
    width, depth = tower.size(*_WIDTH), tower.size(*_DEPTH)
    layers, merged = encoder(tower), 4 * tower.size(*_WIDTH)
    made = layers + 2 * depth * width + patches(tower, bias=True) + (places(tower) + 2) * width
    made += 2 * merged + linear(merged, hidden, True) + linear(hidden, hidden, True)
    made -= 0 if tower.flag("attention_bias", True) else 3 * depth * width
    made += 2 * depth * width if tower.flag("use_qk_norm") else 0
    made -= 2 * depth * width if tower.text("norm_type") == "rms_norm" else 0
    return made if layers else 0


def _fuyu(config: Keys, hidden: int) -> Keys:
    values = filled(config.values, "fuyu")
    return Keys({**values, "hidden_size": hidden, "embed_dim": hidden}, config.name)


def _side(tower: Keys, name: str) -> int:
    sides = tower.items(name)
    return Keys({name: sides[0]}, tower.name).size(name) if sides else tower.size(name)


TOWERS: dict[str, Callable[[Keys, Keys, int], int]] = {
    "clip_vision_model": clip,
    "gemma4_vision": gemma4,
    "idefics3_vision": siglip,
    "internvl_vision": internvl,
    "kimi_k25": kimi,
    "kimi_k3": kimi,
    "llama4_vision_model": llama4,
    "mllama_vision_model": mllama,
    "pixtral": pixtral,
    "qwen2_vl": qwen,
    "qwen2_vl_vision": qwen,
    "qwen2_5_vl": qwen,
    "qwen2_5_vl_vision": qwen,
    "qwen3_vl": qwen,
    "qwen3_vl_moe": qwen,
    "qwen3_vl_vision": qwen,
    "qwen3_vl_moe_vision": qwen,
    "qwen3_5": qwen,
    "qwen3_5_moe": qwen,
    "qwen3_5_vision": qwen,
    "qwen3_5_moe_vision": qwen,
    "siglip_vision_model": siglip,
    "smolvlm_vision": siglip,
}
