"""How many lanes, packs, chargers and kVA a swap station needs for its trucks.

A charged pack is made to stock: a truck that comes takes one of ``packs``, and its own goes to the
``chargers``. Packs that are not yet full and trucks that wait are together the customers of an
M/M/c queue (c chargers, a trucks per charge time), so with Erlang's C formula (1917) the chance
to wait longer than t is

    P(W > t) = C(c, a) · (a/c)^(packs − c) · exp(−(c − a) t / T),     packs ≥ c

(the base-stock queue; Buzacott & Shanthikumar 1993, "Stochastic Models of Manufacturing Systems",
ch. 4). Charges and swaps are more regular than the exponential times of that model: waits get
shorter by 2/(1 + spread), the factor of heavy traffic (Kingman 1962; Allen & Cunneen), with
``spread`` the squared coefficient of variation. The stock is not credited with it, so the promise
is on the safe side. Lanes are such a queue without a stock. Arrivals change by the hour: the load
of an hour is what arrived within the last charge time (the modified offered load of Jennings,
Mandelbaum, Massey & Whitt 1996, "Server staffing to meet time-varying demand").
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from zeroplant.axis import Floats
from zeroplant.transport.packs import EFFICIENCY

SPREAD = 0.25
"""Squared coefficient of variation of the time of a swap or a charge: half the mean either way."""
MOST = 400
"""Lanes, chargers or packs of one station beyond which the search stops."""


@dataclass(frozen=True)
class Equipment:
    """What a station is built of, and how well it must serve.

    ``swap`` hours a lane is taken by a truck (3…5 min), and at most ``lane_day`` of them in a day
    (domain page §2c). ``charger`` in MW and ``efficiency`` from the transformer to the pack;
    ``auxiliary`` in MW. Trucks shall wait ``patience`` hours at most with the share ``service``.
    Money, each: a ``lane``, a ``pack``, a ``charger`` and a ``kva`` of transformer. The prices
    here are CNY and assumptions: a pack of 282 kWh costs 0.25…0.35 million CNY (domain page §2c);
    a charger of 280 kW at 0.4 CNY/W, transformers at 500 CNY/kVA and a lane of 1.5 million CNY
    are of that order.
    """

    swap: float = 5.0 / 60.0
    lane_day: float = 168.0
    charger: float = 0.28
    efficiency: float = EFFICIENCY
    auxiliary: float = 0.05
    power_factor: float = 0.95
    patience: float = 1.0 / 6.0
    service: float = 0.95
    lane_cost: float = 1.5e6
    pack_cost: float = 3.0e5
    charger_cost: float = 1.12e5
    kva_cost: float = 500.0


@dataclass(frozen=True)
class StationSize:
    """What a station needs; ``service`` is the share of trucks that the formula promises."""

    lanes: int
    packs: int
    chargers: int
    kva: float
    service: float
    cost: float


def waiting(load: Floats, servers: int, stock: int, times: float, spread: float = SPREAD) -> Floats:
    """Chance to wait longer than ``times`` service times, by the offered ``load`` (Erlangs).

    ``stock`` ≥ ``servers`` is how many may be on the way before anyone waits. ``spread`` 1 is
    Erlang's own formula. Where the load is more than the servers hold, everyone waits.
    """
    load = np.asarray(load, dtype=float)
    blocked = np.ones_like(load)
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    busy = np.minimum(load / servers, 1.0)
    stable = busy < 1.0
    delayed = np.where(stable, blocked / np.where(stable, 1.0 - busy * (1.0 - blocked), 1.0), 1.0)
    shorter = 2.0 / (1.0 + spread)
    tail = busy ** (stock - servers) * np.exp(-shorter * np.maximum(servers - load, 0.0) * times)
    return np.where(stable, delayed * tail, 1.0)


def offered(rate: Floats, hours: float, step: float) -> Floats:
    """Arrivals within the last ``hours``, for rates per hour over periods of ``step`` hours.

    The first periods look back to the last ones, as plans do.
    """
    whole, part = divmod(hours / step, 1.0)
    loads = part * np.roll(rate, int(whole))
    for back in range(int(whole)):
        loads = loads + np.roll(rate, back)
    return np.asarray(loads * step)


def size_station(
    rate: Floats, charge: float, equipment: Equipment, step: float = 1.0
) -> StationSize:
    """The cheapest station for arrivals ``rate`` [1/h] over time that each need ``charge`` MWh.

    Half of those who may wait too long may do so for a lane, and half for a pack.
    """
    share = (1.0 - equipment.service) / 2
    charging = max(charge / (equipment.charger * equipment.efficiency), 1e-6)
    lanes, late = _lanes(rate, step, equipment, share)
    chargers, packs, empty = _packs(rate, step, charging, equipment, share)
    power = chargers * equipment.charger + equipment.auxiliary
    kva = 1000.0 * power / equipment.power_factor
    cost = (
        lanes * equipment.lane_cost
        + packs * equipment.pack_cost
        + chargers * equipment.charger_cost
        + kva * equipment.kva_cost
    )
    return StationSize(lanes, packs, chargers, kva, 1.0 - late - empty, cost)


@dataclass(frozen=True)
class _Hours:
    """How often which load is met: ``trucks`` (shares of all) that come at each of few loads."""

    load: Floats
    trucks: Floats

    @classmethod
    def of(cls, load: Floats, rate: Floats) -> _Hours:
        """Loads in 100 steps, each counted as its upper end, so as not to promise too much."""
        most = float(load.max(initial=0.0))
        if most <= 0 or rate.sum() <= 0:
            return cls(np.zeros(1), np.zeros(1))
        step = np.minimum(np.ceil(100.0 * load / most - 1e-9), 100.0).astype(np.int64)
        trucks: Floats = np.bincount(step, rate, 101) / float(rate.sum())
        return cls(np.linspace(0.0, most, 101), trucks)

    def late(self, servers: int, stock: int, times: float) -> float:
        """Share of all trucks that wait longer than so many service times."""
        return float(self.trucks @ waiting(self.load, servers, stock, times))


def _lanes(rate: Floats, step: float, equipment: Equipment, share: float) -> tuple[int, float]:
    """Fewest lanes that hold the busiest day and keep the share of those who wait too long."""
    day = float(offered(rate, 24.0, step).max(initial=0.0))
    hours = _Hours.of(offered(rate, equipment.swap, step), rate)
    times = equipment.patience / equipment.swap
    for lanes in range(max(1, ceil(day / equipment.lane_day - 1e-9)), MOST):
        late = hours.late(lanes, lanes, times)
        if late <= share:
            return lanes, late
    return MOST, 1.0


def _packs(
    rate: Floats, step: float, charging: float, equipment: Equipment, share: float
) -> tuple[int, int, float]:
    """The cheapest chargers and packs: more chargers spare packs, up to one for each."""
    hours = _Hours.of(offered(rate, charging, step), rate)
    times = equipment.patience / charging
    transformer = 1000.0 * equipment.charger / equipment.power_factor * equipment.kva_cost
    each = equipment.charger_cost + transformer
    best = (np.inf, MOST, MOST, 1.0)
    for chargers in range(1, MOST):
        if chargers * (each + equipment.pack_cost) >= best[0]:
            break
        packs = _fewest_packs(hours, chargers, times, share)
        if packs is not None:
            cost = chargers * each + packs * equipment.pack_cost
            if cost < best[0]:
                best = (cost, chargers, packs, hours.late(chargers, packs, times))
    return best[1], best[2], best[3]


def _fewest_packs(hours: _Hours, chargers: int, times: float, share: float) -> int | None:
    """Fewest packs that keep the share of those who wait too long; None if no number does."""
    if hours.late(chargers, MOST, times) > share:
        return None
    low, high = chargers - 1, MOST
    while high - low > 1:
        middle = (low + high) // 2
        enough = hours.late(chargers, middle, times) <= share
        low, high = (low, middle) if enough else (middle, high)
    return high
