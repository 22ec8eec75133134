"""The remote engine's own keys."""

from dataclasses import dataclass, fields

from elige.errors import BadInput
from elige.records import Candidate
from elige.text import nearest

_OF_THE_LOADER = frozenset({"key_env"})  # it finds the key; here it has become `api_key`


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOptions:
    """How patiently an endpoint is asked.

    `concurrency` requests are open at once. A request that breaks is sent again at most
    `retries` times, after `backoff` seconds (doubled each time, with jitter). `timeout` is the
    longest silence in seconds, `connect_timeout` that of the first contact. `deadline` bounds
    one prompt's seconds from its first request on, every retry and pause included.
    """

    concurrency: int = 8
    retries: int = 6
    backoff: float = 0.5
    timeout: float = 120.0
    connect_timeout: float = 10.0
    deadline: float = 1800.0


def read_options(candidate: Candidate) -> RemoteOptions:
    """The options among the candidate's keys; raises `BadInput` for any other key or value."""
    kinds = {field.name: int if field.type is int else float for field in fields(RemoteOptions)}
    values: dict[str, float] = {}
    for key, text in candidate.options:
        if key in _OF_THE_LOADER:
            continue
        if key not in kinds:
            hint = nearest(key, kinds) or f"Known: {', '.join(sorted(kinds))}."
            raise BadInput(f"The remote engine has no key {key!r}.", hint=hint)
        values[key] = _number(key, text, kinds[key])
    return RemoteOptions(**values)  # type: ignore[arg-type]  # each value was made by its kind


def _number(key: str, text: str, kind: type[int] | type[float]) -> float:
    least = 1 if key == "concurrency" else 0
    try:
        value = kind(text)
    except ValueError:
        value = -1
    if not least <= value < float("inf"):
        what = "whole number" if kind is int else "number"
        raise BadInput(
            f"{key}={text} is no {what} from {least} up.",
            hint=f"For example: {key}={getattr(RemoteOptions(), key):g}.",
        )
    return value
