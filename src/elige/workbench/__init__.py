"""The verbs, wired once: what the command line, the server and programs call.

A name loads its module when it is first asked for, so that no command waits for what another one
needs. A verb that is called as its module (`allow`, `estimate`, ...) is imported from there.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any  # a name can stand for anything

if TYPE_CHECKING:
    from elige.workbench.bench import Workbench as Workbench
    from elige.workbench.choose import run_race as run_race
    from elige.workbench.combine import Combined as Combined
    from elige.workbench.combine import CombineOptions as CombineOptions
    from elige.workbench.combine import combine_run as combine_run
    from elige.workbench.compare import CompareOptions as CompareOptions
    from elige.workbench.compare import compare_runs as compare_runs
    from elige.workbench.cost import Cost as Cost
    from elige.workbench.cost import CostOptions as CostOptions
    from elige.workbench.cost import Costs as Costs
    from elige.workbench.cost import SelfHosted as SelfHosted
    from elige.workbench.cost import cost_of as cost_of
    from elige.workbench.demo import demo_options as demo_options
    from elige.workbench.doctor import Check as Check
    from elige.workbench.doctor import Diagnosis as Diagnosis
    from elige.workbench.doctor import diagnose as diagnose
    from elige.workbench.estimate import Estimate as Estimate
    from elige.workbench.estimate import Expected as Expected
    from elige.workbench.evaluate import Evaluated as Evaluated
    from elige.workbench.evaluate import Evaluation as Evaluation
    from elige.workbench.evaluate import run_evaluation as run_evaluation
    from elige.workbench.export import Exported as Exported
    from elige.workbench.export import export_candidate as export_candidate
    from elige.workbench.fit import Fit as Fit
    from elige.workbench.fit import fit_model as fit_model
    from elige.workbench.importing import Imported as Imported
    from elige.workbench.importing import ImportedFile as ImportedFile
    from elige.workbench.importing import import_files as import_files
    from elige.workbench.leaderboard import LeaderboardOptions as LeaderboardOptions
    from elige.workbench.leaderboard import board_facts as board_facts
    from elige.workbench.leaderboard import leaderboard_of as leaderboard_of
    from elige.workbench.leaderboard import write_board_csv as write_board_csv
    from elige.workbench.leaderboard import write_board_page as write_board_page
    from elige.workbench.licence import read_licence as read_licence
    from elige.workbench.measured import Measured as Measured
    from elige.workbench.measured import measure_machine as measure_machine
    from elige.workbench.models_tree import FamilyTree as FamilyTree
    from elige.workbench.models_tree import TreeOptions as TreeOptions
    from elige.workbench.models_tree import family_tree as family_tree
    from elige.workbench.models_tree import states_freer as states_freer
    from elige.workbench.models_tree import tree_facts as tree_facts
    from elige.workbench.openness import Graded as Graded
    from elige.workbench.openness import grade_openness as grade_openness
    from elige.workbench.openness import write_wheel as write_wheel
    from elige.workbench.options import ChooseOptions as ChooseOptions
    from elige.workbench.options import EvaluateOptions as EvaluateOptions
    from elige.workbench.options import ReplayOptions as ReplayOptions
    from elige.workbench.planned import plan_facts as plan_facts
    from elige.workbench.prepare import Plan as Plan
    from elige.workbench.prepare import Preview as Preview
    from elige.workbench.prepare import plan_evaluation as plan_evaluation
    from elige.workbench.prepare import plan_race as plan_race
    from elige.workbench.reckoning import FitOptions as FitOptions
    from elige.workbench.replay import Replaying as Replaying
    from elige.workbench.replay import ReplayResult as ReplayResult
    from elige.workbench.replay import matrices_of as matrices_of
    from elige.workbench.replay import run_replay as run_replay
    from elige.workbench.report import check_report_path as check_report_path
    from elige.workbench.report import report_run as report_run
    from elige.workbench.run_export import ExportOptions as ExportOptions
    from elige.workbench.run_export import export_run as export_run
    from elige.workbench.run_report import report_kept_run as report_kept_run
    from elige.workbench.runs import ShownRun as ShownRun
    from elige.workbench.runs import list_runs as list_runs
    from elige.workbench.runs import show_run as show_run

_NAMES = {
    "bench": ("Workbench",),
    "choose": ("run_race",),
    "combine": (
        "CombineOptions",
        "Combined",
        "combine_run",
    ),
    "compare": (
        "CompareOptions",
        "compare_runs",
    ),
    "cost": (
        "Cost",
        "CostOptions",
        "Costs",
        "SelfHosted",
        "cost_of",
    ),
    "demo": ("demo_options",),
    "doctor": (
        "Check",
        "Diagnosis",
        "diagnose",
    ),
    "estimate": (
        "Estimate",
        "Expected",
    ),
    "evaluate": (
        "Evaluated",
        "Evaluation",
        "run_evaluation",
    ),
    "export": (
        "Exported",
        "export_candidate",
    ),
    "fit": (
        "Fit",
        "fit_model",
    ),
    "importing": (
        "Imported",
        "ImportedFile",
        "import_files",
    ),
    "leaderboard": (
        "LeaderboardOptions",
        "board_facts",
        "leaderboard_of",
        "write_board_csv",
        "write_board_page",
    ),
    "licence": ("read_licence",),
    "measured": (
        "Measured",
        "measure_machine",
    ),
    "models_tree": (
        "FamilyTree",
        "TreeOptions",
        "family_tree",
        "states_freer",
        "tree_facts",
    ),
    "openness": (
        "Graded",
        "grade_openness",
        "write_wheel",
    ),
    "options": (
        "ChooseOptions",
        "EvaluateOptions",
        "ReplayOptions",
    ),
    "planned": ("plan_facts",),
    "prepare": (
        "Plan",
        "Preview",
        "plan_evaluation",
        "plan_race",
    ),
    "reckoning": ("FitOptions",),
    "replay": (
        "ReplayResult",
        "Replaying",
        "matrices_of",
        "run_replay",
    ),
    "report": (
        "check_report_path",
        "report_run",
    ),
    "run_export": (
        "ExportOptions",
        "export_run",
    ),
    "run_report": ("report_kept_run",),
    "runs": (
        "ShownRun",
        "list_runs",
        "show_run",
    ),
}
_WHERE = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_WHERE)
