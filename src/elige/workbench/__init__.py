"""The verbs, wired once: what the command line, the server and programs call."""

from elige.workbench.allow import allow
from elige.workbench.bench import Workbench
from elige.workbench.choose import run_race
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
from elige.workbench.measured import Measured, measure_machine
from elige.workbench.options import ChooseOptions, EvaluateOptions
from elige.workbench.prepare import Plan, Preview, plan_evaluation, plan_race
from elige.workbench.reckoning import FitOptions
from elige.workbench.report import check_report_path, report_run
from elige.workbench.runs import ShownRun, list_runs, show_run

__all__ = [
    "Check",
    "ChooseOptions",
    "Diagnosis",
    "Evaluated",
    "Estimate",
    "EvaluateOptions",
    "Evaluation",
    "Expected",
    "Fit",
    "FitOptions",
    "Imported",
    "ImportedFile",
    "LeaderboardOptions",
    "Exported",
    "Measured",
    "Plan",
    "Preview",
    "ShownRun",
    "Workbench",
    "allow",
    "board_facts",
    "check_report_path",
    "demo_options",
    "diagnose",
    "estimate",
    "import_files",
    "leaderboard_of",
    "export_candidate",
    "fit_facts",
    "fit_model",
    "list_runs",
    "measure_machine",
    "plan_evaluation",
    "plan_race",
    "report_run",
    "run_evaluation",
    "run_race",
    "show_run",
    "write_board_csv",
    "write_board_page",
]
