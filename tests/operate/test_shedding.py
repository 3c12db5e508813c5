"""Load is shed by command where a connection cannot carry it: in time, and no more than needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.operate.small_plant import START, Plant, plan, small_network
from zeroplant.operate.controller import Controller
from zeroplant.operate.decision import Reason
from zeroplant.operate.guard import Clip
from zeroplant.operate.orders import Order, OrderKind, Source
from zeroplant.operate.schedule import Schedule
from zeroplant.waist import Network

LIMIT, PRICE = 60.0, 20_000.0
MINUTE = 15


class Works(Plant):
    """The small plant with a breaker at its load: what is shed is not drawn."""

    def _settle(self) -> None:
        load = self.load
        shed = self.told.get("works.unserved", 0.0)
        if "works.unserved" in self.deaf:
            shed = self.power.get("works.unserved", 0.0)
        self.load = load - shed
        super()._settle()
        self.load = self.power["works.load"] = load
        self.power["works.unserved"] = shed


def network(*tags: str) -> Network:
    """The small plant; its load may be unserved, at a price."""
    net = small_network()
    node = next(node for node in net.nodes if node.name == "site")
    off = net.flow(
        "works.unserved", give=node, cap=np.full(96, 100.0), role="unserved", tags=set(tags)
    )
    net.line("works", "unserved energy", off, PRICE, kind="penalty")
    return net


def works(load: float, *tags: str, **state: float) -> Works:
    """Works at night: no wind, an empty battery, a load, 60 MW of connection."""
    state = {"wind": 0.0, "level": 0.0, **state}
    return Works(Controller(network(*tags or ["sheddable"])), load=load, **state)  # type: ignore[arg-type]


def planned(unserved: float, target: float) -> Schedule:
    """A plan that leaves so much unserved."""
    found = plan(target)
    return replace(found, power={**found.power, "works.unserved": np.full(96, unserved)})


def order(source: Source, kind: OrderKind, value: float, key: str = "") -> Order:
    return Order(source, kind, value, START, START + timedelta(hours=1), key)


def test_what_the_connection_cannot_carry_is_shed_within_seconds_and_no_more() -> None:
    plant = works(75.0)
    plant.cycles(5, planned(0.0, -59.4))
    assert plant.power["grid.import"] < LIMIT + 0.1
    plant.cycles(3 * MINUTE, planned(0.0, -59.4))  # what was carried too much is made up for
    assert plant.power["grid.import"] == pytest.approx(LIMIT, abs=0.3)
    assert plant.power["works.unserved"] == pytest.approx(15.0, abs=0.3)
    assert "load shed" in plant.alarms()


def test_load_that_may_not_be_shed_is_not() -> None:
    plant = works(75.0, "agreed")
    decision = plant.cycles(10, planned(15.0, -59.4))
    assert np.isnan(plant.setpoint(decision, "works.unserved"))
    assert plant.power["grid.import"] == pytest.approx(75.0)


def test_what_plans_leave_free_of_a_connection_is_no_reason_to_shed() -> None:
    plant = works(LIMIT - 0.1)
    plant.cycles(2 * MINUTE, planned(0.0, -0.99 * LIMIT))
    assert plant.power["works.unserved"] == 0.0


def test_storage_goes_first() -> None:
    plant = works(75.0, level=50.0)
    plant.cycles(10, planned(0.0, -59.4))
    assert plant.power["battery.discharge"] == pytest.approx(15.6, abs=0.3)
    assert plant.power["works.unserved"] == 0.0
    assert "load shed" not in plant.alarms()


def test_what_tracking_learns_is_no_reason_to_shed_beside_a_full_store() -> None:
    """*A wrong answer would be:* the correction of a lasting error taken for what others cannot."""
    plant = works(75.0, level=50.0)
    for _ in range(20):
        plant.controller._trim = np.full_like(plant.controller._trim, -3.0)
        plant.cycles(1, planned(0.0, -59.4))
    assert plant.power["works.unserved"] == 0.0


def test_no_target_is_a_reason_to_shed() -> None:
    plant = works(50.0)
    plant.cycles(15, planned(0.0, -30.0))
    assert plant.power["works.unserved"] == 0.0
    plant.cycles(15, orders=[order("dispatch centre", "target", -30.0)], schedule=None)
    # A target of the dispatch centre is a limit of import, too.
    assert plant.power["grid.import"] == pytest.approx(30.0, abs=0.5)


def test_a_limit_of_the_dispatch_centre_is_kept_by_shedding() -> None:
    plant = works(50.0)
    plant.cycles(8, planned(0.0, -50.0), [order("dispatch centre", "least export", -40.0)])
    assert plant.power["works.unserved"] == pytest.approx(10.0, abs=0.3)


def test_what_is_planned_is_shed_at_once_but_only_as_far_as_it_must() -> None:
    plant = works(70.0)
    decision = plant.cycles(2, planned(15.0, -55.0))
    assert plant.power["works.unserved"] == pytest.approx(70.0 - LIMIT, abs=0.3)
    assert decision.reason[plant.controller.points.index["works.unserved"]] == Reason.MERIT
    calm = works(50.0)
    calm.cycles(5, planned(15.0, -35.0))
    assert calm.power["works.unserved"] == 0.0


def test_what_is_agreed_is_interrupted_as_planned_and_goes_first() -> None:
    plant = works(50.0, "sheddable", "agreed")
    plant.cycles(5, planned(15.0, -35.0))
    assert plant.power["works.unserved"] == pytest.approx(15.0)
    assert plant.power["grid.import"] == pytest.approx(35.0, abs=0.2)


def test_a_gust_of_seconds_sheds_nothing() -> None:
    plant = works(59.0)
    plant.cycles(10, planned(0.0, -59.0))
    plant.load = 66.0
    plant.cycles(2, planned(0.0, -59.0))
    plant.load = 59.0
    plant.cycles(5, planned(0.0, -59.0))
    assert max(d.setpoints[plant.controller.points.index["works.unserved"]]
               for d in plant.decisions) == 0.0  # fmt: skip


def test_load_comes_back_in_steps_to_what_the_last_minute_has_needed() -> None:
    plant = works(75.0)
    plant.cycles(5 * MINUTE, planned(0.0, -59.4))
    begun = len(plant.decisions)
    seen = []
    for load in (71.0, 66.0, 50.0, 50.0, 50.0):
        plant.load = load
        plant.cycles(MINUTE, planned(0.0, -59.4))
        seen.append(plant.power["works.unserved"])
        assert plant.power["grid.import"] <= LIMIT + 0.1
    assert seen == sorted(seen, reverse=True)
    assert 71.0 - LIMIT < seen[0] < 75.0 - LIMIT + 0.2  # it takes a minute
    assert 66.0 - LIMIT < seen[1] < 71.0 - LIMIT + 0.2
    assert seen[-1] == 0.0
    told = [d.setpoints[plant.controller.points.index["works.unserved"]] for d in plant.decisions]
    assert np.count_nonzero(np.diff(told[begun:])) <= 20
    assert "load shed" in plant.alarms()
    plant.cycles(15 * MINUTE, planned(0.0, -50.0))
    assert "load shed" not in plant.alarms()


def test_a_shortage_that_comes_and_goes_is_one_alarm() -> None:
    plant = works(75.0)
    for load in (75.0, 50.0, 75.0, 50.0):
        plant.load = load
        plant.cycles(3 * MINUTE, planned(0.0, -59.4))
    raised = [c for d in plant.decisions for c in d.alarms if c.alarm.code == "load shed"]
    assert [each.change for each in raised] == ["raised"]


def test_a_little_too_much_is_borne_for_half_a_minute() -> None:
    """One percent beyond the limit: no mean of a minute is half a percent over."""
    plant = works(LIMIT * 1.01)
    plant.cycles(6, planned(0.0, -LIMIT))
    assert plant.power["works.unserved"] == 0.0
    plant.cycles(4, planned(0.0, -LIMIT))
    assert plant.power["works.unserved"] > 0.5


def test_a_breaker_that_does_nothing_is_told_of_and_not_counted_on() -> None:
    plant = works(75.0)
    plant.deaf.add("works.unserved")
    plant.cycles(20, planned(0.0, -59.4))
    assert {"not following", "connection over"} <= plant.alarms()


def test_a_person_may_order_load_off() -> None:
    plant = works(40.0)
    held = [order("person", "device", 5.0, "works.unserved")]
    plant.cycles(4, planned(0.0, -40.0), held)
    assert plant.power["works.unserved"] == pytest.approx(5.0)
    plant.cycles(2, planned(0.0, -40.0))
    assert plant.power["works.unserved"] == 0.0


def test_the_guard_does_not_let_load_back_that_the_connection_cannot_carry() -> None:
    controller = Controller(network("sheddable"))
    points, guard = controller.points, controller.guard
    count = points.flows
    flow, wishes = np.zeros(count), np.where(points.writable[:count], 0.0, np.nan)
    for name, value in {"works.load": 75.0, "works.unserved": 16.0, "grid.import": 59.0}.items():
        flow[points.index[name]] = value
    free = np.zeros(count), np.full(count, np.inf)
    safe = guard.check(
        0, wishes, flow, np.array([50.0]), np.zeros(count), np.zeros(count, bool), *free
    )
    place = points.index["works.unserved"]
    assert safe.setpoints[place] == pytest.approx(15.0)
    assert safe.clip[place] == Clip.CONNECTION
    assert safe.over[0] == pytest.approx(0.0, abs=1e-9)
