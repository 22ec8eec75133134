"""What runs first in a box: limits that cannot be raised again, then the box's own program.

Its compiled code is handed over with that of its neighbours; see `box`.
"""

from __future__ import annotations

import os
import resource
import sys

TYPE_CHECKING = False  # as in `typing`, which is slow to import
if TYPE_CHECKING:
    from typing import Any  # what a job holds


READY = b"\0ready\n"


def main(job: dict[str, Any]) -> None:
    """Bind this process to the job's limits, take its output away, run the job's program."""
    sys.path += job["packages"]
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    for name, value in job["limits"].items():
        soft, hard = (value, value + 1) if name == "RLIMIT_CPU" else (value, value)
        resource.setrlimit(getattr(resource, name), (soft, hard))
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        if number not in job["kept"]:
            os.dup2(nothing, number)
    os.close(nothing)
    if job["kept"]:
        os.write(1, READY)  # what comes now is the code's own
    program = sys.modules[f"elige.evaluate.sandbox.{job['module']}"]
    getattr(program, job["function"])(job)
