"""How answers are judged: factories that take options and return a scorer."""

from elige.evaluate.scorers.building import (
    SCORER_VERSION,
    build_scorer,
    scorer_digest,
    target_digest,
)
from elige.evaluate.scorers.code_run import check_code_task, python_output, python_tests
from elige.evaluate.scorers.json_answer import json_fields
from elige.evaluate.scorers.judgement import is_refusal, judge
from elige.evaluate.scorers.labels import classification
from elige.evaluate.scorers.numbers import last_number
from elige.evaluate.scorers.patterns import regex
from elige.evaluate.scorers.strings import contains, exact, token_f1
from elige.evaluate.scorers.weighing import choice

__all__ = [
    "SCORER_VERSION",
    "build_scorer",
    "check_code_task",
    "choice",
    "classification",
    "contains",
    "exact",
    "is_refusal",
    "json_fields",
    "judge",
    "last_number",
    "python_output",
    "python_tests",
    "regex",
    "scorer_digest",
    "target_digest",
    "token_f1",
]
