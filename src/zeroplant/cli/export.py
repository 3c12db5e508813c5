"""``zeroplant export``: the plant's programme in forms that other tools read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zeroplant.cli.common import (
    Changes,
    JsonFile,
    PlantPath,
    changes_of,
    check_places,
    peer,
    write_json,
)
from zeroplant.errors import InputError, Problem

SCRIPT = "optimize.py"
APART = (
    "The CSV files alone are not the whole plant: they leave out shared sizes and rules, so PyPSA "
    f"finds another objective from them. {SCRIPT} beside them includes both: run it with Python."
)


def export(
    plant: PlantPath,
    mps: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the programme there: .mps, .mps.gz or .lp."),
    ] = None,
    pypsa: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write a PyPSA network there: CSV files, and optimize.py to solve it.",
        ),
    ] = None,
    json: JsonFile = None,
    set_: Changes = None,
) -> None:
    """Write the plant as MPS or as a PyPSA network.

    With them anyone can check the plan by another program.
    """
    if mps is None and pypsa is None:
        raise InputError(Problem("nothing to write", instead="give --mps FILE or --pypsa DIR"))
    if mps is not None and not mps.name.endswith((".mps", ".mps.gz", ".lp")):
        what = f"'{mps.name}' is not the name of a programme"
        raise InputError(Problem(what, where="--mps", instead="let it end in .mps, .mps.gz or .lp"))
    check_places(json=json, folder=pypsa)
    check_places(json=None if mps is None else str(mps))
    from zeroplant.plant import build, load_plant

    changes = changes_of(set_)
    read = load_plant(plant, changes)
    network = build(read).network
    notes = []
    if mps is not None:
        from zeroplant.export.mps import write_mps

        write_mps(network, mps)
    if pypsa is not None:
        with peer():
            from zeroplant.export.pypsa import to_pypsa
            from zeroplant.export.script import script
            from zeroplant.files import write_atomic

            exported, rules = to_pypsa(network)
            exported.name = read.name
            pypsa.mkdir(parents=True, exist_ok=True)
            exported.export_to_csv_folder(pypsa)
        write_atomic(pypsa / SCRIPT, script(plant.resolve(), changes))
        notes += [] if rules is None else [APART]
    written = [str(path) for path in (mps, pypsa) if path is not None]
    write_json(json, {"status": "done", "written": written, "notes": notes})
    if json != "-":
        for line in (*(f"Written: {path}" for path in written), *notes):
            typer.echo(line)
