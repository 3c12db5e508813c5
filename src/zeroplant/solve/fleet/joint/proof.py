"""The lower bound that proves how good schedules are, from prices on the groups' totals.

At any price, the devices' least cost with that price and the least of the shared cost against it
are together no more than the optimum; a limit earns its price times what it leaves.
"""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.solve.fleet.joint.shared import Shared
from zeroplant.solve.fleet.joint.sweep import Field


def limit_prices(shared: Shared, prices: Field) -> Floats:
    """Price on the limits of each group (G, T), zero where there is none."""
    groups = shared.groups
    limit = np.where(groups.limited[:, None] > 0, prices.up - prices.down, 0.0)
    limit[(limit > 0.0) & ~np.isfinite(groups.most)] = 0.0
    limit[(limit < 0.0) & ~np.isfinite(groups.least)] = 0.0
    return limit


def device_prices(shared: Shared, limit: Floats, total: Floats) -> Floats:
    """Price at the devices of each group (G, T), at the totals (G, T)."""
    own = limit.copy()
    own[0] += shared.marginal(total[0])
    return shared.groups.downward(own)


def shared_part(shared: Shared, limit: Floats, total: Floats, hours: float) -> float:
    """What the bound holds besides the devices' least cost at ``device_prices``."""
    groups, marginal = shared.groups, shared.marginal(total[0])
    least = shared.cost(total[0], hours) - hours * float(marginal @ (total[0] - groups.base[0]))
    paid = np.zeros_like(limit)
    for where, bound in ((limit > 0.0, groups.most), (limit < 0.0, groups.least)):
        paid[where] = limit[where] * (bound - groups.base)[where]
    return least - hours * float(paid.sum())
