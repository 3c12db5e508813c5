"""The staged solver beside HiGHS, which we did not write, on random and on real programmes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.shared import ROOT, shared_data
from tests.solve.staged.variants import programs
from zeroplant.bench.published import model_energy, storage_investment
from zeroplant.plant import build, load_plant
from zeroplant.solve.answer import Answer
from zeroplant.solve.check import check, require
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import Declined, solve_staged
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.network import Network
from zeroplant.waist.program import Program

RANDOM = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def reference(matrix: MatrixProgram) -> Answer:
    """HiGHS's answer: its usual tolerances are coarse where quantities are thousandths.

    Where quantities are large it finds none with tolerances as tight as these.
    """
    tight = {f"{side}_feasibility_tolerance": 1e-10 for side in ("primal", "dual")}
    answer = HighsModel(matrix, **tight).solve(deadline=20.0)
    return answer if answer.status == "optimal" else HighsModel(matrix).solve()


def apart(answer: Answer, other: Answer) -> float:
    """Relative difference of two objectives."""
    return abs(answer.objective - other.objective) / (1.0 + abs(other.objective))


def solved(network: Network) -> tuple[Answer, Program, MatrixProgram]:
    """The staged solver's checked answer."""
    program = compile_network(network)
    matrix = assemble(program)
    answer = solve_staged(program, matrix)
    require(matrix, answer)
    return answer, program, matrix


@RANDOM
@given(program=programs(awkward=False))
def test_random_plants_cost_what_highs_says(program: Program) -> None:
    """Every plant that has an answer gets one, it holds, and costs the same to 1e-6.

    Stores that are cyclic, start at a level or at a size, monthly sizes, rules over days, delays
    over several periods, ramps, two chains. A wrong answer would be: another objective, a broken
    balance or bound, or duals that do not prove the objective.
    """
    matrix = assemble(program)
    answer = solve_staged(program, matrix)
    require(matrix, answer)
    assert apart(answer, reference(matrix)) <= 1e-6


def test_awkward_programmes_get_the_right_verdict_or_are_handed_over() -> None:
    """Flat, zero, negative prices, closed caps, free sizes, tight rules, other units.

    A wrong answer would be: an optimum where HiGHS finds none, another objective, or handing
    over more than one in a hundred of those that have an answer.
    """
    seen: Counter[str] = Counter()

    # No shrinking: the counts are what matters, and it would take minutes.
    @settings(RANDOM, phases=[Phase.generate])
    @given(program=programs())
    def one(program: Program) -> None:
        matrix = assemble(program)
        other = reference(matrix)
        seen[other.status] += 1
        try:
            answer = solve_staged(program, matrix)
        except Declined:
            seen[f"{other.status}, declined"] += 1
            return
        if check(matrix, answer).failures():
            seen[f"{other.status}, declined"] += 1
            return
        assert other.status == "optimal"
        assert apart(answer, other) <= 1e-6

    one()
    assert seen["optimal, declined"] <= max(1, seen["optimal"] // 100), seen


def county(periods: int | None) -> Network:
    """The county base over its whole year or its first hours."""
    short = {"time.years": "null", "time.periods": str(periods)}
    plant = load_plant(ROOT / "examples" / "county-base", changes=short if periods else {})
    return build(plant).network


@pytest.mark.parametrize("periods", [500, 1000])
def test_county_base(periods: int) -> None:
    """Objective and sizes of the county base over some weeks, as HiGHS finds them."""
    answer, program, matrix = solved(county(periods))
    other = reference(matrix)
    count = len(program.sizes.cost)
    assert apart(answer, other) <= 1e-8
    np.testing.assert_allclose(answer.x[-count:], other.x[-count:], rtol=1e-4, atol=1e-3)


def test_county_base_year() -> None:
    """The year, which takes HiGHS minutes: its own duals prove the objective to nine digits.

    The check recomputes both sides from the matrix. A wrong answer would be: a gap, or a
    hand-over to HiGHS.
    """
    answer, _, matrix = solved(county(None))
    assert check(matrix, answer).gap <= 1e-9


def test_published_model_energy() -> None:
    """A wind, sun, battery and hydrogen plant of the PyPSA project, with PyPSA's objective.

    Its sizes span three powers of ten and have no upper bound, its hydrogen store fills over
    the seasons: without scaling of sizes the method gets stuck on it.
    """
    answer, _, _ = solved(model_energy(shared_data("pypsa_model_energy")))
    assert answer.objective == pytest.approx(8_078_135_675.4512, rel=1e-9)


@pytest.mark.parametrize(
    ("version", "objective"),
    [(1, 112_686_100.332850), (2, 34_853_801.711324), (3, 31_926_875.247573),
     (4, 148_062_863.919249)],
)  # fmt: skip
def test_published_storage_investment(version: int, objective: float) -> None:
    """oemof.solph's example; in version 3 the only price is the store's: a second start helps."""
    folder: Path = shared_data("oemof_storage_investment")
    answer, _, _ = solved(storage_investment(folder, version))
    assert answer.objective == pytest.approx(objective, rel=1e-8)
