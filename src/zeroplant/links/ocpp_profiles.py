"""Charging profiles: what lapses, and what then holds.

A station keeps a profile without an end for ever, also when it is offline. So nothing is ever set
without an end but one thing: a default for every transaction, at stack level 0, of the power that
is safe while nobody commands. Whatever is commanded stands at level 1 with duration and validTo,
and when it lapses the safe default is what is left. (OCPP 1.6 §3.13; 2.0.1, part 2, K01.)
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any, Literal

from zeroplant.links.ocpp_settings import Station

Purpose = Literal["TxDefaultProfile", "TxProfile", "ChargePointMaxProfile"]
SAFE_LEVEL, COMMANDED_LEVEL = 0, 1
IDS: dict[Purpose, int] = {"TxDefaultProfile": 1, "TxProfile": 2, "ChargePointMaxProfile": 3}


def limit(station: Station, power: float) -> float:
    """A power in MW, in the unit the station's profiles are limited in, to one decimal."""
    watts = power * 1e6
    value = watts if station.unit == "W" else watts / (station.phases * station.voltage)
    return math.floor(value * 10 + 1e-6) / 10  # never more than was meant


def profile(
    station: Station,
    purpose: Purpose,
    number: int,
    power: float,
    *,
    now: datetime,
    until: datetime | None = None,
    transaction: int | str | None = None,
    version: str,
) -> dict[str, Any]:
    """A profile of one constant limit, for the library to send; without ``until`` it is for ever.

    Its id is always the same for the same purpose and connector: the next one takes its place.
    """
    level = SAFE_LEVEL if until is None else COMMANDED_LEVEL
    schedule: dict[str, Any] = {
        "charging_rate_unit": station.unit,
        "charging_schedule_period": [{"start_period": 0, "limit": limit(station, power)}],
    }
    found: dict[str, Any] = {
        "stack_level": level,
        "charging_profile_purpose": purpose,
        "charging_profile_kind": "Absolute",
    }
    identity = 10 * number + IDS[purpose] + 5 * level
    if until is not None:
        found |= {"valid_from": iso(now), "valid_to": iso(until)}
        schedule["duration"] = max(1, math.floor((until - now).total_seconds()))
    schedule["start_schedule"] = iso(now)
    if transaction is not None:
        found["transaction_id"] = transaction
    if version == "1.6":
        return found | {"charging_profile_id": identity, "charging_schedule": schedule}
    if purpose == "ChargePointMaxProfile":
        found["charging_profile_purpose"] = "ChargingStationMaxProfile"
    return found | {"id": identity, "charging_schedule": [schedule | {"id": identity}]}


def iso(at: datetime) -> str:
    """A time as OCPP writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
