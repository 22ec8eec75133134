"""Code that models wrote is run here: in a bubblewrap sandbox, and nowhere else."""

from elige.evaluate.sandbox.box import check_sandbox, why_unavailable
from elige.evaluate.sandbox.limits import Limits, limits_from
from elige.evaluate.sandbox.running import Ended, Outcome, Trial, run_python, run_tests

__all__ = [
    "Ended",
    "Limits",
    "Outcome",
    "Trial",
    "check_sandbox",
    "limits_from",
    "run_python",
    "run_tests",
    "why_unavailable",
]
