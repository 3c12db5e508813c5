"""The front door: one structure for many programmes, and any number of threads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.solve.staged.variants import island
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import require
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import Staged, solve_many, solve_staged
from zeroplant.solve.staged import solver as solver_module
from zeroplant.solve.staged.form import Form
from zeroplant.solve.staged.structure import Structure
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program


def futures(count: int) -> tuple[Program, list[MatrixProgram]]:
    """An island whose fuel has another price in every future."""
    program = compile_network(island(240))
    matrix, draw = assemble(program), np.random.default_rng(5)
    factors = draw.uniform(0.5, 2.0, (count, len(matrix.cost)))
    return program, [replace(matrix, cost=matrix.cost * each) for each in factors]


def test_many_futures_are_solved_like_each_alone() -> None:
    """*Proves:* with one structure, two at a time, in order: the same answers to the last bit, and
    they cost what HiGHS says. *A wrong answer would be:* numbers of one future in another.
    """
    program, matrices = futures(5)
    answers = list(solve_many(program, matrices, threads=2))
    for matrix, answer in zip(matrices, answers, strict=True):
        assert isinstance(answer, Answer)
        require(matrix, answer)
        assert np.array_equal(answer.x, solve_staged(program, matrix).x)
        expected = HighsModel(matrix).solve().objective
        assert answer.objective == pytest.approx(expected, rel=1e-7)


def test_the_structure_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* other prices and loads need no new structure; another plant does."""
    made = []

    def counted(form: Form) -> Structure:
        made.append(form)
        return Structure(form)

    monkeypatch.setattr(solver_module, "Structure", counted)
    solver, (program, matrices) = Staged(), futures(3)
    for matrix in matrices:
        solver.solve(program, matrix)
    louder = replace(matrices[0], lower=1.01 * matrices[0].lower, upper=1.01 * matrices[0].upper)
    solver.solve(program, louder)
    assert len(made) == 1
    other = compile_network(island(100))
    require(assemble(other), solver.solve(other, assemble(other)))
    assert len(made) == 2


def test_threads_change_nothing() -> None:
    """*Proves:* over 1,200 periods (two groups of segments) answers agree to the last bit."""
    program = compile_network(island(1200))
    matrix = assemble(program)
    alone, together = (Staged(threads=count).solve(program, matrix) for count in (1, 3))
    assert np.array_equal(alone.x, together.x)
    assert np.array_equal(alone.row_dual, together.row_dual)
