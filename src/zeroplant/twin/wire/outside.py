"""The world outside of a simulated plant: its dispatch centre, its DR server, its stations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zeroplant.errors import InputError
from zeroplant.files import load_yaml, problems_of
from zeroplant.links.clock import Clock
from zeroplant.links.tasks import end
from zeroplant.twin.wire.charge_point import ChargePoint
from zeroplant.twin.wire.dispatch_centre import DispatchCentre, Instruction
from zeroplant.twin.wire.shared import Shared
from zeroplant.twin.wire.swap_station import Exchange, SwapStation
from zeroplant.twin.wire.vtn import Vtn
from zeroplant.units import Power, Quantity

Seconds = Annotated[float, Quantity("s", ge=0)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(_Section):
    """A set-point the centre sends, ``after`` the begin; ``value`` as it stands on the wire."""

    after: Seconds
    ioa: int
    value: float
    select: bool = False


class CentreSection(_Section):
    """The dispatch centre; it connects to the plant."""

    host: str = "127.0.0.1"
    port: int = 2404
    address: int = 1
    zone: str = "UTC"
    timetable: tuple[Told, ...] = ()


class EventEntry(_Section):
    """An event of demand response; powers in kW, as OpenADR has them."""

    after: Seconds
    lasting: Seconds
    type: str = "SIMPLE"
    value: float


class ServerSection(_Section):
    """The DR server; the plant's VEN comes to it."""

    port: int = 8090
    client: str = "plant"
    secret: str
    program: str = "demand response"
    events: tuple[EventEntry, ...] = ()


class StationEntry(_Section):
    """A station that dials in; its points are ``name``.1.charge and so on."""

    identity: str
    password: str
    name: str
    connectors: int = Field(default=1, ge=1)
    most: Power = Field(default=0.12, description="of one connector")
    version: Literal["1.6", "2.0.1", "2.1"] = "2.0.1"
    swapping: bool = False


class StationsPart(_Section):
    """Stations, and the central system they dial in to."""

    url: str = "ws://127.0.0.1:9000/ocpp"
    list: tuple[StationEntry, ...]


class OutsideFile(_Section):
    """The file; every part may be left out."""

    dispatch_centre: CentreSection | None = None
    demand_response: ServerSection | None = None
    stations: StationsPart | None = None


def read_outside(path: str | Path) -> OutsideFile:
    """The file. Raises InputError with a line for every problem."""
    file = load_yaml(path)
    try:
        return OutsideFile.model_validate(file.data)
    except ValidationError as error:
        raise InputError(problems_of(error, file, model=OutsideFile)) from None


@dataclass
class Outside:
    """Everybody the file names, from `start` to `stop`.

    ``read`` and ``write`` are those of the twin's devices; ``exchange`` swaps at a named station.
    """

    file: OutsideFile
    read: Callable[[], Mapping[str, float]]
    write: Callable[[str, float, datetime | None], bool]
    clock: Clock
    exchange: Mapping[str, Exchange] = field(default_factory=dict)
    centre: DispatchCentre | None = field(default=None, init=False)
    vtn: Vtn | None = field(default=None, init=False)
    stations: dict[str, ChargePoint] = field(default_factory=dict, init=False)
    _running: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    async def start(self) -> None:
        """Begin. Raises OSError if the server's port cannot be had."""
        begun = self.clock.now()
        if self.file.dispatch_centre:
            self.centre = _centre(self.file.dispatch_centre, begun, self.clock)
            self._go(self.centre.run())
        if self.file.demand_response:
            self.vtn = _server(self.file.demand_response, begun, self.clock)
            await self.vtn.open(self.file.demand_response.port)
        if self.file.stations:
            for each in self.file.stations.list:
                self.stations[each.identity] = self._station(each, self.file.stations.url)
                self._go(self.stations[each.identity].run())

    async def stop(self) -> None:
        """End."""
        await end(self._running)
        self._running.clear()
        if self.vtn:
            await self.vtn.close()

    def _go(self, running: Coroutine[Any, Any, None]) -> None:
        self._running.append(asyncio.create_task(running))

    def _station(self, entry: StationEntry, url: str) -> ChargePoint:
        kind = SwapStation if entry.swapping else ChargePoint
        more: dict[str, Any] = {"version": "2.1" if entry.swapping else entry.version}
        if entry.swapping and entry.name in self.exchange:
            more["exchange"] = self.exchange[entry.name]
        whole = Shared(entry.name, entry.connectors, self.read, self.write)
        return kind(
            url, entry.identity, entry.password, entry.name, whole.values, whole.limit,
            connectors=entry.connectors, most=entry.most, clock=self.clock, **more,
        )  # fmt: skip


def _centre(section: CentreSection, begun: datetime, clock: Clock) -> DispatchCentre:
    timetable = [
        Instruction(begun + timedelta(seconds=each.after), each.ioa, each.value, each.select)
        for each in section.timetable
    ]
    return DispatchCentre(
        section.host, section.port, timetable, section.address, ZoneInfo(section.zone), clock
    )


def _server(section: ServerSection, begun: datetime, clock: Clock) -> Vtn:
    vtn = Vtn({section.client: (section.secret, "ven")}, clock)
    program = vtn.put("programs", {"programName": section.program})["id"]
    for each in section.events:
        start = (begun + timedelta(seconds=each.after)).astimezone(UTC).isoformat()
        vtn.put(
            "events",
            {
                "programID": program,
                "intervalPeriod": {"start": start, "duration": f"PT{each.lasting:.0f}S"},
                "intervals": [{"id": 0, "payloads": [{"type": each.type, "values": [each.value]}]}],
            },
        )
    return vtn
