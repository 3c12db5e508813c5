"""``zeroplant control``: the controller alone, against the devices of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zeroplant.cli.common import PlantPath


def control(  # noqa: PLR0917  # typer gives every one by name
    plant: PlantPath,
    devices: Annotated[
        Path, typer.Option(metavar="FILE", help="Which device is where: a devices.yaml.")
    ],
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of the running plant: records, orders.")
    ],
    beat: Annotated[
        float,
        typer.Option(
            min=0.05,
            max=15.0,  # set-points last a minute in devices, and some signs of life half of that
            metavar="SECONDS",
            help="From cycle to cycle.",
        ),
    ] = 4.0,
    days: Annotated[
        int, typer.Option(min=1, metavar="N", help="Days after which the calendar is renewed.")
    ] = 2,
    planner: Annotated[
        bool, typer.Option(help="Whether to make schedules, in a process of their own.")
    ] = True,
    cycles: Annotated[
        int, typer.Option(min=0, metavar="N", help="Stop after so many cycles; 0: never.")
    ] = 0,
    callers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Dispatch centre, stations, demand response: who calls."),
    ] = None,
    weather: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table with forecasts of the weather, kept up to date."),
    ] = None,
    commitments: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What was promised to others; read when it changes."),
    ] = None,
) -> None:
    """Control a plant in real time until it is stopped (Ctrl-C or SIGTERM).

    Reads all devices, decides and writes set-points that expire, once per beat; forecasts and
    plans beside it; keeps a journal and a history in the folder. Under systemd it
    tells the watchdog of every cycle.
    """
    from zeroplant.operate.logs import write_log
    from zeroplant.operate.service import serve

    write_log()
    made = serve(
        plant, devices, data,
        beat=beat, days=days, planner=planner, cycles=cycles, callers=callers,
        weather=weather, commitments=commitments,
    )  # fmt: skip
    typer.echo(f"{made.cycles} cycles, {made.late} late, longest {made.longest:.3f} s")
