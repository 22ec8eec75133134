"""Choose an open language model by evidence, use it, and make it your own.

    import elige

    verdict = elige.choose("examples.csv", ["smollm2-135m-instruct", "gemma-3-270m"])
    verdict.winner, verdict.sentences, verdict.to_frame()

Importing it is cheap: everything heavy is loaded when it is first used.
"""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any  # what a program hands over can be anything

from elige.errors import (
    BadInput,
    DoesNotFit,
    EligeError,
    EngineDown,
    EngineError,
    EngineRefused,
    MissingExtra,
    NoSandbox,
    NotAllowed,
    NotFound,
    StoreError,
)

if TYPE_CHECKING:
    from elige.evaluate.options import TaskOptions
    from elige.records import Standing, Status, Verdict
    from elige.workbench.comparing import CombineResult, CompareResult, combine, compare
    from elige.workbench.fit import Fit
    from elige.workbench.replay import ReplayResult, replay
    from elige.workbench.results import ChooseResult, EvaluateResult
    from elige.workbench.standings import LeaderboardResult, import_results, leaderboard
    from elige.workbench.verbs import choose, evaluate, export_model, fit

    __version__: str

__all__ = [
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

_WHERE = {
    "ChooseResult": "elige.workbench.results",
    "CombineResult": "elige.workbench.comparing",
    "CompareResult": "elige.workbench.comparing",
    "EvaluateResult": "elige.workbench.results",
    "Fit": "elige.workbench.fit",
    "LeaderboardResult": "elige.workbench.standings",
    "ReplayResult": "elige.workbench.replay",
    "Standing": "elige.records",
    "Status": "elige.records",
    "TaskOptions": "elige.evaluate.options",
    "Verdict": "elige.records",
    "combine": "elige.workbench.comparing",
    "compare": "elige.workbench.comparing",
    "import_results": "elige.workbench.standings",
    "leaderboard": "elige.workbench.standings",
    "export_model": "elige.workbench.verbs",
    "replay": "elige.workbench.replay",
    "fit": "elige.workbench.verbs",
}


class _Verb(ModuleType):
    """A package that can be called: `elige.choose` holds modules and is the verb itself.

    Both names were given away: the folders are the design's, the functions the user's.
    """

    @property
    def __wrapped__(self) -> Callable[..., Any]:
        """The function behind it; where `help` and editors find the signature."""
        verb = self.__name__.rpartition(".")[2]
        found: Callable[..., Any] = getattr(import_module("elige.workbench.verbs"), verb)
        return found

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return self.__wrapped__.__doc__

    def __call__(self, *given: Any, **said: Any) -> Any:  # noqa: ANN401 - the function checks
        return self.__wrapped__(*given, **said)


for _package in ("elige.choose", "elige.evaluate"):
    import_module(_package).__class__ = _Verb


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name == "__version__":
        return import_module("importlib.metadata").version("elige")
    if name not in _WHERE:
        raise AttributeError(f"module 'elige' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
