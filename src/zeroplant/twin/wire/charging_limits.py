"""Charging profiles as a station keeps them, and the limit that follows from them at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

CAPS = ("ChargePointMaxProfile", "ChargingStationMaxProfile")


@dataclass(frozen=True)
class Profile:
    """One profile; limits in MW from a number of seconds after ``start`` on."""

    id: int
    connector: int
    purpose: str
    level: int
    transaction: int | str | None
    start: datetime
    end: datetime | None
    periods: tuple[tuple[float, float], ...]

    def limit(self, now: datetime) -> float | None:
        """MW, or None if it says nothing about this moment."""
        if now < self.start or (self.end is not None and now >= self.end):
            return None
        passed = (now - self.start).total_seconds()
        known = [limit for begin, limit in self.periods if begin <= passed]
        return known[-1] if known else None


def read_profile(
    connector: int, said: Mapping[str, Any], now: datetime, per_unit: float
) -> Profile:
    """A profile as the library hands it over; ``per_unit`` is MW per unit of its limits.

    Recurring and relative profiles are not what our central system sends, and are refused.
    """
    schedule = said["charging_schedule"]
    schedule = schedule[0] if isinstance(schedule, list) else schedule
    if said["charging_profile_kind"] != "Absolute":
        raise ValueError(said["charging_profile_kind"])
    start = _time(schedule.get("start_schedule")) or now
    ends = [_time(said.get("valid_to"))]
    if schedule.get("duration") is not None:
        ends.append(start + timedelta(seconds=float(schedule["duration"])))
    known = [end for end in ends if end is not None]
    return Profile(
        id=int(said.get("charging_profile_id", said.get("id", 0))),
        connector=connector,
        purpose=str(said["charging_profile_purpose"]),
        level=int(said["stack_level"]),
        transaction=said.get("transaction_id"),
        start=start,
        end=min(known) if known else None,
        periods=tuple(
            (float(each["start_period"]), float(each["limit"]) * per_unit)
            for each in schedule["charging_schedule_period"]
        ),
    )


class Limits:
    """All profiles of a station. They are kept when it is offline, and when it starts anew."""

    def __init__(self) -> None:
        self._kept: dict[int, Profile] = {}

    def put(self, profile: Profile) -> None:
        """Keep a profile; it takes the place of one with its id, or with its place in the stack."""
        place = (profile.connector, profile.purpose, profile.level)
        self._kept = {
            number: each
            for number, each in self._kept.items()
            if number != profile.id and (each.connector, each.purpose, each.level) != place
        } | {profile.id: profile}

    def at(self, now: datetime, connector: int, transaction: int | str | None) -> float | None:
        """Most power of a connector, MW: its own profile or else the default; None: unlimited."""
        own = [
            each
            for each in self._kept.values()
            if each.purpose == "TxProfile"
            and each.connector == connector
            and transaction is not None
            and each.transaction in (None, transaction)
        ]
        limit = _highest(own, now)
        for place in (connector, 0):
            if limit is None:
                defaults = [
                    each
                    for each in self._kept.values()
                    if each.purpose == "TxDefaultProfile" and each.connector == place
                ]
                limit = _highest(defaults, now)
        return limit

    def cap(self, now: datetime) -> float | None:
        """Most power of the whole station, MW; None: unlimited."""
        return _highest([each for each in self._kept.values() if each.purpose in CAPS], now)


def _highest(profiles: list[Profile], now: datetime) -> float | None:
    """The limit of the profile highest in the stack that says something now."""
    for each in sorted(profiles, key=lambda profile: -profile.level):
        limit = each.limit(now)
        if limit is not None:
            return limit
    return None


def _time(said: object) -> datetime | None:
    return datetime.fromisoformat(str(said)) if said else None
