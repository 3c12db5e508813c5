"""``zeroplant sweep``: a plant planned for a grid of parameters, and the frontier of the plans."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zeroplant.cli.common import JsonFile, PlantPath, check_places, write_json
from zeroplant.cli.plan import SolverName
from zeroplant.errors import InputError, Problem

if TYPE_CHECKING:
    from zeroplant.plan.sweep import Measure, Point, Sweep

WIDEST = 240


def sweep(  # noqa: PLR0917  # typer gives every one by name
    plant: PlantPath,
    set_: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="KEY=VALUES",
            help="An entry of the plant file and its values: assets.wind.power='100 MW, 200 MW', "
            "or a range with the number of its values: 'assets.grid.capacity_charge=0..40 "
            "CNY/kW/month:5'. Given several times, all combinations are planned.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for sweep.html and sweep.parquet.")
    ] = None,
    json: JsonFile = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Plans at a time; one per processor by default."),
    ] = None,
    x: Annotated[
        str,
        typer.Option(metavar="FIGURE", help="Figure across: emissions, cost, npv, an entry, …"),
    ] = "emissions",
    y: Annotated[str, typer.Option(metavar="FIGURE", help="Figure upwards.")] = "cost",
    solver: Annotated[
        SolverName, typer.Option(help="Which solver to use; auto: staged for long linear plants.")
    ] = SolverName.auto,
    deadline: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="How long one plan may take.")
    ] = 900.0,
    gap: Annotated[
        float,
        typer.Option(min=0.0, metavar="SHARE", help="Relative gap for plants with whole numbers."),
    ] = 1e-4,
) -> None:
    """Plan a plant for every combination of some parameters, and draw the frontier.

    The frontier are the plans that keep every rule and than which no other is better in both
    figures. A combination that cannot be planned is named with its reason, and the others go on.
    """
    check_places(json=json, folder=out)
    from zeroplant.plan import sweep as room

    grid = room.parameters_of(set_)
    room.check_figures((x, y), grid, room.first_plant(plant, grid))
    with _bar(len(room.combinations(grid))) as watch:
        found = room.sweep(
            plant, grid, jobs=jobs, solver=solver.value, deadline=deadline, gap=gap, watch=watch
        )
    _show(found, x, y, out, json)


def _show(found: Sweep, x: str, y: str, out: Path | None, json: str | None) -> None:
    """Tell of a sweep by the two figures asked for; InputError where there is nothing to tell."""
    from zeroplant.plan import sweep as room

    if not found.done:
        reasons = dict.fromkeys(point.reason for point in found.failed)
        raise InputError(Problem(reason, where="no point has a plan") for reason in reasons)
    try:
        across, up = room.measure_named(x, found), room.measure_named(y, found)
    except InputError:  # nothing that was planned is lost for a wrong name
        across, up = (room.measure_named(name, found) for name in ("emissions", "cost"))
        _tell(found, across, up, out, json)
        raise
    _tell(found, across, up, out, json)


def _tell(found: Sweep, x: Measure, y: Measure, out: Path | None, json: str | None) -> None:
    """Write and print what a sweep found."""
    from zeroplant.plan.report.sweep import print_sweep, summary, write_page, write_parquet
    from zeroplant.plan.sweep import frontier

    front = frontier(found, x, y)
    if out is not None:
        write_parquet(found, front, out)
        write_page(found, x, y, front, out)
    write_json(json, summary(found, x, y, front))
    if json != "-":
        from rich.console import Console

        # Into a file or a pipe as wide as the table is.
        print_sweep(found, front, Console() if sys.stdout.isatty() else Console(width=WIDEST))
        if out is not None:
            typer.echo(f"Written to {out}: sweep.html, sweep.parquet")


@contextmanager
def _bar(points: int) -> Iterator[Callable[[Point], None]]:
    """A bar of the points that are done, on stderr and only if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda point: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("sweep"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    failed = 0
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=points)

        def watch(point: Point) -> None:
            nonlocal failed
            failed += not point.done
            said = f"{failed} failed" if failed else ""
            progress.update(task, advance=1, description=said)

        yield watch
