"""What candidates may be used for: their own licence, and that of what they were made from."""

from pathlib import Path

import pytest
from catalog.search.cards import child_of, entry, more
from catalog.shelf.toy import TODAY, Toy

from elige.catalog.licence_card import may_of
from elige.catalog.shelf import Shelf
from elige.catalog.shelf.state import SyncOptions
from elige.config import Settings
from elige.loader.candidate import parse_candidate
from elige.records import Fact, FactKind, Place
from elige.workbench import ChooseOptions, Workbench
from elige.workbench.permissions import card_of_ref, permissions, permitted
from elige.workbench.proposing import propose_candidates

ENDPOINT = "http://127.0.0.1:9/v1#"
CARDS = [
    entry("lab/research", task="text-generation", licence="cc-by-nc-4.0", weights="open"),
    more(
        entry("lab/tune", task="text-generation", licence="apache-2.0", weights="open"),
        relations=child_of("lab/research"),
    ),
    entry("lab/free", task="text-generation", licence="apache-2.0", weights="open"),
    entry("lab/silent", task="text-generation", weights="open"),
]
SERVED = [f"{ENDPOINT}{one.model}" for one in CARDS]


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A small catalogue whose models all stand behind an endpoint; no hub."""
    environment = {"ELIGE_ENDPOINTS": " ".join(SERVED)}
    settings = Settings(home=tmp_path / "elige", offline=True, environment=environment)
    toy = Toy(CARDS)
    with Shelf.open(settings.catalogue, {"toy": toy}, today=TODAY) as shelf:
        shelf.sync(toy, Place(), SyncOptions(today=TODAY))
    return Workbench(settings)


@pytest.mark.parametrize(
    ("model", "answer", "words"),
    [
        pytest.param("lab/tune", "no", "made from lab/research", id="a research-only parent"),
        pytest.param("lab/free", "yes", "Apache License 2.0", id="free"),
        pytest.param("lab/silent", "unknown", "no licence is stated", id="states none"),
        pytest.param("nobody/knows", "unknown", "no licence is declared", id="never heard of"),
    ],
)
def test_a_served_model_has_the_terms_of_its_lineage(
    bench: Workbench, model: str, answer: str, words: str
) -> None:
    with bench:
        found, why = permissions(bench, parse_candidate(f"{ENDPOINT}{model}"))["commercial"]
    assert found == answer and words in why


def test_a_model_that_nobody_knows_declares_for_itself(bench: Workbench) -> None:
    declared = Fact(value="mit", kind=FactKind.DECLARED, source="metadata of x.gguf")
    with bench:
        found = permitted(bench.catalogue, "local:x", None, declared)
        echo = permissions(bench, parse_candidate("echo"))
    assert (
        found.may["host"][0] == "yes" and "declared in metadata of x.gguf" in found.may["host"][1]
    )
    assert echo["commercial"][0] == "unknown"


def test_what_its_files_declare_frees_no_model_of_its_lineage(bench: Workbench) -> None:
    declared = Fact(value="mit", kind=FactKind.DECLARED, source="its README")
    strict = Fact(value="cc-by-nc-4.0", kind=FactKind.DECLARED, source="its README")
    with bench:
        tune, free = (bench.catalogue.card(name) for name in ("lab/tune", "lab/free"))
        silent = bench.catalogue.card("lab/silent")
        answers = [
            permitted(bench.catalogue, "x", card, fact).may["commercial"][0]
            for card, fact in (
                (tune, declared),
                (free, strict),
                (free, declared),
                (silent, declared),
            )
        ]
    assert answers == ["no", "no", "yes", "yes"]


def test_a_whole_licence_text_is_recognised(bench: Workbench) -> None:
    text = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")
    declared = Fact(value=text, kind=FactKind.DECLARED, source="its package")
    with bench:
        found = permitted(bench.catalogue, "x", None, declared)
    assert found.licence == "Apache-2.0"
    assert found.may["commercial"][0] == "yes"


def test_a_proposal_leaves_out_what_the_lineage_forbids(bench: Workbench) -> None:
    options = ChooseOptions(candidates=(SERVED[2],), may=("commercial",))
    with bench:
        found = propose_candidates(bench, options, wanted="lab", top=9)
    assert found.refs == (SERVED[2],)
    left = {one.name: one.why for one in found.not_raced}
    assert "commercial use is not allowed: made from lab/research" in left["lab/tune"]
    assert "cannot be shown to be allowed" in left["lab/silent"]


def test_a_proposal_says_what_the_lineage_asks_for(bench: Workbench) -> None:
    with bench:
        found = propose_candidates(bench, ChooseOptions(candidates=()), wanted="lab", top=9)
    why = {one.name: one.why for one in found.proposed}
    told = "it states apache-2.0, and its lineage forbids commercial use (made from lab/research"
    assert told in why[SERVED[1]]
    assert "apache-2.0 allows commercial use" in why[SERVED[2]]


def test_what_is_proposed_is_not_rejected_when_it_is_raced(bench: Workbench) -> None:
    with bench:
        for ref in SERVED:
            candidate = parse_candidate(ref)
            card = card_of_ref(bench.catalogue, candidate.ref)
            assert card is not None
            answer, _ = may_of(card, bench.catalogue, "commercial")
            assert permissions(bench, candidate)["commercial"][0] == str(answer)
