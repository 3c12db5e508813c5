"""What could be given: worked out for each plan; tomorrow told at the hour the market closes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.operate.by_hand import house, standing
from tests.operate.county import at, county, forecasts, half_full
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.image import Image
from zeroplant.operate.offers import Offers
from zeroplant.operate.owed import Owed
from zeroplant.operate.points import Points
from zeroplant.operate.recording import Recording
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.standing import Standing
from zeroplant.store import Journal

PLAIN = Settings(futures=1, margin=0.0)
ZONE = "Asia/Shanghai"


class Offering:
    """A plant whose store stands at a level, and what it offers."""

    def __init__(self, folder: Path, plant: Standing, store: str, level: float) -> None:
        self.recording = Recording(PlantFolder(folder))
        self.plant, self.level = plant, level
        self.points = Points((store,), ("MWh",), np.zeros(1, bool), np.zeros(1),
                             np.full(1, 1e3), 0, 1)  # fmt: skip
        self.schedule: Schedule | None = None
        self.asked: list[tuple[object, int]] = []
        self.owed = Owed(self.recording, ZONE, file=folder / "commitments.yaml")
        self.owed.stand(plant)
        self.offers = Offers(
            self.recording, ZONE, self.owed,
            schedule=lambda: self.schedule, forecasts=lambda _: {}, ahead=self.ahead,
        )  # fmt: skip
        self.offers.stand(plant)

    def ahead(self, now: Any, steps: int) -> dict[str, Any]:
        self.asked.append((now, steps))
        return {}

    def look(self, now: Any) -> None:
        value = np.array([self.level])
        image = Image(now, self.points, value, np.zeros(1, np.int64), np.zeros(1, np.uint8))
        decision: Any = SimpleNamespace(known=SimpleNamespace(value=value))
        self.owed.follow(now, ())
        self.offers.look(image, decision)

    def folder(self, name: str) -> dict[str, Any]:
        self.recording.close()
        found: dict[str, Any] = json.loads((self.recording.folder.path / name).read_text())
        return found


def test_the_envelope_and_the_four_capacities(tmp_path: Path) -> None:
    """10 MWh of 20 MWh and 10 MW, 5 MW of load: min(10, 10 / h) up; as in test_capability."""
    net = house()
    offering = Offering(tmp_path, standing(net, level=10.0), "level", 10.0)
    now = net.axis.start
    offering.look(now)  # no schedule yet: nothing to be measured against
    offering.schedule = Scheduler(offering.plant, PLAIN).plan(now, {"level": 10.0}, {})
    offering.look(now)
    said = offering.folder("capability.json")
    assert said["hours"] == [0.25, 1.0, 2.0, 4.0]
    assert said["up"] == [pytest.approx([10.0, 10.0, 5.0, 2.5], abs=1e-4)] * 3
    assert said["down"] == [pytest.approx([10.0, 10.0, 5.0, 2.5], abs=1e-4)] * 3
    values = {name: each["value"] for name, each in said["capacities"].items()}
    assert values == pytest.approx(
        {"peak_support": -2.5, "regulation": 20.0, "registered": 10.0, "paid_reliable": 2.5},
        abs=0.06,
    )
    assert set(said["capacities"]["regulation"]["words"]) == {"en", "zh"}
    kinds = [r.kind for r in Journal(tmp_path / "journal").read()]
    assert kinds == ["capability"]


def test_what_may_be_shed_is_told_beside_them(tmp_path: Path) -> None:
    net = house()
    net.flow_named("unserved").tags = frozenset({"sheddable"})
    offering = Offering(tmp_path, standing(net, level=10.0), "level", 10.0)
    now = net.axis.start
    offering.schedule = Scheduler(offering.plant, PLAIN).plan(now, {"level": 10.0}, {})
    offering.look(now)
    said = offering.folder("capability.json")["capacities"]
    assert (said["shed"]["value"], said["shed"]["unit"]) == (100.0, "MW")


def test_it_is_worked_out_for_new_plans_and_once_a_quarter_hour(tmp_path: Path) -> None:
    net = house()
    offering = Offering(tmp_path, standing(net, level=10.0), "level", 10.0)
    scheduler, made = Scheduler(offering.plant, PLAIN), []
    offering.offers._rate = lambda asked, _: made.append(asked.now)  # type: ignore[method-assign,assignment]
    begin = net.axis.start
    for seconds, new in ((0, True), (4, False), (60, True), (900, True), (1800, False)):
        now = begin + timedelta(seconds=seconds)
        if new:
            offering.schedule = scheduler.plan(now, {"level": 10.0}, {})
        offering.look(now)
    assert made == [begin, begin + timedelta(seconds=900)]
    offering.recording.close()


def test_tomorrow_is_told_when_the_market_closes_and_then_owed(tmp_path: Path) -> None:
    """96 points of the plan at ten o'clock, once, also for a controller that begins after it."""
    plant = county(days=2)
    level = half_full(plant)["battery.level"]
    text = "market: {closes: '10:00', price: 500 CNY/MWh, accepted: all}\n"
    (tmp_path / "commitments.yaml").write_text(text)
    offering = Offering(tmp_path, plant, "battery.level", level)
    offering.offers._forecasts = lambda _: forecasts(plant, 40)
    offering.schedule = Scheduler(plant, Settings(futures=1)).plan(
        at(plant, 39), half_full(plant), forecasts(plant, 39)
    )
    ten = at(plant, 40)  # the county's axis begins at midnight of its clock
    offering.look(ten - timedelta(seconds=4))
    assert offering.asked == []
    offering.look(ten)
    offering.look(ten + timedelta(seconds=4))
    ((now, steps),) = offering.asked
    assert (now, steps) == (ten, 56 + 96 + 1)
    offering.recording.close()
    again = Offering(tmp_path, plant, "battery.level", level)
    again.schedule = offering.schedule
    again.look(ten + timedelta(minutes=1))
    assert again.asked == []
    (owed,) = again.owed.newest
    said = again.folder("day_ahead.json")
    assert (said["date"], said["step"], len(said["price"])) == ("2025-07-15", 900.0, 96)
    assert owed.name == "schedule of 2025-07-15"
    assert owed.value == pytest.approx(said["power"])
    assert owed.start == at(plant, 96)
    assert min(said["price"]) > 0.0


