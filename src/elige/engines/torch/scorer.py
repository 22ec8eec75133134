"""Which way a model's scores are computed, and why: as a tree of tokens wherever that is right.

A model is read as a tree only when it says of itself that its attention can be plugged, and when
a small tree gave the same log-probabilities as plain passes on opening. Everything else is
scored the plain way, and says so.
"""

from collections.abc import Sequence
from typing import Any  # configurations of every architecture

import torch

from elige.engines.torch.kernels import kernel_name
from elige.engines.torch.network import Limits, Network
from elige.engines.torch.scoring import score_questions
from elige.engines.torch.tokenise import Encoded, Question
from elige.engines.torch.tree import TreeReader
from elige.engines.torch.weight import Weight
from elige.errors import EngineError

# Rotations that change with the length of what is read: a tree has no one length.
_ELASTIC_ROTATIONS = {"dynamic", "longrope"}
_TREE_LAYERS = {"full_attention", "sliding_attention"}
# How far a tree may be from plain passes, as a share of the summed log-probability.
_TOLERANCE = {torch.float32: 1e-4, torch.bfloat16: 0.05, torch.float16: 0.02}


class Scorer:
    """Scores questions on `network` with `threads` cores, by the best way that is right for it.

    `kernel` names the way; `notices` say why it is not the tree.
    """

    def __init__(self, network: Network, limits: Limits, threads: int) -> None:
        self._network = network
        self._tree: TreeReader | None = None
        why = why_no_tree(network)
        if not why:
            tree = TreeReader(network, threads)
            why = _disagreement(network, tree, limits)
            self._tree = None if why else tree
        usual = str(getattr(network.model.config, "_attn_implementation", "") or "")
        dtype = network.model.dtype
        shared = "shared contexts" if network.shareable else "whole texts"
        self.kernel = (
            f"token tree, {kernel_name(network.device, dtype)}"
            if self._tree
            else ", ".join(part for part in (shared, usual) if part)
        )
        self.notices: tuple[str, ...] = (f"Scored the plain way: {why}.",) if why else ()

    @property
    def tokens(self) -> int:
        """Tokens computed so far by the tree; 0 for the plain way."""
        return self._tree.tokens if self._tree else 0

    def score(self, questions: Sequence[Question], limits: Limits) -> list[list[Weight]]:
        """One weight for each tail of each question, in the order given."""
        if self._tree is not None:
            return self._tree.score(questions, limits)
        return score_questions(self._network, questions, limits)

    def close(self) -> None:
        """Give threads and memory back. Safe to call twice."""
        if self._tree is not None:
            self._tree.close()


def why_no_tree(network: Network) -> str:
    """What this model says of itself that stands against a tree; '' if nothing does."""
    config: Any = network.model.config.get_text_config(decoder=True)
    kinds = set(getattr(config, "layer_types", None) or ())
    rope = getattr(config, "rope_parameters", None) or {}
    nested = [one for one in rope.values() if isinstance(one, dict)] or [rope]
    rotations = {str(one.get("rope_type", "")) for one in nested}
    if not network.shareable:
        return "the model remembers more than keys and values"
    if not getattr(network.model, "_supports_attention_backend", False):
        return f"the attention of {config.model_type} cannot be replaced"
    if not network.positioned:
        return "the model cannot be told the positions of tokens"
    if kinds - _TREE_LAYERS:
        return f"it has layers of the kind {sorted(kinds - _TREE_LAYERS)[0]}"
    if rotations & _ELASTIC_ROTATIONS:
        return "its position encoding changes with the length of the text"
    return ""


def _disagreement(network: Network, tree: TreeReader, limits: Limits) -> str:
    """Why a small tree is not what plain passes are; '' when it is."""
    questions = _trial(int(network.model.config.get_text_config(decoder=True).vocab_size))
    plain = score_questions(network, questions, limits, whole=True)
    try:
        found = tree.score(questions, limits)
    except (EngineError, AttributeError, KeyError, NotImplementedError) as error:
        return f"its layers do not take a tree ({type(error).__name__})"
    asked = [tree.windows.get(layer) for layer in range(len(network.windows))]
    if asked != network.windows:
        return "its layers do not say which window they see"
    tolerance = _TOLERANCE.get(network.model.dtype, 0.05)
    for one, other in zip(plain, found, strict=True):
        for wanted, got in zip(one, other, strict=True):
            if abs(wanted.logprob - got.logprob) > tolerance * (1 + abs(wanted.logprob)):
                return "a small tree differed from plain passes"
    return ""


def _trial(vocabulary: int) -> list[Question]:
    """Questions that share, branch and stand on each other, of tokens from all over."""
    ids = [(7 * at * at + 11 * at + 3) % vocabulary for at in range(64)]
    stem = ids[:12]
    contexts = [(*stem, *ids[12:17]), (*stem, *ids[20:22]), (*stem,)]
    tails = ((ids[30],), (ids[30], *ids[40:44]), (ids[31], *ids[50:53]))
    return [Question(context=Encoded(ids=tuple(c), bos=0), tails=tails) for c in contexts]
