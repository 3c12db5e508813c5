"""Nothing leaves the envelope, whatever is wished, measured or ordered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.operate.small_plant import small_network
from zeroplant.axis import Axis
from zeroplant.operate.envelope import envelope_of
from zeroplant.operate.guard import Clip, Guard
from zeroplant.operate.points import points_of
from zeroplant.waist import Network

NET = small_network()
POINTS = points_of(NET)
COUNT = POINTS.flows
AT = POINTS.index
GUARD = Guard(envelope_of(NET, POINTS))
FREE = (np.zeros(COUNT, bool), np.zeros(COUNT), np.full(COUNT, np.inf))
NOT_KNOWN = np.full(COUNT, np.nan)


def flows(**values: float) -> np.ndarray:
    """Powers or wishes by asset and side: battery_charge=5."""
    array = np.zeros(COUNT)
    for name, value in values.items():
        array[AT[name.replace("_", ".", 1)]] = value
    return array


anything = st.floats(allow_nan=True, allow_infinity=True)
power = st.floats(0, 60)


@settings(max_examples=200)
@given(
    st.tuples(anything, anything, anything),
    st.tuples(power, power, power),
    st.floats(-5, 105),
    st.floats(0, 80),
)
def test_it_holds_for_any_wish(
    wishes: tuple[float, float, float], now: tuple[float, float, float], level: float, load: float
) -> None:
    wind, charge, discharge = now
    net = wind + discharge - charge - load
    flow = flows(
        works_load=load, wind_output=wind, battery_charge=charge, battery_discharge=discharge,
        grid_export=max(net, 0), grid_import=max(-net, 0),
    )  # fmt: skip
    wish = flows(wind_output=wishes[0], battery_charge=wishes[1], battery_discharge=wishes[2])
    safe = GUARD.check(0, wish, flow, np.array([level]), NOT_KNOWN, *FREE)
    own = [float(safe.setpoints[AT[f"battery.{side}"]]) for side in ("charge", "discharge")]
    assert all(0.0 <= each <= 30.0 for each in own)
    assert min(own) == 0.0
    assert level < 100.0 or own[0] == 0.0
    assert level > 0.0 or own[1] == 0.0
    limit = float(safe.setpoints[AT["wind.output"]])
    assert 0.0 <= limit <= POINTS.most[AT["wind.output"]]
    # What the connection then carries, if everyone does as told, and the wind is at its limit.
    then = limit + own[1] - own[0] - load
    assert then <= 60.0 + 1e-6 or safe.over[0] == pytest.approx(then - 60.0)
    # Wind that may come relieves no import before it does.
    then = min(limit, wind) + own[1] - own[0] - load
    assert -then <= 60.0 + 1e-6 or safe.over[0] == pytest.approx(-then - 60.0)


def test_what_is_no_number_becomes_nothing_and_is_said() -> None:
    safe = GUARD.check(0, flows(battery_charge=np.nan), flows(), np.array([50.0]), NOT_KNOWN, *FREE)
    assert safe.setpoints[AT["battery.charge"]] == 0.0
    assert safe.clip[AT["battery.charge"]] == Clip.NO_NUMBER


def test_safety_bounds_the_export_and_all_give_alike() -> None:
    now = flows(works_load=10, wind_output=40, battery_discharge=20, grid_export=50)
    wish = flows(wind_output=40, battery_discharge=20)
    safe = GUARD.check(0, wish, now, np.array([50.0]), NOT_KNOWN, *FREE, most_export=20.0)
    assert safe.setpoints[AT["wind.output"]] == pytest.approx(20.0)
    assert safe.setpoints[AT["battery.discharge"]] == pytest.approx(10.0)
    assert safe.over[0] == pytest.approx(0.0)


def test_what_cannot_be_cut_is_told() -> None:
    now = flows(works_load=80, grid_import=80)
    safe = GUARD.check(0, flows(), now, np.array([50.0]), NOT_KNOWN, *FREE)
    assert safe.over[0] == pytest.approx(20.0)


def test_nodes_behind_a_line_count_at_its_connection() -> None:
    net = Network(Axis(NET.axis.start, 4, 0.25))
    town, hill = net.node("town"), net.node("hill")
    net.flow("sun.output", give=hill, cap=50.0, role="generation")
    net.flow("cable.forth", take=hill, give=town, cap=40.0, role="transfer")
    net.flow("grid.export", take=town, cap=30.0, role="export")
    points = points_of(net)
    guard = Guard(envelope_of(net, points))
    flow = np.array([20.0, 20.0, 20.0])
    free = (np.zeros(3, bool), np.zeros(3), np.full(3, np.inf))
    safe = guard.check(0, np.array([50.0, 0, 0]), flow, np.zeros(0), np.full(3, np.nan), *free)
    assert safe.setpoints[0] == pytest.approx(30.0)


def test_it_agrees_with_the_points_on_what_may_be_set() -> None:
    envelope = envelope_of(NET, POINTS)
    np.testing.assert_array_equal(envelope.settable, POINTS.writable[:COUNT])
    assert envelope.feed.at(0).tolist() == envelope.draw.at(0).tolist() == [60.0]


@pytest.mark.parametrize("side", ["charge", "discharge"])
def test_a_store_whose_level_nobody_knows_is_left_alone(side: str) -> None:
    wish = flows(**{f"battery_{side}": 20.0})
    safe = GUARD.check(0, wish, flows(), np.array([np.nan]), NOT_KNOWN, *FREE)
    assert safe.setpoints[AT[f"battery.{side}"]] == 0.0
    assert safe.clip[AT[f"battery.{side}"]] == Clip.LEVEL


def test_what_does_not_follow_is_not_counted_on() -> None:
    """A battery stuck at rest relieves nothing: the wind has to make the room alone."""
    now = flows(works_load=10, wind_output=80, grid_export=70)
    wish = flows(wind_output=80, battery_charge=20)
    stuck = np.full(COUNT, np.inf)
    stuck[AT["battery.charge"]] = 0.0
    free, none = np.zeros(COUNT, bool), np.zeros(COUNT)
    safe = GUARD.check(0, wish, now, np.array([50.0]), NOT_KNOWN, free, none, stuck)
    assert safe.setpoints[AT["wind.output"]] == pytest.approx(70.0)


def test_wind_that_may_come_relieves_no_import() -> None:
    now = flows(works_load=65, wind_output=10, battery_charge=5, grid_import=60)
    wish = flows(wind_output=40, battery_charge=25)
    possible = np.where(np.arange(COUNT) == AT["wind.output"], 40.0, np.nan)
    safe = GUARD.check(0, wish, now, np.array([50.0]), possible, *FREE)
    assert safe.setpoints[AT["battery.charge"]] == pytest.approx(5.0)


def test_what_runs_makes_no_room_for_what_is_to_rise() -> None:
    """An electrolyser at its load and a battery that wants in: only the rise is cut."""
    net = small_network()
    net.flow("mill.charge", take=net.nodes[0], cap=50.0, role="load")
    points = points_of(net)
    guard, at, count = Guard(envelope_of(net, points)), points.index, points.flows
    now, wish = np.zeros(count), np.zeros(count)
    for array, battery in ((now, 5.0), (wish, 25.0)):
        array[at["mill.charge"]], array[at["battery.charge"]] = 40.0, battery
    now[[at["works.load"], at["grid.import"]]] = 10.0, 55.0
    free = (np.zeros(count, bool), np.zeros(count), np.full(count, np.inf))
    safe = guard.check(0, wish, now, np.array([50.0]), np.full(count, np.nan), *free)
    assert safe.setpoints[at["battery.charge"]] == pytest.approx(10.0)
    assert safe.setpoints[at["mill.charge"]] == 40.0
    now[at["works.load"]], now[at["grid.import"]] = 20.0, 65.0  # it is over already
    safe = guard.check(0, wish, now, np.array([50.0]), np.full(count, np.nan), *free)
    assert safe.setpoints[at["mill.charge"]] + safe.setpoints[at["battery.charge"]] == (
        pytest.approx(40.0)
    )


def test_bounds_hold_in_their_period_and_other_stores_are_kept_within_them() -> None:
    """A tank that a mill draws from: filled no faster than it empties once it is full."""
    net = Network(Axis(NET.axis.start, 4, 0.25))
    site, gas = net.node("site"), net.node("gas", carrier="gas")
    most = np.array([30.0, 10.0, 30.0, 30.0])
    full = np.array([8.0, 8.0, 20.0, 20.0])
    made = net.flow("maker.made", take=site, cap=most, role="conversion")
    used = net.flow("mill.used", give=gas, cap=40.0)
    spare = net.flow("mill.spare", give=gas, cap=40.0)
    net.flow("mill.load", take=gas, fixed=4.0, role="load")
    net.store("tank.level", fill={made: 1.0}, drain={used: 1.0, spare: 1.0}, cap=full, start=4.0)
    net.flow("grid.import", give=site, cap=60.0, role="import")
    points = points_of(net)
    guard = Guard(envelope_of(net, points))
    at, count = points.index, points.flows
    wish, flow = np.zeros(count), np.zeros(count)
    wish[at["maker.made"]], wish[at["mill.used"]] = 25.0, 4.0
    free = (np.zeros(count, bool), np.zeros(count), np.full(count, np.inf))

    def told(stage: int, level: float) -> float:
        unknown = np.full(count, np.nan)
        safe = guard.check(stage, wish, flow, np.array([level]), unknown, *free)
        return float(safe.setpoints[at["maker.made"]])

    assert told(0, 5.0) == 25.0
    assert told(0, 8.0) == pytest.approx(4.0)
    assert told(1, 5.0) == 10.0  # its bound of that period
    assert told(2, 8.0) == told(3, 8.0) == 25.0  # there is more room from then on


def test_nothing_has_no_sign() -> None:
    flow = np.zeros(COUNT)
    safe = GUARD.check(0, -flow, flow, np.array([50.0]), NOT_KNOWN, *FREE)
    settable = POINTS.writable[:COUNT]
    assert (safe.setpoints[settable] == 0.0).all()
    assert not np.signbit(safe.setpoints[settable]).any()
