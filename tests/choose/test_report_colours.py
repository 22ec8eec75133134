import re
from importlib.resources import files
from itertools import product

import pytest

STYLE = files("elige.choose.report").joinpath("report.css").read_text("utf-8")
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", STYLE
    )
}
OWN = [f"c{at}" for at in range(1, 9)]
READ_ON = [
    *product(["ink", "muted", "link", "good", "bad"], ["paper", "card"]),
    *product(["on-colour"], [*OWN, "good"]),
    ("ink", "warn"),
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READ_ON)
def test_text_can_be_read(ink: str, ground: str, scheme: int) -> None:
    assert contrast(PAIRS[ink][scheme], PAIRS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("own", OWN)
def test_marks_stand_out_from_the_paper(own: str, scheme: int) -> None:
    assert contrast(PAIRS[own][scheme], PAIRS["paper"][scheme]) >= 3


def test_every_variable_that_is_used_exists() -> None:
    own = {"low", "high", "at", "zero", "near", "heat", "own"}
    assert set(re.findall(r"var\(--([a-z0-9-]+)", STYLE)) - own <= {
        *PAIRS, "serif", "sans", "mono"
    }  # fmt: skip
