"""Small random devices, nasty on purpose: everything ties, crosses, is pinned or is zero."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.fleet.tables import Fleet, Rows

LENGTHS = (1, 2, 5, 24, 96)

Draw = np.random.Generator


def some(draw: Draw, devices: int, share: float) -> Floats:
    """A column of ones for a share of the devices, zeros for the others."""
    return (draw.random((devices, 1)) < share).astype(float)


def prices(draw: Draw, devices: int, steps: int) -> tuple[Floats, Floats]:
    """Rounded so that they tie; flat, all zero, equal both ways, negative, or dearer to sell."""
    buy = draw.integers(0, 8, (devices, steps)) / 10.0
    flat, zero, negative = (some(draw, devices, s) for s in (0.15, 0.1, 0.3))
    buy = np.where(flat > 0, buy[:, :1], buy) * (1.0 - zero)
    buy -= negative * draw.integers(0, 7, (devices, steps)) / 10.0
    less = draw.integers(0, 5, (devices, steps)) / 10.0 * (1.0 - some(draw, devices, 0.3))
    sell = buy - less + some(draw, devices, 0.05) * 2.0 * less
    return buy, sell


def nasty(devices: int, seed: int, steps: int) -> Fleet:
    """Batteries, cars, rooms and heaters, in no proportion to real ones."""
    draw = np.random.default_rng(seed)
    shape = (devices, steps)
    size = draw.integers(0, 6, (devices, 1)) * 2.0 * np.ones(shape)
    one_way = draw.choice([1.0, 0.95, 0.9, 0.8, 0.5], (devices, 1)) * np.ones(shape)
    power = draw.integers(0, 4, (devices, 1)) * np.ones(shape)
    away = (draw.random(shape) < 0.4) * some(draw, devices, 0.3)
    give_back = 1.0 - some(draw, devices, 0.3)
    low, high = 0.0 * size, size.copy()
    ask = draw.integers(0, 5, shape) / 4.0 * size * (draw.random(shape) < 0.1)
    low += ask * some(draw, devices, 0.5)
    high -= draw.integers(0, 3, shape) / 4.0 * size * (draw.random(shape) < 0.1)
    pinned = (draw.random(shape) < 0.1) * some(draw, devices, 0.2)
    low = np.where(pinned > 0, np.minimum(low, high), low)
    high = np.where(pinned > 0, low, high)
    loss = draw.integers(-2, 3, shape) / 4.0 * some(draw, devices, 0.4)
    keep = draw.choice([1.0, 1.0, 0.999, 0.95, 0.8, 0.5], devices)
    buy, sell = prices(draw, devices, steps)
    limit = np.where(draw.random(devices) < 0.2, draw.integers(1, 8, devices), np.inf)
    spare = draw.integers(0, 4, shape) * some(draw, devices, 0.3)
    # Paid both for drawing and for giving is not solved behind a limited connection.
    paid_twice = ((buy < 0) & (sell > 0)).any(axis=1) & np.isfinite(limit)
    spare[paid_twice] = 0.0
    series = {
        "buy": buy, "sell": sell, "net": draw.integers(-3, 4, shape) * some(draw, devices, 0.8),
        "curtailable": spare, "in_most": power * (1 - away),
        "out_most": draw.integers(0, 4, (devices, 1)) * give_back * (1 - away),
        "gain": one_way * np.where(some(draw, devices, 0.2) > 0, 3.0, 1.0), "low": low,
        "high": high, "inflow": loss,
    }  # fmt: skip
    return Fleet(
        **{name: Rows.each(values) for name, values in series.items()},
        keep=keep, give=one_way[:, 0],
        wear_in=draw.choice([0.0, 0.02], devices), wear_out=draw.choice([0.0, 0.05], devices),
        start=draw.integers(0, 5, devices) / 4.0 * size[:, 0],
        final_value=draw.integers(-1, 5, devices) / 10.0, connection=limit,
        hours=float(draw.choice([0.25, 0.5, 1.0])),
    )  # fmt: skip
