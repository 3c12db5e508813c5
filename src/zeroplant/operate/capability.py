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

The last three are what the plant is able to do, whatever it happens to plan: they are counted from
its course with batteries at rest, so that one that is charging is not worth twice its power.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import SolveError
from zeroplant.operate.commitments import net_export
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.futures import Futures, Some, is_uncertain
from zeroplant.operate.points import is_shed
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.situation import Situation, situated, steps_from
from zeroplant.operate.soften import soften
from zeroplant.operate.standing import Standing
from zeroplant.solve.model import Model
from zeroplant.waist import Flow, Network, total_of

HOURS = (0.25, 1.0, 2.0, 4.0)
PROBABILITIES = (0.5, 0.9, 0.95)
FUTURES = 40
"""How many are asked; the 0.95 that capacities are told with takes twenty."""
COLUMNS = 20_000
"""Most columns of one programme; large plants are asked in fewer futures,"""
ENOUGH = 20
"""but in no fewer than capacities are told with: in several programmes, if need be."""
PRIZE = 5000.0
"""Money per MWh that is held: above what energy is sold for."""


@dataclass(frozen=True)
class Envelope:
    """Power by duration and probability, MW.

    ``up`` and ``down`` are (hours, probabilities): more or less net export than planned, never
    negative; ``raised`` and ``lowered`` likewise, than with batteries at rest. ``deliver`` is the
    constant net export itself that can be held, which may be negative for a plant that always
    imports. Of ``futures`` futures (None where forecasts leave nothing open) a probability p takes
    1 / (1 - p) to be told; what too few futures cannot tell is nan, as is what a plan that ends
    before it cannot be compared with.
    """

    made: datetime
    hours: tuple[float, ...]
    probabilities: tuple[float, ...]
    up: Floats
    down: Floats
    raised: Floats
    lowered: Floats
    deliver: Floats
    futures: int | None

    def at(self, side: Floats, hours: float, probability: float) -> float:
        """A value of one of its tables, straight between the durations there are."""
        column = [float(np.interp(probability, self.probabilities, row)) for row in side]
        return float(np.interp(hours, self.hours, column))


@dataclass(frozen=True)
class Capacities:
    """The four capacities of a plant at a moment, MW; they answer different questions."""

    peak_support: float
    regulation: float
    registered: float
    paid_reliable: float


