"""The size budgets of docs/design.md, kept by reading the source."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "elige"
FILES = sorted(SOURCE.rglob("*.py"))
FILE_LINES, FUNCTION_LINES, CLASS_LINES, PARAMETERS = 300, 40, 200, 6


def ids(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_file_keeps_its_budget(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_functions_and_classes_keep_their_budget(path: Path) -> None:
    over = [
        f"{path.name}:{node.lineno} {node.name} has {length} lines"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and (length := lines_of(node, command=is_command_file(path))) > limit_of(node)
    ]
    assert over == []


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_public_functions_take_at_most_six_parameters(path: Path) -> None:
    if is_command_file(path):
        return
    over = [
        f"{path.name}:{node.lineno} {node.name}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and parameters_of(node) > PARAMETERS
    ]
    assert over == []


def is_command_file(path: Path) -> bool:
    return path.relative_to(SOURCE).parts[0] == "cli"


def limit_of(node: ast.FunctionDef | ast.ClassDef) -> int:
    return CLASS_LINES if isinstance(node, ast.ClassDef) else FUNCTION_LINES


def lines_of(node: ast.FunctionDef | ast.ClassDef, *, command: bool) -> int:
    """Lines from the first to the last; of a command only its body, for its options are help."""
    first = node.body[0].lineno if command and isinstance(node, ast.FunctionDef) else node.lineno
    return (node.end_lineno or node.lineno) - first + 1


def parameters_of(node: ast.FunctionDef) -> int:
    names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])
