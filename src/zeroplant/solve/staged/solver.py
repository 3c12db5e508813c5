"""The solver's front door: one programme, or many that differ in their numbers."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from zeroplant.axis import Floats
from zeroplant.processors import processors
from zeroplant.solve.answer import Answer
from zeroplant.solve.staged.certificate import contradicts_itself
from zeroplant.solve.staged.form import Declined, Form, NotConverged, in_time
from zeroplant.solve.staged.method import ATTEMPTS, Method, Start
from zeroplant.solve.staged.restore import Restorer
from zeroplant.solve.staged.rigid import Contradiction
from zeroplant.solve.staged.scaling import Scales, scaled
from zeroplant.solve.staged.standard import Origin, prices, standardise
from zeroplant.solve.staged.structure import Structure
from zeroplant.solve.staged.team import beside
from zeroplant.solve.staged.verdict import Verdict, nothing
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program

# Threads at most: more would wait for memory.
THREADS = min(processors(), 8)
# How a programme is scaled, one after the other (see `scaled`): by prices, which is quickest by
# far where they are sound; then by what sizes cap, in two ways.
SCALINGS = (None, 32.0, 1.0)
# A gap, relative to the money that moves, beyond which another scaling is tried: a tenth of what
# the check allows.
SHARP = 1e-7


@dataclass
class Standard:
    """A programme's standard form, the way back, and copies of the numbers it was made of.

    Costs are not among these: a programme that differs in them alone has the same form, but for
    its prices.
    """

    table: object
    numbers: list[Floats]
    form: Form
    origin: Origin

    @staticmethod
    def of(program: Program, matrix: MatrixProgram, before: Standard | None) -> Standard:
        """The form of a programme, from that before it where only costs differ."""
        numbers = [matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper]
        if (
            before is not None
            and before.table is matrix.matrix
            and not program.is_integer
            and all(map(np.array_equal, before.numbers, numbers))
        ):
            cost, price, offset = prices(before.origin, matrix)
            form = replace(before.form, cost=cost, price=price, offset=offset)
            return replace(before, form=form)
        form, origin = standardise(program, matrix)
        return Standard(matrix.matrix, [each.copy() for each in numbers], form, origin)


@dataclass(frozen=True)
class Begun:
    """How programmes alike are begun: how scaled, and where; and the one it was found with."""

    scales: Scales
    start: Start
    standard: Standard
    form: Form

    def form_of(self, standard: Standard) -> Form:
        """The scaled form of a programme."""
        if standard.numbers is self.standard.numbers:
            return self.scales.priced(self.form, standard.form)
        return self.scales.applied(standard.form)


class Staged:
    """Solves programmes one after the other; what they have in common is kept.

    Prices, bounds, right-hand sides and coefficients may change between them. Where that changes
    which variables or entries there are, the structure is made anew. A programme like the one
    before is begun from a point on the way to that one's answer. The entries of a programme's
    matrix must not be changed in place.
    """

    def __init__(self, *, threads: int = THREADS, keeps: bool = True) -> None:
        self.threads, self.keeps = threads, keeps
        self._structure: Structure | None = None
        self._standard: Standard | None = None
        self._method: Method | None = None
        self.begun: Begun | None = None

    def twin(self) -> Staged:
        """One that knows the same structure and start, with working arrays of its own."""
        other = Staged(threads=self.threads, keeps=self.keeps)
        other._standard = self._standard
        other.begin_like(self)
        return other

    def begin_like(self, other: Staged) -> None:
        """Know the structure and start of another, whatever was solved here since."""
        if self._structure is not other._structure:
            self._structure, self._method = other._structure, None
        self.begun = other.begun

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
        limit = np.inf if deadline is None else begin + deadline
        if contradicts_itself(matrix):
            return nothing(
                "infeasible", np.zeros_like(matrix.cost), np.zeros_like(matrix.row_lower)
            )
        in_time(limit)
        try:
            self._standard = standard = Standard.of(program, matrix, self._standard)
        except Contradiction as found:
            return nothing("infeasible", found.x, found.row_dual)
        # Numbers that run away are seen at the next point, which is then no better than the last.
        with np.errstate(all="ignore"):
            answer = self._again(standard, matrix, limit)
            if answer is None:
                answer = self._anew(standard, matrix, limit)
        answer.seconds = time.perf_counter() - begin
        return answer

    def _again(self, standard: Standard, matrix: MatrixProgram, limit: float) -> Answer | None:
        """The answer from where programmes alike are begun, if that leads to one that holds."""
        begun, known = self.begun, self._structure
        if begun is None or known is None or not known.fits(standard.form):
            return None
        method = self._method_for(begun.form_of(standard))
        try:
            found = method.again(begun.start, limit)
        except Declined:
            return None
        restorer = Restorer(matrix, standard.origin, begun.scales)
        answer = restorer.answer(found.point, found.iterations)
        return None if restorer.failures or restorer.gap > SHARP else answer

    def _anew(self, standard: Standard, matrix: MatrixProgram, limit: float) -> Answer:
        """The answer from a cold start, scaled in one way after the other until one is sharp.

        How sharp it is shows in the programme's own numbers: scales that suit them badly leave a
        gap there that was nothing in the scaled ones. A proof that there is no answer is sought
        once in each scaling: where an attempt was lost, or when all have failed.
        """
        self.begun, fair, gap = None, None, np.inf
        reason: Declined = NotConverged("not converged: no time was left")
        for near in SCALINGS:
            if time.perf_counter() >= limit:
                break
            (form, scales), _ = beside(
                partial(scaled, standard.form, near),
                partial(self._structure_for, standard.form),
                self.threads,
            )
            restorer = Restorer(matrix, standard.origin, scales)
            verdict = Verdict(form, restorer, limit)
            attempts = ATTEMPTS[1:] if near else ATTEMPTS[:2]
            try:
                in_time(limit)
                method = self._method_for(form)
                found = method.run(limit, attempts, keep=self.keeps, hopeless=verdict.is_hopeless)
                answer: Answer | None = restorer.answer(found.point, found.iterations)
                if restorer.failures:
                    answer, reason = None, NotConverged("; ".join(restorer.failures))
                elif method.start is not None:
                    self.begun = Begun(scales, method.start, standard, form)
            except NotConverged as failed:
                answer, reason = verdict.proven, failed
                if verdict.slight:
                    reason = Declined("rows contradict each other, by less than the check forgives")
                    break
            if answer is not None and (answer.status != "optimal" or restorer.gap <= SHARP):
                return answer
            if answer is not None and restorer.gap < gap:
                fair, gap = answer, restorer.gap
        if fair is None:
            raise reason
        return fair

    def _method_for(self, form: Form) -> Method:
        """The method with a form's numbers in it; its structure and arrays are kept if they fit."""
        structure, method = self._structure_for(form), self._method
        if method is None:
            method = self._method = Method(form, structure, self.threads)
        else:
            method.filled.take(form)
        return method

    def _structure_for(self, form: Form) -> Structure:
        """The structure of a form, scaled or not; one that does not fit is forgotten."""
        if self._structure is None or not self._structure.fits(form):
            self._structure, self._method = Structure(form), None
        return self._structure


