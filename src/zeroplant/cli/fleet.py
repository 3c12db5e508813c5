"""``zeroplant fleet``: very many devices, each to its exact optimum, alone or under one limit."""

from __future__ import annotations

import time
from contextlib import ExitStack
from enum import StrEnum
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zeroplant.cli.common import JsonFile, answered, check_places, steps, write_json
from zeroplant.errors import InputError, Problem, SolveError

if TYPE_CHECKING:
    from zeroplant.homes.fleet_answer import Answers
    from zeroplant.homes.fleet_file import Devices
    from zeroplant.homes.fleet_parts import Jointly
    from zeroplant.homes.fleet_prices import Prices
    from zeroplant.solve.fleet.shards import Shards

TOLD = 5
"""Devices without a schedule that are named; the others are counted."""

Threads = Annotated[int, typer.Option(min=1, metavar="N", help="Threads, or shards on Ray.")]


class Place(StrEnum):
    """Where shards live."""

    ray = "ray"


FleetFile = Annotated[
    Path, typer.Argument(metavar="FLEET", help="A row for each device, .parquet or .csv.")
]
Gap = Annotated[
    float, typer.Option(min=1e-9, metavar="SHARE", help="Proven gap that is close enough.")
]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write all schedules there, .parquet.")
]
Slope = Annotated[
    float,
    typer.Option(
        min=0.0,
        metavar="MONEY",
        help="By how much the price per kWh of all rises for each MW that they draw.",
    ),
]
FeederLimit = Annotated[
    str | None,
    typer.Option(metavar="POWER", help="Most power of every feeder, such as '400 kW'."),
]

app = typer.Typer(
    help="Schedule very many home devices, each to its exact optimum.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to.")],
    n: Annotated[int, typer.Option("--n", min=1, metavar="N", help="How many devices.")] = 1000,
) -> None:
    """Write an invented fleet.parquet and a day of prices.csv, to try the commands with."""
    from zeroplant.homes.fleet_example import write_example

    for file in write_example(folder, n):
        typer.echo(f"{file}")


def schedule(  # noqa: PLR0917  # typer gives every one by name
    fleet: FleetFile,
    prices: Annotated[
        Path, typer.Option(metavar="FILE", help="Time, prices and profiles, .parquet or .csv.")
    ],
    feeder: FeederLimit = None,
    slope: Slope = 0.0,
    gap: Gap = 1e-4,
    out: Out = None,
    threads: Threads = 2,
    on: Annotated[Place | None, typer.Option(help="Spread shards over a Ray cluster.")] = None,
    json: JsonFile = None,
) -> None:
    """Schedule every device of a fleet file.

    Without --feeder and --slope each device by itself, exactly. With them all together, with a
    proven gap. The exit code is 1 if a device has no schedule or a limit is not held; the result
    is written all the same.
    """
    from zeroplant.homes.fleet_answer import write_answers
    from zeroplant.homes.fleet_file import read_devices
    from zeroplant.homes.fleet_parts import all_together, each_alone
    from zeroplant.homes.fleet_prices import read_prices

    check_places(json=json)
    limit = _limit(feeder)
    _parquet(out)
    joint: Jointly | None = None
    with steps("fleet") as watch, ExitStack() as stack:
        watch("read")
        given = read_prices(prices)
        devices = read_devices(fleet, given)
        began = time.perf_counter()
        watch("schedule" if on is None else "schedule on Ray")
        shards = None if on is None else _on_ray(stack, fleet, prices, devices, threads)
        violation = None
        if feeder is None and slope == 0.0:
            answers, violation, total = each_alone(
                devices, threads=threads, series=out is not None, shards=shards
            )
        else:
            answers, joint = all_together(
                devices, limit=limit, slope=slope / 1e3, gap=gap, threads=threads, shards=shards
            )
            total = joint.total[0]
        seconds = time.perf_counter() - began
        if out is not None:
            watch("write")
            write_answers(out, devices, answers, given)
    result = {
        "n": len(devices.name), "steps": len(given.time), "on": on and on.value,
        "threads": threads, "seconds": seconds, **_outcome(devices, answers, given),
        "max_violation": violation, "total_kw": total, **_jointly(devices, joint, feeder, limit),
    }  # fmt: skip
    write_json(json, result)
    if json != "-":
        _show(result)
    if result["without_schedule"] or (joint is not None and joint.excess > 0.0):
        raise typer.Exit(1)


def bench(
    n: Annotated[int, typer.Option("--n", min=1, metavar="N", help="How many devices.")] = 1000000,
    steps_: Annotated[
        int, typer.Option("--steps", min=1, metavar="T", help="Steps of a quarter of an hour.")
    ] = 96,
    threads: Threads = 2,
    json: JsonFile = None,
) -> None:
    """Schedule an invented mixed fleet against the clock, and a few of it by HiGHS."""
    check_places(json=json)
    from zeroplant.bench.fleet import run

    with steps("fleet bench") as watch:
        found = run(n, steps_, threads, watch)
    write_json(json, found)
    if json != "-":
        for key, value in found.items():
            typer.echo(f"{key}: {value}")


