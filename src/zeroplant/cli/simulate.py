"""``zeroplant simulate``: the swap stations of a plan, truck by truck."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

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
    from rich.table import Table

    from zeroplant.plan.stations import Served, Simulated
    from zeroplant.plant import Plant

TABLE_WIDTH = 96
ALL = "all stations"


def simulate(  # noqa: PLR0917  # typer gives every one by name
    plant: PlantPath,
    days: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="N", help="Days to simulate from the plan's first; all."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="Seed of the trucks that come by chance.")
    ] = 1,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Charge every pack as it comes, not as planned.")
    ] = False,
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Simulate this scenario alone; left out: every one."),
    ] = None,
    json: JsonFile = None,
    set_: Changes = None,
) -> None:
    """Plan a plant, then run its swap stations truck by truck.

    Trucks set out by chance, as many an hour as the plan counts on, and drive from station to
    station: one that waits comes late to the next. Stations keep to the plan's charging, and
    charge more where fewer packs are full than the trucks that come by chance may need. Prints
    how long trucks wait, how many swap, and how hard the packs work, for each station and for all,
    and for each scenario apart.
    """
    from zeroplant.plant import load_plant

    check_places(json=json)
    with steps("simulate") as watch:
        watch("read")
        read = load_plant(plant, changes_of(set_))
        from zeroplant.plan import plan as run
        from zeroplant.plan.stations import chains_of, check_days, swap_stations
        from zeroplant.plan.stations import simulate as simulated

        swap_stations(read)
        chains = chains_of(read.axis, scenario)
        if days is not None:
            check_days(days)
        result = run(read, watch=watch, advise=False)
        watch("trucks")
        found = [
            simulated(read, result.solution, days=days, seed=seed, at_once=at_once, chain=chain)
            for chain in chains
        ]
    data = _data(read, seed, found, at_once=at_once)
    write_json(json, data)
    if json != "-":
        _show(data)


def _data(plant: Plant, seed: int, found: Sequence[Simulated], *, at_once: bool) -> dict[str, Any]:
    """What was found, as plain data: of each scenario where the plant has several."""
    scenarios = [
        {
            "scenario": each.scenario,
            "probability": each.probability,
            "stations": [_row(station) for station in each.stations],
            "corridor": _row(each.corridor),
        }
        for each in found
    ]
    head = {
        "plant": plant.name,
        "begin": found[0].begin,
        "days": found[0].days,
        "seed": seed,
        "charging": "at once" if at_once else "as planned",
    }
    if len(plant.axis.chains) > 1:
        return {**head, "scenarios": scenarios}
    return {**head, "stations": scenarios[0]["stations"], "corridor": scenarios[0]["corridor"]}


def _row(served: Served) -> dict[str, Any]:
    service, none = served.service, float("nan")
    return {
        "name": served.name,
        "visits": 0 if service is None else service.visits,
        "swaps_per_day": served.swaps,
        "wait_p50_minutes": none if service is None else 60.0 * service.median,
        "wait_p95_minutes": none if service is None else 60.0 * service.p95,
        "full_pack_at_once": none if service is None else service.prompt,
        "pack_cycles_per_day": served.cycles,
        "energy_mwh": served.charged,
        "planned_mwh": served.planned,
    }


def _show(data: dict[str, Any]) -> None:
    from rich.console import Console

    wide = Console() if sys.stdout.isatty() else Console(width=TABLE_WIDTH)
    for found in data.get("scenarios", [data]):
        wide.print(_table(data, found))


def _table(data: dict[str, Any], found: dict[str, Any]) -> Table:
    """One row for each station, and one for all, in one scenario."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    which = ""
    if "scenario" in found:
        which = f", scenario '{found['scenario']}' ({100 * found['probability']:.3g} %)"
    title = (
        f"{data['plant']}: {data['days']:g} days of swap stations from {data['begin']}{which}, "
        f"packs charged {data['charging']}"
    )
    table = Table(
        title=escape(title),
        caption="p50, p95: minutes that half, and 95 %, of the trucks wait at most, for lanes and "
        "packs together. full: trucks that find a full pack at once. cycles: of a pack in the "
        "rack, a day. MWh drawn, and as planned.",
        box=box.SIMPLE,
        title_justify="left",
        title_style="bold",
        caption_justify="left",
    )
    table.add_column("station")
    for head in ("trucks", "swaps/d", "p50 min", "p95 min", "full", "cycles", "MWh", "planned"):
        table.add_column(head, justify="right")
    stations = found["stations"]
    rows = stations if len(stations) == 1 else [*stations, found["corridor"]]
    for row in rows:
        came = row["visits"] > 0
        table.add_row(
            row["name"] or ALL,
            f"{row['visits']:,}",
            f"{row['swaps_per_day']:.1f}",
            f"{row['wait_p50_minutes']:.1f}" if came else "–",
            f"{row['wait_p95_minutes']:.1f}" if came else "–",
            f"{100 * row['full_pack_at_once']:.1f} %" if came else "–",
            f"{row['pack_cycles_per_day']:.2f}",
            f"{row['energy_mwh']:,.0f}",
            f"{row['planned_mwh']:,.0f}",
        )
    return table
