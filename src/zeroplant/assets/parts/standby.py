"""Off, standby, on: the three states of a machine that is kept warm, and what starting costs."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, Field, model_validator

from zeroplant.assets.parts.commitment import committed
from zeroplant.errors import InputError, Problem
from zeroplant.units import Fraction, Hours, Money
from zeroplant.waist import Affine, Flow, Node, Scope, total_of
from zeroplant.waist.words import Size

_ROUNDING = 1e-9
"""Of a time in periods: an hour is four quarters."""


class ThreeStates(BaseModel):
    """The fields of a machine that is off, in standby, or on above its least load.

    Only ``on`` needs a whole number per period. Given those, what is best between standby and
    off is a shortest path, so its share comes out whole by itself.

    A set that starts is in standby for as many whole periods as ``start_time`` holds, and makes
    nothing in the part of the next one that is left. What heats it is its standby power or, if
    it has none, its least load, so that no set warms up in a calm for nothing.
    """

    on_off: bool = Field(
        False,
        description="true: it runs above its least load, waits in standby or is off; a whole "
        "number per period, so a slower plan",
    )
    standby: Fraction = Field(0.0, description="power in standby, a share of the rating; 0.01…0.05")
    start_cost: Money = Field(0.0, ge=0, description="paid for each cold start of one set")
    start_time: Hours = Field(
        0.0,
        ge=0,
        description="time a cold start takes, without product and at standby power, or at the "
        "least load if there is none; alkaline 0.5…1 h",
    )

    @model_validator(mode="after")
    def _only_if_it_may_stop(self) -> ThreeStates:
        asked = ["standby", "start_cost", "start_time"]
        given = [f"'{name}'" for name in asked if getattr(self, name)]
        if given and not self.on_off:
            needs = f"{' and '.join(given)} {'need' if len(given) > 1 else 'needs'}"
            message = f"{needs} whole numbers; write 'on_off: true' (a slower plan) or leave it out"
            raise ValueError(message)
        return self

    def hold(
        self, plant: Scope, node: Node, flow: Flow, power: Affine, loads: tuple[float, float]
    ) -> None:
        """Keep ``flow`` [MW] within its load range while on, and at nothing otherwise.

        ``loads`` are the least and the greatest load as shares of ``power``; standby power is
        taken from ``node``. What came before a chain's first period is free.
        """
        if not self.on_off:
            return
        least, most = loads
        waits = bool(self.standby or self.start_time)
        on = committed(
            plant,
            "units on",
            flow,
            power * most,
            least_share=0.0 if waits else least / most,
            start_cost=0.0 if waits else self.start_cost,
        )
        if waits:
            each = _each(power)
            self._wait(plant, node, flow, on, rating=each, loads=(least * each, most * each))

    def _wait(
        self,
        plant: Scope,
        node: Node,
        flow: Flow,
        on: Flow,
        *,
        rating: float,
        loads: tuple[float, float],
    ) -> None:
        """Standby beside on, starts out of neither, and the time a start takes; all in MW."""
        hours, (least, most) = plant.axis.hours, loads
        whole, part = self._periods(hours)
        waiting = plant.flow(
            "standby",
            take={node: self.standby * rating or least},
            cap=on.cap,
            unit="1",
            role="conversion",
        )
        ready = on + waiting
        plant.budget("one state", ready - on.cap, at_most=0.0, over="period", unit="1")
        # Without standby the part of a period, too, is heated by the least load.
        heat = 0.0 if self.standby else least * part * hours
        starts = plant.flow(
            "starts",
            take={node: heat} if heat else None,
            cap=on.cap * (1.0 / hours),
            unit="1/h",
            tags={"starts"},
        )
        change = ready - ready.shift(1) - hours * starts
        plant.budget("starts counted", change, at_most=0.0, over="period", unit="1")
        if self.start_cost:
            plant.line("starts", starts, self.start_cost, unit="start")
        warming = total_of(_ago(starts, back, plant) for back in range(whole)) * hours
        late = _ago(starts, whole, plant) * (part * hours)
        if whole:
            plant.budget("warming up", waiting - warming, at_least=0.0, over="period", unit="1")
        if part:
            above = flow - (ready - warming - late) * most
            plant.budget("cold start", above, at_most=0.0, over="period", unit="MW")
        if least:
            below = flow - (on - late if heat else on) * least
            plant.budget("units on: at least", below, at_least=0.0, over="period", unit="MW")

    def _periods(self, hours: float) -> tuple[int, float]:
        """Whole periods of ``hours`` that a start takes, and what is left, as a part of one."""
        whole, part = divmod(self.start_time / hours + _ROUNDING, 1.0)
        return int(whole), part - _ROUNDING if part > 2 * _ROUNDING else 0.0


def _ago(flow: Flow, periods: int, plant: Scope) -> Affine:
    """A flow so many periods earlier, and nothing before the first period of a chain."""
    axis = plant.axis
    if periods >= axis.periods:
        return Affine()
    inside = np.arange(axis.stages) % axis.periods >= periods
    return flow.shift(periods) * inside.astype(float) if periods else flow.affine()


def _each(power: Affine) -> float:
    """Rating of one set, MW; InputError where it is not known before the plan is made."""
    if not power.terms:
        return float(power.constant)
    size = power.terms[0].variable
    if not (isinstance(size, Size) and size.integer):
        what = "'standby' and 'start_time' need to know the rating of one set"
        raise InputError(Problem(what, instead="write 'power' with a 'step', the rating of a set"))
    return float(power.terms[0].coefficient)
