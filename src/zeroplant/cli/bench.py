"""``zeroplant bench``: golden figures, and ratios against the peers in the same run."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from zeroplant.cli.common import JsonFile, check_places, peer, steps, write_json


class BenchName(StrEnum):
    """Benchmarks by name."""

    golden = "golden"
    build = "build"
    rolling = "rolling"
    stations = "stations"
    solve = "solve"


def bench(
    name: Annotated[BenchName, typer.Argument(help="Which one to run.")],
    case: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this case of solve; may be given several times."),
    ] = None,
    limit: Annotated[
        float,
        typer.Option(min=1.0, metavar="SECONDS", help="How long other solvers get in solve."),
    ] = 600.0,
    json: JsonFile = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the public data sets the golden cases need."),
    ] = None,
) -> None:
    """Run a benchmark.

    golden computes published figures again, and the exit code is 1 if one is missed; build and
    rolling measure the time for model building and for rolling re-solves, as ratios against
    PyPSA in the same run. stations simulates swap stations, truck by truck. solve puts the staged
    solver beside HiGHS and PIQP on large plants, which can take an hour.
    """
    check_places(json=json)
    with peer(), steps(f"bench {name.value}") as watch:
        room = import_module(f"zeroplant.bench.{name.value}")
        if name is BenchName.golden:
            found = room.run(data)
        elif name is BenchName.solve:
            found = room.run(case, limit, watch)
        else:
            found = room.run()
    if name is BenchName.golden:
        write_json(json, {"cases": found})
        if json != "-":
            for each in found:
                _show(each)
        if any(_is_missed(each) for each in found):
            raise typer.Exit(1)
        return
    write_json(json, found)
    if json == "-":
        return
    for result in found["cases"] if name is BenchName.solve else [found]:
        for key, value in result.items():
            typer.echo(f"{key}: {value}")


def _is_missed(case: dict[str, Any]) -> bool:
    """Whether a case ran and did not come out; one whose inputs are absent did not run."""
    return case["got"] is not None and not case["relative_error"] <= case["tolerance"]


def _show(case: dict[str, Any]) -> None:
    if case["got"] is None:
        typer.echo(f"--  {case['name']:58} not run: {case['problem']}")
        return
    verdict = "OFF" if _is_missed(case) else "ok "
    typer.echo(f"{verdict} {case['name']:58} {case['expected']:>22.6f} {case['got']:>22.6f}")
