"""The devices of a plant: which template each asset's device has, and where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, StringConstraints, ValidationError

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.files import YamlFile, load_yaml, problems_of, write_atomic
from zeroplant.links.clock import Clock
from zeroplant.links.connect import AnyTemplate, connect
from zeroplant.links.keeper import Keeper
from zeroplant.links.library import template
from zeroplant.links.line import Lines
from zeroplant.links.template import PointName, Section

AssetName = Annotated[str, StringConstraints(pattern=r"^\w[\w \-]*$", max_length=80)]


class DeviceEntry(Section):
    """One device: its template, its address and what is particular to it."""

    template: str = Field(description="a shipped template, or a YAML file beside this one")
    at: str = Field(description="HOST:PORT, with the device behind a slash where there are more")
    ratings: dict[str, str] = Field({}, description="ratings of this device, such as rating: 5 MW")
    points: dict[PointName, PointName] = Field(
        {}, description="the plant's names of its points, where the template calls them otherwise"
    )


class DevicesFile(Section):
    """The file ``devices.yaml``: an entry for each asset with a device."""

    devices: dict[AssetName, DeviceEntry]


class Devices:
    """The devices of a file, with their templates read."""

    def __init__(self, entries: dict[str, tuple[AnyTemplate, DeviceEntry]]) -> None:
        self.entries = entries

    def connect(self, clock: Clock) -> list[Keeper]:
        """A keeper for each device; it connects at the first read. Raises InputError."""
        keepers, lines = [], Lines(clock)
        for name, (form, entry) in self.entries.items():
            try:
                keepers.append(
                    connect(form, name, entry.at, clock, dict(entry.ratings), lines=lines)
                )
            except InputError as error:
                where = f"devices.{name}"
                raise InputError([each.at(where=where) for each in error.problems]) from None
        return keepers


def read_devices(path: Path) -> Devices:
    """The devices of a file. Raises InputError with every problem, each with its line."""
    file = load_yaml(path)
    try:
        content = DevicesFile.model_validate(file.data)
    except ValidationError as error:
        raise InputError(problems_of(error, file, model=DevicesFile)) from None
    entries: dict[str, tuple[AnyTemplate, DeviceEntry]] = {}
    problems: list[Problem] = []
    for name, entry in content.devices.items():
        try:
            form = _template(path, entry)
            form.gauges(name, dict(entry.ratings))
            entries[name] = (form, entry)
        except InputError as error:
            problems += [_placed(each, file, name) for each in error.problems]
    if problems:
        raise InputError(problems)
    return Devices(entries)


def _placed(problem: Problem, file: YamlFile, name: str) -> Problem:
    if problem.file:  # a template of one's own has lines of its own
        return problem
    what = f"{problem.where}: {problem.what}" if problem.where else problem.what
    return file.problem(what, ["devices", name], instead=problem.instead)


def _template(path: Path, entry: DeviceEntry) -> AnyTemplate:
    """The template of an entry, its points called as the plant does."""
    own = entry.template.endswith((".yaml", ".yml"))
    form = template(path.parent / entry.template if own else entry.template)
    if not entry.points:
        return form
    unknown = [name for name in entry.points.values() if name not in form.points]
    if unknown:
        what = f"the template has no point '{unknown[0]}'"
        raise InputError(Problem(what, where="points", instead=suggestion(unknown[0], form.points)))
    called = {theirs: ours for ours, theirs in entry.points.items()}
    points = {called.get(name, name): point for name, point in form.points.items()}
    return form.model_copy(update={"points": points})


def write_devices(path: Path, entries: dict[str, DeviceEntry]) -> None:
    """Write a devices file, as ``read_devices`` reads it."""
    write_yaml(path, DevicesFile(devices=entries))


def write_yaml(path: Path, content: Section) -> None:
    """Write a template or a devices file; what has its default is left out."""
    data: dict[str, Any] = content.model_dump(exclude_defaults=True)
    write_atomic(path, yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100))
