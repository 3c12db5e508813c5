"""plant.yaml → Plant, with every problem of the file at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.files import load_yaml
from zeroplant.plant.across import problems_across
from zeroplant.plant.alternatives import alone, in_scenarios, problems_of_choice
from zeroplant.plant.changes import changed
from zeroplant.plant.draft import draft
from zeroplant.plant.rehearsal import notes_on, place_of, rehearse
from zeroplant.plant.schema import Plant
from zeroplant.synthetic.catalogue import register_all


@dataclass(frozen=True)
class Reading:
    """A plant as read from a file, and notes on what is allowed but hardly meant."""

    plant: Plant
    notes: list[Problem]


def load_plant(path: str | Path, changes: Mapping[str, str] | None = None) -> Plant:
    """Read and check a plant file; see `read_plant`."""
    return read_plant(path, changes).plant


def read_plant(path: str | Path, changes: Mapping[str, str] | None = None) -> Reading:
    """Read and check a plant file, or the ``plant.yaml`` of a folder.

    ``changes`` replaces entries before checking: ``{"assets.sun.power": "50 MW"}``; values are
    written as in the file. Raises InputError with every problem, ordered by line: what the file
    says, names that refer to nothing, series and weather that do not fit the plant's time axis,
    and what shows only when the plant is built, which it can be after this.
    """
    register_all()
    file = changed(load_yaml(file_at(Path(path))), changes or {})
    read = draft(file)
    problems = read.problems + [
        each if each.file else file.problem(each.what, loc, instead=each.instead)
        for loc, each in (*problems_across(alone(read)), *problems_of_choice(read))
    ]
    if problems or read.plant is None:
        raise InputError(sorted(problems, key=lambda problem: problem.line))
    plant = read.plant
    if plant.scenarios:
        plant = in_scenarios(file, plant)
    try:
        built = rehearse(plant)
    except InputError as error:
        raise InputError(
            file.problem(each.what, place_of(each.where), instead=each.instead)
            for each in error.problems
        ) from None
    notes = [file.problem(each.what, loc) for loc, each in notes_on(plant, built)]
    return Reading(plant, notes)


def file_at(path: Path) -> Path:
    """The plant file that a path means. Raises InputError where there is none."""
    if path.is_dir():
        if (path / "plant.yaml").exists():
            return path / "plant.yaml"
        others = sorted(each.name for each in path.glob("*.y*ml"))
        instead = suggestion("plant.yaml", others) or "name the plant file itself"
        raise InputError(Problem("this folder has no plant.yaml", instead=instead, file=str(path)))
    if not path.exists():
        beside = [each.name for each in path.parent.glob("*")] if path.parent.is_dir() else []
        near = suggestion(path.name, beside) if path.name not in beside else ""
        start = "'zeroplant new county-base DIR' makes a plant to begin with"
        instead = near if near.startswith("did") else start
        raise InputError(Problem("no such file", instead=instead, file=str(path)))
    return path
