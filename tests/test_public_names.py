"""What `import elige` gives, and what it costs."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import elige
from elige import errors, workbench

NAMES = [
    "BadInput",
    "ChooseResult",
    "CombineResult",
    "CompareResult",
    "DoesNotFit",
    "EligeError",
    "EngineDown",
    "EngineError",
    "EngineRefused",
    "EvaluateResult",
    "Fit",
    "LeaderboardResult",
    "MissingExtra",
    "NoSandbox",
    "NotAllowed",
    "NotFound",
    "ReplayResult",
    "Standing",
    "Status",
    "StoreError",
    "TaskOptions",
    "Verdict",
    "__version__",
    "choose",
    "combine",
    "compare",
    "evaluate",
    "export_model",
    "fit",
    "import_results",
    "leaderboard",
    "replay",
]
HEAVY = {"torch", "sqlalchemy", "pydantic", "numpy", "pandas", "transformers", "typer", "httpx"}


def run(code: str) -> str:
    """What a fresh interpreter prints, warnings being errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_public_names_are_these() -> None:
    assert elige.__all__ == dir(elige) == NAMES


@pytest.mark.parametrize("name", [name for name in NAMES if name != "__version__"])
def test_every_public_name_has_a_docstring(name: str) -> None:
    assert inspect.getdoc(getattr(elige, name))


def test_every_error_is_public() -> None:
    tree = {name for name, one in vars(errors).items() if inspect.isclass(one)}
    assert {name for name in tree if issubclass(getattr(errors, name), Exception)} <= {*NAMES}


def test_importing_elige_loads_nothing_heavy() -> None:
    loaded = run("import elige, sys; print(*{name.split('.')[0] for name in sys.modules})")
    assert not HEAVY & set(loaded.split())


def test_the_version_is_that_of_the_installed_package() -> None:
    from importlib.metadata import version

    assert elige.__version__ == version("elige")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'elige' has no attribute 'chose'"):
        getattr(elige, "chose")  # noqa: B009 - a name that type checkers would refuse


@pytest.mark.parametrize(
    "code",
    [
        "import elige; print(callable(elige.choose), callable(elige.evaluate))",
        "import elige.choose.words; import elige; print(callable(elige.choose), True)",
        "from elige import choose, evaluate; print(callable(choose), callable(evaluate))",
        "import elige.workbench as _; from elige import choose; print(callable(choose), True)",
        "import elige.choose.words as w; print(callable(w.headline), True)",
    ],
    ids=["first", "after the package", "from", "after the workbench", "a module by its path"],
)
def test_verbs_and_packages_of_one_name_live_together(code: str) -> None:
    assert run(code) == "True True"


def test_help_shows_the_function_and_its_options() -> None:
    parameters = inspect.signature(elige.choose).parameters
    assert [*parameters] == ["data", "candidates", "report", "progress", "options"]
    assert (inspect.getdoc(elige.choose) or "").startswith("The verdict on which candidate")


def test_every_name_of_the_workbench_is_there_and_none_hides_behind_a_module() -> None:
    """A name that is a module's too would stand for that, once it is imported."""
    modules = {path.stem for path in Path(workbench.__file__).parent.glob("*.py")}
    assert dir(workbench)
    for name in dir(workbench):
        assert getattr(workbench, name), name
        assert name not in modules
    with pytest.raises(AttributeError, match="'elige.workbench' has no attribute 'chose'"):
        getattr(workbench, "chose")  # noqa: B009 - a name that type checkers would refuse
