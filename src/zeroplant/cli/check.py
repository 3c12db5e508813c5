"""``zeroplant check``: every problem of a plant file at once."""

from __future__ import annotations

import typer

from zeroplant.cli.common import (
    Changes,
    JsonFile,
    PlantPath,
    changes_of,
    check_places,
    invalid,
    write_json,
)
from zeroplant.errors import InputError


def check(plant: PlantPath, json: JsonFile = None, set_: Changes = None) -> None:
    """Check a plant file.

    Prints every problem on a line of its own: file, line, place, what is wrong and what to write
    instead. With --json the same as data, also for a plant without problems.
    """
    from zeroplant.plant import read_plant

    check_places(json=json)
    try:
        read = read_plant(plant, changes_of(set_))
    except InputError as error:
        write_json(json, {**invalid(error.problems), "notes": []})
        raise
    notes = [vars(note) | {"text": str(note)} for note in read.notes]
    name, axis = read.plant.name, read.plant.axis
    write_json(json, {"status": "valid", "problems": [], "notes": notes, "plant": name})
    if json == "-":
        return
    for note in read.notes:
        typer.echo(f"note: {note}")
    typer.echo(
        f"{name}: no problems. {_count(len(read.plant.assets), 'asset')}, "
        f"{_count(len(read.plant.nodes), 'node')}, {_count(axis.stages, 'period')} "
        f"of {axis.hours:g} h"
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
