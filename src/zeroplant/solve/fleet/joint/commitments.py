"""What a fleet promises to others: a band around a baseline, and headroom to add or to shed.

A band is a limit of a group and is held strictly. Headroom is promised in power: in each step the
schedule leaves so much between the group's power and what its devices' power limits and connections
allow. That is linear, so it is a limit as well. It says nothing about energy: how much of it could
be held for how long from the scheduled levels is what :func:`headroom` works out afterwards, device
by device, within bounds on power and level over that time (not over what comes after).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.solve.fleet.joint.tree import Groups
from zeroplant.solve.fleet.tables import Arrays, Fleet, Table


@dataclass(frozen=True)
class Headroom:
    """Power that could be added and shed in each step (T,)."""

    more: Floats
    less: Floats


def within_band(
    groups: Groups, baseline: ArrayLike, above: ArrayLike, below: ArrayLike, *, group: int = 0
) -> Groups:
    """The groups, one of them kept between ``baseline - below`` and ``baseline + above`` (T,)."""
    middle = np.asarray(baseline, dtype=np.float64)
    return _narrowed(groups, group, middle - np.asarray(below), middle + np.asarray(above))


def with_headroom(
    groups: Groups, fleet: Fleet, *, more: ArrayLike = 0.0, less: ArrayLike = 0.0, group: int = 0
) -> Groups:
    """The groups, one of them kept so that it could add ``more`` and shed ``less`` power (T,).

    Where nothing is promised (0), nothing is limited.
    """
    able = np.zeros((2, fleet.steps))
    _power_range(fleet.arrays, groups.inside(group), able)
    base, asked_more, asked_less = groups.base[group], np.asarray(more), np.asarray(less)
    low = np.where(asked_less > 0.0, base + able[0] + asked_less, -np.inf)
    high = np.where(asked_more > 0.0, base + able[1] - asked_more, np.inf)
    return _narrowed(groups, group, low, high)


def headroom(
    fleet: Fleet, change: Table, power: Table, *, steps: int, groups: Groups, group: int = 0
) -> Headroom:
    """What a group could add and shed from its schedules (N, T), held for ``steps`` steps.

    Each device at constant power from its scheduled level, within its bounds on power and level
    over these steps.
    """
    if not change.shape == power.shape == (len(fleet), fleet.steps) or steps < 1:
        message = f"schedules are ({len(fleet)}, {fleet.steps}) and held for a step or more"
        raise ValueError(message)
    able = np.zeros((2, fleet.steps))
    _held_range(fleet.arrays, groups.inside(group), change, power, steps, able)
    return Headroom(able[1], able[0])


def _narrowed(groups: Groups, group: int, low: Floats, high: Floats) -> Groups:
    most, least = groups.most.copy(), groups.least.copy()
    most[group] = np.minimum(most[group], high)
    least[group] = np.maximum(least[group], low)
    return replace(groups, most=most, least=least)


@njit(cache=True, nogil=True, error_model="numpy")
def _power_range(arrays: Arrays, devices: Ints, able: Floats) -> None:
    """Add up least and greatest power at the meters, whatever the levels."""
    tables = arrays.tables
    for i in devices:
        row, connection = arrays.rows[i], arrays.constants[i, 6]
        net, spare = tables[2][row[2]], tables[3][row[3]]
        in_most, out_most = tables[4][row[4]], tables[5][row[5]]
        for t in range(able.shape[1]):
            able[0, t] += max(np.float64(net[t]) - out_most[t], -connection)
            able[1, t] += min(np.float64(net[t]) + in_most[t] + spare[t], connection)


@njit(cache=True, nogil=True, error_model="numpy")
def _held_range(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    arrays: Arrays, devices: Ints, change: Table, power: Table, steps: int, able: Floats
) -> None:  # fmt: skip
    """Add up how far power could go down and up, held for some steps."""
    tables, hours, length = arrays.tables, arrays.hours, able.shape[1]
    for i in devices:
        row, constants = arrays.rows[i], arrays.constants[i]
        net, spare, in_most = tables[2][row[2]], tables[3][row[3]], tables[4][row[4]]
        out_most, gain, low = tables[5][row[5]], tables[6][row[6]], tables[7][row[7]]
        high, inflow = tables[8][row[8]], tables[9][row[9]]
        keep, give, level, connection = constants[0], constants[1], constants[4], constants[6]
        for t in range(length):
            coast, grown = level, 0.0
            u_low, u_high, q_low, q_high = -np.inf, np.inf, -np.inf, np.inf
            for k in range(t, min(t + steps, length)):
                coast, grown = keep * coast + inflow[k], keep * grown + 1.0
                u_low = max(u_low, (low[k] - coast) / grown)
                u_high = min(u_high, (high[k] - coast) / grown)
                q_low = max(q_low, -np.float64(out_most[k]))
                q_high = min(q_high, np.float64(in_most[k]))
            up, down = hours * gain[t], hours / give
            q_low = max(q_low, u_low / up if u_low > 0.0 else u_low / down)
            q_high = min(q_high, u_high / up if u_high > 0.0 else u_high / down)
            least = max(net[t] + q_low, -connection)
            most = min(net[t] + q_high + spare[t], connection)
            able[0, t] += max(power[i, t] - least, 0.0)
            able[1, t] += max(most - power[i, t], 0.0)
            level = keep * level + change[i, t] + inflow[t]
