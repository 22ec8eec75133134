"""The user's own runs in the catalogue: on `models sync runs`, and before a card is shown."""

from collections.abc import Sequence

from elige.catalog.shelf import Shelf, SourceState, SyncOptions
from elige.catalog.sources import source
from elige.config import Settings, today
from elige.errors import BadInput, EligeError
from elige.machine.measures import TRIED
from elige.records import Place
from elige.text import digest
from elige.workbench.bench import Workbench

NAME = "runs"
WHERE = "this home's store"
# Raised whenever runs are read otherwise: then all of them are read again.
_READER = 2
_DIGITS = 16
_UNSEEN = "-"
_Marks = Sequence[tuple[str, str, str]]


def gather_runs(bench: Workbench) -> None:
    """Have the catalogue know the runs of this home; where nothing changed nothing is read.

    Nobody waits for it, and it stops nobody: where it cannot be done, that is said.
    """
    shelf = bench.catalogue
    if not isinstance(shelf, Shelf) or not bench.settings.has_store:
        return
    try:
        state = next((one for one in shelf.states() if one.source == NAME), None)
        if state is not None and _is_untouched(state, bench.settings):
            return
        place, mark, told = own_place(bench, state)
        if not mark.startswith("0 ") if state is None else _differ(state.etag, mark):
            options = SyncOptions(today=today(), place=told, etag=mark, is_patient=False)
            shelf.sync(source(NAME), place, options)
    except EligeError as error:
        bench.say(f"Your newest runs are not shown here: {error}")


def own_place(
    bench: Workbench, state: SourceState | None, *, asked: str = ""
) -> tuple[Place, str, str]:
    """The store, from the last change on that `state` has seen; a mark of what it holds now.

    All of it is read where runs that were there are gone, and after a trial, which belongs to
    runs of before. Raises `BadInput` for another place.
    """
    if asked:
        raise BadInput(
            f"Your own runs are read from the store of this home, not from {asked}.",
            hint="Leave --from out; for runs of another home, set ELIGE_HOME.",
        )
    if not bench.settings.has_store:
        return Place(fetched=today()), _mark([], "", _UNSEEN), WHERE
    look = _look(bench.settings)  # before the store is opened, which is a look of its own
    marks = bench.store.run_marks()
    trials = digest([_READER, bench.store.measures_named(TRIED)])[:_DIGITS]
    since = _seen_until(state.etag, marks, trials) if state is not None else ""
    place = Place(address=bench.settings.database, fetched=today(), since=since)
    return place, _mark(marks, trials, look), WHERE


def _look(settings: Settings) -> str:
    """How the store's file looks, and to which reader; '-' on a server and while it is open."""
    file = settings.store_file
    if file is None or file.with_name(f"{file.name}-wal").exists():
        return _UNSEEN
    try:
        found = file.stat()
    except OSError:
        return _UNSEEN
    return f"{_READER}-{found.st_mtime_ns}-{found.st_size}"


def _is_untouched(state: SourceState, settings: Settings) -> bool:
    """Whether nobody wrote to the store since; to open it takes a third of a command's time."""
    look = _look(settings)
    return look != _UNSEEN and state.etag.endswith(f" {look}")


def _differ(before: str, mark: str) -> bool:
    """Whether runs changed; also where only the file did, so that it is known by its look again."""
    runs, _, look = mark.rpartition(" ")
    return before != mark if look != _UNSEEN else not before.startswith(f"{runs} ")


def _mark(marks: _Marks, trials: str, look: str) -> str:
    """How many runs there are, the last change, which runs, the trials, and how each run stands.

    Then the look of the store's file.
    """
    last = max((changed for _, changed, _ in marks), default="")
    stand = digest(marks)[:_DIGITS]
    return f"{len(marks)} {last or '-'} {_ids(marks)} {trials or '-'} {stand} {look}"


def _seen_until(mark: str, marks: _Marks, trials: str) -> str:
    """The last change that `mark` knows of, '' where its runs are gone or there were trials."""
    count, last, ids, tried, *_ = (*mark.split(" "), "", "", "", "")
    if not count.isdecimal() or last == "-" or tried != trials:
        return ""
    return last if ids == _ids(marks[: int(count)]) else ""


def _ids(marks: _Marks) -> str:
    return digest([run for run, _, _ in marks])[:_DIGITS]
