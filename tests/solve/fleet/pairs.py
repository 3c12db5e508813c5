"""Invented devices with two levels: rooms with walls, and batteries with tanks."""

from __future__ import annotations

import numpy as np
from scipy.linalg import expm

from zeroplant.axis import Floats
from zeroplant.solve.fleet.coupled import Coupled

Draw = np.random.Generator


def _home(draw: Draw, steps: int, hours: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Hour of the day, buying and selling price, and net load of a home with a roof."""
    hour = np.arange(steps) * hours % 24.0
    buy = (
        0.3 + 0.15 * np.sin((hour - 14.0) * np.pi / 12.0) + np.round(draw.normal(0, 0.03, steps), 2)
    )
    sun = np.maximum(0.0, np.sin((hour - 6.0) * np.pi / 12.0)) * (np.abs(hour - 12.0) < 6.0)
    net = draw.gamma(2.0, 0.3, steps) - draw.uniform(0.0, 5.0) * sun
    return hour, buy, np.minimum(buy, 0.08), net


def _empty(devices: int, steps: int, many: int) -> Coupled:
    """Room for devices."""
    shapes = [(2, 2), (2,), (2,)] + [(steps, many, 2)] + [(steps, many)] * 3 + [(steps,)]
    return Coupled(*(np.zeros((devices, *shape)) for shape in [*shapes, *[(steps, 2)] * 3]))


def rooms(devices: int, seed: int, steps: int = 96, hours: float = 0.25) -> Coupled:
    """Heated rooms of two resistances and two capacities, 19 to 23 °C; walls without bounds."""
    draw, made = np.random.default_rng(seed), _empty(devices, steps, 2)
    for i in range(devices):
        hour, buy, sell, net = _home(draw, steps, hours)
        air, wall = draw.uniform(0.5, 1.5), draw.uniform(5.0, 20.0)
        inner, outer, window = (
            draw.uniform(0.5, 1.5),
            draw.uniform(3.0, 10.0),
            draw.uniform(5.0, 15.0),
        )
        rate = np.array([
            [-(1 / inner + 1 / window) / air, 1 / inner / air],
            [1 / inner / wall, -(1 / inner + 1 / outer) / wall],
        ])  # fmt: skip
        keep = expm(rate * hours)
        gather = np.linalg.solve(rate, keep - np.eye(2))
        outside = 2.0 + 5.0 * np.sin((hour - 9.0) * np.pi / 12.0) + draw.normal(0.0, 0.5, steps)
        source = np.stack([outside / window / air, outside / outer / wall], axis=1)
        cop, power = draw.uniform(2.5, 4.0), draw.uniform(2.0, 3.0)
        own = np.clip(-net, 0.0, power)
        made.keep[i], made.start[i] = keep, 21.0
        made.worth[i] = 0.05 * air / cop, 0.05 * wall / cop
        made.inflow[i] = source @ gather.T
        made.effect[i] = gather @ np.array([cop / air, 0.0])
        made.price[i] = np.stack([sell, buy], axis=1) * hours
        made.most[i] = np.stack([own, power - own], axis=1)
    made.low[:, :, 0], made.high[:, :, 0] = 19.0, 23.0
    made.low[:, :, 1], made.high[:, :, 1] = -np.inf, np.inf
    return made


def shared(devices: int, seed: int, steps: int = 96, hours: float = 0.25) -> Coupled:
    """A battery and a hot-water tank behind one connection: charge, discharge, heat, buy, sell."""
    draw, made = np.random.default_rng(seed), _empty(devices, steps, 5)
    for i in range(devices):
        hour, buy, sell, net = _home(draw, steps, hours)
        size, tank = draw.uniform(4.0, 15.0), draw.uniform(4.0, 12.0)
        one_way, cop = draw.choice([1.0, 0.95, 0.9]), draw.choice([1.0, 3.0])
        limit = draw.uniform(3.0, 8.0) + max(net.max(), 0.0)
        made.keep[i] = np.diag(
            [draw.choice([1.0, 0.9995]), np.exp(-hours * draw.uniform(0.003, 0.03))]
        )
        made.start[i] = size * draw.random(), tank * draw.uniform(0.4, 1.0)
        made.worth[i] = 0.2, 0.05
        made.effect[i, :, 0, 0], made.effect[i, :, 1, 0] = one_way * hours, -hours / one_way
        made.effect[i, :, 2, 1] = cop * hours
        made.price[i] = 0.005 * hours * np.array([1.0, 1.0, 0.0, 0.0, 0.0])
        made.price[i, :, 3], made.price[i, :, 4] = buy * hours, -sell * hours
        made.most[i] = size / 2, size / 2, 3.0 / cop, limit, limit + 8.0
        made.share[i], made.right[i] = [1.0, -1.0, 1.0, -1.0, 1.0], -net
        draw_off = np.exp(-((hour - 7.0) ** 2)) + np.exp(-((hour - 20.0) ** 2))
        draw_off *= tank * draw.uniform(0.5, 1.2) * steps / 96.0 / draw_off.sum()
        made.inflow[i, :, 1] = -draw_off
        made.high[i] = size, tank
    return made
