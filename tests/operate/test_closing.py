"""Balances that no grid stands behind: what a node cannot give is not promised twice."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.operate.small_plant import START
from zeroplant.axis import Axis
from zeroplant.links.link import Quality
from zeroplant.operate.controller import Controller
from zeroplant.operate.image import Image, micros
from zeroplant.operate.schedule import Schedule
from zeroplant.waist import Network

STEPS = 96
PLANNED = {"steam pump.output": 30.0, "hot pump.output": 30.0}


def works() -> Network:
    """Steam and hot water by heat pumps on one source of waste heat, or by electricity alone."""
    net = Network(Axis(START, STEPS, 0.25))
    site = net.node("site")
    steam, hot = net.node("steam", carrier="lp steam"), net.node("hot", carrier="hot water")
    low = net.node("low", carrier="heat")
    net.flow("cooling.stream", give=low, fixed=40.0)
    net.flow("cooling.rejected", take=low, tags={"rejected"})
    for name, node, share in (("steam", steam, 0.5), ("hot", hot, 0.7)):
        net.flow(f"{name} users.load", take=node, fixed=30.0, role="load")
        net.flow(f"{name} users.unserved", give=node, cap=30.0, role="unserved", cost=1e4)
        net.flow(f"{name} pump.output", take={low: share, site: 1.0 - share}, give=node, cap=40.0,
                 role="conversion")  # fmt: skip
        net.flow(f"{name} boiler.output", take=site, give=node, cap=40.0, role="conversion")
    made = net.flow("mill.made", take=site, cap=20.0, role="conversion")
    spent = net.flow("mill.heat", give=hot, cap=made * 0.5)
    assert spent.cap.terms
    net.flow("grid.import", give=site, cap=200.0, role="import", cost=80.0)
    net.flow("grid.export", take=site, cap=60.0, role="export")
    return net


def setpoints(measured: dict[str, float], planned: dict[str, float]) -> dict[str, float]:
    """What the first cycle tells, where the plant is as measured and should be as planned."""
    controller = Controller(works())
    points = controller.points
    value = np.array([measured.get(name, float(name.endswith(".online"))) for name in points.names])
    event = np.full(len(points), micros(START), np.int64)
    image = Image(START, points, value, event, np.full(len(points), Quality.GOOD, np.uint8))
    flat = np.ones(STEPS)
    schedule = Schedule(
        made=START, start=START, step=timedelta(minutes=15), status="optimal",
        power={name: planned.get(name, 0.0) * flat for name in points.names[: points.flows]},
        level={}, worth={}, target=-60.0 * flat,
        price={"site": 80 * flat, "steam": 200 * flat, "hot": 60 * flat, "low": 0 * flat},
    )  # fmt: skip
    decision = controller.cycle(START, image, schedule)
    return dict(zip(points.names, decision.setpoints.tolist(), strict=True))


def test_a_shortage_is_passed_on_to_those_who_lose_least() -> None:
    loads = {"steam users.load": 30.0, "hot users.load": 30.0}
    enough = setpoints(loads | {"cooling.stream": 40.0}, PLANNED)
    assert enough["steam pump.output"] == enough["hot pump.output"] == pytest.approx(30.0)
    short = setpoints(loads | {"cooling.stream": 20.0}, PLANNED)
    assert short["steam pump.output"] == pytest.approx(30.0)  # steam is worth more
    assert short["hot pump.output"] == pytest.approx(5.0 / 0.7)
    assert short["hot boiler.output"] == pytest.approx(30.0 - 5.0 / 0.7)


def test_nobody_relies_on_what_is_unserved_or_thrown_away_now() -> None:
    loads = {"steam users.load": 30.0, "hot users.load": 30.0, "cooling.stream": 40.0}
    told = setpoints(loads | {"steam users.unserved": 9.0, "cooling.rejected": 25.0}, PLANNED)
    assert told["steam pump.output"] == pytest.approx(30.0)
    assert told["hot pump.output"] == pytest.approx(30.0)


@pytest.mark.parametrize(("running", "heat"), [(20.0, 10.0), (6.0, 3.0)])
def test_what_another_flow_limits_is_taken_up_to_its_limit(running: float, heat: float) -> None:
    """The mill's heat goes by its load as it is measured; what lacks is made otherwise."""
    measured = {"steam users.load": 30.0, "hot users.load": 30.0, "cooling.stream": 40.0}
    planned = {"steam pump.output": 30.0, "hot pump.output": 20.0, "mill.heat": 10.0}
    told = setpoints(measured | {"mill.made": running}, planned | {"mill.made": 20.0})
    assert told["mill.heat"] == pytest.approx(heat)
    made = told["hot pump.output"] + told["hot boiler.output"] + told["mill.heat"]
    assert made == pytest.approx(30.0)
