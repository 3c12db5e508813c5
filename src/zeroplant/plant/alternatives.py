"""The scenarios of a plant file: the file is read once for each, with what is different in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from zeroplant.errors import InputError, Problem
from zeroplant.files import YamlFile
from zeroplant.files.yamlfile import Loc, shown
from zeroplant.plant.across import problems_across
from zeroplant.plant.changes import Place, keys_of, replace_entry
from zeroplant.plant.draft import Draft, draft
from zeroplant.plant.merge import DifferenceError, merged
from zeroplant.plant.scenarios import Scenario
from zeroplant.plant.schema import Plant
from zeroplant.plant.time import LARGEST_AXIS

OWN = ("scenarios", "risk")
"""Parts of a plant file that speak of all scenarios together."""


@dataclass(frozen=True)
class ScenarioFile(YamlFile):
    """A plant file as it is in one scenario; problems stand at the change that brought them."""

    file: YamlFile
    name: str
    changes: Mapping[str, Place]

    def problem(self, what: str, loc: Loc = (), *, instead: str = "") -> Problem:
        """A problem at the change of which ``loc`` is a part, or with the scenario as a whole."""
        at: list[str | int] = ["scenarios", self.name]
        for written, place in self.changes.items():
            if tuple(loc[: len(place)]) == place:
                rest = shown(loc[len(place) :])
                what = f"{rest}: {what}" if rest else what
                return self.file.problem(what, [*at, "changes", written], instead=instead)
        return self.file.problem(f"{shown(loc)}: {what}", at, instead=instead)


def alone(read: Draft) -> Draft:
    """A plant file as if it had no scenarios."""
    if read.plant is None:
        return read
    plant = read.plant.model_copy(update={"scenarios": {}, "risk": None})
    return Draft(plant, read.problems, read.names, read.broken, read.timed, read.rules)


def problems_of_choice(read: Draft) -> Iterator[tuple[Place, Problem]]:
    """What is wrong with scenarios and risk themselves, in a file that is right otherwise."""
    plant = read.plant
    if plant is None or read.problems:
        return
    if plant.axis.stages > LARGEST_AXIS:
        what = f"{plant.axis.stages:,} periods of all scenarios are more than {LARGEST_AXIS:,}"
        yield ("scenarios",), Problem(what, instead="write fewer scenarios or a longer 'step'")
    if plant.risk is not None and len(plant.axis.chains) < 2:
        what = "there is nothing uncertain in this plant"
        instead = "add 'scenarios', or 'weather_years' above 1 under 'time'"
        yield ("risk",), Problem(what, instead=instead)


def in_scenarios(file: YamlFile, plant: Plant) -> Plant:
    """The plant with all of its scenarios.

    Raises InputError with every problem: changes that cannot be made or read, series and weather
    that do not fit, and differences in what scenarios share.
    """
    base = plant.model_copy(update={"scenarios": {}, "risk": None})
    files, plants = {}, {}
    problems: list[Problem] = []
    for name, scenario in plant.scenarios.items():
        try:
            files[name] = _changed(file, name, scenario)
            plants[name] = _read(files[name])
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    whole = base.model_copy(update={"scenarios": plant.scenarios, "risk": plant.risk})
    try:
        return merged(whole, plants)
    except DifferenceError as error:
        located = (
            files[name].problem(each.what, _change(files[name], loc), instead=each.instead)
            for name, loc, each in error.found
        )
        raise InputError(dict.fromkeys(located)) from None


def _changed(file: YamlFile, name: str, scenario: Scenario) -> ScenarioFile:
    data = {key: part for key, part in deepcopy(file.data).items() if key not in OWN}
    changes = {written: keys_of(written) for written in scenario.changes}
    read = ScenarioFile(file.path, data, file.root, file, name, changes)
    problems = []
    for written, value in scenario.changes.items():
        place = changes[written]
        instead = "write keys with dots between, such as assets.grid.import_price"
        if len(place) == 1 and isinstance(data.get(str(place[0])), dict):
            what = f"this would replace all of '{place[0]}'"
            problems.append(read.problem(what, place, instead=instead))
        elif not replace_entry(data, place, deepcopy(value)):
            what = "there is no such place in the plant file"
            problems.append(read.problem(what, place, instead=instead))
    if problems:
        raise InputError(problems)
    return read


def _read(file: ScenarioFile) -> Plant:
    read = draft(file)
    problems = read.problems + [
        each if each.file else file.problem(each.what, loc, instead=each.instead)
        for loc, each in problems_across(read)
    ]
    if problems or read.plant is None:
        raise InputError(problems)
    return read.plant


def _change(file: ScenarioFile, loc: Place) -> Any:
    """The change that made an entry differ; its whole place says enough."""
    inside = (place for place in file.changes.values() if loc[: len(place)] == place)
    return next(inside, loc)
