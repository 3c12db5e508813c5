"""The loop in new days, with devices never heard, and with a clock that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.operate.looping import Broken, control, run, wish
from tests.operate.small_plant import small_network
from zeroplant.links.link import Reading
from zeroplant.operate.controller import Controller
from zeroplant.operate.folder import submit
from zeroplant.operate.loop import ControlLoop


def test_the_next_days_are_taken_over_without_a_stop(tmp_path: Path) -> None:
    loop, devices, ticking = control(tmp_path)
    submit(loop.recording.folder, wish("one", "target", 20.0))
    run(loop, ticking, 4)
    devices.broken = True
    run(loop, ticking, 16)
    devices.broken = False
    run(loop, ticking, 2)
    alarms, power = loop.controller.alarms.held(), devices.power["battery.discharge"]
    assert alarms
    assert power > 0.0
    following = Controller(small_network())
    loop.stand(following)
    run(loop, ticking, 1)
    assert loop.controller is following
    assert {a.key for a in following.alarms.held()} >= {a.key for a in alarms}
    assert devices.power["battery.discharge"] == pytest.approx(power, abs=0.5)
    assert loop.last is not None
    assert loop.last.source == "person"
    loop.recording.close()


class Mute(Broken):
    """Devices of whom some never say anything, and others are not there at all."""

    async def read(self) -> Mapping[str, Reading]:
        said = await super().read()
        return {name: each for name, each in said.items() if not name.startswith("battery.")}


def test_a_device_that_was_never_heard_is_an_alarm_a_minute_after_the_start(
    tmp_path: Path,
) -> None:
    """After a restart nothing is known of a device that died before: it is told of all the same."""
    loop, _, ticking = control(tmp_path)
    devices = Mute(loop.controller, loop.clock)
    devices.connected, devices.trouble = False, "nobody there"
    again = ControlLoop(
        loop.controller, [devices], loop.clock, None, loop.schedule, monotonic=ticking.count
    )

    def alarms() -> set[tuple[str, str]]:
        return {(each.code, each.key) for each in loop.controller.alarms.held()}

    run(again, ticking, 15)
    assert {code for code, _ in alarms()} <= {"target missed"}
    run(again, ticking, 3)
    lost = {("silent", f"battery.{what}") for what in ("charge", "discharge", "level")}
    assert lost | {("link lost", "devices")} <= alarms()
    devices.connected = True
    run(again, ticking, 2)
    assert all(a.cleared for a in loop.controller.alarms.held() if a.code == "link lost")
    loop.recording.close()


def test_a_clock_that_fails_ends_the_loop_and_leaves_the_plant_at_rest(tmp_path: Path) -> None:
    """Where no time can pass, no cycle is made: a loop that went on would spin at one moment."""
    loop, devices, ticking = control(tmp_path)

    async def broken(seconds: float) -> None:
        message = "the next days could not be drawn"
        raise RuntimeError(message)

    ticking.sleep = broken  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="could not be drawn"):
        asyncio.run(loop.run(lambda: loop.beats.cycles >= 50))
    assert loop.beats.cycles == 1
    assert devices.power["battery.discharge"] == 0.0
    loop.recording.close()
