"""What ``zeroplant plan --json`` promises."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.plan.small import battery, grid, load, planned, wind
from zeroplant.assets.line import Line
from zeroplant.capital import Terms
from zeroplant.plan import PlanResult
from zeroplant.plan.summary import summary
from zeroplant.plant.schema import CarbonTerms
from zeroplant.units import SizeRange

ASSETS = {
    "works": load(price=600.0),
    "wind": wind(SizeRange(0, 60), np.tile([0.9, 0.1], 24), capex=4e6),
    "grid": grid(500.0, 20.0, export_price=200.0, demand_charge=3e4),
    "store": battery(capex=6e5, cycle_life=100.0),
}


def result(**words: Any) -> PlanResult:
    """A plan with a rule, a carbon cap and money."""
    words = {"rules": ["cn-direct-connection-650"], "carbon": CarbonTerms(price=60.0, cap=9000.0),
             "finance": Terms(years=20), **words}  # fmt: skip
    return planned(ASSETS, 48, **words)


def test_the_contract() -> None:
    """*Proves:* everything the machine-readable result promises is there, and it is JSON as it
    stands. *A wrong answer would be:* numpy numbers, which no JSON writer takes.
    """
    data = json.loads(json.dumps(summary(result())))
    assert set(data) >= {"status", "objective", "sizes", "energy_mwh", "ledger", "finance", "rules",
                         "carbon", "solver"}  # fmt: skip
    assert set(data["ledger"][0]) >= {"who", "what", "quantity", "unit", "price", "amount"}
    assert set(data["rules"][0]) >= {"rule", "value", "limit", "met"}
    assert set(data["solver"]) >= {"name", "seconds", "gap"}
    assert data["status"] == "optimal"
    assert data["finance"]["project_npv"] is not None


def test_the_ledger_is_the_objective() -> None:
    """*Proves:* the amounts of the ledger add up to the objective. *A wrong answer would be:* a
    statistic of its own.
    """
    data = summary(result())
    assert sum(e["amount"] for e in data["ledger"]) == pytest.approx(data["objective"], rel=1e-9)


def test_sizes_and_energy_of_a_year() -> None:
    """*Proves:* sizes have their units; energies are those of a year and balance: what is made
    and bought is what is used, sold and lost. *A wrong answer would be:* two days' MWh.
    """
    plan = result()
    data = summary(plan)
    assert data["size_units"]["store.energy"] == "MWh"
    energy = data["energy_mwh"]
    assert energy["works.load"] == pytest.approx(10 * 8760)
    supply = (
        energy["wind.output"]
        + energy["grid.import"]
        + energy["store.discharge"]
        + energy["works.unserved"]
    )
    assert supply == pytest.approx(
        energy["works.load"] + energy["grid.export"] + energy["store.charge"]
    )
    available = data["sizes"]["wind.power"] * 0.5 * 8760
    assert energy["curtailed"] == pytest.approx(available - energy["wind.output"], abs=1e-3)


def test_a_line_counts_what_arrives() -> None:
    """*Proves:* a line's energy is what it delivers. *A wrong answer would be:* 1 % more."""
    assets = {
        "works": load(10.0, at="hill"),
        "grid": grid(),
        "cable": Line(
            **{"kind": "line", "from": "park", "to": "hill", "power": 20.0, "losses": 0.01}
        ),
    }
    energy = summary(planned(assets, nodes=("park", "hill")))["energy_mwh"]
    assert energy["cable.forth"] == pytest.approx(10 * 8760)
    assert energy["grid.import"] == pytest.approx(10 / 0.99 * 8760)


def test_a_carbon_cap_is_a_rule_beside_the_others() -> None:
    """*Proves:* the plant's own cap is listed with its value, its limit and its price per tonne:
    tightening it costs money. *A wrong answer would be:* a cap that is held but not shown.
    """
    tight = summary(result(carbon=CarbonTerms(cap=10_000.0), rules=[]))
    (rule,) = tight["rules"]
    assert (rule["rule"], rule["limit"], rule["met"]) == ("carbon cap", 10_000.0, True)
    assert rule["value"] == pytest.approx(10_000.0)
    assert rule["shadow_price"] < 0
    loose = summary(result(carbon=CarbonTerms(cap=1e9), rules=[]))["rules"][0]
    assert loose["shadow_price"] == pytest.approx(0.0, abs=1e-6)


def test_shadow_prices_have_a_name_and_a_unit() -> None:
    """*Proves:* the limit on cycles binds and says what a MWh more out of the cells is worth.
    *A wrong answer would be:* a number without a unit, or nothing.
    """
    found = {s["rule"]: s for s in summary(result())["shadow_prices"]}
    assert found["store.cycles"]["unit"] == "CNY/MWh"
    assert found["store.cycles"]["values"][0] < 0


def test_cures_speak_both_languages() -> None:
    """*Proves:* what is broken is in the result in words, English and Chinese."""
    data = summary(planned({"works": load(), "grid": grid(400.0, 8.0)}))
    (cure,) = data["cures"]
    assert "not served" in cure["words"]["en"]
    assert "缺供" in cure["words"]["zh"]
    assert cure["changes"] == {"grid.connection": (8.0, pytest.approx(10.0))}
    assert data["finance"] == {}


def test_prices_are_means_by_weight() -> None:
    """*Proves:* a node's price is the mean over time of one MWh more there: 100 and 300 make 200.
    *A wrong answer would be:* their sum.
    """
    prices = summary(planned({"works": load(), "grid": grid(np.tile([100.0, 300.0], 12))}))[
        "prices"
    ]
    assert prices["park"] == pytest.approx(200.0)
