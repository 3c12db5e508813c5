"""From the method's point back to an answer: no crumbs, and nothing that rows cannot bear."""

from __future__ import annotations

import numpy as np

from tests.solve.staged.variants import island
from tests.solve.staged.verdicts import pair
from zeroplant.solve.check import check
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import solve_staged
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network


def test_what_an_optimum_has_on_a_bound_is_exactly_there() -> None:
    """*Proves:* where HiGHS's vertex has a flow at zero, the interior answer has it there too, or
    well away from it where several answers cost the same; the check still holds with room.
    *A wrong answer would be:* 1e-9 MWh unserved in every hour, or a sweep that unbalances rows.
    """
    program = compile_network(island(480))
    matrix = assemble(program)
    answer, vertex = solve_staged(program, matrix), HighsModel(matrix).solve()
    found = check(matrix, answer)
    assert not found.failures()
    assert found.rows <= 2e-7
    none = vertex.x == 0.0
    crumbs = (answer.x > 0.0) & (answer.x < 1e-6)
    assert none.sum() >= 500
    assert (answer.x[none] == 0.0).mean() >= 0.8
    assert not crumbs.any()
    assert np.abs(answer.objective - vertex.objective) <= 1e-7 * abs(vertex.objective)


def test_awkward_plants_are_not_handed_over() -> None:
    """*Proves:* plants whose sizes cost next to nothing (167, 11953), with few prices a thousand
    times the others (1109, 10555), in mixed units (114, 10199) converge by another scaling.
    *A wrong answer would be:* another objective than HiGHS's, or a hand-over.
    """
    for seed in (114, 167, 1109, 10199, 10555, 11953):
        found = pair(seed)
        assert not found.wrong, f"plant {seed}: {found.wrong}"
        assert found.staged.status == "optimal", f"plant {seed}: {found.staged.why}"


def test_scales_that_leave_a_gap_in_the_plants_own_numbers_are_not_the_last() -> None:
    """*Proves:* an answer whose gap is nothing in scaled numbers, but 4e-7 in the plant's own
    (6193), is sought again with other scales. *A wrong answer would be:* an objective off by 1e-6.
    """
    for seed in (5145, 6193):
        assert pair(seed).error <= 1e-7, f"plant {seed}"
