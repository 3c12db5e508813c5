"""The plan of a round trip: how fast on each leg, and how many boxes are exchanged where.

It is made before the plant's own plan. The timetable is a promise, and what a ship draws on its
way reaches the plant only through the boxes it hands over; inside the plant's year the same plan
would be a whole number per port and departure, thousands of them, for the hours by which a swap
might move within a voyage, which the boxes ashore even out anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np

from zeroplant.axis import Axis, Floats, Ints
from zeroplant.errors import InputError, Problem
from zeroplant.transport.ship import Propulsion
from zeroplant.waist import Network
from zeroplant.waist.solution import Solution

CHORDS = 48
"""Straight pieces of each leg's energy over its time."""
LEAST_WAY = 0.3
"""m/s over ground below which nobody sails."""
LATE, SHORT = 1e6, 1e7
"""Money per h too long and per MWh too much: only to say by how much a voyage cannot be made."""


@dataclass(frozen=True)
class Leg:
    """Water between two ports: km, the current along the ship [m/s], a speed limit over ground.

    ``stay`` is the h in the port at its beginning, besides the exchange of boxes.
    """

    start: str
    to: str
    km: float
    current: float = 0.0
    limit: float = np.inf
    stay: float = 0.0


@dataclass(frozen=True)
class RoundTrip:
    """A voyage to be planned, from home and back to home within ``window`` hours.

    ``slowest`` and ``fastest`` are water speeds [m/s]; ``boxes`` are aboard, each of ``energy``
    usable MWh, of which the share ``reserve`` is never planned. At ``swaps`` boxes are exchanged,
    each in ``lift`` hours and for ``handling`` money; ``price`` is money per MWh drawn.
    """

    propulsion: Propulsion
    legs: tuple[Leg, ...]
    slowest: float
    fastest: float
    window: float
    boxes: int
    energy: float
    swaps: frozenset[str]
    reserve: float = 0.1
    lift: float = 1.0 / 6.0
    handling: float = 100.0
    price: float = 600.0

    def hours(self) -> tuple[Floats, Floats]:
        """Shortest and longest time of each leg. Raises InputError where no way is made."""
        km, current, limit = np.array([(g.km, g.current, g.limit) for g in self.legs]).T
        most = np.minimum(self.fastest + current, limit)
        for leg in (leg for leg, way in zip(self.legs, most, strict=True) if way < LEAST_WAY):
            what = f"from {leg.start} to {leg.to} the current is {-leg.current:g} m/s, and the "
            what += f"ship makes at most {self.fastest:.3g} m/s: it does not get there"
            raise InputError(Problem(what, instead="write a faster ship or a weaker current"))
        least = np.minimum(np.maximum(self.slowest + current, LEAST_WAY), most)
        return km / 3.6 / most, km / 3.6 / least

    @property
    def usable(self) -> float:
        """MWh of all boxes aboard, reserve included."""
        return self.boxes * self.energy


@dataclass(frozen=True)
class Voyage:
    """A planned round trip; one entry per leg, and of swaps per port at which a leg begins.

    ``hours`` and ``energy`` [MWh] of the legs; ``exchanged`` boxes, in steady state the same on
    every trip; ``gained`` MWh by them; ``begins`` hours after the departure from home at which
    the ship comes into that port (home, the first, at the end of the trip).
    """

    trip: RoundTrip
    hours: Floats
    energy: Floats
    exchanged: Ints
    gained: Floats
    begins: Floats

    @property
    def ground_speed(self) -> Floats:
        """m/s over ground on each leg."""
        return np.asarray([leg.km for leg in self.trip.legs] / self.hours / 3.6)

    @property
    def water_speed(self) -> Floats:
        """m/s through the water on each leg."""
        return np.asarray(self.ground_speed - np.array([leg.current for leg in self.trip.legs]))

    @property
    def km(self) -> float:
        """Length of the round trip."""
        return sum(leg.km for leg in self.trip.legs)

    @property
    def takes(self) -> float:
        """Hours of the round trip with all stays and exchanges."""
        stays = sum(leg.stay for leg in self.trip.legs)
        return float(self.hours.sum() + stays + self.trip.lift * self.exchanged.sum())

    def left_in(self, place: int) -> Floats:
        """Usable charge (0…1) of each box handed over at a port, the emptiest first.

        A ship empties one box after the other, so that all but one are empty.
        """
        used = self.gained[place] / self.trip.energy - np.arange(self.exchanged[place])
        return np.asarray(1.0 - np.clip(used, 0.0, 1.0))


