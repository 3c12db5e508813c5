"""Two flows of which only one may run at a time."""

from __future__ import annotations

import math

from zeroplant.errors import InputError, Problem
from zeroplant.units import SizeRange
from zeroplant.waist import Linear, Scope


def one_at_a_time(
    plant: Scope, name: str, first: Linear, second: Linear, capacity: float | SizeRange
) -> None:
    """Either ``first`` or ``second`` in each period, never both; each up to ``capacity``.

    A linear plan needs this only where running both earns money: a battery under a negative
    price (its losses are paid for), a connection that exports dearer than it imports. It costs a
    whole number per period, so it is asked for, never assumed. ``name`` is a flow of 1 while
    ``first`` may run. Raises InputError for a capacity without a largest size.
    """
    most = capacity.max if isinstance(capacity, SizeRange) else capacity
    if math.isinf(most):
        what = "running one way at a time needs a largest size"
        raise InputError(Problem(what, instead="write max beside min"))
    turn = plant.flow(name, cap=1.0, integer=True, unit="1")
    plant.budget(f"only while {name}", first - most * turn, at_most=0.0, over="period")
    plant.budget(f"not while {name}", second + most * turn, at_most=most, over="period")
