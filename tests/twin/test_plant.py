"""The twin's physics: balances close, stores hold what flowed, set-points lapse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zeroplant.links.link import Quality
from zeroplant.twin.plant import Twin
from zeroplant.twin.prepare import Prepared
from zeroplant.twin.ripple import plain_ripple
from zeroplant.twin.sense import BATCH
from zeroplant.twin.state import Truth, state_of


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["battery.charge", "battery.discharge", "wind.output", "sun.output"]),
            st.floats(0.0, 120.0),
        ),
        min_size=1, max_size=6,
    ),
    st.sampled_from([4.0, 10.0, 60.0]),
)  # fmt: skip
def test_energy_is_conserved_whatever_is_commanded(
    county: Prepared, wishes: list[tuple[str, float]], step: float
) -> None:
    """Σ of all flows at the node is nothing in every step, and the level is what flowed."""
    twin = Twin(county.truth, seed=3, step=step)
    network, state = twin.physics.network, twin.state
    flow = {each.name: each.index for each in network.flows}
    store = network.store_named("battery.level")
    entries = twin.physics.stores
    keep = float(np.mean(store.keep)) ** (step / 900.0)
    for name, value in wishes:
        until = twin.clock.now() + timedelta(minutes=10)
        twin.write(twin.places([name]), np.array([value]), until)
        for _ in range(5):
            before = float(state.level[store.index])
            twin.advance(step)
            given_ = sum(state.x[i] for n, i in flow.items() if n.split(".")[1] in
                         ("output", "discharge", "import", "unserved"))  # fmt: skip
            taken = sum(state.x[i] for n, i in flow.items() if n.split(".")[1] in
                        ("load", "charge", "export"))  # fmt: skip
            assert given_ == pytest.approx(taken, abs=1e-6)
            rates = state.store_rate[entries.into == store.index]
            moved = rates @ state.x[entries.flow[entries.into == store.index]]
            moved = (moved + state.inflow[store.index]) * step / 3600.0
            assert state.level[store.index] == pytest.approx(keep * before + moved, abs=1e-7)
            assert state.floor[store.index] <= state.level[store.index] <= state.cap[store.index]


def test_a_set_point_lapses_to_the_fallback(county: Prepared) -> None:
    """A limited solar plant comes back by itself, step by step, once nobody limits it any more."""
    twin = Twin(county.truth, seed=3, step=4.0)
    output = twin.physics.network.flow_named("sun.output").index
    twin.begin({"sun.output": 5.0})
    until = twin.clock.now() + timedelta(seconds=60)
    twin.write(twin.places(["sun.output"]), np.array([5.0]), until)
    twin.advance(60.0)
    assert twin.state.most[output] > 20.0
    assert twin.state.x[output] == pytest.approx(5.0, abs=0.1)
    twin.advance(60.0)
    assert twin.state.x[output] > 8.0


def test_what_is_read_is_near_the_truth_but_never_the_truth(county: Prepared) -> None:
    twin = Twin(county.truth, seed=3, step=4.0)
    twin.advance(600.0)
    value, event, quality = twin.read()
    truth = twin.true_values()
    load = twin.points.index["factories.load"]
    assert value[load] != truth[load]
    assert value[load] == pytest.approx(truth[load], rel=0.02)
    assert (quality == Quality.GOOD).all()
    assert event.max() <= int(twin.clock.now().timestamp() * 1e6)


def test_the_same_seed_lives_the_same_hour(county: Prepared) -> None:
    lived = []
    for seed in (5, 5, 6):
        twin = Twin(county.truth, seed=seed, step=10.0)
        twin.advance(1800.0)
        lived.append(twin.read()[0])
    np.testing.assert_array_equal(lived[0], lived[1])
    assert not np.array_equal(lived[0], lived[2])


def test_a_bound_of_a_level_holds_at_the_end_of_its_period(county: Prepared) -> None:
    """Goods that have to be gone by midnight need not be gone a quarter-hour before."""
    physics = Twin(county.truth, step=60.0).physics
    cap = physics.cap.copy()
    cap[1:] *= 0.5
    physics = replace(physics, cap=cap)
    truth = Truth(physics, plain_ripple(physics), 60.0, 1)
    state = state_of(physics, 60.0)
    for _ in range(2 * truth.steps - 1):
        truth.step(state)
        np.testing.assert_array_equal(state.cap, cap[0])
    truth.step(state)
    np.testing.assert_array_equal(state.cap, cap[1])


def test_meters_drift_without_jumps(county: Prepared) -> None:
    """Means of half a minute differ by their noise, also where new noise is drawn."""
    senses = Twin(county.truth, step=4.0).senses
    truth, said = 0.5 * senses.scale, []
    for _ in range(BATCH + 64):
        senses.see(truth)
        said.append(senses.read()[0])
    scale = senses.scale > 0.0
    part = np.array(said)[:, scale] / senses.scale[scale]
    jump = part[BATCH : BATCH + 64].mean(axis=0) - part[BATCH - 64 : BATCH].mean(axis=0)
    assert np.sqrt(np.mean(jump**2)) < 0.0006


def test_a_meter_shows_one_direction_and_is_off_on_the_net(county: Prepared) -> None:
    """Next to nothing flows: what it shows is taken or given, never both, and not always more."""
    twin = Twin(county.truth, step=4.0)
    pairs = [("grid.export", "grid.import"), ("battery.discharge", "battery.charge")]
    truth = np.zeros(len(twin.points))
    said = []
    for _ in range(2 * BATCH):
        twin.senses.see(truth)
        said.append(twin.senses.read()[0])
    for out, back in pairs:
        out_at, back_at = twin.points.index[out], twin.points.index[back]
        shown = np.array(said)[:, [out_at, back_at]]
        assert (shown >= 0.0).all()
        assert shown.min(axis=1).max() == 0.0
        assert (shown.max(axis=1) > 0.0).any()
        net, scale = shown[:, 0] - shown[:, 1], twin.senses.scale[out_at]
        assert scale == twin.senses.scale[back_at]
        assert net.std() == pytest.approx(0.001 * scale, rel=0.3)


def test_two_contracts_share_what_one_meter_takes(county: Prepared) -> None:
    """Green power beside other power through one connection: the meter is off on both together."""
    twin = Twin(county.truth, step=4.0)
    place = twin.points.index
    gives, takes, other = (place[each] for each in ("grid.export", "grid.import", "sun.output"))
    twin.senses.both = np.array([[gives, takes, other]])
    truth = np.zeros(len(twin.points))
    truth[[takes, other]] = 30.0, 10.0
    twin.senses.see(truth)
    said = twin.senses.read()[0]
    assert said[gives] == 0.0
    assert said[takes] / said[other] == pytest.approx(3.0)
    assert 0.0 < abs(said[takes] + said[other] - 40.0) < 1.0
