"""Those who call on the plant from outside, and what becomes of it: orders that lapse.

The dispatch centre's commands are orders of the grid. Events of demand response are contracts. A
command that states no validity holds while its centre is there, and a while longer; then the plant
is its own again, as it is before anybody has called.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import ClientError

from zeroplant.errors import InputError, Problem
from zeroplant.links.clock import Clock
from zeroplant.links.iec104 import Command, Outstation, Settings, read_points
from zeroplant.links.keeper import Keeper
from zeroplant.links.link import Quality, Reading
from zeroplant.links.ocpp import CentralSystem, read_stations
from zeroplant.links.openadr import OnSignal, Signal, Span, Usage, Ven
from zeroplant.operate.callers_file import CallersFile, ResponseSection, StationsSection
from zeroplant.operate.image import EPOCH, MICROSECOND, Image
from zeroplant.operate.orders import DispatchCentre, Order, OrderKind
from zeroplant.operate.price_signals import Told
from zeroplant.operate.responses import Finished

log = logging.getLogger(__name__)

SECRET = "ZEROPLANT_OPENADR_SECRET"
PLANT_WIDE: dict[str, OrderKind] = {
    "plant.target": "target",
    "plant.most export": "most export",
    "plant.least export": "least export",
}
"""Names of commands that mean the whole plant; any other is the power of a flow."""
ROLLING = timedelta(hours=1)
"""An event without an end is an order that is renewed as long as the event stands."""


@dataclass
class Callers:
    """Opens what the file names, and keeps what was said. Nothing here waits in a cycle."""

    file: CallersFile
    clock: Clock
    outstation: Outstation | None = field(default=None, init=False)
    stations: CentralSystem | None = field(default=None, init=False)
    ven: Ven | None = field(default=None, init=False)
    keepers: list[Keeper] = field(default_factory=list, init=False)
    """The stations, beside the plant's other devices."""
    _line: DispatchCentre | None = field(default=None, init=False)
    _commands: dict[str, Command] = field(default_factory=dict, init=False)
    planned: float = field(default=math.nan, init=False)
    """The plant's own net export [MW] as planned for now: what relative dispatches change."""
    _signals: dict[str, Signal] = field(default_factory=dict, init=False)
    _unreported: list[Finished] = field(default_factory=list, init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        if centre := self.file.dispatch_centre:
            if centre.fail_safe_export is not None:
                self._line = DispatchCentre(centre.fail_safe_export)
            settings = Settings(allowed=centre.allowed, redundant=centre.redundant)
            self.outstation = Outstation(
                read_points(centre.points), self._command, settings=settings, clock=self.clock
            )
        if stations := self.file.stations:
            self.stations = CentralSystem(
                read_stations(stations.file), clock=self.clock, tls=_tls(stations)
            )
            self.keepers = [
                Keeper(link, self.clock, every=10.0, deadline=10.0, patience=0.5)
                for link in self.stations.links.values()
            ]
        if response := self.file.demand_response:
            self.ven = _ven(response, self.clock, self._signal)

    async def open(self) -> None:
        """Listen and ask. Raises InputError if a port cannot be had."""
        if self.outstation and self.file.dispatch_centre:
            await _listening(self.outstation, self.file.dispatch_centre.listen)
        if self.stations and self.file.stations:
            await _listening(self.stations, self.file.stations.listen)
        if self.ven:
            self._tasks = [
                asyncio.create_task(self.ven.run()), asyncio.create_task(self._reporting(self.ven))
            ]  # fmt: skip

    async def close(self) -> None:
        """Hang up everywhere."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self.stations:
            await self.stations.close()
        if self.outstation:
            await self.outstation.close()

    def orders(self) -> list[Order]:
        """What is wanted now and later, of everyone who has said something."""
        now = self.clock.now()
        found = [self._ordered(command, now) for command in self._commands.values()]
        if self.ven and self.file.demand_response:
            levels = self.file.demand_response.levels
            for signal in self.ven.standing.values():
                found += orders_of(signal, levels, now, self.planned)
        return [order for order in found if order.until > now] + self._limits(now)

    def _limits(self, now: datetime) -> list[Order]:
        """The fail-safe limit, where the centre is lost and one was agreed."""
        if self._line is None or self.outstation is None:
            return []
        contact = self.outstation.contact()
        commanded = contact.commanded
        if commanded is not None and (self._line.ordered is None or commanded > self._line.ordered):
            self._line.hear(commanded, order=True)
        if contact.heard is not None and contact.connected:
            self._line.hear(contact.heard)
        return self._line.limits(now)

    def publish(self, image: Image, more: Mapping[str, float] = {}) -> None:
        """Tell the centre what the plant looks like; ``more`` are values that are no points."""
        if self.outstation is None:
            return
        readings = {}
        for name in self.outstation.names & image.points.index.keys():
            n = image.points.index[name]
            at = EPOCH + int(image.event[n]) * MICROSECOND
            readings[name] = Reading(float(image.value[n]), at, Quality(int(image.quality[n])))
        readings |= {name: Reading(value, image.at) for name, value in more.items()}
        self.outstation.publish(readings)

    def troubles(self) -> list[tuple[str, str]]:
        """Who ought to be there and is not, as the alarms take it."""
        found = []
        if self.outstation and not self.outstation.contact().connected:
            found.append(("dispatch centre lost", ""))
        if self.ven and (
            self.ven.heard is None
            or self.clock.now() - self.ven.heard > timedelta(seconds=6 * self.ven.every)
        ):
            found.append(("demand response lost", self.ven.url))
        return found

    def prices(self) -> dict[str, tuple[Told, ...]]:
        """Prices of what is bought and sold, as the server has told them."""
        roles = {"price": "import", "export price": "export"}
        found: dict[str, tuple[Told, ...]] = {}
        for signal in self.ven.standing.values() if self.ven else ():
            if role := roles.get(signal.kind):
                told = tuple((span.start, span.until, span.value) for span in signal.spans)
                found[role] = (*found.get(role, ()), *told)
        return found

    def report(self, finished: Sequence[Finished]) -> None:
        """Have the usage in events told to the server that sent them, as soon as it listens."""
        self._unreported += [each for each in finished if each.key in self._signals]

    async def _reporting(self, ven: Ven) -> None:
        """Report what there is; what the server does not take is told again, for a day."""
        while True:
            for each in list(self._unreported):
                signal = self._signals[each.key]
                usages = _usages(each, ven.name, signal.reports)
                try:
                    if usages:
                        await ven.report(signal, usages)
                except (OSError, TimeoutError, ClientError) as error:
                    log.warning("%s: report of %s: %r", ven.url, each.key, error)
                    if self.clock.now() - each.start < timedelta(days=1):
                        continue
                self._unreported.remove(each)
            await self.clock.sleep(ven.every)

    def _signal(self, signal: Signal) -> None:
        self._signals[_key(signal)] = signal

    def _command(self, command: Command) -> bool:
        self._commands[command.point] = command
        return True

    def _ordered(self, command: Command, now: datetime) -> Order:
        until = command.until
        if until is None and self.outstation and self.file.dispatch_centre:
            # Held by whoever gave it: from when the centre was last heard of.
            heard = self.outstation.contact().heard or command.at
            until = max(heard, command.at) + timedelta(seconds=self.file.dispatch_centre.lost)
        kind = PLANT_WIDE.get(command.point, "device")
        key = command.point if kind == "device" else ""
        return Order("dispatch centre", kind, command.value, command.at, until or now, key)


def orders_of(
    signal: Signal, levels: Mapping[int, float], now: datetime, planned: float = math.nan
) -> list[Order]:
    """What an event asks for, as orders; prices and the like ask for nothing.

    A level allows the import the contract says for it; a dispatch is the plant's export; a relative
    one changes the export that is ``planned`` for now, and says nothing of later.
    """
    return [
        order for span in signal.spans for order in _of_span(signal, span, levels, now, planned)
    ]


def _of_span(
    signal: Signal, span: Span, levels: Mapping[int, float], now: datetime, planned: float
) -> list[Order]:
    until = span.until or max(now, span.start) + ROLLING
    kind: OrderKind
    if signal.kind == "level" and int(span.value) in levels:
        kind, value = "least export", -levels[int(span.value)]
    elif signal.kind == "dispatch":
        kind, value = "target", span.value
    elif signal.kind == "dispatch relative" and span.start <= now and math.isfinite(planned):
        kind, value = "target", planned + span.value
    elif signal.kind == "export limit":
        kind, value = "most export", span.value
    elif signal.kind == "import limit":
        kind, value = "least export", -span.value
    else:
        return []
    return [Order("contract", kind, value, span.start, until, _key(signal))]


def _key(signal: Signal) -> str:
    return f"{signal.program}: {signal.event}"


def _usages(finished: Finished, name: str, wanted: Sequence[str]) -> list[Usage]:
    """What is reported of an event: usage, and the baseline where it asks for it."""
    kinds = {"USAGE": finished.metered}
    if "BASELINE" in wanted:
        kinds["BASELINE"] = finished.baseline
    return [
        Usage(name, finished.start, finished.step, [float(v) for v in values], kind)
        for kind, values in kinds.items()
        if all(math.isfinite(v) for v in values)
    ]


def _ven(response: ResponseSection, clock: Clock, told: OnSignal) -> Ven:
    secret = os.environ.get(SECRET, "")
    if not secret:
        problem = Problem(
            "the secret of demand response is not known",
            instead=f"put it into the environment as {SECRET}",
        )
        raise InputError(problem)
    return Ven(
        response.url.rstrip("/"),
        response.client,
        secret,
        on_signal=told,
        name=response.name,
        programs=response.programs,
        every=response.every,
        clock=clock,
    )


def _tls(stations: StationsSection) -> ssl.SSLContext | None:
    """What the line to stations is enciphered with; None where it does not leave the machine."""
    if stations.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(stations.certificate, stations.key)
    except OSError as error:  # ssl.SSLError is one
        problem = Problem(
            f"the certificate cannot be used: {error.strerror or error}",
            file=stations.certificate,
            instead="name a PEM file and its key",
        )
        raise InputError(problem) from None
    return context


async def _listening(server: Outstation | CentralSystem, place: str) -> None:
    host, _, port = place.rpartition(":")
    try:
        await server.open(host.strip("[]"), int(port))
    except OSError as error:
        problem = Problem(f"cannot listen at {place}: {error.strerror or error}")
        raise InputError(problem) from None
