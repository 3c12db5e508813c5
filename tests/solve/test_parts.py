"""Programmes cut where nothing hangs together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.test_calm import sunny
from zeroplant.solve import solve
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.hipo import solve_hipo
from zeroplant.solve.parts import parts
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram


def beside(network: Network, load: float) -> Network:
    """The network with a house beside it that buys by a meter of its own."""
    house = network.node("house")
    network.flow("bought", give=house, cap=50.0, cost=70.0)
    network.flow("wanted", take=house, fixed=load)
    network.store(
        "tank",
        fill={network.flow("into", take=house, cap=3.0): 0.9},
        drain={network.flow("out", give=house, cap=3.0): 1.0},
        cap=6.0,
    )
    return network


def matrix_of(network: Network) -> MatrixProgram:
    return assemble(compile_network(network))


def test_what_hangs_together_stays_whole() -> None:
    """*Proves:* one plant is one part, row for row and column for column."""
    matrix = matrix_of(sunny(24)[0])
    (part,) = parts(matrix)
    assert part.program is matrix
    assert (part.rows == np.arange(len(matrix.row_lower))).all()
    assert (part.columns == np.arange(len(matrix.cost))).all()


def test_parts_have_everything_once_and_add_up_to_the_optimum() -> None:
    """*Proves:* a house with a meter of its own is a part; every row and column is in one part;
    the parts' optima add up to that of the whole. *A wrong answer would be:* a row lost.
    """
    matrix = matrix_of(beside(sunny(48)[0], 5.0))
    found = parts(matrix)
    assert len(found) == 2
    for all_, count in (("rows", len(matrix.row_lower)), ("columns", len(matrix.cost))):
        together = np.concatenate([getattr(part, all_) for part in found])
        assert (np.sort(together) == np.arange(count)).all()
    alone = [HighsModel(part.program).solve().objective for part in found]
    whole = HighsModel(matrix).solve()
    assert sum(alone) + matrix.offset == pytest.approx(whole.objective, rel=1e-9)
    assert min(abs(value) for value in alone) > 1.0


def test_crumbs_go_with_the_largest() -> None:
    """*Proves:* what is small beside the whole makes no solve of its own: a hundred flows that
    stand in no row stay with the plant.
    """
    matrix = matrix_of(sunny(24)[0])
    rows, columns = matrix.matrix.shape
    wider = matrix.matrix.copy()
    wider.resize(rows, columns + 100)
    values = {"cost": 1.0, "lower": 0.0, "upper": 1.0, "integer": False}
    more = {k: np.append(getattr(matrix, k), [v] * 100) for k, v in values.items()}
    (part,) = parts(replace(matrix, matrix=wider, **more))
    assert len(part.columns) == columns + 100


def test_each_part_is_solved_and_put_in_its_place() -> None:
    """*Proves:* a long plant with a house beside it has on HiPO the answer of the staged solver,
    which knows of no parts. *A wrong answer would be:* the house's flows at the plant.
    """
    network = beside(sunny(1200)[0], 5.0)
    found = solve(network, solver="highs")
    assert found.solver == "highs (hipo)"
    other = solve(beside(sunny(1200)[0], 5.0), solver="staged")
    assert found.objective == pytest.approx(other.objective, rel=1e-6)


def test_a_part_without_an_answer_leaves_none() -> None:
    """*Proves:* a house that wants more than its meter gives makes the whole infeasible."""
    network = beside(sunny(1200)[0], 60.0)
    stages = compile_network(network)
    assert solve_hipo(stages, assemble(stages), None) is None
