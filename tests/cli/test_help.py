"""What `--help` says: every line of it can be read at 80 columns, every example pasted."""

import re
import shlex
import subprocess
import sys

import pytest
from cli.conftest import Run

COMMANDS = [
    (),
    ("demo",),
    ("choose",),
    ("evaluate",),
    ("compare",),
    ("combine",),
    ("runs",),
    ("runs", "show"),
    ("runs", "export"),
    ("import",),
    ("leaderboard",),
    ("replay",),
    ("fit",),
    ("doctor",),
    ("allow",),
    ("models", "tree"),
    ("models", "search"),
    ("models", "similar"),
    ("models", "show"),
    ("models", "sync"),
]
ALL = pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "elige")


@ALL
def test_help_keeps_to_the_width_and_shows_lines_to_paste(
    command: tuple[str, ...], elige: Run
) -> None:
    told = elige(*command, "--help")
    assert told.code == 0
    assert told.err == ""
    assert max(map(len, told.out.splitlines())) <= 80
    usage = "elige " + " ".join(command)
    examples = [line.strip() for line in told.out.splitlines() if line.startswith(" elige ")]
    assert examples
    for example in examples:
        assert shlex.split(example)[0] == "elige"
        assert example.startswith(usage.strip())


@ALL
def test_h_is_help(command: tuple[str, ...], elige: Run) -> None:
    assert elige(*command, "-h").out == elige(*command, "--help").out


def test_help_of_the_program(elige: Run) -> None:
    panel = elige("--help").out.split("─ Commands ")[1]
    names = [line.split()[1] for line in panel.splitlines() if re.match(r"│ [a-z]", line)]
    assert names == [
        "demo",
        "choose",
        "evaluate",
        "compare",
        "combine",
        "import",
        "leaderboard",
        "replay",
        "export",
        "fit",
        "cost",
        "lm-eval",
        "openness",
        "licence",
        "doctor",
        "allow",
        "runs",
        "models",
    ]


def test_options_of_choose_stand_in_panels(elige: Run) -> None:
    shown = elige("choose", "--help").out
    titles = re.findall(r"╭─ (.+?) ─+╮", shown)
    assert titles == [
        "Arguments",
        "Options",
        "Candidates that are proposed",
        "How sure, and of what",
        "Hard limits, whatever the quality",
        "A final look",
        "What is shown",
        "The task (guessed from the file where left out)",
    ]
    options = set(re.findall(r"^│ [* ]*(--[a-z-]+)", shown, re.MULTILINE))
    assert options == {
        *("--from", "--top", "--yes"),
        *("--candidate", "--help", "--tolerance", "--confidence", "--scope", "--limit", "--seed"),
        *("--repeats", "--prefer", "--require", "--max-memory", "--min-context", "--may"),
        *(
            "--lock-test",
            "--final",
            "--report",
            "--dry-run",
            "--strict",
            "--json",
            "--question",
            "--answer",
        ),
        *("--choices", "--context", "--id", "--group", "--index-base", "--kind", "--scorer"),
        *("--cluster", "--scorer-option", "--normalise", "--choice-format", "--instruction"),
        *("--question-template", "--shots-from", "--encoding", "--max-tokens", "--stop"),
        *("--estimates", "--rotate", "--columns", "--data", "--metric", "--budget"),
    }


def test_everything_that_a_task_can_be_told_has_a_flag() -> None:
    from dataclasses import fields

    from elige.cli.flags import task_options
    from elige.evaluate.options import TaskOptions

    file_only = {"name", "labels", "answer_template", "separator"}
    said = {field.name: None for field in fields(TaskOptions)} | {"id_column": "nr", "kind": ""}
    said |= {"choice_format": "", "scorer_option": None}
    flagged = task_options(said)
    assert flagged.id == "nr"
    assert {field.name for field in fields(TaskOptions)} - file_only == FLAGGED


FLAGGED = {
    *("question", "answer", "choices", "context", "id", "group", "index_base", "kind", "scorer"),
    *("scorer_options", "normalise", "instruction", "question_template", "choice_format"),
    *("shots_from", "encoding", "max_tokens", "stop", "estimates", "rotations"),
    *("columns", "rows_from", "metric", "cluster"),
}


def test_without_a_command_the_help_is_shown_and_nothing_else(elige: Run) -> None:
    told = elige()
    assert (told.code, told.err) == (2, "")
    assert told.out.strip() == elige("--help").out.strip()


def test_version(elige: Run) -> None:
    assert re.fullmatch(r"elige \d+\.\d+\.\d+\S*\n", elige("--version").out)


def test_completion_is_a_script_and_runs_nothing(
    elige: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without this the shell is looked for among the parent processes; a CI runner has none.
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    told = elige("--show-completion", "bash")
    assert told.code == 0
    assert "_ELIGE_COMPLETE" in told.out


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'torch', 'transformers', 'sqlalchemy', 'numpy', 'pandas', 'openai', 'httpx'}"
    code = (
        "import sys\n"
        "sys.argv = ['elige', 'choose', '--help']\n"
        "from elige.cli import main\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        f"sys.stderr.write(' '.join(sorted({heavy} & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
