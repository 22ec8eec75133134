"""Files, candidates and engines for the tests of tasks and prompts."""

import json
from pathlib import Path

from elige.records import Candidate, EngineInfo, Identity, ModelRef, RefKind

LOCAL = ModelRef(text="m", kind=RefKind.FOLDER, location="/m")
REMOTE = ModelRef(text="http://h/v1#m", kind=RefKind.ENDPOINT, location="http://h/v1", model="m")
CAN_SCORE = EngineInfo(identity=Identity(weights="w", engine="torch"))
WITH_TEMPLATE = EngineInfo(identity=Identity(weights="w", engine="torch"), has_template=True)
REHEARSES = EngineInfo(identity=Identity(weights="w", engine="echo"), rehearses=True)
ONLY_TALKS = EngineInfo(identity=Identity(weights="w", engine="remote"), can_score=False)


def plain(shots: int = 0, system: str = "") -> Candidate:
    return Candidate(name="plain", ref=LOCAL, shots=shots, system=system, prompt="plain")


def auto(shots: int = 0, system: str = "") -> Candidate:
    return Candidate(name="auto", ref=LOCAL, shots=shots, system=system)


def remote(shots: int = 0) -> Candidate:
    return Candidate(name="remote", ref=REMOTE, shots=shots)


def jsonl(folder: Path, *rows: object, name: str = "data.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def written(folder: Path, text: str, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path
