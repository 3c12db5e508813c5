"""What could not be kept is named, with what would have kept it and at what price."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.plan.small import battery, grid, load, planned, plant, wind
from zeroplant.assets import Asset
from zeroplant.assets.demand import Demand
from zeroplant.assets.solar import Solar
from zeroplant.assets.waste_heat import WasteHeat
from zeroplant.plan import Cure, PlanResult, plan
from zeroplant.plant.schema import CarbonTerms
from zeroplant.rules import RuleChoice
from zeroplant.units import SizeRange

GREEN = RuleChoice.model_validate(
    {"pack": "cn-direct-connection-650", "off": ["self_use", "export"], "green_load_min": 0.6}
)
LIMIT = SizeRange(0.0, 6.0)
DEAR = {"capex": 3e7, "life": 25.0}


def too_little_wind(limit: Any = LIMIT, **words: Any) -> dict[str, Asset]:
    """A load of 10 MW whose rule asks for 6 MW of wind on average, and at most 3."""
    return {"works": load(), "wind": wind(limit, **{**DEAR, **words}), "grid": grid()}


def replanned(assets: dict[str, Asset], cure: Cure, **words: Any) -> PlanResult:
    """The plant with the cured limits."""
    better = dict(assets)
    for name, (_, needed) in cure.changes.items():
        who, field = name.rsplit(".", 1)
        top = SizeRange(0.0, needed * (1 + 1e-9))
        better[who] = better[who].model_copy(update={field: top})
    return planned(better, **words)


def money(result: PlanResult) -> float:
    """Yearly money without penalties."""
    return (
        sum(e.amount for e in result.solution.ledger if e.kind != "penalty")
        / result.network.axis.years
    )


@pytest.mark.parametrize("limit", [SizeRange(0.0, 6.0), 6.0])
def test_a_rule_is_cured_by_the_capacity_that_was_too_small(limit: Any) -> None:
    """*Proves:* 60 % of 10 MW from wind at availability 0.5 needs 12 MW where 6 are allowed, or
    stand. The plan breaks the rule by 3 MW × 8 760 h; the cure names the wind, 6 → 12, and its
    price: planning again with 12 keeps the rule and costs exactly that much more.
    *A wrong answer would be:* another capacity, or a price without the import it saves.
    """
    assets = too_little_wind(limit)
    result = planned(assets, rules=[GREEN])
    (cure,) = result.cures
    assert cure.broken == "cn-direct-connection-650: green_load"
    assert cure.amount == pytest.approx(3 * 8760, rel=1e-6)
    assert list(cure.changes) == ["wind.power"]
    assert cure.changes["wind.power"] == pytest.approx((6.0, 12.0))
    better = replanned(assets, cure, rules=[GREEN])
    assert not better.cures
    assert cure.cost == pytest.approx(money(better) - money(result), rel=1e-6)
    annuity = 0.06 / (1 - 1.06**-25)
    assert cure.cost == pytest.approx(6 * 3e7 * annuity - 3 * 400 * 8760, rel=1e-6)


def test_the_words_are_a_planners() -> None:
    """*Proves:* rule, value, limit, missing energy, remedy and price are said in both languages.
    *A wrong answer would be:* names of variables.
    """
    (cure,) = planned(too_little_wind(), rules=[GREEN]).cures
    english, chinese = cure.words
    for part in ("30.00%", "at least 60.00%", "26,280 MWh a year short",
                 "raise 'wind.power' from 6 to 12 MW",
                 "CNY more a year"):  # fmt: skip
        assert part in english
    for part in (
        "要求不低于 60.00%",
        "每年缺 26,280 MWh",
        "将“wind.power”由 6 提高到 12 MW",
        "每年增加",
    ):
        assert part in chinese


def test_a_profitable_capacity_is_not_part_of_a_cure() -> None:
    """*Proves:* limits are passed only as far as the rule needs. The sun earns by export and stands
    at its limit of 5 MW; more of it would earn more, but only as much as the rule needs is named.
    *A wrong answer would be:* hundreds of MW of sun, because they pay.
    """
    sun = Solar(
        kind="solar",
        at="park",
        power=SizeRange(0, 5),
        availability=np.tile([1.0, 0.0], 12),
        capex=1e6,
    )
    assets = {**too_little_wind(), "sun": sun, "grid": grid(export_price=390.0)}
    result = planned(assets, rules=[GREEN])
    (cure,) = result.cures
    assert result.sizes["sun.power"][0] == pytest.approx(5.0)
    # 6 MW on average: 3 of wind, 2.5 of sun in 12 of 24 hours, and 0.5 more of the cheaper sun.
    assert list(cure.changes) == ["sun.power"]
    assert cure.changes["sun.power"] == pytest.approx((5.0, 6.0))
    assert not replanned(assets, cure, rules=[GREEN]).cures


def test_unserved_load_is_cured_by_the_connection() -> None:
    """*Proves:* load beyond the connection for 4 h a day names the connection, 8 → 10 MW, even
    where it has no price of its own; the cost is the energy then bought. *A wrong answer would
    be:* no cure, as nothing is free to grow.
    """
    series = np.where(np.arange(24) >= 20, 10.0, 5.0)
    assets = {"works": load(series), "grid": grid(400.0, 8.0)}
    (cure,) = planned(assets).cures
    assert cure.broken == "works.unserved"
    assert cure.amount == pytest.approx(8 * 365)
    assert cure.changes["grid.connection"] == pytest.approx((8.0, 10.0))
    assert cure.cost == pytest.approx(8 * 365 * 400)
    english, _ = cure.words
    for part in (
        "'works' is not served 2,920 MWh a year",
        "in 1,460 hours",
        "2 MW on 2025-01-01 20:00",
    ):
        assert part in english


def test_where_no_capacity_helps_it_says_so() -> None:
    """*Proves:* in a night without wind and without a grid nothing that can be bought helps: no
    changes, no price, and the words say it. *A wrong answer would be:* a cure that cures nothing.
    """
    free = np.tile([1.0, 0.0], 12)
    assets = {"works": load(), "wind": wind(SizeRange(0.0, 40.0), free, **DEAR)}
    (cure,) = planned(assets).cures
    assert cure.changes == {}
    assert cure.cost is None
    assert "No capacity alone would mend it" in cure.words[0]
    assert "仅调整容量无法满足" in cure.words[1]


@pytest.mark.parametrize("connection", [100.0, SizeRange(0.0, 100.0)])
def test_load_dropped_for_its_price_is_told_as_a_choice(connection: Any) -> None:
    """*Proves:* a connection of 100 MW could carry a peak of 10 MW that comes for one hour, but
    the demand charge on it is more than unserved energy costs. The words say that the plant could
    serve it, what a year that costs more, and by which price that is dearer. *A wrong answer
    would be:* that no capacity alone would mend it, as none has to grow.
    """
    series = np.where(np.arange(24) == 12, 10.0, 5.0)
    dear = {"demand_charge": 100_000.0}
    assets = {"works": load(series, unserved=500.0), "grid": grid(400.0, connection, **dear)}
    result = planned(assets)
    (cure,) = result.cures
    served = dict(assets, works=load(series, unserved=1e9))
    better = planned(served)
    assert not better.cures
    assert cure.changes == {}
    assert cure.cost == pytest.approx(money(better) - money(result), rel=1e-6)
    assert cure.cost > 365 * 5 * 500.0
    english, chinese = cure.words
    for part in ("the plant could keep it, for ", f"{cure.cost:,.0f} CNY more a year",
                 "the price of 'assets.works.unserved' it is cheaper to break it"):  # fmt: skip
        assert part in english
    for part in (
        "现有容量限值内即可满足",
        f"每年增加 {cure.cost:,.0f} CNY",
        "assets.works.unserved",
    ):
        assert part in chinese
    assert "No capacity" not in english


def test_a_rule_broken_for_its_price_names_that_price() -> None:
    """*Proves:* 12 MW of wind are allowed, but 1 CNY/MWh buys the breach. *A wrong answer would
    be:* a capacity to raise, or the price of another rule.
    """
    assets = too_little_wind(SizeRange(0.0, 40.0))
    cheap = GREEN.model_copy(update={"breach": 1.0})
    other = RuleChoice.model_validate(
        {"pack": "cn-direct-connection-650", "off": ["self_use", "export", "green_load"]}
    )
    result = planned(assets, rules=[other, cheap])
    (cure,) = result.cures
    assert cure.changes == {}
    assert "'rules.1.breach'" in cure.words[0]
    (capped,) = planned(assets, carbon=CarbonTerms(cap=17_520.0, breach=1.0)).cures
    assert "'carbon.breach'" in capped.words[0]


def test_a_battery_that_may_grow_is_the_cure() -> None:
    """*Proves:* with a battery to be chosen the same night is served: energy and power grow
    together with the wind. *A wrong answer would be:* more wind alone.
    """
    free = np.tile([1.0, 0.0], 12)
    store = battery(
        power=SizeRange(0, 2), hours=None, energy=SizeRange(0, 5), capex=1e6, capex_power=1e5
    )
    assets = {"works": load(), "wind": wind(SizeRange(0.0, 15.0), free, **DEAR), "store": store}
    (cure,) = planned(assets).cures
    assert set(cure.changes) == {"wind.power", "store.power", "store.energy"}
    assert not replanned(assets, cure).cures


def test_what_stands_and_costs_nothing_does_not_grow() -> None:
    """*Proves:* an existing wind farm without a price is no way to keep a rule: more of it cannot
    be bought. *A wrong answer would be:* 6 → 12 MW for nothing.
    """
    assets = too_little_wind(6.0, capex=0.0)
    (cure,) = planned(assets, rules=[GREEN]).cures
    assert cure.cost is None


def test_of_two_breaches_the_one_that_can_be_cured_is() -> None:
    """*Proves:* a load at a place without any supply has no cure; the rule broken beside it still
    gets its own. *A wrong answer would be:* one hopeless case that hides the other's cure.
    """
    assets = {**too_little_wind(), "hut": Demand(kind="demand", at="hill", load=0.1)}
    cures = {c.broken: c for c in planned(assets, rules=[GREEN], nodes=("park", "hill")).cures}
    assert cures["hut.unserved"].cost is None
    assert cures["cn-direct-connection-650: green_load"].changes["wind.power"][0] == 6.0


def test_a_carbon_cap_is_cured_like_a_rule() -> None:
    """*Proves:* a cap of 17 520 t on 10 MW at 0.5 t/MWh leaves 4 MW of import: 12 MW of wind. The
    excess of 13 140 t with 3 MW of wind is said in tonnes. *A wrong answer would be:* MWh.
    """
    (cure,) = planned(too_little_wind(), carbon=CarbonTerms(cap=17_520.0)).cures
    assert (cure.broken, cure.unit) == ("carbon cap", "tCO2")
    assert cure.amount == pytest.approx(13_140)
    assert cure.changes["wind.power"] == pytest.approx((6.0, 12.0))
    assert "emits 30,660 tCO2 a year, 13,140 more than its cap of 17,520" in cure.words[0]


def test_a_plan_that_keeps_everything_needs_no_cure() -> None:
    """*Proves:* no breach, no cure, and no second solve. *A wrong answer would be:* rounding
    taken for a breach.
    """
    result = plan(plant(too_little_wind(SizeRange(0.0, 40.0)), rules=[GREEN]))
    assert result.cures == []
    assert all(rule.met for rule in result.rules if rule.binding)


def test_the_plan_itself_is_left_as_it_was() -> None:
    """*Proves:* seeking a cure changes nothing in the plan's own network: limits stay. *A wrong
    answer would be:* a report that shows sizes without limits.
    """
    result = planned(too_little_wind(), rules=[GREEN])
    (size,) = [s for s in result.network.sizes if s.name == "wind.power"]
    assert size.upper == 6.0
    assert not any("beyond" in s.name for s in result.network.sizes)


def test_heat_that_is_missing_without_a_load_is_told() -> None:
    """*Proves:* a stream that nothing heats is a breach of its own 24 MWh a day, though its flow
    has no cap that would say how much was asked for. *A wrong answer would be:* a division by 0.
    """
    streams = {
        "water": {"from": 20.0, "to": 80.0, "heat": 1.0},
        "drain": {"from": 25.0, "to": 20.0, "heat": 0.1},  # too cold to heat anything
    }
    cold = WasteHeat.model_validate({"kind": "waste_heat", "streams": streams})
    result = planned({"works": load(), "grid": grid(400.0, 20.0), "furnace": cold})
    missing = next(cure for cure in result.cures if cure.broken == "furnace.unheated")
    assert missing.amount == pytest.approx(8760.0)
