"""A battery-swap station of the twin: OCPP 2.1 with BatterySwap and RequestBatterySwap."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocpp.routing import on
from websockets.asyncio.client import ClientConnection

from zeroplant.twin.wire.charge_point import ChargePoint, _quiet, _TwoOne


@dataclass(frozen=True)
class Battery:
    """A battery that changes its place; ``level`` and ``health`` are fractions."""

    slot: int
    serial: str
    level: float
    health: float = 1.0


Exchange = Callable[[], tuple[Battery, Battery] | None]
"""Swap at the simulated station: what came in and what went out, or nothing if none is ready."""


def _never() -> None:
    return None


@dataclass
class SwapStation(ChargePoint):
    """A charge point whose connectors are slots, and which swaps on request or by itself."""

    version: str = "2.1"
    exchange: Exchange = _never
    _line: Any = field(default=None, init=False)

    def speaker(self, line: ClientConnection) -> Any:
        """What speaks 2.1 with swapping."""
        point = _Swapping(self.identity, line, logger=_quiet)
        point.station = self
        self._line = point
        return point

    async def swapped(
        self, came: Battery, went: Battery, *, request: int = 0, who: str = ""
    ) -> None:
        """Tell of a swap that took place, in the order of the trucks: in, then out."""
        await self._line.told("BatteryIn", [came], request, who)
        await self._line.told("BatteryOut", [went], request, who)


class _Swapping(_TwoOne):
    station: SwapStation

    @on("RequestBatterySwap")  # type: ignore[untyped-decorator]
    def _request(self, id_token: dict[str, Any], request_id: int) -> Any:
        done = self.station.exchange()
        if done is None:
            no = {"reason_code": "NoBatteryAvailable"}
            return self._call_result.RequestBatterySwap("Rejected", status_info=no)
        self._task = asyncio.create_task(
            self.station.swapped(*done, request=request_id, who=id_token["id_token"])
        )
        return self._call_result.RequestBatterySwap("Accepted")

    async def told(self, event: str, batteries: Sequence[Battery], request: int, who: str) -> None:
        data = [
            {
                "evse_id": each.slot,
                "serial_number": each.serial,
                "so_c": round(100.0 * each.level, 2),
                "so_h": round(100.0 * each.health, 2),
            }
            for each in batteries
        ]
        token = {"id_token": who or "local", "type": "Central" if who else "NoAuthorization"}
        await self.call(self._call.BatterySwap(data, event, token, request))
