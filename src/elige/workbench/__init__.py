"""The verbs, wired once: what the command line, the server and programs call."""

from elige.workbench.allow import allow
from elige.workbench.bench import Workbench
from elige.workbench.choose import run_race
from elige.workbench.combine import Combined, CombineOptions, combine_run
from elige.workbench.compare import CompareOptions, compare_runs
from elige.workbench.cost import Cost, CostOptions, Costs, SelfHosted, cost_of
from elige.workbench.cost_facts import cost_facts
from elige.workbench.demo import demo_options
from elige.workbench.doctor import Check, Diagnosis, diagnose
from elige.workbench.estimate import Estimate, Expected, estimate
from elige.workbench.evaluate import Evaluated, Evaluation, run_evaluation
from elige.workbench.export import Exported, export_candidate
from elige.workbench.fit import Fit, fit_model
from elige.workbench.fit_facts import fit_facts
from elige.workbench.importing import Imported, ImportedFile, import_files
from elige.workbench.leaderboard import (
    LeaderboardOptions,
    board_facts,
    leaderboard_of,
    write_board_csv,
    write_board_page,
)
from elige.workbench.licence import read_licence
from elige.workbench.measured import Measured, measure_machine
from elige.workbench.models_tree import (
    FamilyTree,
    TreeOptions,
    family_tree,
    states_freer,
    tree_facts,
)
from elige.workbench.openness import Graded, grade_openness, write_wheel
from elige.workbench.options import ChooseOptions, EvaluateOptions, ReplayOptions
from elige.workbench.planned import plan_facts
from elige.workbench.prepare import Plan, Preview, plan_evaluation, plan_race
from elige.workbench.reckoning import FitOptions
from elige.workbench.replay import Replaying, ReplayResult, matrices_of, run_replay
from elige.workbench.report import check_report_path, report_run
from elige.workbench.run_export import ExportOptions, export_run
from elige.workbench.run_report import report_kept_run
from elige.workbench.runs import ShownRun, list_runs, show_run

__all__ = [
    "Check",
    "ChooseOptions",
    "CombineOptions",
    "Combined",
    "CompareOptions",
    "Cost",
    "CostOptions",
    "Costs",
    "Diagnosis",
    "Evaluated",
    "Estimate",
    "EvaluateOptions",
    "Evaluation",
    "Expected",
    "Graded",
    "FamilyTree",
    "Fit",
    "FitOptions",
    "Imported",
    "ImportedFile",
    "LeaderboardOptions",
    "ExportOptions",
    "Exported",
    "Measured",
    "Plan",
    "Preview",
    "ReplayOptions",
    "ReplayResult",
    "Replaying",
    "SelfHosted",
    "ShownRun",
    "TreeOptions",
    "Workbench",
    "allow",
    "board_facts",
    "check_report_path",
    "combine_run",
    "compare_runs",
    "cost_facts",
    "cost_of",
    "demo_options",
    "diagnose",
    "estimate",
    "grade_openness",
    "import_files",
    "leaderboard_of",
    "export_candidate",
    "export_run",
    "list_runs",
    "matrices_of",
    "family_tree",
    "fit_facts",
    "fit_model",
    "list_runs",
    "measure_machine",
    "plan_evaluation",
    "plan_facts",
    "plan_race",
    "read_licence",
    "report_kept_run",
    "report_run",
    "run_evaluation",
    "run_race",
    "run_replay",
    "show_run",
    "states_freer",
    "tree_facts",
    "write_board_csv",
    "write_board_page",
    "write_wheel",
]
