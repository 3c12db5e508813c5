"""Scenarios of a plant file: what is read, what may differ, and what is told of mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.plant.small import PLANT, write_plant
from zeroplant.errors import InputError
from zeroplant.plant import build, load_plant
from zeroplant.plant.places import site_of
from zeroplant.series import ByChain, TimeOfUse

SCENARIOS = """
scenarios:
  usual:
    probability: 60 %
  dear night:
    probability: 40 %
    changes:
      assets.grid.import_price: {time_of_use: [{price: 0.80 CNY/kWh}]}
      assets.factory.load: {generated: industrial_park, seed: 3, mean: 1 MW}
      sites.hill.seed: 7
"""


def read(folder: Path, text: str = SCENARIOS, changes: dict[str, str] | None = None) -> Any:
    """The small plant with scenarios."""
    return load_plant(write_plant(folder, PLANT + text), changes)


def problems(folder: Path, text: str = SCENARIOS, **changes: str) -> list[str]:
    """What is wrong with it; the file's own folder is left out."""
    said = {key.replace("__", "."): value for key, value in changes.items()}
    with pytest.raises(InputError) as caught:
        read(folder, text, said)
    return [str(each).replace(f"{folder}/", "") for each in caught.value.problems]


def test_series_differ_by_chain(tmp_path: Path) -> None:
    """*Proves:* each scenario has its own price, and the file's own where it says nothing; the
    chains have the scenarios' names and probabilities. *A wrong answer would be:* the last
    scenario's price in all of them.
    """
    plant = read(tmp_path)
    axis = plant.axis
    assert [(c.name, c.weight) for c in axis.chains] == [("usual", 0.6), ("dear night", 0.4)]
    price = plant.assets["grid"].import_price.on(axis).reshape(2, -1)
    assert (price[1] == 800.0).all()
    assert set(price[0]) == {300.0, 500.0}
    assert isinstance(plant.assets["grid"].export_price.constant, float)
    load = plant.assets["factory"].load.on(axis).reshape(2, -1)
    assert load[0].max() < 0.2 < load[1].mean()
    assert build(plant).network.axis == axis


def test_sizes_are_shared(tmp_path: Path) -> None:
    """*Proves:* one set of capacities, whatever the number of scenarios."""
    alone = build(load_plant(write_plant(tmp_path))).network
    both = build(read(tmp_path)).network
    assert [s.name for s in both.sizes] == [s.name for s in alone.sizes]
    assert both.axis.years == pytest.approx(alone.axis.years)


def test_weather_differs_by_seed_only_where_it_is_said(tmp_path: Path) -> None:
    """*Proves:* a scenario that says nothing of a site has the weather the plant would have had
    alone, and the other that of its seed. *A wrong answer would be:* another draw in each chain,
    so that scenarios differ in what nobody wrote down.
    """
    alone = load_plant(write_plant(tmp_path))
    seventh = load_plant(write_plant(tmp_path), {"sites.hill.seed": "7"})
    wind = site_of(read(tmp_path), "hill").weather.wind_speed
    expected = [site_of(each, "hill").weather.wind_speed for each in (alone, seventh)]
    assert np.array_equal(wind, np.concatenate(expected))


def test_noise_is_the_same_in_scenarios_that_say_the_same(tmp_path: Path) -> None:
    """*Proves:* a generated load and weather years repeat in every scenario: chain k of one is
    chain k of the other. *A wrong answer would be:* fresh noise for each chain of the axis.
    """
    load = "{generated: industrial_park, seed: 3, mean: 1 MW}"
    text = "\nscenarios: {a: {}, b: {changes: {assets.grid.import_price: 0.9 CNY/kWh}}}\n"
    changes = {"assets.factory.load": load, "time.weather_years": "3"}
    plant = read(tmp_path, text, changes)
    names = [chain.name for chain in plant.axis.chains]
    assert names[:2] == ["a · weather year 1", "a · weather year 2"]
    assert [chain.weight for chain in plant.axis.chains] == pytest.approx([1 / 6] * 6)
    for values in (
        plant.assets["factory"].load.on(plant.axis),
        site_of(plant, "hill").weather.ghi,
    ):
        first, second = values.reshape(2, 3, -1)
        assert np.array_equal(first, second)
        assert not np.array_equal(first[0], first[1])


def test_what_no_scenario_changes_stays_as_it_was(tmp_path: Path) -> None:
    """*Proves:* a tariff table is still one for the report; a series is shared by all."""
    plant = read(tmp_path, "\nscenarios: {a: {}, b: {}}\n")
    assert isinstance(plant.assets["grid"].import_price, TimeOfUse)
    load = plant.assets["factory"].load
    assert isinstance(load, ByChain)
    assert load.common is not None
    assert load.plain() == load.common.plain()


