"""What a plan costs in each scenario and weather year, and how bad the bad ones are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.breach import unserved_flows
from zeroplant.plan.electricity import sent
from zeroplant.plant.build import emissions_of
from zeroplant.plant.risk import Risk
from zeroplant.waist import Line
from zeroplant.waist.outcome import by_chain, cost_of_chain
from zeroplant.waist.solution import Solution

TAIL = 0.05
"""Probability of the tail that is reported where the plant file does not name one."""


@dataclass(frozen=True)
class Outcome:
    """A scenario, a weather year or one within the other, per year of 8,760 h.

    ``cost`` is all that the plan weighs, what it receives taken off; ``penalty`` the part of it
    that nobody pays. ``emissions`` in tCO2, ``unserved`` in MWh. ``in_tail`` is the share of the
    outcome that belongs to the worst ones.
    """

    name: str
    probability: float
    cost: float
    penalty: float
    emissions: float
    unserved: float
    in_tail: float


@dataclass(frozen=True)
class Outcomes:
    """All outcomes of a plan, and what they come to per year of 8,760 h.

    ``var`` is the cost that is exceeded with a probability of ``tail`` at most, ``cvar`` the mean
    cost of the worst outcomes that together have that probability. ``aversion`` is the weight
    that the plan gave to it.
    """

    each: list[Outcome]
    expected: float
    var: float
    cvar: float
    aversion: float
    tail: float

    @property
    def worst(self) -> Outcome:
        """The dearest outcome."""
        return max(self.each, key=lambda outcome: outcome.cost)


def outcomes(solution: Solution, risk: Risk | None = None) -> Outcomes | None:
    """What a plan comes to in each chain of its axis; None where there is only one."""
    network = solution.network
    axis, years = network.axis, network.axis.years
    if len(axis.chains) < 2:
        return None
    weights = np.array([chain.weight for chain in axis.chains])
    probability = weights / weights.sum()
    cost = by_chain(solution, cost_of_chain(network, lambda line: line.kind != "risk")) / years
    penalty = by_chain(solution, cost_of_chain(network, _is_penalty)) / years
    emissions = by_chain(solution, emissions_of(network)) / years
    missing = sent(solution, unserved_flows(network)) * axis.hours
    unserved = np.bincount(axis.groups("chain"), missing) / years
    aversion, tail = (0.0, TAIL) if risk is None else (risk.aversion, risk.tail)
    var, cvar, in_tail = tail_of(cost, probability, tail)
    table = np.column_stack([probability, cost, penalty, emissions, unserved, in_tail]).tolist()
    each = [Outcome(chain.name, *row) for chain, row in zip(axis.chains, table, strict=True)]
    return Outcomes(each, float(probability @ cost), var, cvar, aversion, tail)


def tail_of(cost: Floats, probability: Floats, tail: float) -> tuple[float, float, Floats]:
    """Value at risk, mean cost of the tail, and the share of each outcome that is in the tail."""
    order = np.argsort(-cost, kind="stable")
    reached = np.cumsum(probability[order])
    before = reached - probability[order]
    inside = np.clip(tail - before, 0.0, probability[order])
    beyond = reached > tail * (1 + 1e-12)
    var = cost[order][np.argmax(beyond)] if beyond.any() else cost[order][-1]
    shares = np.zeros(len(cost))
    shares[order] = np.divide(
        inside, probability[order], out=np.zeros(len(cost)), where=probability[order] > 0
    )
    return float(var), float(inside @ cost[order] / inside.sum()), shares


def _is_penalty(line: Line) -> bool:
    return line.kind == "penalty"
