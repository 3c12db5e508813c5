"""The six words of the waist, as they were declared: plain records without behaviour.

`Axis` is the first word and has a file of its own. Variables know their place among their kind
(``index``); everything else about them is a number, a series or an expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from zeroplant.axis import Floats, Ints
from zeroplant.waist.linear import Affine, Value, Variable

Kind = Literal[
    "investment", "fixed", "running", "purchase", "charge", "revenue", "emission", "penalty", "risk"
]
UNPAID = ("penalty", "risk")
"""Kinds of lines in nobody's purse: wishes that are priced, and what uncertainty counts for."""
Role = Literal[
    "",
    "generation",
    "import",
    "export",
    "load",
    "unserved",
    "charge",
    "discharge",
    "spill",
    "conversion",
    "transfer",
]


@dataclass(eq=False)
class Node:
    """A balance that closes in every period: what flows give equals what flows take.

    Its dual is the price of the carrier there, in money per ``unit``·h.
    """

    index: int
    name: str
    carrier: str = "electricity"
    unit: str = "MW"


@dataclass(eq=False)
class Size(Variable):
    """A number chosen for the whole horizon, or one for each group of stages (``groups``).

    ``groups`` gives for each stage the element that applies there: a monthly peak, for example.
    ``first`` is the place of its first element among all size columns.
    """

    first: int
    count: int
    name: str
    lower: float
    upper: float
    integer: bool = False
    groups: Ints | None = None
    unit: str = "MW"
    who: str = ""

    @property
    def elements(self) -> slice:
        """Its places among all size columns."""
        return slice(self.first, self.first + self.count)


@dataclass(eq=False)
class Flow(Variable):
    """A rate per period, ``floor`` ≤ flow ≤ ``cap``; gives to and takes from nodes.

    ``delay`` holds, for nodes the flow reaches later, the delay in hours. ``role`` and ``tags``
    say what it is for rules and reports; the solver does not read them, nor ``rough``: parts of
    its greatest value between which it must not stay, which is heeded when it is told what to do.
    """

    index: int
    name: str
    give: Mapping[Node, Value]
    take: Mapping[Node, Value]
    cap: Affine
    floor: Affine
    delay: Mapping[Node, float] = field(default_factory=dict)
    integer: bool = False
    unit: str = "MW"
    role: Role = ""
    tags: frozenset[str] = frozenset()
    who: str = ""
    rough: tuple[tuple[float, float], ...] = ()


@dataclass(eq=False)
class Store(Variable):
    """A level at the end of each period, carried to the next one.

    ``level[t] = keep·level[t-1] + hours·(Σ fill·flow − Σ drain·flow + inflow[t])``, with
    ``floor`` ≤ level ≤ ``cap``. ``start`` is the level before the first period, or "cyclic".
    """

    index: int
    name: str
    fill: Mapping[Flow, Value]
    drain: Mapping[Flow, Value]
    cap: Affine
    floor: Affine
    keep: Value = 1.0
    inflow: Value = 0.0
    start: Affine | Literal["cyclic"] = "cyclic"
    unit: str = "MWh"
    who: str = ""


@dataclass(eq=False)
class Budget:
    """A linear rule: ``at_least`` ≤ Σ over each group ≤ ``at_most``.

    Flows and levels count with the hours in ``weight`` (MW become MWh); sizes and constants count
    once in each group. Without ``weight`` the groups are single stages and nothing is integrated.
    ``slack`` measures how far the rule is broken, if it may be.
    """

    index: int
    count: int
    name: str
    expression: Affine
    at_least: Floats
    at_most: Floats
    groups: Ints
    weight: Floats | None
    unit: str = "MWh"
    slack: Size | Flow | None = None
    who: str = ""

    @property
    def integrates(self) -> bool:
        """Whether it sums over spans of several stages."""
        return self.weight is not None


@dataclass(eq=False)
class Line:
    """One line of the ledger: who pays whom for what; the objective is the sum of all lines.

    ``quantity`` is an expression; flows and levels in it are integrated over the horizon, sizes
    and constants count once. ``price`` is money per ``unit``. ``sign`` is −1 for money received.
    """

    who: str
    what: str
    kind: Kind
    quantity: Affine
    price: Value
    unit: str
    to: str
    sign: float


def unit_price(line: Line) -> Value:
    """What one unit of the line adds to the objective."""
    return line.sign * line.price


@dataclass(frozen=True)
class Investment:
    """What a line of kind "investment" stands for: the purchase behind the yearly annuity.

    ``overnight`` is money per ``unit`` of size, ``life`` years, ``rate`` the yearly interest,
    ``fade`` the yearly loss of output. ``asset_class`` decides how it is written down for tax.
    """

    line: Line
    overnight: float
    life: float
    rate: float
    fade: float = 0.0
    asset_class: str = "default"


@dataclass(frozen=True)
class Deferred:
    """A charge that is waived in the plan's year and comes back in a later one.

    It is in no ledger; the cash flow pays it from the calendar year ``year`` on: ``price``, money
    per MW and month, on a capacity or on each month's highest ``power``.
    """

    who: str
    what: str
    power: Affine
    price: float
    year: int
