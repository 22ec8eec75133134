"""Where models can be opened, and what is known of them there."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from elige.catalog.architecture.sizes import sizes_of_card
from elige.catalog.search.described import cheapest
from elige.choose.limits import KnownFacts, Limits
from elige.choose.proposal import Nearness, Option
from elige.errors import EligeError
from elige.fetch import PUBLIC_HUB, answers
from elige.loader.candidate import parse_candidate
from elige.loader.packages import PACKAGED, is_installed
from elige.records import Card, Column, RefKind
from elige.workbench.bench import Workbench
from elige.workbench.permissions import Permitted, card_of_ref, permitted

# Addresses of models behind endpoints, parted by spaces: http://localhost:8000/v1#model.
ENDPOINTS = "ELIGE_ENDPOINTS"
_WEIGHTS = ("*.safetensors", "*.gguf")


class Places:
    """Finds where models can be opened, and what is known of them there."""

    def __init__(self, bench: Workbench, limits: Limits) -> None:
        self._bench = bench
        self._limits = limits
        self._free = bench.loader.free_bytes()
        self._endpoints = bench.settings.environment.get(ENDPOINTS, "").split()
        self._online: bool | None = None

    @property
    def is_online(self) -> bool:
        """Whether models can be downloaded; the hub is asked once."""
        if self._online is None:
            settings = self._bench.settings
            address = (settings.hub_endpoint or PUBLIC_HUB).rstrip("/")
            self._online = not settings.offline and answers(address)
        return self._online

    def near(self) -> Iterator[Option]:
        """Everything that can be opened without a download, and packages that are not installed."""
        for name in PACKAGED:
            card = card_of_ref(self._bench.catalogue, parse_candidate(name).ref)
            yield self._packaged(name, card)
        made = self._bench.settings.models / "local"
        for folder in sorted(made.iterdir()) if made.is_dir() else ():
            yield self._local(f"local:{folder.name}", f"local:{folder.name}", None)
        for ref in self._endpoints:
            yield self._endpoint(ref, None)

    def kept(self, besides: Iterable[str]) -> Iterator[Option]:
        """Models of the hub that were downloaded before, known to the catalogue or not."""
        others = set(besides)
        for folder in sorted((self._bench.settings.models / "hub").glob("models--*--*")):
            model = folder.name.removeprefix("models--").replace("--", "/", 1)
            if model not in others and self._is_kept(model):
                card = self._bench.catalogue.card(model)
                yield self._hub(card) if card else self._local(model, model, None)

    def all(self, cards: Iterable[Card]) -> list[Option]:
        """An option for each card."""
        return [self._of(card) for card in cards]

    def _of(self, card: Card) -> Option:
        name = card.model.rpartition("/")[2].casefold()
        if name in PACKAGED:
            return self._packaged(name, card)
        path = card.value(Column.PATH)
        if isinstance(path, str) and Path(path).exists():
            return self._local(path, card.model, card)
        for ref in self._endpoints:
            served = ref.partition("#")[2].casefold()
            if served in {card.model.casefold(), name}:
                return self._endpoint(ref, card)
        return self._hub(card)

    def _packaged(self, name: str, card: Card | None) -> Option:
        if not is_installed(name):
            line = PACKAGED[name].install_line
            return Option(ref=name, model=name, closed=f"it is not installed ({line})", card=card)
        return self._local(name, card.model if card else name, card)

    def _local(self, ref: str, model: str, card: Card | None) -> Option:
        """A model whose files lie here; its own licence and memory, read from them."""
        try:
            candidate = parse_candidate(ref)
            info = self._bench.loader.describe(candidate)
            need = self._bench.loader.memory(candidate)
            fact = self._bench.loader.licence(candidate.ref)
        except EligeError as error:
            return Option(ref=ref, model=model, closed=f"it cannot be opened: {error}", card=card)
        allowed = permitted(self._bench.catalogue, model, card, fact)
        known = KnownFacts(
            memory=None if need is None else need.total,
            free=self._free,
            context=info.context_length,
            may=allowed.may,
        )
        return _option(ref, model, Nearness.HERE, card, known, allowed)

    def _endpoint(self, ref: str, card: Card | None) -> Option:
        try:
            named = parse_candidate(ref).ref
        except EligeError as error:
            return Option(ref=ref, model=ref, closed=f"{ENDPOINTS} names it wrongly: {error}")
        model, card = named.model, card or card_of_ref(self._bench.catalogue, named)
        allowed = permitted(self._bench.catalogue, model, card)
        known = KnownFacts(context=_context(card), may=allowed.may, runs_here=False)
        return _option(ref, model, Nearness.ENDPOINT, card, known, allowed)

    def _hub(self, card: Card) -> Option:
        """A model of the hub; downloaded before, or to be downloaded."""
        allowed = permitted(self._bench.catalogue, card.model, card)
        known = KnownFacts(
            memory=self._estimated(card),
            free=self._free,
            context=_context(card),
            may=allowed.may,
        )
        near = Nearness.HERE if self._is_kept(card.model) else Nearness.HUB
        found = _option(card.model, card.model, near, card, known, allowed)
        return replace(found, closed=self._closed(card))

    def _closed(self, card: Card) -> str:
        weights = card.value(Column.WEIGHTS)
        if weights == "closed":
            return f"its weights are closed, and no endpoint in {ENDPOINTS} serves it"
        try:
            ref = parse_candidate(card.model).ref
        except EligeError:
            ref = None
        if ref is None or ref.kind is not RefKind.HUB:
            return "it is no model of the hub, and it does not lie here"
        if self._is_kept(card.model):
            return ""
        if not self.is_online:
            return "it is not on this machine, and the hub is offline"
        if weights == "gated" and not self._bench.settings.environment.get("HF_TOKEN"):
            return "its makers ask for consent first (gated), and HF_TOKEN is not set"
        return ""

    def _is_kept(self, model: str) -> bool:
        folder = self._bench.settings.models / "hub" / f"models--{model.replace('/', '--')}"
        return any(True for kind in _WEIGHTS for _ in folder.rglob(kind))

    def _estimated(self, card: Card) -> int | None:
        """Bytes that it would take here, None where its size is not known."""
        sizes = sizes_of_card(card)
        return None if sizes is None else self._bench.loader.memory_of(sizes).total


def _option(
    ref: str,
    model: str,
    nearness: Nearness,
    card: Card | None,
    known: KnownFacts,
    allowed: Permitted,
) -> Option:
    return Option(
        ref=ref,
        model=model,
        nearness=nearness,
        card=card,
        known=known,
        licence=allowed.licence,
        inherited=allowed.inherited,
        commercial=known.may["commercial"][0],
        price=_price(card) if nearness is Nearness.ENDPOINT else None,
    )


def _context(card: Card | None) -> int | None:
    value = card.value(Column.CONTEXT) if card else None
    return value if isinstance(value, int) else None


def _price(card: Card | None) -> Decimal | None:
    """The cheapest paid offer at three of input for one of output, in dollars a million tokens."""
    found = cheapest([offer for _, offer in card.offers]) if card else None
    return None if found is None else found.blended
