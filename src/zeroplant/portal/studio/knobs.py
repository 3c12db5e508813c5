"""What of a plant file may be moved on the page: numbers with their units, each within a range.

A page sends numbers, never text: so nobody can name a file of the machine as a series, or write
anything else into the plant than a number where a number stood.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from zeroplant.assets.kinds import kinds
from zeroplant.errors import InputError, Problem
from zeroplant.plan.report.facts.fields import field_name, is_named
from zeroplant.plan.report.text import Text

_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([^\d\s].*)")
_MOVED = re.compile(
    r"capex|upkeep|price|charge$|levies|premium|rate|_max$|_min$|cap$|share$|fee|mean"
)
"""Words in the names of what a planner plays with; lives, tilts and zones are left alone."""
_LEFT = {"self_discharge"}
_AROUND = 2.0
TOLD = 50
"""Problems with what was moved that are told at once."""


@dataclass(frozen=True)
class Knob:
    """A number of the plant file: its place, what it is called, its unit and range.

    ``value`` is None for a capacity that the plan chooses between ``least`` and ``most``.
    """

    place: str
    owner: str
    label: Text
    kind: Literal["size", "figure"]
    unit: str
    value: float | None
    least: float
    most: float


def knobs_of(data: Mapping[str, Any]) -> list[Knob]:
    """The knobs of a plant file as read (`YamlFile.data`), capacities first."""
    found = [*_of_assets(data.get("assets") or {})]
    for section in ("carbon", "finance"):
        found += _figures(data.get(section) or {}, section, section)
    for number, rule in enumerate(data.get("rules") or []):
        if isinstance(rule, dict):
            found += _figures(rule, f"rules.{number}", str(rule.get("pack", f"rule {number + 1}")))
    return sorted(found, key=lambda knob: knob.kind == "figure")


def written(knobs: Sequence[Knob], moved: Mapping[str, float | None]) -> dict[str, str]:
    """Changes of the plant file: each knob's number with its unit; None lets the plan choose.

    Raises InputError for knobs there are not, or numbers outside their range: the first of them.
    """
    known = {knob.place: knob for knob in knobs}
    problems, changes = [], {}
    for place, number in moved.items():
        knob = known.get(place)
        if knob is None:
            problems.append(Problem("there is nothing to be moved", place))
        elif number is None:
            if knob.kind != "size" or knob.value is not None:
                problems.append(Problem("this is a number of the plant file", place, "write one"))
        elif not (math.isfinite(number) and knob.least <= number <= knob.most):
            what = f"{number:g} {knob.unit} is out of its range"
            instead = f"write {knob.least:g} to {knob.most:g} {knob.unit}"
            problems.append(Problem(what, place, instead))
        else:
            changes[place] = f"{number:.10g} {knob.unit}"
    if problems:
        raise InputError(problems[:TOLD])
    return changes


def _of_assets(assets: Mapping[str, Any]) -> Iterator[Knob]:
    for name, asset in assets.items():
        if not isinstance(asset, dict):
            continue
        kind = kinds().get(str(asset.get("kind")))
        own = kind.chinese if kind else {}
        for key, value in asset.items():
            if isinstance(value, dict) and "max" in value and set(value) <= {"min", "max"}:
                yield from _size(f"assets.{name}.{key}", name, field_name(key, own), value)
        yield from _figures(asset, f"assets.{name}", name, own)


def _size(place: str, owner: str, label: Text, bounds: Mapping[str, Any]) -> Iterator[Knob]:
    """A capacity the plan chooses: what it may be, in the unit of its upper bound."""
    most, least = _number(bounds["max"]), _number(bounds.get("min", "0 x"))
    if most is not None and least is not None:
        yield Knob(place, owner, label, "size", most[1], None, least[0], most[0])


def _figures(
    section: Mapping[str, Any], place: str, owner: str, own: Mapping[str, str] | None = None
) -> Iterator[Knob]:
    """Numbers with units, one level of sections deep."""
    for key, value in section.items():
        if isinstance(value, dict) and key != "import_price":
            inner = {f"{key}.{each}": inside for each, inside in value.items()}
            yield from _figures(inner, place, owner, own)
            continue
        found = _number(value)
        if found is None or not _MOVED.search(key) or key in _LEFT or not is_named(key, own or {}):
            continue
        number, unit = found
        span = _AROUND * abs(number) or 100.0
        most = min(100.0, span) if unit == "%" else span
        label = field_name(key, own or {})
        least = 0.0 if number >= 0 else -span
        yield Knob(f"{place}.{key}", owner, label, "figure", unit, number, least, max(most, number))


def _number(written: Any) -> tuple[float, str] | None:
    found = _NUMBER.fullmatch(written.strip()) if isinstance(written, str) else None
    return (float(found[1]), found[2].strip()) if found else None
