"""``zeroplant depot``: from what a depot's trucks did to the charging sessions of a hub."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zeroplant.cli.common import check_places
from zeroplant.errors import InputError, Problem

if TYPE_CHECKING:
    from zeroplant.transport.depot import Depot
    from zeroplant.transport.depot_log import DepotLog
    from zeroplant.transport.sessions import Sessions


def depot(  # noqa: PLR0917  # typer gives every one by name
    log: Annotated[Path, typer.Argument(metavar="LOG", help="CSV or Parquet file of the trucks.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the sessions go, as CSV.")],
    power: Annotated[
        str, typer.Option(metavar="POWER", help="Most that a truck takes at its charger.")
    ] = "150 kW",
    trucks: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="How many trucks to draw; as many as seen."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="First day to draw; left out, the sessions are those of the log itself.",
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, metavar="N", help="How many days to draw.")] = 365,
    zone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help="Clock of stamps that carry none, as Asia/Shanghai."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="NUMBER", help="Seed of the draw.")] = 1,
) -> None:
    """Turn a log of trucks into the charging sessions of a charger hub.

    The log has one row for each truck and period: 'truck', a time, 'at_base' (0 or 1) and
    'drive_power_kw'. With --start other days are drawn from it: each day of each truck is a whole
    day that was seen, of a workday for workdays and of a weekend for weekends. The file that is
    written is what a charger_hub reads under 'sessions', with 'power: power_kw'.
    """
    from zeroplant.files import write_atomic
    from zeroplant.transport.depot_log import read_log

    check_places(json=str(out))
    most = _power(power)
    if start is None and trucks is not None:
        instead = "add --start, such as --start 2025-01-01"
        raise InputError(Problem("trucks are drawn for days", where="--trucks", instead=instead))
    seen = read_log(log, zone)
    first = seen.first if start is None else start.date()
    fleet = seen.depot if start is None else _drawn(seen, trucks, first, days, seed)
    found = fleet.sessions(most)
    write_atomic(out, _csv(found, first, seen.offset))
    driven, charged = float(fleet.use.sum()), float(found.energy.sum())
    typer.echo(
        f"{len(found):,d} stays of {len(fleet.at_base):,d} trucks want {charged:,.1f} MWh; "
        f"{driven:,.1f} MWh were driven."
    )
    typer.echo(
        f"Written to {out}; in the plant file: sessions: {{file: {out.name}, power: power_kw}}"
    )


def _power(text: str) -> float:
    from zeroplant.units import parse

    value = parse(text, "MW")
    if value <= 0:
        raise InputError(
            Problem(f"'{text}' is no power", where="--power", instead="write '150 kW'")
        )
    return value


def _drawn(seen: DepotLog, trucks: int | None, first: date, days: int, seed: int) -> Depot:
    """Another fleet over other days. Raises InputError for kinds of days that were not seen."""
    from zeroplant.transport.depot import DepotModel
    from zeroplant.transport.depot_log import rest_days

    rest = rest_days(first, days)
    for kind, name in ((False, "workday"), (True, "Saturday or Sunday")):
        if (rest == kind).any() and not (seen.rest == kind).any():
            what = f"the log has no {name} to draw from"
            raise InputError(Problem(what, instead="give a log of a whole week"))
    model = DepotModel.fit(seen.depot, seen.rest)
    return model.draw(len(seen.depot.at_base) if trucks is None else trucks, rest, seed)


def _csv(sessions: Sessions, first: date, offset: int) -> str:
    """Sessions in the order in which they come, with stamps of UTC."""
    import numpy as np
    import polars

    begin = np.datetime64(first, "s") - np.timedelta64(offset, "s")
    order = np.argsort(sessions.arrival, kind="stable")

    def stamps(hours: np.ndarray) -> np.ndarray:
        return begin + np.round(3600.0 * hours[order]).astype("m8[s]")

    table = polars.DataFrame(
        {
            "arrival": np.datetime_as_string(stamps(sessions.arrival), timezone="UTC"),
            "departure": np.datetime_as_string(stamps(sessions.departure), timezone="UTC"),
            "energy_kwh": np.round(1e3 * sessions.energy[order], 3),
            "power_kw": 1e3 * sessions.power[order],
        }
    )
    return table.write_csv()
