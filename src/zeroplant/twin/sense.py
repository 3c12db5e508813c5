"""What devices say of themselves: the truth with noise, drift and resolution, and a little late.

A meter of class 0.5 is within 0.5 % of its rating; here noise has a deviation of 0.1 % of the
rating and drift one of 0.15 %, changing within the hour. Values come in steps of 1/16 384 of the
rating (14 bits) and are one step old. A meter that counts both ways (of a connection, of a
battery) shows one of them: it is off on the net. Faults (`twin.faults`) bend what is said, never
the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.links.link import Quality
from zeroplant.operate.image import Codes, micros
from zeroplant.operate.points import Points
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.physics import UNBOUNDED

GOOD, LOST = int(Quality.GOOD), int(Quality.LOST)
NOISE, DRIFT, DRIFT_SECONDS, RESOLUTION = 0.001, 0.0015, 1800.0, 1.0 / 16384.0
BATCH = 512
"""Steps whose noise is drawn at once."""


@dataclass
class Bent:
    """What faults do to what is said, one entry per point.

    ``silent`` nothing comes (the last value stands, LOST); ``frozen`` the value does not move;
    ``noisy`` times the usual noise; ``offset`` is added; ``held`` steps for which a reading comes
    again and again before the next (0: none); ``shift`` microseconds by which clocks are wrong;
    ``late`` steps that a reading takes on its way.
    """

    silent: NDArray[np.bool_]
    frozen: NDArray[np.bool_]
    noisy: Floats
    offset: Floats
    held: Ints
    shift: Ints
    late: Ints


def straight(size: int) -> Bent:
    """Nothing bent."""
    return Bent(
        np.zeros(size, bool), np.zeros(size, bool), np.ones(size), np.zeros(size),
        np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64),
    )  # fmt: skip


@dataclass
class Senses:
    """Readings of all points; call `see` once a step with the truth, then `read`.

    ``rating`` is what each meter was made for, ``both`` (meters, 3) what each that counts both ways
    says of what is given, of what is taken, and of what is taken under another contract (or -1).
    """

    points: Points
    rating: Floats
    clock: SimulatedClock
    seconds: float
    seed: int
    both: Ints
    bent: Bent = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.points)
        span = np.where(self.rating < UNBOUNDED, self.rating, 0.0)
        exact = np.array([_exact(name) for name in self.points.names])
        # What noise and drift of each point are measured by: the greatest it can be.
        self.scale = np.where(exact, 0.0, np.maximum(span, 0.0))
        for each in self.both:
            self.scale[each[each >= 0]] = self.scale[each[each >= 0]].max()
        self._least_step = np.where(self.scale > 0.0, self.scale * RESOLUTION, 1e-9)
        self._random = np.random.default_rng([self.seed, 77])
        self._keep = float(np.exp(-self.seconds / DRIFT_SECONDS))
        self._drift = DRIFT * self._random.standard_normal(size)
        self._walk = np.zeros(size)
        self._noise = np.zeros((0, size))
        self._row = self._steps = 0
        self._way: list[tuple[Floats, Ints]] = []
        self.bent = straight(size)
        self._said = np.full(size, np.nan)
        self._event = np.zeros(size, np.int64)
        self._quality = np.full(size, Quality.LOST, np.uint8)

    def see(self, truth: Floats) -> None:
        """Take in the truth of this moment."""
        if self._row >= len(self._noise):
            self._draw()
        bent = self.bent
        said = _measured(
            truth, self.scale, self._least_step, self._noise[self._row], bent.noisy,
            self._drift, self._walk, self._row, bent.offset, self.both,
        )  # fmt: skip
        events = micros(self.clock.now()) + bent.shift
        if np.count_nonzero(bent.late):
            said, events = self._delayed(said, events)
        else:
            self._way.clear()
        _arrive(
            said, events, self._steps, bent.silent, bent.frozen, bent.held,
            self._said, self._event, self._quality,
        )  # fmt: skip
        self._steps += 1
        self._row += 1

    def _delayed(self, said: Floats, events: Ints) -> tuple[Floats, Ints]:
        """What comes now of what was said: what is late stands as it was until it has come."""
        late = self.bent.late
        self._way = [*self._way, (said, events)][-(int(late.max()) + 1) :]
        said, events = said.copy(), events.copy()
        for steps in np.unique(late[late > 0]).tolist():
            where = late == steps
            if steps < len(self._way):
                before, moments = self._way[-1 - steps]
            else:
                before, moments = self._said, self._event
            said[where], events[where] = before[where], moments[where]
        return said, events

    def read(self) -> tuple[Floats, Ints, Codes]:
        """Value, event time in microseconds since 1970, quality."""
        return self._said.copy(), self._event.copy(), self._quality.copy()

    def take_over(self, before: Senses) -> None:
        """Go on with what was said last."""
        self._said, self._event, self._quality = before.read()

    def _draw(self) -> None:
        """Noise of many steps at once; the drift walks on evenly in that time."""
        size = len(self.points)
        self._noise = NOISE * self._random.standard_normal((BATCH, size))
        keep = self._keep**BATCH
        fresh = self._random.standard_normal(size)
        self._drift = self._drift + self._row * self._walk
        self._walk = (keep - 1.0) * self._drift + DRIFT * np.sqrt(1.0 - keep**2) * fresh
        self._walk /= BATCH
        self._row = 0


@njit(cache=True, nogil=True)
def _measured(  # noqa: PLR0917 - one entry per point each
    truth: Floats, scale: Floats, least: Floats, noise: Floats, noisy: Floats, drift: Floats,
    walk: Floats, row: int, offset: Floats, both: Ints,
) -> Floats:  # fmt: skip
    """What meters make of the truth, in steps of ``least``."""
    said = np.empty_like(truth)
    for n in range(len(truth)):
        off = noise[n] * noisy[n] + (drift[n] + row * walk[n])
        value = np.rint((truth[n] + scale[n] * off) / least[n]) * least[n]
        # What cannot be negative is not said to be: devices know their zero.
        said[n] = np.maximum(value, np.minimum(truth[n], 0.0)) + offset[n]
    for m in range(len(both)):
        gives, takes, other = both[m]
        off = noise[gives] * noisy[gives] + (drift[gives] + row * walk[gives])
        taken = truth[takes] + (truth[other] if other >= 0 else 0.0)
        net = truth[gives] - taken + scale[gives] * off
        net = np.rint(net / least[gives]) * least[gives]
        part = truth[takes] / taken if taken > 0.0 else 1.0
        said[gives] = max(net, 0.0) + offset[gives]
        said[takes] = part * max(-net, 0.0) + offset[takes]
        if other >= 0:
            said[other] = (1.0 - part) * max(-net, 0.0) + offset[other]
    return said


@njit(cache=True, nogil=True)
def _arrive(  # noqa: PLR0917 - one entry per point each
    said: Floats, events: Ints, step: int, silent: NDArray[np.bool_], frozen: NDArray[np.bool_],
    held: Ints, value: Floats, event: Ints, quality: Codes,
) -> None:  # fmt: skip
    """Put what comes in this step into ``value``, ``event`` and ``quality``."""
    for n in range(len(said)):
        quality[n] = LOST if silent[n] else GOOD
        if silent[n] or (held[n] > 0 and step % held[n] != 0):
            continue
        event[n] = events[n]
        if not frozen[n]:
            value[n] = said[n]


def _exact(name: str) -> bool:
    """Whether a point is said as it is: a state, not a measurement."""
    return name.endswith(".online")


def truth_places(points: Points, flows: Sequence[str], stores: Sequence[str]) -> tuple[Ints, Ints]:
    """Where each point's truth stands: which list (0 flow, 1 store, 2 possible, 3 online), where.

    The place of an online point is that of the first flow of its asset.
    """
    flow = {name: place for place, name in enumerate(flows)}
    store = {name: place for place, name in enumerate(stores)}
    owner: dict[str, int] = {}
    for name, place in flow.items():
        owner.setdefault(name.partition(".")[0], place)
    which, where = np.zeros(len(points), np.int64), np.zeros(len(points), np.int64)
    for place, name in enumerate(points.names):
        if name.endswith(".online"):
            which[place], where[place] = 3, owner[name.removesuffix(".online")]
        elif name.endswith(".possible"):
            which[place], where[place] = 2, flow[name.removesuffix(".possible")]
        elif place < points.flows:
            where[place] = flow[name]
        else:
            which[place], where[place] = 1, store[name]
    return which, where
