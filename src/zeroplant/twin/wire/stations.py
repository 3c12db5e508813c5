"""The swap stations of a twin, each dialling in by OCPP 2.1 to the plant's central system."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from websockets.exceptions import ConnectionClosed

from zeroplant.files import write_atomic
from zeroplant.links.clock import Clock
from zeroplant.links.ocpp import hashed
from zeroplant.twin.kinds.swap import SlotSeen, Swap
from zeroplant.twin.wire.bays import Bays
from zeroplant.twin.wire.broker import free_port
from zeroplant.twin.wire.swap_station import Battery, SwapStation

LOOK = 1.0
"""Seconds between two looks whether trucks have swapped."""
Write = Callable[[str, float, datetime | None], bool]


@dataclass
class Stations:
    """All swap stations, from `start` to `stop`; ``station`` finds one by its name."""

    names: Sequence[str]
    station: Callable[[str], Swap]
    write: Write
    clock: Clock
    places: dict[str, str] = field(default_factory=dict, init=False)
    _running: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    async def start(self, folder: Path) -> dict[str, str]:
        """Dial in from now on; write ``callers.yaml`` and ``stations.yaml`` for the central system.

        Passwords are drawn anew and stand nowhere but, hashed, in the file.
        """
        listen = f"127.0.0.1:{free_port()}"
        entries = []
        for number, name in enumerate(self.names, start=1):
            identity, password = f"SWAP-{number}", secrets.token_urlsafe(24)
            swap = self.station(name)
            entries.append(_entry(swap, identity, password))
            bays = Bays(name, partial(self._rack, name), swap.charging, self.write)
            dialling = SwapStation(
                f"ws://{listen}/ocpp", identity, password, name, bays.values, bays.limit,
                connectors=len(swap.rack()), most=_most(swap), version="2.1", clock=self.clock,
                exchange=partial(self._exchange, name),
            )  # fmt: skip
            self._running.append(asyncio.create_task(dialling.run()))
            self._running.append(asyncio.create_task(self._telling(dialling, bays)))
            self.places[name] = f"ocpp2.1 {identity}, dials {listen}"
        _write(folder / "stations.yaml", {"stations": entries})
        _write(folder / "callers.yaml", {"stations": {"listen": listen, "file": "stations.yaml"}})
        return self.places

    async def stop(self) -> None:
        """Hang up."""
        for task in self._running:
            task.cancel()
        for task in self._running:
            with suppress(asyncio.CancelledError):
                await task
        self._running.clear()

    def _rack(self, name: str) -> Sequence[SlotSeen]:
        return self.station(name).rack()

    def _exchange(self, name: str) -> tuple[Battery, Battery] | None:
        done = self.station(name).exchange()
        return None if done is None else (Battery(*done[0]), Battery(*done[1]))

    async def _telling(self, dialling: SwapStation, bays: Bays) -> None:
        """Tell of each swap of a truck; those while nobody listens are not told."""
        while True:
            await self.clock.sleep(LOOK)
            bays.told = bays.told or dialling.connections > 0
            for came, went in bays.swapped():
                if dialling.connected:
                    with suppress(OSError, TimeoutError, ConnectionClosed):
                        await dialling.swapped(came, went)


def _most(swap: Swap) -> float:
    """MW that one slot can draw."""
    return float(swap.asset.charger_power)


def _entry(swap: Swap, identity: str, password: str) -> dict[str, Any]:
    """The station as its central system is told of it."""
    slots, asset = len(swap.rack()), swap.asset
    chargers = slots * _most(swap)
    first = next(iter(asset.packs.values()))
    points = {}
    if len(swap.charging) == 1:  # of several, nothing says which is meant
        points = {flow: {"of": "charge", "per": takes} for flow, takes in swap.charging.items()}
    return {
        "identity": identity, "password": hashed(password), "name": swap.name,
        "connectors": slots, "most": f"{chargers!r} MW", "each": f"{_most(swap)!r} MW",
        "safe": f"{0.5 * _most(swap)!r} MW", "pack": f"{first.energy!r} MWh",
        "full": swap.full_level, "points": points,
    }  # fmt: skip


def _write(path: Path, said: dict[str, Any]) -> None:
    write_atomic(path, yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100))
