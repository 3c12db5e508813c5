"""A share of the devices out of service: of each kind, and never the connection."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from zeroplant.operate.decision import Decision
from zeroplant.operate.image import Image
from zeroplant.operate.points import asset_of, points_of
from zeroplant.operate.standing import on_span
from zeroplant.plant import Plant, build, load_plant
from zeroplant.twin import kpi
from zeroplant.twin.devices import kinds_of
from zeroplant.twin.faults import Fault, Trouble
from zeroplant.twin.outage import Device, devices_of, drawn, out_of_service
from zeroplant.twin.prepare import prepare
from zeroplant.twin.run import Simulation

EXAMPLES = Path(__file__).parents[2] / "examples"


def devices(plant: Plant) -> list[Device]:
    network = build(on_span(plant, plant.axis.start, periods=96)).network
    return devices_of(network, points_of(network), kinds_of(plant.assets))


def test_a_device_is_what_stores_hold_together() -> None:
    """Of a fleet each group of rooms, cars and batteries; a swap station is one."""
    found = [sorted(each.points) for each in devices(load_plant(EXAMPLES / "home-fleet"))]
    assert [names for names in found if "homes.charge 1" in names] == [
        ["homes.batteries 1", "homes.charge 1", "homes.discharge 1"]
    ]
    assert len(found) == 3 + 1 + 2 + 1  # rooms, cars, batteries, roofs
    swapping = Counter(each.asset for each in devices(load_plant(EXAMPLES / "swap-corridor")))
    assert swapping["swap Xiushan"] == 1


def test_connections_and_loads_that_nobody_controls_are_none() -> None:
    county = {each.asset for each in devices(load_plant(EXAMPLES / "county-base"))}
    assert county == {"battery", "wind", "sun"}


@pytest.mark.parametrize(
    ("alike", "share", "wanted"),
    [
        ({"home": 10, "charger": 6, "battery": 2}, 0.5, {"home": 5, "charger": 3, "battery": 1}),
        ({"home": 10, "charger": 5}, 1.0, {"home": 10, "charger": 5}),
        ({"home": 100, "charger": 20}, 0.05, {"home": 5, "charger": 1}),
    ],
)
def test_of_each_kind_its_share_is_gone(
    alike: dict[str, int], share: float, wanted: dict[str, int]
) -> None:
    all_of_them = [
        Device((kind,), f"{kind} {number}", frozenset())
        for kind, count in alike.items()
        for number in range(count)
    ]
    gone = drawn(all_of_them, share)
    assert Counter(each.kind[0] for each in gone) == wanted
    assert len(set(gone)) == len(gone)


@pytest.mark.parametrize(("kinds", "gone"), [(1, 1), (2, 1), (3, 2), (5, 2), (7, 4)])
def test_where_each_is_alone_of_its_kind_half_of_all_are_gone(kinds: int, gone: int) -> None:
    alone = [Device((number,), f"device {number}", frozenset()) for number in range(kinds)]
    assert len(drawn(alone, 0.5)) == gone


def test_half_of_a_fleet_may_be_gone() -> None:
    """The homes of one station: limits and comfort hold, alarms come and go, the rest goes on."""
    plant = load_plant(EXAMPLES / "home-fleet", {"time.years": "0.1"})
    prepared = prepare(plant, start=datetime(2025, 1, 7, 16), days=1, seed=1, folder=None)
    fault = Fault(kind="offline", at=1.0, lasts=0.75)
    run = Simulation(
        replace(prepared, days=0.125), cycle=10.0, forecaster="persistence",  # type: ignore[arg-type]
        trouble=Trouble(faults=[fault]),
    )  # fmt: skip
    away: list[tuple[float, int]] = []
    after = run.loop.after

    def look(image: Image, decision: Decision) -> None:
        after(image, decision)
        away.append((run.clock.seconds / 3600.0, int(run.twin.away.sum())))

    run.loop.after = look
    run.run()
    points = run.twin.points
    gone = out_of_service(
        devices_of(run.twin.physics.network, points, kinds_of(plant.assets)), 0.5, points
    )
    names = {points.names[place] for place in gone}
    assert not {name for name in names if asset_of(name) == "grid"}
    rooms = [name for name in names if name.startswith("homes.air conditioning")]
    assert 1 <= len(rooms) <= 2, "of three groups"
    assert len([name for name in names if name.startswith("homes.charge")]) == 1, "of two"
    assert {count > 0 for hours, count in away if fault.holds(hours)} == {True}
    assert {count for hours, count in away if not fault.holds(hours)} == {0}
    account = run.twin.account
    assert account.violations == 0
    assert kpi.unserved_of(account) == pytest.approx(0.0, abs=1e-6)
    assert kpi.open_balance(account) < 1e-6
    off = np.abs(run.cycles.exported - run.cycles.achievable)[720:]
    assert np.quantile(off, 0.95) < 0.03 * kpi.connection_rating(account)
    silent = [(each.change, each.alarm.key) for each in run.alarms if each.alarm.code == "silent"]
    raised = {key for change, key in silent if change == "raised"}
    assert raised
    assert raised <= names
    assert raised == {key for change, key in silent if change == "cleared"}
