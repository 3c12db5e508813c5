"""The pure controller against devices that fail in every way but by answering honestly."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.operate.small_plant import START, plan, small_plant
from zeroplant.operate.decision import Reason
from zeroplant.operate.dispatch import TURNS
from zeroplant.operate.image import Image
from zeroplant.operate.known import fresh
from zeroplant.operate.orders import Order, OrderKind, Source
from zeroplant.operate.schedule import Schedule

HOUR = timedelta(hours=1)


def order(
    source: Source, kind: OrderKind, value: float, key: str = "", until: datetime = START + HOUR
) -> Order:
    return Order(source, kind, value, START, until, key)


def test_it_tracks_its_target_in_two_cycles_and_follows_the_load() -> None:
    plant = small_plant()
    plant.cycles(2, plan(20.0))
    assert plant.export == pytest.approx(20.0, abs=0.2)
    plant.load = 47.0
    plant.cycles(2, plan(20.0))
    assert plant.export == pytest.approx(20.0, abs=0.2)


def test_an_unreachable_target_is_said_and_approached() -> None:
    plant = small_plant()
    decision = plant.cycles(12, plan(55.0))
    assert decision.target == 55.0
    assert decision.achievable == pytest.approx(40.0, abs=0.1)  # 50 + 30 - 40
    assert plant.export == pytest.approx(40.0, abs=0.2)
    assert "target missed" in plant.alarms()


def test_wind_is_curtailed_last_and_only_as_far_as_it_must() -> None:
    plant = small_plant(level=50.0, wind=70.0)
    decision = plant.cycles(3, plan(-5.0))
    assert plant.power["battery.charge"] == pytest.approx(30.0)  # stored before it is thrown away
    assert plant.power["wind.output"] == pytest.approx(65.0, abs=0.2)
    assert plant.export == pytest.approx(-5.0, abs=0.2)
    assert decision.reason[plant.controller.points.index["wind.output"]] == Reason.MERIT


def test_a_store_leaves_what_it_does_slowly_where_no_target_asks_it_to_hurry() -> None:
    """Charging gives way to curtailment in steps that the wind's control can follow."""
    plant = small_plant(level=50.0, wind=70.0)
    plant.cycles(3, plan(-5.0))
    charging = plan(-5.0)
    idle = replace(
        plan(-5.0, price=-60.0),
        power={**charging.power, "battery.discharge": np.full(96, 10.0)},
        worth={"battery.level": np.full(96, -100.0)},
    )
    before = plant.power["battery.charge"]
    for _ in range(5):
        plant.cycles(1, idle)
        assert abs(plant.power["battery.charge"] - before) <= 60.0 * 4.0 / TURNS + 0.2
        assert plant.export == pytest.approx(-5.0, abs=3.6)  # 0.5 % of the wind's 700 MW
        before = plant.power["battery.charge"]
    assert before < 28.0


def test_uncurtailed_wind_is_not_limited_to_what_it_just_gives() -> None:
    plant = small_plant()
    decision = plant.cycles(2, plan(10.0))
    assert plant.setpoint(decision, "wind.output") > 100.0


def test_never_both_charge_and_discharge() -> None:
    plant = small_plant(noise=0.5)
    rng = np.random.default_rng(3)
    for _ in range(60):
        plant.load = float(rng.uniform(30, 60))
        decision = plant.cycles(1, plan(float(rng.uniform(-10, 20))))
        both = [plant.setpoint(decision, f"battery.{side}") for side in ("charge", "discharge")]
        assert min(both) == 0.0


@pytest.mark.parametrize(("level", "side"), [(0.2, "discharge"), (99.9, "charge")])
def test_an_empty_or_full_store_is_left_alone(level: float, side: str) -> None:
    plant = small_plant(level=level)
    plant.cycles(3, plan(60.0 if side == "discharge" else -60.0))
    assert plant.power[f"battery.{side}"] == 0.0


def test_it_stands_in_its_fail_safe_until_told() -> None:
    plant = small_plant(wind=70.0)
    decision = plant.cycles(3)
    assert decision.source == "fail-safe"
    assert plant.export == pytest.approx(
        0.0, abs=0.1
    )  # nothing is exported before somebody says so
    assert plant.power["battery.charge"] == 0.0  # nor stored
    assert plant.power["wind.output"] == pytest.approx(40.0, abs=0.1)
    assert "fail-safe" in plant.alarms()
    decision = plant.cycles(3, plan(15.0))
    assert decision.source == "schedule"
    assert plant.export == pytest.approx(15.0, abs=0.2)
    assert "fail-safe" not in plant.alarms()


