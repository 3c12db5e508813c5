"""``zeroplant bench``: golden figures, and ratios against the peers in the same run."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from zeroplant.cli.common import JsonFile, check_places, write_json


class BenchName(StrEnum):
    """Benchmarks by name."""

    golden = "golden"
    build = "build"
    rolling = "rolling"


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
    PyPSA in the same run.
    """
    check_places(json=json)
    room = import_module(f"zeroplant.bench.{name.value}")
    if name is BenchName.golden:
        cases = room.run(data)
        write_json(json, {"cases": cases})
        if json != "-":
            for case in cases:
                _show(case)
        if not all(_holds(case) for case in cases):
            raise typer.Exit(1)
        return
    measured = room.run()
    write_json(json, measured)
    if json != "-":
        for key, value in measured.items():
            typer.echo(f"{key}: {value}")


def _holds(case: dict[str, Any]) -> bool:
    return case["got"] is not None and case["relative_error"] <= case["tolerance"]


def _show(case: dict[str, Any]) -> None:
    verdict = "ok " if _holds(case) else "OFF"
    got = "not run" if case["got"] is None else f"{case['got']:.6f}"
    typer.echo(f"{verdict} {case['name']:58} {case['expected']:>22.6f} {got:>22}")
