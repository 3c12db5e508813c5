"""What a charger hub says of a solved plant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.assets.findings import Finding
from zeroplant.axis import Axis, Floats
from zeroplant.transport.sessions import plugged_in
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution

if TYPE_CHECKING:
    from zeroplant.assets.charger_hub import ChargerHub

MOST_DRAWN = 200_000
"""Vehicles drawn for the waiting time at most: of a busy year the first months."""


def hub_findings(hub: ChargerHub, plant: Scope, solution: Solution) -> Iterator[Finding]:
    """Findings of one hub."""
    draw = solution.value(plant.flow_named("charge"))
    at_once = np.concatenate([each.at_once for each in hub.bands(plant.axis)]) / plant.axis.hours
    yield from _savings(hub, plant, solution, draw, at_once / hub.efficiency)
    if hub.control == "smart" and hub.aggregate == "inner":
        yield from _flexible(hub, plant)
    elif hub.control == "smart":
        yield from _left_out(hub, plant, draw)
    yield from _waiting(hub, plant, solution)


def _savings(
    hub: ChargerHub, plant: Scope, solution: Solution, draw: Floats, at_once: Floats
) -> Iterator[Finding]:
    """Peak and mean price, as planned and as if everybody charged on arrival."""
    price = solution.price(plant.node(hub.at))
    weight = plant.axis.weight
    peak = ("Highest power drawn", "最大充电功率")
    yield Finding("peak", float(draw.max(initial=0.0)), "MW", peak)
    unplanned = ("Highest power if all charged on arrival", "到站即充的最大功率")
    yield Finding("peak_at_once", float(at_once.max(initial=0.0)), "MW", unplanned)
    energy = float(weight @ at_once)
    back = solution.value(plant.flow_named("fed back")) if hub.give_back is not None else 0.0
    for key, flow, title in (
        ("mean_price", draw - back, ("Energy cost of charging", "充电购电均价")),
        ("mean_price_at_once", at_once, ("Energy cost if charged on arrival", "到站即充购电均价")),
    ):
        note = (
            "per MWh that all want, at marginal prices of this plan, energy given back taken off",
            "按全部充电需求与本方案节点边际价格计，已扣除反向放电",
        )
        if energy > 0:
            yield Finding(key, float(weight @ (price * flow)) / energy, "money/MWh", title, note)


def _flexible(hub: ChargerHub, plant: Scope) -> Iterator[Finding]:
    lanes = hub.promises(plant.axis)
    note = (
        "in lanes that every vehicle can follow; the rest charges on arrival or steadily",
        "按每辆车均可执行的分组计，其余到站即充或匀速充电",
    )
    share = float(np.mean([each.flexible for each in lanes]))
    yield Finding("flexible", share, "1", ("Energy the plan may move", "可平移充电量占比"), note)


def _left_out(hub: ChargerHub, plant: Scope, draw: Floats) -> Iterator[Finding]:
    """Energy the vehicles miss if the planned sum is handed out by least laxity."""
    from zeroplant.transport.laxity import least_laxity

    axis = plant.axis
    into = (draw * hub.efficiency).reshape(len(axis.chains), axis.periods)
    wanted = got = 0.0
    for sessions, schedule in zip(hub.chains(axis), into, strict=True):
        fitting = sessions.deliver_what_fits()
        wanted += float(fitting.energy.sum())
        got += float(least_laxity(fitting, schedule, axis).sum())
    note = (
        "of what all want: the planned sum handed to those who can wait least",
        "占总需求，按最小松弛度优先分配计划功率",
    )
    share = 1.0 - got / wanted if wanted else 0.0
    title = ("Energy the outer aggregate leaves out", "外近似无法兑现的电量")
    yield Finding("left_out", max(share, 0.0), "1", title, note)


def _waiting(hub: ChargerHub, plant: Scope, solution: Solution) -> Iterator[Finding]:
    """Plugs needed at once and, for arrivals by the hour, waiting without reservation."""
    from zeroplant.transport.station_report import quantiles

    axis = plant.axis
    most = max(float(plugged_in(each, axis).max(initial=0.0)) for each in hub.chains(axis))
    away, _ = hub.turned_away(axis)
    title = ("Vehicles turned away for want of a plug", "因无空桩离开的车辆占比")
    note = ("where more would stand than there are plugs", "同时在桩需求超过枪数时段")
    yield Finding("turned_away", away, "1", title, note)
    title = ("Vehicles at plugs at once, at most", "同时在桩车辆最大值")
    yield Finding("plugged_in", most, "", title, ("mean of the period", "时段平均"))
    power = solution.number(plant.network.capacities[f"{plant.who}.power"][0])
    plugs = int(power / hub.charger_power * hub.plugs + 1e-6)
    yield Finding("plugs", float(plugs), "", ("Plugs", "充电枪数量"))
    if hub.arrivals is None or plugs < 1:
        return
    free = max(1, plugs - round(plugs * hub.reserved))
    waited, weight = _waited(hub, axis, free)
    if not len(waited):
        return
    of_all = ("", "") if len(axis.chains) == 1 else (
        f", all {len(axis.chains)} scenarios by their probability",
        f"，{len(axis.chains)} 个情景按概率加权",
    )  # fmt: skip
    note = (
        f"{len(waited)} vehicles drawn, nobody turned away, first come first served at {free} "
        f"plugs{of_all[0]}",
        f"抽样 {len(waited)} 辆，均不离开，{free} 个充电桩先到先服务{of_all[1]}",
    )
    median, high = quantiles(waited, weight, (0.5, 0.95))
    for key, value, title in (
        ("wait_p50", median, ("Waiting time, median", "等待时间中位数")),
        ("wait_p95", high, ("Waiting time, p95", "等待时间P95")),
    ):
        yield Finding(key, value, "h", title, note)
    late = float(np.average(waited > hub.patience, weights=weight))
    title = (f"Wait longer than {hub.patience:g} h", f"等待超过{hub.patience:g}小时的比例")
    yield Finding("wait_too_long", late, "1", title, note)


def _waited(hub: ChargerHub, axis: Axis, plugs: int) -> tuple[Floats, Floats]:
    """Waits [h] of vehicles drawn in every chain, and how much each of them counts."""
    from zeroplant.transport.waiting import draw_arrivals, waits

    assert hub.arrivals is not None
    kinds, most = hub.arrivals.stays, MOST_DRAWN / len(axis.chains)
    shares = hub.arrivals.shares
    stays = np.array([kind.hours for kind in kinds])
    rates = hub.arrivals.rates(axis).reshape(len(axis.chains), axis.periods)
    waited, weights = [np.zeros(0)], [np.zeros(0)]
    for chain, every in zip(axis.chains, rates * (1.0 - hub.reserved), strict=True):
        mean = max(float(every.sum()) * axis.hours, 1.0)
        some = min(axis.periods, int(most / mean * axis.periods))
        begin = draw_arrivals(every[:some], axis.hours, seed=0)
        chosen = np.random.default_rng(1).choice(len(kinds), len(begin), p=shares)
        if chain.weight and len(begin):
            waited.append(waits(begin, stays[chosen], plugs))
            weights.append(np.full(len(begin), chain.weight * axis.periods / some))
    return np.concatenate(waited), np.concatenate(weights)
