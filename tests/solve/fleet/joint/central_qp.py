"""All devices in one quadratic programme, built plainly and solved by HiGHS."""

from __future__ import annotations

import highspy
import numpy as np

from zeroplant.solve.fleet.joint import Shared
from zeroplant.solve.fleet.tables import Fleet


def optimum(fleet: Fleet, shared: Shared) -> float:
    """Least cost altogether, ``inf`` if there is no schedule; for prices that burn no energy."""
    groups, steps, hours = shared.groups, fleet.steps, fleet.hours
    h = highspy.Highs()
    h.silent()
    totals = [[h.addVariable(lb=-np.inf, ub=np.inf, obj=hours * shared.price[t])
               for t in range(steps)]]  # fmt: skip
    totals += [
        [h.addVariable(lb=-np.inf, ub=np.inf) for _ in range(steps)] for _ in range(1, len(groups))
    ]
    sums = [[groups.base[g, t] - 0.0 for t in range(steps)] for g in range(len(groups))]
    for i in range(len(fleet)):
        one = {n: getattr(fleet, n).table[getattr(fleet, n).row[i]] for n in (
            "buy", "sell", "net", "curtailable", "in_most", "out_most", "gain", "low", "high",
            "inflow")}  # fmt: skip
        level, constant = fleet.start[i], fleet.connection[i]
        for t in range(steps):
            c = h.addVariable(ub=one["in_most"][t], obj=hours * fleet.wear_in[i])
            d = h.addVariable(ub=one["out_most"][t], obj=hours * fleet.wear_out[i])
            x = h.addVariable(ub=one["curtailable"][t])
            b = h.addVariable(ub=constant, obj=hours * one["buy"][t])
            s = h.addVariable(ub=constant, obj=-hours * one["sell"][t])
            worth = -fleet.final_value[i] if t == steps - 1 else 0.0
            after = h.addVariable(lb=one["low"][t], ub=one["high"][t], obj=worth)
            h.addConstr(b - s - c + d - x == one["net"][t])
            change = hours * (one["gain"][t] * c - (1 / fleet.give[i]) * d)
            h.addConstr(after - fleet.keep[i] * level - change == one["inflow"][t])
            level = after
            group = int(groups.member[i])
            while group >= 0:
                sums[group][t] = sums[group][t] + b - s
                group = int(groups.parent[group])
    for g in range(len(groups)):
        for t in range(steps):
            h.addConstr(totals[g][t] - sums[g][t] == 0.0)
            h.changeColBounds(totals[g][t].index, groups.least[g, t], groups.most[g, t])
    where = np.array([v.index for v in totals[0]])
    count = h.numVariables
    start = np.searchsorted(where, np.arange(count)).astype(np.int32)
    if shared.slope.any():
        h.passHessian(
            count, steps, int(highspy.HessianFormat.kTriangular), start,
            where.astype(np.int32), hours * shared.slope,
        )  # fmt: skip
    h.run()
    if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return np.inf
    return float(h.getInfo().objective_function_value)
