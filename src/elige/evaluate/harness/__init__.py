"""Tasks of lm-evaluation-harness: read, asked and judged by its own code."""

from elige.evaluate.harness.data import Hub
from elige.evaluate.harness.task import HARNESS, Access, code_digest_of, harness_task

__all__ = ["HARNESS", "Access", "Hub", "code_digest_of", "harness_task"]
