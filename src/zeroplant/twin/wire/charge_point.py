"""A charging station of the twin: dials in by OCPP 1.6, 2.0.1 or 2.1, and obeys its profiles."""

from __future__ import annotations

import asyncio
import base64
import logging
import math
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ocpp import v16, v21, v201
from ocpp.routing import on
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from zeroplant.links.clock import Clock, SystemClock
from zeroplant.twin.wire.charging_limits import Limits, read_profile

log = logging.getLogger(__name__)
_quiet = logging.getLogger("zeroplant.twin.ocpp")
_quiet.setLevel(logging.CRITICAL)

Read = Callable[[], Mapping[str, float]]
"""Values by point, such as hub.1.charge (MW), hub.1.energy (MWh), hub.1.level, hub.1.plugged."""
Write = Callable[[str, float, datetime | None], bool]


@dataclass
class ChargePoint:
    """A station with connectors; its physics are behind ``read`` and ``write``."""

    url: str
    """Of the central system, without the identity: ws://127.0.0.1:9000/ocpp."""
    identity: str
    password: str
    name: str
    read: Read
    write: Write
    connectors: int = 1
    most: float = 1.0
    """MW of a connector on which no profile bears."""
    version: str = "2.0.1"
    every: float = 10.0
    """Seconds between two meter values."""
    clock: Clock = field(default_factory=SystemClock)
    again: float = 2.0
    """Seconds until the next attempt to connect."""
    connections: int = field(default=0, init=False)
    connected: bool = field(default=False, init=False)
    """Whether it is let in now, and has said who it is."""
    limits: Limits = field(default_factory=Limits, init=False)
    transactions: dict[int, int | str] = field(default_factory=dict, init=False)
    _status: dict[int, str] = field(default_factory=dict, init=False)
    _applied: dict[int, float] = field(default_factory=dict, init=False)
    _sequence: int = field(default=0, init=False)

    async def run(self) -> None:
        """Go on until cancelled. Profiles lapse whether it is connected or not."""
        applying = asyncio.create_task(self._apply())
        try:
            while True:
                try:
                    await self._session()
                except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake) as error:
                    log.info("%s: %r", self.identity, error)
                await self.clock.sleep(self.again)
        finally:
            applying.cancel()

    def apply(self) -> None:
        """Give the connectors the limits that hold now."""
        now = self.clock.now()
        wanted = {}
        for n in range(1, self.connectors + 1):
            limit = self.limits.at(now, n, self.transactions.get(n))
            wanted[n] = self.most if limit is None else min(limit, self.most)
        cap = self.limits.cap(now)
        total = sum(wanted.values())
        share = 1.0 if cap is None or total <= cap else cap / total
        for n, limit in wanted.items():
            if self._applied.get(n) != limit * share and self.write(
                f"{self.name}.{n}.charge", limit * share, None
            ):
                self._applied[n] = limit * share

    async def _apply(self) -> None:
        while True:
            self.apply()
            await self.clock.sleep(1.0)

    async def _session(self) -> None:
        secret = base64.b64encode(f"{self.identity}:{self.password}".encode()).decode()
        async with connect(
            f"{self.url}/{self.identity}",
            subprotocols=[f"ocpp{self.version}"],  # type: ignore[list-item]
            additional_headers={"Authorization": f"Basic {secret}"},
            compression=None,
        ) as line:
            self.connections += 1
            self._status.clear()
            point = self.speaker(line)
            serving = asyncio.create_task(point.start())
            try:
                interval = await point.boot()
                self.connected = True
                reporting = asyncio.create_task(self._report(point, float(interval)))
                try:
                    done, _ = await asyncio.wait(
                        {serving, reporting}, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in done:
                        task.result()
                finally:
                    reporting.cancel()
            finally:
                self.connected = False
                serving.cancel()

    def speaker(self, line: ClientConnection) -> Any:
        """What speaks the version's messages."""
        kind = {"1.6": _Sixteen, "2.0.1": _TwoZeroOne, "2.1": _TwoOne}[self.version]
        point = kind(self.identity, line, logger=_quiet)
        point.station = self
        return point

    async def _report(self, point: Any, interval: float) -> None:
        """Tell status and values, and that it is there."""
        beat = self.clock.now()
        while True:
            values = self.read()
            for n in range(1, self.connectors + 1):
                await self._tell(point, n, values)
            if (self.clock.now() - beat).total_seconds() >= interval:
                beat = self.clock.now()
                await point.beat()
            await self.clock.sleep(self.every)

    async def _tell(self, point: Any, n: int, values: Mapping[str, float]) -> None:
        plugged = values.get(f"{self.name}.{n}.plugged", 0.0) > 0
        status = "Occupied" if plugged else "Available"
        if self._status.get(n) != status:
            await point.status(n, status)
            self._status[n] = status
        known = {
            what: values[f"{self.name}.{n}.{what}"]
            for what in ("charge", "energy", "level")
            if not math.isnan(values.get(f"{self.name}.{n}.{what}", math.nan))
        }
        if plugged and n not in self.transactions:
            self.transactions[n] = await point.began(n, known)
        elif not plugged and n in self.transactions:
            await point.ended(n, self.transactions.pop(n), known)
        await point.meter(n, self.transactions.get(n), known)

    def stamp(self) -> str:
        """Now, as OCPP writes it."""
        now = self.clock.now().astimezone(UTC)
        return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def next(self) -> int:
        """The next number of a transaction's messages."""
        self._sequence += 1
        return self._sequence

    def take(self, number: int, profile: Mapping[str, Any]) -> bool:
        """Keep a charging profile and obey it; no if it is not understood."""
        schedule = profile["charging_schedule"]
        unit = (schedule[0] if isinstance(schedule, list) else schedule)["charging_rate_unit"]
        try:
            per_unit = 1e-6 if unit == "W" else 3 * 230.0 * 1e-6
            self.limits.put(read_profile(number, profile, self.clock.now(), per_unit))
        except (KeyError, TypeError, ValueError):
            return False
        self.apply()
        return True


class _Speaker:
    station: ChargePoint
    _call: Any
    _call_result: Any
    call: Any

    @on("SetChargingProfile")  # type: ignore[untyped-decorator]
    def _profile(self, **said: Any) -> Any:
        number = said.get("connector_id", said.get("evse_id", 0))
        profile = said.get("cs_charging_profiles") or said["charging_profile"]
        taken = self.station.take(number, profile)
        return self._call_result.SetChargingProfile("Accepted" if taken else "Rejected")

    async def beat(self) -> None:
        """Say that it is there."""
        await self.call(self._call.Heartbeat())


class _Sixteen(_Speaker, v16.ChargePoint):  # type: ignore[misc]
    async def boot(self) -> int:
        answer = await self.call(self._call.BootNotification("twin", "zeroplant"))
        return int(answer.interval)

    async def status(self, n: int, status: str) -> None:
        word = "Charging" if status == "Occupied" else status
        message = self._call.StatusNotification(n, "NoError", word, self.station.stamp())
        await self.call(message)

    async def began(self, n: int, values: Mapping[str, float]) -> int:
        watt_hours = round(values.get("energy", 0.0) * 1e6)
        message = self._call.StartTransaction(n, "twin", watt_hours, self.station.stamp())
        return int((await self.call(message)).transaction_id)

    async def ended(self, n: int, transaction: int, values: Mapping[str, float]) -> None:
        watt_hours = round(values.get("energy", 0.0) * 1e6)
        message = self._call.StopTransaction(watt_hours, self.station.stamp(), transaction)
        await self.call(message)

    async def meter(self, n: int, transaction: int | None, values: Mapping[str, float]) -> None:
        samples = [{**each, "value": str(each["value"])} for each in _samples(values)]
        if samples:
            told = [{"timestamp": self.station.stamp(), "sampled_value": samples}]
            await self.call(self._call.MeterValues(n, told, transaction))

    @on("ChangeConfiguration")  # type: ignore[untyped-decorator]
    def _configure(self, key: str, value: str) -> Any:
        if key == "MeterValueSampleInterval":
            self.station.every = min(self.station.every, float(value))
        return self._call_result.ChangeConfiguration("Accepted")


class _TwoZeroOne(_Speaker, v201.ChargePoint):  # type: ignore[misc]
    async def boot(self) -> int:
        box = {"model": "twin", "vendor_name": "zeroplant"}
        answer = await self.call(
            self._call.BootNotification(charging_station=box, reason="PowerUp")
        )
        return int(answer.interval)

    async def status(self, n: int, status: str) -> None:
        message = self._call.StatusNotification(
            timestamp=self.station.stamp(), connector_status=status, evse_id=n, connector_id=1
        )
        await self.call(message)

    async def began(self, n: int, values: Mapping[str, float]) -> str:
        identity = str(uuid.uuid4())
        await self._event("Started", "CablePluggedIn", n, identity, values)
        return identity

    async def ended(self, n: int, transaction: str, values: Mapping[str, float]) -> None:
        await self._event("Ended", "EVDeparted", n, transaction, values)

    async def meter(self, n: int, transaction: str | None, values: Mapping[str, float]) -> None:
        if not values:
            return
        if transaction is None:
            await self.call(self._call.MeterValues(evse_id=n, meter_value=self._values(values)))
        else:
            await self._event("Updated", "MeterValuePeriodic", n, transaction, values)

    async def _event(
        self, kind: str, why: str, n: int, transaction: str, values: Mapping[str, float]
    ) -> None:
        message = self._call.TransactionEvent(
            event_type=kind,
            timestamp=self.station.stamp(),
            trigger_reason=why,
            seq_no=self.station.next(),
            transaction_info={"transaction_id": transaction},
            meter_value=self._values(values) or None,
            evse={"id": n},
        )
        await self.call(message)

    def _values(self, values: Mapping[str, float]) -> list[dict[str, Any]]:
        samples = [
            {
                "value": each["value"],
                "measurand": each["measurand"],
                "unit_of_measure": {"unit": each["unit"]},
            }
            for each in _samples(values)
        ]
        return [{"timestamp": self.station.stamp(), "sampled_value": samples}] if samples else []

    @on("SetVariables")  # type: ignore[untyped-decorator]
    def _configure(self, set_variable_data: list[dict[str, Any]]) -> Any:
        done = [
            {
                "attribute_status": "Accepted",
                "component": each["component"],
                "variable": each["variable"],
            }
            for each in set_variable_data
        ]
        return self._call_result.SetVariables(done)


class _TwoOne(_TwoZeroOne, v21.ChargePoint):  # type: ignore[misc]
    _call = v21.call
    _call_result = v21.call_result
    _ocpp_version = "2.1"


def _samples(values: Mapping[str, float]) -> list[dict[str, Any]]:
    """Values in OCPP's measurands and units."""
    known = {
        "charge": ("Power.Active.Import", "W", 1e6),
        "energy": ("Energy.Active.Import.Register", "Wh", 1e6),
        "level": ("SoC", "Percent", 100.0),
    }
    return [
        {"value": round(value * scale, 1), "measurand": measurand, "unit": unit}
        for what, value in values.items()
        for measurand, unit, scale in [known[what]]
    ]
