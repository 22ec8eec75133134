"""The names that the installed lm-eval knows: read once, then kept in a file."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from elige.errors import NotFound
from elige.evaluate.harness.library import library, library_version, quiet, tasks_folder
from elige.text import digest

Kind = Literal["task", "group", "tag"]
_KINDS: dict[str, Kind] = {"TASK": "task", "PY_TASK": "task", "GROUP": "group", "TAG": "tag"}
# Of 14,000 names these few are worth showing to somebody whose word is near none.
_EXAMPLES = ("hellaswag", "mmlu", "gsm8k", "arc_challenge", "ifeval")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A name: a task or group with its file below lm-eval's tasks, or a tag with its tasks."""

    kind: Kind
    file: str = ""
    tasks: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The task file."""
        return tasks_folder() / self.file


class Index:
    """Names of tasks, groups and tags; kept in `folder` for the installed version of lm-eval."""

    def __init__(self, folder: Path) -> None:
        self._place = folder / f"{digest([library_version(), str(tasks_folder())])[:16]}.json"
        self._entries: Mapping[str, Entry] | None = None

    def find(self, name: str) -> Entry:
        """The entry called `name`; raises `NotFound` with the names near it."""
        found = self.known(name)
        if found is None:
            names = self._all()
            near = list(_beginning_like(name, names))
            raise NotFound("task of lm-eval", name, names, hint=_hint(name, near, names))
        return found

    def known(self, name: str) -> Entry | None:
        """The entry called `name`, or None."""
        found = self._all().get(name)
        return found if found is None or found.kind == "tag" or found.path.is_file() else None

    def _all(self) -> Mapping[str, Entry]:
        if self._entries is None:
            self._entries = self._kept() or self._made()
        return self._entries

    def _kept(self) -> Mapping[str, Entry]:
        with suppress(OSError, ValueError, TypeError, AttributeError):
            rows = json.loads(self._place.read_text("utf-8"))
            return {
                name: Entry(**{**row, "tasks": tuple(row["tasks"])}) for name, row in rows.items()
            }
        return {}

    def _made(self) -> Mapping[str, Entry]:
        """Every name, as lm-eval itself finds them; several seconds for 14,000 files."""
        with quiet():
            found = library("lm_eval.tasks").TaskManager().task_index
        entries = {
            name: Entry(
                kind=_KINDS[one.kind.name],
                file=str(Path(one.yaml_path).resolve().relative_to(tasks_folder()))
                if one.yaml_path
                else "",
                tasks=tuple(sorted(one.tags)) if one.kind.name == "TAG" else (),
            )
            for name, one in found.items()
            if one.kind.name in _KINDS
        }
        with suppress(OSError):  # without it the next run takes as long, no more
            self._place.parent.mkdir(parents=True, exist_ok=True)
            part = self._place.with_suffix(".part")
            part.write_text(json.dumps({name: asdict(one) for name, one in entries.items()}))
            part.replace(self._place)
        return entries


def _beginning_like(name: str, names: Iterable[str]) -> Iterator[str]:
    wanted = name.casefold().replace("-", "_")
    return (known for known in names if known.casefold().startswith(wanted))


def _hint(name: str, near: list[str], names: Mapping[str, Entry]) -> str:
    """Names that begin like it, for `NotFound` itself knows those that are spelled like it."""
    if near:
        shown = sorted(near, key=lambda known: (len(known), known))[:4]
        return f"Did you mean {' or '.join(shown)}?"
    known = ", ".join(one for one in _EXAMPLES if one in names)
    spelled = NotFound("task", name, names).hint
    if spelled.startswith("Did you mean"):
        return spelled
    return f"There are {len(names):,} of them, {known} for example; or give a task file (YAML)."
