"""Trucks run along several swap stations: one late at a station comes late to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.transport.packs import EFFICIENCY

Flags = NDArray[np.bool_]

Order = Literal["nearest full", "emptiest", "first come"]
ORDERS: tuple[Order, ...] = ("nearest full", "emptiest", "first come")
UNLIMITED = 1_000_000
AT_ONCE = 1e-6
"""Hours of delay that are none."""


@dataclass(frozen=True)
class PackKind:
    """Packs of one family: ``energy`` MWh, most ``power`` MW, and its window of charge."""

    energy: float
    power: float = np.inf
    full: float = 0.95
    empty: float = 0.15


@dataclass(frozen=True)
class Schedule:
    """What a station is to do: ``power`` MW in each period, ``stored`` MWh and packs in its rack.

    ``stored`` and ``ready`` have one value more than there are periods: before the first, and at
    the end of each. Power below nothing gives energy back. The station charges as planned, and
    more or less to be back within ``recovery`` hours at what should be stored; it looks every
    ``tick`` hours.

    Energy alone serves nobody: ten packs that are nearly full hold as much as nine full ones. So
    as many packs as it has fewer than ``ready`` full ones beyond those that waiting trucks will
    take are charged at once, whatever the plan says (the base-stock rule of a store of spares).
    """

    power: Floats
    stored: Floats
    ready: Floats
    recovery: float = 0.25
    tick: float = 1.0 / 12.0


@dataclass(frozen=True)
class SwapPlace:
    """A station as it is simulated.

    ``charge`` and ``kind`` are the packs in the rack at the beginning, shape (packs,): state of
    charge, and number of the family. A truck takes a lane for ``lane_time`` hours, its pack is in
    the rack ``swap_time`` hours after the swap began. ``chargers`` take at most ``charger`` MW
    each, and ``most`` MW together (``most_back`` given back), a number or one for each period.
    Without a ``schedule`` packs are charged at once. ``room`` is how many trucks may wait; more
    are turned away.
    """

    charge: Floats
    kind: Ints | None = None
    lanes: int = 1
    lane_time: float = 24.0 / 168.0
    swap_time: float = 5.0 / 60.0
    chargers: int = 7
    charger: float = 0.28
    efficiency: float = EFFICIENCY
    most: float | Floats = np.inf
    most_back: float | Floats = 0.0
    order: Order = "nearest full"
    schedule: Schedule | None = None
    room: int = UNLIMITED


@dataclass(frozen=True)
class Fleet:
    """Trucks and the stations at which they stop.

    ``start`` hours and ``charge`` (trucks,) are where each truck sets out; truck ``i`` makes the
    stops ``first[i]`` to ``first[i + 1] - 1`` of ``station``, ``drive`` (hours from the swap
    before) and ``used`` (state of charge on the way), shape (stops,). ``family`` is of which
    family a truck takes packs.
    """

    start: Floats
    charge: Floats
    first: Ints
    station: Ints
    drive: Floats
    used: Floats
    family: Ints | None = None

    @property
    def truck_of(self) -> Ints:
        """The truck of every stop, shape (stops,)."""
        return np.repeat(np.arange(len(self.start)), np.diff(self.first))


@dataclass(frozen=True)
class Visits:
    """What happened: one entry for every stop, every pack, every period.

    Stops: ``arrival`` and ``begin`` of the swap in hours (nan: never), ``wait``, ``delay`` (the
    part of the wait that is for want of full packs), charge of the packs in and out.
    ``cycles``: full cycles charged into each pack; those in the racks first, then those of the
    trucks. ``charged`` and ``given`` MWh at the node, shape (stations, periods). ``charge_end``
    and ``kind_end``: the racks at the end.
    """

    arrival: Floats
    begin: Floats
    delay: Floats
    soc_in: Floats
    soc_out: Floats
    station: Ints
    cycles: Floats
    charged: Floats
    given: Floats
    charge_end: Floats
    kind_end: Ints

    @property
    def served(self) -> Flags:
        """Stops whose swap began."""
        return np.asarray(~np.isnan(self.begin))

    @property
    def wait(self) -> Floats:
        """Hours from arrival to the begin of the swap; nan if it never began."""
        return self.begin - self.arrival

    @property
    def prompt(self) -> Flags:
        """Stops that did not wait for want of a full pack, though perhaps for a lane."""
        return self.served & (np.nan_to_num(self.delay) <= AT_ONCE)


def run_corridor(
    places: Sequence[SwapPlace],
    fleet: Fleet,
    *,
    kinds: Sequence[PackKind],
    periods: int,
    hours: float = 1.0,
    fits: Ints | None = None,
) -> Visits:
    """Simulate trucks and stations, event by event, over ``periods`` of ``hours`` each.

    ``fits[a, b]``: trucks of family a may take packs of family b; only their own if left out.

    Trucks are served first come first served, as soon as a lane is free and a full pack fits; one
    for whose family there is none lets others pass. The truck's pack is in the slot of the one it
    takes once the swap is over, and waits for a charger. At every event the power of a station is
    shared out anew, pack by pack in its order, each as much as it or its charger takes. Between
    events all powers are constant, so that energy is exact.
    """
    from zeroplant.transport.swap_kernel import run
    from zeroplant.transport.swap_tables import Tables

    told = Tables(places, fleet, kinds=kinds, periods=periods, hours=hours, fits=fits)
    run(*told.arguments)
    return told.visits()
