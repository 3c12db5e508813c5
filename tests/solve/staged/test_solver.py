"""The front door: one structure for many programmes, and any number of threads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.solve.staged.variants import island
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import require
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import Staged, solve_many
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
    """*Proves:* with one structure and one start, two at a time, in order: the same answers to the
    last bit as one at a time, and they cost what HiGHS says. *A wrong answer would be:* numbers of
    one future in another.
    """
    program, matrices = futures(5)
    answers = list(solve_many(program, matrices, threads=2))
    alone = solve_many(program, matrices, threads=1)
    for matrix, answer, other in zip(matrices, answers, alone, strict=True):
        assert isinstance(answer, Answer)
        assert isinstance(other, Answer)
        require(matrix, answer)
        assert np.array_equal(answer.x, other.x)
        expected = HighsModel(matrix).solve().objective
        assert answer.objective == pytest.approx(expected, rel=1e-7)


def test_a_future_of_another_pattern_changes_no_other() -> None:
    """*Proves:* the same bits from any number of threads, though one future has an hour closed.

    A wrong answer would be: a structure that one future leaves behind, from which the next one on
    that thread cannot be begun where all others are.
    """
    program, matrices = futures(7)
    shut = matrices[0].upper.copy()
    shut[np.flatnonzero(shut == 20.0)[5]] = 0.0  # the engine rests for an hour
    matrices[1] = replace(matrices[0], upper=shut)
    alone = list(solve_many(program, matrices, threads=1))
    for threads in (1, 2, 2, 3):
        together = solve_many(program, matrices, threads=threads)
        for one, other in zip(alone, together, strict=True):
            assert isinstance(one, Answer)
            assert isinstance(other, Answer)
            assert (one.iterations, one.x.tobytes()) == (other.iterations, other.x.tobytes())
    apart = list(solve_many(program, [matrices[0], *matrices[2:]], threads=1))
    for one, other in zip([alone[0], *alone[2:]], apart, strict=True):
        assert isinstance(one, Answer)
        assert isinstance(other, Answer)
        assert one.x.tobytes() == other.x.tobytes()


def test_futures_are_made_as_they_are_needed() -> None:
    """Of many futures, no more are in memory than are worked off or wait for their turn."""
    program, matrices = futures(12)
    taken: list[int] = []

    def one_by_one() -> Iterator[MatrixProgram]:
        for each, matrix in enumerate(matrices):
            taken.append(each)
            yield matrix

    for given, _ in enumerate(solve_many(program, one_by_one(), threads=1), 1):
        assert len(taken) <= given + 2
    assert len(taken) == len(matrices)


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


def test_a_programme_alike_is_begun_where_the_first_was_halfway() -> None:
    """Other prices, then other bounds: the same optimum as from a cold start, by the same solver.

    A wrong answer would be: prices or bounds of the programme before, an answer that depends on
    what was solved in between, or a start that is never used.
    """
    program = compile_network(island(96))
    matrix, solver = assemble(program), Staged(threads=1)
    solver.solve(program, matrix)
    base = solver.begun
    assert base is not None
    random = np.random.default_rng(5)
    dearer = replace(matrix, cost=matrix.cost * random.uniform(0.8, 1.2, len(matrix.cost)))
    twin, answer = solver.twin(), solver.solve(program, dearer)
    assert solver.begun is base
    np.testing.assert_array_equal(twin.solve(program, dearer).x, answer.x)
    most = matrix.upper.copy()
    most[-2:] = 12.0
    for other in (dearer, replace(matrix, upper=most), matrix):
        answer = solver.solve(program, other)
        require(other, answer)
        assert answer.objective == pytest.approx(HighsModel(other).solve().objective, rel=1e-7)


def test_what_cannot_be_begun_alike_is_begun_anew() -> None:
    """A bound that was none, and a programme without an answer, do not spoil what comes next."""
    program = compile_network(island(96))
    matrix, solver = assemble(program), Staged(threads=1)
    expected = solver.solve(program, matrix).objective
    free = replace(matrix, upper=np.where(np.isfinite(matrix.upper), matrix.upper, 50.0))
    require(free, solver.solve(program, free))
    narrow = matrix.upper.copy()
    narrow[-2:] = 0.0
    closed = replace(matrix, upper=narrow)
    want = HighsModel(closed).solve()
    got = solver.solve(program, closed)
    assert got.status == want.status
    assert solver.solve(program, matrix).objective == pytest.approx(expected, rel=1e-8)