def test_nested_sections_and_lists(tmp_path: Path) -> None:
    """*Proves:* profiles deep in a section and in a list are found by their place."""
    from pydantic import BaseModel, ConfigDict

    from zeroplant.axis import Axis, Chain
    from zeroplant.plant.merge import _Merger
    from zeroplant.series import PowerProfile

    class Inner(BaseModel):
        model_config = ConfigDict(frozen=True)
        rate: PowerProfile
        count: int = 1

    class Outer(BaseModel):
        model_config = ConfigDict(frozen=True)
        parts: list[Inner]
        named: dict[str, Inner]

    def outer(first: str, second: str, count: int = 1) -> Outer:
        part = {"rate": first, "count": count}
        return Outer.model_validate({"parts": [part], "named": {"x": {"rate": second}}})

    axis = Axis(load_plant(write_plant(tmp_path)).axis.start, 2)
    whole = Axis(axis.start, 2, chains=(Chain("a", 0.5), Chain("b", 0.5)))
    merger = _Merger(["a", "b"], axis)
    base = outer("1 MW", "5 MW")
    found = merger.model(base, [base, outer("2 MW", "6 MW")], ())
    assert not merger.found
    assert found.parts[0].rate.on(whole).tolist() == [1, 1, 2, 2]
    assert found.named["x"].rate.on(whole).tolist() == [5, 5, 6, 6]
    merger.model(base, [base, outer("1 MW", "5 MW", count=3)], ())
    assert [(name, loc) for name, loc, _ in merger.found] == [("b", ("parts", 0, "count"))]


ONLY = "only series (prices, loads, inflow, traffic) and weather can differ between scenarios"


@pytest.mark.parametrize(
    ("entry", "value", "says"),
    [
        ("assets.wind.capex", "4000 CNY/kW", ONLY),
        ("assets.grid.connection", "9 MW", ONLY),
        ("assets.wind.power", "{max: 9 MW}", ONLY),
        ("assets.pv", "{kind: solar, at: park, site: hill, power: 3 MW}", ONLY),
        ("assets.battery", "null", ONLY),
        ("sites.hill.latitude", "3 deg", ONLY),
        ("time.periods", "24", ONLY),
        ("carbon.price", "90 CNY/tCO2", ONLY),
        ("rules.0.export_max", "10 %", ONLY),
        ("assets.grid.export_price", "null", ONLY),
        ("sites.hill.climate", "ningbo", "'ningbo' lies elsewhere than 'qingshuihe'; write the"),
        ("assets.grid.import_prise", "1 CNY/kWh", "unknown key 'import_prise'; did you mean"),
        ("assets.grid.import_price", "1 CNY/kW", "'1 CNY/kW' is a price of power; write"),
        ("assets.factory.load", "{file: none.csv, unit: kW}", "none.csv: no such file"),
        ("name.first", "x", "there is no such place in the plant file; write keys with dots"),
        ("assets", "{}", "this would replace all of 'assets'; write keys with dots between"),
    ],
)
def test_a_wrong_change_is_named_at_its_line(
    entry: str, value: str, says: str, tmp_path: Path
) -> None:
    """*Proves:* one line each, at the change in the file, that says what to do instead."""
    text = f"\nscenarios:\n  a: {{}}\n  b:\n    changes:\n      {entry}: {value}\n"
    (line,) = problems(tmp_path, text)
    number = (PLANT + text).splitlines().index(f"      {entry}: {value}") + 1
    assert line.startswith(f"plant.yaml:{number}: scenarios.b.changes.{entry}: {says}"), line


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scenarios: {a: {probability: 50 %}, b: {probability: 60 %}}",
         "scenarios: the probabilities of the scenarios add up to 110 %; make them"),
        ("scenarios: {a: {probability: 50 %}, b: {}}",
         "scenarios: 'b' has no probability; give each scenario one, or none"),
        ("scenarios: {a: {chances: {}}}", "scenarios.a.chances: unknown key 'chances'; did you"),
        ("risk: {aversion: 30 %}", "risk: there is nothing uncertain in this plant; add"),
        ("scenarios: {a: {}}\nrisk: {aversion: 30 %}", "risk: there is nothing uncertain"),
        ("scenarios: {a: {}, b: {}}\nrisk: {tail: 5 %}", "risk: the key 'aversion' is missing"),
        ("scenarios: {a: {}, b: {}}\nrisk: {aversion: 130 %}", "risk.aversion: '130 %' is above"),
        ("scenarios: {a: {}, b: {}}\nrisk: {aversion: 1, tail: 0}", "risk.tail: 0 is below"),
        ("scenarios: [a, b]", "scenarios: a list is not a mapping"),
    ],
)  # fmt: skip
def test_wrong_scenarios_and_risk(text: str, says: str, tmp_path: Path) -> None:
    """*Proves:* one line each that can be acted on."""
    (line,) = problems(tmp_path, f"\n{text}\n")
    assert line.partition(": ")[2].startswith(says), line


def test_the_command_line_reaches_into_scenarios(tmp_path: Path) -> None:
    """*Proves:* ``--set scenarios.<name>.changes.<place>`` replaces one change, and a mistake in
    it is told as one of the command line.
    """
    key = "scenarios.dear night.changes.assets.grid.import_price"
    price = read(tmp_path, changes={key: "0.7 CNY/kWh"}).assets["grid"].import_price
    assert price.parts[1].constant == pytest.approx(700.0)
    with pytest.raises(InputError, match=r"--set scenarios\.dear night"):
        read(tmp_path, changes={key: "0.7 CNY"})
    assert not read(tmp_path, changes={"scenarios": "null"}).scenarios


def test_too_many_periods(tmp_path: Path) -> None:
    """*Proves:* a plan that no memory could hold is refused before it is begun."""
    text = "\nscenarios: {" + ", ".join(f"s{k}: {{}}" for k in range(20)) + "}\n"
    changes = {"time.weather_years": "100", "time.periods": "8760", "assets.factory.load": "1 MW"}
    with pytest.raises(InputError, match="periods of all scenarios are more than 2,000,000"):
        read(tmp_path, text, changes)
