"""When the planner is asked, and what it is told: what is known, not what was last read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.operate.small_plant import START, Plant, plan, small_network, small_plant
from zeroplant.operate.decision import Decision
from zeroplant.operate.folder import STAMP, PlantFolder, sweep
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.planner_process import Request
from zeroplant.operate.planning import AHEAD, Planning
from zeroplant.operate.quarter import QUARTER
from zeroplant.operate.recording import Recording
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.standing import Standing
from zeroplant.store import Journal


class Asked:
    """A planner that listens, and answers what it is given to answer."""

    problem = ""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.busy = False
        self.said: Schedule | None = None

    def ask(self, request: Request) -> bool:
        """Take it, unless it is busy."""
        if not self.busy:
            self.requests.append(request)
        return not self.busy

    def answer(self) -> Schedule | None:
        """What it was given."""
        said, self.said = self.said, None
        return said

    def go_on(self, schedule: Schedule) -> None:
        """What was good before."""
        self.before = schedule

    def stand(self, standing: Standing) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def cycle(plant: Plant, planning: Planning) -> Decision:
    """One cycle of the plant, and what goes on around it."""
    image = plant.image()
    decision = plant.cycles(1, planning.newest)
    planning.look(image, decision)
    return decision


def forecast(key: str, value: float) -> Forecast:
    flat = np.full((1, 96), value)
    return Forecast(key, START, START, timedelta(minutes=15), np.array([0.5]), flat)


def test_a_flow_that_is_not_known_is_not_told_and_a_level_is_carried_on() -> None:
    plant, asked = small_plant(), Asked()
    plant.cycles(3)
    plant.silent = {"battery.level", "wind.output", "works.load", "grid.import", "grid.export"}
    plant.cycles(20)
    decision = cycle(plant, Planning(asked, None))
    (request,) = asked.requests
    assert "wind.output" not in request.measured
    assert "battery.charge" in request.measured
    place = plant.controller.points.index["battery.level"]
    assert request.levels["battery.level"] == pytest.approx(float(decision.known.value[place]))
    assert plant.image().value[plant.controller.points.index["wind.output"]] > 0.0


def test_what_flows_were_is_the_mean_of_the_quarter_hour_before() -> None:
    plant, asked = small_plant(load=30.0), Asked()
    planning = Planning(asked, None)
    for number in range(226):
        plant.load = 30.0 if number < 150 else 60.0  # 225 cycles of 4 s are a quarter-hour
        asked.busy = number == 225
        cycle(plant, planning)
    assert len(asked.requests) == 1
    asked.busy = False
    cycle(plant, planning)  # asked again, when the planner has time
    first, second = asked.requests
    assert first.measured["works.load"] == pytest.approx(30.0)
    assert second.measured["works.load"] == pytest.approx(40.0, abs=0.5)


def test_a_quarter_hour_is_planned_before_it_begins_and_its_first_cycle_follows() -> None:
    plant, asked = small_plant(), Asked()
    planning = Planning(asked, None)
    planning.stand(SimpleNamespace(network=small_network()))  # type: ignore[arg-type]
    asked.said = plan(20.0)
    at_end = START + QUARTER
    level = plant.controller.points.index["battery.level"]
    while len(asked.requests) < 2:
        decision = cycle(plant, planning)
    ahead = asked.requests[1]
    assert ahead.now == at_end
    moved = ahead.levels["battery.level"] - float(decision.known.value[level])
    assert moved == pytest.approx(
        -plant.power["battery.discharge"] / 0.95 * 44.0 / 3600.0, rel=0.01
    )
    assert moved < -0.1
    asked.said = plan(-5.0, start=at_end)
    while plant.now < at_end:
        cycle(plant, planning)
    assert ahead.measured["works.load"] == pytest.approx(40.0)
    assert plant.decisions[-1].target == planning.schedule.target[0] == 20.0  # type: ignore[union-attr]
    assert cycle(plant, planning).target == -5.0
    assert planning.schedule is planning.newest


def test_a_level_is_not_carried_on_beyond_its_store() -> None:
    plant, asked = small_plant(level=0.1), Asked()
    planning = Planning(asked, None)
    planning.stand(SimpleNamespace(network=small_network()))  # type: ignore[arg-type]
    asked.said = plan(10.0)
    plant.deaf = {"battery.charge", "battery.discharge"}
    while len(asked.requests) < 2:
        plant.power["battery.discharge"] = 30.0 * (START + QUARTER - plant.now <= AHEAD)
        cycle(plant, planning)
    assert asked.requests[-1].levels["battery.level"] == 0.0


def test_it_asks_again_for_newer_forecasts_and_commitments_and_for_nothing_else() -> None:
    plant, asked = small_plant(), Asked()
    expected, promised = {"works.load": forecast("works.load", 35.0)}, ()
    planning = Planning(asked, None, lambda _: expected, lambda _: promised)
    for _ in range(5):
        cycle(plant, planning)
    assert len(asked.requests) == 1
    expected = dict(expected)
    cycle(plant, planning)
    cycle(plant, planning)
    assert len(asked.requests) == 2


def test_what_is_measured_now_corrects_the_forecasts_unless_they_are_to_be_believed() -> None:
    for nowcast, first in ((True, 40.0), (False, 35.0)):
        plant, asked = small_plant(load=40.0), Asked()
        expected = {
            "works.load": forecast("works.load", 35.0),
            "wind.output": forecast("wind.output", 9.0),
        }
        cycle(plant, Planning(asked, None, lambda _: expected, nowcast=nowcast))  # noqa: B023
        told = asked.requests[0].forecasts
        assert told["works.load"].mean()[0] == pytest.approx(first)
        assert told["works.load"].mean()[-1] == pytest.approx(35.0, abs=0.1)
        assert told["wind.output"].mean()[0] == pytest.approx(50.0 if nowcast else 9.0)


def test_a_target_out_of_reach_is_planned_anew_ever_less_often() -> None:
    plant, asked = small_plant(wind=20.0), Asked()
    planning = Planning(asked, None)
    asked.said = plan(60.0)  # 20 MW of wind and 30 MW of battery against 40 MW of load
    moments: list[float] = []
    for number in range(200):
        before = len(asked.requests)
        cycle(plant, planning)
        if len(asked.requests) > before:
            moments.append(4.0 * number)
    assert moments[0] == 0.0
    assert 20.0 <= moments[1] <= 40.0
    gaps = np.diff(moments[1:])
    assert len(gaps) >= 2
    assert (gaps[1:] >= 1.9 * gaps[:-1]).all()


def test_a_schedule_within_reach_is_not_planned_anew() -> None:
    plant, asked = small_plant(), Asked()
    planning = Planning(asked, None)
    asked.said = plan(12.0)
    for _ in range(200):
        cycle(plant, planning)
    assert len(asked.requests) == 1


@pytest.mark.parametrize(("status", "codes"), [("optimal", []), ("kept", ["planner failed"])])
def test_a_planner_that_gave_none_is_an_alarm(status: str, codes: list[str]) -> None:
    asked = Asked()
    planning = Planning(asked, None)
    asked.said = replace(plan(12.0), status=status, note="it ended")  # type: ignore[arg-type]
    planning.take(START)
    assert [each[0] for each in planning.troubles()] == codes


def test_a_planner_that_failed_is_asked_again_and_not_only_at_the_next_quarter_hour() -> None:
    """After half a minute, a minute, then every other minute; no more once it has planned."""
    plant, asked = small_plant(), Asked()
    planning = Planning(asked, None)
    asked.said = replace(plan(12.0), status="kept", note="it ended")
    moments = []
    for number in range(120):  # eight minutes
        before = len(asked.requests)
        cycle(plant, planning)
        if len(asked.requests) > before:
            moments.append(4 * number)
    assert moments == pytest.approx([0, 32, 92, 212, 332, 452], abs=8)
    asked.said = plan(12.0)
    for _ in range(60):
        cycle(plant, planning)
    assert len(asked.requests) == len(moments)


def test_a_planner_without_even_a_fallback_is_an_alarm_and_asked_again() -> None:
    plant, asked = small_plant(), Asked()
    planning = Planning(asked, None)
    asked.said = plan(12.0)
    cycle(plant, planning)
    assert planning.troubles() == []
    asked.problem = "the rule came to nothing"
    for _ in range(10):
        cycle(plant, planning)
    assert planning.troubles() == [("planner failed", "", "the rule came to nothing")]
    assert len(asked.requests) == 2


def test_one_that_begins_anew_goes_on_with_the_schedule_of_a_short_while_ago(
    tmp_path: Path,
) -> None:
    recording = Recording(PlantFolder(tmp_path))
    asked = Asked()
    planning = Planning(asked, recording)
    asked.said = plan(12.0)
    planning.take(START)
    recording.close()
    followed = []
    for minutes in (-5, 5, 45):
        following = Asked()
        other = Planning(following, recording)
        other.resume(START + timedelta(minutes=minutes))
        followed.append(None if other.schedule is None else other.schedule.target[0])
        assert getattr(following, "before", None) is other.schedule  # its fallback is that
    assert followed == [None, 12.0, None]
    PlantFolder(tmp_path).schedule.write_text("{broken")
    other = Planning(Asked(), recording)
    other.resume(START)
    assert other.schedule is None


def test_old_schedules_are_taken_out_of_their_folder(tmp_path: Path) -> None:
    names = [f"{START - timedelta(days=n):{STAMP}}.json" for n in (0, 50, 200)]
    for name in names:
        (tmp_path / name).write_text("{}")
    sweep(tmp_path, START - timedelta(days=100))
    assert {path.name for path in tmp_path.iterdir()} == set(names[:2])


def test_every_request_and_its_end_are_in_the_journal(tmp_path: Path) -> None:
    """Also of a planner that takes its time, and of one that has nothing to say."""

    class Slow(Asked):
        def ask(self, request: Request) -> bool:
            asked = super().ask(request)
            self.busy = True
            return asked

    recording, why = Recording(PlantFolder(tmp_path)), "the planner ended with signal 9"
    plant, slow = small_plant(), Slow()
    planning = Planning(slow, recording)
    for _ in range(6):
        cycle(plant, planning)
    slow.busy, slow.said = False, replace(plan(5.0), status="kept", note=why)
    cycle(plant, planning)
    while not slow.busy:  # what was kept is asked for again
        cycle(plant, planning)
    slow.busy, slow.problem = False, "the plant's year is not solved yet"
    cycle(plant, planning)
    recording.close()
    entries = list(Journal(tmp_path / "journal").read(kinds=("planning",)))
    assert [(each.key, *each.payload.values()) for each in entries[:4]] == [
        ("asked",),
        ("answered", "kept", why),
        ("asked",),
        ("answered", "none", "the plant's year is not solved yet"),
    ]
    assert (entries[1].known - entries[0].known).total_seconds() == 24.0
