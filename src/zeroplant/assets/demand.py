"""Demand: load that must be served, some of which may wait or be interrupted for a price."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from zeroplant.assets.base import Asset, NodeName
from zeroplant.axis import HOURS_PER_YEAR, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.series import EnergyPriceProfile, PowerProfile
from zeroplant.units import EnergyPrice, Fraction, Hours, Power
from zeroplant.waist import Flow, Node, Scope
from zeroplant.weather.site import Site

UNSERVED_PRICE = 20_000.0
"""Default price of unserved energy, CNY/MWh: of the order of the value of lost load that
planners assume for industry (10…30 CNY/kWh). Set it in the plant file; it decides reliability."""


class Shiftable(BaseModel):
    """A part of the load that may be served later: pumps, cold stores, charging, batches."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: Fraction = Field(description="share of the load in each period that may wait")
    within: Hours = Field(gt=0, description="longest wait; whole periods of it count")
    price: EnergyPrice = Field(0.0, ge=0, description="paid to the consumer per MWh that waits")
    catch_up: Power | None = Field(
        None, ge=0, description="highest power at which waiting load is served; no limit"
    )


class Interruptible(BaseModel):
    """A part of the load that may be dropped for a price."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: Fraction = Field(description="share of the load in each period that may be dropped")
    price: EnergyPrice = Field(ge=0, description="paid to the consumer per MWh dropped")
    hours: Hours | None = Field(
        None,
        ge=0,
        description="most energy dropped in a year, as hours of the share of the highest load",
    )


class Demand(Asset):
    """A load over time.

    What cannot be served is unserved energy at a price, so no plant fails because of weather.
    ``price`` is what the consumer pays the plant for the energy it takes, when it takes it.
    Where the file says itself what ``unserved`` energy costs, an electric load may be shed by
    command when nothing else keeps a connection within its limits; one that is only planned with
    the usual price is not. Load that is interrupted by contract is switched in the same way.
    Unserved, interrupted and waiting load together are never more than the load.
    """

    title: ClassVar = ("Demand", "负荷")
    kind: Literal["demand"]
    at: NodeName = Field(description="node it draws from")
    load: PowerProfile = Field(description="the load over time")
    price: EnergyPriceProfile | None = Field(
        None, description="tariff the consumer pays the plant; nothing if the plant is its own"
    )
    unserved: EnergyPrice = Field(
        UNSERVED_PRICE, gt=0, description="price of energy that is not served; in no purse. "
        "If it is given, control may shed the load where a connection cannot carry it"
    )  # fmt: skip
    shiftable: Shiftable | None = Field(None, description="the part that may wait")
    interruptible: Interruptible | None = Field(None, description="the part that may be dropped")

    def describe(self, plant: Scope, site: Site | None) -> None:
        """A fixed flow, helped by unserved energy, deferral and interruption."""
        node, load = plant.node(self.at), self.load.on(plant.axis)
        if node.unit != "MW":
            what = f"the node '{self.at}' carries {node.carrier} in {node.unit}, not in MW"
            raise InputError(Problem(what, instead="write kind: offtake, with 'least'"))
        wanted = plant.flow("load", take=node, fixed=load, role="load")
        may_shed = node.carrier == "electricity" and "unserved" in self.model_fields_set
        unserved = plant.flow("unserved", give=node, cap=load, role="unserved",
                              tags={"sheddable"} if may_shed else ())  # fmt: skip
        plant.line("unserved energy", unserved, self.unserved, kind="penalty")
        relieved, served = unserved.affine(), wanted - unserved
        if self.interruptible is not None:
            dropped = self._interrupt(plant, node, load, self.interruptible)
            relieved, served = relieved + dropped, served - dropped
        if self.shiftable is not None:
            waits, caught_up = self._shift(plant, node, load, self.shiftable)
            relieved, served = relieved + waits, served - waits + caught_up
        if self.interruptible is not None or self.shiftable is not None:
            # Otherwise a load relieved twice would be a source of energy.
            plant.budget("no more than the load", relieved, at_most=load, over="period", unit="MW")
        if self.price is not None:
            tariff = self.price.on(plant.axis)
            plant.line("energy sold", served, tariff, kind="revenue", to="consumer")

    def _interrupt(self, plant: Scope, node: Node, load: Floats, may: Interruptible) -> Flow:
        switched = {"sheddable"} if node.carrier == "electricity" else set()
        dropped = plant.flow("interrupted", give=node, cap=may.share * load, role="unserved",
                             tags={"agreed", *switched})  # fmt: skip
        plant.line("interruption", dropped, may.price, to="consumer")
        if may.hours is not None:
            # A contract holds in every weather year, not in their mean.
            years = plant.axis.periods * plant.axis.hours / HOURS_PER_YEAR
            most = may.share * load.max(initial=0.0) * may.hours * years
            plant.budget("interruption", dropped, at_most=most, over="chain")
        return dropped

    def _shift(self, plant: Scope, node: Node, load: Floats, may: Shiftable) -> tuple[Flow, Flow]:
        """Load that waits fills a store, which is emptied first come, first served.

        Nothing waits longer than ``w`` periods if at the end of each period all that came up to
        ``w`` periods earlier is served: backlog(t) ≤ deferred so far(t) − deferred so far(t − w).
        Nothing waits beyond the end of a chain.
        """
        axis = plant.axis
        longest = int(may.within / axis.hours + 1e-9)
        waits = plant.flow(
            "deferred", give=node, cap=may.share * load if longest else 0.0, tags={"deferral"}
        )
        if may.price:
            plant.line("deferral", waits, may.price, to="consumer")
        limit = np.inf if may.catch_up is None else may.catch_up
        caught_up = plant.flow("caught up", take=node, cap=limit, tags={"deferral"})
        last = np.arange(axis.stages) % axis.periods == axis.periods - 1
        backlog = plant.store(
            "backlog",
            fill={waits: 1.0},
            drain={caught_up: 1.0},
            start=0.0,
            cap=np.where(last, 0.0, np.inf),
        )
        so_far = plant.store("deferred so far", fill={waits: 1.0}, start=0.0)
        if 0 < longest < axis.periods:
            young = so_far - so_far.shift(longest)
            plant.budget("in time", backlog - young, at_most=0.0, over="period")
        return waits, caught_up
