"""Those who call on the plant from outside, and what becomes of it: orders that lapse.

The dispatch centre's commands are orders of the grid. Events of demand response are contracts. A
limit that states no validity holds while its centre is there, and a while longer; a target or a
power for an hour, unless it is renewed. The centre can take back what it has commanded. Then the
plant is its own again, as it is before anybody has called. What stands outlasts a restart.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zeroplant.errors import InputError, Problem
from zeroplant.links.clock import Clock
from zeroplant.links.iec104 import Command, Outstation, Settings, read_points
from zeroplant.links.keeper import Keeper
from zeroplant.links.link import Quality, Reading
from zeroplant.links.ocpp import CentralSystem, read_stations
from zeroplant.links.openadr import OnCancelled, OnSignal, Signal, Ven
from zeroplant.links.tasks import end
from zeroplant.operate.alarms import Condition
from zeroplant.operate.callers_file import CallersFile, ResponseSection
from zeroplant.operate.callers_lines import listening, tls_of
from zeroplant.operate.callers_told import (
    RELEASED,
    REPLACED,
    Words,
    centre_told,
    command_told,
    event_told,
    station_told,
    unsafe_stations,
)
from zeroplant.operate.commanded import Stood, moved, read, to_plain
from zeroplant.operate.image import EPOCH, MICROSECOND, Image
from zeroplant.operate.orders import DispatchCentre, Order, OrderKind
from zeroplant.operate.price_signals import Told
from zeroplant.operate.promptly import Promptly
from zeroplant.operate.recording import Recording
from zeroplant.operate.reports import Reports
from zeroplant.operate.responses import Finished
from zeroplant.operate.signalled import Bases, key_of, orders_of

log = logging.getLogger(__name__)

SECRET = "ZEROPLANT_OPENADR_SECRET"
PLANT_WIDE: dict[str, OrderKind] = {
    "plant.target": "target",
    "plant.most export": "most export",
    "plant.least export": "least export",
}
"""Names of commands that mean the whole plant; any other is the power of a flow."""
RELEASE = "plant.release"
"""Name of the command by which the centre lets go of everything that it has commanded."""
LOGGED = 100
"""Commands that are shown."""
SHOWN = timedelta(seconds=2)
"""How often it is shown who calls."""
SET = timedelta(seconds=1)
"""By how much a clock goes wrong between two looks that was set."""


@dataclass
class Callers:
    """Opens what the file names, and keeps what was said. Nothing here waits in a cycle."""

    file: CallersFile
    clock: Clock
    recording: Recording | None = None
    outstation: Outstation | None = field(default=None, init=False)
    stations: CentralSystem | None = field(default=None, init=False)
    ven: Ven | None = field(default=None, init=False)
    keepers: list[Keeper] = field(default_factory=list, init=False)
    """The stations, beside the plant's other devices."""
    _line: DispatchCentre | None = field(default=None, init=False)
    _commanded: datetime | None = field(default=None, init=False)
    """When the centre commanded something, the last time that was looked at."""
    _commands: dict[str, Command] = field(default_factory=dict, init=False)
    planned: float = field(default=math.nan, init=False)
    """The plant's own net export [MW] as planned for now: what relative dispatches change."""
    _signals: dict[str, Signal] = field(default_factory=dict, init=False)
    _bases: Bases = field(default_factory=Bases, init=False)
    _log: deque[tuple[Command, Words]] = field(
        default_factory=lambda: deque(maxlen=LOGGED), init=False
    )
    """Commands as they came, the newest first, with what became of those that do not stand."""
    _shown: datetime | None = field(default=None, init=False)
    _reports: Reports | None = field(default=None, init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list, init=False)
    _kept: Promptly | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if centre := self.file.dispatch_centre:
            if centre.fail_safe_export is not None:
                self._line = DispatchCentre(centre.fail_safe_export)
            settings = Settings(allowed=centre.allowed, redundant=centre.redundant)
            self.outstation = Outstation(
                read_points(centre.points), self._command, self._released,
                settings=settings, clock=self.clock,
            )  # fmt: skip
        if stations := self.file.stations:
            self.stations = CentralSystem(
                read_stations(stations.file), clock=self.clock, tls=tls_of(stations)
            )
            self.keepers = [
                Keeper(link, self.clock, every=10.0, deadline=10.0, patience=0.5)
                for link in self.stations.links.values()
            ]
        if response := self.file.demand_response:
            self.ven = _ven(response, self.clock, self._signal, self._cancelled)
            self._reports = Reports(self.ven, self.clock, self.recording)
        self._begun = self.clock.now()
        self._looked = self._begun, self.clock.count()
        if self.recording is not None:
            self._kept = Promptly(self.recording.folder.commands)
        self._remember()
        self._bases.taken = self._keep_later

    async def open(self) -> None:
        """Listen and ask. Raises InputError if a port cannot be had."""
        if self.outstation and self.file.dispatch_centre:
            await listening(self.outstation, self.file.dispatch_centre.listen)
        if self.stations and self.file.stations:
            await listening(self.stations, self.file.stations.listen)
        if self.ven and self._reports:
            self._tasks = [
                asyncio.create_task(each) for each in (self.ven.run(), self._reports.run())
            ]

    async def close(self) -> None:
        """Hang up everywhere."""
        await end(self._tasks)
        if self.stations:
            await self.stations.close()
        if self.outstation:
            await self.outstation.close()
        if self._kept:
            self._kept.close()

    @property
    def named(self) -> list[str]:
        """The flows that the centre may command."""
        wide = {*PLANT_WIDE, RELEASE}
        return sorted(self.outstation.commanded - wide) if self.outstation else []

    def orders(self) -> list[Order]:
        """What is wanted now and later, of everyone who has said something."""
        return [*self.commanded(), *self.events(), *self.limits()]

    def commanded(self) -> list[Order]:
        """What the dispatch centre has commanded."""
        self._follow_clock()
        now = self.clock.now()
        found = [self._ordered(command) for command in self._commands.values()]
        return [order for order in found if order.until > now]

    def events(self) -> list[Order]:
        """What events of demand response ask for."""
        if not (self.ven and self.file.demand_response):
            return []
        now, levels = self.clock.now(), self.file.demand_response.levels
        found: list[Order] = []
        for signal in self.ven.standing.values():
            found += orders_of(signal, levels, now, self._bases, self.planned)
        return [order for order in found if order.until > now]

    def limits(self) -> list[Order]:
        """The fail-safe limit, where the centre is lost and one was agreed."""
        if self._line is None or self.outstation is None:
            return []
        contact, count = self.outstation.contact(), self.clock.count()
        ordered, self._commanded = contact.commanded != self._commanded, contact.commanded
        if contact.connected or ordered:
            self._line.hear(count, order=ordered)
        return self._line.limits(self.clock.now(), count)

    def publish(self, image: Image, more: Mapping[str, float] = {}) -> None:
        """Tell the centre what the plant looks like; ``more`` are values that are no points.

        A point with the name of a command tells what is commanded, as long as that holds.
        """
        self._tell(image.at)
        if self.outstation is None:
            return
        nothing = Reading(math.nan, image.at, Quality.LOST)
        readings = dict.fromkeys(self.outstation.names & self.outstation.commanded, nothing)
        for command in self._commands.values():
            if command.point in readings and self._ordered(command).until > image.at:
                readings[command.point] = Reading(command.value, command.at)
        for name in self.outstation.names & image.points.index.keys():
            n = image.points.index[name]
            at = EPOCH + int(image.event[n]) * MICROSECOND
            readings[name] = Reading(float(image.value[n]), at, Quality(int(image.quality[n])))
        readings |= {name: Reading(value, image.at) for name, value in more.items()}
        self.outstation.publish(readings)

    def troubles(self) -> list[Condition]:
        """Who ought to be there and is not, or not safe, as the alarms take it."""
        found: list[Condition] = []
        if self.outstation and not self.outstation.contact().connected:
            found.append(("dispatch centre lost", ""))
        if self.ven and (
            self.ven.heard is None
            or self.clock.now() - self.ven.heard > timedelta(seconds=6 * self.ven.every)
        ):
            found.append(("demand response lost", self.ven.url))
        return found + unsafe_stations(self.stations.links.values() if self.stations else ())

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
        if self._reports:
            self._reports.add(finished, self._signals)

    def _signal(self, signal: Signal) -> None:
        self._signals[key_of(signal)] = signal
        self._keep_later()

    def _cancelled(self, event: str, kind: str) -> None:
        log.info("event %s (%s) is cancelled", event, kind)
        self._keep_later()

    def _command(self, command: Command) -> bool | str:
        """Take a command, or let go of all that stand; why not, if the disk does not keep it.

        What is confirmed holds over whatever happens next, so it is on the disk before.
        """
        self._follow_clock()
        before, logged = dict(self._commands), self._log.copy()
        self._log.appendleft((command, REPLACED))
        if command.point == RELEASE:
            if command.value:
                self._let_go(list(self._commands))
        else:
            self._commands[command.point] = command
        if why := self._keep():
            self._undo(before, logged)
            return why
        return True

    def _released(self, point: str) -> bool:
        """The centre has taken back a command; whether there was one, and that is on the disk."""
        if point not in self._commands:
            return False
        before, logged = dict(self._commands), self._log.copy()
        self._let_go([point])
        if self._keep():
            self._undo(before, logged)
            return False
        return True

    def _undo(self, commands: dict[str, Command], log: deque[tuple[Command, Words]]) -> None:
        """As it was before something that is not confirmed; the disk is to know that too."""
        self._commands, self._log = commands, log
        self._keep_later()

    def _let_go(self, points: Sequence[str]) -> None:
        gone = [self._commands.pop(point) for point in points]
        self._log = deque(
            ((each, RELEASED if each in gone else word) for each, word in self._log), maxlen=LOGGED
        )

    def _follow_clock(self) -> None:
        """The machine's clock may be set: what was commanded holds as long as it was to hold."""
        now, count = self.clock.now(), self.clock.count()
        by = now - self._looked[0] - timedelta(seconds=count - self._looked[1])
        self._looked = now, count
        if abs(by) < SET:
            return
        self._begun += by
        by_now = {id(each): moved(each, by) for each in self._commands.values()}
        self._commands = {each.point: each for each in by_now.values()}
        self._log = deque(
            ((by_now.get(id(each), each), word) for each, word in self._log), maxlen=LOGGED
        )
        self._keep_later()

    def _ordered(self, command: Command) -> Order:
        """A command as an order: held as it says, or else as long as its line stands."""
        kind = PLANT_WIDE.get(command.point, "device")
        until, section = command.until, self.file.dispatch_centre
        standing = until is None and kind in ("most export", "least export")
        if until is None and self.outstation and section:
            heard = self.outstation.contact().heard or command.at
            until = max(heard, command.at, self._begun) + timedelta(seconds=section.lost)
            if not standing:
                until = min(until, command.at + timedelta(seconds=section.valid))
        key = command.point if kind == "device" else ""
        ends = until or command.at
        return Order("dispatch centre", kind, command.value, command.at, ends, key, standing)

    # -- over a restart, and for people -----------------------------------------------------------

    def _keep(self) -> str:
        """Keep what stands, for a controller that begins anew; why it is not on the disk."""
        return "" if self._kept is None else self._kept.write(self._standing())

    def _keep_later(self) -> None:
        """Keep it too, where nobody waits for that."""
        if self._kept is not None:
            self._kept.put(self._standing())

    def _standing(self) -> dict[str, Any]:
        signals = self.ven.standing.values() if self.ven else ()
        held = {key_of(each) for each in signals}
        bases = {mark: base for mark, base in self._bases.of.items() if mark[0] in held}
        seen = self.ven.seen if self.ven else {}
        return to_plain(Stood(self._commands.values(), signals, bases, seen))

    def _remember(self) -> None:
        """Take up what stood when the controller before this one ended."""
        if self.recording is None:
            return
        stood = read(self.recording.folder.commands)
        if self.outstation is not None:
            known, now = self.outstation.commanded, self.clock.now()
            # By a clock that was ahead it would begin later: it has been given.
            self._commands = {
                each.point: moved(each, min(now - each.at, timedelta()))
                for each in stood.commands if each.point in known
            }  # fmt: skip
            self._log.extend((each, REPLACED) for each in self._commands.values())
        if self.ven is not None:
            self.ven.standing = {(each.event, each.kind): each for each in stood.signals}
            self.ven.seen = dict(stood.seen)
            self._signals = {key_of(each): each for each in stood.signals}
            self._bases.of.update(stood.bases)

    def _forget(self) -> None:
        """Of events that stand no more, keep those that are shown."""
        standing = set(self.ven.standing) if self.ven else set()
        over = [
            key for key, each in self._signals.items() if (each.event, each.kind) not in standing
        ]
        for key in over[: max(0, len(self._signals) - LOGGED)]:
            del self._signals[key]

    def _tell(self, now: datetime) -> None:
        """Who calls and what they said, into the plant's folder."""
        recent = self._shown is not None and abs(now - self._shown) < SHOWN
        if self.recording is None or recent:
            return
        self._shown = now
        told: dict[str, Any] = {"at": now.isoformat()}
        if self.outstation is not None:
            told["centre"] = centre_told(self.outstation)
            told["commands"] = [
                command_told(each, self._ordered(each), word, now)
                if self._commands.get(each.point) is each
                else command_told(each, None, word, now)
                for each, word in self._log
            ]
        else:
            told |= {"centre": {"configured": False}, "commands": []}
        self._forget()
        told["events"] = [event_told(each, now) for each in self._signals.values()]
        links = self.stations.links.values() if self.stations else ()
        told["stations"] = {link.station.name: station_told(link) for link in links}
        self.recording.file(self.recording.folder.callers, told)


def _ven(response: ResponseSection, clock: Clock, told: OnSignal, cancelled: OnCancelled) -> Ven:
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
        on_cancelled=cancelled,
        token_url=response.token_url or "",
        name=response.name,
        programs=response.programs,
        every=response.every,
        clock=clock,
    )
