"""YAML from strangers: plain keys and words, whatever the file would like to be."""

import stat
from pathlib import Path
from typing import Any, TypeAlias  # PyYAML's readers in C have no types

import yaml

from elige.errors import BadInput
from elige.text import one_line

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"

MAX_BYTES, MAX_VALUES, MAX_DEPTH = 1_000_000, 100_000, 40

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML = "tag:yaml.org,2002:"
_PLAIN = {_YAML + kind for kind in ("str", "null", "bool", "int", "float", "timestamp", "map")}
_PLAIN |= {_YAML + "seq", _YAML + "value"}
_ONCE = "Leave the one that holds; programs differ in which of them they take."
_SIMPLER = "Save it as a plain YAML file of keys, words and lists."


def read_tree(path: Path) -> dict[str, Tree]:
    """The keys of the YAML file at `path`; every value is a word, a list, keys or None.

    Nothing is made of a word: no number, no date, no object. Raises `BadInput` in one line, with
    line and column where there is one, for what cannot be read: no file, more than a megabyte, no
    UTF-8, broken YAML, tags, merge keys, a key that stands there twice and says two things, values
    nested too deep, and aliases that unfold without end.
    """
    text = _text(path)
    try:
        _check_shape(path, text)
        node = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _broken(path, error) from error
    if not isinstance(node, yaml.MappingNode):
        raise BadInput(f"{path} holds no keys.", hint=_SIMPLER)
    return _Builder(path).mapping(node)


def _text(path: Path) -> str:
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise BadInput(f"{path} is no file.", hint="Name the YAML file itself.")
        if facts.st_size > MAX_BYTES:
            raise BadInput(
                f"{path} is {facts.st_size:,} bytes long, more than {MAX_BYTES:,}.",
                hint="Such files are a few thousand bytes long: is it the right one?",
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", hint="Check the name.") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no text: {error}.", hint="Save it as UTF-8.") from error
    except (OSError, ValueError) as error:  # no right to read it, a NUL byte, a name too long
        raise BadInput(f"{path} cannot be read: {error}.", hint="Check the name.") from error


def _check_shape(path: Path, text: str) -> None:
    """Refuse what is nested too deep before anything calls itself once for each level."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise BadInput(
                f"{path} nests its values more than {MAX_DEPTH} deep.",
                hint=_SIMPLER,
            )


def _broken(path: Path, error: Exception) -> BadInput:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return BadInput(
        f"{path}{place}: broken YAML ({one_line(problem)}).",
        hint="Indent with spaces, and put quotes around text that holds ': '.",
    )


class _Builder:
    """Makes plain values of nodes, each once, and counts what the aliases unfold to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made: dict[int, tuple[Tree, int]] = {}
        self._open: set[int] = set()

    def mapping(self, node: yaml.MappingNode) -> dict[str, Tree]:
        made = self._make(node)[0]
        return made if isinstance(made, dict) else {}

    def _make(self, node: yaml.Node) -> tuple[Tree, int]:
        """The value of `node` and how many values it stands for, aliases written out."""
        known = self._made.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:
            raise self._refused(node, "an alias that stands inside what it names")
        if node.tag not in _PLAIN:
            what = "a merge key (<<)" if node.tag == _YAML + "merge" else f"the tag {node.tag}"
            raise self._refused(node, what)
        self._open.add(id(node))
        value, count = self._value(node)
        self._open.discard(id(node))
        if count > MAX_VALUES:
            raise self._refused(node, f"aliases that unfold to more than {MAX_VALUES:,} values")
        self._made[id(node)] = value, count
        return value, count

    def _value(self, node: yaml.Node) -> tuple[Tree, int]:
        if isinstance(node, yaml.ScalarNode):
            is_nothing = node.tag == _YAML + "null"
            return (None if is_nothing else str(node.value)), 1
        if isinstance(node, yaml.SequenceNode):
            items = [self._make(item) for item in node.value]
            return [value for value, _ in items], 1 + sum(count for _, count in items)
        made: dict[str, Tree] = {}
        total = 1
        for key, item in node.value:
            value, count = self._make(item)
            word = self._key(key)
            if word in made and made[word] != value:
                what = f"the key {one_line(word)!r}, which stands there twice and says two things,"
                raise self._refused(key, what, hint=_ONCE)
            made[word] = value
            total += 1 + count
        return made, total

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._refused(node, "a key that is no word")
        self._make(node)
        return str(node.value)

    def _refused(self, node: yaml.Node, what: str, hint: str = _SIMPLER) -> BadInput:
        place = f"line {node.start_mark.line + 1}, column {node.start_mark.column + 1}"
        return BadInput(f"{self._path}, {place}: {what} cannot be read here.", hint=hint)
