"""GGUF files: looked at and converted once, by a child process; every later load is quick."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from elige.config import Settings
from elige.errors import BadInput, DoesNotFit
from elige.loader.cache import ModelCache, check_space, written
from elige.loader.child import run_child
from elige.loader.convert import CONVERTER
from elige.loader.digests import DigestCache, digest_of, write_atomically
from elige.text import human_bytes

_PROBE_SECONDS, _PROBE_BYTES = 60, 2_000_000_000
# Measured: 18 s and 1.2 GB for 135 M weights, 43 s and 3.3 GB for 268 M; ten times that is allowed.
_BASE_SECONDS, _SECONDS_PER_BILLION = 300, 1500
_BASE_BYTES, _BYTES_PER_WEIGHT = 4_000_000_000, 20
_PEAK_BASE_BYTES, _PEAK_BYTES_PER_WEIGHT = 600_000_000, 10
_TOKENIZER_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufFacts:
    """What a GGUF file says of itself. `file` and `tokenizer` are hashes."""

    file: str
    architecture: str
    name: str
    licence: str
    context_length: int | None
    parameters: int
    tokenizer: str
    chat_template: str
    config: dict[str, int] = field(default_factory=dict)


class GgufStore:
    """Converted GGUF files in elige's cache, keyed by the file's hash."""

    def __init__(
        self,
        settings: Settings,
        cache: ModelCache,
        digests: DigestCache,
        say: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._digests = digests
        self._say = say

    def facts(self, path: Path) -> GgufFacts:
        """What the GGUF at `path` says of itself; its header is read once, by a child.

        Raises `BadInput` for a file that is no GGUF, damaged or cut short.
        """
        _check_start(path)
        file = digest_of(path, self._digests)
        note = self._settings.models / "gguf" / f"{file}.{CONVERTER}.json"
        with suppress(OSError, ValueError, TypeError):
            return GgufFacts(**json.loads(note.read_text("utf-8")))
        probed = run_child(
            {"task": "probe", "path": str(path)},
            seconds=_PROBE_SECONDS,
            memory_bytes=_PROBE_BYTES,
            environment=self._settings.environment,
            say=self._say,
        )
        facts = GgufFacts(file=file, **probed)
        with written(note.parent):
            note.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(note, json.dumps(asdict(facts)))
        return facts

    def folder(self, path: Path) -> Path:
        """The GGUF at `path` as a folder of dense fp32 safetensors, converted once.

        Raises `BadInput` for a file that cannot be converted, `DoesNotFit` when the memory is
        too small for it, `StoreError` when the disk is.
        """
        facts = self.facts(path)
        key = f"gguf-{facts.file[:32]}-{CONVERTER}"
        return self._cache.find(key) or self._cache.make(
            key, lambda target: self._convert(path, facts, target)
        )

    def _convert(self, path: Path, facts: GgufFacts, target: Path) -> None:
        peak = _PEAK_BASE_BYTES + _PEAK_BYTES_PER_WEIGHT * facts.parameters
        free = psutil.virtual_memory().available
        if peak > free:
            raise DoesNotFit(
                f"Converting {path.name} needs about {human_bytes(peak)} of memory, "
                f"but only {human_bytes(free)} are free.",
                hint="Close other programs, or choose a smaller model.",
            )
        size = 4 * facts.parameters + _TOKENIZER_BYTES
        check_space(target, size, purpose=f"Converting {path.name}")
        self._say(f"Converting {path.name} for this machine; this happens once.")
        done = run_child(
            {"task": "convert", "path": str(path), "target": str(target)},
            seconds=_BASE_SECONDS + _SECONDS_PER_BILLION * facts.parameters // 1_000_000_000,
            memory_bytes=_BASE_BYTES + _BYTES_PER_WEIGHT * facts.parameters,
            environment=self._settings.environment,
            say=lambda step: self._say(f"{path.name}: {step}"),
        )
        if done.get("notice"):
            self._say(str(done["notice"]))
        (target / "elige.json").write_text(json.dumps({**done, **asdict(facts)}), "utf-8")


def _check_start(path: Path) -> None:
    """Refuse a file that cannot be a GGUF before its gigabytes are hashed."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check its permissions."
        ) from error
    if start != b"GGUF":
        raise BadInput(
            f"{path.name} is no GGUF file: it does not begin with the letters GGUF.",
            hint="Check that the download finished and is not a web page.",
        )
