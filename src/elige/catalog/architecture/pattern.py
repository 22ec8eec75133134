"""What each layer is: which look at everything, at a window, or keep a state."""

from elige.catalog.architecture.family import Family
from elige.catalog.architecture.keys import WINDOWS, Keys
from elige.catalog.architecture.parts import CROSS, Spot

FULL, WINDOW, LINEAR, FEED = "full_attention", "sliding_attention", "linear", "feed"
_LINEAR = ("linear", "mamba", "recurrent", "conv", "ssm", "lightning")
_NARROW = ("sliding", "chunked", "local", "swa")
_LETTERS = {"M": LINEAR, "*": FULL, "-": FEED, "E": FEED}
# nemotron_h's letters say which feed-forward part it is
DENSE_LETTERS, EXPERT_LETTERS = frozenset({"-", "mlp"}), frozenset({"E", "moe"})


def spots(keys: Keys, family: Family) -> list[Spot]:
    """Each layer's place, from the first to the last."""
    count = keys.layers() or len(keys.items("layers_block_type")) or len(_letters(keys))
    kinds = [_kind(one) for one in raw_kinds(keys, family, count)]
    for at in keys.items("cross_attention_layers"):
        if isinstance(at, int) and 0 <= at < len(kinds):
            kinds[at] = CROSS
    window = _window(keys, family)
    borrowing = count - keys.size("num_kv_shared_layers")
    sharing = keys.size("cla_share_factor", default=1) if keys.flag("use_cla") else 1
    return [
        Spot(
            number=at,
            kind=kind,
            window=window if _is_windowed(kind, keys) else 0,
            borrows=at >= borrowing or at % sharing > 0,
        )
        for at, kind in enumerate(kinds)
    ]


def raw_kinds(keys: Keys, family: Family, count: int) -> list[str]:
    """What the configuration calls each layer, in its own words where it lists them."""
    listed = [
        str(one)
        for one in keys.items("layer_types", "layers_block_type", "block_types", "_block_types")
    ]
    if not listed:
        listed = _letters(keys)
    if listed and len(listed) < count:
        listed = (listed * count)[:count]  # RecurrentGemma repeats a short list
    if listed:
        return listed[: count or len(listed)]
    return _indexed(keys, count) or _ruled(keys, family, count)


def _letters(keys: Keys) -> list[str]:
    return list(keys.text("hybrid_override_pattern"))


def _indexed(keys: Keys, count: int) -> list[str]:
    """Patterns that list which layers are what by number, or by a flag."""
    own = keys.within("linear_attn_config")
    if own.items("full_attn_layers") or own.items("kda_layers"):
        whole = set(own.items("full_attn_layers"))  # they count from one
        return [FULL if at + 1 in whole else LINEAR for at in range(count)]
    for name in ("full_attn_idxs", "attn_layer_indices", "hybrid_layer_ids"):
        if keys.items(name) or keys.values.get(name) == []:
            whole = set(keys.items(name))
            return [FULL if at in whole else LINEAR for at in range(count)]
    flags = keys.items("hybrid_layer_pattern")
    if flags:
        return [WINDOW if one else FULL for one in flags[:count]]
    flags = keys.items("attn_type_list")
    if flags:
        return [FULL if one else LINEAR for one in flags[:count]]
    return _repeated(keys, count)


def _repeated(keys: Keys, count: int) -> list[str]:
    """GPT-Neo's list of [kinds, how often]."""
    kinds = [
        str(kind)
        for group in keys.items("attention_types")
        if isinstance(group, list) and len(group) == 2 and isinstance(group[0], list)
        for _ in range(group[1] if isinstance(group[1], int) and group[1] <= count else 0)
        for kind in group[0]
    ]
    return kinds[:count]


def _ruled(keys: Keys, family: Family, count: int) -> list[str]:
    """Patterns given by a period."""
    period = keys.size("attn_layer_period")
    if period:
        offset = keys.size("attn_layer_offset")
        return [FULL if at % period == offset else LINEAR for at in range(count)]
    if family.linear and family.pattern != "both":
        usual = int(family.pattern) if family.pattern.isdigit() else 4
        period = keys.size("full_attention_interval", "layer_group_size", default=usual)
        period = 0 if family.pattern == "state" else period
        whole = count // period * period if period and family.pattern == "groups" else count
        return [
            FULL if period and ((at + 1) % period == 0 or at >= whole) else LINEAR
            for at in range(count)
        ]
    return _narrow(keys, family, count)


def _narrow(keys: Keys, family: Family, count: int) -> list[str]:
    """Which layers have a window, by the family's custom."""
    if not _window(keys, family):
        return [FULL] * count
    wave = keys.text("sliding_window_pattern")  # EXAONE writes LLLG
    if wave:
        return [WINDOW if wave[at % len(wave)] == "L" else FULL for at in range(count)]
    if keys.items("no_rope_layers"):
        flags = keys.items("no_rope_layers")
        return [WINDOW if at < len(flags) and flags[at] else FULL for at in range(count)]
    names = ("sliding_window_pattern", "_sliding_window_pattern", "global_attn_every_n_layers")
    period = keys.size(*names, "no_rope_layer_interval")
    period = period or (int(family.pattern) if family.pattern.isdigit() else 0)
    if period:
        last = count - 1 if family.attend == "gemma4" else count
        return [FULL if (at + 1) % period == 0 or at == last else WINDOW for at in range(count)]
    first = keys.size("max_window_layers") if family.pattern == "switch" else 0
    return [WINDOW if at >= first else FULL for at in range(count)]


def _window(keys: Keys, family: Family) -> int:
    if family.pattern == "none":
        return 0
    if not keys.flag("use_sliding_window", family.pattern != "switch"):
        return 0
    for name in WINDOWS:
        value = keys.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return keys.size(name)
    return 0


def _kind(raw: str) -> str:
    if raw in _LETTERS:
        return _LETTERS[raw]
    name = raw.lower()
    if name in EXPERT_LETTERS | DENSE_LETTERS:
        return FEED
    if any(part in name for part in _NARROW):
        return WINDOW
    return LINEAR if any(part in name for part in _LINEAR) else FULL


def _is_windowed(kind: str, keys: Keys) -> bool:
    return kind == WINDOW or (kind == FULL and keys.has("attention_window_size"))
