"""A plant file that may be wrong in parts: what is wrong, and a plant of all that is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from zeroplant.errors import Problem
from zeroplant.files import YamlFile, problems_of
from zeroplant.plant.model import plant_model
from zeroplant.plant.schema import Plant
from zeroplant.units.spellings import CURRENCIES

GROUPS = ("sites", "nodes", "assets")
"""Parts of a file whose members are judged one by one."""


@dataclass(frozen=True)
class Draft:
    """What could be read of a plant file.

    ``plant`` holds the parts without a problem; None if there are too few. ``names`` are those
    the file gives to its nodes, sites and assets, right or wrong (None where it lists them in no
    way that can be read); ``broken`` is what it says of
    assets that are wrong. ``timed``: whether the time axis is the file's own. ``rules`` are the
    places in the file of the plant's rules.
    """

    plant: Plant | None
    problems: list[Problem]
    names: dict[str, set[str] | None]
    broken: dict[str, Any]
    timed: bool
    rules: list[int]


def draft(file: YamlFile) -> Draft:
    """Read the data of a plant file."""
    data = file.data
    context = {
        "file": str(file.path),
        "folder": file.path.parent,
        "currency": _currency(data),
    }
    names = {group.removesuffix("s"): _names(data, group) for group in GROUPS}
    model = plant_model()
    try:
        plant = model.model_validate(data, context=context)
    except ValidationError as error:
        problems = problems_of(error, file, model=model)
        places = [detail["loc"] for detail in error.errors(include_url=False)]
    else:
        return Draft(plant, [], names, {}, timed=True, rules=list(range(len(plant.rules))))
    wrong = {place[1] for place in places if place[:1] == ("rules",) and len(place) > 1}
    rules = data.get("rules") if isinstance(data, dict) else None
    kept = [n for n in range(len(rules) if isinstance(rules, list) else 0) if n not in wrong]
    try:
        sound = model.model_validate(_sound(data, places, kept), context=context)
    except ValidationError:
        return Draft(None, problems, names, _members(data, "assets"), timed=False, rules=[])
    broken = {k: v for k, v in _members(data, "assets").items() if k not in sound.assets}
    timed = all(place[:1] != ("time",) for place in places)
    return Draft(sound, problems, names, broken, timed, kept if sound.rules else [])


def _sound(data: Any, places: list[tuple[str | int, ...]], rules: list[int]) -> Any:
    """The data without the parts in which something is wrong."""
    if not isinstance(data, dict):
        return data
    sound = {key: dict(part) if isinstance(part, dict) else part for key, part in data.items()}
    for place in places:
        top = place[0] if place else ""
        if top in GROUPS and len(place) > 1 and isinstance(sound.get(str(top)), dict):
            sound[str(top)].pop(place[1], None)
        elif top != "rules" or len(place) == 1:
            sound.pop(str(top), None)
    if isinstance(sound.get("rules"), list):
        sound["rules"] = [data["rules"][number] for number in rules]
    return {"zeroplant": 1, "name": "unnamed"} | sound


def _names(data: Any, group: str) -> set[str] | None:
    """Names a group gives; None where there are none that can be read, though there must be."""
    absent = group == "sites" and isinstance(data, dict) and not data.get(group)
    return set(_members(data, group)) or (set() if absent else None)


def _members(data: Any, group: str) -> dict[str, Any]:
    part = data.get(group) if isinstance(data, dict) else None
    return part if isinstance(part, dict) else {}


def _currency(data: Any) -> str:
    """The file's currency; CNY where it names none that is known."""
    named = data.get("currency") if isinstance(data, dict) else None
    return named if isinstance(named, str) and named in CURRENCIES else "CNY"
