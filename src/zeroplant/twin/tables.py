"""Figures of a run as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def print_figures(figures: dict[str, Any], console: Console) -> None:
    """Print what came of a run."""
    from rich.table import Table

    title = f"{figures['plant']}, {figures['days']} days from {figures['start'][:10]}"
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, value in rows(figures):
        table.add_row(name, value)
    console.print(table)
    energy = Table(title="Energy", title_justify="left")
    for name in ("flow", "MWh (unit·h)", "curtailed"):
        energy.add_column(name, justify="left" if name == "flow" else "right")
    for name, each in figures["energy_mwh"].items():
        curtailed = each.get("curtailed")
        energy.add_row(
            name, f"{each['energy']:,.1f}", "" if curtailed is None else f"{curtailed:,.1f}"
        )
    console.print(energy)
    if figures["faults"]:
        console.print(_faults(figures["faults"]))


def _faults(faults: list[dict[str, Any]]) -> Table:
    """What broke, when, and what alarms answered."""
    from rich.table import Table

    table = Table(title="Faults", title_justify="left")
    for name in ("fault", "device", "hours", "alarms"):
        table.add_column(name)
    for each in faults:
        hours = f"{each['from_hours']:g} to {each['to_hours']:g}"
        table.add_row(each["kind"], each["device"] or "", hours, answered(each) or "none")
    return table


def answered(fault: dict[str, Any]) -> str:
    """The alarms that answered a fault, and after how long the first; nothing if none did."""
    alarms = ", ".join(fault["alarms"])
    return f"{alarms} ({fault['answered_seconds']:.0f} s)" if alarms else ""


def rows(figures: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The figures that count, in words."""
    currency = figures["currency"]
    yield "net cost (less what is stored)", f"{figures['cost']:,.0f} {currency}"
    regret = figures["regret"]
    if regret is not None:
        yield "cost regret against foresight", f"{regret['ours']:,.0f} {currency}"
        yield "the same with persistence", f"{regret['persistence']:,.0f} {currency}"
        yield "ours as a share of that", f"{100 * regret['share']:.0f} %"
    tracking = figures["tracking_error"]
    yield "tracking error, 95 % of cycles below", f"{100 * tracking['p95']:.2f} % of rating"
    achievable = figures["tracking_error_achievable"]
    yield "of what was achievable", f"{100 * achievable['p95']:.2f} % of rating"
    yield "minutes beyond a connection's limit", f"{figures['envelope_violations']}"
    yield "unserved", f"{figures['unserved_mwh']:,.2f} MWh"
    yield "of it planned", f"{figures['planned_unserved_mwh']:,.2f} MWh"
    yield "curtailed", f"{figures['curtailed_mwh']:,.1f} MWh"
    for key, each in figures["forecast_skill"].items():
        yield (
            f"forecast of {key}",
            (f"{100 * each['rmse']:.1f} % (persistence {100 * each['persistence']:.1f} %)"),
        )
    for name, value in figures["kinds"].items():
        shown = f"{value:,.4g}" if isinstance(value, (int, float)) else str(value)
        yield name, shown
    yield "alarms raised", f"{figures['alarms']['raised']}"
    solver = figures["solver"]
    statuses = ", ".join(f"{count} {status}" for status, count in solver["status"].items())
    yield "schedules", statuses
    yield "a schedule takes", f"{1e3 * solver['seconds_p95']:.0f} ms (95 % below)"
    commands = ", ".join(f"{name} {count}" for name, count in figures["commands"].items())
    yield "commands", commands
