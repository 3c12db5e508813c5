"""What a home fleet can say of a solved plant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zeroplant.assets.findings import Finding
from zeroplant.axis import Axis, Floats
from zeroplant.homes.aggregate import depths, periods_of, sustained
from zeroplant.homes.battery_store import BatteryClasses
from zeroplant.homes.room_store import Climate
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution

if TYPE_CHECKING:  # every module of this folder is loaded at once; solvers are not to be
    from zeroplant.assets.home_fleet import Fleet, HomeFleet
    from zeroplant.homes.envelope import Kind
    from zeroplant.homes.exact import Cost

ROOMS, BATTERIES = 12, 40
"""Rooms of each group, and batteries, that are also planned one by one."""
DAYS = 3
"""Days for which batteries are planned one by one."""
LEVELS = (0.9, 0.95, 0.99)
"""Probabilities at which it is told."""
RELIED = (
    "at the hour of the day in which it is greatest for 1 h; rooms from rest, batteries at the "
    "plan's levels; 98 % of the enrolled devices answer, opt-out apart, and each of 20 "
    "concentrators is down 0.5 % of the time (assumed)",
    "取 1 h 可靠能力最大的时刻；空调由静置状态、储能按方案电量起算；"
    "假定设备应答率 98 %（另计退出），20 个集中器各有 0.5 % 时间中断",
)
SAMPLED = (
    "of a sample of homes, at the plan's own prices on single days; the exact plan of the same "
    "homes one by one is the measure",
    "抽样住户、按本方案节点价格与典型日计算，以逐户精确优化为基准",
)


def findings_of(
    asset: HomeFleet, fleet: Fleet, plant: Scope, solution: Solution
) -> Iterator[Finding]:
    """All findings; each section of the fleet adds its own."""
    count = fleet.population.count
    yield Finding("homes", float(count), "", ("Homes", "户数"))
    price = solution.price(plant.node(asset.at))
    if asset.rooms is not None and fleet.few.promises:
        yield from _rooms(asset, fleet, plant, solution)
        yield from _loss_of_rooms(fleet, price)
    if asset.batteries is not None and len(fleet.few.batteries):
        yield from _loss_of_batteries(asset, fleet, price)
    yield from _envelope(asset, fleet, plant, solution)
    if asset.roofs is not None:
        yield _self_use(fleet, plant, solution)


def _envelope(
    asset: HomeFleet, fleet: Fleet, plant: Scope, solution: Solution
) -> Iterator[Finding]:
    """Power that rooms and batteries can be relied on for, at the best hour of the season's day."""
    from zeroplant.homes.envelope import HOURS, Reliability, by_hour

    kinds = flexible_kinds(asset, fleet, plant, solution)
    if not kinds:
        return
    season = np.ones(fleet.axis.stages, dtype=bool)
    if fleet.climate is not None and (fleet.climate.season > 0).any():
        season = fleet.climate.season > 0
    when = ("cooling season", "制冷季") if not season.all() else ("all year", "全年")
    can = 1000.0 * by_hour(kinds, Reliability(), fleet.axis, season, LEVELS)
    one = HOURS.index(1.0)
    for way, (less, said) in enumerate((("less", "下调"), ("more", "上调"))):
        hour = int(np.argmax(can[:, way, one, 1]))
        shown = [(length, 1) for length in range(len(HOURS))] + [(one, 0), (one, 2)]
        for length, level in shown:
            percent = f"{100 * LEVELS[level]:g}"
            yield Finding(
                f"firm_{less}_{HOURS[length]:g}h_p{percent}".replace(".", "_"),
                float(can[hour, way, length, level]), "kW",
                (f"Firm power {less} for {HOURS[length]:g} h, {percent} %, {when[0]}, {hour}:00",
                 f"{when[1]}{hour}:00 可靠{said}能力（{HOURS[length]:g} h，{percent} %）"),
                RELIED,
            )  # fmt: skip


def flexible_kinds(asset: HomeFleet, fleet: Fleet, plant: Scope, solution: Solution) -> list[Kind]:
    """Rooms from rest, and batteries at the plan's levels, for `zeroplant.homes.envelope`."""
    from zeroplant.homes.envelope import batteries_kind, rooms_kind

    few, kinds = fleet.few, []
    if asset.rooms is not None and few.promises:
        count = sum(len(rooms) for rooms in few.rooms)
        kinds.append(rooms_kind(few.promises, count, asset.rooms.opt_out, fleet.axis))
    if asset.batteries is not None and len(few.batteries):
        classes = range(1, len(few.classes.hours) + 1)
        level = np.stack([solution.value(plant.store_named(f"batteries {n}")) for n in classes])
        one_way = sqrt(asset.batteries.round_trip)
        count = len(few.batteries)
        kinds.append(batteries_kind(few.classes, level, count, one_way, fleet.axis))
    return kinds


