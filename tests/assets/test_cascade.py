"""Cascades: released water arrives below, later, and none is lost on the way."""

from __future__ import annotations

import numpy as np
import pypsa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assets.rivers import axis_of, declare, flow, plan, store, value
from zeroplant.assets.demand import Demand
from zeroplant.assets.hydro_reservoir import HydroReservoir
from zeroplant.assets.navigation_complex import NavigationComplex
from zeroplant.assets.parts.cascade import check_cascade
from zeroplant.assets.run_of_river import RunOfRiver
from zeroplant.export import to_pypsa


def _upper(**other: object) -> HydroReservoir:
    words = {
        "kind": "hydro_reservoir", "at": "park", "power": 60.0, "turbine_flow": 80.0,
        "efficiency": 0.9, "inflow": 40.0, "levels": [(0.0, 80.0), (5e6, 80.0)],
        "downstream": "lower", "travel_time": 3.0,
    }  # fmt: skip
    return HydroReservoir(**(words | other))


def _lower(**other: object) -> HydroReservoir:
    words = {
        "kind": "hydro_reservoir", "at": "park", "power": 30.0, "turbine_flow": 90.0,
        "efficiency": 0.88, "inflow": 10.0, "levels": [(0.0, 30.0), (1e6, 30.0)],
    }  # fmt: skip
    return HydroReservoir(**(words | other))


def _price(periods: int) -> np.ndarray:
    return np.random.default_rng(5).uniform(100.0, 600.0, periods)


def test_water_arrives_after_its_travel() -> None:
    """Proves: water let go at 80 m³/s in hour 0 is there in hour 3, half in 3 and half in 4 for
    3.5 h. Without the delay it would be there at once."""
    price = np.array([900.0] + [1.0] * 7)
    for hours, share in ((3.0, {3: 1.0}), (3.5, {3: 0.5, 4: 0.5})):
        below = RunOfRiver(kind="run_of_river", at="park", power=50.0, turbine_flow=200.0,
                           inflow=0.0, head_water=20.0)  # fmt: skip
        above = _upper(inflow=10.0, travel_time=hours)
        network, solution = plan({"upper": above, "lower": below}, axis_of(8), price)
        assert value(solution, flow(network, "upper.turbined"))[0] == pytest.approx(80.0)
        arrived = value(solution, flow(network, "lower.turbined"))
        arrived = arrived + value(solution, flow(network, "lower.spilled"))
        right = sum(80.0 * part * (np.arange(8) == hour) for hour, part in share.items())
        assert arrived == pytest.approx(right)


@settings(max_examples=15)
@given(
    travel=st.floats(0.0, 6.0),
    means=st.tuples(st.floats(0.0, 100.0), st.floats(0.0, 100.0)),
    seed=st.integers(0, 99),
)
def test_water_in_is_water_out(travel: float, means: tuple[float, float], seed: int) -> None:
    """Proves: over a cycle all inflow of both leaves the lower one; and each level follows its
    own balance. A delay that dropped the water of the last hours would lose some."""
    draw = np.random.default_rng(seed)
    inflows = [mean * draw.uniform(0.0, 2.0, 48) for mean in means]
    assets = {
        "upper": _upper(inflow=inflows[0], travel_time=travel),
        "lower": _lower(inflow=inflows[1]),
    }
    network, solution = plan(assets, axis_of(48), _price(48))
    out = {name: value(solution, flow(network, f"{name}.turbined"))
           + value(solution, flow(network, f"{name}.spilled")) for name in assets}  # fmt: skip
    assert out["lower"].sum() == pytest.approx(sum(i.sum() for i in inflows), abs=1e-6)
    held = value(solution, store(network, "upper.reservoir"))
    assert (held - np.roll(held, 1)) / 0.0036 == pytest.approx(inflows[0] - out["upper"], abs=1e-5)