app.command("new")(new)
app.command("schedule")(answered(schedule))
app.command("bench")(answered(bench))


def _limit(text: str | None) -> float:
    """Power of an option in kW, ``inf`` if there is none."""
    from zeroplant.units import parse

    if text is None:
        return float("inf")
    try:
        value = 1e3 * parse(text, "MW")
    except InputError as error:
        raise InputError([each.at(where="--feeder") for each in error.problems]) from None
    if value < 0.0:
        what, instead = f"'{text}' is below zero", "write a power, such as '400 kW'"
        raise InputError(Problem(what, where="--feeder", instead=instead))
    return value


def _parquet(out: Path | None) -> None:
    if out is not None and out.suffix.lower() != ".parquet":
        what = f"'{out}' does not end in .parquet"
        instead = "schedules are lists, and only Parquet holds them: name a .parquet file"
        raise InputError(Problem(what, where="--out", instead=instead))
    check_places(json=None if out is None else str(out))


def _on_ray(stack: ExitStack, fleet: Path, prices: Path, devices: Devices, count: int) -> Shards:
    """Shards on Ray, until the stack ends."""
    from zeroplant.homes.fleet_file import feeders
    from zeroplant.homes.fleet_parts import source_of
    from zeroplant.solve.fleet.shards.on_ray import OnRay

    names, _ = feeders(devices)
    source = source_of(fleet.resolve(), prices.resolve(), names)
    try:
        return stack.enter_context(OnRay(source, min(count, len(devices.name))))
    except ModuleNotFoundError:
        instead = "install it with: pip install 'zeroplant[ray]'"
        raise InputError(Problem("Ray is not installed", where="--on", instead=instead)) from None
    except (ConnectionError, RuntimeError) as error:
        message = f"Ray cannot be reached or begun: {str(error).splitlines()[0]}"
        raise SolveError(message) from None


def _outcome(devices: Devices, answers: Answers, prices: Prices) -> dict[str, Any]:
    """Counts, sums, and what is wrong with the first devices that have no schedule."""
    import numpy as np

    from zeroplant.homes.fleet_answer import in_words

    has = answers.status <= 1
    words = in_words(devices, answers, prices)
    failed = np.flatnonzero(~has)
    return {
        "scheduled": int((answers.status == 0).sum()),
        "within_gap": int((answers.status == 1).sum()),
        "without_schedule": len(failed),
        "first_without": [
            {"device": str(devices.name[i]), "status": str(words[i])} for i in failed[:TOLD]
        ],
        "cost": float(np.nansum(answers.cost)),
        "max_certificate_gap": (
            float(np.nanmax(answers.gap)) if np.isfinite(answers.gap).any() else None
        ),
    }


def _jointly(
    devices: Devices, joint: Jointly | None, feeder: str | None, limit: float
) -> dict[str, Any]:
    """What holds of all together, and of each feeder."""
    from zeroplant.homes.fleet_file import feeders

    if joint is None:
        return {}
    names, _ = feeders(devices)
    each = [
        {"feeder": name, "peak_kw": float(total.max()), "highest_price": float(price.max())}
        for name, total, price in zip(names, joint.total[1:], joint.limit_price[1:], strict=True)
    ]
    return {
        "cost_together": joint.cost, "bound_together": joint.bound,
        "gap": joint.gap, "passes": joint.passes, "excess_kw": joint.excess,
        "limit_kw": None if feeder is None else limit, "feeders": each,
    }  # fmt: skip


def _show(result: dict[str, Any]) -> None:
    """Print what matters."""
    typer.echo(
        f"{result['n']:,} devices, {result['steps']} steps: {result['scheduled']:,} "
        f"{'scheduled' if 'gap' in result else 'optimal'}, "
        f"{result['within_gap']:,} within their gap, {result['without_schedule']:,} impossible."
    )
    typer.echo(
        f"Cost {result['cost']:,.2f}, peak {max(result['total_kw']):,.1f} kW, "
        f"in {result['seconds']:.2f} s."
    )
    if "gap" in result:
        over = f"a limit is exceeded by {result['excess_kw']:,.3f} kW at the worst"
        held = over if result["excess_kw"] else "every limit holds"
        proven = f"proven within {100 * result['gap']:.4f} % of the optimum"
        typer.echo(f"Together: {'nothing is proven' if isnan(result['gap']) else proven}; {held}.")
    for each in result["first_without"]:
        typer.echo(f"{each['device']}: {each['status']}", err=True)
    more = result["without_schedule"] - len(result["first_without"])
    if more:
        typer.echo(f"{more:,} more have no schedule; --out tells of each", err=True)
