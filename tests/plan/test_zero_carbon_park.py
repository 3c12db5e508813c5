"""The example zero-carbon-park, cut to ten days: every carrier balances, and the rule binds."""

from __future__ import annotations

import numpy as np
import pytest

from tests.shared import ROOT
from zeroplant.axis import Floats
from zeroplant.plan import plan
from zeroplant.plan.result import PlanResult
from zeroplant.plant import load_plant

DAYS = 10
ELECTRICITY_TCE, GRID_FACTOR = 0.1229, 0.5856
"""tce and tCO2 per MWh, as document 910 counts them."""
GAS_TCE, GAS_CO2 = 3.6 / 29.3076, 2.16 / (1.33 * 29.3076 / 3.6)
COAL_CO2 = 2.66 * 3.6 / 29.3076


@pytest.fixture(scope="module")
def park() -> PlanResult:
    """The example over ten days of January."""
    short = {"time.years": "null", "time.periods": str(24 * DAYS)}
    plant = load_plant(ROOT / "examples" / "zero-carbon-park", changes=short)
    return plan(plant, advise=False)


def of(park: PlanResult, name: str) -> Floats:
    """Values of a flow or store by its name."""
    net = park.solution.network
    return park.solution.value(next(x for x in [*net.flows, *net.stores] if x.name == name))


def total(park: PlanResult, name: str) -> float:
    return float(of(park, name).sum())


def test_nobody_goes_without(park: PlanResult) -> None:
    """*Proves:* electricity, steam, hot water and the dryers are served in every hour, also in
    the coldest days. *A wrong answer would be:* a park that keeps its rules by serving nobody.
    """
    for name in ("works", "steam users", "heating", "coal dryers"):
        assert total(park, f"{name}.unserved") == pytest.approx(0.0, abs=1e-4)
    assert total(park, "furnaces.unheated") == pytest.approx(0.0, abs=1e-4)


def test_carbon_per_energy_counted_by_hand(park: PlanResult) -> None:
    """*Proves:* the core indicator is (0.5856 · grid energy that is not green + CO2 of gas and
    coal) ÷ (electricity, gas and coal in tce), with electricity used by works, boilers, heat
    pumps, cells, synthesis, mill and dryers, and it is 0.2: the rule binds.
    *A wrong answer would be:* batteries or heat counted as consumption, or gas counted twice.
    """
    electricity = sum(
        total(park, name)
        for name in ("works.load", "electrolyser.electrolysis", "coal dryers.electric use")
    )
    electricity += total(park, "electrode boiler.heat output") / 0.985
    electricity += 0.70 * total(park, "ammonia plant.made")
    electricity += 0.042 * total(park, "cement mill.production")
    for name, sink in (("steam heat pump", 125.0), ("heat pump", 72.0)):
        cop = min(7.0, 0.5 * (sink + 273.15) / (sink - 35.0))
        electricity += total(park, f"{name}.heat output") / cop
    gas, coal = total(park, "gas supply.bought"), total(park, "coal dryers.fuel")
    carbon = GRID_FACTOR * total(park, "grid.import") + GAS_CO2 * gas + COAL_CO2 * coal
    energy = ELECTRICITY_TCE * electricity + GAS_TCE * (gas + coal)
    (rule,) = (r for r in park.rules if r.indicator == "carbon")
    assert rule.value == pytest.approx(carbon / energy, rel=1e-6)
    assert rule.value == pytest.approx(0.2, rel=1e-4)


def test_hydrogen_becomes_ammonia(park: PlanResult) -> None:
    """*Proves:* what the cells make, less what the tank keeps, is 178 kg for each tonne of
    ammonia, and each kg takes 4.9 kWh/Nm3 · 11.126 Nm3/kg and 5 % for the age of the stacks.
    *A wrong answer would be:* hydrogen from nowhere, or cells as good as new for ever.
    """
    made = of(park, "electrolyser.electrolysis") / (4.9e-3 * 11.126 * 1.05)
    used = 178.0 * of(park, "ammonia plant.made")
    kept = of(park, "hydrogen tank.filled") - of(park, "hydrogen tank.emptied")
    assert np.abs(made - used - kept).max() < 1e-3 * made.max()
    assert made.sum() == pytest.approx(used.sum(), rel=1e-6)


def test_heat_from_the_furnaces_is_used_once(park: PlanResult) -> None:
    """*Proves:* 12 MW of flue gas and 30 MW of cooling water heat 6 MW of feed water, the hot
    water and what heat pumps lift; the rest is rejected, and nothing is used twice.
    *A wrong answer would be:* heat pumps that lift more than the furnaces give.
    """
    fed = of(park, "furnaces.→ hot water") + of(park, "furnaces.→ low heat")
    left = of(park, "furnaces.rejected")
    assert fed + left + 6.0 == pytest.approx(np.full(24 * DAYS, 42.0), abs=1e-3)


def test_every_kind_has_something_to_say(park: PlanResult) -> None:
    """*Proves:* the report shows COP, pinch, hydrogen, ammonia, abatement and reuse."""
    said = {f"{who}.{each.key}" for who, found in park.findings.items() for each in found}
    assert said >= {
        "heat pump.seasonal_cop",
        "steam heat pump.seasonal_cop",
        "furnaces.share_used",
        "salt store.cycles",
        "cement mill.electricity_price",
        "ammonia plant.product_made",
        "coal dryers.electrification",
        "slag.solid_waste_used",
    }