def test_a_store_relieves_the_connection_even_in_the_fail_safe() -> None:
    plant = small_plant(wind=0.0, load=75.0)
    assert plant.cycles(3).source == "fail-safe"
    assert plant.power["battery.discharge"] == pytest.approx(75.0 - 0.99 * 60.0, abs=2.0)


def test_a_silent_battery_is_not_dispatched_twice() -> None:
    """The unreachable unit goes on; its power must not be given to others as well."""
    plant = small_plant(batteries=2)
    plant.cycles(3, plan(30.0))
    assert plant.export == pytest.approx(30.0, abs=0.3)
    before = plant.power["battery 1.discharge"]
    assert before > 5.0
    names = plant.controller.points.names
    plant.silent = {n for n in names if n.startswith("battery 1.")}
    plant.deaf = {n for n in names if n.startswith("battery 1.")}
    decision = plant.cycles(25, plan(30.0))
    known = decision.known.value[plant.controller.points.index["battery 1.discharge"]]
    assert known == pytest.approx(before, abs=0.3)  # what the meter leaves
    assert plant.export == pytest.approx(30.0, abs=0.5)
    assert "silent" in plant.alarms()
    plant.silent, plant.deaf = set(), set()
    plant.cycles(3, plan(30.0))
    assert "silent" not in plant.alarms()
    assert plant.export == pytest.approx(30.0, abs=0.3)


def test_a_device_that_says_yes_and_does_nothing_is_found_and_made_up_for() -> None:
    plant = small_plant(batteries=2)
    plant.cycles(3, plan(10.0))
    plant.deaf = {"battery 1.charge", "battery 1.discharge"}
    plant.load = 60.0
    plant.cycles(12, plan(10.0))
    assert "not following" in plant.alarms()
    assert plant.export == pytest.approx(10.0, abs=0.5)
    plant.deaf = set()
    plant.cycles(40, plan(10.0))
    assert "not following" not in plant.alarms()


def test_a_generator_that_gives_less_than_it_says_is_not_believed() -> None:
    """Ice on the blades: it goes on saying that 50 MW are possible, and 20 come."""
    plant = small_plant()
    plant.cycles(3, plan(10.0))
    plant.lost = 30.0
    plant.cycles(2, plan(10.0))
    assert plant.export == pytest.approx(10.0, abs=0.2)  # the battery makes up for it at once
    plant.cycles(10, plan(10.0))
    assert "not following" in plant.alarms()
    plant.lost = 0.0
    plant.cycles(40, plan(10.0))
    assert plant.export == pytest.approx(10.0, abs=0.2)
    assert "not following" not in plant.alarms()


def test_a_generator_that_says_nothing_of_what_is_possible_is_taken_as_it_is() -> None:
    plant = small_plant()
    plant.silent = {"wind.output.possible"}
    decision = plant.cycles(3, plan(10.0))
    assert plant.export == pytest.approx(10.0, abs=0.2)
    # It is not held where it is, but where the connection would be full.
    assert plant.setpoint(decision, "wind.output") == pytest.approx(100.0)


def test_one_that_cannot_do_more_is_counted_on_for_what_it_does() -> None:
    """A battery that stops at 12 MW is told on, counts as 12 MW, and may still be told less."""
    plant = small_plant(batteries=2)
    plant.cycles(3, plan(10.0))
    at = plant.controller.points.index["battery 1.discharge"]
    plant.load = 80.0
    plant.stops = {"battery 1.discharge": 12.0}
    plant.cycles(20, plan(10.0))
    assert plant.export == pytest.approx(10.0, abs=0.3)
    assert plant.controller.verifier.reach.ceiling[at] == pytest.approx(12.0)
    plant.load = 40.0
    plant.cycles(8, plan(10.0))
    assert plant.export == pytest.approx(10.0, abs=0.3)


def test_a_meter_that_is_off_does_not_move_the_plant() -> None:
    """What a battery's own meter shows too much is learnt while it stands at its set-point."""
    plant = small_plant()
    plant.off = {"battery.charge": 0.5, "battery.discharge": 0.5}
    plant.cycles(60, plan(20.0))
    at = plant.controller.points.index["battery.discharge"]
    assert plant.controller.verifier.reach.offset[at] == pytest.approx(0.5, abs=0.1)
    plant.load = 44.0
    plant.cycles(1, plan(20.0))
    plant.cycles(1, plan(20.0))
    assert plant.export == pytest.approx(20.0, abs=0.15)


