"""Which tasks a name or a file stands for: one, or the tasks of a group or a tag."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from elige.errors import BadInput
from elige.evaluate.harness.files import (
    TaskSource,
    Values,
    check_allowed,
    is_shipped,
    read_source,
)
from elige.evaluate.harness.index import Entry, Index

# Keys of a group that say nothing of its tasks (lm-eval's GroupConfig), and its tags.
_OF_GROUPS = {"group", "group_alias", "task", "aggregate_metric_list", "metadata", "tag"}
_OF_FILES = ("tag", "group", "task_list")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaf:
    """One task: its name, its configuration with functions still by name, and its file."""

    name: str
    values: Values
    path: Path

    @property
    def is_shipped(self) -> bool:
        """Whether it ships with lm-eval."""
        return is_shipped(self.path.resolve())


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How a group sums up a metric: over which filters, and whether by the sizes of its tasks."""

    metric: str
    filters: tuple[str, ...] | None = None
    by_size: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is to be run: tasks, and for a group how it sums them up.

    `files` are the bytes of everything that was read, and checked, to find them.
    """

    name: str
    leaves: tuple[Leaf, ...]
    files: Mapping[Path, bytes] = field(default_factory=dict, repr=False)
    is_group: bool = False
    weighing: tuple[Weighing, ...] = ()
    version: str = ""


def select(text: str, index: Index, is_allowed: Callable[[str], bool]) -> Selection:
    """The tasks that `text` names: a task, group or tag of lm-eval, or a task file.

    Raises `NotFound` for an unknown name, `BadInput` for a file that cannot be used and
    `NotAllowed` for code of the user's that was not allowed.
    """
    path = Path(text).expanduser()
    walk = _Selecting(index, is_allowed)
    is_file = path.suffix.lower() in {".yaml", ".yml"} or path.is_file()
    found = walk.file(path) if is_file else walk.name(text)
    return replace(found, files=walk.files)


@dataclass(slots=True)
class _Selecting:
    """One walk through files; `_beside` are the tasks in the folder of the user's file."""

    index: Index
    is_allowed: Callable[[str], bool]
    files: dict[Path, bytes] = field(default_factory=dict)
    _beside: dict[str, Path] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def name(self, name: str) -> Selection:
        entry = self.index.find(name)
        if entry.kind == "tag":
            leaves = tuple(leaf for task in entry.tasks for leaf in self._named(task, {}))
            return Selection(name=name, leaves=leaves, is_group=True)
        return self._selection(self._source(entry.path), name)

    def file(self, path: Path) -> Selection:
        source = self._source(path)
        if "group" in source.values:
            self._look_beside(path)
        return self._selection(source, path.stem)

    def _source(self, path: Path) -> TaskSource:
        source = read_source(path)
        check_allowed(source, self.is_allowed)
        self.files |= source.files
        return source

    def _selection(self, source: TaskSource, name: str) -> Selection:
        values = source.values
        if "group" not in values or "class" in values:
            leaf = _leaf(source, {})
            return Selection(name=leaf.name, leaves=(leaf,))
        leaves = {leaf.name: leaf for leaf in self._members(values, source, {})}
        if not leaves:
            raise BadInput(
                f"The group {values['group']!r} names no tasks.", hint="List them under 'task:'."
            )
        metadata = values.get("metadata")
        version = metadata.get("version", "") if isinstance(metadata, dict) else ""
        return Selection(
            name=str(values.get("group", name)),
            leaves=tuple(leaves.values()),
            is_group=True,
            weighing=_weighing(values.get("aggregate_metric_list"), source.path),
            version=str(version),
        )

    def _members(self, values: Values, source: TaskSource, told: Values) -> Iterator[Leaf]:
        """The tasks of a group; what a group says of its tasks goes before their own words."""
        own = {key: value for key, value in values.items() if key not in _OF_GROUPS}
        told = own | told
        named = values.get("task") or []
        for item in named if isinstance(named, list) else [named]:
            if isinstance(item, str):
                yield from self._named(item, told)
            elif isinstance(item, dict) and "group" in item:
                yield from self._inner_group(item, source, told)
            elif isinstance(item, dict) and "task" in item:
                yield from self._adapted(item, source, told)
            else:
                raise BadInput(
                    f"{source.path}: {item!r} is no task of a group.",
                    hint="Write a name, or keys with 'task: NAME' among them.",
                )

    def _inner_group(self, item: Values, source: TaskSource, told: Values) -> Iterator[Leaf]:
        name = str(item["group"])
        if name in self._beside or self.index.known(name):
            rest = {key: value for key, value in item.items() if key != "group"}
            yield from self._named(name, told | rest)
        else:
            yield from self._members(item, source, told)

    def _adapted(self, item: Values, source: TaskSource, told: Values) -> Iterator[Leaf]:
        name = str(item["task"])
        if name in self._beside or self.index.known(name):
            yield from self._named(name, told | item)
        else:
            yield Leaf(name=name, values=told | item, path=source.path)

    def _named(self, name: str, told: Values) -> Iterator[Leaf]:
        if name in self._open:
            raise BadInput(f"The group {name!r} holds itself.", hint="Take it out of its tasks.")
        entry = Entry(kind="task") if name in self._beside else self.index.find(name)
        if entry.kind == "tag":
            for task in entry.tasks:
                yield from self._named(task, told)
            return
        source = self._source(self._beside.get(name) or entry.path)
        if "group" in source.values and "class" not in source.values:
            self._open.append(name)
            yield from self._members(source.values, source, told)
            self._open.pop()
        else:
            yield _leaf(source, {key: value for key, value in told.items() if key != "task"})

    def _look_beside(self, path: Path) -> None:
        for other in sorted(path.resolve().parent.glob("*.y*ml")):
            try:
                values = read_source(other).values
            except BadInput:
                continue  # not a file of this group; if it is, its name will be missed
            name = (
                values.get("task") if isinstance(values.get("task"), str) else values.get("group")
            )
            if isinstance(name, str):
                self._beside[name] = other


def _leaf(source: TaskSource, told: Values) -> Leaf:
    values = source.values | told
    name = values.get("task")
    if not isinstance(name, str):
        raise BadInput(
            f"{source.path} is no task file of lm-eval: it does not say 'task:'.",
            hint="Add a line 'task: my_task', or run it without 'harness:' if it is elige's own.",
        )
    for key in _OF_FILES:
        values.pop(key, None)
    return Leaf(name=name, values=values, path=source.path)


def _weighing(listed: object, path: Path) -> tuple[Weighing, ...]:
    items = listed if isinstance(listed, list) else [] if listed is None else [listed]
    return tuple(_weighed(item, path) for item in items)


def _weighed(item: object, path: Path) -> Weighing:
    if (
        not isinstance(item, Mapping)
        or "metric" not in item
        or item.get("aggregation", "mean") != "mean"
    ):
        raise BadInput(
            f"{path}: {item!r} in aggregate_metric_list cannot be used.",
            hint="Each entry names a metric, and its aggregation is mean.",
        )
    filters = item.get("filter_list")
    listed = (filters,) if isinstance(filters, str) else None if filters is None else tuple(filters)
    return Weighing(
        metric=str(item["metric"]), filters=listed, by_size=bool(item.get("weight_by_size", True))
    )
