"""Code found in an answer, and the tests of a sample."""

import ast
import builtins
import json
import keyword
import re
import textwrap
from dataclasses import dataclass

from elige.records import Sample

_FENCE = re.compile(r"(?:```|~~~)[ \t]*([\w+#.-]*)[^\n`]*\n(.*?)(?:```|~~~|\Z)", re.DOTALL)
_TAGGED = re.compile(r"<llm-code>\s*\n?(.*?)(?:</llm-code>|\Z)", re.DOTALL)
_CALLED = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
_STATEMENT = re.compile(r"^(?:import|from|def|class|async def|@|print\(|\w+ *=)", re.MULTILINE)
# What a base model writes once a function is done (the stops of HumanEval, Chen et al. 2021).
AFTER_A_FUNCTION = ("\nclass ", "\ndef ", "\n#", "\nif ", "\nprint(", "\nassert ")

_USUAL = frozenset({*vars(builtins), *keyword.kwlist})
_TESTS = ("test", "tests", "test_list", "test_cases", "unit_tests", "unit_test")
_SETUP = ("test_imports", "test_setup_code")
_ENTRY_POINT = ("entry_point", "function_name", "func_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTests:
    """A sample's tests as Python, the function they are about, and what its prompt defines."""

    tests: str
    entry_point: str = ""
    preamble: str = ""

    @property
    def tested(self) -> str:
        """The entry point; where none is said and only built-ins are called, the first of them.

        For a task may ask for a function of such a name (`sum`).
        """
        called = _CALLED.findall(self.tests)
        if self.entry_point or any(name not in _USUAL for name in called):
            return self.entry_point
        return next((name for name in called if name in vars(builtins)), "")

    def wanted(self) -> tuple[str, ...]:
        """Names that the code may have to define: the entry point, else whatever is called."""
        if self.tested:
            return (self.tested,)
        return tuple(
            name for name in dict.fromkeys(_CALLED.findall(self.tests)) if name not in _USUAL
        )


def sample_tests(sample: Sample, column: str = "") -> SampleTests | None:
    """The tests that come with `sample`: from the named column, a usual one, or the answer.

    None when there are none.
    """
    fields = dict(sample.fields)
    names = (column,) if column else _TESTS
    text = next((_joined(fields[name]) for name in names if fields.get(name)), "")
    if not text and _looks_like_tests(sample.target):
        text = "\n".join(sample.targets)
    if not text.strip():
        return None
    setup = [_joined(fields[name]) for name in _SETUP if fields.get(name)]
    entry_point = next((fields[name] for name in _ENTRY_POINT if fields.get(name)), "")
    return SampleTests(
        tests="\n".join([*setup, text]),
        entry_point=entry_point if entry_point.isidentifier() else "",
        preamble=_preamble(sample.question, entry_point),
    )


def fenced_code(text: str, wanted: tuple[str, ...] = (), *, last: bool = False) -> str | None:
    """The code of a fenced block of Python; None when there is none.

    Of several the first one that defines a `wanted` name, else the first, or the `last`.
    """
    head, fence, _ = text.partition("```")
    if fence and _STATEMENT.match(head.lstrip()):
        return head  # the prompt opened the block, and the answer closes it
    found = [(tag.lower(), textwrap.dedent(body)) for tag, body in _FENCE.findall(text)]
    blocks = [body for tag, body in found if tag.startswith("py")]
    blocks += [textwrap.dedent(body) for body in _TAGGED.findall(text)]
    blocks = blocks or [body for tag, body in found if not tag]
    blocks = [body for body in blocks if body.strip()]
    if not blocks:
        return None
    defining = [body for body in blocks if defines(body, wanted)]
    return (defining or blocks)[-1 if last else 0]


def bare_code(text: str) -> str | None:
    """`text` itself where it begins as Python does, its block having been opened by the prompt."""
    return text if _STATEMENT.match(text.lstrip()) else None


def defines(code: str, names: tuple[str, ...]) -> bool:
    """Whether `code` looks as if it defines one of `names` at its top level."""
    known = "|".join(map(re.escape, names))
    pattern = rf"^(?:(?:async )?def|class) +(?:{known})\b|^(?:{known}) *="
    return bool(names) and re.search(pattern, code, re.MULTILINE) is not None


def completed(prompt: str, text: str) -> str | None:
    """`prompt` with the function body that `text` begins with; None for an empty one."""
    ends = [place for stop in AFTER_A_FUNCTION if (place := text.find(stop)) >= 0]
    ends += [text.find("\n```")] if "\n```" in text else []
    body = text[: min(ends)] if ends else text
    if not body.strip():
        return None
    # The space between prompt and answer is lost on the way of some models.
    indent = "" if body[0].isspace() else "    "
    return f"{prompt.rstrip()}\n{indent}{body}\n"


def is_unfinished(prompt: str, entry_point: str) -> bool:
    """Whether `prompt` is Python that ends in the head of the function `entry_point`."""
    tree = _tree(prompt)
    last = tree.body[-1] if tree and tree.body else None
    if not isinstance(last, ast.FunctionDef) or (entry_point and last.name != entry_point):
        return False
    # A docstring, and the `pass` that may have been added to read it at all.
    return all(isinstance(node, (ast.Expr, ast.Pass)) for node in last.body)


def is_code(text: str) -> bool:
    """Whether a sample's question is Python rather than prose."""
    return is_unfinished(text, "")


def _preamble(prompt: str, entry_point: str) -> str:
    """What a prompt that is Python defines besides the function that is asked for."""
    tree = _tree(prompt)
    if tree is None:
        return ""
    asked = entry_point or getattr(tree.body[-1] if tree.body else None, "name", "")
    kept = [node for node in tree.body if getattr(node, "name", "") != asked]
    return ast.unparse(ast.Module(body=kept, type_ignores=[]))


def _tree(prompt: str) -> ast.Module | None:
    for text in (prompt, prompt.rstrip() + "\n    pass\n"):
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)
        return tree if any(isinstance(node, kinds) for node in tree.body) else None
    return None


def _joined(text: str) -> str:
    """Tests as one text: a list of them in JSON or Python is put line by line."""
    if not text.startswith("["):
        return text
    for parse in (json.loads, ast.literal_eval):
        try:
            found = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return "\n".join(found)
    return text


def _looks_like_tests(text: str) -> bool:
    return (
        re.search(r"^\s*(?:assert\b|def (?:check|test)|class \w+\(.*TestCase)", text, re.MULTILINE)
        is not None
    )
