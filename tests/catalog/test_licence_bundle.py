"""Texts in which several licences stand, and licences to which something was added."""

from importlib.metadata import distribution
from pathlib import Path

import pytest

from elige.catalog.fingerprint import added
from elige.catalog.licence import May, identify, may_commercial
from elige.catalog.licence_text import recognise

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")


def licence_file(package: str, ending: str) -> str:
    files = distribution(package).files or []
    found = next(file for file in files if str(file).endswith(ending))
    return Path(str(found.locate())).read_text("utf-8")


MIT = licence_file("pytest", "LICENSE")
BSD = licence_file("networkx", "LICENSE.txt")


@pytest.mark.parametrize("order", [(MIT, BSD), (BSD, MIT)], ids=["mit first", "bsd first"])
def test_licences_one_after_another_are_all_named(order: tuple[str, str]) -> None:
    found = recognise("\n\n----\n\n".join(order))
    assert {part.key for part in found.licence.parts} == {"mit", "bsd-3-clause"}
    assert found.licence.joint == "all" and "licences stand in it" in found.remark


def test_the_strictest_licence_of_a_bundle_decides() -> None:
    text = licence_file("numpy", "licenses/LICENSE.txt")
    keys = {part.key for part in recognise(text).licence.parts}
    assert "gpl-3.0" in keys and len(keys) > 1
    assert may_commercial(recognise(text).licence)[0] is not May.YES


@pytest.mark.parametrize("text", [APACHE, MIT, BSD], ids=["apache", "mit", "bsd"])
def test_one_licence_is_no_bundle(text: str) -> None:
    assert not recognise(text).licence.parts


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Permission is hereby granted", "Permission is hereby not granted"),
        ("Permission is hereby granted", "No permission is granted"),
        ("without restriction", "with restrictions"),
        ("subject to the following conditions:", "for internal purposes only:"),
        ("THE SOFTWARE IS PROVIDED", "The software may not be sold.\n\nTHE SOFTWARE IS PROVIDED"),
        ("and/or sell copies", "but not sell copies"),
        ("furnished to do so", "furnished to do so for use on our machines"),
        ("without restriction", "excluding that of websites"),
        ("The above copyright", "You must not take out the filters.\n\nThe above copyright"),
        ("The above copyright", "You agree to give us a share.\n\nThe above copyright"),
        (", publish, distribute, sublicense, and/or sell copies of the Software", ""),
    ],
)
def test_a_word_that_turns_mit_round_makes_it_another_licence(old: str, new: str) -> None:
    plain = " ".join(MIT.split())
    changed = plain.replace(old, new)
    assert changed != plain and recognise(plain).licence.key == "mit"
    found = recognise(changed)
    assert not found.licence.is_known and "terms of its own" in found.remark
    assert may_commercial(found.licence)[0] is May.UNKNOWN


def test_not_permitted_is_no_bsd() -> None:
    changed = BSD.replace("permitted provided", "not permitted provided")
    assert changed != BSD and not recognise(changed).licence.is_known


def test_other_names_and_marks_change_nothing() -> None:
    renamed = BSD.replace("NetworkX Developers", "Institute of Examples and its friends")
    assert recognise(renamed).licence.key == "bsd-3-clause"
    assert recognise(MIT.replace('"', "\u201c").replace("\n", "\r\n")).licence.key == "mit"


def test_added_words_are_those_that_the_licence_has_not() -> None:
    assert added(MIT, "mit") in ([], ["the mit license mit"], ["the mit license"])
    assert "for cats alone" in added(f"{MIT}\nfor cats alone", "mit")
    assert added(MIT, "no-such-licence") == []


def test_the_title_of_an_open_licence_is_too_few() -> None:
    body = " ".join(f"Clause {number} of it says what is new." for number in range(60))
    found = recognise(f"MIT License\n\n{body}")
    assert not found.licence.is_known and "its wording is another" in found.remark


def test_a_notice_names_the_licence() -> None:
    notice = (
        "Apache Software License 2.0\n\nCopyright 2031 Somebody\n\n"
        "Licensed under the Apache License, Version 2.0 (the "
        '"License"); you may not use this file except in compliance with the License.\nYou may '
        "obtain a copy of the License at\n\n    http://www.apache.org/licenses/LICENSE-2.0\n\n"
        'Software is distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OF ANY KIND, and what is '
        "said there of permissions and limitations holds for every file of this project.\n"
    )
    assert recognise(notice).licence.key == "apache-2.0"


@pytest.mark.parametrize(
    ("offer", "joint"),
    [
        pytest.param("It is under two licences: choose whichever you prefer.", "any", id="choose"),
        pytest.param("Licensed under either of these licenses at your option.", "any", id="either"),
        pytest.param("This model is dual-licensed.", "any", id="dual"),
        pytest.param("The first is for what we made, the second for the rest.", "all", id="both"),
        pytest.param(
            "Files in the folder lib are dual-licensed; use the first for all others.",
            "all",
            id="a choice for a part",
        ),
    ],
)
def test_a_choice_that_is_offered_is_told_as_one(offer: str, joint: str) -> None:
    found = recognise(f"{offer}\n\n{MIT}\n\n{BSD}")
    assert {part.key for part in found.licence.parts} == {"mit", "bsd-3-clause"}
    assert found.licence.joint == joint
    assert ("the freest answer" in found.remark) is (joint == "any")


def test_a_choice_between_limits_keeps_them() -> None:
    found = recognise(f"Dual-licensed, not for commercial use.\n\n{MIT}\n\n{BSD}")
    assert not found.licence.is_known and "terms of its own" in found.remark


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("(MIT OR Apache-2.0) AND CC-BY-NC-4.0", May.NO),
        ("CC-BY-NC-4.0 OR (MIT AND GPL-3.0)", May.CONDITIONS),
        ("MIT AND (Apache-2.0 OR GPL-3.0)", May.YES),
        ("(MIT OR GPL-2.0)", May.YES),
        ("MIT AND (weird OR GPL-3.0)", May.UNKNOWN),
        ("((MIT", May.YES),
        ("\uff2d\uff29\uff34", May.YES),
        ("SPDX-License-Identifier: MIT", May.YES),
        ("GFDL-1.3-or-later", May.CONDITIONS),
    ],
)
def test_expressions_with_brackets_and_odd_letters(text: str, answer: May) -> None:
    assert may_commercial(identify(text))[0] is answer
