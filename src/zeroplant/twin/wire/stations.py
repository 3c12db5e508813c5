"""The stations of a twin, each dialling in by OCPP to the plant's central system.

Swap stations speak 2.1, charging hubs 2.0.1.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
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
from zeroplant.links.tasks import end
from zeroplant.twin.kinds.swap import SlotSeen, Swap
from zeroplant.twin.wire.bays import Bays
from zeroplant.twin.wire.broker import free_port
from zeroplant.twin.wire.charge_point import ChargePoint
from zeroplant.twin.wire.shared import Shared
from zeroplant.twin.wire.swap_station import Battery, SwapStation

LOOK = 1.0
"""Seconds between two looks whether trucks have swapped."""
Write = Callable[[str, float, datetime | None], bool]


@dataclass(frozen=True)
class Hub:
    """A charging hub: its name, its chargers, and MW of one of them."""

    name: str
    chargers: int
    each: float


@dataclass
class Stations:
    """All swap stations and hubs, from `start` to `stop`; ``station`` finds a swap station.

    ``read`` gives all values of the plant by name, ``write`` sets one.
    """

    names: Sequence[str]
    station: Callable[[str], Swap]
    read: Callable[[], Mapping[str, float]]
    write: Write
    clock: Clock
    hubs: Sequence[Hub] = ()
    places: dict[str, str] = field(default_factory=dict, init=False)
    _running: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    async def start(self, folder: Path) -> dict[str, str]:
        """Dial in from now on; write ``callers.yaml`` and ``stations.yaml`` for the central system.

        Passwords are drawn anew and stand nowhere but, hashed, in the file.
        """
        listen = f"127.0.0.1:{free_port()}"
        url = f"ws://{listen}/ocpp"
        entries = [self._hub(hub, number, url) for number, hub in enumerate(self.hubs, start=1)]
        for number, name in enumerate(self.names, start=1):
            identity, password = f"SWAP-{number}", secrets.token_urlsafe(24)
            swap = self.station(name)
            entries.append(_entry(swap, identity, password))
            bays = Bays(name, partial(self._rack, name), swap.charging, self.write)
            dialling = SwapStation(
                url, identity, password, name, bays.values, bays.limit,
                connectors=len(swap.rack()), most=_most(swap), version="2.1", clock=self.clock,
                exchange=partial(self._exchange, name),
            )  # fmt: skip
            bays.heard = partial(_was_let_in, dialling)
            self._running.append(asyncio.create_task(dialling.run()))
            self._running.append(asyncio.create_task(self._telling(dialling, bays)))
            self.places[name] = f"ocpp2.1 {identity}, dials {listen}"
        _write(folder / "stations.yaml", {"stations": entries})
        _write(folder / "callers.yaml", {"stations": {"listen": listen, "file": "stations.yaml"}})
        return self.places

    async def stop(self) -> None:
        """Hang up."""
        await end(self._running)
        self._running.clear()

    def _hub(self, hub: Hub, number: int, url: str) -> dict[str, Any]:
        """Let a hub dial in; it as its central system is told of it."""
        identity, password = f"HUB-{number}", secrets.token_urlsafe(24)
        whole = Shared(hub.name, hub.chargers, self.read, self.write)
        dialling = ChargePoint(
            url, identity, password, hub.name, whole.values, whole.limit,
            connectors=hub.chargers, most=hub.each, version="2.0.1", clock=self.clock,
        )  # fmt: skip
        whole.heard = partial(_was_let_in, dialling)
        self._running.append(asyncio.create_task(dialling.run()))
        self.places[hub.name] = f"ocpp2.0.1 {identity}, dials {url.split('/')[2]}"
        return {
            "identity": identity, "password": hashed(password), "name": hub.name,
            "connectors": hub.chargers, "most": f"{hub.chargers * hub.each!r} MW",
            "each": f"{hub.each!r} MW", "safe": f"{0.5 * hub.each!r} MW",
        }  # fmt: skip

    def _rack(self, name: str) -> Sequence[SlotSeen]:
        return self.station(name).rack()

    def _exchange(self, name: str) -> tuple[Battery, Battery] | None:
        done = self.station(name).exchange()
        return None if done is None else (Battery(*done[0]), Battery(*done[1]))

    async def _telling(self, dialling: SwapStation, bays: Bays) -> None:
        """Tell of each swap of a truck; those while nobody listens are not told."""
        while True:
            await self.clock.sleep(LOOK)
            for came, went in bays.swapped():
                if dialling.connected:
                    with suppress(OSError, TimeoutError, ConnectionClosed):
                        await dialling.swapped(came, went)


def _was_let_in(dialling: ChargePoint) -> bool:
    return dialling.connections > 0


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
