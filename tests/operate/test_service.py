"""Days go by, and the loop does not notice."""

from __future__ import annotations

import asyncio
import socket
import time
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
    stands: list[Any] = []

    def stood(start: datetime) -> Any:
        asked.append(start)
        if len(asked) == 1:
            message = "no disk"
            raise OSError(message)
        return SimpleNamespace(network=small_network(), sizes={})

    monkeypatch.setattr(service, "NEXT", 0.001)
    around: Any = SimpleNamespace(stand=stands.append)
    days_on: Any = SimpleNamespace(
        clock=ticking, days=2, stood=stood, midnight=START + timedelta(days=2)
    )

    async def days() -> None:
        before = loop.controller
        task = asyncio.create_task(service._renewing(days_on, loop, around, START))
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
        assert len(stands) == 1
        task.cancel()

    asyncio.run(days())
    loop.recording.close()
    assert loop.watchdog.kicks > 1


def test_the_service_manager_waits_as_long_as_the_first_start_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year that takes long to solve is no failed start: more time is asked for each while."""
    address = tmp_path / "notify"
    monkeypatch.setenv("NOTIFY_SOCKET", str(address))
    monkeypatch.setattr(service, "STILL", 0.02)
    solved = SimpleNamespace(network=small_network())

    def stood(_: datetime) -> Any:
        time.sleep(0.3)
        return solved

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(address))
        manager.settimeout(1.0)
        slow: Any = SimpleNamespace(stood=stood)
        assert asyncio.run(service._stood_at_start(slow, START)) is solved
        assert {manager.recv(100) for _ in range(2)} == {b"EXTEND_TIMEOUT_USEC=60000"}
