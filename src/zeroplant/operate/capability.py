"""What the plant could promise: power, for how long, with what probability, up and down.

    P(h, p) = the greatest constant MW of more (or less) net export than planned that can be held
              for h hours from now with probability p, given forecasts and levels.

It is asked of the same model as the schedule, future by future: a linear programme that maximises
the constant, with every store where it stands. From the envelope follow the four capacities that
the field speaks of, which must not be mixed up:

- peak support: net power deliverable to the grid, sustained over the local peak;
- regulation range: up and down together, for a short time;
- registered capability: what a register of virtual power plants would certify (at least an hour);
- paid reliable capacity: P_max · min(1, H_discharge / H_peak), as capacity prices pay it
  (document 114 of 2026: the most power, times the share of the longest peak it lasts for).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import SolveError
from zeroplant.operate.commitments import net_export
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.futures import Futures, is_uncertain
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.situation import Situation, situated, steps_from
from zeroplant.operate.soften import soften
from zeroplant.operate.standing import Standing
from zeroplant.solve.model import Model
from zeroplant.waist import Network

HOURS = (0.25, 1.0, 2.0, 4.0)
PROBABILITIES = (0.5, 0.9, 0.95, 0.99)
FUTURES = 40
COLUMNS = 20_000
"""Most columns of one programme; large plants are asked in fewer futures."""
PRIZE = 5000.0
"""Money per MWh that is held: above what energy is sold for, below what load not served costs."""


@dataclass(frozen=True)
class Envelope:
    """Power by duration and probability, MW.

    ``up`` and ``down`` are (hours, probabilities): more or less net export than the reference,
    never negative. ``deliver`` is the constant net export itself that can be held, which may be
    negative for a plant that always imports.
    """

    made: datetime
    hours: tuple[float, ...]
    probabilities: tuple[float, ...]
    up: Floats
    down: Floats
    deliver: Floats

    def at(self, side: Floats, hours: float, probability: float) -> float:
        """A value of ``up``, ``down`` or ``deliver``, straight between the durations there are."""
        column = [float(np.interp(probability, self.probabilities, row)) for row in side]
        return float(np.interp(hours, self.hours, column))


@dataclass(frozen=True)
class Capacities:
    """The four capacities of a plant at a moment, MW; they answer different questions."""

    peak_support: float
    regulation: float
    registered: float
    paid_reliable: float


def capacities(
    envelope: Envelope, *, peak_hours: float, probability: float = 0.95, lasts: float | None = None
) -> Capacities:
    """The four capacities from an envelope.

    ``peak_hours`` is the length of the local peak; ``lasts`` for how long the most power can be
    given (found in the envelope if left out). Registers ask for an hour.
    """
    most = envelope.at(envelope.up, envelope.hours[0], probability)
    hours = longest(envelope, probability) if lasts is None else lasts
    return Capacities(
        peak_support=envelope.at(envelope.deliver, peak_hours, probability),
        regulation=most + envelope.at(envelope.down, envelope.hours[0], probability),
        registered=envelope.at(envelope.up, 1.0, probability),
        paid_reliable=most * min(1.0, hours / peak_hours),
    )


def longest(envelope: Envelope, probability: float, share: float = 0.99) -> float:
    """Hours for which nearly the most upward power can be held, straight between durations."""
    powers = np.array([envelope.at(envelope.up, h, probability) for h in envelope.hours])
    enough = share * powers[0]
    if powers[0] <= 0:
        return 0.0
    if powers[-1] >= enough:
        return envelope.hours[-1]
    after = int(np.argmax(powers < enough))
    below, above = powers[after], powers[after - 1]
    part = (above - enough) / max(above - below, 1e-12)
    earlier, later = envelope.hours[after - 1], envelope.hours[after]
    return float(earlier + part * (later - earlier))


def envelope(
    standing: Standing,
    now: datetime,
    levels: Mapping[str, float],
    forecasts: Mapping[str, Forecast],
    schedule: Schedule,
    *,
    hours: Sequence[float] = HOURS,
    probabilities: Sequence[float] = PROBABILITIES,
    futures: int = FUTURES,
    seed: int = 1,
) -> Envelope:
    """The envelope at a moment, beside the net export that ``schedule`` plans.

    Futures are those of `zeroplant.operate.futures`; the probability of a power is the share of
    futures in which it can be held, so with 40 futures 0.99 means all of them.
    """
    first, steps = steps_from(standing, now, round(max(hours) / standing.network.axis.hours))
    axis = standing.network.axis
    columns = steps * (len(standing.network.flows) + len(standing.network.stores))
    count = max(1, min(futures, COLUMNS // columns)) if is_uncertain(forecasts) else 1
    drawn = Futures(count, axis.periods, 6.0 / axis.hours, seed) if count > 1 else None
    situation = Situation(first, steps, dict(levels), forecasts, {}, drawn, common=False)
    lengths = [min(steps, max(1, round(h / axis.hours))) for h in hours]
    planned, nothing = schedule.target, np.zeros(steps)
    likely = np.asarray(probabilities, dtype=float)

    def held(reference: Floats, *, up: bool) -> Floats:
        return np.stack(
            [_sure(_held(standing, situation, reference[:n], up=up), likely) for n in lengths]
        )

    up, down = held(planned, up=True), held(planned, up=False)
    deliver = held(nothing, up=True)
    return Envelope(now, tuple(hours), tuple(probabilities), np.maximum(up, 0.0),
                    np.maximum(down, 0.0), deliver)  # fmt: skip


def _sure(powers: Floats, probabilities: Floats) -> Floats:
    """The power that is reached in at least that share of futures, for each probability."""
    ranked = np.sort(powers)[::-1]
    place = np.ceil(probabilities * len(powers) - 1e-9).astype(int) - 1
    return np.asarray(ranked[np.clip(place, 0, len(powers) - 1)])


def _held(standing: Standing, situation: Situation, reference: Floats, *, up: bool) -> Floats:
    """Most MW above (or below) a course of net export in all of its steps, one per future."""
    network = situated(standing, replace(situation, steps=len(reference)))
    try:
        return _constant(network, reference, up=up)
    except SolveError:  # from where the plant stands some limit cannot be kept, whatever is held
        network = situated(standing, replace(situation, steps=len(reference)))
        soften(network)
        return _constant(network, reference, up=up)


def _constant(network: Network, reference: Floats, *, up: bool) -> Floats:
    """Maximise what net export is above (below) the reference in every step of a future."""
    axis = network.axis
    more = network.size("held more", over="chain", unit="MW")
    less = network.size("held less", over="chain", unit="MW")  # where even the plan is too much
    held = more.affine() - less
    beyond = net_export(network) - axis.tile(reference)
    network.budget("held", (beyond if up else -beyond) - held, at_least=0.0, over="period",
                   unit="MW")  # fmt: skip
    share = np.array([chain.weight for chain in axis.chains])
    energy = held * (share if more.count > 1 else 1.0) * (axis.periods * axis.hours)
    network.line("grid", "power that is held", energy, PRIZE, kind="revenue")
    network.line("grid", "not both at once", more + less, 1e-3, kind="penalty", unit="MW")
    solution = Model(network, solver="highs").solve(deadline=30.0)
    return np.asarray(solution.value(more) - solution.value(less))