@cache
def sail(trip: RoundTrip) -> Voyage:
    """The cheapest speeds and exchanges within the window.

    Raises InputError, saying by how much, where time or boxes do not suffice.
    """
    from zeroplant.solve import solve

    network = _declare(trip)
    solution = solve(network, solver="highs", gap=1e-6, deadline=20.0)
    _refuse(trip, network, solution)
    hours = _of(solution, "time")
    km, current = np.array([(leg.km, leg.current) for leg in trip.legs]).T
    energy = trip.propulsion.over(km, hours, current)
    wanted = np.round(_of(solution, "boxes")).astype(np.int64)
    gained = _steady(energy, np.asarray(wanted * trip.energy, dtype=float))
    exchanged = np.ceil(gained / trip.energy - 1e-6).astype(np.int64)
    stays = np.array([leg.stay for leg in trip.legs]) + trip.lift * exchanged
    stays[0] = 0.0  # at home, before the clock starts
    begins = np.cumsum(hours + stays)
    begins = np.append(begins[-1], begins[:-1])
    return Voyage(trip, hours, energy, exchanged, gained, begins)


def _declare(trip: RoundTrip) -> Network:
    """The voyage at the waist: a stage is a leg, the charge aboard a store."""
    legs = len(trip.legs)
    network = Network(Axis(datetime(2025, 1, 1, tzinfo=UTC), legs))
    shortest, longest = trip.hours()
    swaps = np.array([leg.start in trip.swaps for leg in trip.legs], dtype=float)
    time = network.flow("time", floor=shortest, cap=longest, unit="h")
    energy = network.flow("energy", unit="MWh")
    boxes = network.flow("boxes", cap=trip.boxes * swaps, integer=True, unit="1")
    gained = network.flow("gained", unit="MWh")
    short = network.flow("short", unit="MWh")
    level = network.store(
        "aboard", fill={gained: 1.0}, drain={energy: 1.0},
        cap=trip.usable, floor=trip.reserve * trip.usable,
    )  # fmt: skip
    for number, (slope, constant) in enumerate(_chords(trip, shortest, longest), 1):
        above = energy + short - time * slope
        network.budget(f"energy {number}", above, at_least=constant, over="period")
    network.budget("full boxes", gained - boxes * trip.energy, at_most=0.0, over="period")
    network.budget("room", level + energy, at_most=trip.usable, over="period")
    left = trip.window - sum(leg.stay for leg in trip.legs)
    network.budget("window", time + boxes * trip.lift, at_most=left, breach=LATE, unit="h")
    network.line("ship", "energy", energy, trip.price)
    network.line("ship", "handling", boxes, trip.handling, unit="1")
    network.line("ship", "short", short, SHORT, kind="penalty")
    return network


def _chords(trip: RoundTrip, shortest: Floats, longest: Floats) -> list[tuple[Floats, Floats]]:
    """Slope and constant of each chord of energy over time, one per leg.

    Chords lie above the convex curve: the plan never counts on less energy than is needed.
    """
    km, current = np.array([(leg.km, leg.current) for leg in trip.legs]).T
    ground = np.linspace(1 / shortest, 1 / longest, CHORDS + 1)
    time = np.where(longest > shortest, 1 / ground, shortest)
    energy = trip.propulsion.over(km, time, current)
    step = np.diff(time, axis=0)
    slope = np.divide(np.diff(energy, axis=0), step, out=np.zeros_like(step), where=step > 1e-12)
    constant = energy[:-1] - slope * time[:-1]
    return list(zip(slope, constant, strict=True))


def _refuse(trip: RoundTrip, network: Network, solution: Solution) -> None:
    """InputError where the voyage needs more time or more energy than there is."""
    missing = _of(solution, "short")
    if missing.max() > 1e-6:
        leg = trip.legs[int(missing.argmax())]
        what = f"its {trip.boxes} boxes are {missing.sum():.3g} MWh short of a round trip: "
        what += f"{trip.usable:.4g} MWh usable, of which {trip.reserve:.0%} stay as reserve; most "
        what += f"is missing from {leg.start} to {leg.to}"
        instead = "write more boxes, a longer window, or a port with boxes on the way"
        raise InputError(Problem(what, instead=instead))
    late = float(solution.breach(network.budgets[-1])[0])
    if late > 1e-6:
        what = f"a round trip takes at least {trip.window + late:.4g} h at full speed with its "
        what += f"stays and exchanges, and has {trip.window:.4g} h"
        raise InputError(Problem(what, instead="write more ships, fewer departures or less stay"))


def _steady(energy: Floats, most: Floats) -> Floats:
    """MWh gained at each port when the same trip is repeated, the emptiest boxes going first."""
    gained, missing = np.full_like(energy, np.nan), 0.0
    for _ in range(200):
        before = gained.copy()
        for place, drawn in enumerate(energy):  # ports of a route, a handful
            gained[place] = min(most[place], missing)
            missing += drawn - gained[place]
        if np.allclose(gained, before, atol=1e-9):
            break
    return gained


def _of(solution: Solution, name: str) -> Floats:
    return solution.value(next(flow for flow in solution.network.flows if flow.name == name))
