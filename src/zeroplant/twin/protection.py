"""What devices do for their connection when nobody tells them any more.

Storage converters and power-plant controllers have a meter of the connection of their own and
keep it within its limits by themselves (in China 防过载 and 防逆流, asked for at most customers'
connections). It works on devices whose set-points have lapsed, and only on them: batteries take
or give what is beyond the limit, and generation is turned down where that is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.twin.physics import LIMIT, TARGET, Physics
from zeroplant.twin.state import State

MARGIN = 0.97
"""Share of the limit that is kept."""
BACK = 0.002
"""Share of its rating by which generation comes back in a step where there is room."""


@dataclass
class Protection:
    """One connection: the flows over it, and those at its node that can help."""

    carries: int
    limit: Floats
    relieves: Ints
    """Flows that lower what the connection carries: discharge for import, charge for export."""
    generates: Ints
    """Generation, which burdens an export; empty for an import."""
    rating: Floats

    def correct(self, state: State, lapsed: NDArray[np.bool_]) -> None:
        """Goals of lapsed devices for this step, from what the connection carried in the last."""
        limit = MARGIN * self.limit[state.stage]
        if not limit > 0.0:
            return
        beyond = state.x[self.carries] - limit
        for flow in self.relieves:
            if lapsed[flow]:
                given = max(0.0, state.x[flow] + beyond)
                state.goal[flow] = min(given, state.most[flow])
                beyond -= state.goal[flow] - state.x[flow]
        for place, flow in enumerate(self.generates):
            if lapsed[flow]:
                step = max(beyond, -BACK * self.rating[place])
                state.goal[flow] = max(0.0, min(state.x[flow] - step, state.most[flow]))
                beyond -= max(0.0, state.x[flow] - state.goal[flow])


def protections(physics: Physics) -> list[Protection]:
    """All connections of a plant that have anything to help them."""
    found = []
    for flow in physics.network.flows:
        if flow.role not in ("import", "export") or len({*flow.give, *flow.take}) != 1:
            continue
        node = next(iter({*flow.give, *flow.take}))
        helper = "discharge" if flow.role == "import" else "charge"
        relieves, generates = [], []
        for other in physics.network.flows:
            sort = physics.sort[other.index]
            if sort == TARGET and other.role == helper and node in {*other.give, *other.take}:
                relieves.append(other.index)
            if sort == LIMIT and flow.role == "export" and node in other.give:
                generates.append(other.index)
        found.append(
            Protection(
                flow.index, physics.most[:, flow.index], np.array(relieves, np.int64),
                np.array(generates, np.int64), physics.most[:, generates].max(axis=0),
            )
        )  # fmt: skip
    return [each for each in found if len(each.relieves) or len(each.generates)]
