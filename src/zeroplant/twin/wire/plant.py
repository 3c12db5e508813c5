"""All assets of a plant on real sockets, and the file by which control finds them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

from zeroplant.links.clock import Clock
from zeroplant.links.devices import DeviceEntry, write_devices, write_yaml
from zeroplant.links.link import Point
from zeroplant.links.plain import plain_map
from zeroplant.twin.wire.serve import Device, ReadValues, WriteValue, serve

POLL = 1.0
"""Seconds between two polls: less than any cycle of a controller, so that each one reads."""

TEMPLATES = "templates"
"""Folder of the templates beside ``devices.yaml``."""


class PlantWire:
    """One Modbus device for each asset, with a plain map of its points.

    ``read`` gives all values of the plant by name, ``write`` takes one; both return at once.
    """

    def __init__(
        self, points: Iterable[Point], read: ReadValues, write: WriteValue, clock: Clock
    ) -> None:
        self._assets: dict[str, list[Point]] = {}
        for point in points:
            self._assets.setdefault(point.name.partition(".")[0], []).append(point)
        self._read, self._write, self._clock = read, write, clock
        self._open = AsyncExitStack()

    async def start(self, folder: Path, host: str = "127.0.0.1") -> dict[str, str]:
        """Serve all assets on free ports and write ``devices.yaml``; their addresses, by asset."""
        entries = {}
        try:
            for asset, points in self._assets.items():
                template = plain_map(asset, points, every=POLL)
                device = Device(asset, self._read, self._write, self._clock)
                server = serve(template, device, f"{host}:0")
                await server.start()
                self._open.push_async_callback(server.stop)
                file = f"{TEMPLATES}/{asset}.yaml"
                write_yaml(folder / file, template)
                entries[asset] = DeviceEntry(template=file, at=server.at)
            write_devices(folder / "devices.yaml", entries)
        except BaseException:
            await self.stop()
            raise
        return {asset: entry.at for asset, entry in entries.items()}

    async def stop(self) -> None:
        """Let go of all ports."""
        await self._open.aclose()
