"""A plant that is called on: the centre's set-point is followed, told back, and lapses."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.links.masters import until
from tests.operate.test_loop import control
from zeroplant.operate.callers import Callers
from zeroplant.operate.callers_file import read_callers
from zeroplant.store import Journal
from zeroplant.twin.wire.dispatch_centre import DispatchCentre, Instruction

POINTS = """\
points:
  - {ioa: 16385, name: plant.export}
  - {ioa: 16386, name: plant.target}
commands:
  - {ioa: 25089, name: plant.target, least: -60, most: 60, select: true, valid: 15 min}
"""
FILE = 'dispatch_centre: {listen: "127.0.0.1:0", points: points.yaml}\n'


def test_the_centre_s_set_point_is_followed_and_lapses(tmp_path: Path) -> None:
    """The plan says 12 MW, the centre 20 MW: over a real line, with selection."""
    (tmp_path / "points.yaml").write_text(POINTS)
    (tmp_path / "callers.yaml").write_text(FILE)
    loop, _, ticking = control(tmp_path / "data")

    async def run() -> None:
        callers = Callers(read_callers(tmp_path / "callers.yaml"), ticking)
        await callers.open()
        assert callers.outstation
        loop.orders, loop.troubles = callers.orders, callers.troubles
        loop.after = lambda image, made: callers.publish(image, {"plant.export": made.exchange})

        async def cycles(number: int) -> None:
            for _ in range(number):
                await loop.cycle()
                ticking.pass_by()
                await asyncio.sleep(0)

        await cycles(3)
        assert loop.last
        assert loop.last.exchange == pytest.approx(12.0, abs=0.2)
        assert "dispatch centre lost" in {a.code for a in loop.controller.alarms.held()}

        timetable = [Instruction(ticking.now(), 25089, 20.0, select=True)]
        centre = DispatchCentre("127.0.0.1", callers.outstation.port, timetable)
        task = asyncio.create_task(centre.run())
        await until(lambda: centre.outcomes)
        assert centre.outcomes[0].refused == ""
        await cycles(30)
        assert loop.last.exchange == pytest.approx(20.0, abs=0.3)
        await until(lambda: centre.values[16385].value.value == pytest.approx(20.0, abs=0.3))
        assert centre.values[16386].value.value == 20.0

        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await until(lambda: not callers.outstation.contact().connected)  # type: ignore[union-attr]
        ticking.at += timedelta(minutes=15)
        ticking.counted += 15 * 60
        await cycles(30)
        assert loop.last.exchange == pytest.approx(12.0, abs=0.3)
        await callers.close()

    asyncio.run(run())
    loop.recording.close()
    assert Journal(tmp_path / "data" / "journal").verify().intact
