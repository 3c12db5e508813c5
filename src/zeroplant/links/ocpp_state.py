"""What is known of a station: measured power and energy, who is plugged in, its batteries."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from zeroplant.links.link import Quality, Reading
from zeroplant.links.ocpp_settings import Station

UNKNOWN = Reading(math.nan, datetime.fromtimestamp(0, tz=UTC), Quality.LOST)
STALE = timedelta(seconds=90)
"""Values come every 10 to 60 s; older ones are uncertain."""
SKEW = timedelta(minutes=5)
"""A clock further ahead is not believed; its values hold from now, and are uncertain."""
SLACK = 0.01
"""A meter's error: by so much of all there is a value may be off before it is not believed."""
NEAR = 0.005
"""States of charge are told to the percent."""
BEYOND = 0.2
"""Part of its power that a connector may draw more before its meter is not believed."""
OLDEST = 100.0 * 8766.0
"""Hours; a register that says more than a connector charges in them is not believed."""
FREE = ("Available", "Unavailable", "Faulted", "Reserved", "")
OUT_OF_ORDER = ("Unavailable", "Faulted")
PLUGS = 8
"""Plugs of an EVSE that are told apart."""
MEASURANDS = {
    "Power.Active.Import": "charge",
    "Energy.Active.Import.Register": "energy",
    "SoC": "level",
}
SCALE = {"W": 1e-6, "kW": 1e-3, "Wh": 1e-6, "kWh": 1e-3, "Percent": 0.01, "%": 0.01}
UNITS = {"charge": "W", "energy": "Wh", "level": "Percent"}
"""Where none is said (OCPP 1.6 §7.44; 2.0.1, part 2, 2.46)."""


@dataclass(frozen=True)
class Swap:
    """A battery that came in or went out."""

    request: int
    event: str
    slot: int
    serial: str
    level: float
    at: datetime


@dataclass
class Connector:
    """One connector, EVSE or slot."""

    status: str = ""
    since: datetime | None = None
    transaction: int | str | None = None
    ended: int | str | None = None
    """The last transaction that ended."""
    serial: str | None = None
    """Of the battery in a slot, where it was told."""
    values: dict[str, Reading] = field(default_factory=dict)
    plugs: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    """What each plug of an EVSE told last; one vehicle at a time charges at one of them."""


