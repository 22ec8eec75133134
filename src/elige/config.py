"""The surroundings, read once: environment, folders, date. Nobody else looks at them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from elige.errors import BadInput

DEFAULT_CACHE_BYTES = 20_000_000_000
_SQLITE = "sqlite:///"
_BARE = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT"),
    *("TMPDIR", "LANG"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What elige needs to know of its surroundings.

    `home` holds everything that outlives a process. `cache_bytes` bounds the converted models.
    `environment` is a copy of the variables, for keys named by the user; never logged.
    """

    home: Path
    cache_bytes: int = DEFAULT_CACHE_BYTES
    database_url: str = ""
    hub_endpoint: str = ""
    offline: bool = False
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def models(self) -> Path:
        """Models joined, converted or downloaded by elige."""
        return self.home / "models"

    @property
    def database(self) -> str:
        """The store as an SQLAlchemy URL."""
        return self.database_url or f"{_SQLITE}{self.home / 'elige.db'}"

    @property
    def store_file(self) -> Path | None:
        """The file of the store, whether it is there or not; None for one on a server."""
        url = self.database
        if not url.startswith(_SQLITE):
            return None
        return Path(url.removeprefix(_SQLITE).partition("?")[0])

    @property
    def has_store(self) -> bool:
        """Whether a store was made; one on a server is taken to be there."""
        return self.store_file is None or self.store_file.is_file()

    @property
    def catalogue(self) -> Path:
        """What is known of models; a file that can be made anew."""
        return self.home / "catalog.db"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the process environment (or the one given).

    Raises `BadInput` when ELIGE_CACHE_GB is no positive number.
    """
    env = dict(os.environ if environment is None else environment)
    home = Path(env["ELIGE_HOME"]) if env.get("ELIGE_HOME") else user_data_path("elige")
    return Settings(
        home=home.expanduser().absolute(),
        cache_bytes=_cache_bytes(env.get("ELIGE_CACHE_GB", "")),
        database_url=env.get("ELIGE_DATABASE", ""),
        hub_endpoint=env.get("HF_ENDPOINT", ""),
        offline=env.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"},
        environment=env,
    )


def let_idle_threads_sleep() -> None:
    """Have torch's threads sleep while they wait, unless the user says how they wait.

    They spin by default, and when another program wants the same cores, all of them wait for
    each other: 3 to 6 times slower on two cores beside one busy process, no faster alone.
    It works until torch is imported first.
    """
    if not {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"} & os.environ.keys():
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def bare_environment() -> dict[str, str]:
    """What a child process needs of the environment: no keys, no tokens, no proxies."""
    return {name: os.environ[name] for name in _BARE if name in os.environ}


def local_model_places(environment: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Where the hub's cache, Ollama and LM Studio keep models, whether they are there or not."""
    env = os.environ if environment is None else environment
    home = Path(env["HOME"]) if env.get("HOME") else Path.home()
    hub_home = Path(env["HF_HOME"]) if env.get("HF_HOME") else home / ".cache" / "huggingface"
    hub, ollama = env.get("HF_HUB_CACHE"), env.get("OLLAMA_MODELS")
    places = (
        Path(hub) if hub else hub_home / "hub",
        Path(ollama) if ollama else home / ".ollama" / "models",
        home / ".lmstudio" / "models",
        home / ".cache" / "lm-studio" / "models",
    )
    return tuple(dict.fromkeys(place.expanduser().absolute() for place in places))


def is_debugging() -> bool:
    """Whether errors are to be shown with where they came from (ELIGE_DEBUG is set)."""
    return bool(os.environ.get("ELIGE_DEBUG"))


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def today() -> str:
    """The date as YYYY-MM-DD, in UTC."""
    return now().date().isoformat()


def _cache_bytes(text: str) -> int:
    if not text:
        return DEFAULT_CACHE_BYTES
    try:
        gigabytes = float(text)
    except ValueError:
        gigabytes = -1.0
    if not gigabytes > 0:
        raise BadInput(
            f"ELIGE_CACHE_GB is {text!r}, which is no positive number.",
            hint="Set it to gigabytes, for example ELIGE_CACHE_GB=20, or unset it.",
        )
    return int(gigabytes * 1_000_000_000)
