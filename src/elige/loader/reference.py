"""Reads a model reference as the user wrote it."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from elige.errors import BadInput, NotAllowed, NotFound
from elige.loader.packages import PACKAGED
from elige.records import ModelRef, RefKind

FORMS = (
    "A reference is 'echo', a packaged name, a folder, a .gguf file, org/name[@revision], "
    "http(s)://host/v1#model, local:NAME or combo:NAME."
)
PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
_HUB = re.compile(r"(?P<id>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@(?P<revision>[\w./-]+))?")
_MADE_HERE = re.compile(r"[A-Za-z0-9][\w.-]*")


def parse_ref(text: str) -> ModelRef:
    """What `text` points to; existing files and folders win over hub names.

    Raises `BadInput` or `NotFound` with the forms that exist, `NotAllowed` for pickle files.
    """
    text = text.strip()
    if not text:
        raise BadInput("The model reference is empty.", hint=FORMS)
    scheme = text.partition(":")[0].lower()
    if scheme in {"http", "https"}:
        return _endpoint(text)
    if scheme in {"local", "combo"}:
        return _made_here(text, RefKind(scheme))
    return _named(text) or _path(text) or _hub(text) or _unknown(text)


def _named(text: str) -> ModelRef | None:
    name = text.lower()
    if name == "echo":
        return ModelRef(text=text, kind=RefKind.ECHO, location="echo")
    if name in PACKAGED:
        return ModelRef(text=text, kind=RefKind.PACKAGED, location=name)
    return None


def _path(text: str) -> ModelRef | None:
    try:
        path = Path(text).expanduser().absolute()
        is_folder, is_file = path.is_dir(), path.is_file()
    except (RuntimeError, ValueError, OSError):  # no such user, a NUL byte, a name too long
        return None
    if is_folder:
        return ModelRef(text=text, kind=RefKind.FOLDER, location=str(path))
    if is_file:
        return _file(text, path)
    if text.startswith(("/", ".", "~")) or text.lower().endswith(".gguf"):
        raise BadInput(f"There is no file or folder at {text!r}.", hint=FORMS)
    return None


def _file(text: str, path: Path) -> ModelRef:
    suffix = path.suffix.lower()
    if suffix == ".gguf":
        return ModelRef(text=text, kind=RefKind.GGUF, location=str(path))
    if suffix in PICKLES:
        raise NotAllowed(
            f"{path.name} is a pickle file, which can run any code when it is read.",
            hint="Use the model's safetensors or GGUF version.",
        )
    hint = f"Give its folder: {path.parent}." if suffix == ".safetensors" else FORMS
    raise BadInput(f"{text!r} is a file, but no .gguf file.", hint=hint)


def _endpoint(text: str) -> ModelRef:
    url, _, model = text.partition("#")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise BadInput(f"{url!r} is no web address: {error}.", hint=FORMS) from error
    if not host:
        raise BadInput(f"{url!r} names no host.", hint=FORMS)
    if parts.username or parts.password:
        raise BadInput(
            "The endpoint's address holds a user name or password, which would end up in reports.",
            hint="Remove it; hand the key over as ELIGE_API_KEY or with key_env=VARIABLE.",
        )
    if not model:
        raise BadInput(
            f"{text!r} does not say which model to ask.",
            hint=f"Add its name after '#', for example {url.rstrip('/')}#my-model.",
        )
    return ModelRef(text=text, kind=RefKind.ENDPOINT, location=url.rstrip("/"), model=model)


def _made_here(text: str, kind: RefKind) -> ModelRef:
    name = text.partition(":")[2]
    if not _MADE_HERE.fullmatch(name):
        raise BadInput(
            f"{text!r}: {name!r} is no name.",
            hint="Names hold letters, digits, '.', '_' and '-', and start with a letter or digit.",
        )
    return ModelRef(text=text, kind=kind, location=name)


def _hub(text: str) -> ModelRef | None:
    found = _HUB.fullmatch(text)
    if not found or len(found["id"]) > 96 or ".." in text or "--" in found["id"]:
        return None
    return ModelRef(
        text=text, kind=RefKind.HUB, location=found["id"], revision=found["revision"] or ""
    )


def _unknown(text: str) -> ModelRef:
    error = NotFound("model", text, [*PACKAGED, "echo"])
    near = error.hint if error.hint.startswith("Did you mean") else ""
    known = f"Packaged models: {', '.join(sorted(PACKAGED))}."
    raise NotFound("model", text, hint=f"{near or known} {FORMS}")
