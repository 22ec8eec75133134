from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elige.engines.remote.limits import LONGEST_BACKOFF, backoff, wait_asked
from elige.engines.remote.secret import Secret

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"  # 1792567680 seconds since 1970


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"Retry-After": "7"}, 7.0, id="seconds"),
        pytest.param({"retry-after": "1.5"}, 1.5, id="fraction"),
        pytest.param({"retry-after-ms": "250", "retry-after": "9"}, 0.25, id="milliseconds first"),
        pytest.param(
            {"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": DATE}, 30.0, id="date"
        ),
        pytest.param({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT"}, None, id="date alone"),
        pytest.param(
            {"Retry-After": "Wed, 21 Oct 2020 07:28:30 GMT", "Date": DATE}, 0.0, id="past"
        ),
        pytest.param({"x-ratelimit-reset-requests": "1m30.5s"}, 90.5, id="duration"),
        pytest.param({"x-ratelimit-reset-tokens": "20ms"}, 0.02, id="duration in ms"),
        pytest.param({"x-ratelimit-reset": "12"}, 12.0, id="reset in seconds"),
        pytest.param({"x-ratelimit-reset": "1792567690", "Date": DATE}, 10.0, id="epoch"),
        pytest.param({"x-ratelimit-reset": "1792567690000", "Date": DATE}, 10.0, id="epoch in ms"),
        pytest.param(
            {
                "x-ratelimit-reset-requests": "6h0m0s",
                "x-ratelimit-remaining-requests": "12",
                "x-ratelimit-reset-tokens": "2s",
                "x-ratelimit-remaining-tokens": "0",
            },
            2.0,
            id="only the limit that is used up",
        ),
        pytest.param({"Retry-After": "soon"}, None, id="nonsense"),
        pytest.param({"Retry-After": "-5"}, None, id="negative"),
        pytest.param({"Retry-After": "nan"}, None, id="no number"),
    ],
)
def test_what_an_endpoint_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_asked(headers) == (seconds if seconds is None else pytest.approx(seconds))


@given(failures=st.integers(1, 10_000), first=st.floats(0, 100), seed=st.integers())
def test_a_backoff_grows_but_stays_bounded(failures: int, first: float, seed: int) -> None:
    wait = backoff(failures, first, Random(seed))
    assert 0.0 <= wait <= min(LONGEST_BACKOFF, first * 2.0 ** min(failures - 1, 30))


def test_backoffs_differ() -> None:
    chance = Random(0)
    assert len({backoff(3, 0.5, chance) for _ in range(10)}) == 10


@given(before=st.text(max_size=300), after=st.text(max_size=300))
def test_the_key_is_never_in_a_line(before: str, after: str) -> None:
    secret = Secret("sk-0123456789")
    line = secret.line(f"{before}sk-0123456789{after}")
    assert "sk-0123456789" not in line
    assert "\n" not in line
    assert "sk-0123456789" not in repr(secret)


def test_control_characters_neither_hide_the_key_nor_reach_the_terminal() -> None:
    line = Secret("sk-0123456789").line("\x1b[2Jsk-\x000123456789 sk-0123456789")
    assert line == "[2Jsk- 0123456789 ***"


def test_of_a_web_page_only_the_title_is_told() -> None:
    page = "<html><head><title>502 Bad\nGateway</title></head><body>nginx</body></html>"
    assert Secret("").line(page) == "502 Bad Gateway"
