"""On and off: least load, start costs, least times up and down, as whole numbers per period.

The formulation of D. Rajan and S. Takriti, "Minimum up/down polytopes of the unit commitment
problem with start-up costs", IBM Research Report RC23628 (2005), with one number per period for
how many units run and one for how many start; it describes the convex hull of the up and down
times (see also G. Morales-España, J. Latorre, A. Ramos, "Tight and compact MILP formulation for
the thermal unit commitment problem", IEEE Transactions on Power Systems 28(4), 2013). Units that
are bought in equal steps are committed as a group of equal units, which is exact for them.
"""

from __future__ import annotations

import math
from typing import Any

from pydantic import BaseModel, Field, model_validator

from zeroplant.errors import InputError, Problem
from zeroplant.units import Fraction, Hours, Money
from zeroplant.waist import Affine, Flow, Linear, Scope, affine, total_of
from zeroplant.waist.words import Size


class OnOff(BaseModel):
    """The fields of a machine that may be told to stand still below its least load."""

    on_off: bool = Field(
        False,
        description="true: it runs above its least load or stands still, and starting costs; a "
        "whole number per period, so a slower plan",
    )
    min_load: Fraction = Field(
        0.0, description="least load while it runs, a share of its rating; 0.2…0.5"
    )
    start_cost: Money = Field(0.0, ge=0, description="paid for each start")
    min_up: Hours = Field(0.0, ge=0, description="once started it runs at least this long")
    min_down: Hours = Field(0.0, ge=0, description="once stopped it rests at least this long")

    @model_validator(mode="after")
    def _only_if_it_may_stop(self) -> OnOff:
        asked = ["min_load", "start_cost", "min_up", "min_down"]
        given = [f"'{name}'" for name in asked if getattr(self, name)]
        if given and not self.on_off:
            needs = f"{' and '.join(given)} {'need' if len(given) > 1 else 'needs'}"
            message = f"{needs} whole numbers; write 'on_off: true' (a slower plan) or leave it out"
            raise ValueError(message)
        return self

    def commit(self, plant: Scope, flow: Linear, capacity: Affine) -> Flow | None:
        """The number of units that run in each period, or None for a machine without on and off."""
        if not self.on_off:
            return None
        return committed(
            plant,
            "units on",
            flow,
            capacity,
            least_share=self.min_load,
            start_cost=self.start_cost,
            min_up=self.min_up,
            min_down=self.min_down,
        )


def committed(
    plant: Scope,
    name: str,
    flow: Linear,
    capacity: Affine,
    *,
    least_share: float,
    start_cost: float = 0.0,
    min_up: float = 0.0,
    min_down: float = 0.0,
) -> Flow:
    """A whole number per period, 1 while ``flow`` runs between its least load and ``capacity``.

    ``least_share`` of ``capacity`` is the least load; ``start_cost`` is money per start;
    ``min_up`` and ``min_down`` are hours, rounded up to whole periods. Where the capacity is
    chosen in whole steps, the number counts the steps that run. What stood before the first
    period of a chain is free: it may have run, or rested, for long. The rule that ``flow`` stays
    below ``capacity`` is part of this. Raises InputError for a capacity without a largest size.
    """
    units, each, most = _units(capacity)
    on = plant.flow(name, cap=units, integer=True, unit="1", tags={"status"})
    plant.budget(f"{name}: at most", flow - most * on, at_most=0.0, over="period", unit="MW")
    if each is None and capacity.terms:  # one unit of a size yet unknown
        off = least_share * most * (1.0 - on)
        least = flow - capacity * least_share + off
        plant.budget(f"{name}: size", flow - capacity, at_most=0.0, over="period", unit="MW")
    else:
        least = flow - least_share * most * on
    if least_share:
        plant.budget(f"{name}: at least", least, at_least=0.0, over="period", unit="MW")
    hours = plant.axis.hours
    # A rule looks back at most as far as the chain is long.
    up = min(_periods(min_up, plant), plant.axis.periods)
    down = min(_periods(min_down, plant), plant.axis.periods - 1)
    if start_cost or max(up, down) > 1:
        starts = plant.flow(f"{name}: starts", cap=units / hours, unit="1/h", tags={"starts"})
        change = on - on.affine().shift(1) - hours * starts
        plant.budget(f"{name}: counted", change, at_most=0.0, over="period", unit="1")
        if start_cost:
            plant.line("starts", starts, start_cost, unit="start")
        if up > 1:
            started = _summed(starts, up) * hours
            rule = f"{name}: time up"
            plant.budget(rule, started - on, at_most=0.0, over="period", unit="1")
        if down > 1:
            rested = _summed(starts, down) * hours + on.affine().shift(down) - units
            rule = f"{name}: time down"
            plant.budget(rule, rested, at_most=0.0, over="period", unit="1")
    return on


def _units(capacity: Affine) -> tuple[Affine, float | None, float]:
    """How many units there are, the size of each if it is known, and the most one can be."""
    if not capacity.terms:
        size = float(capacity.constant)
        return affine(1.0), size, size
    only = capacity.terms[0].variable
    if not isinstance(only, Size) or len(capacity.terms) > 1 or capacity.constant:
        message = "only a given capacity or one size can be switched on and off"
        raise ValueError(message)
    step = float(capacity.terms[0].coefficient)
    if only.integer:
        return affine(only), step, step
    if math.isinf(only.upper):
        what = "on and off need a largest size"
        raise InputError(Problem(what, instead="write max beside min"))
    return affine(1.0), None, step * only.upper


def _periods(time: float, plant: Scope) -> int:
    """Whole periods that hold a time."""
    return math.ceil(time / plant.axis.hours - 1e-9)


def _summed(flow: Flow, periods: int) -> Affine:
    """The sum of a flow over the last ``periods`` periods, this one included."""
    return total_of(flow.affine().shift(back) for back in range(periods))


def ramped(
    plant: Scope,
    flow: Linear,
    capacity: Affine,
    rate: float,
    *,
    on: Flow | None = None,
    least_share: float = 0.0,
) -> None:
    """``flow`` changes by at most ``rate`` (1/h) of ``capacity`` in an hour.

    A unit that starts or stops may jump to or from its least load (``on`` is what `committed`
    gave); without that no plant with a least load above its ramp could ever start.
    """
    share = min(1.0, rate * plant.axis.hours)
    now, before = flow.affine(), flow.affine().shift(1)
    rise = now - before - capacity * share
    fall = before - now - capacity * share
    if on is not None and least_share > share:
        _, each, most = _units(capacity)
        jump = (least_share - share) * most
        running, ran = on.affine(), on.affine().shift(1)
        if each is not None:
            # A start that lets the rise jump binds the fall, and a stop the other way round: the
            # unit's size is known, so what it binds is never more than its own least load.
            switched = jump * (running - ran)
            rise, fall = rise - switched, fall + switched
        else:
            # Of a size yet unknown, `most` only says that a rule is off, so each side has its own:
            # the rise is free after standing still, the fall before it, both up to the least load.
            rise, fall = rise - jump * (1.0 - ran), fall - jump * (1.0 - running)
            least, rest = capacity * least_share, (1.0 - least_share) * most
            words: dict[str, Any] = {"at_most": 0.0, "over": "period", "unit": "MW"}
            plant.budget("start", now - least - rest * ran, **words)
            plant.budget("stop", before - least - rest * running, **words)
    plant.budget("rise", rise, at_most=0.0, over="period", unit="MW")
    plant.budget("fall", fall, at_most=0.0, over="period", unit="MW")
