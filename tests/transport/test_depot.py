"""The truck depot: stays, carried needs, the virtual battery, and two real depots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.assets.small import axis
from tests.shared import shared_data
from zeroplant.axis import Floats
from zeroplant.transport.depot import Depot, DepotModel
from zeroplant.transport.groups import group
from zeroplant.transport.laxity import least_laxity
from zeroplant.transport.sessions import bands

STEP = 0.25


def test_a_stay_wants_what_was_driven_before() -> None:
    """*Proves:* 0.3 MWh driven in two hours are wanted in the stay after, of which an hour at 0.2
    MW brings 0.2; the 0.1 MWh left are carried into the next. *A wrong answer would be:* needs
    that vanish when a stay is short, or charging on the road.
    """
    here = np.array([[1, 0, 0, 1, 0, 1, 1]], dtype=bool)
    use = np.array([[0, 0.2, 0.1, 0, 0.05, 0, 0]])
    found = Depot(here, use, 1.0).sessions(0.2)
    assert np.allclose(found.arrival, [0, 3, 5])
    assert np.allclose(found.departure, [1, 4, 7])
    assert np.allclose(found.energy, [0, 0.2, 0.15])


def test_the_virtual_battery_of_one_truck() -> None:
    """*Proves:* a full pack of 0.5 MWh that needs 0.3 after three hours at 0.1 MW may have given
    back 0.1 after one hour, 0.2 after two (then 0.3 are left, just enough to leave with), not 0.3
    after three. *A wrong answer would be:* a truck that cannot leave.
    """
    here = np.array([[1, 1, 1, 0, 1, 1, 1, 1]], dtype=bool)
    use = np.array([[0, 0, 0, 0.3, 0, 0, 0, 0]])
    power, lower, upper = Depot(here, use, 1.0).virtual_battery(0.1, 0.5)
    assert np.allclose(power, [0.1, 0.1, 0.1, 0, 0.1, 0.1, 0.1, 0.1])
    assert np.allclose(lower[:4], [-0.1, -0.2, -0.2, -0.2])
    assert np.allclose(upper, [0, 0, 0, 0, 0.1, 0.2, 0.3, 0.3])


def week() -> tuple[Depot, NDArray[np.bool_]]:
    """18 tractor-trailers in seven days (DT-CARGO), and which of these are days of rest.

    The first day, a Friday, has an eighth of the other workdays' energy and is left out of fits.
    """
    import polars as pl

    table = pl.read_parquet(shared_data("trucks_dtcargo") / "dtcargo_depot_week_15min.parquet")
    table = table.sort("truck", "time_utc")
    here = table["at_base"].to_numpy().reshape(18, -1)
    use = table["drive_power_kw"].to_numpy().astype(float).reshape(18, -1) / 1e3 * STEP
    return Depot(here, use, STEP), np.array([False, True, True, False, False, False, False])


def other() -> dict[str, Floats]:
    """The virtual battery of eleven trucks, half a year (flex-depot), by local quarter-hours."""
    import polars as pl

    folder = shared_data("trucks_dtcargo")
    table = pl.read_parquet(folder / "flexdepot_virtual_battery_2026H1_15min.parquet")
    local = table["time_utc"].dt.convert_time_zone("Europe/Berlin")
    found = {name: table[name].to_numpy().astype(float) for name in table.columns[1:]}
    found["hour"] = local.dt.hour().to_numpy().astype(float)
    found["weekday"] = local.dt.weekday().to_numpy().astype(float)
    return found


def by_hour(values: Floats, hour: Floats) -> Floats:
    """Mean of each hour of the day."""
    return np.array([values[hour == h].mean() for h in range(24)])


def test_the_real_week_can_be_served() -> None:
    """*Proves:* at 150 kW each, the 18 trucks charge all 17.7 MWh they drove before their last
    stay: bands end there, the lanes reach every truck, least laxity first serves everyone. *A
    wrong answer would be:* energy lost between tours.
    """
    depot, _ = week()
    s, time = depot.sessions(0.15), axis(7 * 96, STEP)
    driven = depot.use.sum() - depot.missing(0.15)[:, -1].sum()
    assert np.isclose(s.energy.sum(), driven)
    assert 17.0 < driven < 17.9
    found = bands(s, time)
    assert np.allclose([found.upper[-1], found.lower[-1]], driven)
    assert np.allclose(least_laxity(s, found.at_once / STEP, time), s.energy)
    lanes = group(s, time, 6)
    assert np.isclose(lanes.fixed.sum() * STEP + lanes.arrives.sum(), driven)


def fleet() -> tuple[Depot, Floats]:
    """Eleven trucks over 26 weeks as the model of the week draws them, and hours of the day."""
    depot, rest = week()
    seen = Depot(depot.at_base[:, 96:], depot.use[:, 96:], STEP)
    model = DepotModel.fit(seen, rest[1:])
    drawn = model.draw(11, np.tile(np.arange(7) >= 5, 26), seed=1)
    return drawn, np.tile(np.arange(96) // 4, 7 * 26).astype(float)


def test_the_model_is_the_depot_it_was_fitted_to() -> None:
    """*Proves:* a fleet drawn from the week drives as much per workday and stands at the depot at
    the same hours as the week. *A wrong answer would be:* tours without their energy.
    """
    depot, _ = week()
    drawn, hour = fleet()
    workday = np.tile(np.repeat(np.arange(7) < 5, 96), 26)
    mine = by_hour(drawn.present[workday], hour[workday])
    seen = by_hour(depot.present[3 * 96 :], np.tile(np.arange(96) // 4, 4).astype(float))
    assert np.abs(mine - seen).max() < 0.03
    per_day = drawn.use[:, workday].sum() / 11 / 130, depot.use[:, 3 * 96 :].sum() / 18 / 4
    assert np.isclose(*per_day, rtol=0.05)


def test_power_band_of_another_depot() -> None:
    """*Proves:* the model fitted to one Bavarian depot foretells the power band of another (11
    trucks, half a year): as shares of what is there at night, hour by hour of workdays it
    correlates by 0.98, differs by 3 % on average and 12 % at most (trucks come home an hour
    later there), and is 53 % at noon in both; on days of rest nobody leaves either. *A wrong
    answer would be:* a depot that is empty at night or full at noon.
    """
    drawn, hour = fleet()
    theirs = other()
    workday = np.tile(np.repeat(np.arange(7) < 5, 96), 26)
    mine = by_hour(drawn.present[workday], hour[workday])
    working = theirs["weekday"] <= 5
    band = by_hour(theirs["p_max_kw"][working], theirs["hour"][working])
    night = band.max()
    band, mine = band / night, mine / mine.max()
    assert np.corrcoef(mine, band)[0, 1] > 0.96
    assert np.abs(mine - band).mean() < 0.04
    assert np.abs(mine - band).max() < 0.13
    assert np.allclose([mine.min(), band.min()], 0.53, atol=0.02)
    resting = theirs["p_max_kw"][~working].mean() / night, drawn.present[~workday].mean()
    assert np.allclose(resting, 1.0, atol=0.02)


def test_energy_band_of_another_depot() -> None:
    """*Proves:* what does not carry over. The week's trucks drive 167 kWh a day, theirs 101: the
    energy of a depot must be known, not guessed from its hours. Their cumulative band rises with
    their own driving (92 % of it in the end) but is 0.24 h of its power wide, a step of charging
    and giving back; packs of 0.6 MWh would allow 9 times that. *A wrong answer would be:* to call
    the two bands of energy the same.
    """
    drawn, _ = fleet()
    theirs = other()
    mine = 1e3 * drawn.use.sum() / drawn.at_base[:, ::96].size
    assert np.isclose(mine, 167, rtol=0.05)
    driven = np.cumsum(theirs["driving_energy_kwh"])
    assert np.isclose(driven[-1] / (11 * 180.8), 101.4, rtol=0.01)
    middle = (theirs["e_cum_max_kwh"] + theirs["e_cum_min_kwh"]) / 2
    assert np.isclose(middle[-1] / driven[-1], 0.915, atol=0.01)
    assert np.abs(middle - 0.915 * driven).max() < 0.05 * driven[-1]
    width = theirs["e_cum_max_kwh"] - theirs["e_cum_min_kwh"]
    assert np.isclose((width / np.maximum(theirs["p_max_kw"], 1)).mean(), 0.24, atol=0.02)
    _, lower, upper = drawn.virtual_battery(0.35, 0.6)
    assert np.isclose((upper - lower).mean(), 9 * width.mean() / 1e3, rtol=0.1)
