"""``zeroplant twin``: the devices of a plant, simulated, each behind its real protocol."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zeroplant.cli.common import Changes, PlantPath, changes_of, check_places

if TYPE_CHECKING:
    from zeroplant.twin.kinds.swap import Swap
    from zeroplant.twin.serving import Serving
    from zeroplant.twin.wire.outside import Outside
    from zeroplant.twin.wire.swap_station import Exchange


def twin(  # noqa: PLR0917  # typer gives every one by name
    plant: PlantPath,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for devices.yaml and the templates.")
    ] = Path("twin"),
    days: Annotated[
        int, typer.Option(min=1, max=92, metavar="N", help="Days that are drawn at a time.")
    ] = 7,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Which weather and noise.")] = 1,
    step: Annotated[
        float, typer.Option(min=1.0, max=60.0, metavar="SECONDS", help="Step of the physics.")
    ] = 1.0,
    lasts: Annotated[
        float | None,
        typer.Option(
            min=1.0, metavar="SECONDS", help="Stop after so long; else at Ctrl-C or SIGTERM."
        ),
    ] = None,
    outside: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A dispatch centre, DR events and stations that call."),
    ] = None,
    set_: Changes = None,
) -> None:
    """Run the devices of a plant in real time, without a controller.

    Prints where each device listens (loopback only) and writes a devices file that `zeroplant
    control` reads.
    """
    import asyncio

    check_places(folder=out)
    from zeroplant.plant import load_plant

    read = load_plant(plant, changes_of(set_))
    from zeroplant.links.clock import SystemClock
    from zeroplant.twin.serving import Serving

    serving = Serving(read, start=SystemClock().now(), days=days, seed=seed, step=step)

    async def run() -> None:
        world = None if outside is None else await _outside(outside, serving)
        for name, at in (await serving.open(out)).items():
            typer.echo(f"{name:24} {at}")
        running = asyncio.create_task(serving.run(lasts))
        with suppress(NotImplementedError):  # Windows knows no handlers here
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
        typer.echo(f"Devices of {read.name}: {out / 'devices.yaml'}; Ctrl-C ends")
        try:
            await asyncio.wait([running])
            if not running.cancelled():
                running.result()
        finally:
            if world is not None:
                await world.stop()

    asyncio.run(run())


async def _outside(file: Path, serving: Serving) -> Outside:
    """Those who call on the plant, started."""
    from zeroplant.links.clock import SystemClock
    from zeroplant.twin.kinds.swap import Swap
    from zeroplant.twin.wire.outside import Outside, read_outside

    twin = serving.twin

    def read() -> dict[str, float]:
        return dict(zip(twin.points.names, twin.read()[0].tolist(), strict=True))

    swapping = {kind.name: _exchange(kind) for kind in twin.kinds if isinstance(kind, Swap)}
    world = Outside(read_outside(file), read, serving.write, SystemClock(), exchange=swapping)
    await world.start()
    return world


def _exchange(station: Swap) -> Exchange:
    """A battery swap at a simulated station, as OCPP tells of it."""
    from zeroplant.twin.wire.swap_station import Battery

    def swap() -> tuple[Battery, Battery] | None:
        done = station.exchange()
        return None if done is None else (Battery(*done[0]), Battery(*done[1]))

    return swap
