"""Verdicts on random plants beside HiGHS's; benchmarks/robustness.py runs thousands of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.solve.staged.plants import SEEDS, plant, units_of
from tests.solve.staged.verdicts import assembled, by_highs, by_staged, pair
from zeroplant.errors import SolveError
from zeroplant.solve import model as chooser
from zeroplant.solve import solve
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.staged import Staged

# A hundred plants; a seed says all about one, so there is nothing to shrink.
HUNDRED = settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip


def test_verdicts_are_those_of_highs() -> None:
    """Optimal, infeasible, unbounded: the same verdict, the same objective to 1e-6, or an honest
    hand-over, of few that have an answer.

    Units differ by twelve powers of ten; HiGHS gets the same plant in plain units. A wrong answer
    would be: a certificate for a plant that has an answer, an optimum for one that has none,
    another objective, a crash. Of a hundred plants a few handed over may be chance; how many of
    thousands is for benchmarks/robustness.py.
    """
    seen: Counter[str] = Counter()

    @HUNDRED
    @given(seed=SEEDS)
    def one(seed: int) -> None:
        found = pair(seed)
        assert not found.wrong, f"plant {seed}: {found.wrong}"
        seen[found.highs.status] += 1
        seen[f"{found.highs.status}, handed over"] += found.handed_over

    one()
    assert seen["optimal, handed over"] <= max(2, seen["optimal"] // 20), seen


def test_a_plant_is_the_same_in_any_unit() -> None:
    """What is compared is one plant: HiGHS finds one objective in plain units and in others.

    Units a thousand times larger or smaller only, where HiGHS's absolute tolerances still hold.
    A wrong answer would be: a price, limit or way between places that forgot a unit.
    """
    compared = 0
    for seed in range(60):
        units = units_of(seed)
        plain = by_highs(assembled(plant(seed, plain=True))[1])
        if plain.status == "optimal" and 1.0 < units.max() <= 1e3 and units.min() >= 1e-3:
            other = by_highs(assembled(plant(seed))[1])
            assert other.objective == pytest.approx(plain.objective, rel=1e-5, abs=1e-2), seed
            compared += 1
    assert compared >= 8


def test_the_plants_reach_every_verdict() -> None:
    """A hundred seeds hold plants with an answer, without one, and without a limit.

    A wrong answer would be: a generator of nothing but easy plants.
    """
    seen = Counter(by_highs(assembled(plant(seed, plain=True))[1]).status for seed in range(100))
    assert seen["optimal"] >= 50
    assert seen["infeasible"] >= 3
    assert seen["unbounded"] >= 3
    assert seen["no verdict"] <= 2


def test_auto_answers_whatever_the_staged_solver_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under auto every plant gets HiGHS's verdict: its optimum, or the error that says why not.

    The staged solver is tried first on each. A wrong answer would be: a plant that has an answer
    and gets none because the staged solver gave up.
    """
    monkeypatch.setattr(chooser, "MANY", 1)
    for seed in range(40):
        network = plant(seed, plain=True)
        answer = HighsModel(assembled(network)[1]).solve()
        if answer.status == "optimal":
            assert solve(network).objective == pytest.approx(answer.objective, rel=1e-6, abs=1e-3)
        else:
            with pytest.raises(SolveError):
                solve(network)


def test_hand_over_when_the_method_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Auto takes HiGHS by itself when the method runs out of time, and says so in the answer."""
    monkeypatch.setattr(chooser, "MANY", 1)
    seed = next(
        seed for seed in range(50) if by_staged(plant(seed, plain=True)).status == "optimal"
    )
    patient = Staged.solve
    monkeypatch.setattr(Staged, "solve", lambda *a, **_: patient(*a, deadline=0.0))
    found, expected = (
        solve(plant(seed, plain=True)),
        by_highs(assembled(plant(seed, plain=True))[1]),
    )
    assert found.solver.startswith("highs")
    assert "(staged: " in found.solver
    assert found.objective == pytest.approx(expected.objective, rel=1e-6)
