"""Faults at work: they bend what devices say, and whether they do what they are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from zeroplant.axis import Ints
from zeroplant.operate.points import asset_of
from zeroplant.twin import faults as said
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.devices import kinds_of
from zeroplant.twin.disk import Disk
from zeroplant.twin.faults import Fault, Trouble, places
from zeroplant.twin.link import TwinLink
from zeroplant.twin.outage import devices_of, out_of_service
from zeroplant.twin.plant import Twin
from zeroplant.twin.sense import straight
from zeroplant.twin.way import Way

HOUR = 3_600_000_000
"""An hour in microseconds."""


@dataclass
class Breaking:
    """The faults of devices, their link and the disk; call `step` before each cycle."""

    twin: Twin
    trouble: Trouble
    link: TwinLink
    disk: Disk = field(default_factory=Disk)
    _where: list[tuple[Fault, Ints]] = field(init=False)
    _next: float = 0.0

    def __post_init__(self) -> None:
        points, network = self.twin.points, self.twin.physics.network
        meters = [flow.name for flow in network.flows if flow.role in ("import", "export")]
        faults = [
            fault
            for fault in self.trouble.faults
            if fault.kind not in said.OF_CONTROL
            and not (fault.kind == "clock_jump" and fault.device is None)  # the controller's own
        ]
        devices = devices_of(network, points, kinds_of(self.twin.standing.plant.assets))
        self._where = [
            (fault, np.array(
                out_of_service(devices, fault.share, points)
                if fault.kind == "offline" and fault.device is None
                else places(fault, points.names, meters),
                np.int64,
            ))
            for fault in faults
        ]  # fmt: skip

    def step(self) -> None:
        """Bend what is broken now, if anything has changed since."""
        if not self.trouble.faults:
            return
        self.disk.fill(full=self.trouble.active("disk_full", self.twin.state.at / 3600.0))
        if self.twin.state.at >= self._next and self._where:
            self._bend()

    def over(self) -> None:
        """The run is over: what is broken beyond the twin is whole again."""
        self.disk.fill(full=False)

    def _bend(self) -> None:
        """What is broken now."""
        seconds = self.twin.state.at
        hours = seconds / 3600.0
        twin = self.twin
        bent = straight(len(twin.points))
        twin.deaf[:] = False
        twin.away[:] = False
        twin.way = Way(len(twin.points), twin.way)
        self.link.again[:] = False
        changes = [seconds + 86400.0]
        for fault, where in self._where:
            ends = (fault.at * 3600.0, (fault.at + fault.lasts) * 3600.0)
            changes += [end for end in ends if end > seconds]
            if not fault.holds(hours):
                continue
            if fault.kind in ("silent", "meter_lost", "offline"):
                bent.silent[where] = True
            elif fault.kind == "frozen":
                bent.frozen[where] = True
            elif fault.kind == "lies":
                twin.deaf[where] = True
                twin.forget(where)
            elif fault.kind == "noisy":
                bent.noisy[where] = said.NOISE
            elif fault.kind == "drift":
                rating = twin.senses.scale[where]
                bent.offset[where] = said.DRIFT * rating * (hours - fault.at)
                changes.append(seconds + 60.0)
            elif fault.kind == "clock_jump":
                amount = said.CLOCK if fault.amount is None else fault.amount
                bent.shift[where] = round(amount * HOUR)
            elif fault.kind == "duplicated":
                self.link.again[where] = True
            elif fault.kind in ("writes_swallowed", "writes_lost", "slow"):
                self._delay(bent.late, fault, where)
            else:
                self._hold(bent.held, fault, where, seconds, changes)
            if fault.kind == "offline":
                self._out_of_service(where)
        bent.silent |= bent.held == np.iinfo(np.int64).max
        twin.senses.bent = bent
        self._next = min(changes)

    def _delay(self, late: Ints, fault: Fault, where: Ints) -> None:
        """Set-points that do not arrive; those that do, and readings, after a while."""
        way = self.twin.way
        if fault.kind == "writes_swallowed":
            way.swallows[where] = fault.share
        elif fault.kind == "writes_lost":
            way.loses[where] = fault.share
        else:
            way.takes[where] = 3600.0 * (said.SLOW if fault.amount is None else fault.amount)
            late[where] = np.maximum(1, np.rint(way.takes[where] / self.twin.seconds))

    def _hold(
        self, held: Ints, fault: Fault, where: Ints, seconds: float, changes: list[float]
    ) -> None:
        """Readings that come now and then: a flapping link, or bursts."""
        if fault.kind == "flapping":
            phase = int((seconds - fault.at * 3600.0) // said.FLAP)
            held[where] = np.iinfo(np.int64).max if phase % 2 == 0 else 0
            changes.append(fault.at * 3600.0 + (phase + 1) * said.FLAP)
        else:
            held[where] = max(1, round(said.LATE / self.twin.seconds))

    def _out_of_service(self, where: Ints) -> None:
        """Devices that stand still; what nobody controls goes on."""
        points = self.twin.points
        gone = {points.names[place] for place in where if points.writable[place]}
        for flow in self.twin.physics.network.flows:
            if flow.name in gone:
                self.twin.away[flow.index] = True

    def broken(self, fault: Fault) -> set[str]:
        """Assets that a fault is about; none for one of control."""
        names = self.twin.points.names
        return {asset_of(names[p]) for each, where in self._where if each == fault for p in where}


@dataclass
class WrongClock:
    """The machine's clock as the controller reads it: the true time, unless somebody set it."""

    clock: SimulatedClock
    trouble: Trouble

    def __post_init__(self) -> None:
        self._jumps = [
            fault
            for fault in self.trouble.faults
            if fault.kind == "clock_jump" and fault.device is None
        ]

    def now(self) -> datetime:
        """The moment, in UTC, as it is told."""
        at, hours = self.clock.now(), self.clock.seconds / 3600.0
        for fault in self._jumps:
            if fault.holds(hours):
                return at + timedelta(hours=said.CLOCK if fault.amount is None else fault.amount)
        return at

    def count(self) -> float:
        """Seconds since the start: nobody sets these."""
        return self.clock.count()

    async def sleep(self, seconds: float) -> None:
        """Wait, by the true time."""
        await self.clock.sleep(seconds)
