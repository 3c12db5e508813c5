"""The real-time shell: beats, devices that hang, orders of persons, a clean stop, replay."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.operate.looping import Broken, control, run, wish
from tests.operate.small_plant import START
from zeroplant.links.link import Acknowledgement, Reading, Setpoint
from zeroplant.operate.folder import PlantFolder, submit
from zeroplant.operate.loop import Beats
from zeroplant.operate.orders import Order
from zeroplant.operate.replay import replay
from zeroplant.operate.watchdog import Watchdog
from zeroplant.store import History, Journal


def test_it_controls_records_and_stops_with_its_stores_at_rest(tmp_path: Path) -> None:
    loop, devices, _ = control(tmp_path)
    loop.beat = 0.01
    asyncio.run(loop.run(lambda: loop.beats.cycles >= 20))
    loop.recording.close()
    assert loop.watchdog.kicks == 20
    assert devices.power["battery.discharge"] == devices.power["battery.charge"] == 0.0
    journal = Journal(tmp_path / "journal")
    kinds = {record.kind for record in journal.read()}
    assert {"observation", "decision", "command", "acknowledgement", "note"} <= kinds
    why = {str(record.payload["reason"]) for record in journal.read(kinds="command")}
    assert "schedule" in why
    assert journal.verify().intact
    table = History(tmp_path / "history").read("grid.export")
    assert table["value"].to_pylist()[-1] == pytest.approx(12.0, abs=0.2)
    live = json.loads((tmp_path / "live.json").read_text())
    assert live["source"] == "schedule"
    assert live["points"]["battery.level"]["value"] == pytest.approx(50.0, abs=0.1)


def test_a_link_in_trouble_is_an_alarm_and_lost_values_age(tmp_path: Path) -> None:
    loop, devices, ticking = control(tmp_path)
    run(loop, ticking, 3)
    devices.broken = True
    run(loop, ticking, 20)
    codes = {a.code for a in loop.controller.alarms.held() if a.cleared is None}
    assert {"silent", "write refused"} <= codes
    devices.broken = False
    run(loop, ticking, 3)
    assert {a.code for a in loop.controller.alarms.held() if a.cleared is None} == set()
    loop.recording.close()


def test_a_beat_that_is_too_long_is_counted_and_not_made_up_for(tmp_path: Path) -> None:
    loop, devices, _ = control(tmp_path)
    loop.beat, loop.monotonic = 0.01, time.monotonic
    reading = devices.read

    async def slowly() -> Mapping[str, Reading]:
        await asyncio.sleep(0.025)
        return await reading()

    devices.read = slowly  # type: ignore[method-assign]
    asyncio.run(loop.run(lambda: loop.beats.cycles >= 6))
    loop.recording.close()
    assert loop.beats.late == 6
    assert loop.beats.longest >= 0.025


def test_the_clock_set_by_an_hour_is_an_alarm_and_nothing_else(tmp_path: Path) -> None:
    loop, devices, ticking = control(tmp_path)
    run(loop, ticking, 5)
    ticking.at += timedelta(hours=1)
    run(loop, ticking, 10)
    codes = {a.code for a in loop.controller.alarms.held() if a.cleared is None}
    assert codes == {"clock jumped"}
    run(loop, ticking, 80)
    assert loop.clock.moved == 1
    assert devices.power["grid.export"] == pytest.approx(12.0, abs=0.2)
    loop.recording.close()


def test_orders_of_persons_are_taken_answered_and_lapse(tmp_path: Path) -> None:
    loop, devices, ticking = control(tmp_path)
    run(loop, ticking, 3)
    folder = loop.recording.folder
    submit(folder, wish("one", "target", 20.0))
    (folder.orders / "two.json").write_text("{not json")
    submit(folder, wish("three", "target", 5.0, until=START + timedelta(seconds=1)))
    run(loop, ticking, 4)
    assert devices.power["grid.export"] == pytest.approx(20.0, abs=0.2)
    answered = {folder.answer(name) for name in ("one", "two", "three")}
    for _ in range(6000):
        if all(path.exists() for path in answered):
            break
        time.sleep(0.01)
    answers = {
        path.name.split(".")[0]: json.loads(path.read_text())["accepted"]
        for path in folder.orders.glob("*.answer.json")
    }
    assert answers == {"one": True, "two": False, "three": False}
    submit(folder, wish("four", "withdraw", 0.0, key="one"))
    run(loop, ticking, 4)
    assert devices.power["grid.export"] == pytest.approx(12.0, abs=0.2)
    loop.recording.close()
    persons = [r.key for r in Journal(folder.journal).read(kinds="person")]
    assert sorted(persons) == ["four", "one", "three", "two"]


def test_an_alarm_is_acknowledged_through_the_inbox(tmp_path: Path) -> None:
    loop, devices, ticking = control(tmp_path)
    run(loop, ticking, 3)
    devices.broken = True
    run(loop, ticking, 20)
    submit(loop.recording.folder, wish("ack", "acknowledge", 0.0, key="silent: battery.level"))
    run(loop, ticking, 1)
    seen = [a for a in loop.controller.alarms.held() if a.by == "Li"]
    assert [(a.code, a.key) for a in seen] == [("silent", "battery.level")]
    loop.recording.close()


def test_any_moment_is_found_again_as_it_was_known_then(tmp_path: Path) -> None:
    loop, _, ticking = control(tmp_path)
    run(loop, ticking, 12)
    before = ticking.at
    submit(
        loop.recording.folder, wish("up", "target", 25.0, start=before, until=before + timedelta(1))
    )
    run(loop, ticking, 10)
    loop.recording.close()
    folder = PlantFolder(tmp_path)
    then, now = replay(folder, before - timedelta(seconds=1)), replay(folder, ticking.at)
    assert then.intact == now.intact == "intact"
    assert then.decision is not None
    assert now.decision is not None
    assert (then.decision.payload["target"], then.decision.payload["source"]) == (12.0, "schedule")
    assert (now.decision.payload["target"], now.decision.payload["source"]) == (25.0, "person")
    assert then.orders == {}
    assert set(now.orders) == {"up"}
    assert then.values["grid.export"]["value"] == pytest.approx(12.0, abs=0.2)
    assert now.values["grid.export"]["value"] == pytest.approx(25.0, abs=0.2)
    assert then.commands["battery.discharge"].payload["value"] == pytest.approx(2.0, abs=0.2)
    json.dumps(now.said())
    assert replay(folder, datetime(2020, 1, 1, tzinfo=UTC)).decision is None


def test_systemd_hears_of_every_cycle(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(tmp_path / "notify"))
        server.settimeout(60.0)
        watchdog = Watchdog(str(tmp_path / "notify"))
        watchdog.ready()
        watchdog.alive("target 3 MW")
        watchdog.stopping()
        heard = [server.recv(200).decode() for _ in range(3)]
    assert heard == ["READY=1", "WATCHDOG=1\nSTATUS=target 3 MW", "STOPPING=1"]


def raises() -> list[Order]:
    message = "the line is a mess"
    raise RuntimeError(message)


def test_what_others_get_wrong_is_an_alarm_and_what_they_said_stands(tmp_path: Path) -> None:
    loop, devices, ticking = control(tmp_path)
    order = Order("dispatch centre", "target", 20.0, START, START + timedelta(hours=1))
    loop.orders = lambda: [order]
    run(loop, ticking, 3)
    loop.orders = raises
    loop.schedule = loop.after = loop.troubles = lambda *_: raises()  # type: ignore[assignment]
    loop.inbox.orders = lambda *_: raises()  # type: ignore[method-assign]
    run(loop, ticking, 5)
    assert devices.power["grid.export"] == pytest.approx(20.0, abs=0.2)
    faults = [a for a in loop.controller.alarms.held() if a.code == "fault"]
    assert {a.key for a in faults} == {"orders", "schedule", "after", "troubles", "inbox"}
    assert "the line is a mess" in faults[0].said()["cause"]
    loop.recording.close()


def test_a_set_point_that_was_lost_is_told_again_and_not_judged_before(tmp_path: Path) -> None:
    loop, devices, ticking = control(tmp_path)
    told: list[tuple[int, bool]] = []
    lost = True
    writing = devices.write

    async def write(
        setpoints: Sequence[Setpoint], *, urgent: bool = False
    ) -> list[Acknowledgement]:
        told.append((loop.beats.cycles, urgent))
        if lost:
            return [Acknowledgement(s.point, False, devices.clock.now(), "gone") for s in setpoints]
        return await writing(setpoints, urgent=urgent)

    run(loop, ticking, 10)
    devices.write = write  # type: ignore[method-assign]
    order = Order("dispatch centre", "target", 30.0, START, START + timedelta(hours=1))
    loop.orders = lambda: [order]
    run(loop, ticking, 4)
    assert {10, 11, 12, 13} <= {cycle for cycle, urgent in told if urgent}
    lost = False
    run(loop, ticking, 3)
    assert devices.power["grid.export"] == pytest.approx(30.0, abs=0.3)
    lost = True
    loop.orders = tuple
    run(loop, ticking, 20)
    codes = {a.code for a in loop.controller.alarms.held() if a.cleared is None}
    assert "write refused" in codes
    assert "not following" not in codes
    loop.recording.close()
    lasting = START + timedelta(seconds=4 * 20)  # from here on the last order is told in vain
    journal = Journal(tmp_path / "journal").read(kinds="command")
    late = [r.key for r in journal if r.known >= lasting]
    assert len(late) <= 4  # what is told in vain is not journalled each time


def test_the_view_goes_on_when_the_clock_is_set_back(tmp_path: Path) -> None:
    loop, _, ticking = control(tmp_path)
    run(loop, ticking, 2)
    ticking.at -= timedelta(hours=3)
    loop.clock._at -= timedelta(hours=3)
    run(loop, ticking, 2)
    at = loop.clock.now() - timedelta(seconds=4)
    loop.recording.close()
    said = json.loads((tmp_path / "live.json").read_text())["at"]
    assert abs((datetime.fromisoformat(said) - at).total_seconds()) < 2.0


def test_late_cycles_of_long_ago_are_forgotten() -> None:
    beats = Beats()
    for late in [True] * 50 + [False] * 100:
        beats.took(1.0, late=late)
    assert beats.often_late
    for _ in range(150):
        beats.took(1.0, late=False)
    assert beats.late == 50
    assert not beats.often_late


def test_at_the_end_no_device_waits_for_another(tmp_path: Path) -> None:
    loop, devices, _ = control(tmp_path)
    other = Broken(loop.controller, loop.clock)
    other.points = {}
    closed: list[str] = []

    async def closing(name: str) -> None:
        while name == "first" and "second" not in closed:
            await asyncio.sleep(0)
        closed.append(name)

    devices.close = lambda: closing("first")  # type: ignore[method-assign]
    other.close = lambda: closing("second")  # type: ignore[method-assign]
    loop.keepers = [devices, other]
    asyncio.run(asyncio.wait_for(loop.end(), 5.0))
    loop.recording.close()
    assert closed == ["second", "first"]
