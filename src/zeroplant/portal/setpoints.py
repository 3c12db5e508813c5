"""What a set-point would do, worked out before anybody says yes to it.

It is compared with what the plant does now and with what it plans for that time; the greater of
both is what it moves. Where that, with what the same person moves alone at that time already, is
above a power that is set for the plant, or where it cannot be known, a second person has to agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from zeroplant.operate.orders import Order, OrderKind, bounds_of, in_force
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.wish import LARGEST, ORDERS
from zeroplant.portal.access.places import place_of
from zeroplant.portal.figures import plain
from zeroplant.portal.limits import Limits

WITHDRAW = "withdraw"
"""Kind of the ask that an order be taken back; its key is the order's name, a space, its flow."""
LONGEST, AHEAD = timedelta(days=1), timedelta(days=7)
"""How long a set-point may hold, and how long before it may be said."""
NOTICEABLE = 1e-3

Told = tuple[str, tuple[object, ...]]
"""A phrase of the page and what fills its gaps."""


@dataclass(frozen=True)
class Ask:
    """What somebody asks for; ``key`` is the flow of a device, empty for the plant's export."""

    kind: str
    key: str
    value: float
    start: datetime
    until: datetime
    reason: str

    @property
    def flow(self) -> str:
        """The flow of a device it is about, or was given for; empty for the plant's export."""
        if self.kind == WITHDRAW:
            return self.key.partition(" ")[2]
        return self.key if self.kind == "device" else ""

    @property
    def place(self) -> str:
        """Where in the plant's tree it needs the right to operate; empty is the whole plant."""
        return place_of(self.flow)


@dataclass(frozen=True)
class Known:
    """What is known when somebody asks: the image (None: nothing, or too old), plan, orders.

    ``alone`` is by how much orders that nobody else agreed to, of the one who asks and for the
    time that is asked for, move the plant already, MW.
    """

    now: datetime
    image: Mapping[str, Any] | None
    schedule: Schedule | None
    orders: Sequence[Order]
    alone: float = 0.0


@dataclass(frozen=True)
class Preview:
    """What a set-point would do. Powers are in ``unit``; None where nothing is known.

    ``planned`` is the least and the most the plan has for that time (None where it does not cover
    all that is left of it), ``limits`` what the plant allows. ``moves`` is by how much it moves
    the plant, MW; None where it cannot be compared with what is or with what is planned.
    ``effect`` is what would be left of it beside orders that go before it. ``problems`` forbid
    it, ``notes`` are to be read first.
    """

    ask: Ask
    unit: str
    present: float | None
    planned: tuple[float, float] | None
    limits: tuple[float, float]
    moves: float | None
    effect: float
    second: bool
    problems: tuple[Told, ...]
    notes: tuple[Told, ...]


def preview(ask: Ask, known: Known, limits: Limits, second_above: float) -> Preview:
    """Work out what would happen; more than ``second_above`` MW moved need a second person.

    With 0 everything does. What has gone by of its time counts no more: a plan made since then
    does not reach back to it.
    """
    unit, least, most = _bounds(ask, limits)
    present, left = _present(ask, known), replace(ask, start=max(ask.start, known.now))
    planned = _planned(left, known.schedule)
    moves = _moves(ask, present, planned) if unit == "MW" else None
    second = (
        not second_above > 0.0
        or moves is None
        or (moves > NOTICEABLE and moves + known.alone > second_above)
    )
    effect = _effect(left, known.orders)
    notes: list[Told] = []
    if known.image is None:
        notes.append(("nothing known", ()))
    if abs(effect - ask.value) > NOTICEABLE:
        notes.append(("overruled", (plain(effect), unit)))
    if known.alone > NOTICEABLE:
        notes.append(("alone", (plain(known.alone),)))
    if ask.kind != "device" and moves is not None and moves <= NOTICEABLE:
        notes.append(("changes nothing", ()))
    return Preview(
        ask, unit, present, planned, (least, most), moves, effect,
        second, tuple(_problems(ask, known.now, limits, least, most)), tuple(notes),
    )  # fmt: skip


@dataclass(frozen=True)
class Release:
    """What goes when an order is withdrawn: the power ``value`` it names, in ``unit``.

    ``present`` is what is measured now, ``planned`` the least and the most that the plan has from
    now to the order's end, as far as it goes; ``raises`` by how much power may rise then, MW,
    whichever way it flows. None where nothing is known. ``second`` whether it needs a second
    person: the way down one goes alone, the way up by more than may be moved alone one does not.
    """

    unit: str
    value: float
    present: float | None
    planned: tuple[float, float] | None
    raises: float | None
    second: bool


