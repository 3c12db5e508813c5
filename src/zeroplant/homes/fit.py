"""Find the resistance, capacity, window and gains of a room from what was measured.

The room is to foretell a day from its beginning, so the fit looks at whole windows: from the
measured start, with the weather and the heat that was delivered, nothing else measured on the
way. For a given share ``a`` kept over a period, the foretold temperatures are linear in R,
R·(aperture) and R·(gains of each hour of the day); the best of these that are not negative are
found by non-negative least squares, and ``a`` by a search in one dimension around it (variable
projection, Golub and Pereyra, SIAM J. Numerical Analysis 10, 1973).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats
from zeroplant.homes.room import kept, temperatures

Days = NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """What was measured, one row for each window (a day, usually) and one column for each period.

    ``start`` (windows,) [°C] before the first period; ``indoor`` [°C] at the end of each period;
    ``outdoor`` [°C], ``heat`` (delivered by heating, less that taken by cooling), ``sun``
    (irradiance in kW/m2) and ``slot`` (0, 1, …: which hour of the day) during each period.
    """

    start: Floats
    indoor: Floats
    outdoor: Floats
    heat: Floats
    sun: Floats
    slot: NDArray[np.int64]

    def only(self, days: Days) -> Measured:
        """Some of the windows."""
        return Measured(
            self.start[days],
            self.indoor[days],
            self.outdoor[days],
            self.heat[days],
            self.sun[days],
            self.slot[days],
        )


@dataclass(frozen=True)
class FittedRoom:
    """A room that was fitted: R [K per unit of power], C [unit·h/K], aperture [unit per kW/m2].

    ``gains`` [unit of power], one for each hour of the day, hold people, lights and appliances
    and whatever else comes every day. ``error`` is the root mean square error [K] of the fit.
    """

    resistance: float
    capacity: float
    aperture: float
    gains: Floats = field(repr=False)
    error: float
    hours: float = 1.0

    def foretell(self, day: Measured) -> Floats:
        """Indoor temperatures [°C] from the start of each window, shape (windows, periods)."""
        heat = day.heat + self.aperture * day.sun + self.gains[day.slot]
        return temperatures(
            day.start,
            day.outdoor,
            heat,
            resistance=self.resistance,
            capacity=self.capacity,
            hours=self.hours,
        )


def windows(
    indoor: Floats, outdoor: Floats, heat: Floats, sun: Floats, *, periods: int = 24
) -> Measured:
    """Cut series (times,) into windows of ``periods`` that follow each other.

    Values of a row belong to the period that ends with it, as the temperature at its end does;
    the first row only gives the first start. What is left over at the end is dropped.
    """
    count = (len(indoor) - 1) // periods
    rows = 1 + np.arange(count * periods).reshape(count, periods)
    return Measured(
        indoor[rows[:, 0] - 1], indoor[rows], outdoor[rows], heat[rows], sun[rows], rows % periods
    )


def fit_room(
    day: Measured, *, hours: float = 1.0, shortest: float = 0.3, longest: float = 300.0
) -> FittedRoom:
    """The room that foretells these windows best.

    ``shortest`` and ``longest`` [h] bound the time constant R·C. Raises ValueError where nothing
    was delivered, for without heat there is no telling R from C.
    """
    from scipy.optimize import minimize_scalar

    if not np.any(day.heat):
        message = "no heat or cold was delivered in these windows, so R and C cannot be told apart"
        raise ValueError(message)

    def squares(log_constant: float) -> float:
        return _best(day, float(np.exp(-hours / np.exp(log_constant))))[1]

    found = minimize_scalar(
        squares, bounds=(np.log(shortest), np.log(longest)), method="bounded",
        options={"xatol": 0.02},
    )  # fmt: skip
    constant = float(np.exp(found.x))
    best, left = _best(day, float(kept(1.0, constant, hours)))
    resistance = max(float(best[0]), 1e-9)
    return FittedRoom(
        resistance=resistance,
        capacity=constant / resistance,
        aperture=float(best[1]) / resistance,
        gains=best[2:] / resistance,
        error=float(np.sqrt(left / day.indoor.size)),
        hours=hours,
    )


def _best(day: Measured, a: float) -> tuple[Floats, float]:
    """(R, R·aperture, R·gains …) for one share kept, and the sum of squares they leave."""
    from scipy.optimize import nnls

    periods = day.indoor.shape[1]
    age = np.arange(periods)[:, None] - np.arange(periods)
    answer = np.where(age >= 0, (1.0 - a) * a ** np.maximum(age, 0), 0.0)
    slots = np.eye(int(day.slot.max()) + 1)[day.slot]
    parts = np.concatenate([day.heat[..., None], day.sun[..., None], slots], axis=2)
    inputs = answer @ parts
    alone = day.start[:, None] * a ** np.arange(1, periods + 1) + day.outdoor @ answer.T
    rest = (day.indoor - alone).ravel()
    orthogonal, triangle = np.linalg.qr(inputs.reshape(rest.size, -1))
    turned = orthogonal.T @ rest
    best, _ = nnls(triangle, turned)
    left = float(rest @ rest - turned @ turned) + float(np.sum((triangle @ best - turned) ** 2))
    return best, max(left, 0.0)