def _rooms(asset: HomeFleet, fleet: Fleet, plant: Scope, solution: Solution) -> Iterator[Finding]:
    """What the air-conditioners can give, and what they gave."""
    assert asset.rooms is not None
    steered = sum(len(rooms) for rooms in fleet.few.rooms)
    yield Finding(
        "steered_rooms", float(steered), "", ("Rooms steered", "可调空调房间数"),
        ("in use, joined and reachable", "开机、参与且通信可达"),
    )  # fmt: skip
    busy = fleet.busiest(asset.rooms.event_hours)
    registered = asset.rooms.share * asset.rooms.accepts * fleet.population.count
    if busy.any() and registered:
        can = 1000.0 * float(fleet.held(1.0)[busy].mean()) / registered
        yield Finding(
            "flexible_per_unit", can, "kW",
            ("Flexible per registered air-conditioner at peak", "高峰时每台注册空调可调功率"),
            ("cut for one hour from rest, in the busiest hours; 0.15…0.35 kW is said of minutes",
             "由静置状态压降一小时，用电最高时段平均值；通常所说 0.15…0.35 kW 指分钟级压降"),
        )  # fmt: skip
        firm = asset.firm(fleet)
        yield Finding(
            "firm_power", 1000.0 * firm, "kW", ("Firm reduction of the rooms", "空调可靠压降能力"),
            (f"held for {asset.rooms.event_hours:g} h in nine of ten of the busiest hours",
             f"在用电最高时段中九成以上可持续 {asset.rooms.event_hours:g} h"),
        )  # fmt: skip
        yield Finding(
            "firm_per_unit", 1000.0 * firm / registered, "kW",
            ("Firm reduction per registered air-conditioner", "每台注册空调可靠压降能力"),
        )  # fmt: skip
        yield from _rebound(fleet, asset.rooms.event_hours, busy)
    yield from _used(fleet, plant, solution)


def _rebound(fleet: Fleet, hours: float, busy: NDArray[np.bool_]) -> Iterator[Finding]:
    """What comes back in the period after an event, at the deepest cut that can be held.

    From rest a cut c leaves the state at −c·z (see `depths`); the next period's own losses
    forgive a part, and A·k·c·z takes it back to rest. Rooms that return more slowly need less.
    """
    axis = fleet.axis
    periods = periods_of(hours, axis)
    after = np.minimum(np.arange(axis.stages) + periods, axis.stages - 1)
    cut = back = 0.0
    for promise in fleet.few.promises:
        *_, (_, depth) = depths(promise, periods, axis)
        held = np.where(busy, sustained(promise, hours, axis), 0.0)
        cut += float(held.sum()) * periods
        back += float(held @ ((promise.pull * promise.keep)[after] * depth))
    if cut > 0:
        yield Finding(
            "rebound", back / cut, "1", ("Rebound after an event", "单次调节后的反弹率"),
            (f"used more in the period after a cut of {hours:g} h from rest, per energy cut, in "
             "the busiest hours; less if rooms come back over several hours",
             f"用电高峰由静置压降 {hours:g} h，随后时段多用与少用电量之比；分时恢复更低"),
        )  # fmt: skip


def _used(fleet: Fleet, plant: Scope, solution: Solution) -> Iterator[Finding]:
    """Comfort that was spent, what came back, and what no plan could have helped."""
    most, power = 0.0, np.zeros(fleet.axis.stages)
    for number, (rooms, promise) in enumerate(
        zip(fleet.few.rooms, fleet.few.promises, strict=True), 1
    ):
        power = power + solution.value(plant.flow_named(f"air conditioning {number}"))
        level = solution.value(plant.store_named(f"rooms {number}"))
        works = promise.energy > 0
        state = np.abs(level[works] / promise.energy[works])
        most = max(most, float(state.max(initial=0.0)) * float(rooms.band.max()))
    yield Finding(
        "comfort_used", most, "K",
        ("Farthest a room is taken from its thermostat", "室温偏离温控器的最大值"),
        ("at most; never outside the band of its own home", "上界；不超出该户允许范围"),
    )  # fmt: skip
    less = float(fleet.axis.weight @ np.maximum(fleet.usual - power, 0.0))
    more = float(fleet.axis.weight @ np.maximum(power - fleet.usual, 0.0))
    if less > 1e-6 * float(fleet.axis.weight @ fleet.usual):
        yield Finding(
            "more_per_less", more / less, "1",
            ("More used per less used, rooms", "空调多用电量与少用电量之比"),
            ("of the whole plan, cooling ahead in cheap hours included; no rebound of an event",
             "全部方案期，含低价时段预冷（热），不是单次调节的反弹率"),
        )  # fmt: skip
    missed = sum(float(fleet.axis.weight @ promise.missed) for promise in fleet.few.promises)
    rooms_there = max(1, sum(len(rooms) for rooms in fleet.few.rooms))
    yield Finding(
        "beyond_reach", missed / rooms_there, "K·h",
        ("Out of the band for want of power, per room", "因空调容量不足超出舒适范围（每间）"),
        ("by weather alone, whatever the plan", "仅由天气造成，与调度无关"),
    )  # fmt: skip


