"""What a plant could give or take more than it plans to, in power and in the energy behind it.

Found at the waist: flows between a store and electricity can move within their bounds as long as
the level carries it; generation can be turned down to nothing, and up to what is possible.
A battery that stands at P with headroom R can hold R for τ hours if level − drain·τ·R ≥ floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from zeroplant.operate.forecast import Forecast
from zeroplant.waist import Affine, Flow, Network, Store, total_of

ELECTRIC = "electricity"
KEPT = "reserve in "
"""Begin of the names of flows that measure how far a store is below what is to be kept in it."""
SOON = timedelta(hours=2)
"""How far ahead errors of forecasts count for what is kept: long enough to see the sun rise."""
DEAR = 1000.0
"""Money per MWh and hour for energy that is not kept ready: far above what it can be sold for,
far below what energy not served costs."""


def keep_ready(network: Network, edge: float, energy: float) -> None:
    """Keep so much energy in plain electric stores together, at a price, and leave their edges.

    ``edge`` is the part of each store at its lower end that control does not count on, ``energy``
    in MWh what the next hours may need beyond what is expected; each store keeps its share.
    """
    stores = [store for store in network.stores if _is_plain(store)]
    whole = sum(float(np.max(store.cap.constant)) for store in stores)
    for store in stores:
        cap = float(np.max(store.cap.constant))
        least = np.minimum(store.floor.constant + edge * cap + energy * cap / whole, 0.5 * cap)
        short = network.flow(f"{KEPT}{store.name}", unit=store.unit, who=store.who)
        network.line(store.who, short.name, short, DEAR, unit=f"{store.unit}·h", kind="penalty")
        network.budget(short.name, store + short, at_least=least, over="period", unit=store.unit)


def lacking(network: Network, forecasts: Mapping[str, Forecast]) -> float:
    """How far forecasts of electricity in the next ``SOON`` may be off together, in MW.

    One in twenty of each is off by more on one side; errors of one group have its correlation,
    those of different groups none.
    """
    flows = {flow.name for flow in network.flows if flow.unit == "MW" and _is_electric(flow)}
    square, together = 0.0, dict[tuple[str, float], float]()
    for key, forecast in forecasts.items():
        if key not in flows:
            continue
        wide = float(np.ptp(forecast.values[:, : SOON // forecast.step], axis=0).max()) / 2.0
        square += (1.0 - forecast.correlation) * wide**2
        group = forecast.group, forecast.correlation
        together[group] = together.get(group, 0.0) + wide
    square += sum(shared * wide**2 for (_, shared), wide in together.items())
    return float(np.sqrt(square))


def _is_plain(store: Store) -> bool:
    """Whether only one electric flow fills it, one drains it, and its size is a number."""
    flows = [*store.fill, *store.drain]
    roles = [flow.role for flow in flows]
    return (
        roles == ["charge", "discharge"]
        and all(_is_electric(flow) and not flow.integer for flow in flows)
        and not np.any(store.inflow)
        and not store.cap.terms
        and not store.floor.terms
        and 0.0 < float(np.max(store.cap.constant)) < np.inf
    )


def upward(network: Network, hours: float, name: str) -> Affine:
    """MW the plant can raise its net export by and hold for ``hours``, as an expression."""
    return _headroom(network, hours, name, up=True)


def downward(network: Network, hours: float, name: str) -> Affine:
    """MW the plant can lower its net export by and hold for ``hours``."""
    return _headroom(network, hours, name, up=False)


def _headroom(network: Network, hours: float, name: str, *, up: bool) -> Affine:
    parts: list[Affine] = []
    stored: set[Flow] = set()
    for store in list(network.stores):
        flows = [flow for flow in (*store.fill, *store.drain) if _is_electric(flow)]
        if not flows or any(flow.integer for flow in flows):
            continue
        stored |= set(flows)
        parts.append(_of_store(network, store, hours, name, up=up))
    for flow in [f for f in network.flows if f.role == "generation" and _is_electric(f)]:
        limited = bool(np.all(np.isfinite(flow.cap.constant)))
        if flow not in stored and (limited or not up):
            parts.append(flow.cap - flow if up else flow - flow.floor)
    ready = network.flow(f"{name}: ready")
    total = total_of(parts)
    network.budget(f"{name}: of all", ready - total, at_most=0.0, over="period", unit="MW")
    _within_connection(network, ready, name, up=up)
    return ready.affine()


def _of_store(network: Network, store: Store, hours: float, name: str, *, up: bool) -> Affine:
    """Headroom through one store, in power and in energy."""
    giving = [flow for flow in store.drain if _is_electric(flow)]
    taking = [flow for flow in store.fill if _is_electric(flow)]
    rising, falling = (giving, taking) if up else (taking, giving)
    ready = network.flow(f"{name}: ready {store.name}")
    power = total_of([*(f.cap - f for f in rising), *(f - f.floor for f in falling)])
    network.budget(f"{name}: power of {store.name}", ready - power, at_most=0.0, over="period",
                   unit="MW")  # fmt: skip
    # Turned down, a flow spares its store what it took; turned up, it needs as much at its rate.
    rates = [store.drain[f] for f in giving] if up else [store.fill[f] for f in taking]
    rates = rates or ([store.fill[f] for f in taking] if up else [store.drain[f] for f in giving])
    most = max(float(np.max(np.abs(rate))) for rate in rates)
    room = store - store.floor if up else store.cap - store
    network.budget(f"{name}: energy of {store.name}", ready * (hours * most) - room, at_most=0.0,
                   over="period", unit=store.unit)  # fmt: skip
    return ready.affine()


def _within_connection(network: Network, ready: Flow, name: str, *, up: bool) -> None:
    """What is ready must also go through the connection."""
    out = [flow for flow in network.flows if flow.role == "export"]
    into = [flow for flow in network.flows if flow.role == "import"]
    net = total_of([*out, *(flow * -1.0 for flow in into)])
    limit = total_of([flow.cap for flow in (out if up else into)])
    if not (out or into):
        return
    moved = net + ready if up else -net + ready
    network.budget(f"{name}: connection", moved - limit, at_most=0.0, over="period", unit="MW")


def _is_electric(flow: Flow) -> bool:
    return any(node.carrier == ELECTRIC for node in (*flow.give, *flow.take))
