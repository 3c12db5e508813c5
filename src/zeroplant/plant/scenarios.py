"""Scenarios of a plant: what may come, how likely, and what is different then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from zeroplant.axis import Axis, Chain
from zeroplant.errors import Problem
from zeroplant.plant.section import Section
from zeroplant.units import Fraction

ROUNDING = 1e-6
"""How far probabilities may be from adding up to 1."""


class Scenario(Section):
    """What may come: its probability, and the entries of the plant file that are then different.

    Only series (prices, loads, inflow, traffic …) and the weather of sites can differ: sizes and
    devices are shared by all scenarios. The plant is sized once, for the expected cost, and
    operated in each scenario as if all of it were known.
    """

    probability: Fraction | None = Field(
        None, gt=0, description="left out in all scenarios: equally likely"
    )
    changes: dict[str, Any] = Field(
        default={},
        description="place in the plant file: value as written there, such as "
        "assets.grid.import_price: 0.50 CNY/kWh",
    )


def check_probabilities(scenarios: Mapping[str, Scenario]) -> None:
    """Raise ValueError unless all have a probability and they add up to 1, or none has one."""
    given = [each.probability for each in scenarios.values() if each.probability is not None]
    if not given:
        return
    if len(given) < len(scenarios):
        names = [f"'{name}'" for name, each in scenarios.items() if each.probability is None]
        instead = "give each scenario one, or none for equally likely scenarios"
        raise ValueError(Problem(f"{', '.join(names)} has no probability", instead=instead))
    if abs(sum(given) - 1.0) > ROUNDING:
        what = f"the probabilities of the scenarios add up to {100 * sum(given):.6g} %"
        raise ValueError(Problem(what, instead="make them add up to 100 %"))


def with_chains(axis: Axis, scenarios: Mapping[str, Scenario]) -> Axis:
    """The axis with its chains once for each scenario, weighted by its probability."""
    if not scenarios:
        return axis
    given = [each.probability or 1.0 for each in scenarios.values()]
    several = len(axis.chains) > 1
    chains = tuple(
        Chain(f"{name} · {chain.name}" if several else name, chain.weight * share / sum(given))
        for name, share in zip(scenarios, given, strict=True)
        for chain in axis.chains
    )
    return Axis(axis.start, axis.periods, axis.hours, axis.zone, chains)
