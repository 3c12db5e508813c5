"""How much more the bad outcomes of a plan count than the good ones: CVaR at the waist."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from zeroplant.plant.section import Section
from zeroplant.units import Fraction
from zeroplant.waist import Network
from zeroplant.waist.outcome import cost_of_chain

WHO = "risk"
"""Whose line it is in the ledger; nobody's."""
COIN = 1e3
"""Outcomes are counted in thousands, so that rows of money are scaled like the others."""


class Risk(Section):
    """How averse the plan is to bad outcomes.

    The plan minimises (1 - aversion) x expected cost + aversion x CVaR. The CVaR is the mean cost
    of the worst outcomes that together have the probability ``tail``. Outcomes are all scenarios
    in all weather years. ``aversion: 1`` with a ``tail`` below every probability minimises the
    worst case.
    """

    aversion: Fraction = Field(
        description="weight of the CVaR beside the expected cost: 0 % neutral … 100 % the tail only"
    )
    tail: Fraction = Field(
        0.05, ge=1e-4, description="probability of the worst outcomes that the CVaR is the mean of"
    )


def lay_risk(network: Network, risk: Risk, currency: str) -> None:
    """Let bad outcomes count for more, as one line of the ledger beside the expected cost.

    The line is aversion x (CVaR - expected cost), so that the sum of all lines is the objective of
    `Risk`. After Rockafellar and Uryasev (2000, Optimization of conditional value-at-risk, Journal
    of Risk 2), the CVaR of the costs Z over the tail t is min over η of η + E(Z - η)⁺ / t. Less
    E Z that is min over η of (1/t - 1) E(Z - η)⁺ + E(η - Z)⁺: two sizes for each chain, one for η,
    one row for each chain, and no price below nothing.
    """
    if len(network.axis.chains) < 2 or not risk.aversion:
        return
    cost = cost_of_chain(network, counts=lambda line: True) * (1.0 / COIN)
    unit = f"k{currency}"
    eta = network.size(f"{WHO}: value at risk", lower=-np.inf, unit=unit)
    above = network.size(f"{WHO}: cost above it", over="chain", unit=unit)
    below = network.size(f"{WHO}: cost below it", over="chain", unit=unit)
    outcome = cost - eta - above + below
    network.budget(
        f"{WHO}: cost of each chain", outcome, at_least=0.0, at_most=0.0, over="chain", unit=unit
    )
    weight = network.axis.share_over("chain") * COIN
    beyond = above * (weight * (1.0 / risk.tail - 1.0)) + below * weight
    network.line(WHO, "bad outcomes", beyond, risk.aversion, unit=currency, kind="risk")
