"""``zeroplant replay``: what was known, decided and why, at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zeroplant.cli.common import JsonFile, check_places, write_json
from zeroplant.errors import InputError, Problem

if TYPE_CHECKING:
    from zeroplant.operate.folder import PlantFolder


def replay(
    data: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a running plant.")],
    at: Annotated[
        str, typer.Option(metavar="TIME", help="The moment, with its zone; the last if left out.")
    ] = "",
    whole: Annotated[
        bool, typer.Option("--whole", help="Follow the journal's chain from its first record on.")
    ] = False,
    json: JsonFile = None,
) -> None:
    """Show what a plant knew, decided and did at a moment, from its journal and history."""
    from zeroplant.operate.folder import PlantFolder
    from zeroplant.operate.replay import replay as replayed

    check_places(json=json)
    folder = PlantFolder(data)
    shown = replayed(folder, _moment(at, folder), whole=whole)
    write_json(json, shown.said())
    if json == "-":
        return
    typer.echo(f"at {shown.at.isoformat()}   journal {shown.intact}")
    if shown.decision is not None:
        said = shown.decision.payload
        typer.echo(
            f"target {said['target']} MW (by {said['source']}), within reach {said['achievable']}, "
            f"measured {said['exchange']}"
        )
        for name, (value, reason, clip) in said["setpoints"].items():
            why = reason if clip == "none" else f"{reason}: {clip}"
            known = shown.values.get(name, {}).get("value")
            typer.echo(f"  {name:40} set {value!s:>10}  was {known!s:>22}  {why}")
    if shown.plan is not None:
        said = shown.plan.payload
        typer.echo(_with(f"schedule from {shown.plan.event.isoformat()}: {said['status']}", said))
    if shown.requested is not None:
        typer.echo(_asked_for(shown.requested))
    for each in shown.alarms.values():
        typer.echo(f"alarm since {each.payload['raised']}: {each.payload['cause']}")
    if shown.decision is not None and not shown.exact:
        typer.echo(
            "changes since are not in the journal: this is the last whole entry, and what is known"
        )
    for each in shown.called.values():
        said = each.payload
        typer.echo(f"order of {said['source']}: {said['kind']} {said['key']} {said['value']} MW")
    for name, each in shown.orders.items():
        said = each.payload
        typer.echo(f"order {name} of {said['person']}: {said['kind']} {said['value']} MW")


def _asked_for(said: dict[str, Any]) -> str:
    """The last plan that was asked for, and what came of it."""
    head = f"plan from {said['begin']}, asked for at {said['asked']}"
    if said["answered"] is None:
        return f"{head}: not there yet"
    came = {"none": "nothing came", "kept": "the last good one instead", "rule": "a rule instead"}
    status = said["status"]
    return _with(f"{head}: {came.get(status, status)} at {said['answered']}", said)


def _with(line: str, said: Mapping[str, Any]) -> str:
    return f"{line} ({said['note']})" if said["note"] else line


def _moment(text: str, folder: PlantFolder) -> datetime:
    """The moment that was asked for, or that of the last cycle."""
    from zeroplant.links.clock import SystemClock

    if not text:
        with suppress(OSError, ValueError, KeyError):
            return datetime.fromisoformat(loads(folder.live.read_bytes())["at"])
        return SystemClock().now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None:
        what, instead = f"'{text}' is no moment with a zone", "write 2026-11-20T08:00:00+08:00"
        raise InputError(Problem(what, where="--at", instead=instead))
    return at.astimezone(UTC)