def capacities(envelope: Envelope, *, peak_hours: float, probability: float = 0.95) -> Capacities:
    """The four capacities from an envelope.

    ``peak_hours`` is the length of the local peak. Registers ask for an hour. Paid is the best of
    the durations there are: P(h) · min(1, h / peak), which for a battery is the rule of document
    114, most power times the share of the peak that its energy lasts for.
    """
    shortest = envelope.hours[0]
    paid = [envelope.at(envelope.raised, h, probability) * min(1.0, h / peak_hours)
            for h in envelope.hours]  # fmt: skip
    return Capacities(
        peak_support=envelope.at(envelope.deliver, peak_hours, probability),
        regulation=envelope.at(envelope.raised, shortest, probability)
        + envelope.at(envelope.lowered, shortest, probability),
        registered=envelope.at(envelope.raised, 1.0, probability),
        paid_reliable=float(np.max(paid)),
    )


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
    """The envelope at a moment, beside the net export that ``schedule`` plans from then on.

    Futures are those of `zeroplant.operate.futures`, in which every device works: what may break
    is in no probability.
    """
    first, steps = steps_from(standing, now, round(max(hours) / standing.network.axis.hours))
    axis = standing.network.axis
    width = len(standing.network.flows) + len(standing.network.stores)
    uncertain = is_uncertain(forecasts)
    most = max(COLUMNS // (steps * width), ENOUGH)
    count = max(1, min(futures, most)) if uncertain else 1
    drawn = Futures(count, axis.periods, 6.0 / axis.hours, seed) if count > 1 else None
    situation = Situation(first, steps, dict(levels), forecasts, {}, drawn, common=False)
    lengths = [min(steps, max(1, round(h / axis.hours))) for h in hours]
    likely = np.asarray(probabilities, dtype=float)
    told = likely <= 1.0 - 1.0 / count + 1e-9 if uncertain else np.full(len(likely), True)

    def held(reference: Floats, *, up: bool) -> Floats:
        rows = np.full((len(lengths), len(likely)), np.nan)
        for row, n in zip(rows, lengths, strict=True):
            if n <= len(reference):
                parts = [_held(standing, each, reference[:n], up=up) for each in parted(n)]
                row[told] = _sure(np.concatenate(parts), likely[told])
        return rows

    def parted(length: int) -> Iterator[Situation]:
        size = max(1, COLUMNS // (length * width))
        for begin in range(0, count, size):
            some = None if drawn is None else Some(drawn, begin, min(size, count - begin))
            yield replace(situation, futures=some)

    gone = (axis.start + first * axis.step - schedule.start) // schedule.step
    planned = schedule.target[gone:] if gone >= 0 else schedule.target[:0]
    resting = planned - _of_batteries(standing.network, schedule)[gone:][: len(planned)]
    up, down = (np.maximum(held(planned, up=side), 0.0) for side in (True, False))
    if np.allclose(resting, planned, atol=1e-6):
        raised, lowered = up, down
    else:
        raised, lowered = (np.maximum(held(resting, up=side), 0.0) for side in (True, False))
    deliver = held(np.zeros(steps), up=True)
    return Envelope(now, tuple(hours), tuple(probabilities), up, down, raised, lowered, deliver,
                    count if uncertain else None)  # fmt: skip


def sheddable(standing: Standing, now: datetime) -> float:
    """MW of load that may be shed by command in the step of a moment: in none of the capacities."""
    first, _ = steps_from(standing, now, 1)
    network = standing.network
    loads = [network.axis.full(flow.cap.constant)[first] for flow in network.flows if is_shed(flow)]
    return float(np.sum(loads))


def _of_batteries(network: Network, schedule: Schedule) -> Floats:
    """What batteries give (negative: take) by the plan, MW in each of its steps.

    Batteries are stores that are both charged and discharged; one that is only charged, as those of
    vehicles, is a load.
    """
    given = np.zeros(schedule.steps)
    for store in network.stores:
        fill = [flow for flow in store.fill if flow.role == "charge" and flow.unit == "MW"]
        drain = [flow for flow in store.drain if flow.role == "discharge" and flow.unit == "MW"]
        if fill and drain:
            nothing = np.zeros(schedule.steps)
            given = given + sum((schedule.power.get(f.name, nothing) for f in drain), nothing)
            given = given - sum((schedule.power.get(f.name, nothing) for f in fill), nothing)
    return given


def _must_be_served(flow: Flow) -> bool:
    """Whether it stands for load that is not served, and nobody has agreed to that."""
    return flow.role == "unserved" and flow.unit == "MW" and "agreed" not in flow.tags


def _sure(powers: Floats, probabilities: Floats) -> Floats:
    """The power that what comes reaches with at least that probability, for each.

    What comes is as likely to fall between any two of n futures as between two others, so that
    the k-th lowest is reached with 1 - k / (n + 1), whatever the distribution.
    """
    count = len(powers)
    place = np.floor((1.0 - probabilities) * (count + 1) + 1e-9).astype(int) - 1
    return np.asarray(np.sort(powers)[np.clip(place, 0, count - 1)])


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
    if unserved := [flow for flow in network.flows if _must_be_served(flow)]:
        # One step without supply must cost more than what is held in all of them is worth.
        dear = PRIZE * axis.periods
        network.line("grid", "not at the cost of supply", total_of(unserved), dear, kind="penalty")
    solution = Model(network, solver="highs").solve(deadline=30.0)
    return np.asarray(solution.value(more) - solution.value(less))
