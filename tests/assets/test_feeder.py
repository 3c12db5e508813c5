"""The feeder: voltage, ratings, reactive power, losses, hosting capacity, and AC power flow."""

from __future__ import annotations

from collections.abc import Mapping
from math import acos, sqrt, tan
from typing import Any

import numpy as np
import pypsa
import pytest
from pydantic import ValidationError

from tests.assets.small import axis, grid, load, near, of
from zeroplant.assets import Asset
from zeroplant.assets.feeder import Feeder
from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.feeder_findings import drawn
from zeroplant.assets.solar import Solar
from zeroplant.axis import Axis, Floats
from zeroplant.export.quiet import quiet
from zeroplant.solve import solve
from zeroplant.units import SizeRange
from zeroplant.waist import Network, Scope
from zeroplant.waist.solution import Solution


def branch(start: str, end: str, r: float = 1.0, x: float = 0.0, **words: Any) -> dict[str, Any]:
    """A branch of 100 MVA."""
    return {"from": start, "to": end, "r": r, "x": x, "power": 100.0, **words}


def feeder(*branches: dict[str, Any], **words: Any) -> Feeder:
    """A feeder of 10 kV below the node "park"; loads of power factor 1 unless told otherwise."""
    words = {"power_factor": 1.0, **words}
    return Feeder(kind="feeder", source_node="park", branches=list(branches), **words)


def stand(assets: Mapping[str, Asset], time: Axis) -> Network:
    """The assets at the waist, with every bus a node."""
    net = Network(time)
    net.node("park")
    for asset in assets.values():
        if isinstance(asset, Feeder):
            for bus in asset.tree().buses:
                net.node(bus)
    scopes = {name: Scope(net, name) for name in assets}
    for name, asset in assets.items():
        asset.describe(scopes[name], None)
    for name, asset in assets.items():
        asset.conclude(scopes[name])
    return net


def answer(assets: Mapping[str, Asset], time: Axis) -> Solution:
    """The cheapest operation of the assets."""
    return solve(stand(assets, time))


def findings(assets: Mapping[str, Asset], plan: Solution) -> dict[str, Finding]:
    """What the feeder "line" says."""
    return {f.key: f for f in assets["line"].findings(Scope(plan.network, "line"), plan)}


def sun(at: str, power: Any, availability: Any = 1.0, **words: Any) -> Solar:
    """A solar plant with a given availability."""
    return Solar(kind="solar", at=at, power=power, availability=availability, **words)


def test_voltage_falls_along_the_feeder() -> None:
    """*Proves:* 2 MW at the end of two branches of 1 Ω at 10 kV: squared voltages 1 − 2·1·2/100 =
    0.96 and 0.92. *A wrong answer would be:* a fall without its factor 2, or ohms not over kV².
    """
    assets = {"grid": grid(), "line": feeder(branch("park", "a"), branch("a", "b")),
              "village": load(2.0, at="b")}  # fmt: skip
    plan = answer(assets, axis(2))
    found = findings(assets, plan)
    assert np.isclose(found["lowest_voltage"].value, sqrt(0.92))
    assert found["lowest_voltage"].note == ("at b", "位于 b")
    assert near(of(plan, "line.to b"), 2.0)


def test_load_that_voltage_cannot_carry_is_unserved() -> None:
    """*Proves:* over 2 Ω at 10 kV at most (1 − 0.93²)/0.04 = 3.3775 MW arrive; the rest of 5 MW is
    unserved. *A wrong answer would be:* 5 MW, or no answer.
    """
    assets = {
        "grid": grid(),
        "line": feeder(branch("park", "a", r=2.0)),
        "village": load(5.0, at="a"),
    }
    assert near(of(answer(assets, axis(1)), "line.to a"), (1 - 0.93**2) / 0.04)


