"""Combinations saved here: a file each, in the folder `combinations` of elige's home."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from elige.engines.combined import Cascade, CombinedEngine, Ensemble, Router, combined_info
from elige.errors import BadInput, NotFound, StoreError
from elige.loader.identity import candidate_hash, distinct, engine_key
from elige.records import Candidate, Engine, EngineInfo, Identity, Member, RefKind
from elige.text import canonical, digest

# Part of the identity of what combinations answer: raise it when their answers change.
COMBINED_ENGINE = "1"
# The keys that a combination takes itself; everything else is its members' business.
_OWN = ("name", "ref")


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Members and the rule over them. `hashes` are the members' at the time it was made.

    `run` is the run whose answers it was made from, `made` the date, `told` the verdict on it.
    """

    name: str
    rule: Cascade | Router | Ensemble
    members: tuple[Candidate, ...]
    hashes: tuple[str, ...] = ()
    run: str = ""
    made: str = ""
    told: str = ""

    def info(self, infos: list[EngineInfo]) -> EngineInfo:
        """What it says of itself, given what its members say of themselves."""
        pairs = zip(self.members, infos, strict=True)
        members = [Member(candidate=one, info=info) for one, info in pairs]
        hashes = [candidate_hash(one.candidate, one.info) for one in members]
        identity = Identity(
            weights=digest({"members": hashes, "rule": self.rule}),
            engine="combined",
            engine_version=COMBINED_ENGINE,
        )
        found = combined_info(members, identity)
        changed = [
            one.candidate.name
            for one, now, then in zip(members, hashes, self.hashes, strict=False)
            if now != then
        ]
        return found if not changed else _with_notice(found, self.name, changed)


class Combinations:
    """The combinations of one home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "combinations"

    def names(self) -> list[str]:
        """The saved ones, by name."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def read(self, name: str) -> Combination:
        """The combination of this name. Raises `NotFound`, `BadInput` for a file that is none."""
        path = self._path(name)
        if not path.is_file():
            hint = "" if self.names() else "No combination was saved here yet. See: elige combine"
            raise NotFound("combination", name, self.names(), hint=hint)
        try:
            return TypeAdapter(Combination).validate_json(path.read_bytes())
        except (ValidationError, OSError) as error:
            raise BadInput(
                f"{path} holds no combination.",
                hint="Delete it, and save it again with: elige combine",
            ) from error

    def save(self, combination: Combination) -> Path:
        """Where it was saved. Raises `BadInput` when another one has its name."""
        path = self._path(combination.name)
        if path.exists() and not _alike(self.read(combination.name), combination):
            raise BadInput(
                f"Another combination is called {combination.name!r}.",
                hint=f"Give this one another --name, or delete {path}.",
            )
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._folder, delete=False) as stream:
                stream.write(canonical(combination))
            Path(stream.name).replace(path)
        except OSError as error:
            raise StoreError(
                f"The combination cannot be written to {path}: {error.strerror or error}.",
                hint="Make room, or set ELIGE_HOME to a folder that can be written.",
            ) from error
        return path

    def of(self, candidate: Candidate) -> Combination:
        """What `combo:NAME` stands for. Raises `BadInput` for keys that belong to its members."""
        usual = Candidate(name=candidate.name, ref=candidate.ref)
        said = [
            field
            for field in Candidate.__dataclass_fields__
            if field not in _OWN and getattr(candidate, field) != getattr(usual, field)
        ]
        if said:
            raise BadInput(
                f"{candidate.name!r} says {said[0]}, but a combination's members have their own.",
                hint=f"Write {candidate.ref.text}, with no key but name=.",
            )
        return self.read(candidate.ref.location)

    def shots(self, candidate: Candidate) -> int:
        """How many examples a candidate is shown; a combination as many as one of its members."""
        if candidate.ref.kind is not RefKind.COMBO:
            return candidate.shots or 0
        return max(one.shots or 0 for one in self.of(candidate).members)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def open_combined(
    saved: Combination, info: EngineInfo, open_: Callable[[Candidate], Engine]
) -> Engine:
    """The combination's engine; members that can share an engine do. All are open, or none."""
    opened: dict[str, Engine] = {}
    try:
        for one in distinct(saved.members):
            opened[engine_key(one)] = open_(one)
    except BaseException:
        for engine in opened.values():
            engine.close()
        raise
    engines = [opened[engine_key(one)] for one in saved.members]
    return CombinedEngine(engines, saved.rule, info)


def _alike(one: Combination, other: Combination) -> bool:
    return (one.rule, one.members) == (other.rule, other.members)


def _with_notice(info: EngineInfo, name: str, changed: list[str]) -> EngineInfo:
    notice = (
        f"combo:{name}: {', '.join(changed)} changed since the combination was made; what was "
        "measured of it may not hold any more."
    )
    return replace(info, notices=(*info.notices, notice))
