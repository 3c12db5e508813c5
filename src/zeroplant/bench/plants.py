"""Plants to measure with: small enough to read, large enough to matter. Weather is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.waist import Flow, Line, Network, Store, total_of
from zeroplant.waist.money import annuity

START = datetime(2025, 1, 1, tzinfo=UTC)


def sunshine(axis: Axis, random: np.random.Generator) -> Floats:
    """A year of invented photovoltaic output per unit: day, season and passing clouds."""
    hours = np.arange(axis.stages) * axis.hours
    day = np.sin(np.pi * (hours % 24 - 6) / 12)
    season = 0.8 - 0.2 * np.cos(2 * np.pi * hours / 8760)
    clouds = np.repeat(random.beta(4, 2, axis.stages // 6 + 1), 6)[: axis.stages]
    output = day * season * clouds
    return np.where(output > 1e-3, output, 0.0)


def windiness(axis: Axis, random: np.random.Generator) -> Floats:
    """A year of invented wind output per unit: slow noise pressed into 0 … 1."""
    steps = random.normal(size=axis.stages) * 0.3
    lag = np.exp(-np.arange(200) / 24.0)
    slow = np.convolve(steps, lag)[: axis.stages]
    return 1.0 / (1.0 + np.exp(0.6 - slow))


@dataclass(frozen=True)
class Year:
    """One year of series for the county base."""

    axis: Axis
    sun: Floats
    wind: Floats
    load: Floats
    price: Floats


def year(periods: int = 8760) -> Year:
    """Invented series, the same in every run."""
    axis, random = Axis(START, periods), np.random.default_rng(1)
    load = 100.0 * (1.0 + 0.2 * np.sin(2 * np.pi * (axis.hour_of_day - 9) / 24))
    price = np.where((axis.hour_of_day >= 8) & (axis.hour_of_day < 22), 420.0, 250.0)
    return Year(axis, sunshine(axis, random), windiness(axis, random), load, price)


def county_base(y: Year) -> Network:
    """Wind, sun, a battery sized in power and energy, a grid connection, a load, three rules.

    The rules are those of direct connection: own use of own generation, its share in the
    demand, and a cap on what is fed in; sizes are free. Money in CNY.
    """
    net = Network(y.axis)
    park = net.node("park")
    sizes = {
        "wind": (4.5e6, 20.0, y.wind),
        "sun": (3.0e6, 25.0, y.sun),
    }
    generation = []
    for name, (overnight, life, availability) in sizes.items():
        size = net.size(name, upper=1000.0)
        net.line(name, "annuity", size, annuity(0.06, life) * overnight, kind="investment")
        generation.append(net.flow(name, give=park, cap=availability * size, role="generation"))
    power, energy = net.size("power"), net.size("energy", unit="MWh")
    net.line("battery", "annuity of power", power, annuity(0.06, 12) * 2e5, kind="investment")
    net.line("battery", "annuity of energy", energy, annuity(0.06, 12) * 8e5, kind="investment")
    charge = net.flow("charge", take=park, cap=power)
    discharge = net.flow("discharge", give=park, cap=power, cost=20.0)
    net.store("level", fill={charge: 0.94}, drain={discharge: 1 / 0.94}, cap=energy)
    bought = net.flow("import", give=park, cap=200.0, role="import")
    sold = net.flow("export", take=park, cap=200.0, role="export")
    net.line("grid", "energy bought", bought, y.price, kind="purchase")
    net.line("grid", "energy sold", sold, 0.5 * y.price, kind="revenue")
    load = net.flow("load", take=park, fixed=y.load, role="load")
    own = total_of(generation)
    net.budget("own use", own - sold - 0.6 * own, at_least=0.0, breach=500.0)
    net.budget("green share", own - sold - 0.3 * load, at_least=0.0, breach=500.0)
    net.budget("fed in", sold - 0.2 * own, at_most=0.0, breach=500.0)
    return net


@dataclass(frozen=True)
class Fleet:
    """Photovoltaics and batteries behind one grid connection, and what changes from day to day."""

    network: Network
    suns: list[Flow]
    stores: list[Store]
    load: Flow
    bought: Line
    sold: Line


@dataclass(frozen=True)
class Days:
    """Series of the fleet over all windows; ``sun`` has one row for each photovoltaic plant."""

    hours: float
    sun: Floats
    load: Floats
    price: Floats


def days(windows: int = 20, steps: int = 96, plants: int = 10) -> Days:
    """Invented quarter-hours of sun and load, and a spot price of each hour, always the same."""
    random = np.random.default_rng(2)
    axis = Axis(START, windows * steps, hours=24.0 / steps)
    sun = np.array([sunshine(axis, random) * (1 + 0.2 * k) for k in range(plants)])
    load = 8.0 + 4.0 * random.random(axis.stages)
    hour = np.arange(axis.stages) * 24 // steps
    spot = 300.0 + 150.0 * np.sin(2 * np.pi * (hour % 24 - 13) / 24)
    spot += 40.0 * random.random(hour[-1] + 1)[hour]
    return Days(axis.hours, sun, load, spot)


def fleet(d: Days, window: slice, levels: Floats) -> Fleet:
    """The fleet over one window, its batteries starting at ``levels`` MWh."""
    steps = window.stop - window.start
    net = Network(Axis(START, steps, hours=d.hours))
    bus = net.node("bus")
    suns, stores = [], []
    for k, sun in enumerate(d.sun):
        suns.append(net.flow(f"pv {k}", give=bus, cap=sun[window], role="generation"))
        charge = net.flow(f"charge {k}", take=bus, cap=1.0 + 0.1 * k)
        discharge = net.flow(f"discharge {k}", give=bus, cap=1.0 + 0.1 * k, cost=5.0 + k)
        stores.append(
            net.store(
                f"level {k}",
                fill={charge: 0.95},
                drain={discharge: 1 / 0.95},
                cap=2.0 + 0.2 * k,
                start=float(levels[k]),
            )
        )
    load = net.flow("load", take=bus, fixed=d.load[window], role="load")
    bought = net.flow("import", give=bus, cap=100.0, role="import")
    sold = net.flow("export", take=bus, cap=100.0, role="export")
    purchase = net.line("grid", "energy bought", bought, d.price[window], kind="purchase")
    revenue = net.line("grid", "energy sold", sold, 0.6 * d.price[window], kind="revenue")
    return Fleet(net, suns, stores, load, purchase, revenue)