def test_low_voltage_may_fall_by_ten_percent() -> None:
    """*Proves:* at 380 V the band is −10 %: 0.01 Ω carry (1 − 0.81)·0.38²/0.02 = 1.3718 MW. *A
    wrong answer would be:* −7 %, or ohms over 10 kV.
    """
    assets = {"grid": grid(), "village": load(5.0, at="a"),
              "line": feeder(branch("park", "a", r=0.01, voltage=380.0))}  # fmt: skip
    assert near(of(answer(assets, axis(1)), "line.to a"), 0.19 * 0.1444 / 0.02)


def test_sun_is_curtailed_by_voltage() -> None:
    """*Proves:* over 2 Ω at most (1.07² − 1)/0.04 = 3.6225 MW come back, however much shines. *A
    wrong answer would be:* 10 MW exported.
    """
    out = grid(export_price=300.0)
    assets = {"grid": out, "line": feeder(branch("park", "a", r=2.0)), "roof": sun("a", 10.0)}
    plan = answer(assets, axis(1))
    assert near(of(plan, "roof.output"), (1.07**2 - 1) / 0.04)
    found = findings(assets, plan)
    assert found["hours_at_limit"].value == pytest.approx(8760)
    assert near(found["hosting_a"].value, 0.0)


def test_sun_that_absorbs_reactive_power_may_be_larger() -> None:
    """*Proves:* with x = 2 Ω and a power factor of 0.95 the rise per MW is (2 − 2·0.3287)·2/100,
    so 5.396 MW fit instead of 3.6225. *A wrong answer would be:* reactive power the other way.
    """
    line = feeder(branch("park", "a", r=2.0, x=2.0), absorbing=0.95)
    assets = {"grid": grid(export_price=300.0), "line": line, "roof": sun("a", 10.0)}
    wanted = (1.07**2 - 1) / (0.04 * (1 - tan(acos(0.95))))
    assert near(of(answer(assets, axis(1)), "roof.output"), wanted)


def test_loads_draw_reactive_power() -> None:
    """*Proves:* at a power factor of 0.8, 3 MW draw 2.25 Mvar, whose fall over x adds up: 1 −
    2·(1·3 + 0.5·2.25)/100. *A wrong answer would be:* a load of active power only, or the unserved
    part still drawing.
    """
    line = feeder(branch("park", "a", r=1.0, x=0.5), power_factor=0.8)
    assets = {"grid": grid(), "line": line, "village": load(3.0, at="a")}
    plan = answer(assets, axis(1))
    assert np.isclose(findings(assets, plan)["lowest_voltage"].value ** 2, 1 - 0.0825)
    active, reactive = drawn(line, Scope(plan.network, "line"), plan)
    assert near([active[0, 0], reactive[0, 0]], [3.0, 2.25])


def test_an_asset_has_its_own_power_factor() -> None:
    """*Proves:* one load of two draws none. *A wrong answer would be:* one factor for all."""
    line = feeder(branch("park", "a"), power_factor=0.8, power_factors={"heater": 1.0})
    assets = {
        "grid": grid(),
        "line": line,
        "village": load(1.0, at="a"),
        "heater": load(1.0, at="a"),
    }
    plan = answer(assets, axis(1))
    assert near(drawn(line, Scope(plan.network, "line"), plan)[1], 0.75)


def test_a_rating_is_one_of_apparent_power() -> None:
    """*Proves:* at a power factor of 0.8 a branch of 1 MVA carries the octagon's 1/(1 + 0.4142·
    0.75) = 0.763 MW, not more than the circle's 0.8 and not less than its 92 %. *A wrong answer
    would be:* 1 MW.
    """
    line = feeder(branch("park", "a", r=0.0, power=1.0), power_factor=0.8)
    plan = answer({"grid": grid(), "line": line, "village": load(3.0, at="a")}, axis(1))
    assert near(of(plan, "line.to a"), 1 / (1 + (sqrt(2) - 1) * 0.75))


