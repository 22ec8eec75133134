"""Waiting: what an endpoint asks for, backoff with jitter, and a pause shared by all requests."""

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from random import Random

LONGEST_BACKOFF = 30.0
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[smhd]))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 1e9, 1e12  # a reset this large is a moment, no duration
_KINDS = ("", "-requests", "-tokens")


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """Seconds that the endpoint asks to wait, or None when it asks for nothing.

    Read from retry-after-ms, Retry-After (RFC 9110, 10.2.3: seconds or a date, here relative
    to the response's own Date) and the x-ratelimit-reset headers of OpenAI ('6m0s') and
    OpenRouter (milliseconds since 1970).
    """
    names = {name.lower(): value.strip() for name, value in headers.items()}
    now = _moment(names.get("date", ""))
    found = _plain(names.get("retry-after-ms", ""))
    if found is not None:
        return found / 1000
    after = names.get("retry-after", "")
    found = _plain(after)
    if found is None:
        found = _seconds_until(_moment(after), now)
    return _reset(names, now) if found is None else found


def backoff(failures: int, first: float, chance: Random) -> float:
    """Seconds before the next attempt: "full jitter", even between 0 and first * 2^(n-1).

    Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
    """
    exponent = min(failures - 1, 30)
    return chance.uniform(0.0, min(LONGEST_BACKOFF, first * 2.0**exponent))


class Pause:
    """A moment before which no request is sent, shared by all requests of an engine."""

    def __init__(self) -> None:
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        """Nobody sends for so many seconds from now."""
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    async def over(self) -> None:
        """Return once nobody asks to wait any more."""
        loop = asyncio.get_running_loop()
        while (left := self._until - loop.time()) > 0:
            await asyncio.sleep(left)


def _reset(names: Mapping[str, str], now: datetime | None) -> float | None:
    """The longest time to a reset, of the limits that are used up when that is known."""
    waits: dict[str, float] = {}
    for kind in _KINDS:
        seconds = _duration(names.get(f"x-ratelimit-reset{kind}", ""), now)
        if seconds is not None:
            waits[kind] = seconds
    used_up = [waits[k] for k in waits if names.get(f"x-ratelimit-remaining{k}") == "0"]
    return max(used_up or waits.values(), default=None)


def _duration(text: str, now: datetime | None) -> float | None:
    if _DURATION.fullmatch(text):
        return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    value = _plain(text)
    if value is None or value < _EPOCH_SECONDS:
        return value
    moment = value / 1000 if value >= _EPOCH_MILLISECONDS else value
    return max(0.0, moment - now.timestamp()) if now else None


def _plain(text: str) -> float | None:
    """A finite number from 0 up, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0.0 <= value < float("inf") else None


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _seconds_until(moment: datetime | None, now: datetime | None) -> float | None:
    if moment is None or now is None:
        return None
    return max(0.0, moment.timestamp() - now.timestamp())
