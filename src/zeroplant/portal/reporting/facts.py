"""What there is to report of a span of days: courses as planned and as measured, money, alarms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from zeroplant.axis import Floats, zone_named
from zeroplant.operate.flowed import Flowed, flowed
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.measured import means
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.standing import Standing, stand
from zeroplant.operate.today import account
from zeroplant.plan.report.names import Names, names_of
from zeroplant.plan.report.text import Text
from zeroplant.plant import load_plant
from zeroplant.portal.alarm_words import cause_told
from zeroplant.portal.logbook import Logbook, Wanted
from zeroplant.portal.planned import Planned
from zeroplant.portal.unmeasured import unmeasured
from zeroplant.store import History

STEP = timedelta(minutes=15)
SHOWN = ("generation", "import", "export", "load", "charge", "discharge", "conversion", "unserved")
"""Roles of flows that are reported one by one."""
EXCHANGE = Text("net export of the plant", "全厂净上网功率")


@dataclass(frozen=True)
class Course:
    """A quantity over the quarter-hours: as planned by the schedule then in force, as measured.

    Values are nan where there was no schedule, or no measurement; levels are those of the ends.
    """

    key: str
    name: Text
    unit: str
    planned: Floats
    actual: Floats
    level: bool = False

    @property
    def said(self) -> bool:
        """Whether it was ever anything but nothing."""
        both = np.concatenate([self.planned, self.actual])
        return bool((np.abs(both[np.isfinite(both)]) > 1e-9).any())


@dataclass(frozen=True)
class AlarmRow:
    """An alarm of the span: when it was raised first, on the plant's clock, and how often."""

    at: datetime
    severity: str
    cause: Text
    times: int


@dataclass(frozen=True)
class Operation:
    """All that is reported of a span; ``prices`` are those of the schedules, by node."""

    name: str
    zone: str
    currency: str
    first: date
    last: date
    times: list[datetime]
    """Start of each quarter-hour that is over, on the plant's clock."""
    courses: list[Course]
    prices: dict[str, Floats]
    units: dict[str, str]
    """Unit of the power at each node."""
    lines: list[tuple[Text, Floats]]
    """Lines of money with what the plant paid in each step; what it received is negative."""
    emissions: Floats
    account: dict[str, Any]
    unknown: list[Text]
    """What was not measured, a line each."""
    alarms: list[AlarmRow]

    @cached_property
    def deviation(self) -> float | None:
        """Mean of the absolute difference of plan and actual at the connection, MW."""
        exchange = self.courses[0]
        apart = np.abs(exchange.actual - exchange.planned)
        return float(np.nanmean(apart)) if np.isfinite(apart).any() else None


def gather(plant: Path, data: Path, first: date, last: date, now: datetime) -> Operation:
    """What there is of the days from ``first`` to ``last``, as far as they are over at ``now``.

    Raises InputError where the plant cannot be read, or nothing was measured yet.
    """
    read, folder = load_plant(plant), PlantFolder(data)
    zone = zone_named(read.time.zone)
    start = datetime.combine(first, time(), zone)
    end = min(datetime.combine(last + timedelta(days=1), time(), zone), now)
    start_utc = start.astimezone(UTC)
    steps = max(0, (end.astimezone(UTC) - start_utc) // STEP)
    standing = stand(read, start=start, days=0, horizon=max(steps, 1), folder=data)
    so_far = flowed(standing.network, partial(means, History(folder.history)), steps)
    names, planned = names_of(read.assets), _planned(folder, start_utc, steps)
    measured = account(so_far, read.currency)
    return Operation(
        name=read.name,
        zone=read.time.zone,
        currency=read.currency,
        first=first,
        last=last,
        times=[(start_utc + n * STEP).astimezone(zone) for n in range(steps)],
        courses=list(_courses(standing, so_far, planned, names)),
        prices={key[0]: values for key, values in planned.items() if key[1] == "price"},
        units={node.name: node.unit for node in standing.network.nodes},
        lines=[(_line_name(names, line.who, line.what), each) for line, each in so_far.lines],
        emissions=so_far.emissions,
        account=measured,
        unknown=unmeasured(measured["unknown"], names),
        alarms=_alarms(folder, names, start, end),
    )


def _line_name(names: Names, who: str, what: str) -> Text:
    said = names.phrase(what, who)
    return Text(f"{who}: {said.en}", f"{who}：{said.zh}")


def _courses(
    standing: Standing, so_far: Flowed, planned: Mapping[tuple[str, str], Floats], names: Names
) -> Iterator[Course]:
    """The exchange first, then flows and levels in the plant's order."""
    network, nothing = standing.network, np.full(so_far.steps, np.nan)
    net = so_far.electric("export", given=False) - so_far.electric("import", given=True)
    target = planned.get(("target", "target"), nothing)
    yield Course("plant.export", EXCHANGE, "MW", target, net / network.axis.hours)
    for flow in network.flows:
        if flow.role in SHOWN:
            plan = planned.get((flow.name, "power"), nothing)
            course = Course(flow.name, names.part(flow.name), flow.unit, plan, so_far.flow(flow))
            if course.said:
                yield course
    for store in network.stores:
        level = so_far.levels.get(store.name, nothing)
        plan = planned.get((store.name, "level"), nothing)
        course = Course(store.name, names.part(store.name), store.unit, plan, level, level=True)
        if course.said:
            yield course


def _planned(folder: PlantFolder, start: datetime, steps: int) -> dict[tuple[str, str], Floats]:
    """By name and kind, what the last schedule made before a step had planned for it."""
    found: dict[tuple[str, str], Floats] = {}
    for schedule in Planned(folder.schedules).made(start, start + steps * STEP):
        _lay(found, schedule, start, steps)
    return found


def _lay(
    found: dict[tuple[str, str], Floats], schedule: Schedule, start: datetime, steps: int
) -> None:
    """Lay a schedule over what older ones had planned; of steps begun before it, those count."""
    offset, skip = (schedule.start - start) // STEP, 0
    if offset < 0:
        offset, skip = 0, -offset
    said = [
        *(((name, "power"), values) for name, values in schedule.power.items()),
        *(((name, "level"), values) for name, values in schedule.level.items()),
        *(((name, "price"), values) for name, values in schedule.price.items()),
        (("target", "target"), schedule.target),
    ]
    for key, values in said:
        count = min(len(values) - skip, steps - offset)
        if count > 0:
            laid = found.setdefault(key, np.full(steps, np.nan))
            older = laid[offset : offset + count]
            place = offset + np.arange(count)
            begun = (place < -((start - schedule.made) // STEP)) & np.isfinite(older)
            laid[offset : offset + count] = np.where(begun, older, values[skip : skip + count])


def _alarms(folder: PlantFolder, names: Names, start: datetime, end: datetime) -> list[AlarmRow]:
    """Alarms that were raised in the span, with when each was first and how often."""
    found: dict[str, AlarmRow] = {}
    book, before = Logbook(folder.journal), 0
    wanted = Wanted(kinds=("alarm",), since=start.astimezone(UTC), until=end.astimezone(UTC))
    while True:  # from the last backwards, a leaf at a time
        leaf = book.leaf(wanted, before, most=1000)
        for record in leaf.records:
            if record.payload.get("change") == "raised":
                old, said = found.get(record.key), record.payload
                found[record.key] = AlarmRow(
                    at=record.event.astimezone(start.tzinfo),
                    severity=str(said.get("severity", "")),
                    cause=cause_told(said, names),
                    times=old.times + 1 if old else 1,
                )
        if not (before := leaf.older):
            return sorted(found.values(), key=lambda each: each.at)
