"""Entries of a plant file replaced before it is checked: ``--set assets.sun.power='50 MW'``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zeroplant.errors import InputError, Problem
from zeroplant.files import YamlFile
from zeroplant.files.tree import grow
from zeroplant.files.yamlfile import Loc, shown

Place = tuple[str | int, ...]

_CONTRADICTION = re.compile(r"'(\w+)' and '(\w+)' both say ")
"""How a section says that two of its keys exclude each other."""


@dataclass(frozen=True)
class ChangedFile(YamlFile):
    """A file of which some entries were replaced; a problem with one of those says so."""

    changed: tuple[Place, ...] = ()

    def problem(self, what: str, loc: Loc = (), *, instead: str = "") -> Problem:
        """A problem at its line of the file, or with the change that brought it."""
        instead = self._of_two(what, loc) or instead
        problem = super().problem(what, loc, instead=instead)
        if any(tuple(loc[: len(place)]) == place for place in self.changed):
            return Problem(problem.what, where=f"--set {shown(loc)}", instead=problem.instead)
        return problem

    def _of_two(self, what: str, loc: Loc) -> str:
        """What to write where a change contradicts an entry that the file has beside it."""
        both = _CONTRADICTION.match(what)
        if both is None:
            return ""
        inside = next((tuple(loc[:end]) for end in (len(loc), len(loc) - 1)
                       if _has(self.data, loc[:end], both.groups())), None)  # fmt: skip
        if inside is None:
            return ""
        others = [key for key in both.groups() if (*inside, key) not in self.changed]
        return f"add --set {shown([*inside, *others])}=null" if len(others) == 1 else ""


def changed(file: YamlFile, changes: Mapping[str, str]) -> YamlFile:
    """The file with entries replaced; values are written as in the file.

    A place is said by keys and list numbers from 0, with dots between: ``rules.0.export_max``.
    ``null`` takes an entry out. Raises InputError for a place that cannot be, or a value that
    cannot be read.
    """
    if not changes:
        return file
    problems: list[Problem] = []
    places = []
    for written, text in changes.items():
        place = keys_of(written)
        faults: list[Problem] = []
        entry = grow(text, faults)
        problems += [fault.at(where=f"--set {written}") for fault in map(_no_line, faults)]
        places.append(_made(file.data, place))
        value = None if entry is None else entry.plain()
        if not faults and not replace_entry(file.data, place, value):
            instead = "write keys with dots between, such as assets.wind.power"
            what = "there is no such place in the plant file"
            problems.append(Problem(what, where=f"--set {written}", instead=instead))
    if problems:
        raise InputError(problems)
    return ChangedFile(file.path, file.data, file.root, tuple(places))


def keys_of(written: str) -> Place:
    """Keys and list numbers of a place; ``rules[0]`` and ``rules.0`` are the same."""
    parts = re.sub(r"\[(\d+)\]", r".\1", written).split(".")
    if parts[0] == "scenarios" and parts[2:3] == ["changes"]:
        parts = [*parts[:3], *filter(None, [".".join(parts[3:])])]  # where keys are places
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def _made(data: Any, place: Place) -> Place:
    """The part of a place that is not in the data yet, with all before it; else all of it."""
    for depth, part in enumerate(place, 1):
        data = _member(data, part)
        if data is None:
            return place[:depth]
    return place


def _has(data: Any, place: Loc, keys: tuple[str, ...]) -> bool:
    """Whether all of these keys stand in the mapping at a place."""
    for part in place:
        data = _member(data, part)
    return isinstance(data, dict) and all(key in data for key in keys)


def _no_line(problem: Problem) -> Problem:
    """Lines of a value on the command line say nothing."""
    return Problem(problem.what, instead=problem.instead)


def replace_entry(data: Any, place: Place, value: Any) -> bool:
    """Replace one entry, making the mappings it stands in; False where there can be none."""
    *parents, last = place
    for part in parents:
        inside = _member(data, part)
        if inside is None and isinstance(data, dict):
            inside = data[str(part)] = {}
        data = inside
    if isinstance(data, dict) and last != "":
        if value is None and str(last) in data:
            del data[str(last)]
        else:
            data[str(last)] = value
        return True
    if isinstance(data, list) and isinstance(last, int) and last < len(data):
        data[last : last + 1] = [] if value is None else [value]
        return True
    return False


def _member(data: Any, part: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(str(part))
    numbered = isinstance(data, list) and isinstance(part, int) and part < len(data)
    return data[part] if numbered else None
