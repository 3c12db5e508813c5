"""Days go by, and the loop does not notice."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.operate.small_plant import START, small_network
from tests.operate.test_loop import control
from zeroplant.errors import SolveError
from zeroplant.operate import service
from zeroplant.operate.controller import Controller


def standing(state: str) -> Any:
    """The small plant, with a year in some state."""
    return SimpleNamespace(
        network=small_network(), sizes={}, year=SimpleNamespace(state=state), levels={}
    )


def controller(standing: Any) -> Controller:
    """Who decides on its days."""
    return Controller(standing.network, standing.sizes)


def test_at_the_end_of_its_days_the_loop_goes_on_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, _, ticking = control(tmp_path)
    asked: list[datetime] = []
    stands: list[Any] = []

    def stood(start: datetime, _: object) -> Any:
        asked.append(start)
        if len(asked) == 1:
            message = "no disk"
            raise OSError(message)
        return standing("solved")

    monkeypatch.setattr(service, "NEXT", 0.001)
    monkeypatch.setattr(service, "AGAIN", 0.001)
    around: Any = SimpleNamespace(stand=stands.append)
    days_on: Any = SimpleNamespace(
        clock=ticking, days=2, stood=stood, controller=controller,
        midnight=START + timedelta(days=2),
    )  # fmt: skip

    async def days() -> None:
        before = loop.controller
        task = asyncio.create_task(service._renewing(days_on, loop, around, standing("solved")))
        await loop.cycle()
        await asyncio.sleep(0.02)
        assert asked == []
        ticking.pass_by(2 * 86400.0)
        for _ in range(8000):
            await loop.cycle()
            await asyncio.sleep(0.005)
            if loop.controller is not before:
                break
        assert loop.controller is not before
        assert asked == [START + timedelta(days=2)] * 2  # tried again
        assert len(stands) == 1
        task.cancel()

    asyncio.run(days())
    loop.recording.close()
    assert loop.watchdog.kicks > 1


def test_as_soon_as_the_year_is_solved_the_plant_stands_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it; a solution that fails is tried again."""
    loop, _, ticking = control(tmp_path)
    monkeypatch.setattr(service, "AGAIN", 0.001)
    solved, stands = threading.Event(), list[Any]()
    tries = []

    def solve() -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            message = "no solution"
            raise SolveError(message)
        solved.wait(60.0)

    def stood(_: datetime, devices: object) -> Any:
        assert solved.is_set()
        assert devices is loop.keepers
        return standing("solved")

    around: Any = SimpleNamespace(stand=stands.append)
    begun: Any = SimpleNamespace(
        clock=ticking, days=2, stood=stood, controller=controller, midnight=START,
        year=SimpleNamespace(solve=solve),
    )  # fmt: skip

    async def days() -> None:
        before = loop.controller
        task = asyncio.create_task(service._renewing(begun, loop, around, standing("assumed")))
        for _ in range(8000):
            await loop.cycle()
            await asyncio.sleep(0.005)
            if len(tries) == 2:
                solved.set()
            if loop.controller is not before:
                break
        assert loop.controller is not before
        assert [each.year.state for each in stands] == ["solved"]
        task.cancel()

    asyncio.run(days())
    loop.recording.close()
