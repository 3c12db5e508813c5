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


def bench(
    name: Annotated[BenchName, typer.Argument(help="Which one to run.")],
    json: JsonFile = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the public data sets the golden cases need."),
    ] = None,
) -> None:
    """Run a benchmark.

    golden computes published figures again, and the exit code is 1 if one is missed; build and
    rolling measure the time for model building and for rolling re-solves, as ratios against
    PyPSA in the same run. stations simulates swap stations, truck by truck.
    """
    check_places(json=json)
    with peer(), steps(f"bench {name.value}"):
        room = import_module(f"zeroplant.bench.{name.value}")
        found = room.run(data) if name is BenchName.golden else room.run()
    if name is BenchName.golden:
        write_json(json, {"cases": found})
        if json != "-":
            for case in found:
                _show(case)
        if any(_is_missed(case) for case in found):
            raise typer.Exit(1)
        return
    write_json(json, found)
    if json != "-":
        for key, value in found.items():
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
