"""``zeroplant siting``: where swap stations must stand on a road, and what each of them needs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
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
from zeroplant.errors import InputError, Problem, suggestion

if TYPE_CHECKING:
    from rich.table import Table

    from zeroplant.assets.road import Road
    from zeroplant.plant.schema import Plant
    from zeroplant.transport.layout import StationPlan
    from zeroplant.transport.reach import Path
    from zeroplant.transport.siting import Siting
    from zeroplant.transport.sizing import Equipment

TABLE_WIDTH = 96
PRICES = ("lane", "pack", "charger", "kva")
"""What has a price of its own, and an option for it."""


def siting(  # noqa: PLR0917  # typer gives every one by name
    plant: PlantPath,
    road: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which road, if the plant has several.")
    ] = None,
    stations: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="P",
            help="At most so many stations, for as many trucks as possible; left out, the "
            "cheapest stations with which every way can be driven.",
        ),
    ] = None,
    charger: Annotated[str, typer.Option(metavar="POWER", help="Power of a charger.")] = "280 kW",
    patience: Annotated[
        str, typer.Option(metavar="TIME", help="Longest wait that counts as served.")
    ] = "10 min",
    service: Annotated[
        str, typer.Option(metavar="SHARE", help="Share of trucks to be served so.")
    ] = "95 %",
    lane_price: Annotated[
        str | None, typer.Option(metavar="MONEY", help="Price of a lane; 1,500,000 CNY assumed.")
    ] = None,
    pack_price: Annotated[
        str | None, typer.Option(metavar="MONEY", help="Price of a pack; 300,000 CNY assumed.")
    ] = None,
    charger_price: Annotated[
        str | None, typer.Option(metavar="MONEY", help="Price of a charger; 112,000 CNY assumed.")
    ] = None,
    kva_price: Annotated[
        str | None,
        typer.Option(metavar="PRICE", help="Price of a transformer; 500 CNY/kVA assumed."),
    ] = None,
    json: JsonFile = None,
    set_: Changes = None,
) -> None:
    """Find where swap stations must stand on a road.

    Every place of the road marked 'candidate' is considered, or all if none is. Ways there and
    back are driven with the loads of the plant file, in the coldest hour if the road has a site.
    Then lanes, packs, chargers and kVA of each station follow from its trucks by the hour.
    """
    from zeroplant.plant import load_plant

    check_places(json=json)
    equipment = _equipment(charger, patience, service)
    prices = dict(zip(PRICES, (lane_price, pack_price, charger_price, kva_price), strict=True))
    with steps("siting") as watch:
        watch("read")
        read = load_plant(plant, changes_of(set_))
        name, asset = _road(read, road)
        equipment = replace(equipment, **_prices(prices, read.currency, asset))
        watch("site and size")
        result = _result(read, name, asset, stations, equipment)
    write_json(json, result)
    if json != "-":
        _show(result)


def _prices(given: dict[str, str | None], currency: str, road: Road) -> dict[str, float]:
    """Prices of the options. Raises InputError for what is assumed in another currency."""
    from zeroplant.units import parse

    found: dict[str, float] = {}
    problems = []
    for key, text in given.items():
        if text is None:
            continue
        unit, scale = ("money/MW", 1e-3) if key == "kva" else ("money", 1.0)
        try:
            value = parse(text, unit, currency=currency)
        except InputError:
            value = -1.0
        if value < 0:
            what = f"'{text}' is not {'a price per kVA' if key == 'kva' else 'an amount of money'}"
            good = f"500 {currency}/kVA" if key == "kva" else f"100000 {currency}"
            instead = f"write one such as '{good}'"
            problems.append(Problem(what, where=f"--{key}-price", instead=instead))
        found[f"{key}_cost"] = scale * value
    if currency != "CNY":
        problems += _foreign(given, currency, road)
    if problems:
        raise InputError(problems)
    return found


def _foreign(given: dict[str, str | None], currency: str, road: Road) -> Iterator[Problem]:
    """What is assumed in CNY only must be said where the plant counts in another currency."""
    missing = [f"--{key}-price" for key, text in given.items() if text is None]
    if missing:
        what = f"the plant counts in {currency}, and prices are assumed in CNY only"
        yield Problem(what, instead=f"give {', '.join(missing)}")
    candidates = _candidates(road)
    silent = [name for name in candidates if "site_cost" not in road.places[name].model_fields_set]
    if silent:
        what = f"the plant counts in {currency}, and a 'site_cost' is assumed in CNY only"
        yield Problem(what, instead=f"write it for the places: {', '.join(silent)}")


def _equipment(charger: str, patience: str, service: str) -> Equipment:
    """What was asked for in the options. Raises InputError naming the option."""
    from zeroplant.transport.sizing import Equipment
    from zeroplant.units import parse

    given = {
        "charger": (charger, "MW", 0.001, 10.0, "1…10000 kW", "280 kW"),
        "patience": (patience, "h", 0.0, 24.0, "0…1440 min", "10 min"),
        "service": (service, "1", 0.01, 0.999, "1…99.9 %", "95 %"),
    }
    found: dict[str, float] = {}
    problems = []
    for key, (text, unit, least, most, between, usual) in given.items():
        try:
            value = parse(text, unit)
        except InputError as error:
            what = error.problems[0].what
            instead = f"write one of {between}, such as '{usual}'"
            problems.append(Problem(what, where=f"--{key}", instead=instead))
            continue
        if not least <= value <= most:
            what = f"'{text}' is out of range"
            problems.append(Problem(what, where=f"--{key}", instead=f"write one of {between}"))
        found[key] = value
    if problems:
        raise InputError(problems)
    return Equipment(**found)


def _road(plant: Plant, name: str | None) -> tuple[str, Road]:
    """The road that is meant. Raises InputError where none is, or more than one."""
    from zeroplant.assets.road import Road

    roads = {key: asset for key, asset in plant.assets.items() if isinstance(asset, Road)}
    if not roads:
        what = "the plant has no road"
        raise InputError(Problem(what, instead="add an asset of kind: road with its trucks"))
    if name is None and len(roads) > 1:
        what = f"the plant has {len(roads)} roads"
        raise InputError(Problem(what, instead=f"name one by --road: {', '.join(roads)}"))
    chosen = next(iter(roads)) if name is None else name
    if chosen not in roads:
        instead = suggestion(chosen, roads)
        raise InputError(Problem(f"there is no road '{chosen}'", where="--road", instead=instead))
    return chosen, roads[chosen]


def _result(
    plant: Plant, name: str, road: Road, number: int | None, equipment: Equipment
) -> dict[str, Any]:
    """The answer as plain data."""
    from zeroplant.plant.places import site_of
    from zeroplant.transport.layout import layout
    from zeroplant.transport.siting import fewest, most

    site = None if road.site is None else site_of(plant, road.site)
    streams = road.streams(plant.axis, None if site is None else site.weather.temp_air)
    paths = [stream.path for stream in streams]
    costs = _candidates(road)
    factor = float(max(stream.factors.max() for stream in streams))
    if number is None:
        found = fewest(paths, costs, factor=factor)
    else:
        found = most(paths, costs, number, factor=factor)
    served = [stream for stream, can in zip(streams, found.drivable, strict=True) if can]
    plans = list(layout(served, plant.axis, found.places, equipment))
    return {
        "plant": plant.name,
        "road": name,
        "currency": plant.currency,
        "winter_factor": factor,
        "patience_minutes": 60.0 * equipment.patience,
        "prices": {key: getattr(equipment, f"{key}_cost") for key in PRICES},
        **_coverage(paths, found),
        "stations": [_row(plan, costs[plan.place]) for plan in plans],
        "investment": sum(plan.size.cost for plan in plans)
        + sum(costs[place] for place in {plan.place for plan in plans}),
    }


def _candidates(road: Road) -> dict[str, float]:
    """Places where a station may stand, each with its cost: the marked ones, or all."""
    marked = {key: place.site_cost for key, place in road.places.items() if place.candidate}
    return marked or {key: place.site_cost for key, place in road.places.items()}


def _coverage(paths: list[Path], found: Siting) -> dict[str, Any]:
    """Trucks per day that can drive their way, and the ways that cannot be driven by all."""
    trucks = sum(path.trucks for path in paths)
    can = sum(path.trucks for path, can in zip(paths, found.drivable, strict=True) if can)
    missing = [path.name for path, can in zip(paths, found.drivable, strict=True) if not can]
    return {
        "trucks_per_day": trucks,
        "trucks_served_per_day": can,
        "places": list(found.places),
        "not_drivable": list(dict.fromkeys(missing)),
    }


def _row(plan: StationPlan, site_cost: float) -> dict[str, Any]:
    return {
        "place": plan.place,
        "pack": plan.family,
        "trucks_per_day": plan.per_day,
        "busiest_hour": plan.busiest,
        "charge_kwh": 1e3 * plan.charge,
        "lanes": plan.size.lanes,
        "packs": plan.size.packs,
        "chargers": plan.size.chargers,
        "kva": plan.size.kva,
        "service": plan.size.service,
        "equipment_cost": plan.size.cost,
        "site_cost": site_cost,
    }


def _show(result: dict[str, Any]) -> None:
    """Print the stations as a table, and what they do not reach."""
    from rich.console import Console

    wide = Console() if sys.stdout.isatty() else Console(width=TABLE_WIDTH)
    wide.print(_table(result))
    served, all_ = result["trucks_served_per_day"], result["trucks_per_day"]
    share = 100.0 * served / all_ if all_ else 100.0
    typer.echo(f"{served:,.0f} of {all_:,.0f} electric trucks a day can drive ({share:.0f} %).")
    for way in result["not_drivable"]:
        typer.echo(f"not for all loads: {way}")
    money = result["investment"] / 1e6
    typer.echo(f"Investment about {money:,.1f} million {result['currency']}, packs of stations in.")
    lane, pack, charger, kva = (result["prices"][key] for key in PRICES)
    typer.echo(
        f"Prices, assumed where no option gives them: {lane:,.0f} a lane, {pack:,.0f} a pack, "
        f"{charger:,.0f} a charger, {kva:,.0f} a kVA ({result['currency']})."
    )


def _table(result: dict[str, Any]) -> Table:
    """One row for each station and pack family."""
    from rich import box
    from rich.table import Table

    patience = f"in {result['patience_minutes']:g} min"
    table = Table(
        title=f"{result['plant']}: swap stations on '{result['road']}'",
        caption=f"kWh: mean charge of a pack. {patience}: trucks that wait no longer, at least.",
        box=box.SIMPLE,
        title_justify="left",
        title_style="bold",
        caption_justify="left",
    )
    table.add_column("place")
    table.add_column("pack")
    for head in ("trucks/d", "peak/h", "kWh", "lanes", "packs", "chargers", "kVA", patience):
        table.add_column(head, justify="right")
    for row in result["stations"]:
        table.add_row(
            row["place"],
            row["pack"],
            f"{row['trucks_per_day']:.0f}",
            f"{row['busiest_hour']:.1f}",
            f"{row['charge_kwh']:.0f}",
            f"{row['lanes']}",
            f"{row['packs']}",
            f"{row['chargers']}",
            f"{row['kva']:,.0f}",
            f"{100 * row['service']:.1f} %",
        )
    return table
