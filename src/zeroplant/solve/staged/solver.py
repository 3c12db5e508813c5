"""The solver's front door: one programme, or many that differ in their numbers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from zeroplant.solve.answer import Answer
from zeroplant.solve.staged.certificate import contradicts_itself
from zeroplant.solve.staged.form import Declined, Form, NotConverged
from zeroplant.solve.staged.method import ATTEMPTS, Attempt, Found, Method
from zeroplant.solve.staged.restore import Restorer
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.solve.staged.structure import Structure
from zeroplant.solve.staged.verdict import verdict
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program

# Threads at most: more would wait for memory.
THREADS = min(os.cpu_count() or 1, 8)
# How a programme is scaled, one after the other (see `scaled`): by prices, which is quickest by
# far where they are sound; then by what sizes cap, in two ways.
SCALINGS = (None, 32.0, 1.0)


class Staged:
    """Solves programmes one after the other; what their patterns have in common is kept.

    Prices, bounds, right-hand sides and coefficients may change between them. Where that changes
    which variables or entries there are, the structure is made anew.
    """

    def __init__(self, *, threads: int = THREADS) -> None:
        self.threads = threads
        self._structure: Structure | None = None

    def solve(
        self, program: Program, matrix: MatrixProgram, *, deadline: float | None = None
    ) -> Answer:
        """The answer in the columns and rows of ``matrix``.

        That is the programme as `assemble` lays it out, but may have other numbers in the same
        places. The answer may be that it is infeasible or unbounded, with a proof that holds in
        the programme's own terms. Raises Declined, saying why, for what the method does not take
        (whole numbers, very many sizes and rules) and when it does not converge within
        ``deadline`` seconds.
        """
        begin = time.perf_counter()
        if contradicts_itself(matrix):
            nothing = np.zeros_like(matrix.cost), np.zeros_like(matrix.row_lower)
            return Answer("infeasible", "staged", 0.0, *nothing, np.inf, np.inf)
        whole, origin = standardise(program, matrix)

        def left() -> float | None:
            return None if deadline is None else deadline - (time.perf_counter() - begin)

        # Numbers that run away are seen at the next point, which is then no better than the last.
        with np.errstate(all="ignore"):
            for near in SCALINGS:
                form, scales = scaled(whole, near)
                restorer = Restorer(matrix, origin, scales)
                try:
                    found = self._iterate(form, left(), ATTEMPTS if near else ATTEMPTS[:1])
                    answer: Answer | None = restorer.answer(found.point, found.iterations)
                except NotConverged as failed:
                    answer, reason = verdict(form, restorer, left()), failed
                if answer is not None:
                    answer.seconds = time.perf_counter() - begin
                    return answer
        raise reason

    def _iterate(self, form: Form, deadline: float | None, attempts: Sequence[Attempt]) -> Found:
        method = Method(form, self._structure_for(form), self.threads)
        try:
            return method.run(deadline, attempts)
        finally:
            method.newton.team.close()

    def _structure_for(self, form: Form) -> Structure:
        known = self._structure
        if known is None or not known.fits(form):
            known = self._structure = Structure(form)
        return known


def solve_staged(
    program: Program, matrix: MatrixProgram, *, deadline: float | None = None
) -> Answer:
    """Solve one linear programme whose columns and rows are tied along time; see `Staged.solve`."""
    return Staged().solve(program, matrix, deadline=deadline)


def solve_many(
    program: Program, matrices: Iterable[MatrixProgram], *, threads: int = THREADS
) -> Iterator[Answer | Declined]:
    """Answers of programmes alike but for their numbers, in order; several at a time.

    In the place of an answer that was not found stands the reason.
    """
    solver = Staged(threads=1)

    def one(matrix: MatrixProgram) -> Answer | Declined:
        try:
            return solver.solve(program, matrix)
        except Declined as declined:
            return declined

    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(one, matrices)
