"""Runs to compare with, in processes of their own: the same costs as in this one, or why not."""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.twin.conftest import EXAMPLES
from zeroplant.errors import SolveError
from zeroplant.operate.year import year_of
from zeroplant.plant import load_plant
from zeroplant.twin.compared import COARSE, COMPARED, Case, compared_beside
from zeroplant.twin.outcome import cost_of
from zeroplant.twin.prepare import prepare
from zeroplant.twin.run import Simulation

PATH = str(EXAMPLES / "county-base")
CHANGES = {"assets.battery.energy": "400 MWh"}


@pytest.fixture(scope="module")
def case() -> Case:
    """An hour and a half of the county base, with an entry changed."""
    year = year_of(load_plant(PATH, CHANGES), {})
    return Case(PATH, CHANGES, None, 0.0625, 3, None, year)  # type: ignore[arg-type]


def test_costs_are_those_of_the_same_runs_one_after_the_other(case: Case) -> None:
    with compared_beside(case) as compared:
        prepared = prepare(
            load_plant(PATH, CHANGES), start=None, days=case.days, seed=case.seed, folder=None
        )
        for name in COMPARED:
            run = Simulation(prepared, cycle=COARSE, seed=case.seed, forecaster=name)
            run.run()
            assert compared().costs[name] == cost_of(run)
    assert len(set(compared().costs.values())) == len(COMPARED)
    assert not multiprocessing.active_children()


def test_what_goes_wrong_with_one_is_said_in_a_line(case: Case, tmp_path: Path) -> None:
    gone = replace(case, path=str(tmp_path / "gone.yaml"))
    said = r"^the run with persistence .*gone\.yaml[^\n]*$"
    with pytest.raises(SolveError, match=said), compared_beside(gone) as compared:
        compared()
    assert not multiprocessing.active_children()


def test_none_goes_on_when_the_run_itself_ends_early(case: Case) -> None:
    with suppress(KeyboardInterrupt), compared_beside(replace(case, days=7)):
        assert multiprocessing.active_children()
        raise KeyboardInterrupt
    assert not multiprocessing.active_children()
