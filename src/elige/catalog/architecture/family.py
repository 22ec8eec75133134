"""How the architectures of one family differ from the plain decoder; a row of the table."""

from dataclasses import dataclass

from elige.catalog.architecture.keys import Keys

# True, False, or the configuration's key that decides, with '=1' where it is on by default; older
# names follow after '|'.
Flag = bool | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One row. The plain decoder is Llama's: gated feed-forward, RMS norms, no biases.

    `norm` is how many vectors a norm holds: 1 for RMS, 2 with a bias, 0 without weights. `norms`
    counts those of a layer. `qk_norm` is '' for none, 'head' for one of a head's size on queries
    and on keys, 'wide' for all heads', 'heads' for one to each head. `attend`, `linear`, `feed`
    and `outside` name the functions that count what is peculiar. `tied` is the default.
    `mlp_bias` is for all products of a feed-forward part, `down_bias` for its last one alone.
    `pattern` names how layers alternate. `out_gate` is '' for none, 'wide' for a gate on each value
    of the output, 'head' for one on each head. `groups` is false where heads never share keys,
    `expert_inner` is the key of an expert's width where that is not the usual one.
    """

    gated: bool = True
    qkv_bias: Flag = False
    out_bias: Flag = False
    mlp_bias: Flag = False
    down_bias: Flag = False
    norm: int = 1
    norms: int = 2
    final_norms: int = 1
    qk_norm: str = ""
    qk_norm_if: Flag = True
    tied: bool = False
    head_bias: Flag = False
    attend: str = "plain"
    linear: str = ""
    feed: str = "auto"
    pattern: str = "auto"
    extra: str = ""
    learned_positions: int = -1
    groups: bool = True
    expert_inner: str = ""
    shared_gate: bool = False
    expert_bias: bool = False
    router_bias: Flag = False
    out_gate: str = ""
    sinks: bool = False


def on(keys: Keys, flag: Flag) -> bool:
    """Whether `flag` holds for this configuration."""
    if isinstance(flag, bool):
        return flag
    names, _, default = flag.partition("=")
    name = next((one for one in names.split("|") if keys.has(one)), names)
    return keys.flag(name, default == "1")
