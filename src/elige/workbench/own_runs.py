"""The user's own runs in the catalogue: on `models sync runs`, and before a card is shown."""

from collections.abc import Sequence

from elige.catalog.shelf import Shelf, SourceState, SyncOptions
from elige.catalog.sources import source
from elige.config import today
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
        place, mark, told = own_place(bench, state)
        if state is None and not mark.startswith("0 ") or state is not None and state.etag != mark:
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
        return Place(fetched=today()), _mark([], ""), WHERE
    marks = bench.store.run_marks()
    trials = digest([_READER, bench.store.measures_named(TRIED)])[:_DIGITS]
    since = _seen_until(state.etag, marks, trials) if state is not None else ""
    place = Place(address=bench.settings.database, fetched=today(), since=since)
    return place, _mark(marks, trials), WHERE


def _mark(marks: _Marks, trials: str) -> str:
    """How many runs there are, the last change, which runs, the trials, and how each run stands."""
    last = max((changed for _, changed, _ in marks), default="")
    return f"{len(marks)} {last or '-'} {_ids(marks)} {trials or '-'} {digest(marks)[:_DIGITS]}"


def _seen_until(mark: str, marks: _Marks, trials: str) -> str:
    """The last change that `mark` knows of, '' where its runs are gone or there were trials."""
    count, last, ids, tried, *_ = (*mark.split(" "), "", "", "", "")
    if not count.isdecimal() or last == "-" or tried != trials:
        return ""
    return last if ids == _ids(marks[: int(count)]) else ""


def _ids(marks: _Marks) -> str:
    return digest([run for run, _, _ in marks])[:_DIGITS]
