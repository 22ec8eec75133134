"""Models whose weights lie on this machine, wherever their reference found them."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any  # configurations are JSON

from elige.config import Settings
from elige.errors import BadInput, NotFound
from elige.fetch import Hub, snapshot
from elige.fetch.single import hub_file
from elige.loader.cache import ModelCache
from elige.loader.digests import DigestCache
from elige.loader.folder import FolderFacts, read_folder, template_hash
from elige.loader.gguf import GgufFacts, GgufStore
from elige.loader.licence import card_licence, declared, folder_licence
from elige.loader.packages import package_card, package_licence, packaged_gguf
from elige.records import Fact, ModelRef, RefKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """What is known of a model before its weights are loaded.

    `weights`, `tokenizer` and `template` are hashes. `half` says that some of the stored weights
    are of less than 32 bits. `folder` gives the folder to load from; it may take a conversion.
    """

    weights: str
    tokenizer: str
    template: str
    context_length: int | None
    parameters: int | None
    stored_bytes: int
    half: bool
    config: Mapping[str, Any]
    folder: Callable[[], Path]
    licence: Fact | None = None
    notices: tuple[str, ...] = ()


class LocalModels:
    """Finds, checks, downloads and converts; each reference is looked at once."""

    def __init__(
        self, settings: Settings, digests: DigestCache, say: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._digests = digests
        self._say = say
        self._cache = ModelCache(settings.models / "cache", settings.cache_bytes)
        self._ggufs = GgufStore(settings, self._cache, digests, say)
        self._hub = Hub(
            folder=settings.models / "hub",
            endpoint=settings.hub_endpoint,
            token=settings.environment.get("HF_TOKEN", "").strip(),
            offline=settings.offline,
        )
        self._seen: dict[ModelRef, LocalModel] = {}
        self._guard = threading.RLock()

    def look(self, ref: ModelRef) -> LocalModel:
        """What is known of the model; no weights are loaded, no GGUF is converted.

        Raises what `read_folder`, `GgufStore.facts`, `packaged_gguf` and `snapshot` raise.
        """
        with self._guard:
            if ref not in self._seen:
                self._seen[ref] = self._looked(ref)
            return self._seen[ref]

    def place(self, ref: ModelRef) -> Path:
        """The folder, the GGUF or the config.json that describes a model; nothing is hashed.

        Of a model of the hub only its configuration is downloaded. Raises `BadInput` for models
        that have no weights on a machine, and what `packaged_gguf` and `hub_file` raise.
        """
        if ref.kind in {RefKind.FOLDER, RefKind.GGUF}:
            return Path(ref.location)
        if ref.kind is RefKind.PACKAGED:
            return packaged_gguf(ref.location, self._cache)
        if ref.kind is RefKind.HUB:
            return hub_file(ref.location, "config.json", revision=ref.revision, hub=self._hub)
        if ref.kind is RefKind.LOCAL:
            return self._settings.models / "local" / ref.location
        raise BadInput(
            f"{ref.text!r} has no weights that could lie on a machine.",
            hint="Name a config.json, a folder, a .gguf file, a packaged model or one of the hub.",
        )

    def close(self) -> None:
        """Let go of converted models. Safe to call twice."""
        self._cache.close()

    def _looked(self, ref: ModelRef) -> LocalModel:
        if ref.kind is RefKind.FOLDER:
            return self._folder(Path(ref.location))
        if ref.kind is RefKind.GGUF:
            return self._gguf(Path(ref.location))
        if ref.kind is RefKind.PACKAGED:
            return self._packaged(ref.location)
        if ref.kind is RefKind.HUB:
            return self._downloaded(ref)
        if ref.kind is RefKind.LOCAL:
            return self._made_here(ref.location)
        raise BadInput(f"{ref.text!r} has no weights on this machine.")

    def _folder(self, folder: Path) -> LocalModel:
        facts = read_folder(folder, self._digests)
        return _of_folder(facts, folder_licence(folder))

    def _gguf(self, path: Path) -> LocalModel:
        facts = self._ggufs.facts(path)
        licence = declared(facts.licence, f"metadata of {path.name}")
        return _of_gguf(facts, path, licence, lambda: self._ggufs.folder(path))

    def _packaged(self, name: str) -> LocalModel:
        model = self._gguf(packaged_gguf(name, self._cache))
        licence = declared(*package_licence(name)) or declared(
            card_licence(package_card(name)), f"model card in the package of {name}"
        )

        def folder() -> Path:  # the joined file may have been evicted since
            return self._ggufs.folder(packaged_gguf(name, self._cache))

        return replace(model, licence=licence or model.licence, folder=folder)

    def _downloaded(self, ref: ModelRef) -> LocalModel:
        got = snapshot(ref.location, revision=ref.revision, hub=self._hub, say=self._say)
        model = self._gguf(got.gguf) if got.gguf else self._folder(got.folder)
        licence = declared(got.licence, f"model card of {ref.location}, commit {got.commit}")
        return replace(
            model, licence=licence or model.licence, notices=(*got.notices, *model.notices)
        )

    def _made_here(self, name: str) -> LocalModel:
        place = self._settings.models / "local"
        if not (place / name).is_dir():
            known = [path.name for path in place.iterdir()] if place.is_dir() else []
            hint = "" if known else "None was made here yet."
            raise NotFound("local model", name, known, hint=hint)
        return self._folder(place / name)


def _of_folder(facts: FolderFacts, licence: Fact | None) -> LocalModel:
    return LocalModel(
        weights=facts.weights,
        tokenizer=facts.tokenizer,
        template=facts.template,
        context_length=facts.context_length,
        parameters=facts.parameters,
        stored_bytes=facts.stored_bytes,
        half=facts.half,
        config=facts.config,
        folder=lambda: facts.folder,
        licence=licence,
        notices=facts.notices,
    )


def _of_gguf(
    facts: GgufFacts, path: Path, licence: Fact | None, folder: Callable[[], Path]
) -> LocalModel:
    return LocalModel(
        weights=facts.file,
        tokenizer=facts.tokenizer,
        template=template_hash(facts.chat_template),
        context_length=facts.context_length,
        parameters=facts.parameters,
        stored_bytes=path.stat().st_size,
        half=False,  # it is kept as dense fp32
        config=facts.config,
        folder=folder,
        licence=licence,
    )
