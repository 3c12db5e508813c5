"""A sweep as a table: on the terminal, as Parquet, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zeroplant.files import atomic_path
from zeroplant.plan.report.sweep.scale import last, shown
from zeroplant.plan.sweep import MEASURES, Measure, Point, Sweep, measure_named

if TYPE_CHECKING:
    from rich.console import Console

NAME = "sweep.parquet"
SHORT = {"cost": "cost/a", "emissions": "emissions/a", "npv": "NPV", "irr": "IRR", "lcoe": "LCOE"}
"""Figures in the table of the terminal, and their heads."""
MOST_SIZES = 4


def summary(sweep: Sweep, x: Measure, y: Measure, front: Sequence[Point]) -> dict[str, Any]:
    """The sweep as JSON-ready data; amounts are per year of 8,760 h."""
    return {
        "status": "done" if sweep.done else "failed",
        "plant": sweep.plant,
        "currency": sweep.currency,
        "parameters": [
            {"key": each.key, "values": list(each.values), "numbers": each.numbers,
             "unit": each.unit} for each in sweep.parameters
        ],
        "points": [_plain(point) for point in sweep.points],
        "frontier": {"x": x.name, "y": y.name, "points": [point.number + 1 for point in front]},
    }  # fmt: skip


def _plain(point: Point) -> dict[str, Any]:
    said = asdict(point)
    said["number"] = point.number + 1
    for name in ("broken", "slight"):
        said[name] = [{"en": english, "zh": chinese} for english, chinese in said[name]]
    return {**said, "keeps_all": point.keeps_all}


def write_parquet(sweep: Sweep, front: Sequence[Point], folder: str | Path) -> Path:
    """Write every point to ``folder/sweep.parquet``; raises InputError if it cannot.

    Columns: ``point``, ``set.<key>`` as written, ``status``, ``reason``, the measures,
    ``size.<capacity>``, ``rules_met`` of ``rules``, ``keeps_all``, ``on_frontier``, ``seconds``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    points, numbers = sweep.points, {point.number for point in front}
    number, text = pa.float64(), pa.string()
    data = {"point": pa.array([point.number + 1 for point in points], pa.int32())}
    for parameter in sweep.parameters:
        data[f"set.{parameter.key}"] = pa.array([p.changes[parameter.key] for p in points], text)
    data["status"] = pa.array([point.status for point in points], text)
    data["reason"] = pa.array([point.reason for point in points], text)
    for name in dict.fromkeys(name for point in points for name in point.measures):
        data[name] = pa.array([point.measures.get(name) for point in points], number)
    for name in dict.fromkeys(name for point in points for name in point.sizes):
        data[f"size.{name}"] = pa.array([point.sizes.get(name) for point in points], number)
    data["rules_met"] = pa.array([point.rules_met for point in points], pa.int32())
    data["rules"] = pa.array([point.rules for point in points], pa.int32())
    data["keeps_all"] = pa.array([point.keeps_all for point in points])
    data["on_frontier"] = pa.array([point.number in numbers for point in points])
    data["seconds"] = pa.array([point.seconds for point in points], number)
    path = Path(folder) / NAME
    with atomic_path(path) as temporary:
        pq.write_table(pa.table(data), temporary, compression="zstd")
    return path


def columns(sweep: Sweep) -> list[Measure]:
    """Measures in which points differ or that everybody looks for, and the sizes that differ."""
    found = [m for m in MEASURES if m.name in SHORT and any(m.of(p, sweep) for p in sweep.done)]
    swept = {parameter.key for parameter in sweep.parameters}
    names = dict.fromkeys(name for point in sweep.done for name in point.sizes)
    for name in (name for name in names if f"assets.{name}" not in swept):
        values = [point.sizes.get(name, 0.0) for point in sweep.done]
        if max(values) - min(values) > 1e-6 * max(map(abs, values)):
            found.append(measure_named(name, sweep))
    return found


def print_sweep(sweep: Sweep, front: Sequence[Point], console: Console) -> None:
    """Print every point; what failed and why stands below."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    numbers = {point.number for point in front}
    figures = columns(sweep)
    sizes = [m for m in figures if m.kind == "size"]
    figures = [m for m in figures if m.kind != "size"] + sizes[:MOST_SIZES]
    table = Table(header_style="dim", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("no.", justify="right")
    for parameter in sweep.parameters:
        table.add_column(escape(last(parameter.key)), justify="right")
    for measure in figures:
        table.add_column(escape(SHORT.get(measure.name, measure.name)), justify="right")
    table.add_column("rules", justify="right")
    table.add_column("")
    for point in sweep.done:
        table.add_row(
            str(point.number + 1),
            *(escape(point.changes[each.key]) for each in sweep.parameters),
            *(shown(measure, point, sweep).en for measure in figures),
            f"{point.rules_met}/{point.rules}" if point.rules else "",
            "[green]frontier[/]" if point.number in numbers
            else "" if point.keeps_all else "[red]breaks[/]",
        )  # fmt: skip
    console.print()
    console.print(table)
    if any(point.slight and point.keeps_all for point in sweep.done):
        console.print("Wishes missed by less than 0.1 % are told on the page and break nothing.")
    reasons: dict[str, list[str]] = {}
    for point in sweep.failed:
        reasons.setdefault(point.reason, []).append(str(point.number + 1))
    for reason, points in reasons.items():
        console.print(escape(f"failed: {', '.join(points)}: {reason}"), soft_wrap=True)
    console.print()