def _pypsa_twin(price: np.ndarray) -> pypsa.Network:
    """The cascade as a PyPSA user would build it: water in m³/s·h on buses, links with a delay."""
    n = pypsa.Network(snapshots=range(len(price)))
    for bus in ("park", "w1", "w2", "sea"):
        n.add("Bus", bus)
    n.add("Generator", "sold", bus="park", sign=-1.0, p_nom=1e6, marginal_cost=-price)
    for bus, inflow, room in (("w1", 40.0, 5e6 / 3600), ("w2", 10.0, 1e6 / 3600)):
        n.add("Load", f"inflow {bus}", bus=bus, sign=1.0, p_set=inflow)
        n.add("Store", f"held {bus}", bus=bus, e_nom=room, e_cyclic=True)
    n.add("Generator", "sink", bus="sea", sign=-1.0, p_nom=1e6)
    for name, here, there, most, rate, wait in (
        ("upper", "w1", "w2", 80.0, 9.81e-3 * 0.9 * 80, 3),
        ("lower", "w2", "sea", 90.0, 9.81e-3 * 0.88 * 30, 0),
    ):
        rated = min(most, {"upper": 60.0, "lower": 30.0}[name] / rate)
        n.add("Link", name, bus0=here, bus1=there, bus2="park", p_nom=rated, efficiency=1.0,
              efficiency2=rate, delay=wait)  # fmt: skip
        n.add("Link", f"{name} spill", bus0=here, bus1=there, p_nom=1e5, delay=wait)
    return n


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_two_reservoirs_as_pypsa_solves_them() -> None:
    """Proves: built by hand in PyPSA (stores, links with three outputs, a delay of three hours),
    and exported to it, the cascade earns the same to 1e-6.

    A delay in the wrong direction, water in the wrong unit or an efficiency counted twice differ.
    """
    price = _price(96)
    assets = {"upper": _upper(), "lower": _lower()}
    _, solution = plan(assets, axis_of(96), price)
    twin = _pypsa_twin(price)
    twin.optimize(solver_name="highs", log_to_console=False)
    assert solution.objective == pytest.approx(twin.objective, rel=1e-6)
    exported, rules = to_pypsa(declare(assets, axis_of(96), price))
    exported.optimize(solver_name="highs", log_to_console=False, extra_functionality=rules)
    assert solution.objective == pytest.approx(exported.objective, rel=1e-6)


def _three() -> dict[str, HydroReservoir]:
    """Three works, two and five hours apart, with little room in the middle one."""
    return {
        "upper": _upper(downstream="middle", travel_time=2.0),
        "middle": _lower(
            downstream="lower", travel_time=5.0, levels=[(0.0, 40.0), (2e5, 40.0)], power=40.0,
            turbine_flow=100.0,
        ),
        "lower": _lower(levels=[(0.0, 30.0), (8e5, 30.0)], inflow=5.0),
    }  # fmt: skip


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_three_reservoirs_as_pypsa_solves_them() -> None:
    """Proves: a cascade of three with two travel times earns in PyPSA, built by hand, the same to
    1e-6. The second delay counted from the first works, or one delay for all, differ."""
    price, assets = _price(120), _three()
    _, solution = plan(assets, axis_of(120), price)
    n = pypsa.Network(snapshots=range(120))
    buses = ["upper", "middle", "lower", "sea"]
    n.add("Bus", ["park", *buses])
    n.add("Generator", "sold", bus="park", sign=-1.0, p_nom=1e6, marginal_cost=-price)
    n.add("Generator", "sink", bus="sea", sign=-1.0, p_nom=1e6)
    for (name, work), below in zip(assets.items(), buses[1:], strict=True):
        rate = 9.81e-3 * work.efficiency * work.levels[0][1]
        n.add(
            "Load", f"into {name}", bus=name, sign=1.0, p_set=float(work.inflow.on(axis_of(1))[0])
        )
        n.add("Store", f"in {name}", bus=name, e_nom=work.levels[1][0] / 3600, e_cyclic=True)
        wait = round(work.travel_time)
        most = min(work.turbine_flow, work.most_power / rate)
        n.add("Link", name, bus0=name, bus1=below, bus2="park", p_nom=most, efficiency=1.0,
              efficiency2=rate, delay=wait)  # fmt: skip
        n.add("Link", f"{name} spill", bus0=name, bus1=below, p_nom=1e5, delay=wait)
    n.optimize(solver_name="highs", log_to_console=False)
    assert solution.objective == pytest.approx(n.objective, rel=1e-6)