def test_a_frozen_meter_of_a_load_is_doubted() -> None:
    plant = small_plant(noise=0.05)
    plant.cycles(3, plan(10.0))
    plant.frozen = {"works.load"}
    plant.load = 52.0
    decision = plant.cycles(25, plan(10.0))
    assert "frozen" in plant.alarms()
    known = decision.known.value[plant.controller.points.index["works.load"]]
    assert known == pytest.approx(52.0, abs=0.5)
    assert plant.export == pytest.approx(10.0, abs=0.5)


def test_a_lost_meter_is_replaced_by_what_the_devices_say() -> None:
    plant = small_plant()
    plant.cycles(3, plan(10.0))
    plant.silent = {"grid.import", "grid.export"}
    plant.load = 55.0
    plant.cycles(20, plan(10.0))
    assert plant.export == pytest.approx(10.0, abs=0.3)


def test_readings_out_of_their_limits_are_not_used() -> None:
    plant = small_plant()
    plant.cycles(3, plan(10.0))
    plant.power["battery.discharge"], plant.deaf = 900.0, {"battery.discharge"}
    image = plant.image()
    decision = plant.controller.cycle(plant.now, image, plan(10.0))
    assert decision.known.value[plant.controller.points.index["battery.discharge"]] < 60.0
    assert "outside" in plant.alarms()


def test_half_of_the_devices_silent_at_once() -> None:
    plant = small_plant(batteries=40)
    plant.cycles(3, plan(20.0))
    plant.silent = {
        n for n in plant.controller.points.names if any(f"battery {k}." in n for k in range(1, 21))
    }
    plant.load = 60.0
    plant.cycles(20, plan(20.0))
    assert plant.export == pytest.approx(20.0, abs=1.0)
    codes = [a for a in plant.controller.alarms.held() if a.code == "silent"]
    assert len(codes) == 1  # told as one, not as forty


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_clock_that_jumps_by_an_hour_breaks_nothing(jump: timedelta) -> None:
    plant = small_plant()
    plant.cycles(10, plan(10.0))
    plant.now += jump
    whole_day = plan(10.0, start=START - 2 * HOUR)
    decision = plant.cycles(1, whole_day)
    assert decision.write[plant.controller.points.set_points].all()  # with the new time
    assert decision.until > plant.now
    plant.cycles(10, whole_day)
    assert plant.export == pytest.approx(10.0, abs=0.2)
    assert plant.alarms() == set()


def test_without_schedule_the_last_good_one_is_followed_as_far_as_it_goes() -> None:
    plant = small_plant()
    plant.cycles(3, plan(10.0))
    plant.cycles(3, None)
    assert plant.export == pytest.approx(10.0, abs=0.2)
    plant.now += timedelta(hours=25)
    decision = plant.cycles(2, None)
    assert decision.source == "rest"
    assert "no schedule" in plant.alarms()
    assert plant.power["battery.discharge"] == plant.power["battery.charge"] == 0.0


