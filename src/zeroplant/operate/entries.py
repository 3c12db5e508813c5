"""What a cycle puts into the journal and the history, and how the control room sees it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroplant.links.clock import SystemClock
from zeroplant.operate.alarms import Alarm, AlarmChange
from zeroplant.operate.decision import Decision, Reason
from zeroplant.operate.guard import Clip
from zeroplant.operate.image import EPOCH, MICROSECOND, Image
from zeroplant.operate.known import Source
from zeroplant.operate.orders import Order
from zeroplant.store import Batch, Entry

REASONS, CLIPS, SOURCES = (
    {each.value: each.name.lower() for each in kind} for kind in (Reason, Clip, Source)
)
"""What each is called in journal and control room."""
DIGITS = 6
"""Significant digits of values in the journal: finer than any meter."""


def observation(image: Image, decision: Decision) -> Entry:
    """Everything the decision saw: values, ages and qualities in the order of the points."""
    known = decision.known
    weak = np.flatnonzero(known.source != Source.MEASURED)
    payload = {
        "values": [plain(v) for v in image.value.tolist()],
        "age": [round(a, 6) if a < 1e6 else None for a in image.age.tolist()],
        "quality": image.quality.tolist(),
        "taken": {image.points.names[i]: plain(float(known.value[i])) for i in weak.tolist()},
    }
    return Entry(kind="observation", key="plant", event=image.at, known=image.at, payload=payload)


def decided(decision: Decision, names: Sequence[str]) -> Entry:
    """What was decided and why: target, whose word, and each set-point with its reason."""
    wishes = np.flatnonzero(np.isfinite(decision.setpoints))
    said = decision.setpoints, decision.reason, decision.clip
    columns = [wishes, *(each[wishes] for each in said)]
    payload = {
        "target": plain(decision.target),
        "achievable": plain(decision.achievable),
        "exchange": plain(decision.exchange),
        "source": decision.source,
        "until": decision.until.isoformat(),
        "setpoints": {
            names[i]: [plain(power), REASONS[reason], CLIPS[clip]]
            for i, power, reason, clip in zip(*(each.tolist() for each in columns), strict=True)
        },
    }
    at = decision.at
    return Entry(kind="decision", key="plant", event=at, known=at, payload=payload)


def commands(decision: Decision, names: Sequence[str]) -> list[Entry]:
    """The set-points that are written in this cycle, and why."""
    chosen = np.flatnonzero(decision.write & np.isfinite(decision.setpoints))
    until = decision.until.isoformat()
    return [
        Entry(
            kind="command", key=names[i], event=decision.at, known=decision.at,
            payload={
                "value": plain(float(decision.setpoints[i])), "until": until,
                "reason": REASONS[int(decision.reason[i])],
            },
        )
        for i in chosen.tolist()
    ]  # fmt: skip


def alarmed(changes: Sequence[AlarmChange]) -> list[Entry]:
    """What happened to alarms."""
    return [
        Entry(
            kind="alarm", key=alarm_key(each.alarm), event=each.at, known=each.at,
            payload={"change": each.change, **each.alarm.said()},
        )
        for each in changes
    ]  # fmt: skip


def alarm_key(alarm: Alarm) -> str:
    """What the journal calls an alarm."""
    return f"{alarm.code}: {alarm.key}"


def ordered(order: Order) -> dict[str, Any]:
    """An order as plain data."""
    return {
        "source": order.source,
        "kind": order.kind,
        "value": plain(order.value),
        "key": order.key,
        "start": order.start.isoformat(),
        "until": order.until.isoformat(),
    }


def changed(before: Image | None, image: Image) -> NDArray[np.bool_]:
    """Which points say something else than before: a new stamp, or another value under the old."""
    if before is None:
        return np.ones(len(image.points), dtype=bool)
    same = (image.value == before.value) | (np.isnan(image.value) & np.isnan(before.value))
    kept = same & (image.event == before.event) & (image.quality == before.quality)
    return np.asarray(~kept)


def batch_of(seen: Sequence[tuple[Image, NDArray[np.bool_]]]) -> Batch | None:
    """The values of some points of images for the history; None where none has a value."""
    found = [
        (image, np.flatnonzero(chosen & np.isfinite(image.value) & (image.event > 0)))
        for image, chosen in seen
    ]
    names = [image.points.names[i] for image, places in found for i in places.tolist()]
    if not names:
        return None
    columns = zip(
        *((i.event[k], i.value[k], np.full(len(k), i.at_micros), i.quality[k]) for i, k in found),
        strict=True,
    )
    event, value, known, quality = (np.concatenate(each) for each in columns)
    return Batch(
        names, event.astype("M8[us]"), value, known.astype("M8[us]"),
        quality=quality, source="control",
    )  # fmt: skip


def live(
    image: Image,
    decision: Decision,
    alarms: Sequence[Alarm],
    links: dict[str, Any],
    orders: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """The latest of everything, for the control room; ``wrote`` is when it was put into words.

    The controller takes what was never heard for nothing; people are told that it is not known.
    """
    names, known = image.points.names, decision.known
    return {
        "at": decision.at.isoformat(),
        "wrote": SystemClock().now().isoformat(),
        "target": plain(decision.target),
        "achievable": plain(decision.achievable),
        "exchange": plain(decision.exchange),
        "source": decision.source,
        "points": {
            name: {
                "value": None if known.source[i] == Source.NEVER else plain(float(known.value[i])),
                "unit": image.points.unit[i],
                "spread": plain(float(known.spread[i])),
                "source": SOURCES[int(known.source[i])],
                "quality": int(image.quality[i]),
                "event": (EPOCH + int(image.event[i]) * MICROSECOND).isoformat(),
                "setpoint": plain(float(decision.setpoints[i])),
                "reason": REASONS[int(decision.reason[i])],
            }
            for i, name in enumerate(names)
        },
        "alarms": [alarm.said() for alarm in alarms],
        "links": links,
        "orders": list(orders),
    }


def moment_of(said: str) -> datetime:
    """A moment that was kept as text. Raises ValueError where it is none, or has no zone."""
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None:
        message = f"{said} has no zone"
        raise ValueError(message)
    return moment


def plain(value: float) -> float | None:
    """A number as JSON can say it, with as many digits as anybody measures."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
