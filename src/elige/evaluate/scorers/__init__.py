"""How answers are judged: factories that take options and return a scorer."""

from elige.evaluate.scorers.building import (
    SCORER_VERSION,
    build_scorer,
    scorer_digest,
    target_digest,
)
from elige.evaluate.scorers.code_run import check_code_task, python_output, python_tests
from elige.evaluate.scorers.json_answer import json_fields
from elige.evaluate.scorers.json_schema import json_schema
from elige.evaluate.scorers.judgement import is_refusal, judge
from elige.evaluate.scorers.labels import classification
from elige.evaluate.scorers.overlap import bleu, chrf, rouge
from elige.evaluate.scorers.patterns import regex
from elige.evaluate.scorers.quantities import last_number, number
from elige.evaluate.scorers.strings import contains, exact, token_f1
from elige.evaluate.scorers.weighing import choice

__all__ = [
    "SCORER_VERSION",
    "bleu",
    "build_scorer",
    "check_code_task",
    "choice",
    "chrf",
    "classification",
    "contains",
    "exact",
    "is_refusal",
    "json_fields",
    "json_schema",
    "judge",
    "last_number",
    "number",
    "python_output",
    "python_tests",
    "regex",
    "rouge",
    "scorer_digest",
    "target_digest",
    "token_f1",
]
