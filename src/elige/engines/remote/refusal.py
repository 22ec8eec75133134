"""An endpoint's failures as the one line that the user reads."""

from collections.abc import Sequence
from difflib import get_close_matches

from elige.engines.remote.client import Rejected
from elige.errors import EngineDown, EngineRefused

_SHOWN = 5


def refusal(
    rejected: Rejected, *, host: str, model: str, known: Sequence[str] = ()
) -> EngineRefused:
    """What the endpoint refused and what to do; `known` are the models it lists."""
    said = f": {rejected.message}" if rejected.message else ""
    return EngineRefused(
        f"{host} refused model {model!r} with status {rejected.status}{said}.",
        hint=_hint(rejected, host, model, known),
    )


def unreachable(host: str, why: str) -> EngineDown:
    """The endpoint brought no complete answer, though it was asked again and again."""
    return EngineDown(
        f"{host} gave no complete answer: {why}.",
        hint="Check that it runs and can be reached; the same command again asks what is missing.",
    )


def _hint(rejected: Rejected, host: str, model: str, known: Sequence[str]) -> str:
    if "context" in rejected.body and rejected.status in {400, 413, 422}:
        return "Send shorter prompts (fewer shots, less max_tokens), or take a longer context."
    if rejected.status == 404:
        return _other_names(model, known)
    if "insufficient_quota" in rejected.body or rejected.status == 402:
        return f"Add credit to the account at {host}."
    return {
        401: f"Set the API key for {host} (key_env= names its variable), or correct it.",
        403: f"The API key for {host} may not use this model; ask for access or use another key.",
    }.get(rejected.status, "Change the candidate's keys (prompt, max_tokens, temperature, ...).")


def _other_names(model: str, known: Sequence[str]) -> str:
    if not known or model in known:
        return "Check the address (most end with /v1) and the model's name behind the '#'."
    near = get_close_matches(model, known, n=3, cutoff=0.4)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    rest = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"It serves: {', '.join(known[:_SHOWN])}{rest}."
