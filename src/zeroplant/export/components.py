"""Flows and stores as PyPSA components: their ports, bounds and costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from zeroplant.axis import Floats
from zeroplant.export.homes import one_size
from zeroplant.waist.linear import Affine, Value
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Size, Store

# (bus, coefficient, delay in periods)
Port = tuple[str, Value, int]


def ports(network: Network, flow: Flow, store_buses: dict[Store, str]) -> list[Port]:
    """Every bus a flow reaches, with what one unit of it gives there; negative is taken."""
    found: list[Port] = []
    for node, value in flow.give.items():
        periods = flow.delay.get(node, 0.0) / network.axis.hours
        early = int(np.floor(periods + 1e-9))
        late = periods - early
        if late < 1e-9:
            found.append((node.name, value, early))
        else:
            # A delay between two whole numbers of periods arrives in two parts.
            found.append((node.name, value * (1.0 - late), early))
            found.append((node.name, value * late, early + 1))
    found += [(node.name, -1.0 * value, 0) for node, value in flow.take.items()]
    for store, bus in store_buses.items():
        if flow in store.fill:
            found.append((bus, store.fill[flow], 0))
        if flow in store.drain:
            found.append((bus, -1.0 * store.drain[flow], 0))
    return found


def bounds(word: Flow | Store, size: Size | None) -> dict[str, Any]:
    """Nominal capacity and the bounds per unit of it, under PyPSA's names without their prefix.

    Bounds that are richer than numbers and one size are left open here and held by a rule.
    """
    if size is not None:
        cap = one_size(word.cap)
        floor = one_size(word.floor)
        assert cap is not None
        return {
            "nom_extendable": True,
            "nom_min": size.lower,
            "nom_max": size.upper,
            "nom_mod": 1.0 if size.integer else 0.0,
            "max_pu": cap.share,
            "min_pu": floor.share if floor is not None and floor.size is size else 0.0,
        }
    cap_value, floor_value = number(word.cap, np.inf), number(word.floor, -np.inf)
    nominal = 1.0
    if np.ndim(cap_value) == 0 and 0 < cap_value < np.inf:
        nominal = float(cap_value)
    return {"nom": nominal, "max_pu": cap_value / nominal, "min_pu": floor_value / nominal}


def number(bound: Affine, otherwise: float) -> Value:
    """A bound that depends on nothing as number or series, ``otherwise`` if it does depend."""
    return otherwise if bound.terms else bound.constant


def is_held(word: Flow | Store, size: Size | None) -> tuple[bool, bool]:
    """Whether PyPSA's own bounds hold the floor and the cap."""
    if size is None:
        return not word.floor.terms, not word.cap.terms
    floor = one_size(word.floor)
    if floor is None:
        return not word.floor.terms and not np.any(word.floor.constant), True
    return floor.size is size, True


def keep_share(network: Network, store: Store) -> Value:
    """PyPSA's standing loss per hour for a share kept per period."""
    hours = network.axis.hours
    return 1.0 - np.asarray(store.keep) ** (1.0 / hours) if np.any(store.keep != 1.0) else 0.0


def first_keep(network: Network, store: Store) -> float:
    """The share of the starting level that is kept over the first period."""
    return float(network.axis.full(store.keep)[0])


def series(network: Network, value: Value) -> float | Floats:
    """A number as it is, a series with one value per snapshot."""
    return float(value) if np.ndim(value) == 0 else np.array(network.axis.full(value))
