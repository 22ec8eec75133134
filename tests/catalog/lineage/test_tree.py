"""Family trees: up to the roots, down to the children, within bounds."""

from lineages import catalogue, model

from elige.catalog.lineage import Bounds, Kin, ancestors, descendants
from elige.records import FactKind

FAMILY = catalogue(
    model("org/root"),
    model("org/chat", ("finetune", "org/root"), downloads=10),
    model("org/code", ("finetune", "org/root"), downloads=500),
    model("org/both", ("merge", "org/chat"), ("merge", "org/code"), ("merge", "org/gone")),
    model("x/both-GGUF", ("quantized", "ORG/Both")),
    model("x/chat-lora", ("adapter", "org/chat")),
    model("loop/a", ("finetune", "loop/b")),
    model("loop/b", ("finetune", "loop/a")),
    model("loop/self", ("finetune", "Loop/SELF")),
)


def names(kin: Kin) -> list[object]:
    return [kin.model, *(names(one) for one in kin.kin)]


def test_up_to_every_root() -> None:
    up = ancestors("x/both-gguf", FAMILY)
    assert names(up) == [
        "x/both-GGUF",
        ["org/both", ["org/chat", ["org/root"]], ["org/code", ["org/root"]], ["org/gone"]],
    ]
    again = [one for one in up.walk() if one.is_again]
    assert [one.model for one in again] == ["org/root"] and not again[0].is_loop


def test_a_missing_parent_is_named_and_has_no_card() -> None:
    gone = next(one for one in ancestors("org/both", FAMILY).walk() if one.model == "org/gone")
    assert gone.card is None and gone.kin == ()


def test_down_to_every_child_the_most_downloaded_first() -> None:
    down = descendants("org/root", FAMILY)
    assert names(down) == [
        "org/root",
        ["org/code", ["org/both", ["x/both-GGUF"]]],
        ["org/chat", ["x/chat-lora"], ["org/both"]],
    ]


def test_a_loop_ends_and_says_so() -> None:
    up = ancestors("loop/a", FAMILY)
    assert names(up) == ["loop/a", ["loop/b", ["loop/a"]]]
    assert up.kin[0].kin[0].is_loop
    assert names(descendants("loop/a", FAMILY)) == ["loop/a", ["loop/b", ["loop/a"]]]


def test_nobody_is_its_own_parent_or_child() -> None:
    assert names(ancestors("loop/self", FAMILY)) == ["loop/self"]
    assert names(descendants("loop/self", FAMILY)) == ["loop/self"]


def test_bounds_count_what_they_cut() -> None:
    many = catalogue(
        model("org/root"), *(model(f"x/{n:04}", ("finetune", "org/root")) for n in range(1_500))
    )
    down = descendants("org/root", many, Bounds(width=5))
    assert (len(down.kin), down.cut) == (5, 1_495)
    all_but = descendants("org/root", many, Bounds(width=2_000, models=100))
    assert len(all_but.kin) + all_but.cut == 1_500 and len(all_but.kin) == 99
    level = descendants("org/root", FAMILY, Bounds(depth=1))
    assert [(one.model, one.cut) for one in level.kin] == [("org/code", 1), ("org/chat", 2)]


def test_a_long_chain_is_climbed_to_its_bound() -> None:
    chain = catalogue(*(model(f"x/v{n}", ("finetune", f"x/v{n + 1}")) for n in range(300)))
    up = ancestors("x/v0", chain, Bounds(depth=50))
    assert len(list(up.walk())) == 51
    assert [one.cut for one in up.walk()][-1] == 1


def test_a_model_that_nobody_knows_has_a_tree_of_one() -> None:
    assert names(ancestors("nobody/knows", FAMILY)) == ["nobody/knows"]
    assert names(descendants("", FAMILY)) == [""]


def test_a_guess_is_marked() -> None:
    family = catalogue(model("org/Big-7B"), model("org/Big-7B-GGUF"))
    (parent,) = ancestors("org/Big-7B-GGUF", family).kin
    assert parent.is_guess and parent.relation is not None
    assert parent.relation.how is FactKind.ESTIMATED
    assert ancestors("org/Big-7B-GGUF", family, guess=False).kin == ()