def garbage() -> list[Schedule]:
    good = plan(25.0)
    return [
        replace(good, target=np.full(96, np.nan)),
        replace(good, target=np.array([])),
        replace(good, power={"battery.discharge": np.full(96, 1e6)}),
        replace(good, power={"battery.discharge": np.zeros(3)}),
        replace(good, step=timedelta(0)),
        replace(good, target=None),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("bad", garbage(), ids=range(6))
def test_a_schedule_that_is_garbage_is_refused(bad: Schedule) -> None:
    plant = small_plant()
    plant.cycles(3, plan(10.0))
    plant.cycles(3, bad)
    assert plant.export == pytest.approx(10.0, abs=0.2)
    assert "schedule refused" in plant.alarms()
    plant.cycles(3, plan(12.0))
    assert plant.export == pytest.approx(12.0, abs=0.2)
    assert "schedule refused" not in plant.alarms()


def test_orders_go_by_their_source() -> None:
    plant = small_plant()
    centre = order("dispatch centre", "target", 25.0)
    person = order("person", "target", -5.0)
    decision = plant.cycles(3, plan(10.0), [person, centre])
    assert decision.source == "dispatch centre"
    assert plant.export == pytest.approx(25.0, abs=0.2)
    assert "contradiction" in plant.alarms()
    safety = order("safety", "most export", 5.0)
    plant.cycles(3, plan(10.0), [person, centre, safety])
    assert plant.export <= 5.2
    plant.cycles(2, plan(10.0))
    assert plant.export == pytest.approx(10.0, abs=0.2)


def test_an_order_lapses_by_itself() -> None:
    plant = small_plant()
    short = order("dispatch centre", "target", 25.0, until=START + timedelta(seconds=30))
    plant.cycles(7, plan(10.0), [short])
    assert plant.export == pytest.approx(25.0, abs=0.2)
    plant.cycles(3, plan(10.0), [short])
    assert plant.export == pytest.approx(10.0, abs=0.2)


def test_an_order_for_one_device_is_kept_and_made_up_for() -> None:
    plant = small_plant(batteries=2)
    own = order("person", "device", 12.0, key="battery 1.charge")
    decision = plant.cycles(4, plan(10.0), [own])
    assert plant.power["battery 1.charge"] == pytest.approx(12.0)
    assert plant.export == pytest.approx(10.0, abs=0.3)
    assert decision.reason[plant.controller.points.index["battery 1.charge"]] == Reason.ORDER


@pytest.mark.parametrize(("ordered", "gives"), [(10.0, 10.0), (0.0, 0.0), (60.0, 50.0)])
def test_an_order_for_a_generator_is_a_limit_and_stands(ordered: float, gives: float) -> None:
    """By the centre, or for works at it; one above what the wind gives now cuts gusts later."""
    plant = small_plant()
    told = order("person", "device", ordered, "wind.output")
    decision = plant.cycles(20, plan(0.0), [told])
    assert plant.setpoint(decision, "wind.output") == ordered
    assert plant.power["wind.output"] == gives
    fail_safe = small_plant()
    fail_safe.cycles(5, None, [told])
    assert fail_safe.told["wind.output"] <= ordered


def test_an_order_for_a_device_that_a_higher_target_is_missed_by_is_told() -> None:
    plant = small_plant()
    target = order("dispatch centre", "target", 40.0)
    device = order("person", "device", 0.0, "battery.discharge")
    plant.cycles(12, plan(0.0), [target, device])
    assert plant.power["battery.discharge"] == 0.0
    assert {"target missed", "contradiction"} <= plant.alarms()
    plant.cycles(12, plan(0.0), [order("dispatch centre", "target", 5.0), device])
    assert "contradiction" not in plant.alarms()


def test_set_points_are_renewed_before_they_lapse_and_not_written_without_need() -> None:
    plant = small_plant()
    plant.cycles(10, plan(10.0))
    written = [int(d.write.sum()) for d in plant.decisions[2:]]
    assert sum(written[:5]) == 0  # nothing moves, nothing is written
    plant.cycles(30, plan(10.0))
    validity = plant.controller.settings.validity
    for name in ("battery.charge", "battery.discharge", "wind.output"):
        place = plant.controller.points.index[name]
        times = [d.at for d in plant.decisions if d.write[place]]
        gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(times)]
        assert gaps
        assert max(gaps) < validity


def test_the_same_calls_give_the_same_decisions() -> None:
    one, two = small_plant(noise=0.3), small_plant(noise=0.3)
    one.cycles(20, plan(10.0)), two.cycles(20, plan(10.0))
    for a, b in zip(one.decisions, two.decisions, strict=True):
        np.testing.assert_array_equal(a.setpoints, b.setpoints)
        assert a.alarms == b.alarms


def test_the_last_energy_is_given_where_a_connection_would_be_overloaded() -> None:
    """A level of 0.4 % is left alone for a target, but not beside an import of 60 MW and more."""
    plant = small_plant(level=0.4, wind=0.0)
    plant.load = 50.0
    plant.cycles(3, plan(-45.0))
    assert plant.power["battery.discharge"] == 0.0
    plant.load = 62.0
    plant.cycles(3, plan(-59.4))
    assert plant.export > -60.0
    assert plant.power["battery.discharge"] == pytest.approx(62.0 + plant.export, abs=0.1)


def test_readings_stamped_far_ahead_are_not_measured() -> None:
    plant = small_plant()
    plant.cycles(3, plan(10.0))
    ahead = plant.image(plant.now + timedelta(seconds=61))
    image = Image(plant.now, ahead.points, ahead.value, ahead.event, ahead.quality)
    assert not fresh(image, np.full(len(image.value), 60.0)).any()
    assert fresh(plant.image(), np.full(len(plant.image().value), 60.0)).any()
