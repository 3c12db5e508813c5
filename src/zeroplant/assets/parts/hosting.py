"""Hosting capacity: how much more generation a feeder takes, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from zeroplant.assets.parts.radial import Tree
from zeroplant.axis import Axis, Floats
from zeroplant.waist import Network, total_of


@dataclass(frozen=True)
class Headroom:
    """What is left before a limit: the least over time, per unit of the output hosted.

    ``voltage`` [squared p.u.] at each bus below its upper limit, ``reverse`` [MW] of each branch
    before its limit of flow towards the source; shape (buses,).
    """

    voltage: Floats
    reverse: Floats


@dataclass(frozen=True)
class Hosting:
    """Most additional generation [MW at highest output] and the limit that binds there."""

    most: float
    binds: str


def headroom(
    tree: Tree, squares: Floats, flows: Floats, *, high: Floats, reverse: Floats, shape: Floats
) -> Headroom:
    """Headroom from voltages, branch flows, shape (buses, stages), and their limits (buses,).

    ``shape`` (stages,): output of what is to be hosted per unit of its highest; hours without any
    do not count.
    """
    runs = shape > 1e-3
    if not runs.any():
        return Headroom(np.full(len(tree.buses), np.inf), np.full(len(tree.buses), np.inf))
    share = shape[runs]
    voltage = (high[:, None] ** 2 - squares[:, runs]) / share
    back = (flows[:, runs] + reverse[:, None]) / share
    return Headroom(*(np.maximum(each.min(axis=1), 0.0) for each in (voltage, back)))


def at_each_bus(tree: Tree, left: Headroom, tangent: float) -> list[Hosting]:
    """Most at each bus alone, in closed form; ``tangent`` Mvar absorbed per MW generated."""
    rise = _rise(tree, tangent)
    found = []
    for bus in range(len(tree.buses)):
        steep = np.maximum(rise[:, bus], 0.0)
        volts = np.divide(left.voltage, steep, out=np.full(len(steep), np.inf), where=steep > 1e-15)
        back = np.where(tree.above[:, bus], left.reverse, np.inf)
        most = float(min(volts.min(), back.min()))
        tight, line = int(np.argmin(volts)), int(np.argmin(back))
        found.append(Hosting(most, f"voltage {tree.buses[tight]}" if volts.min() <= back.min()
                             else f"branch {tree.buses[line]}"))  # fmt: skip
    return found


def everywhere(tree: Tree, left: Headroom, tangent: float) -> tuple[float, Mapping[str, float]]:
    """Most on the whole feeder, spread over its buses as suits it best, by a small LP.

    Gives the sum and what each bus has of it [MW]; nothing binds where the sum is infinite.
    """
    from zeroplant.solve import solve  # a check needs no solver

    finite = np.isfinite(left.reverse).any() or np.isfinite(left.voltage).any()
    if not finite or not len(tree.buses):
        return np.inf, {}
    # A network of sizes alone: one period stands for all, for the headroom is the least of them.
    net = Network(Axis(datetime(2025, 1, 1, tzinfo=UTC), 1))
    most = [each.most for each in at_each_bus(tree, left, tangent)]
    sizes = [net.size(bus, upper=top) for bus, top in zip(tree.buses, most, strict=True)]
    rise = _rise(tree, tangent)
    for bus, name in enumerate(tree.buses):
        steep = total_of(size * float(rise[bus, k]) for k, size in enumerate(sizes))
        if np.isfinite(left.voltage[bus]):
            net.budget(f"voltage {name}", steep, at_most=float(left.voltage[bus]), unit="")
        below = total_of(size for k, size in enumerate(sizes) if tree.above[bus, k])
        if np.isfinite(left.reverse[bus]):
            net.budget(f"branch {name}", below, at_most=float(left.reverse[bus]), unit="MW")
    net.line("feeder", "hosted", total_of(sizes), 1.0, unit="MW", kind="revenue")
    answer = solve(net)
    each = {bus: answer.number(size) for bus, size in zip(tree.buses, sizes, strict=True)}
    return sum(each.values()), each


def _rise(tree: Tree, tangent: float) -> Floats:
    """Rise of the squared voltage at bus j by a MW generated at bus k."""
    return np.asarray(tree.resistance - tangent * tree.reactance, dtype=float)
