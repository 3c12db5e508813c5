"""Small fleets: one linear programme for all devices, by HiGHS.

With few devices each is a large part of the whole, and sweeps converge slowly. The programme is
linear but for the shared cost, whose steps get tangents: each round adds one where the last answer
stood, until tangents and cost agree. Its value is a bound. Its schedules are made physical
(charging or discharging, never both), and cost what they then cost.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csc_array, csr_array, eye_array, kron

from zeroplant.axis import Floats, Ints
from zeroplant.solve.fleet.device import physical
from zeroplant.solve.fleet.joint.shared import Shared
from zeroplant.solve.fleet.tables import CONSTANTS, SERIES, Fleet

CENTRAL = 200
"""Fleets of fewer devices may go to the central programme."""
ROUNDS = 40
CLOSE = 1e-7
"""Rounds of tangents at most, and how close they come to the cost, relative to it."""
INSIDE = 1e-6
"""Limits are tighter by so much of themselves, because HiGHS may exceed a row by 1e-7. What that
costs at the duals of their rows is taken off the bound."""


class Central(NamedTuple):
    """Change and power (N, T), own cost of the devices, and a lower bound of cost altogether."""

    change: Floats
    power: Floats
    own: float
    bound: float


def central(fleet: Fleet, shared: Shared, takes_part: NDArray[np.bool_]) -> Central | None:
    """Solve; devices that do not take part draw nothing. None if HiGHS finds no answer."""
    chosen = np.flatnonzero(takes_part)
    few = fleet[chosen]
    series = {name: _dense(few, name) for name in SERIES}
    model = _Model(few, series, shared, shared.groups.member[chosen])
    answer = model.solve()
    if answer is None:
        return None
    x, bound = answer
    charge, discharge = (x[k * model.size : (k + 1) * model.size] for k in (0, 1))
    shape = len(few), few.steps
    change = few.hours * (
        series["gain"] * charge.reshape(shape) - discharge.reshape(shape) / few.give[:, None]
    )
    all_change, all_power = np.zeros((len(fleet), fleet.steps)), np.zeros((len(fleet), fleet.steps))
    all_change[chosen] = change
    own, nothing = 0.0, np.zeros(fleet.steps)
    for device in chosen.tolist():
        own += physical(fleet.arrays, device, nothing, all_change[device], all_power[device])
    return Central(all_change, all_power, own, bound)


def _dense(fleet: Fleet, name: str) -> Floats:
    rows = getattr(fleet, name)
    table: Floats = rows.table[rows.row].astype(np.float64)
    return table


class _Model:
    """Columns: charge, discharge, curtailed, bought, sold, level (N T each); total, shared cost.

    Rows: meter and store of each device and step; the total; limits of groups; tangents.
    """

    def __init__(
        self, fleet: Fleet, series: dict[str, Floats], shared: Shared, member: Ints
    ) -> None:
        self.fleet, self.shared = fleet, shared
        self.steps, self.size = fleet.steps, len(fleet) * fleet.steps
        self.count = 6 * self.size + 2 * self.steps
        constant = {name: getattr(fleet, name)[:, None] for name in CONSTANTS}
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.silent()
        self._columns(series, constant)
        self._device_rows(series, constant)
        self._group_rows(member)

    def _columns(self, series: dict[str, Floats], constant: dict[str, Floats]) -> None:
        hours, one = self.fleet.hours, np.ones_like(series["net"])
        worth = np.zeros_like(one)
        worth[:, -1:] = -constant["final_value"]
        cost = [
            hours * constant["wear_in"] * one, hours * constant["wear_out"] * one, 0.0 * one,
            hours * series["buy"], -hours * series["sell"], worth,
        ]  # fmt: skip
        most = constant["connection"] * one
        lower = [0.0 * one] * 5 + [series["low"]]
        upper = [series["in_most"], series["out_most"], series["curtailable"], most, most]
        upper.append(series["high"])
        free = np.full(self.steps, np.inf)
        self.cost = np.concatenate([*(c.ravel() for c in cost), np.zeros(2 * self.steps)])
        self.lower = np.concatenate([*(b.ravel() for b in lower), -free, -free])
        self.upper = np.concatenate([*(b.ravel() for b in upper), free, free])
        self.cost[-self.steps :] = hours

    def _device_rows(self, series: dict[str, Floats], constant: dict[str, Floats]) -> None:
        steps, hours = self.steps, self.fleet.hours
        one = eye_array(self.size)
        flat = {name: values.ravel() for name, values in series.items()}
        give = np.repeat(1.0 / constant["give"].ravel(), steps)
        shift = coo_array(np.eye(steps, k=-1))
        kept = kron(coo_array(np.diag(constant["keep"].ravel())), shift)
        none = csr_array((self.size, 2 * self.steps))
        meter = [-one, one, -one, one, -one, None, none]
        store = [
            -_diagonal(hours * flat["gain"]), _diagonal(hours * give), None, None, None,
            one - kept, none,
        ]  # fmt: skip
        rows: Any = [meter, store]
        matrix = csc_array(block_array(rows))
        inflow = series["inflow"].copy()
        inflow[:, 0] += (constant["keep"] * constant["start"]).ravel()
        right = np.concatenate([flat["net"], inflow.ravel()])
        self.highs.passModel(
            self.count, len(right), matrix.nnz, int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize), 0.0, self.cost, self.lower, self.upper, right, right,
            matrix.indptr, matrix.indices, matrix.data, np.zeros(self.count, dtype=np.int32),
        )  # fmt: skip

    def _group_rows(self, member: Ints) -> None:
        groups, steps = self.shared.groups, self.steps
        self.tighter: dict[int, float] = {}
        inside = np.zeros((len(groups), len(member)))
        inside[member, np.arange(len(member))] = 1.0
        inside = groups.upward(inside)
        for group in range(len(groups)):
            if group and not groups.limited[group]:
                continue
            devices = np.flatnonzero(inside[group])
            for step in range(steps):
                place = devices * steps + step
                index = np.concatenate([3 * self.size + place, 4 * self.size + place])
                value = np.repeat([1.0, -1.0], len(place))
                base = groups.base[group, step]
                low, high = groups.least[group, step] - base, groups.most[group, step] - base
                if np.isfinite(low) or np.isfinite(high):
                    by = INSIDE * (1.0 + min(abs(low + base), abs(high + base)))
                    self.tighter[self.highs.getNumRow()] = by
                    self._row(low + by, high - by, index, value)
                if group == 0:
                    total = 6 * self.size + step
                    self._row(base, base, np.append(index, total), np.append(-value, 1.0))

    def _row(self, low: float, high: float, index: Ints, value: Floats) -> None:
        self.highs.addRow(low, high, len(index), index.astype(np.int32), value)

    def _tangents(self, at: Floats) -> None:
        """A tangent of each step's shared cost where its total is ``at``."""
        shared = self.shared
        slope = shared.marginal(at)
        offset = shared.price * at + 0.5 * shared.slope * at * at - slope * at
        for step in range(self.steps):
            total = 6 * self.size + step
            index = np.array([total, total + self.steps])
            self._row(offset[step], np.inf, index, np.array([-slope[step], 1.0]))

    def solve(self) -> tuple[Floats, float] | None:
        """Columns of the best round and the bound of the last."""
        shared, hours = self.shared, self.fleet.hours
        at, best, kept = shared.at_rest(self.fleet), np.inf, None
        bound = -np.inf
        for _ in range(ROUNDS):
            self._tangents(at)
            self.highs.run()
            if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            x = np.asarray(self.highs.getSolution().col_value)
            value = float(self.highs.getInfo().objective_function_value)
            dual = np.asarray(self.highs.getSolution().row_dual)
            bound = value - sum(by * abs(float(dual[row])) for row, by in self.tighter.items())
            at = x[6 * self.size : 6 * self.size + self.steps]
            cost = value - hours * float(x[-self.steps :].sum()) + shared.cost(at, hours)
            if cost < best:
                best, kept = cost, x
            if best - value <= CLOSE * abs(best):
                break
        return None if kept is None else (kept, bound)


def _diagonal(values: Floats) -> coo_array:
    place = np.arange(len(values))
    return coo_array((values, (place, place)))
