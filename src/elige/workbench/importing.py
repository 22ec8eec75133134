"""`import`: answers that were paid for elsewhere, into the store."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any  # JSON-like values have no better static type

from elige.config import now
from elige.errors import BadInput, EligeError, NotFound
from elige.evaluate.imports import LogFile, Logged, Origin, Unusable, log_files, recognised
from elige.records import AnswerKey, Score
from elige.stats import score_interval
from elige.store import RunEntry, RunRecord, ScoreKey, Store
from elige.text import canonical, digest
from elige.workbench.bench import Workbench

_RUN_ID = 12
_PAGE = 500
_SHOWN_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one run of a file. `known` says that it was there already."""

    run: str
    file: Path
    origin: Origin
    metric: str
    score: float
    interval: tuple[float, float]
    samples: int
    known: bool

    @property
    def words(self) -> str:
        """Where it comes from, for people."""
        return origin_words(self.origin, self.file.name)

    def facts(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "run": self.run,
            "file": str(self.file),
            "task": self.origin.task,
            "model": self.origin.model,
            "variant": self.origin.variant,
            "metric": self.metric,
            "score": self.score,
            "interval": list(self.interval),
            "samples": self.samples,
            "settings": dict(self.origin.settings),
            "origin": self.words,
            "known": self.known,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """What one file gave: its runs, and the records that could not be used, by their reason."""

    file: Path
    tool: str = ""
    runs: tuple[Imported, ...] = ()
    unusable: int = 0
    reasons: tuple[str, ...] = ()
    error: EligeError | None = None


def import_files(bench: Workbench, paths: Sequence[Path]) -> Iterator[ImportedFile]:
    """Read each file into the store, whole or not at all; one that is bad stops no other.

    Folders stand for the logs in them. Reading a file twice changes nothing. Raises `BadInput`
    for a folder without logs, and `StoreError`.
    """
    for path in log_files([one.expanduser() for one in paths]):
        try:
            file, reader = recognised(path)
        except BadInput as error:
            yield ImportedFile(file=path, error=error)
            continue
        taker = _Taker(bench.store, file, reader.name)
        try:
            for record in reader.read(file):
                taker.take(record)
            done = taker.finished()
        except BadInput as error:
            taker.abandon()
            done = ImportedFile(file=path, tool=reader.name, error=error)
        except BaseException:
            taker.abandon()
            raise
        yield done


def origin_words(origin: Origin, file: str) -> str:
    """'imported from FILE (lm-eval 0.4.13, 2026-11-25)'."""
    tool = f"{origin.tool} {origin.version}".strip()
    return f"imported from {file} ({', '.join(filter(None, (tool, origin.date)))})"


class _Taker:
    """Takes one file's records in: a run for each model, task and variant."""

    def __init__(self, store: Store, file: LogFile, tool: str) -> None:
        self._store, self._file, self._tool = store, file, tool
        self._runs: dict[Origin, _Run] = {}
        self._reasons: Counter[str] = Counter()
        self._places: dict[str, list[str]] = {}

    def take(self, record: Logged | Unusable) -> None:
        """Keep an answer, or count what is no answer."""
        if isinstance(record, Unusable):
            self._lament(record.place, record.why)
            return
        run = self._runs.get(record.origin)
        if run is None:
            run = _Run(self._store, self._file, record)
            self._runs[record.origin] = run
        trouble = run.take(record)
        if trouble:
            self._lament(record.sample, trouble)

    def finished(self) -> ImportedFile:
        """The end of the file: now its runs count."""
        reasons = tuple(
            f"{why}: {count} ({', '.join(self._places[why])}{', ...' * (count > _SHOWN_PLACES)})"
            for why, count in self._reasons.most_common()
        )
        unusable = sum(self._reasons.values())
        if not self._runs:
            told = f"; {reasons[0]}" if reasons else ""
            error = BadInput(
                f"{self._file.path} holds no answer with a score{told}.",
                hint="Run the evaluation again with its samples logged.",
            )
            return ImportedFile(
                file=self._file.path, tool=self._tool, unusable=unusable, error=error
            )
        return ImportedFile(
            file=self._file.path,
            tool=self._tool,
            runs=tuple(run.finish(reasons, unusable) for run in self._runs.values()),
            unusable=unusable,
            reasons=reasons,
        )

    def abandon(self) -> None:
        """Leave runs that count for nothing until the same file is read again."""
        for run in self._runs.values():
            run.abandon()

    def _lament(self, place: str, why: str) -> None:
        self._reasons[why] += 1
        places = self._places.setdefault(why, [])
        if len(places) < _SHOWN_PLACES:
            places.append(place)


@dataclass(kw_only=True)
class _Page:
    """What is written together."""

    answers: list[Any] = field(default_factory=list)
    scores: list[Any] = field(default_factory=list)
    entries: list[RunEntry] = field(default_factory=list)


class _Run:
    """One model on one task, as one file tells it."""

    def __init__(self, store: Store, file: LogFile, first: Logged) -> None:
        self._store, self._file, self._origin = store, file, first.origin
        self._metric = first.scores[0][0]
        self._candidate = digest(
            {"tool": first.origin.tool, "model": first.origin.model, "how": first.origin.settings}
        )
        self._id = digest({"import": file.digest, "origin": asdict(first.origin)})[:_RUN_ID]
        self._scorer = digest([first.origin.tool, self._metric, first.origin.variant])
        self._places: dict[str, int] = {}
        self._values: list[float] = []
        self._page = _Page()
        self.known = self._is_known()
        if not self.known:
            store.start_run(self._record())

    def take(self, one: Logged) -> str:
        """Keep one answer with its score; why it cannot be, '' where it was."""
        scores = dict(one.scores)
        if self._metric not in scores:
            return f"without {self._metric}"
        place = self._places.setdefault(one.sample, len(self._places))
        self._values.append(scores[self._metric])
        if self.known:
            return ""
        key = AnswerKey(
            candidate=self._candidate,
            sent=digest([self._file.digest, self._origin.task, one.sample, one.prompt]),
            repeat=one.repeat,
        )
        score = Score(
            scores[self._metric],
            one.why,
            extracted=one.extracted,
            parts=(*one.scores, *one.notes),
        )
        score_key = ScoreKey(answer=key, scorer=self._scorer, target=digest(one.target))
        self._page.answers.append((key, one.answer))
        self._page.scores.append((score_key, score))
        self._page.entries.append(
            RunEntry(
                candidate=self._origin.model,
                sample=one.sample,
                position=place,
                key=key,
                scorer=self._scorer,
                target=score_key.target,
                prompt=one.prompt,
            )
        )
        if len(self._page.entries) >= _PAGE:
            self._flush()
        return ""

    def finish(self, reasons: Sequence[str], unusable: int) -> Imported:
        """What is there now; only from here on does the run count."""
        interval, method = score_interval(self._values)
        found = Imported(
            run=self._id,
            file=self._file.path,
            origin=self._origin,
            metric=self._metric,
            score=sum(self._values) / len(self._values),
            interval=interval,
            samples=len(self._values),
            known=self.known,
        )
        if not self.known:
            self._flush()
            verdict = found.facts() | {
                "interval_method": method,
                "kind_of_value": "declared by the file",
                "unusable": unusable,
                "reasons": list(reasons),
            }
            verdict = {key: value for key, value in verdict.items() if key not in _TOLD_ELSEWHERE}
            self._store.finish_run(self._id, "finished", canonical(verdict), _moment())
        return found

    def abandon(self) -> None:
        """Mark it as failed: nothing reads it."""
        if not self.known:
            with suppress(EligeError):
                self._store.finish_run(self._id, "failed", None, _moment())

    def _is_known(self) -> bool:
        try:
            return self._store.run(self._id).status == "finished"
        except NotFound:
            return False

    def _flush(self) -> None:
        page, self._page = self._page, _Page()
        self._store.save_answers(page.answers, run=self._id)
        self._store.save_scores(page.scores)
        self._store.link(self._id, page.entries)

    def _record(self) -> RunRecord:
        spec = {
            "imported": asdict(self._origin) | {"settings": dict(self._origin.settings)},
            "file": str(self._file.path.absolute()),
            "file_digest": self._file.digest,
            "metric": self._metric,
            "candidates": [[self._origin.model, self._candidate]],
        }
        return RunRecord(
            id=self._id,
            kind="import",
            task=self._origin.task,
            data_hash=digest([self._origin.tool, self._origin.task]),
            spec=canonical(spec),
            created=_moment(),
        )


_TOLD_ELSEWHERE = {"run", "task", "known", "settings", "file"}


def _moment() -> str:
    return now().isoformat(timespec="seconds")
