"""Wind power: availability, losses, and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import answer, axis, load, near, of, paid
from zeroplant.assets.wind import Wind
from zeroplant.units import SizeRange
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generate
from zeroplant.weather.site import Site

YEAR = axis(8760)
TABLE = climate("qingshuihe")
SITE = Site("qsh", TABLE.latitude, TABLE.longitude, TABLE.altitude, YEAR.zone, YEAR,
            generate(TABLE, YEAR, 1))  # fmt: skip


def wind(**words: Any) -> Wind:
    """10 MW at the park."""
    return Wind(**{"kind": "wind", "at": "park", "power": 10.0, **words})


def test_capacity_factor_is_one_of_land() -> None:
    """*Proves:* Inner Mongolia's generated wind gives 0.23…0.40 of the rating (2 000…3 500 h).
    *A wrong answer would be:* 0.6 (no losses, sea) or 0.1 (wind at 10 m).
    """
    factor = wind(hub_height=110.0).output(YEAR, SITE).mean()
    assert 0.23 <= factor <= 0.40


def test_losses_multiply() -> None:
    """*Proves:* wakes, outage and cables take their shares one after the other: 0.93 × 0.97 ×
    0.975. *A wrong answer would be:* 1 − 0.125, their sum.
    """
    none = wind(wake=0.0, outage=0.0, electrical=0.0).output(YEAR, SITE)
    assert near(wind().output(YEAR, SITE), none * 0.93 * 0.97 * 0.975)


def test_a_higher_hub_makes_more() -> None:
    """*Proves:* hub height and shear are heard. *A wrong answer would be:* no change."""
    energy = [wind(hub_height=height).output(YEAR, SITE).sum() for height in (80.0, 100.0, 140.0)]
    assert energy == sorted(energy)
    assert energy[0] < energy[2]


def test_a_curve_of_points() -> None:
    """*Proves:* a curve given by points replaces the generic ones, its highest power being the
    rating: full power at every wind up to 60 m/s. *A wrong answer would be:* the generic curve, or
    3 200 times the rating.
    """
    flat = wind(turbine=[(0.0, 3200.0), (60.0, 3200.0)], wake=0.0, outage=0.0, electrical=0.0)
    assert near(flat.output(YEAR, SITE), 1.0)


def test_given_availability_is_taken_as_it_is() -> None:
    """*Proves:* measured output has its losses in it already. *A wrong answer would be:* 12 % lost
    again.
    """
    plan = answer({"wind": wind(availability=0.5), "works": load(9.0)}, axis(2))
    assert near(of(plan, "wind.output"), 5.0)
    assert not wind(availability=0.5).needs_weather


def test_investment_upkeep_and_running_cost_are_in_the_ledger() -> None:
    """*Proves:* 8 MW for a load of 4 at availability 0.5: annuity of 5 000 000 a MW over 25 years
    at 6 %, upkeep 50 000 a MW and 12 per MWh. *A wrong answer would be:* amounts of 4 MW.
    """
    asset = wind(power=SizeRange(0, 40), availability=0.5, capex=5e6, upkeep=5e4, running=12.0)
    plan = answer({"wind": asset, "works": load(4.0)}, axis(365, 24.0))
    annuity = 0.06 / (1 - 1.06**-25)
    assert near(paid(plan, "wind", "annuity of wind power"), 8 * 5e6 * annuity)
    assert near(paid(plan, "wind", "upkeep of wind power"), 8 * 5e4)
    assert near(paid(plan, "wind", "running wind.output"), 12 * 4 * 8760)
    assert near(plan.number(plan.network.sizes[0]), 8.0)


def test_a_gap_in_the_wind_is_no_negative_power() -> None:
    """*Proves:* availability is a share: a value below nothing is refused, whole losses too."""
    assert wind(availability=np.array([0.5, -0.1])).availability.problems(axis(2))  # type: ignore[union-attr]
    with pytest.raises(ValidationError, match="less than 1"):
        wind(wake=1.0)
