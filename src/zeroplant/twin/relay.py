"""The relay behind a connection: where too much is imported for two minutes, load is shed.

That is the last thing that can be done, and it is done by protection where the controller, which
sheds by command (`zeroplant.operate.shedding`), has not done enough: what is shed is unserved
energy. Load comes back step by step once there has been room for minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from zeroplant.axis import Floats
from zeroplant.twin.physics import CLOSER, Physics
from zeroplant.twin.state import State

TRIPS, COMES_BACK = 120.0, 300.0
"""Seconds of overload before load is shed, and of room before it comes back."""
PICKUP, ROOM = 1.05, 0.97
"""Shares of the limit: an overload begins, and there is room."""
BACK = 0.1
"""Share of what was shed that comes back at a time."""


@dataclass
class Relay:
    """One connection, and the flows of unserved load at its node."""

    carries: int
    limit: Floats
    sheds: list[int]
    _over: float = 0.0
    _under: float = 0.0
    _shed: float = 0.0

    def watch(self, state: State) -> None:
        """Look at what the connection carried in the last step; shed in the next."""
        limit, carried = float(self.limit[state.stage]), float(state.x[self.carries])
        self._over = self._over + state.seconds if carried > PICKUP * limit else 0.0
        self._under = self._under + state.seconds if carried < ROOM * limit else 0.0
        if self._over >= TRIPS:
            shed = sum(float(state.x[flow]) for flow in self.sheds)  # by command, or by itself
            self._shed = shed + carried - ROOM * limit
            self._over = 0.0
        elif self._shed > 0.0 and self._under >= COMES_BACK:
            self._shed = max(0.0, (1.0 - BACK) * self._shed - 0.01 * limit)
            self._under = COMES_BACK - TRIPS
        left = self._shed
        for flow in self.sheds:
            state.least[flow] = min(left, state.most[flow])
            left -= state.least[flow]


def relays(physics: Physics) -> list[Relay]:
    """All connections that load can be shed behind."""
    found = []
    for flow in physics.network.flows:
        if flow.role != "import" or physics.sort[flow.index] != CLOSER:
            continue
        sheds = [
            other.index
            for other in physics.network.flows
            if other.role == "unserved" and set(other.give) & set(flow.give)
        ]
        if sheds and "green" not in flow.tags:
            found.append(Relay(flow.index, physics.most[:, flow.index], sheds))
    return found
