"""API keys: found for one endpoint, never stored, never shown."""

import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from elige.errors import BadInput, NotAllowed

_OPENAI = "api.openai.com"


def key_for(
    base_url: str, *, environment: Mapping[str, str], home: Path, variable: str = ""
) -> str:
    """The key for the endpoint at `base_url`, '' when none was given.

    In this order: the variable that the user named, the file `home/keys/HOST:PORT` or
    `home/keys/HOST`, ELIGE_API_KEY, and OPENAI_API_KEY for api.openai.com alone. Raises
    `BadInput` when the named variable is empty, `NotAllowed` for a file that others may read.
    """
    if variable:
        return _named(variable, environment)
    parts = urlsplit(base_url)
    host = (parts.hostname or "").lower()
    names = [f"{host}:{parts.port}", host] if parts.port else [host]
    for name in names:
        path = home / "keys" / name
        if name and path.is_file():
            return _from_file(path)
    own = environment.get("ELIGE_API_KEY", "")
    return own or (environment.get("OPENAI_API_KEY", "") if host == _OPENAI else "")


def _named(variable: str, environment: Mapping[str, str]) -> str:
    value = environment.get(variable, "").strip()
    if not value:
        raise BadInput(
            f"key_env names the variable {variable!r}, which is not set.",
            hint=f"Set it with: export {variable}=YOUR_KEY",
        )
    return value


def _from_file(path: Path) -> str:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise NotAllowed(
            f"The key file {path} can be read by others.", hint=f"Run: chmod 600 {path}"
        )
    try:
        key = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The key file {path} cannot be read.", hint="It must hold the key and nothing else."
        ) from error
    if not key or any(letter.isspace() for letter in key):
        raise BadInput(
            f"The key file {path} holds no single key.",
            hint="It must hold the key and nothing else.",
        )
    return key
