"""Facts of a report against sums done another way."""

from __future__ import annotations

from pathlib import Path
from typing import get_origin

import numpy as np
import pytest
from pydantic import BaseModel

from tests.plan.report import sample
from zeroplant.assets import kinds
from zeroplant.axis import Chain
from zeroplant.capital import Terms
from zeroplant.plan.report.facts import gather
from zeroplant.plan.report.facts.assumptions import assumptions
from zeroplant.plan.report.facts.energy import duration
from zeroplant.plan.report.facts.fields import is_named
from zeroplant.plan.report.facts.weeks import extremes
from zeroplant.plant import load_plant

COUNTY = Path(__file__).resolve().parents[3] / "examples/county-base"


def test_supply_equals_use_in_every_period(planned: sample.Result) -> None:
    """Proves that no flow is forgotten or counted on the wrong side: the balance closes."""
    power = gather(planned).power
    supply = sum(power.get(kind.key) for kind in power.kinds("supply"))
    use = sum(power.get(kind.key) for kind in power.kinds("use"))
    np.testing.assert_allclose(supply, use, atol=1e-6 * np.max(use))


def test_months_add_up_to_the_year(planned: sample.Result) -> None:
    """Twelve months of each kind are the year of its flow; weights are hours, not periods."""
    facts = gather(planned)
    assert facts.months.months == list(range(1, 13))
    wind = next(f for f in planned.network.flows if f.name == "wind.output")
    np.testing.assert_allclose(facts.months.mwh["wind"].sum(), planned.solution.total(wind))
    row = next(row for row in facts.flows if row.name == "wind.output")
    np.testing.assert_allclose(row.mwh, planned.solution.total(wind))
    np.testing.assert_allclose(
        row.hours, row.mwh / planned.solution.number(planned.network.sizes[0])
    )


def test_books_are_the_ledger(planned: sample.Result) -> None:
    """Costs less revenues plus penalties are the objective; quantity × price is each amount."""
    books = gather(planned).books
    total = books.cost - books.revenue + books.penalty
    np.testing.assert_allclose(total, planned.solution.objective, rtol=1e-9)
    for entry in [*books.costs, *books.revenues, *books.penalties]:
        np.testing.assert_allclose(entry.quantity * entry.price, entry.amount, rtol=1e-9)


def test_worst_week_is_worst(planned: sample.Result) -> None:
    """No seven whole days have more import and unserved energy; a loop over all days says so."""
    power = gather(planned).power
    best, worst = extremes(power)
    outside = power.get("import") + power.get("unserved")
    step, hours = round(24 / power.axis.hours), power.axis.hours
    sums = [outside[day * step : (day + 7) * step].sum() * hours for day in range(365 - 6)]
    np.testing.assert_allclose([best.help_mwh, worst.help_mwh], [min(sums), max(sums)], atol=1e-6)
    assert worst.stages.start == int(np.argmax(sums)) * step
    assert (worst.stages.start * hours) % 24 == 0


def test_week_of_a_short_chain_is_the_chain() -> None:
    """Three typical days of 24 h: the weeks are whole days of one chain, never across two."""
    chains = (Chain("winter", 100.0), Chain("spring", 165.0), Chain("summer", 100.0))
    plan = sample.result(time=sample.axis(2.0, 1, chains), terms=None, choices=())
    facts = gather(plan)
    for week in (facts.best, facts.worst):
        assert week.stages.stop - week.stages.start == 12
        assert week.stages.start % 12 == 0
        assert week.chain in {"winter", "spring", "summer"}
    load = next(f for f in plan.network.flows if f.role == "load")
    years = plan.network.axis.years
    row = next(row for row in facts.flows if row.name == load.name)
    np.testing.assert_allclose(row.mwh, plan.solution.total(load) / years)


def test_duration_curve_keeps_hours_and_ends(planned: sample.Result) -> None:
    """The thinned curve begins at the highest value and ends at the lowest after 8,760 h."""
    power = gather(planned).power
    curve = duration(power.load, power)
    assert curve.hours.size <= 401
    assert curve.values[0] == power.load.max()
    assert curve.values[-1] == power.load.min()
    assert curve.hours[-1] == pytest.approx(8760.0)
    # Half of the hours have at least the median.
    middle = np.interp(4380.0, curve.hours, curve.values)
    assert middle == pytest.approx(np.median(power.load), rel=5e-3)


def test_node_price_quantiles(planned: sample.Result) -> None:
    """Mean and quantiles of the price against numpy's, as all periods weigh alike here."""
    row = gather(planned).prices[0]
    prices = planned.solution.price(planned.network.nodes[0])
    assert row.mean == pytest.approx(prices.mean())
    want = np.quantile(prices, [0.05, 0.5, 0.95], method="inverted_cdf")
    np.testing.assert_allclose([row.p5, row.median, row.p95], want)


def _models(annotation: object) -> list[type[BaseModel]]:
    """Sections of an asset; lists and tables of them are told by their number alone."""
    if get_origin(annotation) in (list, dict, tuple):
        return []
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models(part)]


def _keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    keys = []
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        inner = _models(field.annotation)
        keys += [k for m in inner for k in _keys(m, f"{path}.")] if inner else [path]
    return keys


@pytest.mark.parametrize("kind", [*sorted(kinds()), "finance"])
def test_every_parameter_has_a_chinese_name(kind: str) -> None:
    """A parameter added to an asset without a name in the report would be English in Chinese."""
    model = Terms if kind == "finance" else kinds()[kind]
    own = getattr(model, "chinese", {})
    keys = [key for key in _keys(model) if key not in ("kind", "name")]
    missing = [key for key in keys if not is_named(key, own)]
    assert missing == []


def test_assumptions_name_units_and_origins(planned: sample.Result) -> None:
    """Ranges say that they are chosen, prices carry their unit, series their origin."""
    rows = {
        row.key: row
        for row in assumptions(planned.plant.assets["wind"], planned.network.axis, "CNY")
    }
    assert rows["capex"].value.en == "4,500,000 CNY/MW"
    assert rows["power"].value.en == "chosen from 0 … 400 MW"
    assert rows["wake"].value.en == "7 %"
    assert rows["availability"].origin.en == "given from Python"
    assert rows["availability"].value.en.startswith("mean 0.")


def test_region_and_generator_have_chinese_names() -> None:
    """What the plant file writes in English words of the program's own."""
    plant = load_plant(COUNTY)
    said = {row.key: row for name in ("grid", "factories")
            for row in assumptions(plant.assets[name], plant.axis, "CNY")}  # fmt: skip
    assert said["region"].value == ("Inner Mongolia", "内蒙古")
    assert said["load"].origin.zh == "模拟生成（非实测）：工业园区"