def solve_staged(
    program: Program, matrix: MatrixProgram, *, deadline: float | None = None
) -> Answer:
    """Solve one linear programme whose columns and rows are tied along time; see `Staged.solve`."""
    return Staged(keeps=False).solve(program, matrix, deadline=deadline)


def solve_many(
    program: Program, matrices: Iterable[MatrixProgram], *, threads: int = THREADS
) -> Iterator[Answer | Declined]:
    """Answers of programmes alike but for their numbers, in order; several at a time.

    All use the structure of the first and are begun on the way to its answer, whichever thread
    finds theirs, and whatever that solved before. In the place of an answer that was not found
    stands the reason. Of ``matrices`` no more are taken than are at work or wait for their turn.
    """
    first, twins = Staged(threads=1), threading.local()

    def by(solver: Staged, matrix: MatrixProgram) -> Answer | Declined:
        try:
            return solver.solve(program, matrix)
        except Declined as declined:
            return declined

    def one(matrix: MatrixProgram) -> Answer | Declined:
        if not hasattr(twins, "solver"):
            twins.solver = first.twin()
        twins.solver.begin_like(first)
        return by(twins.solver, matrix)

    rest = iter(matrices)
    for matrix in rest:
        yield by(first, matrix)
        break
    with ThreadPoolExecutor(threads) as pool:
        found: deque[Future[Answer | Declined]] = deque()
        try:
            for matrix in rest:
                found.append(pool.submit(one, matrix))
                if len(found) == 2 * threads:
                    yield found.popleft().result()
            while found:
                yield found.popleft().result()
        finally:  # nobody may want the rest
            for each in found:
                each.cancel()
