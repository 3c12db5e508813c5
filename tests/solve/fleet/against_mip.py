"""Devices that have to choose, as mixed-integer programmes in HiGHS, one at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from tests.solve.fleet.samples import nasty
from zeroplant.axis import Floats
from zeroplant.solve.fleet.exact import Choice
from zeroplant.solve.fleet.tables import CONSTANTS, SERIES, Fleet, Rows

LARGE = 100.0
"""More than any net power of the samples."""


@dataclass
class Programme:
    """A small mixed-integer programme, written row by row."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    sides: list[tuple[float, float]] = field(default_factory=list)

    def add(self, cost: float = 0.0, low: float = 0.0, high: float = np.inf, whole: int = 0) -> int:
        """A variable; its place."""
        for values, value in zip(
            (self.cost, self.low, self.high, self.whole), (cost, low, high, whole), strict=True
        ):
            values.append(value)  # type: ignore[arg-type]
        return len(self.cost) - 1

    def row(self, low: float, high: float, *terms: tuple[int, float]) -> None:
        """A constraint."""
        self.entries += [(len(self.sides), place, factor) for place, factor in terms]
        self.sides.append((low, high))

    def least(self) -> tuple[float, Floats]:
        """The least cost, or infinite if there is no solution, and the variables."""
        row, place, factor = (np.array(each) for each in zip(*self.entries, strict=True))
        shape = (len(self.sides), len(self.cost))
        low, high = np.array(self.sides).T
        found = milp(
            np.array(self.cost), integrality=np.array(self.whole),
            bounds=Bounds(np.array(self.low), np.array(self.high)),
            constraints=LinearConstraint(
                coo_array((factor, (row, place)), shape=shape).tocsr(), low, high
            ),
            options={"mip_rel_gap": 1e-9},
        )  # fmt: skip
        assert found.status in {0, 2}, found.message
        return (float(found.fun), found.x) if found.status == 0 else (np.inf, np.zeros(0))


def least_cost(fleet: Fleet, choice: Choice, device: int, *, exclusive: bool = True) -> float:
    """Least cost of one device by HiGHS; ``exclusive`` False relaxes every choice."""
    return least(fleet, choice, device, exclusive=exclusive)[0]


def least(
    fleet: Fleet, choice: Choice, device: int, *, exclusive: bool = True
) -> tuple[float, Floats]:
    """Least cost of one device, and its changes of level."""
    series = {name: _row(getattr(fleet, name), device) for name in SERIES}
    constant = {name: float(getattr(fleet, name)[device]) for name in CONSTANTS}
    in_least, out_least = (_row(each, device) for each in (choice.in_least, choice.out_least))
    programme, hours, limit = Programme(), fleet.hours, constant["connection"]
    level = programme.add(0.0, constant["start"], constant["start"])
    on: list[int] = []
    moves: list[tuple[int, int, float]] = []
    for t in range(fleet.steps):
        step = {name: values[t] for name, values in series.items()}
        charge = programme.add(hours * constant["wear_in"], 0.0, step["in_most"])
        discharge = programme.add(hours * constant["wear_out"], 0.0, step["out_most"])
        bought = programme.add(hours * step["buy"], 0.0, limit)
        sold = programme.add(-hours * step["sell"], 0.0, limit)
        spilled = programme.add(0.0, 0.0, step["curtailable"])
        worth = -constant["final_value"] if t == fleet.steps - 1 else 0.0
        after = programme.add(worth, step["low"], step["high"])
        programme.row(
            step["inflow"], step["inflow"], (after, 1.0), (level, -constant["keep"]),
            (charge, -hours * step["gain"]), (discharge, hours / constant["give"]),
        )  # fmt: skip
        balance = (charge, 1.0), (discharge, -1.0), (spilled, 1.0), (bought, -1.0), (sold, 1.0)
        programme.row(-step["net"], -step["net"], *balance)
        if exclusive:
            charges, discharges, buys = (programme.add(0.0, 0.0, 1.0, 1) for _ in range(3))
            programme.row(-np.inf, 0.0, (charge, 1.0), (charges, -step["in_most"]))
            programme.row(-np.inf, 0.0, (discharge, 1.0), (discharges, -step["out_most"]))
            programme.row(0.0, np.inf, (charge, 1.0), (charges, -in_least[t]))
            programme.row(0.0, np.inf, (discharge, 1.0), (discharges, -out_least[t]))
            programme.row(-np.inf, 1.0, (charges, 1.0), (discharges, 1.0))
            programme.row(-np.inf, 0.0, (bought, 1.0), (buys, -LARGE))
            programme.row(-np.inf, LARGE, (sold, 1.0), (buys, LARGE))
            on.append(charges)
        level = after
        moves.append((charge, discharge, step["gain"]))
    if exclusive and choice.up[device] > 0:
        _least_times(
            programme, on, *(int(x[device]) for x in (choice.up, choice.down, choice.since))
        )
    cost, x = programme.least()
    if not len(x):
        return cost, x
    return cost, hours * np.array([g * x[c] - x[d] / constant["give"] for c, d, g in moves])


def _least_times(programme: Programme, on: list[int], up: int, down: int, since: int) -> None:
    """What has been switched stays so for ``up`` or ``down`` steps."""
    first = programme.add(0.0, float(since > 0), float(since > 0))
    states = [first, *on]
    for t in range(1, len(states)):
        for later in range(t + 1, min(len(states), t + up)):
            programme.row(
                0.0, np.inf, (states[later], 1.0), (states[t], -1.0), (states[t - 1], 1.0)
            )
        for later in range(t + 1, min(len(states), t + down)):
            programme.row(
                -np.inf, 1.0, (states[later], 1.0), (states[t - 1], 1.0), (states[t], -1.0)
            )
    held = (up if since > 0 else down) - abs(since)
    for t in range(1, min(len(states) - 1, held) + 1):
        programme.row(0.0, 0.0, (states[t], 1.0), (first, -1.0))


def _row(rows: Rows, device: int) -> Floats:
    """A device's series."""
    return np.asarray(rows.table[rows.row[device]], dtype=float)


def choosy(devices: int, seed: int, steps: int, *, times: bool = False) -> tuple[Fleet, Choice]:
    """Nasty devices with least powers, fixed speeds, and least times on and off if asked for."""
    fleet = nasty(devices, seed, steps)
    draw = np.random.default_rng(seed + 1)
    least = draw.choice([0.0, 0.25, 0.5, 1.0], (2, devices, 1), p=[0.25, 0.2, 0.2, 0.35])
    out = fleet.out_most.table[fleet.out_most.row]
    if times:
        fleet = replace(
            fleet, out_most=Rows.each(0.0 * out), low=Rows.each(_dense(fleet.low) - 1.0)
        )
        fleet = replace(fleet, high=Rows.each(_dense(fleet.high) + 1.0))
        least[0] = np.maximum(least[0], 0.5)
    up, down = draw.integers(1, 5, (2, devices))
    since = draw.choice([-3, -2, -1, 1, 2, 3], devices)
    choice = Choice(
        Rows.each(least[0] * _dense(fleet.in_most)), Rows.each(least[1] * _dense(fleet.out_most)),
        up * times, down, since,
    )  # fmt: skip
    return fleet, choice


def _dense(rows: Rows) -> Floats:
    """All devices' series (N, T)."""
    return rows.table[rows.row].astype(float)