def release(order: Order, known: Known, limits: Limits, second_above: float) -> Release:
    """From what to what the plant goes without an order; ``second_above`` as for `preview`."""
    key, plan, until = order.key if order.kind == "device" else "", known.schedule, order.until
    if plan is not None:
        until = min(until, plan.start + plan.steps * plan.step)
    ask = Ask(order.kind, key, order.value, max(known.now, order.start), until, "")
    unit, present, planned = _bounds(ask, limits)[0], _present(ask, known), _planned(ask, plan)
    raises: float | None = None
    if order.start > known.now:
        raises = 0.0  # the plant does not go by it yet
    elif unit == "MW" and present is not None and planned is not None:
        raises = max(0.0, *(_rise(present, each) for each in planned))
    second = raises is None or raises > max(second_above, NOTICEABLE)
    return Release(unit, order.value, present, planned, raises, second)


def _rise(before: float, after: float) -> float:
    """By how much export or import rises from one power to another: turned round, by all of it."""
    return max(max(0.0, sign * after) - max(0.0, sign * before) for sign in (1.0, -1.0))


def unit_of(ask: Ask, limits: Limits) -> str:
    """The unit of what is asked for, or of the order that is to be withdrawn."""
    limit = limits.flows.get(ask.flow)
    return "MW" if not ask.flow else limit.unit if limit else ""


def _bounds(ask: Ask, limits: Limits) -> tuple[str, float, float]:
    if ask.kind != "device":
        return "MW", limits.least_export, limits.most_export
    limit = limits.flows.get(ask.key)
    return (limit.unit, limit.least, limit.most) if limit else ("", -math.inf, math.inf)


def _problems(ask: Ask, now: datetime, limits: Limits, least: float, most: float) -> list[Told]:
    found: list[Told] = []
    if ask.kind not in ORDERS:
        found.append(("no such kind", ()))
    elif ask.kind != "device" and ask.key:
        found.append(("no key", (ask.key,)))
    elif ask.kind == "device" and ask.key not in limits.settable:
        found.append(("not settable", (ask.key,)))
    elif not math.isfinite(ask.value) or abs(ask.value) > LARGEST:
        found.append(("no power", ()))
    elif not least - NOTICEABLE <= ask.value <= most + NOTICEABLE:
        found.append(("outside limits", (plain(least), plain(most))))
    if not ask.reason.strip():
        found.append(("no reason", ()))
    if ask.until <= now or ask.until <= ask.start:
        found.append(("over already", ()))
    elif ask.until - ask.start > LONGEST or ask.start - now > AHEAD:
        found.append(("too long", (LONGEST // timedelta(hours=1), AHEAD.days)))
    return found


def _present(ask: Ask, known: Known) -> float | None:
    """What is measured now of what is asked for; None where that is not known."""
    if known.image is None:
        return None
    if ask.kind == "device":
        point = known.image.get("points", {}).get(ask.key) or {}
        lost = point.get("quality", 3) >= 3
        return None if lost else _number(point.get("value"))
    return _number(known.image.get("exchange"))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def _planned(ask: Ask, schedule: Schedule | None) -> tuple[float, float] | None:
    """The least and the most that is planned; None where the plan does not cover all the time."""
    if schedule is None or ask.start < schedule.start:
        return None
    if ask.until > schedule.start + schedule.steps * schedule.step:
        return None
    course = schedule.power.get(ask.key) if ask.kind == "device" else schedule.target
    if course is None:
        return None
    starts = [schedule.start + n * schedule.step for n in range(schedule.steps)]
    here = [n for n, at in enumerate(starts) if at < ask.until and at + schedule.step > ask.start]
    return (float(np.min(course[here])), float(np.max(course[here]))) if here else None


def _moves(ask: Ask, present: float | None, planned: tuple[float, float] | None) -> float | None:
    """By how much it moves the plant away from what is and what is planned; None if unknown."""
    if present is None or planned is None:
        return None
    apart: list[float] = [ask.value - each for each in (present, *planned)]
    if ask.kind == "most export":
        return max(0.0, *(-each for each in apart))
    if ask.kind == "least export":
        return max(0.0, *apart)
    return max(abs(each) for each in apart)


def _effect(ask: Ask, orders: Sequence[Order]) -> float:
    """What is left of it beside the orders that stand when it begins."""
    if ask.kind not in ORDERS or not math.isfinite(ask.value):
        return ask.value
    kind: OrderKind = ask.kind
    own = Order("person", kind, ask.value, ask.start, ask.until, ask.key)
    held = in_force([*orders, own], ask.start)
    if kind == "device":
        same = (each.value for each in held if each.kind == "device" and each.key == ask.key)
        return next(same, ask.value)
    before = bounds_of([each for each in held if each.source != "person"])
    return min(max(ask.value, before.least), before.most)
