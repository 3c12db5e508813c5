"""Orders of the dispatch centre where the machine's clock is set: they last as long as was said."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.links.masters import RawMaster, until
from tests.operate.calling import CENTRE, Hands, called, set_point
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.orders import in_force
from zeroplant.operate.recording import Recording


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(minutes=-30)])
def test_a_jump_of_the_clock_is_no_silence_and_hides_none(tmp_path: Path, jump: timedelta) -> None:
    said = CENTRE.replace("lost: 10 min", "lost: 10 min, fail_safe_export: 5 MW")

    async def run() -> None:
        async with called(tmp_path, said) as (callers, clock):
            assert callers.outstation is not None
            async with RawMaster.on(callers.outstation.port) as master:
                await master.ask(set_point(25090, 12.0))
                await master.message()
                assert [each.value for each in callers.orders()] == [12.0]
            outstation = callers.outstation
            await until(lambda: not outstation.contact().connected)
            clock.jump(jump)
            assert 5.0 not in [each.value for each in callers.orders()]
            clock.at += timedelta(minutes=3)
            assert 5.0 in [each.value for each in callers.orders()]

    asyncio.run(run())


@pytest.mark.parametrize("hours", [1, -1, -8])
def test_a_command_holds_for_its_own_time_however_the_clock_is_set(
    tmp_path: Path, hours: int
) -> None:
    """Set back, the limit would begin again in an hour; set forward, the target would lapse."""

    async def run() -> None:
        async with called(tmp_path, CENTRE) as (callers, clock):
            assert callers.outstation is not None
            async with RawMaster.on(callers.outstation.port) as master:
                for ioa, value in ((25089, 12.0), (25090, 20.0)):
                    await master.ask(set_point(ioa, value))
                    await master.message()
                clock.at += timedelta(minutes=5)
                clock.jump(timedelta(hours=hours))
                clock.at += timedelta(minutes=9, seconds=59)
                held = in_force(callers.orders(), clock.at)
                assert {each.kind for each in held} == {"target", "most export"}
                clock.at += timedelta(seconds=1)
                held = in_force(callers.orders(), clock.at)
                assert {each.kind for each in held} == {"most export"}

    asyncio.run(run())


def test_a_command_of_a_clock_that_was_ahead_holds_after_a_restart(tmp_path: Path) -> None:
    recording, clock = Recording(PlantFolder(tmp_path / "data")), Hands()

    async def run() -> None:
        clock.jump(timedelta(hours=8))
        async with called(tmp_path, CENTRE, recording, clock) as (callers, _):
            assert callers.outstation is not None
            async with RawMaster.on(callers.outstation.port) as master:
                await master.ask(set_point(25089, 12.0))
                await master.message()
        recording.close()
        again, right = Recording(PlantFolder(tmp_path / "data")), Hands()
        async with called(tmp_path, CENTRE, again, right) as (callers, _):
            (order,) = in_force(callers.orders(), right.at)
            assert (order.value, order.until) == (12.0, right.at + timedelta(minutes=15))
        again.close()

    asyncio.run(run())