def test_known_reactive_power_takes_its_part_of_the_circle() -> None:
    """*Proves:* 0.5 Mvar of load leave sqrt(1 − 0.25) = 0.866 MW of 1 MVA for sun that flows back,
    without any rule; 2 MW of sun beside 0.5 MW of load give 1.366. *A wrong answer would be:* 1.5.
    """
    line = feeder(branch("park", "a", r=0.0, power=1.0), power_factor=1 / sqrt(2))
    assets = {"grid": grid(export_price=300.0), "line": line, "roof": sun("a", 2.0),
              "village": load(0.5, at="a")}  # fmt: skip
    plan = answer(assets, axis(1))
    assert near(of(plan, "roof.output"), 0.5 + sqrt(0.75))
    assert not any("rating" in budget.name for budget in plan.network.budgets)


def test_a_transformer_sends_back_four_fifths() -> None:
    """*Proves:* 0.4 MVA with reverse: 0.8 sends 0.32 MW back. *A wrong answer would be:* 0.4."""
    line = feeder(branch("park", "a", r=0.0, power=0.4, reverse=0.8))
    assets = {"grid": grid(export_price=300.0), "line": line, "roof": sun("a", 1.0)}
    assert near(of(answer(assets, axis(1)), "roof.output"), 0.32)


def test_rules_that_cannot_bind_are_not_declared() -> None:
    """*Proves:* the voltage of a needs no rule with 1 MW of load behind 1 Ω, nor of b behind 2 Ω;
    with sun up to 5 MW at b, b's does (the largest size counts), a's does not. *A wrong answer
    would be:* a row for each bus whatever there is, or a rule missing where a size may grow.
    """
    assets = {"grid": grid(export_price=300.0), "village": load(1.0, at="b"),
              "line": feeder(branch("park", "a"), branch("a", "b"))}  # fmt: skip
    assert not stand(assets, axis(1)).budgets
    assets["roof"] = sun("b", SizeRange(0, 5), capex=1.0)
    net = stand(assets, axis(1))
    assert [budget.name for budget in net.budgets] == ["line.voltage b"]
    plan = answer(assets, axis(1))
    assert near(of(plan, "roof.output"), 1 + (1.07**2 - 1) / 0.04)


def test_what_has_no_bound_elsewhere_hides_no_rule() -> None:
    """*Proves:* beside a spur with a connection of any size, the other spur's rule stands: 5 MW
    over 2 Ω are cut to 3.3775. *A wrong answer would be:* infinity times no shared branch.
    """
    assets = {"grid": grid(), "village": load(5.0, at="b"),
              "tie": grid(500.0, connection=SizeRange(), at="a", capex=1.0),
              "line": feeder(branch("park", "a"), branch("park", "b", r=2.0))}  # fmt: skip
    plan = answer(assets, axis(1))
    assert near(of(plan, "line.to b"), (1 - 0.93**2) / 0.04)


def test_a_branch_is_reinforced_if_it_pays() -> None:
    """*Proves:* a branch to be chosen is bought for the 3 MW of load whose loss would cost more.
    *A wrong answer would be:* unserved load beside a cheap cable, or a cable paid for nothing.
    """
    line = feeder(branch("park", "a", r=0.1, power=SizeRange(0, 9)), capex=1e5)
    plan = answer({"grid": grid(), "line": line, "village": load(3.0, at="a")}, axis(1))
    assert near(plan.number(plan.network.capacities["line.a"][0]), 3.0)


def test_given_branches_are_paid_too() -> None:
    """*Proves:* of two branches of 2 MVA the one that stands already costs nothing, the other its
    annuity and both their upkeep of 10 a year. *A wrong answer would be:* cables for nothing
    because their rating is given.
    """
    line = feeder(branch("park", "a", r=0.1, power=2.0),
                  branch("a", "b", r=0.1, power=2.0, capex=0.0),
                  capex=1e5, upkeep=10.0, life=1)  # fmt: skip
    plan = answer({"grid": grid(), "line": line, "village": load(1.0, at="b")}, axis(24))
    cost = {kind: sum(e.amount for e in plan.ledger if (e.who, e.kind) == ("line", kind))
            for kind in ("investment", "fixed")}  # fmt: skip
    assert near(cost["investment"], 2e5 * 1.06 / 365)
    assert near(cost["fixed"], 40 / 365)


