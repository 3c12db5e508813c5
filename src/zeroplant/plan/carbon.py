"""The carbon account of a plan: emissions, and how well own generation matches the load."""

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats
from zeroplant.plan.electricity import sent, served_load
from zeroplant.plan.result import Carbon
from zeroplant.plant.build import emissions_of
from zeroplant.waist.solution import Solution


def carbon_account(solution: Solution) -> Carbon:
    """Location-based account of a plan; see `Carbon` for its figures.

    Matching follows the score of carbon-free energy: Σ min(generation, load) / Σ load over the
    periods. Generation counts when it is made; energy that waits in a battery is not moved, so
    the score is a lower bound of what storage makes of it.
    """
    network = solution.network
    axis, years = network.axis, network.axis.years
    load = served_load(solution)
    green = sent(solution, network.flows_of("generation", "renewable"))
    emissions = solution.total(emissions_of(network))
    served = axis.total(load)
    if served <= 0:
        return Carbon(emissions / years, 0.0, 0.0, 0.0, 0.0)
    return Carbon(
        emissions=emissions / years,
        reference=axis.total(load * _grid_factor(solution)) / years,
        intensity=emissions / served,
        matched=axis.total(np.minimum(green, load)) / served,
        annual_match=min(1.0, axis.total(green) / served),
    )


def _grid_factor(solution: Solution) -> Floats | float:
    """Emission factor of imported power, tCO2/MWh: the mean over the imports of the plant."""
    network = solution.network
    factors = [
        np.asarray(term.coefficient)
        for flow in network.flows_of("import")
        if "green" not in flow.tags
        for line in network.lines
        if line.kind == "emission"
        for term in line.quantity.terms
        if term.variable is flow
    ]
    return sum(factors, start=np.zeros(1)) / len(factors) if factors else 0.0
