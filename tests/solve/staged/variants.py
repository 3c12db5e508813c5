"""Random programmes made awkward: flat, zero and negative prices, closed caps, other units.

They start from random plants and change plain arrays, so that they reach corners that no
sensible plant reaches. Some have no answer, or earn without limit: HiGHS says which.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from hypothesis import strategies as st

from tests.waist.plants import ONE_CHAIN, plants
from zeroplant.axis import Axis, Chain
from zeroplant.waist import Network
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.program import Column, Program

TWO_CHAINS = (Chain("dry", 0.3), Chain("wet", 0.7))


def island(periods: int) -> Network:
    """Wind of a free size, a cyclic battery, a dear engine and a load, as far as one can see."""
    random = np.random.default_rng(7)
    net = Network(Axis(datetime(2025, 1, 1, tzinfo=UTC), periods))
    bus = net.node("bus")
    wind, energy = net.size("wind", upper=100.0), net.size("energy", upper=100.0)
    net.line("wind", "annuity", wind, 30.0 * periods, unit="MW", kind="investment")
    net.line("battery", "annuity", energy, 2.0 * periods, unit="MWh", kind="investment")
    net.flow("output", give=bus, cap=random.uniform(0.0, 1.0, periods) * wind)
    engine = net.flow("engine", give=bus, cap=20.0)
    net.line("engine", "fuel", engine, random.uniform(80.0, 120.0, periods), kind="running")
    charge = net.flow("charge", take=bus, cap=0.5 * energy)
    discharge = net.flow("discharge", give=bus, cap=0.5 * energy)
    net.store("level", fill={charge: 0.9}, drain={discharge: 1 / 0.9}, cap=energy)
    net.flow("load", take=bus, fixed=random.uniform(2.0, 10.0, periods), role="load")
    return net


@st.composite
def programs(draw: st.DrawFn, *, awkward: bool = True) -> Program:
    """A random linear programme of one or two chains."""
    chains = draw(st.sampled_from([ONE_CHAIN, TWO_CHAINS]))
    program = compile_network(draw(plants(chains=chains, whole=False)))
    if not awkward:
        return program
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    prices = draw(st.sampled_from(["as they are", "zero", "flat", "rounded", "lower"]))
    for column in program.columns:
        _reprice(column, prices)
    if draw(st.booleans()) and program.columns:
        _close(program.columns[random.integers(len(program.columns))])
    sizes = program.sizes
    if len(sizes.cost) and draw(st.booleans()):
        sizes.cost = np.where(random.random(len(sizes.cost)) < 0.5, 0.0, sizes.cost)
    if len(sizes.cost) and draw(st.booleans()):
        sizes.upper = np.where(random.random(len(sizes.cost)) < 0.5, np.inf, sizes.upper)
    if len(program.budgets.names) and draw(st.booleans()):
        program.budgets.upper = program.budgets.upper * draw(st.sampled_from([0.3, 3.0]))
    return _in_units(program, draw(st.sampled_from([1.0, 1e-3, 1e4])))


def _reprice(column: Column, how: str) -> None:
    if how == "zero":
        column.cost = np.zeros_like(column.cost)
    elif how == "flat":
        column.cost = np.full_like(column.cost, column.cost.mean())
    elif how == "rounded":
        column.cost = np.round(column.cost, -2)
    elif how == "lower":
        column.cost = column.cost - 2.0


def _close(column: Column) -> None:
    """Nothing may flow; what was forced to flow makes the programme impossible."""
    column.upper, column.cap = np.minimum(column.upper, 0.0), None


def _in_units(program: Program, factor: float) -> Program:
    """All quantities in a unit that is ``factor`` times smaller; money stays."""
    columns = [
        replace(c, cost=c.cost / factor, lower=c.lower * factor, upper=c.upper * factor)
        for c in program.columns
    ]
    rows = [replace(r, lower=r.lower * factor, upper=r.upper * factor) for r in program.rows]
    s, b = program.sizes, program.budgets
    sizes = replace(s, cost=s.cost / factor, lower=s.lower * factor, upper=s.upper * factor)
    budgets = replace(b, lower=b.lower * factor, upper=b.upper * factor)
    return replace(program, columns=columns, rows=rows, sizes=sizes, budgets=budgets)
