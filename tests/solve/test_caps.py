"""Caps that grow with sizes, in fewer rows: the same optimum, proved without the rows left out."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from zeroplant.axis import Axis
from zeroplant.solve import hipo
from zeroplant.solve.answer import Answer
from zeroplant.solve.caps import Caps, each, taking_turns
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.hipo import solve_hipo
from zeroplant.solve.staged.form import Form
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program

HOURS = 720


def harbour(*, sold: float = 200.0, wear: float = 30.0) -> Network:
    """Sun, a battery and a connection of chosen size; what is ``sold`` brings so much a MWh."""
    axis = Axis(datetime(2025, 1, 1, tzinfo=UTC), HOURS)
    net = Network(axis)
    park = net.node("park")
    light = np.clip(np.sin((axis.hour_of_day - 6) / 12 * np.pi), 0, None)
    prices = np.where(axis.hour_of_day < 8, 250.0, 600.0)
    power, energy, line = (net.size(name, upper=60.0) for name in ("power", "energy", "line"))
    net.line("battery", "power", power, 20.0, unit="MW", kind="investment")
    net.line("battery", "energy", energy, 60.0, unit="MWh", kind="investment")
    net.line("line", "line", line, 900.0, unit="MW", kind="investment")
    net.flow("load", take=park, fixed=10.0)
    net.flow("sun", give=park, cap=40.0 * light, role="generation")
    charge = net.flow("charge", take=park, cap=power)
    discharge = net.flow("discharge", give=park, cap=power, cost=wear)
    net.store("level", fill={charge: 0.93}, drain={discharge: 1 / 0.93}, cap=energy)
    bought = net.flow("bought", give=park, cap=line, cost=prices)
    green = net.flow("green", give=park, cap=line, cost=prices + 30.0)
    net.flow("sold", take=park, cap=line, cost=-sold)
    both = bought.affine() + green - line
    net.budget("both", both, at_most=0.0, over="period", unit="MW")
    return net


def stages_of(network: Network) -> tuple[Program, MatrixProgram, Form]:
    """A network as stages, as one matrix, and as the scaled standard form."""
    stages = compile_network(network)
    matrix = assemble(stages)
    return stages, matrix, scaled(standardise(stages, matrix)[0])[0]


def tried(network: Network, monkeypatch: pytest.MonkeyPatch) -> tuple[Answer, list[int]]:
    """HiPO's answer, which must hold, and of each attempt how many rows its caps had."""
    stages, matrix, _ = stages_of(network)
    rows, ordered = [], hipo.ordered

    def counting(form: Form, caps: Caps) -> object:
        rows.append(len(caps.lead))
        return ordered(form, caps)

    monkeypatch.setattr(hipo, "ordered", counting)
    found = solve_hipo(stages, matrix, None)
    assert found is not None
    assert check(matrix, found).failures() == []
    simplex = HighsModel(matrix).solve()
    assert found.objective == pytest.approx(simplex.objective, rel=1e-6)
    return found, rows


def test_a_battery_takes_turns_and_two_imports_need_no_caps() -> None:
    """*Proves:* of the caps on charging, discharging, the level, two imports and selling, six an
    hour, those on the imports follow from the rule on both, and charging and discharging share a
    row. *A wrong answer would be:* the level joined as well, which no cap but its own keeps.
    """
    _, _, form = stages_of(harbour())
    single = each(form)
    joint = taking_turns(form, single)
    assert (np.diff(form.U.indptr) > 0).sum() == 6 * HOURS
    assert len(single.lead) == 4 * HOURS
    assert len(joint.lead) == 3 * HOURS
    assert (joint.partner >= 0).sum() == HOURS


def test_the_optimum_is_that_of_each_cap_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* the narrower programme's answer holds, at once, for the programme as it was, with
    the simplex method's objective and prices that prove it. *A wrong answer would be:* one cap
    without a price where the battery's power is short.
    """
    _, rows = tried(harbour(), monkeypatch)
    assert rows == [3 * HOURS]


def test_where_burning_pays_each_cap_has_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* who must pay to give power away burns it in a battery, in and out at once; the
    narrower programme forbids that, its prices show so, and the answer is the one that burns.
    *A wrong answer would be:* the narrower one's, which costs more.
    """
    network = harbour(sold=-900.0)
    network.flow("must run", give=network.nodes[0], fixed=30.0)
    found, rows = tried(network, monkeypatch)
    assert rows == [3 * HOURS, 4 * HOURS]
    charge, discharge = (found.x[place * HOURS : (place + 1) * HOURS] for place in (2, 3))
    assert np.minimum(charge, discharge).max() > 1.0


def test_what_costs_nothing_does_not_take_turns() -> None:
    """*Proves:* a battery without wear may burn what is worth nothing, so it keeps both its caps;
    a rule that allows only so many cycles makes it take turns. *A wrong answer would be:* a guess
    that must be taken back each time, at the price of a second solve.
    """
    free = harbour(wear=0.0)
    _, _, form = stages_of(free)
    assert len(taking_turns(form, each(form)).lead) == 4 * HOURS
    free.budget("cycles", free.flows[3] - 20.0 * free.sizes[1].affine(), at_most=0.0)
    _, _, form = stages_of(free)
    assert len(taking_turns(form, each(form)).lead) == 3 * HOURS


def test_who_bears_what_a_shared_row_presses() -> None:
    """*Proves:* of a row that presses 6 on x + 2 y ≤ 3 p, x in use: y, which needs 4 of its own,
    bears 4, and x the other 6 − 4 / 2. *A wrong answer would be:* 6 and 12, twice the push.
    """
    caps = Caps(np.array([0, 2]), np.array([1, -1]), np.array([2.0, 0.0]), 3)
    force = caps.forces(np.array([2.5, 0.1, 1.0]), np.array([5.0, 4.0, 0.0]), np.array([6.0, 7.0]))
    assert force == pytest.approx([4.0, 4.0, 7.0])
    assert caps.left.toarray() == pytest.approx(np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 1.0]]))
