"""The schedule that needs no solver: stores take the surplus and give it back, within limits.

The last step of the ladder, for when nothing else is left. All electricity is seen as one busbar;
what the rule knows nothing of (gates, processes) is not in the schedule, so that the controller
leaves it where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from zeroplant.axis import Floats
from zeroplant.kernels import njit
from zeroplant.operate.headroom import ELECTRIC
from zeroplant.operate.outside import has_inflow, is_load
from zeroplant.operate.schedule import Schedule
from zeroplant.waist import Flow, Network, Store


def by_rule(network: Network, now: datetime, levels: Mapping[str, float], note: str) -> Schedule:
    """Self-consumption: stores follow surplus and deficit; the grid closes what is left.

    ``network`` is a window with one chain, the outside as forecast. Stores with an inflow or a
    need of their own are held at their level; of the others the first in the plant goes first.
    """
    axis = network.axis
    power: dict[str, Floats] = {}
    level: dict[str, Floats] = {}
    net = np.zeros(axis.stages)
    for flow in network.flows:
        if _is_electric(flow) and (is_load(flow) or flow.role == "generation"):
            values = axis.full(flow.cap.constant)
            values = np.where(np.isfinite(values), values, 0.0)
            power[flow.name] = np.array(values)
            net = net + values * _given(flow)
    for store in network.stores:
        if has_inflow(store):
            net = net + _hold(network, store, power)
    for store in network.stores:
        if not has_inflow(store):
            net = _follow(network, store, net, levels, power=power, level=level)
    out, into = (_limit(network, role) for role in ("export", "import"))
    target = np.clip(net, -into, out)
    return Schedule(
        made=now, start=axis.start, step=axis.step, status="rule", power=power, level=level,
        price={}, worth={}, target=target, note=note,
    )  # fmt: skip


def _is_electric(flow: Flow) -> bool:
    return any(node.carrier == ELECTRIC for node in (*flow.give, *flow.take))


def _given(flow: Flow) -> float:
    """MW a unit of the flow gives to electricity, less what it takes there."""
    gives = sum(float(np.mean(v)) for n, v in flow.give.items() if n.carrier == ELECTRIC)
    takes = sum(float(np.mean(v)) for n, v in flow.take.items() if n.carrier == ELECTRIC)
    return gives - takes


def _limit(network: Network, role: str) -> Floats:
    total = np.zeros(network.axis.stages)
    for flow in network.flows:
        if flow.role == role:
            total = total + network.axis.full(flow.cap.constant)
    return total


def _free(flows: Mapping[Flow, float | Floats]) -> Flow | None:
    """The flow by which electricity moves a store, if there is one."""
    return next((f for f in flows if _is_electric(f) and not is_load(f)), None)


def _hold(network: Network, store: Store, power: dict[str, Floats]) -> Floats:
    """The flow that makes up for what a store gains or loses by itself; MW it adds to the plant."""
    axis = network.axis
    need = -axis.full(store.inflow)
    flow = _free(store.fill) if float(need.mean()) > 0 else _free(store.drain)
    if flow is None or flow.name in power:
        return np.zeros(axis.stages)
    side = store.fill if flow in store.fill else store.drain
    wanted = np.abs(need) / np.maximum(np.abs(axis.full(side[flow])), 1e-9)
    mean = np.full(axis.stages, float(wanted.mean()))
    values = np.clip(mean, axis.full(flow.floor.constant), axis.full(flow.cap.constant))
    power[flow.name] = values
    return np.asarray(values * _given(flow))


def _follow(
    network: Network, store: Store, net: Floats, levels: Mapping[str, float], *,
    power: dict[str, Floats], level: dict[str, Floats],
) -> Floats:  # fmt: skip
    """Let one store take the surplus and cover the deficit; what is left after it."""
    charge, discharge = _free(store.fill), _free(store.drain)
    if charge is None or discharge is None:
        return net
    full = network.axis.full
    start = levels.get(store.name, 0.0)
    into, out, kept = follow(
        np.ascontiguousarray(net), full(charge.cap.constant).copy(),
        full(discharge.cap.constant).copy(), float(np.mean(store.fill[charge])),
        float(np.mean(store.drain[discharge])), full(store.keep).copy(),
        full(store.floor.constant).copy(), full(store.cap.constant).copy(), float(start),
        network.axis.hours,
    )  # fmt: skip
    power[charge.name], power[discharge.name], level[store.name] = into, out, kept
    return np.asarray(net - into + out)


@njit(cache=True, nogil=True)
def follow(  # noqa: PLR0917 - compiled functions take their arrays by place
    net: Floats, most_in: Floats, most_out: Floats, fill: float, drain: float, keep: Floats,
    floor: Floats, cap: Floats, start: float, hours: float,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Charge, discharge and level of a store that takes surplus and gives to deficit."""
    count = len(net)
    into, out, level = np.zeros(count), np.zeros(count), np.zeros(count)
    now = start
    for t in range(count):
        now *= keep[t]
        if net[t] > 0.0:
            room = max(0.0, cap[t] - now) / (fill * hours)
            into[t] = min(net[t], most_in[t], room)
        else:
            held = max(0.0, now - floor[t]) / (drain * hours)
            out[t] = min(-net[t], most_out[t], held)
        now += hours * (fill * into[t] - drain * out[t])
        level[t] = now
    return into, out, level