class State:
    """A station as far as it told of itself."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.connectors = {n: Connector() for n in range(1, station.connectors + 1)}
        self.swaps: list[Swap] = []
        self.out = 0

    def status(self, number: int, status: str, at: datetime, plug: int = 1) -> None:
        """Take a connector's status; 0 is the station as a whole, which we do not need.

        Of an EVSE with several plugs (OCPP 2) it is the status of one; it is free if they all are.
        """
        connector = self.connectors.get(number)
        if connector is None or not 0 < plug <= PLUGS:
            return
        if plug in connector.plugs and at < connector.plugs[plug][1]:
            return
        connector.plugs[plug] = status, at
        busy = [each for each, _ in connector.plugs.values() if each not in FREE]
        connector.status, connector.since = busy[0] if busy else status, at
        if not busy:
            connector.values["charge"] = Reading(0.0, at)  # nobody is there to draw anything
            if self.station.pack is None or status == "Available":
                connector.values.pop("level", None)

    def meter(self, number: int, values: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """Take meter values as OCPP has them; older ones than known, and nonsense, are dropped."""
        connector = self.connectors.get(number)
        if connector is None:
            return
        for each in values:
            at, quality = when(each.get("timestamp"), now)
            for name, value in _sampled(each.get("sampled_value", ())).items():
                if at >= connector.values.get(name, UNKNOWN).event:
                    connector.values[name] = self._judged(name, Reading(value, at, quality))

    def _judged(self, name: str, reading: Reading) -> Reading:
        """A reading that cannot be is bad: more than all there is, or less than nothing."""
        power = self.station.per_connector * (1.0 + BEYOND)
        most = {"level": 1.0 + SLACK, "charge": power, "energy": power * OLDEST}
        value, bound = reading.value, most[name]
        if -SLACK * min(bound, 1.0) <= value <= bound:
            return reading
        return Reading(value if math.isfinite(value) else math.nan, reading.event, Quality.BAD)

    def swapped(
        self, event: str, request: int, data: Sequence[Mapping[str, Any]], at: datetime
    ) -> None:
        """Take a BatterySwap message."""
        for each in data:
            slot, level = int(each["evse_id"]), float(each.get("so_c", each.get("soc", 0))) / 100
            self.swaps.append(Swap(request, event, slot, str(each["serial_number"]), level, at))
            connector = self.connectors.get(slot)
            if connector is None:
                continue
            if event == "BatteryIn":
                connector.values["level"] = self._judged("level", Reading(level, at))
                connector.serial = str(each["serial_number"])
                connector.status, connector.since = "Occupied", at
                connector.plugs[1] = "Occupied", at
            elif event == "BatteryOut":
                self.out += 1
                connector.serial = None
                self.status(slot, "Available", at)
        del self.swaps[:-1000]

    def readings(self, now: datetime) -> dict[str, Reading]:
        """All points of the station; what it never told is nan and lost."""
        name, found = self.station.name, {}
        for n, connector in self.connectors.items():
            for what in ("charge", "energy", "level"):
                found[f"{name}.{n}.{what}"] = _aged(connector.values.get(what, UNKNOWN), now)
            charge = found[f"{name}.{n}.charge"]
            if connector.status and connector.status in FREE and charge.value == 0.0:
                # Stations that are heard of say nothing more of a plug that nobody uses.
                found[f"{name}.{n}.charge"] = Reading(0.0, now)
            at = connector.since or now
            plugged = math.nan if not connector.status else float(connector.status not in FREE)
            quality = Quality.GOOD if connector.status else Quality.LOST
            found[f"{name}.{n}.plugged"] = Reading(plugged, at, quality)
        each = range(1, len(self.connectors) + 1)
        for what in ("charge", "energy"):
            found[f"{name}.{what}"] = _sum([found[f"{name}.{n}.{what}"] for n in each])
        broken = all(each.status in OUT_OF_ORDER for each in self.connectors.values())
        found[f"{name}.online"] = Reading(0.0 if broken else 1.0, now)
        if self.station.pack is not None:
            found |= self._inventory(now, self.station.pack)
        return found

    def _inventory(self, now: datetime, pack: float) -> dict[str, Reading]:
        """Batteries at hand. While one slot is silent the counts hold for the others: uncertain."""
        name = self.station.name
        known = all(each.status for each in self.connectors.values())
        there = [each for each in self.connectors.values() if each.status not in FREE]
        told = [each.values["level"] for each in there if "level" in each.values]
        levels = [level for level in told if level.quality <= Quality.UNCERTAIN]
        complete = known and len(levels) == len(there)
        quality = Quality.GOOD if complete else Quality.UNCERTAIN
        figures = {
            "level": pack * sum(level.value for level in levels),
            "packs": len(there),
            "full": sum(level.value >= self.station.full - NEAR for level in levels),
            "swaps": self.out,
        }
        return {f"{name}.{what}": Reading(float(v), now, quality) for what, v in figures.items()}


def when(said: object, now: datetime) -> tuple[datetime, Quality]:
    """A station's time stamp, and how far it is to be trusted."""
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        return now, Quality.UNCERTAIN
    at = at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    # Late data (sent after an outage) keeps its time; a clock ahead of ours does not.
    return (now, Quality.UNCERTAIN) if at > now + SKEW else (at, Quality.GOOD)


def _sampled(samples: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Values in inside units; phases are added up where no total is given."""
    totals: dict[str, float] = {}
    phases: dict[str, float] = {}
    for sample in samples:
        name = MEASURANDS.get(sample.get("measurand") or "Energy.Active.Import.Register")
        if name is None or sample.get("location", "Outlet") not in ("Outlet", "EV"):
            continue
        measure = sample.get("unit_of_measure") or {}
        unit = sample.get("unit") or measure.get("unit") or UNITS[name]
        try:
            value = float(sample["value"]) * 10.0 ** int(measure.get("multiplier") or 0)
            value *= SCALE[unit]
        except (KeyError, ValueError, OverflowError):
            continue
        if not math.isfinite(value):
            continue
        if sample.get("phase") is None:
            totals[name] = value
        elif len(str(sample["phase"])) in (2, 4):  # L1, or L1-N; not N, not between two phases
            phases[name] = phases.get(name, 0.0) + value
    return {name: value for name, value in phases.items() if name != "level"} | totals


def _aged(reading: Reading, now: datetime) -> Reading:
    if reading.quality == Quality.GOOD and now - reading.event > STALE:
        return Reading(reading.value, reading.event, Quality.UNCERTAIN)
    return reading


def _sum(parts: Sequence[Reading]) -> Reading:
    """Together; as old and as doubtful as the worst part, unknown if one is unknown."""
    total = sum(part.value for part in parts)
    worst = max(part.quality for part in parts)
    return Reading(total, min(part.event for part in parts), Quality(worst))
