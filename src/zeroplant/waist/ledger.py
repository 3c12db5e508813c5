"""The ledger of an answer: every line's quantity, price and amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.waist.linear import Linear
from zeroplant.waist.words import Kind, Line, Size, unit_price


@dataclass(frozen=True)
class Entry:
    """One ledger line with its outcome over the whole horizon.

    ``amount`` is money that ``who`` pays ``to`` somebody, negative where it is received;
    ``price`` the mean price per ``unit``. Amounts of kind "penalty" are in the objective and in
    no purse: they price unserved energy and broken rules. Nor are those of kind "risk", by which
    bad outcomes count for more than their probability.
    """

    who: str
    what: str
    kind: Kind
    quantity: float
    unit: str
    price: float
    amount: float
    to: str


class Values(Protocol):
    """Anything that knows the value of an expression."""

    def value(self, thing: Linear) -> Floats:
        """Values over stages, or of the elements of a size."""


def entry(line: Line, values: Values, axis: Axis) -> Entry:
    """Quantity and amount of one line."""
    unit = unit_price(line)
    quantity = float(np.sum(line.quantity.constant))
    amount = float(np.sum(unit * line.quantity.constant))
    for term in line.quantity.terms:
        weight: float | Floats = 1.0 if isinstance(term.variable, Size) else axis.weight
        integral = term.coefficient * (values.value(term.variable) * weight)
        quantity += float(integral.sum())
        amount += float((unit * integral).sum())
    price = line.sign * amount / quantity if quantity else float(np.mean(line.price))
    return Entry(line.who, line.what, line.kind, quantity, line.unit, price, amount, line.to)


def amounts(line: Line, values: Values, axis: Axis) -> Floats:
    """Money of one line in each stage, shape (stages,); zero everywhere for lines of sizes."""
    total = np.zeros(axis.stages)
    for term in line.quantity.terms:
        if not isinstance(term.variable, Size):
            total += unit_price(line) * term.coefficient * values.value(term.variable) * axis.weight
    return total
