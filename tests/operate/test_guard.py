"""Nothing leaves the envelope, whatever is wished, measured or ordered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.operate.small_plant import small_network
from zeroplant.axis import Axis
from zeroplant.operate.guard import Clip, Guard, envelope_of
from zeroplant.operate.points import points_of
from zeroplant.waist import Network

NET = small_network()
POINTS = points_of(NET)
COUNT = POINTS.flows
AT = POINTS.index
GUARD = Guard(envelope_of(NET, POINTS))
ALL = np.ones(COUNT, bool)
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
    safe = GUARD.check(wish, flow, np.array([level]), NOT_KNOWN, ALL)
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
    assert -then <= 60.0 + 1e-6 or safe.over[0] == pytest.approx(-then - 60.0)


def test_what_is_no_number_becomes_nothing_and_is_said() -> None:
    safe = GUARD.check(flows(battery_charge=np.nan), flows(), np.array([50.0]), NOT_KNOWN, ALL)
    assert safe.setpoints[AT["battery.charge"]] == 0.0
    assert safe.clip[AT["battery.charge"]] == Clip.NO_NUMBER


def test_safety_bounds_the_export_and_all_give_alike() -> None:
    now = flows(works_load=10, wind_output=40, battery_discharge=20, grid_export=50)
    wish = flows(wind_output=40, battery_discharge=20)
    safe = GUARD.check(wish, now, np.array([50.0]), NOT_KNOWN, ALL, most_export=20.0)
    assert safe.setpoints[AT["wind.output"]] == pytest.approx(20.0)
    assert safe.setpoints[AT["battery.discharge"]] == pytest.approx(10.0)
    assert safe.over[0] == pytest.approx(0.0)


def test_what_cannot_be_cut_is_told() -> None:
    now = flows(works_load=80, grid_import=80)
    safe = GUARD.check(flows(), now, np.array([50.0]), NOT_KNOWN, ALL)
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
    safe = guard.check(
        np.array([50.0, 0, 0]), flow, np.zeros(0), np.full(3, np.nan), np.ones(3, bool)
    )
    assert safe.setpoints[0] == pytest.approx(30.0)


def test_it_agrees_with_the_points_on_what_may_be_set() -> None:
    envelope = envelope_of(NET, POINTS)
    np.testing.assert_array_equal(envelope.settable, POINTS.writable[:COUNT])
    assert envelope.feed.tolist() == envelope.draw.tolist() == [60.0]