def test_three_with_a_given_schedule_are_three_alone() -> None:
    """Proves: where the upper two cannot choose (no room, so that what comes passes), each works
    below is one alone whose inflow is its own plus the one above, shifted by the travel time.

    A wave that arrives early, late, or twice gives other levels and other money.
    """
    price, draw = _price(96), np.random.default_rng(8)
    series = {name: draw.uniform(5.0, 25.0, 96) for name in ("upper", "middle", "lower")}
    tight = [(0.0, 40.0), (1e-3, 40.0)]
    assets = {
        "upper": _upper(downstream="middle", travel_time=2.0, levels=tight, inflow=series["upper"]),
        "middle": _lower(
            downstream="lower", travel_time=5.0, levels=tight, inflow=series["middle"]
        ),
        "lower": _lower(inflow=series["lower"]),
    }
    _, solution = plan(assets, axis_of(96), price)
    second = series["middle"] + np.roll(series["upper"], 2)
    third = series["lower"] + np.roll(second, 5)
    alone = 0.0
    for name, inflow in (("upper", series["upper"]), ("middle", second), ("lower", third)):
        fields = assets[name].model_dump(exclude={"downstream", "travel_time", "inflow"})
        one = HydroReservoir(**{**fields, "inflow": inflow})
        alone += plan({name: one}, axis_of(96), price)[1].objective
    assert solution.objective == pytest.approx(alone, rel=1e-6)


def test_lock_water_reaches_the_works_below_later() -> None:
    """Proves: the water of a lockage passes the turbines above and arrives below after its travel:
    with one lockage an hour at noon, two hours later the turbines below have 11.5 m³/s more.

    Lock water that vanished, or came at once, would show.
    """
    ships = np.where(np.arange(24) == 12, 1.0, 0.0)
    above = NavigationComplex(
        kind="navigation_complex", at="park", power=60.0, turbine_flow=700.0, inflow=100.0,
        head_water=10.0, pond_area=10.0, pond_range=0.01, level_rate=None, downstream="below",
        travel_time=2.0,
        lock={"length": 180.0, "width": 23.0, "ships": ships, "waits": 0.0},
    )  # fmt: skip
    below = RunOfRiver(kind="run_of_river", at="park", power=50.0, turbine_flow=200.0, inflow=0.0,
                       head_water=20.0, river_flow=100.0)  # fmt: skip
    network, solution = plan({"above": above, "below": below}, axis_of(24), 300.0)
    assert value(solution, flow(network, "above.locked"))[12] == pytest.approx(11.5)
    turbined = value(solution, flow(network, "above.turbined"))
    assert turbined == pytest.approx(np.where(np.arange(24) == 12, 88.5, 100.0), abs=1e-3)
    assert value(solution, flow(network, "below.turbined")) == pytest.approx(100.0, abs=1e-3)


def test_circles_and_wrong_names_are_named() -> None:
    """Proves: each circle is one problem, what is no waterworks another, and a weir that gets
    water from above must know its river's floods."""
    load = Demand(kind="demand", at="park", load=1.0)
    ring = {"a": _upper(downstream="b"), "b": _upper(downstream="c"), "c": _upper(downstream="b")}
    found = check_cascade({**ring, "d": _upper(downstream="load"), "load": load})
    assert [str(problem) for problem in found] == [
        "d: downstream 'load' is no waterworks; write one of: a, b, c",
        "b: water flows in a circle: b → c → b; let one of them flow on elsewhere",
    ]
    own = check_cascade({"a": _upper(downstream="a")})
    assert "a → a" in str(own[0])
    weir = RunOfRiver(kind="run_of_river", at="park", power=5.0, turbine_flow=50.0, inflow=1.0,
                      head_water=10.0)  # fmt: skip
    assets = {"a": _upper(downstream="w"), "w": weir}
    assert "river_flow" in str(check_cascade(assets)[0])
    assert [name for name, _ in RunOfRiver.across(assets, {})] == ["w"]
    assert list(NavigationComplex.across(assets, {})) == []
    assert check_cascade({"a": _upper(downstream="lower"), "lower": _lower()}) == []
