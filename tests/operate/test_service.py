"""Days go by, and the loop does not notice."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.operate.small_plant import START, small_network
from tests.operate.test_loop import control
from zeroplant.operate import service


def test_at_the_end_of_its_days_the_loop_goes_on_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, _, ticking = control(tmp_path)
    asked: list[datetime] = []

    async def stood(_: Any, start: datetime) -> Any:
        asked.append(start)
        if len(asked) == 1:
            message = "no disk"
            raise OSError(message)
        return SimpleNamespace(network=small_network(), sizes={})

    monkeypatch.setattr(service, "_stood", stood)
    monkeypatch.setattr(service, "NEXT", 0.001)
    responses = SimpleNamespace(stand=lambda _: None)
    known: Any = SimpleNamespace(clock=ticking, days=2, foresight=None, responses=responses)

    async def days() -> None:
        before = loop.controller
        task = asyncio.create_task(service._renewing(known, loop, None, START))
        await loop.cycle()
        await asyncio.sleep(0.02)
        assert asked == []
        ticking.pass_by(2 * 86400.0)
        for _ in range(400):
            await loop.cycle()
            await asyncio.sleep(0.005)
            if loop.controller is not before:
                break
        assert loop.controller is not before
        assert asked == [START + timedelta(days=2)] * 2  # tried again
        task.cancel()

    asyncio.run(days())
    loop.recording.close()
    assert loop.watchdog.kicks > 1
