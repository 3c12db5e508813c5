"""``zeroplant operate``: the twin and its controller in simulated time, figures and a report."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zeroplant.cli.common import (
    Changes,
    JsonFile,
    PlantPath,
    changes_of,
    check_places,
    write_json,
)
from zeroplant.errors import InputError, Problem

if TYPE_CHECKING:
    from zeroplant.plant import Plant
    from zeroplant.twin.compared import Case
    from zeroplant.twin.faults import Trouble
    from zeroplant.twin.run import Simulation

TABLE_WIDTH = 100


class ForecasterChoice(StrEnum):
    """Forecasters by name."""

    ours = "ours"
    persistence = "persistence"
    perfect = "perfect"


Days = Annotated[int, typer.Option(min=1, max=92, metavar="N", help="How many days to run.")]
Speed = Annotated[
    float,
    typer.Option(
        min=0.0, max=1000.0, metavar="X", help="Times real time, at most; 0 is as fast as it goes."
    ),
]
Faults = Annotated[
    Path | None, typer.Option(metavar="FILE", help="YAML file of what breaks, and when.")
]
Series = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Measured series that the plant follows, as a table."),
]
Start = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="First day on the plant's clock; the plant file's."),
]
Cycle = Annotated[float, typer.Option(min=1.0, max=60.0, metavar="SECONDS", help="Control cycle.")]
Seed = Annotated[
    int, typer.Option(min=0, metavar="N", help="Which weather, loads and noise are met.")
]
WhoForecasts = Annotated[
    ForecasterChoice, typer.Option(help="Who forecasts; perfect is told the truth.")
]
Compare = Annotated[
    bool, typer.Option(help="Also run with persistence and with foresight, for the cost regret.")
]
Folder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for the report, history and journal."),
]
Live = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Go on until stopped, and keep this folder as 'control' does, for 'serve' to show.",
    ),
]
Commitments = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What was promised to others: a YAML file.")
]


def operate(  # noqa: PLR0917  # typer gives every one by name
    plant: PlantPath,
    days: Days = 1,
    speed: Speed = 0.0,
    faults: Faults = None,
    series: Series = None,
    start: Start = None,
    cycle: Cycle = 4.0,
    seed: Seed = 1,
    forecaster: WhoForecasts = ForecasterChoice.ours,
    compare: Compare = True,
    out: Folder = None,
    live: Live = None,
    commitments: Commitments = None,
    json: JsonFile = None,
    set_: Changes = None,
) -> None:
    """Run a plant in simulated time: its physics, its controller, its schedules and forecasts.

    Prints what it cost and how well it did; with --out also writes a report of plan against
    actual, the history of every point and the journal of every decision. The same seed gives the
    same run. With --live the plant goes on until it is stopped (Ctrl-C or SIGTERM), days after
    days, at the --speed that is asked for (60 if none is).
    """
    check_places(json=json, folder=out or live)
    begin = None if start is None else _day(start)
    from zeroplant.plant import load_plant
    from zeroplant.twin.clock import check_cycle

    check_cycle(cycle)
    read = load_plant(plant, changes := changes_of(set_))
    if commitments is not None:
        from zeroplant.axis import zone_named
        from zeroplant.operate.commitments_file import read_commitments

        read_commitments(commitments, zone_named(read.time.zone))
    trouble = _trouble(faults, read, days, live=live is not None)
    if live is not None:
        from zeroplant.twin.demo import go_on

        go_on(read, live, speed=speed or 60.0, beat=cycle, start=begin, seed=seed,
              commitments=commitments)  # fmt: skip
        return
    from zeroplant.twin.compared import Case
    from zeroplant.twin.prepare import prepare
    from zeroplant.twin.run import Simulation

    with _bar("prepare") as tell:
        prepared = prepare(read, start=begin, days=days, seed=seed, folder=out, file=series)
        run = Simulation(prepared, cycle=cycle, seed=seed, speed=speed, trouble=trouble,
                         forecaster=forecaster.value, folder=out,
                         commitments=commitments)  # fmt: skip
        case = Case(str(plant), changes, begin, days, seed, series, prepared.known.year)
        figures = _lived(run, tell, case=case if compare else None, out=out)
    write_json(json, figures)
    if json != "-":
        _show(figures)
        if out is not None:
            typer.echo(f"Written to {out}: report.html, history, journal")


def _lived(run: Simulation, tell: Any, *, case: Case | None, out: Path | None) -> dict[str, Any]:
    """Run it, and say how it did, against others on the days of ``case``; a report if ``out``."""
    from zeroplant.twin.compared import compared_beside
    from zeroplant.twin.outcome import outcome

    with nullcontext(lambda: None) if case is None else compared_beside(case) as compared:
        run.run(lambda share: tell("run", share))
        tell("compare", None)
        figures = outcome(run, compared())
    if out is not None:
        from zeroplant.twin.report import write_report

        tell("report", None)
        write_report(run, figures, out / "report.html")
    return figures


def _trouble(file: Path | None, plant: Plant, days: int, *, live: bool) -> Trouble:
    """What is to break. Raises InputError before the plan of the year takes its time."""
    from zeroplant.twin.faults import Trouble, read_trouble
    from zeroplant.twin.prepare import point_names

    if file is None:
        return Trouble()
    if live:
        what, instead = "a run with --live has no faults", "leave one of them out"
        raise InputError(Problem(what, where="--faults", instead=instead))
    return read_trouble(file, point_names(plant), hours=24.0 * days)


def _day(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        what = f"'{text}' is no day"
        raise InputError(Problem(what, where="--start", instead="write it as 2025-07-01")) from None


@contextmanager
def _bar(title: str) -> Iterator[Any]:
    """A progress bar on stderr, if that is a terminal: `tell(step, share)`."""
    if not sys.stderr.isatty():
        yield lambda step, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:10}"), BarColumn(bar_width=32),
               TaskProgressColumn(), TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)

        def tell(step: str, share: float | None) -> None:
            total = None if share is None else 1.0
            progress.update(task, description=step, total=total, completed=share or 0.0)

        yield tell


def _show(figures: dict[str, Any]) -> None:
    """Print the figures as tables."""
    from rich.console import Console

    from zeroplant.twin.tables import print_figures

    print_figures(figures, Console() if sys.stdout.isatty() else Console(width=TABLE_WIDTH))
