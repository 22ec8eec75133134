"""lm-eval itself, imported when it is needed and kept quiet."""

import importlib
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any  # lm-eval has no types

from elige.errors import MissingExtra

_TALKERS = ("lm_eval", "datasets", "huggingface_hub", "evaluate", "fsspec", "httpx")


def library(name: str) -> Any:  # noqa: ANN401 - lm-eval has no types
    """The module `name` of lm-eval or of what it stands on.

    Raises `MissingExtra` when it is not installed.
    """
    try:
        with quiet():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise MissingExtra("A task of lm-eval", extra="harness") from error


@cache
def tasks_folder() -> Path:
    """Where the tasks of the installed lm-eval lie; raises `MissingExtra` without it."""
    spec = find_spec("lm_eval")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra("A task of lm-eval", extra="harness")
    return (Path(spec.submodule_search_locations[0]) / "tasks").resolve()


def library_version() -> str:
    """The version of the installed lm-eval."""
    return version("lm_eval")


def default_seed() -> int:
    """The seed with which lm-eval draws examples where nobody says another."""
    return int(library("lm_eval.defaults").DEFAULT_OTHER_SEED)


def render_safely() -> None:
    """Have lm-eval's templates rendered without access to Python's insides.

    A template of a user's task file could otherwise run code that nobody allowed. What honest
    templates say is the same.
    """
    utils = library("lm_eval.utils")
    sandbox = library("jinja2.sandbox").SandboxedEnvironment
    if isinstance(utils.env, sandbox):
        return
    old = utils.env
    utils.env = sandbox(
        loader=old.loader,
        undefined=old.undefined,
        keep_trailing_newline=old.keep_trailing_newline,
    )
    utils.env.filters.update(old.filters)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep log lines, warnings and progress bars of these libraries off the terminal."""
    loggers = [logging.getLogger(name) for name in _TALKERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
