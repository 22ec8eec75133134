"""Scorers by name: built from a spec through the plugins' door, and their digests."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any  # a plugin's factory takes whatever it takes

from elige import plugins
from elige.errors import BadInput, EligeError
from elige.records import Sample, Scorer, ScorerSpec
from elige.text import digest, file_digest, nearest

# Raised whenever a built-in scorer gives another score to the same answer.
SCORER_VERSION = 1
_Factory = Callable[..., Any]


def build_scorer(spec: ScorerSpec, labels: Sequence[str] = ()) -> Scorer:
    """The scorer that `spec` names, with its options; a task's `labels` go to one that asks.

    Raises `NotFound` for an unknown name and `BadInput` for an unknown option or a bad value.
    """
    factory = _factory(spec.name)
    given: dict[str, object] = dict(spec.options)
    taken = _parameters(factory)
    _refuse_unknown(spec.name, given, taken)
    if "labels" in taken and "labels" not in given and labels:
        given["labels"] = tuple(labels)
    missing = [name for name, needed in taken.items() if needed and name not in given]
    if missing:
        raise BadInput(
            f"The scorer {spec.name} needs the option {missing[0]}.",
            hint=f"Give it with: --scorer-option {missing[0]}=VALUE",
        )
    try:
        scorer = factory(**given)
    except EligeError:
        raise
    except Exception as error:
        raise BadInput(
            f"The scorer {spec.name} cannot be made with these options: {error}.",
            hint="Check the options' values.",
        ) from error
    if not callable(scorer):
        raise BadInput(
            f"The plugin {spec.name!r} is no scorer: it made {type(scorer).__name__}.",
            hint="A scorer's factory returns a function of a sample and an answer.",
        )
    built: Scorer = scorer
    return built


def scorer_digest(spec: ScorerSpec, labels: Sequence[str] = ()) -> str:
    """Hash of everything that decides how answers are scored, for the keys of the store.

    A stranger's scorer counts with the bytes of its module, a user's own file with its digest.
    """
    return digest(
        {
            "name": spec.name,
            "options": sorted(spec.options),
            "labels": list(labels),
            "file": spec.digest or _source_digest(spec.name),
            "version": SCORER_VERSION,
        }
    )


def target_digest(sample: Sample) -> str:
    """Hash of what an answer to `sample` is compared with, and of the columns a scorer may read."""
    return digest(
        {
            "targets": sample.targets,
            "choices": sample.choices,
            "right": sample.right,
            "fields": sample.fields,
        }
    )


def _factory(name: str) -> _Factory:
    loaded = plugins.load("scorers", name)
    if callable(loaded):
        made: _Factory = loaded
        return made
    raise BadInput(
        f"The plugin {name!r} is no scorer's factory.",
        hint="Uninstall the package it comes from, or use another scorer.",
    )


def _parameters(factory: _Factory) -> Mapping[str, bool]:
    """The options of `factory` by name, and whether each one must be given; '**' takes any."""
    try:
        found = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        return {"**": False}
    return {
        "**" if one.kind is one.VAR_KEYWORD else one.name: one.default is one.empty
        and one.kind in (one.KEYWORD_ONLY, one.POSITIONAL_OR_KEYWORD)
        for one in found
        if one.kind is not one.VAR_POSITIONAL
    }


def _refuse_unknown(name: str, given: Mapping[str, object], taken: Mapping[str, bool]) -> None:
    unknown = [option for option in given if option not in taken and "**" not in taken]
    if not unknown:
        return
    known = ", ".join(sorted(taken))
    raise BadInput(
        f"The scorer {name} has no option {unknown[0]!r}.",
        hint=nearest(unknown[0], taken) or (f"It has: {known}." if known else "It has none."),
    )


def _source_digest(name: str) -> str:
    if name not in plugins.names("scorers"):
        return ""
    factory = _factory(name)
    if str(getattr(factory, "__module__", "")).split(".")[0] == "elige":
        return ""
    try:
        source = inspect.getsourcefile(factory)
        return file_digest(Path(source)) if source else ""
    except (TypeError, OSError):
        return ""
