"""HiGHS's interior-point method on long linear plants, against its simplex method."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.solve.staged.plants import SEEDS, plant
from tests.solve.test_calm import sunny
from zeroplant.solve import highs, hipo, solve
from zeroplant.solve.check import OPTIMALITY, check
from zeroplant.solve.hipo import solve_hipo
from zeroplant.solve.staged.form import Declined
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.program import Program


def programme(network: Network) -> tuple[Program, MatrixProgram]:
    """A network as stages, and as one matrix."""
    stages = compile_network(network)
    return stages, assemble(stages)


def test_it_finds_what_the_simplex_method_finds() -> None:
    """*Proves:* the answer without crossover is optimal to 1e-7 and passes the same check."""
    stages, matrix = programme(sunny(1200)[0])
    found = solve_hipo(stages, matrix, None)
    assert found is not None
    simplex = highs.HighsModel(matrix).solve()
    assert found.objective == pytest.approx(simplex.objective, rel=1e-7)
    assert check(matrix, found).failures() == []


@settings(max_examples=40)
@given(SEEDS)
def test_random_plants(seed: int) -> None:
    """*Proves:* presolved, without free columns, part by part and with sizes spread, a random plant
    has the optimum of the simplex method, or none is claimed. *A wrong answer would be:* a part or
    an equation that finds its way back to the wrong place.
    """
    try:
        stages, matrix = programme(plant(seed, plain=True))
        found = solve_hipo(stages, matrix, None)
    except Declined:
        return
    if found is not None:
        simplex = highs.HighsModel(matrix).solve()
        size = 1.0 + float(np.abs(matrix.cost * simplex.x).sum())
        assert simplex.status == "optimal"
        assert found.objective == pytest.approx(simplex.objective, rel=1e-6, abs=1e-6 * size)
        assert check(matrix, found).failures() == []


def test_a_long_plant_on_highs_is_solved_by_it() -> None:
    """*Proves:* asking for HiGHS on 1,200 hours takes the interior point, on 200 the simplex."""
    assert solve(sunny(1200)[0], solver="highs").solver == "highs (hipo)"
    assert solve(sunny(200)[0], solver="highs").solver == "highs"


@pytest.mark.parametrize("name", sorted(hipo.OPTIONS))
def test_highs_knows_every_option(name: str) -> None:
    """*Proves:* HiGHS takes the option and keeps its value. *A wrong answer would be:* a name that
    HiGHS does not know, which it passes over in silence.
    """
    model = highs.HighsModel(programme(sunny(24)[0])[1], **hipo.OPTIONS)
    assert model.highs.getOptionValue(name) == (highs.highspy.HighsStatus.kOk, hipo.OPTIONS[name])


@pytest.mark.parametrize(("light", "order"), [(20, "amd"), (0, "metis")])
def test_few_rows_in_a_stage_are_eliminated_by_least_degree(
    monkeypatch: pytest.MonkeyPatch, light: int, order: str
) -> None:
    """*Proves:* HiGHS takes the order that suits the rows of a stage, and keeps it. *A wrong answer
    would be:* a name that HiGHS does not know, which it passes over in silence.
    """
    told: list[object] = []

    class Watched(highs.HighsModel):
        def __init__(self, program: MatrixProgram, **options: bool | float | str) -> None:
            super().__init__(program, **options)
            told.append(self.highs.getOptionValue("hipo_ordering"))

    monkeypatch.setattr(hipo, "HighsModel", Watched)
    monkeypatch.setattr(hipo, "LIGHT", light)
    assert solve_hipo(*programme(sunny(1200)[0]), None) is not None
    assert set(told) == {(highs.highspy.HighsStatus.kOk, order)}


def test_it_aims_within_what_the_check_allows() -> None:
    """*Proves:* HiPO and HiGHS's own measure aim at one gap, half of the check's. *A wrong answer
    would be:* a finer one of either, which a long year never reaches, or one the check refuses.
    """
    aims = [hipo.OPTIONS[name] for name in ("ipm_optimality_tolerance", "optimality_tolerance")]
    assert aims == [OPTIMALITY / 2, OPTIMALITY / 2]


def test_without_hipo_the_simplex_method_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* a HiGHS that came without HiPO still plans. *A wrong answer would be:* an error."""

    class Plain(highs.HighsModel):
        def __init__(self, program: object, **options: object) -> None:
            super().__init__(program, **options)  # type: ignore[arg-type]
            self.highs.setOptionValue = lambda *_: highs.highspy.HighsStatus.kError

    monkeypatch.setattr(hipo, "HighsModel", Plain)
    assert solve(sunny(1200)[0], solver="highs").solver == "highs"


def test_what_contradicts_itself_is_handed_over() -> None:
    """*Proves:* bounds that leave no room give None; the caller then says what is wrong."""
    stages, matrix = programme(sunny(1200)[0])
    matrix.upper[:1200] = matrix.lower[:1200] - 1.0
    assert solve_hipo(stages, matrix, None) is None


def test_no_time_no_answer() -> None:
    """*Proves:* a deadline that is over gives None, so that the caller can hand over."""
    assert solve_hipo(*programme(sunny(1200)[0]), 0.0) is None
