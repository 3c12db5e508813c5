"""The carbon account: emissions, intensity, and hourly matching."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.assets.plants import NODES, Drawn, plants
from tests.assets.small import answer
from tests.plan.small import battery, grid, load, planned, wind
from zeroplant.assets.demand import Interruptible, Shiftable
from zeroplant.plan.carbon import carbon_account

HALF = np.tile([1.0, 0.0], 12)


def test_hourly_matching_is_not_yearly_matching() -> None:
    """*Proves:* 20 MW of wind every other hour for a load of 10: over the day all is matched,
    hour by hour only half: Σ min(G, L) / Σ L = 0.5. *A wrong answer would be:* 1.0 for both.
    """
    carbon = planned(
        {"works": load(), "wind": wind(20.0, HALF), "grid": grid(export_price=1.0)}
    ).carbon
    assert carbon.matched == pytest.approx(0.5)
    assert carbon.annual_match == pytest.approx(1.0)


def test_emissions_are_the_sum_of_emission_lines_a_year() -> None:
    """*Proves:* 12 windless hours × 10 MW at 0.5 t/MWh are 60 t a day and 365 times that a year;
    the reference is the whole load on grid power, twice that; the intensity 0.25 t/MWh.
    *A wrong answer would be:* a day's tonnes called a year's, or exports counted as avoided.
    """
    carbon = planned(
        {"works": load(), "wind": wind(20.0, HALF), "grid": grid(export_price=1.0)}
    ).carbon
    assert carbon.emissions == pytest.approx(60 * 365)
    assert carbon.reference == pytest.approx(120 * 365)
    assert carbon.intensity == pytest.approx(0.25)


def test_load_that_waits_is_matched_when_it_is_served() -> None:
    """*Proves:* the load of a score is what is really taken: 5 of 10 MW wait for the windy hour,
    which makes 15 of 20 MWh matched. *A wrong answer would be:* 10 of 20, the load as asked.
    """
    wait = Shiftable(share=0.5, within=1.0)
    series, free = np.full(2, 10.0), np.array([0.0, 1.0])
    carbon = planned(
        {"works": load(series, shiftable=wait), "wind": wind(20.0, free), "grid": grid()}, 2
    ).carbon
    assert carbon.matched == pytest.approx(15 / 20)


def test_load_dropped_by_agreement_is_no_load() -> None:
    """*Proves:* intensity is per MWh served: 5 of 10 MW dropped, 5 bought, 0.5 t/MWh. *A wrong
    answer would be:* 0.25.
    """
    may = Interruptible(share=0.5, price=1.0)
    carbon = planned({"works": load(interruptible=may), "grid": grid()}).carbon
    assert carbon.intensity == pytest.approx(0.5)


def test_a_battery_does_not_move_matching() -> None:
    """*Proves:* the score counts generation when it is made, stored or not (a lower bound, as
    the account says). *A wrong answer would be:* a score above what wind and load overlap.
    """
    words = {"round_trip": 1.0, "self_discharge": 0.0}
    carbon = planned(
        {"works": load(), "wind": wind(20.0, HALF), "grid": grid(), "store": battery(**words)}
    ).carbon
    assert carbon.matched == pytest.approx(0.5)
    assert carbon.emissions < 60 * 365


def test_nothing_served_is_nothing_shared() -> None:
    """*Proves:* a plant without load has no share of it, and no division by zero."""
    carbon = planned({"wind": wind(20.0), "grid": grid(export_price=1.0)}).carbon
    assert (carbon.matched, carbon.annual_match, carbon.intensity) == (0.0, 0.0, 0.0)


@settings(max_examples=25)
@given(drawn=plants())
def test_hourly_is_at_most_yearly(drawn: Drawn) -> None:
    """*Proves:* in every plant 0 ≤ hourly ≤ yearly matching ≤ 1, and emissions are the sum of the
    ledger's emission quantities per year. *A wrong answer would be:* a second opinion on either.
    """
    plan = answer(drawn.assets, drawn.time, nodes=NODES, carbon_price=drawn.carbon_price)
    carbon = carbon_account(plan)
    assert -1e-9 <= carbon.matched <= carbon.annual_match + 1e-9 <= 1 + 2e-9
    tonnes = sum(e.quantity for e in plan.ledger if e.kind == "emission")
    assert carbon.emissions == pytest.approx(tonnes / drawn.time.years, abs=1e-6)