def _loss_of_rooms(fleet: Fleet, price: Floats) -> Iterator[Finding]:
    """Busiest and middle day of cooling, middle day of heating, for some rooms of each group."""
    from zeroplant.homes.exact import summed

    assert fleet.climate is not None
    days = _days(fleet, fleet.climate)
    total = summed(cost for day in days for cost in _rooms_on(fleet, fleet.climate, price, day))
    if total.gain > 0:
        yield Finding(
            "loss_of_rooms", total.loss, "1",
            ("Value lost by seeing rooms as a few stores", "空调聚合近似的价值损失"),
            SAMPLED,
        )  # fmt: skip


def _days(fleet: Fleet, climate: Climate) -> list[int]:
    use = np.add.reduceat(fleet.usual, climate.starts[:-1])
    length = np.diff(climate.starts)
    found = []
    for mode, quantile in ((1, 1.0), (1, 0.5), (-1, 0.5)):
        days = np.flatnonzero((climate.modes == mode) & (length == length.max()))
        if len(days):
            ordered = days[np.argsort(use[days], kind="stable")]
            found.append(int(ordered[int(quantile * (len(days) - 1))]))
    return found


def _rooms_on(fleet: Fleet, climate: Climate, price: Floats, day: int) -> Iterator[Cost]:
    """One day of some rooms of each group, alone and together."""
    from zeroplant.homes.exact import room_cost

    part = slice(int(climate.starts[day]), int(climate.starts[day + 1]))
    axis = fleet.axis
    begin = axis.start + axis.step * (part.start % axis.periods)
    short = Climate(
        Axis(begin, part.stop - part.start, axis.hours, axis.zone),
        climate.outdoor[part],
        climate.sun[part],
        climate.season[part],
    )
    for rooms, promise in zip(fleet.few.rooms, fleet.few.promises, strict=True):
        members = np.linspace(0, len(rooms) - 1, min(ROOMS, len(rooms))).astype(np.int64)
        rows = {
            name: getattr(promise, name)[part]
            for name in ("base", "pull", "keep", "lowest", "highest", "down", "up", "choice",
                         "energy", "missed")
        }  # fmt: skip
        today = replace(promise, **rows, scale=promise.scale[:, day : day + 1])
        sample = rooms.only(members)
        yield room_cost(sample, short, today, members, price[part])


def _loss_of_batteries(asset: HomeFleet, fleet: Fleet, price: Floats) -> Iterator[Finding]:
    """Some batteries over the first days of July, or of the plan if it is shorter."""
    from zeroplant.homes.exact import battery_cost

    assert asset.batteries is not None
    own, few, axis = fleet.few.batteries, fleet.few.classes, fleet.axis
    span = min(axis.periods, max(1, round(DAYS * 24 / axis.hours)))
    first = int(np.argmax(axis.month_of_year[: axis.periods] == 7))
    first = min(first, axis.periods - span)
    members = np.linspace(0, len(own) - 1, min(BATTERIES, len(own))).astype(np.int64)
    cost = battery_cost(
        own.only(members),
        BatteryClasses(few.hours, few.parts[members]),
        price[first : first + span],
        axis.hours,
        one_way=sqrt(asset.batteries.round_trip),
        usable=1.0 - asset.batteries.reserve,
        wear=asset.batteries.wear,
    )
    if cost.gain > 0:
        loss = (cost.shared - cost.exact) / cost.gain
        yield Finding(
            "loss_of_batteries", loss, "1",
            ("Value lost by seeing batteries as a few stores", "户用储能聚合近似的价值损失"),
            SAMPLED,
        )  # fmt: skip


def _self_use(fleet: Fleet, plant: Scope, solution: Solution) -> Finding:
    """Share of the roofs' output that the homes take themselves, hour by hour."""
    taken = np.zeros(fleet.axis.stages)
    made = solution.value(plant.flow_named("roof output"))
    for flow in plant.network.flows:
        if flow.who == plant.who and flow.take and flow.role in ("load", "charge"):
            taken = taken + solution.value(flow)
    used = float(fleet.axis.weight @ np.minimum(made, taken))
    total = float(fleet.axis.weight @ made)
    return Finding(
        "self_use", used / total if total else 0.0, "1",
        ("Roof power used by the homes themselves", "户用光伏自用率"),
        ("all homes together, in each hour, batteries included", "全体住户逐时合计，含储能充电"),
    )  # fmt: skip
