"""Documents are made, run or checked: what is not run is wrong."""

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import elige
from elige.catalog.licence import LicenceFacts, table
from elige.evaluate.sandbox import why_unavailable
from elige.loader.candidate import parse_candidate
from elige.loader.packages import PACKAGED, is_installed

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("**/*.md"))]
RUN = [page for page in PAGES if page.name not in {"CONTRIBUTING.md", "design.md", "race.md"}]
PICTURES = {"report.png"}  # made by hand from a real run
EXAMPLES = DOCS / "examples"

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
_NOT_RUN = {"make", "pip", "python"}


@dataclass(frozen=True)
class Block:
    kind: str
    file: str
    text: str

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each command of a console block with the output shown below it."""
        for part in re.split(r"^\$ ", self.text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(page.read_text("utf-8"))]


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a page is run: a folder with the files of examples that pages speak of."""
    rows = [f"What is {a} plus {b}?,{a + b}\n" for a in range(10) for b in range(10)]
    (tmp_path / "examples.csv").write_text("question,answer\n" + "".join(rows), "utf-8")
    (tmp_path / "my_scorer.py").write_text("def half(sample, answer):\n    return 0.5\n", "utf-8")
    (tmp_path / "my_task.yaml").write_text("task: mine\nclass: !function my_scorer.half\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_made_parts_are_up_to_date() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "make_docs.py"))["pages"]()
    assert {DOCS / name for name in ("commands.md", "tasks.md", "models.md", "python.md")} <= {
        *made
    }
    stale = [ids(path) for path, text in made.items() if path.read_text("utf-8") != text]
    assert stale == [], "run: make docs"


@pytest.mark.parametrize("page", RUN, ids=ids)
def test_a_page_runs_from_top_to_bottom(
    page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.file:
            (folder / block.file).write_text(block.text, "utf-8")
        elif block.kind == "python":
            exec(compile(block.text, ids(page), "exec"), names)
        elif block.kind == "console":
            for command, shown in block.commands():
                checked_or_run(command, shown, monkeypatch, capsys)


def checked_or_run(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = shlex.split(command, comments=True)
    if words[0] in _NOT_RUN:
        check_other(words)
    elif is_rehearsal(words):
        capsys.readouterr()
        assert called(words, monkeypatch) == 0, capsys.readouterr().err
        assert_shown(shown, capsys.readouterr().out)
    else:
        check_flags(words)


def is_rehearsal(words: list[str]) -> bool:
    """Whether a command needs neither weights nor an endpoint nor a run of before."""
    given = candidates_in(words)
    if "python_tests" in words and why_unavailable():
        return False
    if words[1] in {"choose", "evaluate"}:
        return bool(given) and all(text.split(",")[0] == "echo" for text in given)
    if words[1] in {"compare", "combine"}:
        return words[2] == "last"
    if words[1] in {"import", "replay", "openness"}:
        return Path(words[2]).exists() or words[2] == "allenai/OLMo-7B"
    if words[1] == "cost":
        files = [words[place + 1] for place, word in enumerate(words) if word == "--from"]
        known = bool(files) or words[2] == "meta-llama/Llama-2-7b-chat-hf"
        return known and all(Path(one).exists() for one in files)
    if words[1] == "models":
        needs_a_sync = "--min-score" in words
        return words[2] in {"show", "tree", "similar", "search", "compare"} and not needs_a_sync
    if words[1] == "leaderboard":
        return "--task" in words
    return words[1] in {"doctor", "allow", "licence"} or words[1:] == ["runs"]


def candidates_in(words: list[str]) -> list[str]:
    flags = {"-c", "--candidate", "-m", "--model"}
    return [words[place + 1] for place, word in enumerate(words) if word in flags]


def called(words: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a command of elige, run in this process."""
    from elige.cli import main

    assert words[0] == "elige"
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def assert_shown(shown: str, out: str) -> None:
    """Each line that a page shows stands in the output; '...' is anything within a line."""
    plain = " ".join(out.split())
    for line in filter(None, (" ".join(one.split()) for one in shown.splitlines())):
        pattern = re.escape(line).replace(re.escape("..."), ".+")
        assert re.search(pattern, plain), f"{line!r} is not in: {plain}"


def check_flags(words: list[str]) -> None:
    """The command line understands the command, its candidates too; nothing runs."""
    import typer

    from elige.cli.app import app

    command: Any = typer.main.get_command(app)
    rest = words[1:]
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    command.make_context("elige", rest)
    for text in candidates_in(words):
        parse_candidate(text)


def check_other(words: list[str]) -> None:
    """A make target exists; an extra exists; a test folder exists."""
    if words[0] == "make":
        targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert words[1] in targets
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name in re.findall(r"\[([\w,]+)\]", " ".join(words)):
        assert {*name.split(",")} <= {*extras["optional-dependencies"]}


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PACKAGED if is_installed(name)])
def test_the_commands_for_packaged_models_prepare(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["elige", "choose", "builtin:facts", "-c", name, "-c", "echo", "--dry-run"]
    assert called(words, monkeypatch) == 0


def test_the_lesson_is_the_same_in_both_languages() -> None:
    def frame(page: Path) -> tuple[list[str], list[str], set[str]]:
        """Its commands, how its lines begin, and where its links lead."""
        text = page.read_text("utf-8")
        lines = [line.split(" ")[0] for line in text.splitlines() if line.startswith(("#", "|"))]
        links = {link.removeprefix("../") for link in _LINK.findall(text)}
        return [block.text for block in blocks(page)], lines, links - {"es/leccion.md", "lesson.md"}

    assert frame(DOCS / "es" / "leccion.md") == frame(DOCS / "lesson.md")


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text("utf-8")):
        if "://" not in target and Path(target).name not in PICTURES:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_paths_that_a_page_names_are_there(page: Path) -> None:
    if page.name == "design.md":  # it speaks of what will be, too
        return
    for path in re.findall(r"`((?:src|docs|tests|scripts)/[\w./-]+)`", page.read_text("utf-8")):
        assert (ROOT / path).exists(), path


def test_the_licence_in_the_recipe_is_a_valid_entry() -> None:
    (example,) = [one for one in blocks(ROOT / "CONTRIBUTING.md") if one.kind == "yaml"]
    (entry,) = yaml.safe_load(example.text)
    assert LicenceFacts.model_validate(entry).id not in table()


def installed(example: str, folder: Path) -> Path:
    """A recipe's folder, copied and installed as pip would: on the path, with entry points."""
    source, copy = EXAMPLES / example, folder / "plugin"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    about = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]
    info = copy / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
    info.mkdir()
    head = f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n"
    (info / "METADATA").write_text(head, "utf-8")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in about["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    return copy


def ran(words: list[str], folder: Path) -> str:
    """What a Python program of this environment prints, run in a plugin's folder."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("example", "title", "told"),
    [
        pytest.param("engine", "## An engine", "scored 100.0", id="engine"),
        pytest.param("task", "## A task", "Use echo,skill=0.9", id="task"),
    ],
)
def test_a_recipe_for_a_plugin_works(example: str, title: str, told: str, tmp_path: Path) -> None:
    """Every command of the recipe but the installation, in the copied folder."""
    folder = installed(example, tmp_path)
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition(title)[2].partition("\n## ")[0]
    found = [Block(*one) for one in _BLOCK.findall(text)]
    commands = [shlex.split(command) for block in found for command, _ in block.commands()]
    assert commands[0] == ["pip", "install", "-e", "."] and len(commands) == 3
    out = ""
    for words in commands[1:]:
        out = ran(["-m", "elige", *words[1:]] if words[0] == "elige" else words[1:], folder)
    assert told in out


def test_a_task_plugin_may_name_a_task_file(tmp_path: Path) -> None:
    code = "import elige; print(elige.evaluate('capitals', 'echo,skill=1').to_json(indent=None))"
    facts = json.loads(ran(["-W", "error", "-c", code], installed("task", tmp_path)))
    assert (facts["task"], facts["score"]) == ("capitals", 1.0)


def test_the_changelog_begins_with_what_comes_next() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    head = next(line for line in text.splitlines() if line.startswith("## "))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert re.match(rf"## (Unreleased|\[?{re.escape(version)}\b)", head)
    assert elige.__version__ == version


def test_the_design_names_every_folder() -> None:
    text = (DOCS / "design.md").read_text("utf-8")
    folders = {path.parent.name for path in (ROOT / "src" / "elige").glob("*/__init__.py")}
    assert {name for name in folders if f"  {name}/" not in text} == set()
