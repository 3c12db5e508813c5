"""Rules at the waist: hand-worked plans, and one formula for planning and proving."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant import rules
from zeroplant.axis import Axis, Chain
from zeroplant.errors import InputError
from zeroplant.solve import solve
from zeroplant.waist.network import Network
from zeroplant.waist.words import Size

START = datetime(2026, 1, 1, tzinfo=UTC)


def _axis(periods: int = 24, weights: tuple[float, ...] = (1.0,)) -> Axis:
    chains = tuple(Chain(f"year {n}", weight) for n, weight in enumerate(weights))
    return Axis(START, periods, chains=chains)


def _project(
    network: Network,
    *,
    available: object = 0.5,
    load: object = 2.0,
    most_wind: float = 10.0,
    least_wind: float = 0.0,
) -> Size:
    """Wind of free size beside a load and the grid: import at 500, export at 100 per MWh."""
    bus = network.node("park")
    size = network.size("wind", lower=least_wind, upper=most_wind)
    network.flow(
        "wind", give=bus, cap=available * size, role="generation", tags={"renewable", "wind"}
    )
    network.flow("load", take=bus, fixed=load, role="load")
    network.flow("unserved", give=bus, cost=9000.0, role="unserved")
    network.flow("import", give=bus, cost=500.0, role="import")
    export = network.flow("export", take=bus, role="export")
    network.line("grid", "sale", export, 100.0, kind="revenue")
    return size


def _resolved(pack: str, **figures: object) -> rules.Pack:
    return rules.RuleChoice.model_validate({"pack": pack, **figures}).resolve(2026)


def test_a_rule_limits_the_size() -> None:
    """Proves: self-use ≥ 60 % of what is available stops free wind at 2 / (0.6 · 0.5) MW.

    Without the rule all 10 MW are built; with generation in place of availability the plan would
    build 10 MW and curtail. One MWh of leeway lets 1/0.6 MWh more be sold at 100.
    """
    network = Network(_axis())
    size = _project(network)
    laid = rules.apply([_resolved("cn-direct-connection-650")], network)
    solution = solve(network)
    assert solution.number(size) == pytest.approx(2 / (0.6 * 0.5))
    assert [item.indicator.name for item in laid] == ["self_use", "green_load"]
    assert abs(solution.shadow(laid[0].budget)[0]) == pytest.approx(100 / 0.6)
    account = rules.measured_account(rules.account_of(network), solution)
    kept = rules.check([item.pack for item in laid[:1]], account)
    assert kept[0].value == pytest.approx(0.6)
    assert kept[0].met is True


def test_nothing_is_gained_by_burning_energy() -> None:
    """Proves: 10 MW that stand use 48 of 120 MWh, and a battery cannot use more of it.

    A battery could burn 24 MWh by charging and discharging 10 MW at once, and 60 % would be met;
    counted so, self-use is 150 % of the consumption. Curtailed, exported or burnt, the rule is
    broken by 24 MWh.
    """
    network = Network(_axis())
    _project(network, least_wind=10.0)
    (bus,) = network.nodes
    charge = network.flow("charge", take=bus, cap=10.0, role="charge")
    discharge = network.flow("discharge", give=bus, cap=10.0, role="discharge")
    network.store("level", fill={charge: 0.9}, drain={discharge: 1 / 0.9}, cap=20.0)
    laid = rules.apply([_resolved("cn-direct-connection-650")], network)
    solution = solve(network)
    account = rules.measured_account(rules.account_of(network), solution)
    kept = {r.indicator: r for r in rules.check([laid[0].pack], account)}
    assert kept["green_load"].value == pytest.approx(1.0)
    assert kept["self_use"].value == pytest.approx(0.4)
    assert solution.breach(laid[0].budget)[0] == pytest.approx(24.0)


def test_export_cap_is_met_by_curtailing() -> None:
    """Proves: with 10 MW that stand, an export of 20 % of 5 MW leaves 1 MW and curtails 2."""
    network = Network(_axis())
    _project(network, least_wind=10.0)
    pack = _resolved("cn-direct-connection-650", export_max=0.2, off=["self_use", "green_load"])
    rules.apply([pack], network)
    solution = solve(network)
    account = rules.measured_account(rules.account_of(network), solution)
    assert account["grid_export"] == pytest.approx(24.0)
    assert account["new_energy_available"] == pytest.approx(120.0)
    assert account["new_energy_generated"] == pytest.approx(72.0)


def test_a_rule_that_cannot_be_kept_is_broken_at_its_price() -> None:
    """Proves: 10 MW that stand use 48 of 120 MWh: 24 MWh short of 60 %, at 1,000 each.

    A hard rule would leave the plan without an answer.
    """
    network = Network(_axis())
    _project(network, least_wind=10.0)
    pack = _resolved("cn-direct-connection-650", breach=1000.0)
    laid = rules.apply([pack], network)[0]
    solution = solve(network)
    assert solution.breach(laid.budget)[0] == pytest.approx(24.0)
    fines = [e for e in solution.ledger if e.kind == "penalty"]
    assert sum(e.amount for e in fines) == pytest.approx(24_000.0)
    assert any("self_use" in e.what for e in fines)


def test_rules_in_tonnes_are_laid_in_mwh_of_electricity() -> None:
    """Proves: one price per MWh says what breaking a carbon rule costs too.

    All 48 MWh come from the grid: 48 − 0.2 · 0.1229 / 0.5856 · 48 MWh are too many. In tonnes
    the breach would be 0.5856 of that.
    """
    network = Network(_axis())
    _project(network, most_wind=0.0)
    pack = _resolved("cn-zero-carbon-park-910", **{"class": "medium", "off": ["clean", "direct"]})
    laid = rules.apply([pack], network)
    solution = solve(network)
    expected = 48.0 * (1.0 - 0.2 * 0.1229 / 0.5856)
    assert solution.breach(laid[0].budget)[0] == pytest.approx(expected)


def test_a_quantity_nobody_knows_is_asked_for() -> None:
    network = Network(_axis())
    _project(network)
    pack = _resolved("cn-zero-carbon-park-910", **{"class": "medium", "on": ["solid_waste"]})
    with pytest.raises(InputError, match="solid_waste needs the plant's yearly solid_waste_used"):
        rules.apply([pack], network)


def test_the_account_reads_roles_tags_and_carriers() -> None:
    """Proves: hydro is no new energy, heat is no electricity, converters consume, unserved does
    not, green imports are imports, losses before the node are not generated, and what batteries
    and lines lose is counted where it is electricity. What vehicles give back was not consumed,
    and is no gain of storage.
    """
    network = Network(_axis(2))
    bus, heat = network.node("park"), network.node("heat", carrier="heat")
    words = {
        "sun": {"give": {bus: 0.9}, "cap": 10.0, "role": "generation", "tags": {"renewable"}},
        "river": {"give": bus, "role": "generation", "tags": {"renewable", "hydro"}},
        "gas": {"give": bus, "role": "generation"},
        "grid": {"give": {bus: 0.95}, "role": "import"},
        "green": {"give": bus, "role": "import", "tags": {"green"}},
        "district heat": {"give": heat, "role": "import"},
        "sale": {"take": bus, "role": "export"},
        "load": {"take": bus, "role": "load"},
        "heat load": {"take": heat, "role": "load"},
        "pump": {"take": {bus: 0.3}, "give": {heat: 1.0}, "role": "conversion"},
        "shed": {"give": bus, "role": "unserved"},
        "line": {"take": bus, "give": {bus: 0.95}, "role": "transfer"},
        "charge": {"take": bus, "role": "charge"},
        "discharge": {"give": {bus: 0.9}, "role": "discharge"},
        "cable": {"take": bus, "give": {bus: 0.8}, "role": "transfer"},
        "heat pipe": {"take": heat, "give": {heat: 0.5}, "role": "transfer"},
        "heat tank": {"take": heat, "role": "charge"},
        "trucks": {"take": bus, "role": "load", "tags": {"vehicle"}},
        "from trucks": {"give": {bus: 0.9}, "role": "discharge", "tags": {"vehicle"}},
    }
    values = {}
    for number, (name, said) in enumerate(words.items()):
        values[network.flow(name, **said)] = float(number + 1)

    class Fixed:
        def total(self, thing: object) -> float:
            constant = float(np.sum(thing.constant))
            terms = ((t.coefficient, values[t.variable]) for t in thing.terms)
            return constant + sum(2.0 * c * v for c, v in terms)

    account = rules.measured_account(rules.account_of(network), Fixed())
    expected = {
        "new_energy_available": 2 * 9.0,
        "new_energy_generated": 2 * 0.9 * 1,
        "hydro_generated": 2 * 2,
        "grid_import": 2 * (4 + 5),
        "green_import": 2 * 5,
        "grid_export": 2 * 7,
        "losses": 2 * (0.05 * 12 + 13 - 0.9 * 14 + 15 - 0.8 * 15),
        "load": 2 * (8 + 0.3 * 10 - 11 + 18 - 0.9 * 19),
    }
    assert {name: account[name] for name in expected} == pytest.approx(expected)


PACKS = [
    {"pack": "cn-direct-connection-650", "export_max": 0.2},
    {"pack": "cn-nearby-consumption-1192"},
    {"pack": "cn-zero-carbon-park-910", "class": "medium", "given": {"other_energy": 9000.0}},
    {"pack": "cn-chongqing-rps-669", "given": {"certificates": 400.0}},
]


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(1.0,), (0.3, 0.7), (2.0, 5.0)]))
def test_planning_and_proving_are_one_formula(seed: int, weights: tuple[float, ...]) -> None:
    """Proves: an indicator of expressions, integrated, is the indicator of the measured numbers.

    Numbers are added up here from the flows themselves, apart from the rules' own definitions.
    """
    random = np.random.default_rng(seed)
    axis = _axis(12, weights)
    network = Network(axis)
    available = random.random(axis.stages)
    size = _project(network, available=available, load=random.random(axis.stages) * 3)
    packs = [rules.RuleChoice.model_validate(said).resolve(2026) for said in PACKS]
    laid = rules.apply(packs, network)
    solution = solve(network)
    flows = {f.name: axis.total(solution.value(f)) for f in network.flows}
    numbers = {
        "new_energy_available": axis.total(available) * solution.number(size),
        "new_energy_generated": flows["wind"],
        "grid_export": flows["export"],
        "grid_import": flows["import"],
        "load": flows["load"] - flows["unserved"],
    }
    results = {(r.rule, r.indicator): r for r in rules.check(packs, numbers, years=axis.years)}
    for item in laid:
        planned = item.indicator
        top, bottom = solution.total(planned.numerator), solution.total(planned.denominator)
        proven = results[item.pack.name, planned.name]
        assert proven.value is not None
        assert top / bottom == pytest.approx(proven.value, rel=1e-9, abs=1e-9)
        breach = float(solution.breach(item.budget)[0])
        assert proven.met is (breach <= 1e-6 * max(bottom, 1.0))


def test_the_account_reads_fuels_emissions_and_what_is_reused() -> None:
    """Proves: gas and hydrogen bought are energy other than electricity at calorific value, the
    renewable part is clean, only emissions of fuels are direct, and used waste heat is part of
    what could be recovered; water counts in m3. A wrong answer would be: imported power's CO2
    among the direct, hydrogen at 33 MWh per kg, or solid waste asked of a plant without any.
    """
    network = Network(_axis(2))
    bus, gas = network.node("park"), network.node("gas", carrier="gas")
    wood = network.node("wood", carrier="biomass")
    tank = network.node("h2", carrier="hydrogen", unit="kg/h")
    heat = network.node("heat", carrier="heat")
    pond = network.node("pond", carrier="water", unit="m3/s")
    fixed = {
        "gas": network.flow("gas", give=gas, tags={"bought"}),
        "wood": network.flow("wood", give=wood, tags={"bought", "renewable"}),
        "h2": network.flow("h2", give=tank, unit="kg/h", tags={"bought"}),
        "grid": network.flow("grid", give=bus, role="import"),
        "stream": network.flow("stream", give=heat, tags={"waste heat"}),
        "lost": network.flow("lost", take=heat, tags={"waste heat", "rejected"}),
        "again": network.flow("again", unit="m3/s", tags={"water use", "reused"}),
        "fresh": network.flow("fresh", give=pond, unit="m3/s", tags={"water use", "bought"}),
        "engine": network.flow(
            "engine", take=wood, give={bus: 0.3}, role="conversion", tags={"renewable"}
        ),
    }
    values = dict(
        zip(fixed.values(), [10.0, 4.0, 300.0, 5.0, 4.0, 1.0, 0.3, 0.1, 2.0], strict=True)
    )
    network.line("gas", "burnt", fixed["gas"] * 0.2, 0.0, unit="tCO2", kind="emission")
    network.line("grid", "power", fixed["grid"] * 0.5, 0.0, unit="tCO2", kind="emission")

    class Fixed:
        def total(self, thing: object) -> float:
            terms = ((t.coefficient, values[t.variable]) for t in thing.terms)
            return float(np.sum(thing.constant)) + sum(2.0 * c * v for c, v in terms)

    account = rules.measured_account(rules.account_of(network), Fixed())
    tce = 0.122835  # a MWh: 3.6 GJ of 29.3076 GJ/t
    assert account["direct_emissions"] == pytest.approx(2 * 2.0)
    assert account["other_energy"] == pytest.approx(2 * (10 + 4 + 300 * 0.03333) * tce, rel=1e-4)
    assert account["other_clean_energy"] == pytest.approx(2 * 4 * tce, rel=1e-4)
    assert account["waste_heat"] == pytest.approx(2 * 4.0)
    assert account["waste_heat_used"] == pytest.approx(2 * 3.0)
    assert account["new_energy_generated"] == pytest.approx(2 * 0.3 * 2)
    assert account["water_used"] == pytest.approx(2 * 0.4 * 3600)
    assert account["water_reused"] == pytest.approx(2 * 0.3 * 3600)
    assert "solid_waste" not in account