def test_losses_are_told() -> None:
    """*Proves:* 2 MW over 1 Ω at 10 kV lose 1·4/100 = 0.04 MW, 2 % of what is drawn. *A wrong
    answer would be:* nothing, or losses inside the balance (the grid gives 2 MW).
    """
    assets = {"grid": grid(), "line": feeder(branch("park", "a")), "village": load(2.0, at="a")}
    plan = answer(assets, axis(1))
    assert near(of(plan, "grid.import"), 2.0)
    found = findings(assets, plan)
    assert near(found["losses"].value, 0.04 * 8760)
    assert near(found["loss_share"].value, 0.02)


def test_hosting_capacity_and_what_binds() -> None:
    """*Proves:* beside 1 MW of load at b, a (1 Ω from the source) hosts (0.1449 + 0.02)/0.02 =
    8.245 MW, where its voltage binds; b over another 1 Ω (0.1449 + 0.04)/0.04 = 4.6225 MW; together
    8.245, all at a; with 2 MVA on the branch to a that branch binds at 2 + 1 = 3 MW. *A wrong
    answer would be:* the load left out, or one capacity for all buses.
    """
    assets = {"grid": grid(), "line": feeder(branch("park", "a"), branch("a", "b")),
              "village": load(1.0, at="b")}  # fmt: skip
    found = findings(assets, answer(assets, axis(1)))
    # At a the voltage at a binds by 0.02 per MW, and the one at b by as much, with less load left.
    assert near(found["hosting_a"].value, (1.07**2 - 1 + 0.02) / 0.02)
    assert near(found["hosting_b"].value, (1.07**2 - 1 + 0.04) / 0.04)
    assert near(found["hosting"].value, (1.07**2 - 1 + 0.02) / 0.02)
    assert found["hosting_b"].note is not None
    assert found["hosting_b"].note[0].startswith("voltage b binds")
    assets["line"] = feeder(branch("park", "a", power=2.0), branch("a", "b"))
    found = findings(assets, answer(assets, axis(1)))
    assert near([found["hosting_a"].value, found["hosting_b"].value, found["hosting"].value], 3.0)
    assert found["hosting_a"].note is not None
    assert found["hosting_a"].note[0].startswith("branch a binds")


def test_hosting_capacity_of_sun_counts_hours_of_sun() -> None:
    """*Proves:* with the output of the roof on the feeder (noon 1, evening 0) only the load at
    noon counts; steady output would have to fit the evening without load. *A wrong answer would
    be:* the least load of the night.
    """
    line = feeder(branch("park", "a", r=0.0, power=2.0))
    village = load(np.array([1.0, 0.0]), at="a")
    roof = sun("a", 0.5, np.array([1.0, 0.0]))
    assets = {"grid": grid(export_price=300.0), "line": line, "village": village, "roof": roof}
    assert near(findings(assets, answer(assets, axis(2)))["hosting_a"].value, 2.5)
    del assets["roof"]
    assert near(findings(assets, answer(assets, axis(2)))["hosting_a"].value, 2.0)


