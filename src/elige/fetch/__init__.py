"""The one door to the network: model hubs and plain HTTP."""

import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import Any  # a model card has its own kind of mapping

from elige.errors import BadInput, EligeError, NotAllowed, NotFound, StoreError
from elige.text import human_bytes

PUBLIC_HUB = "https://huggingface.co"
_TEXTS = ("*.json", "*.jinja", "*.txt", "*.md", "LICENSE*", "LICENCE*", "NOTICE*", "USE_POLICY*")
_TOKENIZERS = ("tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "*.tiktoken")
_LARGEST_TEXT = 200_000_000
# A GGUF repository holds one model many times over; this is the order in which one is taken:
# llama.cpp's own recommendation first, then the nearest better, then the smaller ones.
_GGUF_ORDER = ("Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "Q4_K_S", "Q4_0", "Q4_1", "F16", "BF16", "F32")
_SHARD_OF_GGUF = "*-?????-of-?????.gguf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A model hub and where its files are kept here; `token` is kept out of every repr."""

    folder: Path
    endpoint: str = ""
    token: str = field(default="", repr=False)
    offline: bool = False

    @property
    def address(self) -> str:
        """Its address without a slash at the end."""
        return (self.endpoint or PUBLIC_HUB).rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A model of a hub, downloaded: `commit` is what its revision stood for.

    `gguf` is the one GGUF file taken where the repository holds no safetensors.
    """

    folder: Path
    commit: str
    gguf: Path | None = None
    licence: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What a revision stood for when it was last looked up, and which files were taken."""

    commit: str
    files: tuple[str, ...]
    licence: str = ""
    size_bytes: int = 0

    @property
    def gguf(self) -> str:
        """The GGUF file among the files, '' for none."""
        return next((name for name in self.files if name.endswith(".gguf")), "")


def snapshot(
    repo: str,
    *,
    revision: str = "",
    hub: Hub,
    say: Callable[[str], None] = lambda _: None,
) -> Snapshot:
    """The files of the hub model `repo` that are needed to run it: never pickle, never code.

    The branch or tag is looked up anew when the hub can be reached; otherwise what was downloaded
    before is used. A broken connection is taken up where it broke, and files that were complete
    are kept for the next time. Raises `NotFound`, `NotAllowed` (private or gated), `StoreError`
    (disk) or `EligeError` (no network).
    """
    place = _pin_path(repo, revision, hub)
    pinned = _read_pin(place)
    if hub.offline:
        return _kept(repo, pinned, hub, why="The network is switched off (HF_HUB_OFFLINE)")
    try:
        pin = _look_up(repo, revision, hub)
    except (NotFound, NotAllowed, BadInput):
        raise
    except EligeError as error:
        if pinned is None:
            raise
        say(f"{error} Using what was downloaded before.")
        return _kept(repo, pinned, hub, why=str(error).rstrip("."))
    if pin != pinned:
        say(f"Downloading {repo} ({human_bytes(pin.size_bytes)}) from {hub.address}.")
    folder = _download(repo, pin, hub, offline=False)
    _write_pin(place, pin)
    return _snapshot(folder, pin)


def answers(address: str) -> bool:
    """Whether anything answers at `address` within four seconds."""
    import httpx

    try:
        return bool(httpx.head(address, timeout=4.0).status_code)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def _snapshot(folder: Path, pin: Pin) -> Snapshot:
    notices = [f"Hub commit {pin.commit}."]
    if pin.gguf:
        notices.append(f"This repository holds GGUF files only; {pin.gguf} was taken.")
    return Snapshot(
        folder=folder,
        commit=pin.commit,
        gguf=folder / pin.gguf if pin.gguf else None,
        licence=pin.licence,
        notices=tuple(notices),
    )


def _kept(repo: str, pin: Pin | None, hub: Hub, *, why: str) -> Snapshot:
    """What was downloaded before, when the hub cannot be asked."""
    if pin is None:
        raise EligeError(
            f"{why}, and {repo} was not downloaded before.",
            hint="Connect to the network and unset HF_HUB_OFFLINE, or name a model on this disk.",
        )
    return _snapshot(_download(repo, pin, hub, offline=True), pin)


def _look_up(repo: str, revision: str, hub: Hub) -> Pin:
    from huggingface_hub import HfApi

    api = HfApi(endpoint=hub.address, token=hub.token or False)
    try:
        info = api.model_info(repo, revision=revision or None, files_metadata=True, timeout=15)
    except Exception as error:  # the library raises errors of three other libraries
        raise _told(error, repo, revision, hub) from error
    sizes = {item.rfilename: item.size or 0 for item in info.siblings or ()}
    files = chosen_files(repo, sizes)
    card: Any = info.card_data or {}
    return Pin(
        commit=str(info.sha),
        files=files,
        licence=str(card.get("license_name") or card.get("license") or ""),
        size_bytes=sum(sizes[name] for name in files),
    )


def chosen_files(repo: str, sizes: Mapping[str, int]) -> tuple[str, ...]:
    """The files of a repository that a model needs, by name; `sizes` are bytes.

    Safetensors when there are any, otherwise one GGUF. Raises `NotAllowed` for a repository
    with nothing but pickle weights, `BadInput` for one without weights.
    """
    top = [name for name in sizes if "/" not in name]
    texts = [
        name
        for name in top
        if _matches(name, (*_TEXTS, *_TOKENIZERS)) and sizes[name] <= _LARGEST_TEXT
    ]
    weights = [name for name in top if _matches(name, ("model.safetensors", "model-*.safetensors"))]
    if weights:
        return tuple(sorted([*texts, *weights]))
    ggufs = [name for name in sizes if name.lower().endswith(".gguf") and _is_model(name)]
    if ggufs:
        return tuple(sorted([*texts, _best_gguf(ggufs, sizes)]))
    if any(_matches(name, ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")) for name in top):
        raise NotAllowed(
            f"{repo} offers its weights only as pickle, which can run any code when it is read.",
            hint="Look for a version of the model with safetensors or GGUF.",
        )
    raise BadInput(
        f"{repo} holds no model weights (model.safetensors or a .gguf file).",
        hint="Check the name on the hub; adapters are used as REF,adapter=FOLDER.",
    )


def _best_gguf(names: Sequence[str], sizes: Mapping[str, int]) -> str:
    for kind in _GGUF_ORDER:
        found = [name for name in names if kind.lower() in name.lower()]
        if found:
            return min(found, key=lambda name: (len(name), name))
    return min(names, key=lambda name: (sizes[name], name))


def _is_model(name: str) -> bool:
    return not fnmatch(name, _SHARD_OF_GGUF) and not Path(name).name.lower().startswith("mmproj")


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _download(repo: str, pin: Pin, hub: Hub, *, offline: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()  # they would write over the terminal that somebody else draws
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        folder = snapshot_download(
            repo,
            revision=pin.commit,
            cache_dir=hub.folder / "files",
            allow_patterns=[_literal(name) for name in pin.files],
            endpoint=hub.address,
            token=hub.token or False,
            local_files_only=offline,
        )
    except Exception as error:  # the library raises errors of three other libraries
        raise _told(error, repo, pin.commit, hub) from error
    lacking = [name for name in pin.files if not (Path(folder) / name).is_file()]
    if lacking:
        raise EligeError(
            f"The download of {repo} is not complete: {lacking[0]} is missing.",
            hint="Run the same command again with a network; it goes on where it stopped.",
        )
    return Path(folder)


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _told(error: Exception, repo: str, revision: str, hub: Hub) -> EligeError:
    """One line for whatever the hub's library raised."""
    from huggingface_hub import errors

    page = f"{hub.address}/{repo}"
    if isinstance(error, errors.GatedRepoError):
        return NotAllowed(
            f"{repo} is gated: its makers ask you to accept their terms first.",
            hint=f"Accept them at {page}, then set HF_TOKEN to a token of that account.",
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return NotFound("revision of " + repo, revision, hint=f"See {page}/tree/main.")
    if isinstance(error, (errors.RepositoryNotFoundError, errors.HFValidationError)):
        hint = f"Check the name at {hub.address}; a private model needs HF_TOKEN."
        return NotFound("model on the hub", repo, hint=hint)
    if isinstance(error, errors.LocalEntryNotFoundError):
        return EligeError(
            f"{repo} was not downloaded completely before, and the hub cannot be asked.",
            hint="Connect to the network and run the same command again.",
        )
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return _refused(repo, int(status), hub)
    if isinstance(error, OSError) and error.errno is not None:
        return StoreError(
            f"{repo} cannot be written to {hub.folder}: {os.strerror(error.errno)}.",
            hint="Free some space, or set ELIGE_HOME to another folder.",
        )
    return EligeError(
        f"{hub.address} cannot be reached ({type(error).__name__}).",
        hint="Check the network and HF_ENDPOINT; what is downloaded already can be used offline.",
    )


def _refused(repo: str, status: int, hub: Hub) -> EligeError:
    if status in {401, 403}:
        return NotAllowed(
            f"{hub.address} refused {repo} (HTTP {status}).",
            hint="Set HF_TOKEN to a token that may read it.",
        )
    return EligeError(
        f"{hub.address} answered HTTP {status} for {repo}.", hint="Try again in a while."
    )


def _pin_path(repo: str, revision: str, hub: Hub) -> Path:
    key = sha256(f"{hub.address}\n{repo}\n{revision}".encode()).hexdigest()[:32]
    return hub.folder / "pins" / f"{key}.json"


def _read_pin(path: Path) -> Pin | None:
    try:
        row = json.loads(path.read_text("utf-8"))
        return Pin(**{**row, "files": tuple(row["files"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write_pin(path: Path, pin: Pin) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(asdict(pin)), "utf-8")
        part.replace(path)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Set ELIGE_HOME to a folder that you can write to.",
        ) from error
