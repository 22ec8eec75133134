"""Candidates from the catalogue: what a search finds is raced or left out with its reason."""

from dataclasses import replace
from pathlib import Path

import pytest
from catalog.search.cards import CARDS, more, offer
from catalog.search.cards import LLAMA as LLAMA_CARD
from catalog.shelf.toy import TODAY, Toy

from elige.catalog.shelf import Shelf
from elige.catalog.shelf.state import SyncOptions
from elige.choose.proposal import Proposal
from elige.config import Settings
from elige.errors import BadInput
from elige.records import Considered, Place
from elige.workbench import ChooseOptions, Workbench
from elige.workbench.proposing import openable, propose_candidates, with_proposal

LLAMA = "http://127.0.0.1:9/v1#meta-llama/Llama-2-7b-hf"
MISTRAL = "http://127.0.0.1:9/v1#Mistral-7B-v0.1"
NOBODY = ChooseOptions(candidates=())


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A small catalogue, two endpoints, no hub."""
    environment = {"ELIGE_ENDPOINTS": f"{LLAMA} {MISTRAL}"}
    settings = Settings(home=tmp_path / "elige", offline=True, environment=environment)
    toy = Toy(CARDS)
    with Shelf.open(settings.catalogue, {"toy": toy}, today=TODAY) as shelf:
        shelf.sync(toy, Place(), SyncOptions(today=TODAY))
    return Workbench(settings)


def test_what_a_search_finds_is_raced_where_it_can_be_opened(bench: Workbench) -> None:
    with bench:
        found = propose_candidates(bench, NOBODY, wanted="7b", top=4)
    assert {*found.refs} == {LLAMA, MISTRAL}
    assert found.not_raced
    assert all(one.why for one in found.not_raced)
    assert any("the hub is offline" in one.why for one in found.not_raced)


def test_a_limit_of_the_choice_is_a_limit_of_the_proposal(bench: Workbench) -> None:
    said = ChooseOptions(candidates=(), may=("commercial",), min_context=10**9)
    with bench, pytest.raises(BadInput, match="no model that can be raced here"):
        propose_candidates(bench, said, wanted="7b")


def test_candidates_that_were_named_stay_and_nobody_is_there_twice(bench: Workbench) -> None:
    said = ChooseOptions(candidates=(LLAMA,))
    with bench:
        told = with_proposal(said, propose_candidates(bench, said, wanted="7b"))
    assert told.candidates == (LLAMA, MISTRAL)
    assert told.not_raced


def test_while_the_hub_is_offline_what_it_has_is_named_and_not_raced(bench: Workbench) -> None:
    with bench:
        found = propose_candidates(bench, NOBODY)
    away = [one for one in found.not_raced if "the hub is offline" in one.why]
    assert 0 < len(away) <= 10
    assert {LLAMA, MISTRAL} <= {*found.refs}


def test_what_was_downloaded_before_needs_no_hub(bench: Workbench) -> None:
    folder = bench.settings.models / "hub" / "models--someone--poems-3b" / "snapshots" / "a"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"")
    with bench:
        found = propose_candidates(bench, NOBODY)
    told = {one.name: one.why for one in (*found.proposed, *found.not_raced)}["someone/poems-3b"]
    # Whether it fits depends on the machine that runs this.
    assert told.startswith("it is on this machine") or "GB" in told


def test_who_cannot_be_opened_after_all_is_left_out_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    found = Proposal(
        refs=("echo,skill=0.9", "echo", str(tmp_path / "gone.gguf")),
        proposed=(Considered(name=str(tmp_path / "gone.gguf"), why="it is on this machine"),),
    )
    with Workbench(Settings(home=tmp_path / "elige", offline=True), say=told.append) as bench:
        kept = openable(bench, found)
        with pytest.raises(BadInput, match="it takes two"):
            openable(bench, replace(found, refs=found.refs[1:]))
        assert openable(bench, replace(found, refs=found.refs[1:]), named=1).refs == ("echo",)
    assert kept.refs == ("echo,skill=0.9", "echo") and kept.proposed == ()
    assert kept.not_raced[0].why.startswith("it cannot be opened: ")
    assert told and told[0].startswith("Not raced: ")


@pytest.mark.parametrize("top", [0, -1, 51])
def test_a_number_that_makes_no_sense_is_refused(bench: Workbench, top: int) -> None:
    with bench, pytest.raises(BadInput, match=f"--top is {top};"):
        propose_candidates(bench, NOBODY, top=top)


def test_a_free_tier_is_no_price(tmp_path: Path) -> None:
    tiers = [replace(offer("0", "0", free=True), hosted="h:free"), offer("0.20", "0.40")]
    environment = {"ELIGE_ENDPOINTS": f"{LLAMA} {MISTRAL}"}
    settings = Settings(home=tmp_path / "elige", offline=True, environment=environment)
    toy = Toy([more(one, offers=tiers) if one.model == LLAMA_CARD.model else one for one in CARDS])
    with Shelf.open(settings.catalogue, {"toy": toy}, today=TODAY) as shelf:
        shelf.sync(toy, Place(), SyncOptions(today=TODAY))
    with Workbench(settings) as bench:
        found = propose_candidates(bench, NOBODY, wanted="7b")
    (why,) = [one.why for one in found.proposed if one.name == LLAMA]
    assert "$0.250 for a million tokens" in why
