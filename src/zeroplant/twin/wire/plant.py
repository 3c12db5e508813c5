"""All assets of a plant on real sockets, and the file by which control finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from zeroplant.links.clock import Clock
from zeroplant.links.devices import DeviceEntry, write_devices, write_yaml
from zeroplant.links.link import Point
from zeroplant.links.mqtt_template import MqttTemplate
from zeroplant.twin.wire.broker import Broker, mosquitto
from zeroplant.twin.wire.fitting import GATEWAY, fitted
from zeroplant.twin.wire.serve import Device, ReadValues, Server, WriteValue, serve

POLL = 1.0
"""Seconds between two polls: less than any cycle of a controller, so that each one reads."""

TEMPLATES = "templates"
"""Folder of the templates beside ``devices.yaml``."""


class PlantWire:
    """One device for each asset.

    ``read`` gives all values of the plant by name, ``write`` takes one; both return at once.
    ``speaks`` says which assets speak what (`fitting`); the others have a plain Modbus map.
    """

    def __init__(
        self,
        points: Iterable[Point],
        read: ReadValues,
        write: WriteValue,
        clock: Clock,
        speaks: Mapping[str, str] = {},
    ) -> None:
        self._assets: dict[str, list[Point]] = {}
        for point in points:
            self._assets.setdefault(point.name.partition(".")[0], []).append(point)
        self._read, self._write, self._clock = read, write, clock
        self._speaks = speaks
        self._open = AsyncExitStack()
        self.servers: dict[str, Server] = {}
        """What stands behind each asset, from `start` on."""

    async def start(self, folder: Path, host: str = "127.0.0.1") -> dict[str, str]:
        """Serve all assets on free ports and write ``devices.yaml``; their places, by asset."""
        entries, places = {}, {}
        try:
            broker = await self._broker()
            for asset, points in self._assets.items():
                speaks = self._speaks.get(asset, "")
                if speaks == GATEWAY and broker is None:
                    speaks = ""
                form = fitted(asset, points, speaks, every=POLL)
                device = Device(asset, self._read, self._write, self._clock, form.ratings)
                gateway = isinstance(form.template, MqttTemplate) and broker is not None
                at = f"{broker.at}/{asset}" if gateway and broker else f"{host}:0"
                server = self.servers[asset] = serve(form.template, device, at)
                await server.start()
                self._open.push_async_callback(server.stop)
                name = form.shipped
                if not name:
                    name = f"{TEMPLATES}/{asset}.yaml"
                    write_yaml(folder / name, form.template)
                entries[asset] = DeviceEntry(
                    template=name, at=server.at, ratings=dict(form.ratings)
                )
                places[asset] = f"{form.template.protocol} {server.at}"
                if form.ratings:
                    places[asset] += f" ({form.shipped or self._speaks[asset]})"
            write_devices(folder / "devices.yaml", entries)
        except BaseException:
            await self.stop()
            raise
        return places

    async def _broker(self) -> Broker | None:
        """A broker of our own, where one is needed and installed."""
        if GATEWAY not in self._speaks.values() or mosquitto() is None:
            return None
        return await self._open.enter_async_context(Broker())

    async def stop(self) -> None:
        """Let go of all ports."""
        await self._open.aclose()
