"""``zeroplant plan``: sizes, dispatch, money, carbon, rules, and the report."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zeroplant.cli.common import (
    Changes,
    JsonFile,
    PlantPath,
    changes_of,
    check_places,
    steps,
    write_json,
)

if TYPE_CHECKING:
    from zeroplant.plan import PlanResult

TABLE_WIDTH = 96


class SolverName(StrEnum):
    """Solvers by name."""

    auto = "auto"
    staged = "staged"
    highs = "highs"


def plan(  # noqa: PLR0917  # typer gives every one by name
    plant: PlantPath,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for report.html, report.xlsx and hourly.parquet."),
    ] = None,
    json: JsonFile = None,
    solver: Annotated[
        SolverName, typer.Option(help="Which solver to use; auto: staged for long linear plants.")
    ] = SolverName.auto,
    deadline: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="How long solving may take.")
    ] = 900.0,
    gap: Annotated[
        float,
        typer.Option(min=0.0, metavar="SHARE", help="Relative gap for plants with whole numbers."),
    ] = 1e-4,
    set_: Changes = None,
) -> None:
    """Find the best sizes and operation of a plant.

    Prints sizes, energy, money, carbon and rules; with --out also writes the report. The plant is
    checked first, and nothing is written if anything is wrong with it.
    """
    from zeroplant.plant import load_plant

    check_places(json=json, folder=out)
    with steps("plan") as watch:
        watch("read")
        read = load_plant(plant, changes_of(set_))
        from zeroplant.plan import plan as run
        from zeroplant.plan.summary import summary

        result = run(read, solver=solver.value, deadline=deadline, gap=gap, watch=watch)
        if out is not None:
            watch("report")
            _report(result, out)
    write_json(json, summary(result))
    if json != "-":
        _show(result)
        if out is not None:
            typer.echo(f"Written to {out}: report.html, report.xlsx, hourly.parquet")


def _report(result: PlanResult, folder: Path) -> None:
    """Write every file of the report; each replaces its older one in one step."""
    from zeroplant.plan.report import write_html, write_xlsx
    from zeroplant.plan.tables import write_tables

    write_tables(result, folder)
    write_xlsx(result, folder / "report.xlsx")
    write_html(result, folder / "report.html")


def _show(result: PlanResult) -> None:
    """Print the plan as a table."""
    from rich.console import Console

    from zeroplant.plan.report import print_summary

    # Into a file or a pipe as wide as the table is.
    print_summary(result, Console() if sys.stdout.isatty() else Console(width=TABLE_WIDTH))