def county() -> Feeder:
    """Twelve buses of a county feeder: 9 km of main line and three spurs, 120 and 70 mm²."""
    main = [("park", "b1"), *((f"b{n}", f"b{n + 1}") for n in range(1, 7))]
    spurs = [("b2", "c1"), ("c1", "c2"), ("b4", "d1"), ("d1", "d2"), ("b6", "e1")]
    return feeder(*(branch(*ends, r=0.27 * 1.3, x=0.35 * 1.3) for ends in main),
                  *(branch(*ends, r=0.46 * 1.0, x=0.36 * 1.0) for ends in spurs),
                  power_factor=0.95, absorbing=0.98, source_voltage=1.02)  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("case", "tolerance"), [("evening", 0.002), ("peak", 0.0055), ("noon", 0.004)]
)
def test_voltages_agree_with_an_ac_power_flow(case: str, tolerance: float) -> None:
    """*Proves:* on twelve buses the linear voltages are within 0.2 % of PyPSA's nonlinear power
    flow in the evening (2.8 MW of load, down to 0.966), 0.4 % at noon (4 MW of sun more than load,
    up to 1.033), 0.5 % at the limit of 0.93 (4.9 of 5.1 MW are served), and the losses told within
    12 %, 1 to 10 % too few. *A wrong answer would be:* a sign, a factor 2 or a missing reactive
    part: 2 % and more.
    """
    line = county()
    tree = line.tree()
    random = np.random.default_rng(5)
    loads = random.uniform(0.15, 0.35, 12) * (1.8 if case == "peak" else 1.0)
    roofs = random.uniform(0.3, 0.8, 12) * (case == "noon")
    assets: dict[str, Asset] = {"grid": grid(export_price=300.0), "line": line}
    for bus, mw, kw in zip(tree.buses, loads, roofs, strict=True):
        assets[f"load {bus}"] = load(float(mw), at=bus)
        assets[f"roof {bus}"] = sun(bus, float(kw))
    plan = answer(assets, axis(1))
    active, reactive = drawn(line, Scope(plan.network, "line"), plan)
    assert near(active.sum(), (loads - roofs).sum()) == (case != "peak")

    with quiet():
        net = _power_flow(line, active[:, 0], reactive[:, 0])
    theirs = net.buses_t.v_mag_pu.iloc[0][list(tree.buses)].to_numpy()
    ours = np.sqrt(tree.squares(active, reactive, line.source_voltage))[:, 0]
    assert np.abs(ours - theirs).max() < tolerance
    lost = float(net.lines_t.p0.iloc[0].sum() + net.lines_t.p1.iloc[0].sum())
    assert np.isclose(tree.losses(active, reactive, line.source_voltage).sum(), lost, rtol=0.12)


def _power_flow(line: Feeder, active: Floats, reactive: Floats) -> pypsa.Network:
    """The same feeder, solved by PyPSA's Newton-Raphson method."""
    net = pypsa.Network()
    tree = line.tree()
    for bus in ("park", *tree.buses):
        net.add("Bus", bus, v_nom=10.0)
    net.add("Generator", "source", bus="park", control="Slack")
    net.buses.loc["park", "v_mag_pu_set"] = line.source_voltage
    for each in line.branches:
        ends = {"bus0": each.from_, "bus1": each.to}
        net.add("Line", f"{each.from_} {each.to}", **ends, r=each.r, x=each.x)
    for bus, mw, mvar in zip(tree.buses, active, reactive, strict=True):
        net.add("Load", bus, bus=bus, p_set=mw, q_set=mvar)
    net.pf()
    return net


@pytest.mark.parametrize(
    ("branches", "words", "message"),
    [
        ([branch("park", "a"), branch("a", "b"), branch("b", "park")], {}, "closes a ring"),
        ([branch("park", "a"), branch("b", "c")], {}, "no way leads"),
        ([branch("park", "a")], {"source_voltage": 1.1}, "outside the limits of bus 'a'"),
    ],
)
def test_contradictions_are_named(
    branches: list[dict[str, Any]], words: dict[str, Any], message: str
) -> None:
    """*Proves:* what cannot be is refused when it is written, in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        feeder(*branches, **words)


def test_buses_must_be_nodes() -> None:
    """*Proves:* a bus that is no node, or one of heat, and a power factor for nobody are named."""
    line = feeder(branch("park", "a"), branch("a", "b"), power_factors={"vilage": 0.9})
    carriers = {"park": "electricity", "b": "heat"}
    said = [
        str(problem) for _, problem in Feeder.across({"line": line, "village": load(1.0)}, carriers)
    ]
    assert "there is no node 'a'" in said[0]
    assert "carries heat" in said[1]
    assert "did you mean 'village'" in said[2]
