"""How open a model is: five questions, and the frameworks' own grades."""

from elige.catalog.openness.grade import grade_file, openness_facts
from elige.catalog.openness.record import Answer, Level, Met, Openness, Question

__all__ = ["Answer", "Level", "Met", "Openness", "Question", "grade_file", "openness_facts"]
