"""Whatever a plant file can be refused for is said in Chinese: every sentence of the source."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import zeroplant
from tests.portal.sentences import Module
from zeroplant.assets.parts.carrier import HINTS
from zeroplant.portal.answers import chinese
from zeroplant.portal.plant_words import SAID

SOURCE = Path(zeroplant.__file__).parent
ERRORS = ("Problem", "InputError")
ROOMS = {
    # rooms: what they raise for people; where a ValueError is one of pydantic's, it is for people
    "plant": (*ERRORS, "ValueError"),
    "assets": (*ERRORS, "ValueError"),
    "series": (*ERRORS, "ValueError"),
    "rules": ERRORS,
    "capital": ERRORS,
    "transport": ERRORS,
    "weather": ERRORS,
    "homes": ERRORS,
    "waist": ERRORS,
    "files": ERRORS,
    "units": ERRORS,
}
ELSEWHERE = {
    "homes/fleet_file.py", "homes/fleet_prices.py", "transport/depot_log.py", "transport/siting.py",
}  # fmt: skip
"""What only commands read, never the control room."""
OF_PROGRAMS = {
    "the plant lacks the series of its scenarios",
    "read the plant from its file, or put it together by zeroplant.plant.merged",
    "{} needs {}",
}
"""What only a program that calls us can do wrong."""
GENERAL = {
    "there is no {} '{}'", "{} is not {}", "'{}' is not {}", "{} is {}, not {}", "write {}",
    "{} is above {}", "{} is below {}", "{} is not above {}", "{} is not below {}",
    "'{}' is below 0", "'{}' is not above 0", "write {}, or with its sign as '{} %'",
    "write {} such as {}", "write {} such as '{}'", "write {} such as '{}' ({})",
}  # fmt: skip
"""What is nearly all gaps: `zeroplant.portal.file_words` goes by what stands in them."""
KEPT = re.compile(r"'[^']*'|“[^”]*”|kWh/k[gm]|degC|MWh|UTC|YAML|UTF|plant.yaml|min|max|step")
"""What is of the file, and units."""


@cache
def said() -> dict[str, str]:
    """Every sentence and where it stands."""
    found = {}
    for room, raised in ROOMS.items():
        for file in sorted((SOURCE / room).rglob("*.py")):
            place = file.relative_to(SOURCE).as_posix()
            if place not in ELSEWHERE:
                module = Module(file.read_text(encoding="utf-8"), raised)
                found |= dict.fromkeys(module.sentences(), place)
    return found


def test_every_sentence_about_a_plant_file_has_chinese() -> None:
    english = {}
    for sentence, place in said().items():
        told = chinese(sentence.replace("{}", "7"))
        if sentence not in OF_PROGRAMS | GENERAL and re.search("[A-Za-z]{3}", KEPT.sub("", told)):
            english[sentence] = f"{place}: {told}"
    assert not english, "\n".join(f"{sentence} -> {told}" for sentence, told in english.items())


@pytest.mark.parametrize("hint", HINTS.values())
def test_a_hint_about_a_carrier_has_chinese(hint: str) -> None:
    told = chinese(f"a: '5 kg' is a mass, not a power; write a power such as '5 MW' ({hint})")
    assert not re.search("[A-Za-z]{4}", KEPT.sub("", told).replace("kcal", ""))


def test_what_is_no_longer_said_has_no_row() -> None:
    assert not set(SAID) - set(said())
    assert not (OF_PROGRAMS | GENERAL) - set(said())


def test_the_walk_finds_what_is_said_in_roundabout_ways() -> None:
    """Through names, pieces, loops, and functions that are handed what to say."""
    source = """
def one(name, much):
    what = f"{name} is too large"
    if much:
        what += f", by {much} at least"
    raise InputError(Problem(what, instead="make it less" if much else "leave it out"))
def two(checks):
    checks = [(1, "it is red")]
    checks.append((2, "it is blue"))
    for _, wrong in checks:
        yield Problem(f"it cannot be, for {wrong}", "place", _cure("wash it"))
        yield _told(wrong, cure="wash it twice")
def _told(what, cure):
    return Problem(what, instead=cure)
"""
    assert Module(source, ERRORS).sentences() == {
        "{} is too large, by {} at least", "make it less", "leave it out", "it is red",
        "it cannot be, for it is red", "it cannot be, for it is blue", "it is blue",
        "wash it twice",
    }  # fmt: skip


def test_a_row_keeps_what_stands_in_its_gaps() -> None:
    """In a whole line of the reader, with its place before it and a hint behind."""
    for sentence in SAID:
        gaps = [f"x{number}" for number in range(sentence.count("{}"))]
        head, *parts = sentence.split("{}")
        line = head + "".join(gap + part for gap, part in zip(gaps, parts, strict=True))
        told = chinese(f"plant.yaml:3: assets.a: {line}; write it as 'y'")
        assert told.startswith(("plant.yaml:3: assets.a：", "plant.yaml:3: assets.a: ")), told
        assert re.search("[\u4e00-\u9fff]", told), told
        dropped = ["x1"] if "whole numbers" in line else []  # need, or needs
        assert [gap for gap in gaps if gap not in told] == dropped, told
