"""A truck depot: when trucks stand there, what they need, and what they can do for the plant.

No kind of a plant file: it turns seen or drawn truck days into charging sessions
(`Depot.sessions`), which `zeroplant depot` writes to the table that a charger hub reads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.transport.sessions import Sessions


@dataclass(frozen=True)
class Depot:
    """Trucks of a depot over periods of ``hours``; arrays have the shape (trucks, periods).

    ``at_base``: whether the truck stands at its charger; ``use`` [MWh] what it drives out of its
    pack in each period.
    """

    at_base: NDArray[np.bool_]
    use: Floats
    hours: float

    @property
    def present(self) -> Floats:
        """Share of the trucks at the depot, shape (periods,)."""
        return np.asarray(self.at_base.mean(axis=0), dtype=float)

    def sessions(self, power: float, *, lend: float = 0.0) -> Sessions:
        """Every stay as a charging session that wants what was driven since the one before.

        What the stay before was too short for (at ``power`` [MW]) is carried into the next.
        ``lend`` [MWh] each truck gives of what it came with, at the same power. The first stay of
        a truck wants nothing: nobody saw its tour.
        """
        here = np.pad(self.at_base, ((0, 0), (1, 1)))
        truck, begin = np.nonzero(~here[:, :-1] & here[:, 1:])
        _, end = np.nonzero(here[:, :-1] & ~here[:, 1:])
        missing = np.pad(self.missing(power), ((0, 0), (1, 0)))
        use = np.pad(np.cumsum(self.use, axis=1), ((0, 0), (1, 0)))
        # Charged on arrival: what is missing before and not after, and what was used meanwhile.
        charged = missing[truck, begin] - missing[truck, end] + use[truck, end] - use[truck, begin]
        return Sessions.of(begin * self.hours, end * self.hours, np.maximum(charged, 0.0), power,
                           lend=lend, back=power if lend else 0.0)  # fmt: skip

    def missing(self, power: float) -> Floats:
        """Energy [MWh] missing in each pack at the end of each period if all charge on arrival."""
        return _never_below(self.use - power * self.hours * self.at_base)

    def needed(self, power: float) -> Floats:
        """Least energy [MWh] in each pack at the end of each period for the tours to come."""
        change = (self.use - power * self.hours * self.at_base)[:, ::-1]
        before = _never_below(change)[:, ::-1]
        return np.pad(before[:, 1:], ((0, 0), (0, 1)))

    def virtual_battery(self, power: float, pack: float) -> tuple[Floats, Floats, Floats]:
        """Power [MW] and lower and upper energy charged since the beginning [MWh], of all.

        Each truck of ``pack`` [MWh] starts full, charges or gives back at up to ``power`` while at
        the depot, and always has what its next tours need: the sum of exact bands, and as an
        aggregate an outer one. Shapes (periods,).
        """
        driven = np.cumsum(self.use, axis=1)
        upper = driven - self.missing(power)
        given = np.cumsum(self.at_base * power * self.hours, axis=1)
        lower = np.maximum(driven + self.needed(power) - pack, -given)
        both = np.minimum(lower, upper).sum(axis=0), upper.sum(axis=0)
        return np.asarray(self.at_base.sum(axis=0) * power, dtype=float), *both


@dataclass(frozen=True)
class DepotModel:
    """Days of trucks as they were seen, from which other fleets and years are drawn.

    ``at_base`` and ``use`` have the shape (truck days, periods of a day); ``rest`` tells days of
    rest from workdays. A drawn day is a whole day of one truck, so that its tours, their lengths
    and their energy belong together; one day knows nothing of the next.
    """

    at_base: NDArray[np.bool_]
    use: Floats
    rest: NDArray[np.bool_]
    hours: float

    @classmethod
    def fit(cls, seen: Depot, rest: NDArray[np.bool_]) -> DepotModel:
        """From whole days of a depot; ``rest``, shape (days,), marks days of rest."""
        shape = (-1, round(24.0 / seen.hours))
        days = np.tile(rest, len(seen.at_base))
        return cls(seen.at_base.reshape(shape), seen.use.reshape(shape), days, seen.hours)

    def draw(self, trucks: int, rest: NDArray[np.bool_], seed: int) -> Depot:
        """So many trucks over days of which ``rest``, shape (days,), are days of rest."""
        random = np.random.default_rng(seed)
        which = np.empty((trucks, len(rest)), dtype=np.int64)
        for kind in (False, True):
            some = np.flatnonzero(self.rest == kind)
            which[:, rest == kind] = random.choice(some, (trucks, int((rest == kind).sum())))
        shape = (trucks, -1)
        return Depot(self.at_base[which].reshape(shape), self.use[which].reshape(shape), self.hours)


def _never_below(change: Floats) -> Floats:
    """What starts at nothing and changes by ``change``, but never below nothing (Lindley)."""
    walk = np.cumsum(change, axis=1)
    lowest = np.minimum.accumulate(np.minimum(walk, 0.0), axis=1)
    return np.asarray(walk - lowest, dtype=float)
