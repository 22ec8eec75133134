"""The tree of tokens, its packs, and its parity with plain passes on every family."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
import torch
from engines.tiny import CONTEXT, TINY, spec
from hypothesis import given
from hypothesis import strategies as st

from elige.engines.torch import TorchEngine
from elige.engines.torch.kernels import Part, Rule, attend
from elige.engines.torch.lanes import Done, Lanes
from elige.engines.torch.planning import Bounds, Load, families, packs, unique_tokens
from elige.engines.torch.scoring import score_questions
from elige.engines.torch.tokenise import Encoded, Question
from elige.engines.torch.trie import common, tree_of

Folder = Callable[[str], Path]
SEQUENCES = st.lists(
    st.lists(st.integers(0, 2), min_size=1, max_size=9).map(tuple), min_size=1, max_size=8
)
PLAIN = {"falcon-7b", "falcon-40b", "falcon-rw", "stablelm", "bloom", "gpt-j", "mamba"}


@given(SEQUENCES)
def test_a_path_spells_its_sequence(sequences: list[tuple[int, ...]]) -> None:
    tree = tree_of(sequences)
    assert [tuple(tree.ids[at] for at in path) for path in tree.paths] == sequences


@given(SEQUENCES)
def test_every_shared_token_stands_once(sequences: list[tuple[int, ...]]) -> None:
    beginnings = {one[:size] for one in sequences for size in range(1, len(one) + 1)}
    assert len(tree_of(sequences).ids) == len(beginnings)


@given(SEQUENCES)
def test_a_token_sees_its_own_path_and_nothing_else(sequences: list[tuple[int, ...]]) -> None:
    tree = tree_of(sequences)
    seen: list[set[int]] = [set() for _ in tree.ids]
    for node in tree.nodes:
        for at in range(node.start, node.stop):
            seen[at].update(range(node.start, at + 1))
    for span in tree.below():
        for at in range(span.start, span.stop):
            seen[at].update(range(span.first, span.last))
    for path in tree.paths:
        assert [seen[at] for at in path] == [set(path[: n + 1]) for n in range(len(path))]


@given(SEQUENCES, SEQUENCES)
def test_common_counts_equal_beginnings(
    first: list[tuple[int, ...]], second: list[tuple[int, ...]]
) -> None:
    one, two = first[0], second[0]
    same = [a == b for a, b in zip(one, two, strict=False)]
    assert common(one, two) == (same.index(False) if False in same else len(same))


@given(SEQUENCES, st.integers(1, 60), st.integers(1, 20), st.integers(0, 80))
def test_packs_hold_every_question_once(
    contexts: list[tuple[int, ...]], tokens: int, rows: int, shared: int
) -> None:
    loads = [
        Load(index=at, context=(9,) * shared + one, tokens=at, rows=at + 1)
        for at, one in enumerate(contexts)
    ]
    found = packs(loads, Bounds(tokens=tokens, rows=rows))
    assert sorted(at for pack in found for at in pack.questions) == list(range(len(loads)))
    for pack in found:
        for at in pack.questions:
            rest = loads[at].context[len(pack.before) :]
            assert loads[at].context == pack.before + rest
            assert rest


def test_a_pack_of_several_questions_keeps_its_bounds() -> None:
    dice = Random(1)
    loads = [
        Load(index=at, context=(7,) * 90 + tuple(dice.choices(range(5), k=20)), tokens=4, rows=4)
        for at in range(40)
    ]
    for pack in packs(loads, Bounds(tokens=100, rows=30)):
        chosen = [loads[at] for at in pack.questions]
        size = unique_tokens(chosen) - len(pack.before)
        assert len(chosen) == 1 or (size <= 100 and sum(one.rows for one in chosen) <= 30)
        assert len(pack.before) >= 90


@pytest.mark.parametrize("softcap", [None, 3.0], ids=["flash", "softcap"])
def test_merged_parts_equal_attention_over_all(softcap: float | None) -> None:
    torch.manual_seed(1)
    query, (key, value) = torch.randn(1, 4, 6, 8), torch.randn(2, 1, 2, 9, 8)
    rule = Rule(scale=0.3, softcap=softcap)
    whole = attend(query, key, value, rule)
    part = attend(query, key[:, :, :4], value[:, :, :4], rule)
    part = Part(part.out.clone(), part.lse.clone())
    part.merge(0, 6, attend(query, key[:, :, 4:], value[:, :, 4:], rule))
    assert torch.allclose(part.out, whole.out, atol=1e-5)
    assert torch.allclose(part.lse, whole.lse, atol=1e-5)


def test_packs_are_alike_and_as_many_for_each_lane() -> None:
    loads = [Load(index=at, context=(7,) * 90 + (at,) * 19, tokens=1, rows=1) for at in range(33)]
    found = packs(loads, Bounds(tokens=128, rows=1000, lanes=2))
    sizes = [len(pack.questions) for pack in found]
    assert len(found) % 2 == 0
    assert max(sizes) - min(sizes) <= 1


def test_beginnings_that_share_much_are_read_in_turn_and_others_side_by_side() -> None:
    stem = tuple(range(40))
    beginnings = [stem + (1,) * 50, stem + (1,) * 60, stem + (2,) * 9]
    assert families(beginnings) == (stem, [[0, 1], [2]])
    assert families([(1, 2), (3,)]) == ((), [[0], [1]])
    assert families([]) == ((), [])


def test_many_keys_in_half_precision_are_attended_to_as_by_the_flash_kernel() -> None:
    torch.manual_seed(1)
    query = torch.randn(1, 4, 70, 16).to(torch.bfloat16)
    key, value = torch.randn(2, 1, 2, 9000, 16).to(torch.bfloat16)
    rule = Rule(scale=0.25)
    wanted = attend(query.float(), key.float(), value.float(), rule)
    found = attend(query, key, value, rule)
    assert torch.allclose(found.out.float(), wanted.out, atol=5e-3)
    assert torch.allclose(found.lse, wanted.lse, atol=2e-2)


def test_jobs_and_those_they_make_possible_are_all_done() -> None:
    lanes = Lanes(3)

    def job(size: int) -> Done[int]:
        return Done(1, [lambda: job(size - 1)] * 2 if size else [])

    assert sum(lanes.flow([lambda: job(3), lambda: job(2)])) == 15 + 7
    lanes.close()


def test_a_job_that_breaks_ends_the_others_and_is_told() -> None:
    lanes = Lanes(2)

    def broken() -> Done[int]:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        lanes.flow([broken, *(lambda: Done(1) for _ in range(5))])
    lanes.close()


def test_a_query_that_sees_nothing_weighs_nothing() -> None:
    mask = torch.tensor([[True, False], [False, False]])
    query, key, value = torch.randn(3, 1, 2, 2, 8)
    part = attend(query, key, value, Rule(scale=1.0), mask=mask)
    assert part.lse[0, :, 1].tolist() == [-torch.inf] * 2
    assert torch.isfinite(part.lse[0, :, 0]).all()


@pytest.mark.parametrize("name", list(TINY))
def test_random_trees_equal_plain_passes(tiny_folder: Folder, name: str) -> None:
    engine = TorchEngine(spec(tiny_folder(name)))
    network, limits = engine._network, engine._limits
    assert network is not None
    assert engine.describe().kernel.startswith("token tree") is (name not in PLAIN)
    assert bool(engine.describe().notices) is (name in PLAIN)
    for seed in range(3):
        questions = random_questions(Random(seed), vocabulary=300)
        found = engine._scorer.score(questions, limits)
        plain = score_questions(network, questions, limits, whole=True)
        assert logprobs(found) == [pytest.approx(row, abs=1e-3) for row in logprobs(plain)]


def random_questions(dice: Random, *, vocabulary: int) -> list[Question]:
    """Long shared prefixes, contexts on each other, one-token tails, tails on each other."""

    def some(least: int, most: int) -> tuple[int, ...]:
        return tuple(dice.randrange(1, vocabulary) for _ in range(dice.randint(least, most)))

    stems = [(), some(1, 5), some(40, 60)]
    contexts = [dice.choice(stems) + some(1, 25) for _ in range(7)]
    contexts += [contexts[0][:-1] or some(1, 1), contexts[1] + some(1, 3), some(90, 100)]
    questions = []
    for context in contexts:
        tail = some(4, 12)
        tails = (tail, tail[:1], tail[:3], tail[:3] + some(1, 4), some(1, 1))
        questions.append(Question(context=Encoded(ids=context, bos=0), tails=tails))
    return questions


def logprobs(weights: Sequence[Sequence[object]]) -> list[list[float]]:
    return [[float(one.logprob) for one in row] for row in weights]  # type: ignore[attr-defined]


def test_small_passes_change_nothing(tiny_folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TorchEngine(spec(tiny_folder("gemma-3")))
    questions = random_questions(Random(5), vocabulary=300)
    wanted = logprobs(engine._scorer.score(questions, engine._limits))
    monkeypatch.setattr(engine._scorer._tree, "_pass", 11)
    found = logprobs(engine._scorer.score(questions, engine._limits))
    assert found == [pytest.approx(row, abs=1e-3) for row in wanted]


def test_a_beginning_is_kept_for_the_next_call(tiny_folder: Folder) -> None:
    engine = TorchEngine(spec(tiny_folder("llama")))
    shared = tuple(range(10, 10 + CONTEXT - 40))
    asked = [
        Question(
            context=Encoded(ids=(*shared, 100 + at, *range(at, at + 12)), bos=0), tails=((5,),)
        )
        for at in range(20)
    ]
    engine._scorer.score(asked[:10], engine._limits)
    first = engine._scorer.tokens
    engine._scorer.score(asked[10:], engine._limits)
    assert engine._scorer.tokens - first == 10 * 13


@pytest.mark.parametrize("family", ["llama", "gemma-3"])
def test_groups_read_side_by_side_give_what_plain_passes_give(
    tiny_folder: Folder, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    engine = TorchEngine(spec(tiny_folder(family)))
    dice = Random(3)

    def some(size: int) -> tuple[int, ...]:
        return tuple(dice.choices(range(3, 90), k=size))

    stem = some(34)
    kin = [stem + some(33), stem + some(40), some(35)]
    kin.append(kin[0] + some(33))
    questions = [
        Question(context=Encoded(ids=one + some(3), bos=0), tails=(some(2), some(4)))
        for one in kin
        for _ in range(6)
    ]
    monkeypatch.setattr(engine._scorer._tree, "_pass", 40)
    monkeypatch.setattr(engine._scorer._tree, "_lanes", Lanes(2))
    network = engine._network
    assert network is not None
    wanted = logprobs(score_questions(network, questions, engine._limits, whole=True))
    before = engine._scorer.tokens
    for _ in range(2):  # afresh, and on what the first call has kept
        found = logprobs(engine._scorer.score(questions, engine._limits))
        assert found == [pytest.approx(row, abs=1e-3) for row in wanted]
    each = 6 * (3 + 1 + 3)
    assert engine._scorer.tokens - before <= 2 * 4 * each + 34 + 33 + 40 + 35 + 33
    engine.close()