def closing(tmp_path: Path) -> Offering:
    """A county with a schedule, whose market closes at ten."""
    (tmp_path / "commitments.yaml").write_text(
        'commitments: []\nmarket: {closes: "10:00", price: 300 CNY/MWh, accepted: []}\n'
    )
    plant = county()
    (level,) = half_full(plant).values()
    offering = Offering(tmp_path, plant, "battery.level", level)
    offering.schedule = Scheduler(plant, Settings(futures=1)).plan(
        at(plant, 39), half_full(plant), forecasts(plant, 39)
    )
    return offering


def test_a_bid_that_fails_is_an_alarm_and_tried_again_each_quarter_hour(tmp_path: Path) -> None:
    offering = closing(tmp_path)
    reached, tried = offering.ahead, []

    def broken(now: Any, steps: int) -> dict[str, Any]:
        tried.append(now)
        message = "no forecasts"
        raise KeyError(message)

    offering.offers._ahead = broken
    ten = at(offering.plant, 40)
    for minutes in range(0, 31, 5):
        offering.look(ten + timedelta(minutes=minutes))
    assert tried == [ten + timedelta(minutes=m) for m in (0, 15, 30)]
    ((code, _, why),) = offering.offers.troubles()
    assert code == "day-ahead not told"
    assert "no forecasts" in why
    offering.offers._ahead = reached
    offering.look(ten + timedelta(minutes=45))
    offering.look(ten + timedelta(minutes=60))
    assert len(offering.asked) == 1
    assert offering.offers.troubles() == []
    assert offering.folder("day_ahead.json")["date"] == "2025-07-15"


def test_what_a_rule_plans_is_no_bid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(Scheduler):
        def plan(self, now: Any, levels: Any, forecasts: Any, *_: Any, **__: Any) -> Schedule:
            return self.fallback(now, levels, forecasts, "the solver ended")

    monkeypatch.setattr("zeroplant.operate.offers.Scheduler", Failing)
    offering = closing(tmp_path)
    offering.look(at(offering.plant, 40))
    ((_, _, why),) = offering.offers.troubles()
    assert "the solver ended" in why
    offering.recording.close()
    assert not (tmp_path / "day_ahead.json").exists()
    offering.look(at(offering.plant, 96))  # the day is over
    assert offering.offers.troubles() == []
