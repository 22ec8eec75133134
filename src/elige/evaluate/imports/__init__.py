"""Readers of other programs' logs: each one knows its kind by the content."""

import re
from pathlib import Path

from elige.errors import BadInput
from elige.evaluate.imports.inspect_log import InspectReader
from elige.evaluate.imports.lm_eval import LmEvalReader
from elige.evaluate.imports.logfile import LogFile, open_log
from elige.evaluate.imports.promptfoo import PromptfooReader
from elige.evaluate.imports.record import Logged, LogReader, Origin, Unusable

__all__ = ["LogFile", "LogReader", "Logged", "Origin", "Unusable", "log_files", "recognised"]

READERS: tuple[LogReader, ...] = (LmEvalReader(), InspectReader(), PromptfooReader())
_KNOWN = (
    "Known: samples_*.jsonl of lm-eval (--log_samples), .json and .eval logs of Inspect, "
    "results.json of promptfoo."
)
_TOTALS = re.compile(r'"(?:n-shot|config_general|lm_eval_version)"\s*:')
_SUFFIXES = (".jsonl", ".json", ".eval", ".jsonl.gz", ".json.gz")


def recognised(path: Path) -> tuple[LogFile, LogReader]:
    """The file and who can read it. Raises `BadInput` for a file of no known kind."""
    file = open_log(path)
    reader = next((one for one in READERS if one.knows(file)), None)
    if reader is not None:
        return file, reader
    if _TOTALS.search(file.head):
        raise BadInput(
            f"{path} holds lm-eval's totals, not the samples that comparing needs.",
            hint="Give the samples_*.jsonl beside it; lm-eval writes them with --log_samples.",
        )
    raise BadInput(f"{path} is no log of a known kind.", hint=_KNOWN)


def log_files(paths: list[Path]) -> list[Path]:
    """The files, and those in the folders, among `paths`; totals are left out of folders.

    Raises `BadInput` for a folder without a log.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [one for one in sorted(path.rglob("*")) if one.name.endswith(_SUFFIXES)]
        logs = [one for one in inside if one.is_file() and not one.name.startswith("results_")]
        if not logs:
            raise BadInput(f"{path} holds no logs.", hint=_KNOWN)
        found += logs
    return list(dict.fromkeys(found))
